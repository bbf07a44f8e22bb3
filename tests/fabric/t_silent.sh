#!/bin/bash
# SPDX-License-Identifier: ISC
# A host that the kernel has dropped is asked before its route is withdrawn: it stays while it has the
# address, and goes when it has it no more.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
ip=$(host4 $V1 1) mac=$(host_mac $V1 1)
known() { neigh_at leaf2 $V1 "$ip" "$mac"; }
unknown() { ! known; }
drop() { ns leaf1 ip neigh del "$ip" dev "$(svi $V1)"; }
learnt() { ns leaf1 ip neigh show dev "$(svi $V1)" to "$ip" | grep -q lladdr; }

wait_for 20 "leaf2 knows the host's address" known
drop
wait_for 15 "leaf1's kernel drops it: the host is asked, and answers" learnt
never 5 "leaf2 has not lost it" unknown
ipn h1 addr del "$ip/24" dev eth0
drop
never 2 "the host has given the address up: it is asked first" unknown
wait_for 40 "and then leaf2 hears of it" unknown

# Somebody behind leaf1 says one frame with the MAC and the address of h2, who is silent behind leaf2: leaf2 follows the
# higher sequence number, and asks at its own ports whether h2 has really left.
conf() { # NODE LINE...
	local n=$1
	shift
	vt "$n" 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' "$@" >/dev/null || fail "$n: $*"
}
claim() { ns h1 python3 "$FAB/garp.py" "$ip2" "$mac2"; }
at_leaf2() { mac_local leaf2 $V1 "$mac2" ph2; }
ip2=$(host4 $V1 2) mac2=$(host_mac $V1 2)

wait_for 15 "leaf2 has h2 at its port" at_leaf2
conf leaf2 'no evpn probe'
claim
wait_for 15 "a false claim of leaf1 takes h2 away" mac_at leaf2 $V1 "$mac2" "$(lo4 1)"
never 4 "where nobody asks he stays away" at_leaf2
ns h2 ping -c1 -W1 "$(host4 $V1 202)" >/dev/null
wait_for 15 "until he speaks" at_leaf2
wait_for 15 "and leaf1 knows it" mac_at leaf1 $V1 "$mac2" "$(lo4 2)"
conf leaf2 'evpn probe'
claim
wait_for 15 "with probes he is asked, and is where he was" vt_has leaf2 "show evpn mac vni $V1 mac $mac2" 'Local Seq: [3-9]'
wait_for 15 "leaf2 has h2 at its port" at_leaf2
wait_for 15 "and leaf1 knows it" mac_at leaf1 $V1 "$mac2" "$(lo4 2)"
