#!/bin/bash
# SPDX-License-Identifier: ISC
# The engine, then the whole program, is killed under a running ping: no packet is lost, all agrees again.
. "$(dirname "$0")/basic.sh"

start_ping() {
	background h1 ping -n -i 0.05 -W 2 "$(host4 $V1 2)" >"$W/ping" 2>&1
	PING=$BG
	sleep 1
}

# Ends the ping and demands an answer to each request.
end_ping() { # TEXT
	local sent got
	kill -INT $PING
	await_end $PING 5
	sent=$(sed -n 's/^\([0-9]*\) packets transmitted, .*/\1/p' "$W/ping")
	got=$(sed -n 's/.* \([0-9]*\) received.*/\1/p' "$W/ping")
	# The last request may have been on its way when the ping was ended.
	[ "${sent:-0}" -gt 20 ] && [ $((sent - got)) -le 1 ] || fail "$1: $sent sent, $got answered"
	ok "$1: $sent sent, $got answered"
}

new_engine() { # OLD
	local pid
	pid=$(engine_of leaf1) && [ "$pid" != "$1" ]
}

watch_kernel() {
	background leaf1 bridge monitor fdb >"$W/monitor" 2>&1
	MONITOR=$BG
}

# Nothing that stays wanted was ever deleted.
no_deletion() { # TEXT
	kill $MONITOR
	if grep -E "^Deleted ($(host_mac $V1 2)|00:00:00:00:00:00) " "$W/monitor"; then fail "$1: entries were deleted"; fi
	ok "$1: no entry was deleted"
}

basic_start evpnd evpnd evpnd 4
basic_learn 4
remote_tables leaf1 >"$W/before"

same_again() { diff <(remote_tables leaf1) "$W/before"; }

watch_kernel
start_ping
old=$(engine_of leaf1) || fail "leaf1 has no engine below it"
kill -9 "$old"
wait_for 15 "a new engine runs" new_engine "$old"
wait_for 30 "the new engine has its session" session_up leaf1 "$(lo4 100)"
wait_for 20 "leaf2 still has the MAC of h1" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
sleep 3
wait_for 10 "the kernel's tables are as before" same_again
end_ping "engine killed"
no_deletion "engine killed"

watch_kernel
start_ping
engine=$(engine_of leaf1)
stop leaf1 KILL
await_end "$engine" 5 || fail "the engine outlived its parent"
ok "the engine ended with its parent"
sleep 2
wait_for 1 "the entries stay while nobody runs" same_again
run evpnd leaf1 < <(conf_leaf 1)
wait_for 30 "a new evpnd has its session" session_up leaf1 "$(lo4 100)"
sleep 5
wait_for 10 "the kernel's tables are as before" same_again
end_ping "whole program killed"
no_deletion "whole program killed"

# What is stale after a restart goes: h2's MAC vanished while leaf1's evpnd was down.
stop leaf1 TERM
wait_for 1 "the entries stay after a clean end too" same_again
ipn h2 link set eth0 down
ns leaf2 bridge fdb del "$(host_mac $V1 2)" dev ph2 master 2>/dev/null # it may have gone with the link
run evpnd leaf1 < <(conf_leaf 1)
wait_for 40 "a stale MAC is swept after the restart" mac_gone leaf1 $V1 "$(host_mac $V1 2)"
