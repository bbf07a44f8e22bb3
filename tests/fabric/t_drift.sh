#!/bin/bash
# SPDX-License-Identifier: ISC
# What somebody deletes or changes behind evpnd's back comes back; what somebody else added is never touched.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
mac=$(host_mac $V1 2) vtep=$(lo4 2)

ns leaf1 bridge fdb del "$mac" dev vx$V1 self
wait_for 10 "a deleted VXLAN entry comes back" mac_at leaf1 $V1 "$mac" "$vtep"
ns leaf1 bridge fdb del "$mac" dev vx$V1 master
wait_for 10 "a deleted bridge entry comes back" mac_at leaf1 $V1 "$mac" "$vtep"
ns leaf1 bridge fdb replace "$mac" dev vx$V1 self static dst 10.0.0.77
wait_for 10 "an entry that an operator takes over is told as a failure" vt_has leaf1 'show evpn kernel errors' "$mac"
ns leaf1 bridge fdb show dev vx$V1 | grep -q "^$mac dst 10.0.0.77 self" || fail "the operator's entry was overwritten"
ok "and is the operator's"
ns leaf1 bridge fdb del "$mac" dev vx$V1 self
wait_for 70 "the operator's entry deleted, ours is there again" mac_at leaf1 $V1 "$mac" "$vtep"
never 1 "and the failure is forgotten" vt_has leaf1 'show evpn kernel errors' "$mac"
ns leaf1 bridge fdb del 00:00:00:00:00:00 dev vx$V1 self dst "$vtep"
wait_for 10 "a deleted flood entry comes back" floods_to leaf1 $V1 "$vtep"
ns leaf1 ip neigh del "$(host4 $V1 2)" dev br$V1
wait_for 10 "a deleted neighbour comes back" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$mac"
wait_for 5 "the ping works after all that" pings h1 "$(host4 $V1 2)"

# Entries of an operator: on the VXLAN device, in the flood list, in the neighbour table.
ns leaf1 bridge fdb add 02:bb:00:00:00:01 dev vx$V1 self static dst 10.0.0.66
ns leaf1 bridge fdb append 00:00:00:00:00:00 dev vx$V1 self permanent dst 10.0.0.66
ns leaf1 ip neigh add "$(host4 $V1 66)" lladdr 02:bb:00:00:00:01 dev br$V1 nud permanent
foreign() {
	ns leaf1 bridge fdb show dev vx$V1 | grep -q '^02:bb:00:00:00:01 dst 10.0.0.66' &&
		ns leaf1 bridge fdb show dev vx$V1 | grep -q '^00:00:00:00:00:00 dst 10.0.0.66' &&
		ns leaf1 ip neigh show dev br$V1 to "$(host4 $V1 66)" | grep -q PERMANENT
}
foreign || fail "the operator's entries are not there to begin with"
stop leaf2
wait_for 30 "leaf2 stopped: leaf1 floods to the operator's VTEP alone" floods_to leaf1 $V1 10.0.0.66
foreign || fail "the operator's entries went with leaf2's"
stop leaf1
run evpnd leaf1 < <(conf_leaf 1)
run evpnd leaf2 < <(conf_leaf 2)
wait_for 30 "all is back after a restart" floods_to leaf1 $V1 10.0.0.66 "$vtep"
wait_for 15 "leaf2's routes too" session_up leaf2 "$(lo4 100)"
sleep 3
foreign || fail "the restart swept the operator's entries"
ok "the operator's entries stand"
