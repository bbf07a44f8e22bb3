#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane and gateways: an anycast gateway on a macvlan is said, and bridges know the MACs above them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/zl.sh"
M=02:00:00:00:00:0
GW=00:00:5e:00:01:01
zl_leaf 110
host h1 1 110 1
svi=$(svi 110)
br=$(brdev 110)
[ "$SHAPE" = plain ] && vlan= || vlan=" vlan $(vid_of 110)"
# The second VNI is for what was there before.
vni_devices 1 120
[ "$SHAPE" = plain ] && vlan2= || vlan2=" vlan $(vid_of 120)"
# shellcheck disable=SC2086
[ "$SHAPE" = plain ] || ns leaf1 bridge fdb add "$(mac_of 1 120 254)" dev br0 $vlan2 self local
zl_run leaf1 --flush-on-exit

local_entry() { # MAC [VLAN BRIDGE]: in the bridge's table, not among the device's own addresses
	ns leaf1 bridge fdb show br "${3:-$br}" | grep -E "^$1 dev ${3:-$br}${2-$vlan} .*master .*permanent"
}
is_local() { [ -n "$(local_entry "$@")" ]; }
not_local() { ! is_local "$@"; }
S=$(mac_of 1 110 254)
if [ "$SHAPE" != plain ]; then
	wait_for 10 "the bridge knows the SVI" is_local "$S"
	must "by an entry of ours" grep -q extern_learn <<<"$(local_entry "$S")"
	must "one from before is left alone" grep -vq extern_learn <<<"$(local_entry "$(mac_of 1 120 254)" "$vlan2" br0)"
fi

# A macvlan, its addresses before it is up.
zl_mark leaf1
ipn leaf1 link add gw110 link "$svi" type macvlan mode private
ipn leaf1 link set gw110 address $GW addrgenmode none
ipn leaf1 addr add 10.1.10.254/24 dev gw110
ipn leaf1 link set gw110 up
ipn leaf1 addr add fd01:6e::fe/64 dev gw110 nodad
wait_for 10 "its MAC is said" zl_said leaf1 "^mac set 110 $GW dev=gw110 vid=[0-9]+ svi gateway\$"
wait_for 10 "its address is said" zl_said leaf1 "^neigh set 110 10.1.10.254 $GW svi gateway\$"
wait_for 10 "its IPv6 address is said" zl_said leaf1 "^neigh set 110 fd01:6e::fe $GW svi gateway\$"
wait_for 10 "the bridge knows it" is_local $GW
zl_refused EEXIST leaf1 set mac 110 $GW 10.0.0.2
must "a host reaches the gateway" pings h1 10.1.10.254
must "and on IPv6" pings h1 fd01:6e::fe

# Repair, and a new engine.
# shellcheck disable=SC2086
ns leaf1 bridge fdb del $GW dev $br $vlan self
wait_for 10 "repaired" is_local $GW
zl_mark leaf1
zl leaf1 crash
wait_for 20 "another engine" zl_said leaf1 '^end$'
must "is told" zl_said leaf1 "^mac set 110 $GW dev=gw110 .*gateway"
must "is told the addresses" zl_said leaf1 "^neigh set 110 10.1.10.254 $GW svi gateway\$"
must "and the entry is there" is_local $GW

# Another MAC, and no macvlan any more.
zl_mark leaf1
ipn leaf1 link set gw110 address 00:00:5e:00:01:02
wait_for 10 "another MAC is said" zl_said leaf1 "^mac set 110 00:00:5e:00:01:02 dev=gw110"
wait_for 10 "the old one is gone" zl_said leaf1 "^mac del 110 $GW "
wait_for 10 "its addresses have it" zl_said leaf1 "^neigh set 110 10.1.10.254 00:00:5e:00:01:02 svi gateway\$"
wait_for 10 "the bridge knows it" is_local 00:00:5e:00:01:02
wait_for 10 "and forgets the other" not_local $GW
zl_mark leaf1
ipn leaf1 link del gw110
wait_for 10 "the MAC is gone" zl_said leaf1 "^mac del 110 00:00:5e:00:01:02 "
wait_for 10 "its address too" zl_said leaf1 "^neigh del 110 10.1.10.254 "
wait_for 10 "the entry too" not_local 00:00:5e:00:01:02

# Asking hosts: one that lives, one that does not, one that is elsewhere.
H=$(host_mac 110 1)
A4=$(host4 110 1)
A6=$(host6 110 1)
must "the host speaks" pings leaf1 "$A4"
must "the host speaks IPv6" pings leaf1 "$A6"
for a in "$A4" "$A6"; do
	zl_mark leaf1
	zl leaf1 probe 110 "$a" "$H"
	wait_for 20 "$a lives" zl_said leaf1 "^neigh set 110 $a $H\$"
done
for a in 10.1.10.77 fd01:6e::77; do
	zl_mark leaf1
	zl leaf1 probe 110 "$a" ${M}7
	wait_for 30 "$a does not" zl_said leaf1 "^neigh del 110 $a "
done
ipn h1 link set eth0 down
for a in "$A4" "$A6"; do
	zl_mark leaf1
	zl leaf1 probe 110 "$a" "$H"
	wait_for 30 "$a lives no more" zl_said leaf1 "^neigh del 110 $a "
done
zl_ok leaf1 set mac 110 ${M}5 10.0.0.2
zl_ok leaf1 set neigh 110 10.1.10.5 ${M}5
zl_mark leaf1
zl leaf1 probe 110 10.1.10.5 ${M}5
zl leaf1 probe 110 10.1.10.6 ${M}5
zl leaf1 probe 999 10.1.10.5 ${M}5
zl_ok leaf1 set neigh 110 10.1.10.9 ${M}5
sleep 1
must "what is remote is not asked" neigh_has leaf1 "$svi" "^10.1.10.5 lladdr ${M}5 .*extern_learn +NOARP proto 179"
must "nor what is behind a remote MAC" neigh_lacks leaf1 "$svi" '^10.1.10.6 '
ipn leaf1 link add gw110 link "$svi" type macvlan mode private
ipn leaf1 link set gw110 address $GW addrgenmode none up
wait_for 10 "a gateway once more" is_local $GW
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "no entry of ours is left" not_local $GW
[ "$SHAPE" = plain ] || must "the one from before is" is_local "$(mac_of 1 120 254)" "$vlan2" br0
must "nothing was lost" test "$(grep -c '^lost' "$W/leaf1/out")" = 0
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
