#!/bin/bash
# SPDX-License-Identifier: ISC
# A service address fails over to another host's own MAC behind another leaf (keepalived), by one gratuitous ARP or
# one unsolicited neighbour advertisement; and with the MAC (VRRP).  The leaves' neighbours follow within seconds.
. "$(dirname "${BASH_SOURCE[0]}")/basic.sh"

vip4=$(host4 $V1 50) vip6=$(host6 $V1 50) vmac=00:00:5e:00:01:0a
a=$(host_mac $V1 1) b=$(host_mac $V1 2)

lladdr_at() { # LEAF ADDRESS MAC: a neighbour that the leaf's kernel has found itself
	ns "$1" ip -j neigh show dev "$(svi $V1)" to "$2" | json_is 'any(.[]; .lladdr == $m and (has("extern_learn") | not))' --arg m "$3"
}
gives_up() { # HOST DEVICE
	ipn "$1" addr del "$vip4/24" dev "$2"
	ipn "$1" addr del "$vip6/64" dev "$2"
}
takes() { # HOST DEVICE
	ipn "$1" addr add "$vip4/24" dev "$2"
	ipn "$1" addr add "$vip6/64" dev "$2" nodad
}
tells() { # HOST [MAC]
	local vip
	for vip in "$vip4" "$vip6"; do ns "$1" python3 "$FAB/garp.py" "$vip" "${@:2}"; done
}
# All tables: the address is local at one leaf, and remote at the other one.
points() { # TEXT LEAF OTHER-LEAF MAC
	local vip
	for vip in "$vip4" "$vip6"; do
		wait_for 8 "$1: $2 has $vip at $4" lladdr_at "$2" "$vip" "$4"
		wait_for 8 "$1: $3 has $vip at $4 behind $2" neigh_at "$3" $V1 "$vip" "$4"
	done
	wait_for 8 "$1: $3 has the MAC behind $2" mac_at "$3" $V1 "$4" "$(lo4 "${2#leaf}")"
}
# The hosts behind both leaves, before the entries in their own tables can have aged.
reached() { # TEXT
	local h
	for h in h4 h5; do
		wait_for 4 "$1: $h reaches it" pings $h "$vip4"
		wait_for 4 "$1: $h reaches it by IPv6" pings $h "$vip6"
	done
}
moves() { # TEXT FROM TO LEAF OTHER-LEAF MAC
	gives_up "$2" eth0
	takes "$3" eth0
	tells "$3"
	points "$1" "$4" "$5" "$6"
	reached "$1"
}

is_duplicate() { # at the leaf that counts to five first
	vt_has leaf1 'show evpn arp-cache vni all duplicate' "$vip4" || vt_has leaf2 'show evpn arp-cache vni all duplicate' "$vip4"
}
moved() { vt leaf1 'show counters' | awk '$1 == "neigh_moved" { print $2 }'; }
is_calm() { # in three seconds nothing moved
	local n
	n=$(moved)
	sleep 3
	[ -n "$n" ] && [ "$n" = "$(moved)" ]
}

command -v python3 >/dev/null || skip "python3 is not there"
basic_start evpnd evpnd evpnd 4
host h4 1 $V1 4
host h5 2 $V1 5
takes h1 eth0
wait_for 20 "h4 reaches the address of h1" pings h4 "$vip4"
ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$vip4" >/dev/null
ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$vip6" >/dev/null
wait_for 10 "leaf2 hears something of h2" pings h2 "$(host4 $V1 202)"
points "at first" leaf1 leaf2 "$a"
reached "at first"

moves "failover" h1 h2 leaf2 leaf1 "$b"
# Behind either leaf it is heard just once: from the host itself, or from the leaf where that does not come.
for h in h4 h5; do
	background $h python3 "$FAB/garp.py" --listen "$vip4" >"$W/heard.$h"
	wait_quiet 10 grep -q listening "$W/heard.$h"
done
moves "back" h2 h1 leaf1 leaf2 "$a"
sleep 1
for h in h4 h5; do
	n=$(grep -c "$a" "$W/heard.$h")
	[ "$n" = 1 ] || fail "$h heard it $n times"
	ok "$h heard it once"
done
moves "again" h1 h2 leaf2 leaf1 "$b"

# An address of a sticky MAC stays where it is, whoever says that he has it.
ns leaf2 bridge fdb replace "$b" dev ph2 master static sticky
sticky_at() { ns "$1" bridge -j fdb show br "$(brdev $V1)" | json_is 'any(.[]; .mac == $m and ((.flags // []) | index("sticky")))' --arg m "$2"; }
if wait_quiet 8 sticky_at leaf1 "$b"; then
	ipn h1 addr add "$vip4/24" dev eth0
	ns h1 python3 "$FAB/garp.py" "$vip4"
	never 3 "an address of a sticky MAC is not taken over" lladdr_at leaf1 "$vip4" "$a"
	ipn h1 addr del "$vip4/24" dev eth0
else
	note "this kernel has no sticky entries"
fi
ns leaf2 bridge fdb del "$b" dev ph2 master
ns h2 ping -c1 -W1 "$(host4 $V1 202)" >/dev/null
wait_for 8 "the MAC is no longer sticky" mac_at leaf1 $V1 "$b" "$(lo4 2)"
tells h2
points "after it was sticky" leaf2 leaf1 "$b"

# Both have it: the old leaf asks whether the host is gone, and hears that it is not.
ipn h1 addr add "$vip4/24" dev eth0
ns h1 python3 "$FAB/garp.py" "$vip4"
wait_for 60 "two hosts with one address: that is seen" is_duplicate
wait_for 40 "and they do not take it from each other for ever" is_calm
ipn h1 addr del "$vip4/24" dev eth0
vt leaf1 'clear evpn dup-addr vni all' >/dev/null
vt leaf2 'clear evpn dup-addr vni all' >/dev/null
ns h2 python3 "$FAB/garp.py" "$vip4"
points "one of them is gone" leaf2 leaf1 "$b"
gives_up h2 eth0

# The MAC moves with it: a macvlan with VRRP's virtual MAC.  As keepalived does, so that eth0 does not answer for it too.
for h in h1 h2; do
	ns $h sysctl -qw net.ipv4.conf.all.arp_ignore=1
	ipn $h link add vr0 link eth0 address $vmac type macvlan mode bridge
done
ipn h1 link set vr0 up
takes h1 vr0
tells h1 $vmac
ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$vip4" >/dev/null
ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$vip6" >/dev/null
points "virtual MAC" leaf1 leaf2 $vmac
ipn h1 link set vr0 down
ipn h2 link set vr0 up
takes h2 vr0
tells h2 $vmac
points "virtual MAC, failover" leaf2 leaf1 $vmac
reached "virtual MAC, failover"

# Without the capability all goes on but this; it is said once.
stop leaf1
mkdir -p "$W/leaf1/run"
spawn leaf1 evpnd setpriv --bounding-set=-net_raw env EVPND_ENGINE="$EVPND_ENGINE" EVPND_YANG_PATH="$EVPND_YANG_PATH" \
	"$EVPND_BIN/evpnd" -f "$W/leaf1/conf" --rundir "$W/leaf1/run"
wait_for 25 "leaf1 without CAP_NET_RAW has its session" session_up leaf1 "$(lo4 100)"
[ "$(grep -c 'no packet socket' "$W/leaf1/log")" = 1 ] || fail "it is not said once that there is no packet socket"
ok "it is said once that there is no packet socket"
