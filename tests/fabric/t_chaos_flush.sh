#!/bin/bash
# SPDX-License-Identifier: ISC
# --flush-on-exit: a wanted end removes what is ours and nothing else; without it, and after a crash, all stays.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
mac=$(host_mac $V1 2) vtep=$(lo4 2)
remote_tables leaf1 >"$W/before"
same_again() { diff <(remote_tables leaf1) "$W/before"; }

foreign_add() {
	ns leaf1 bridge fdb add 02:bb:00:00:00:01 dev vx$V1 self static dst 10.0.0.66
	ns leaf1 bridge fdb add 02:bb:00:00:00:02 dev vx$V1 master static
	ns leaf1 ip neigh add "$(host4 $V1 66)" lladdr 02:bb:00:00:00:01 dev br$V1 nud permanent
}
foreign() { # all three, and no other entry with a destination or of a control plane
	ns leaf1 bridge fdb show dev vx$V1 | grep -q '^02:bb:00:00:00:01 dst 10.0.0.66' &&
		ns leaf1 bridge fdb show dev vx$V1 | grep -q '^02:bb:00:00:00:02 master' &&
		ns leaf1 ip neigh show dev br$V1 to "$(host4 $V1 66)" | grep -q PERMANENT &&
		floods_to leaf1 $V1 && floods_to leaf1 $V2
}
start() {
	run evpnd leaf1 "$@" < <(conf_leaf 1)
	wait_for 20 "leaf1 has its session" session_up leaf1 "$(lo4 100)"
	wait_for 20 "leaf1 has the MAC of h2" mac_at leaf1 $V1 "$mac" "$vtep"
}

stop leaf1
same_again || fail "entries went without the option"
ok "without the option all stays"

start --flush-on-exit
foreign_add
kill -9 "$(engine_of leaf1)"
sleep 1
mac_at leaf1 $V1 "$mac" "$vtep" || fail "a dead engine flushed something"
wait_for 20 "an engine that dies flushes nothing" session_up leaf1 "$(lo4 100)"
stop leaf1 KILL
sleep 0.5
mac_at leaf1 $V1 "$mac" "$vtep" || fail "a crash flushed something"
ok "a crash flushes nothing"

start --flush-on-exit
stop leaf1 TERM || fail "leaf1 does not end"
mac_gone leaf2 $V1 "$(host_mac $V1 1)" || fail "the peers keep the routes of what is flushed"
mac_gone leaf1 $V1 "$mac" || fail "a MAC is left: $(remote_mac leaf1 $V1 "$mac")"
neigh_gone leaf1 $V1 "$(host4 $V1 2)" || fail "a neighbour is left"
foreign || fail "entries of others went, or ours stayed"
ok "with the option SIGTERM removes what is ours, and nothing else"

start --flush-on-exit
kill -9 "$(engine_of leaf1)"
kill -INT "${PIDOF[leaf1]}"
await_end "${PIDOF[leaf1]}" 10 || fail "leaf1 does not end"
mac_gone leaf1 $V1 "$mac" || fail "a MAC is left"
foreign || fail "entries of others went, or ours stayed"
ok "the same by SIGINT, with an engine that has just died"
