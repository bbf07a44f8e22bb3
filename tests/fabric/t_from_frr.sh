#!/bin/bash
# SPDX-License-Identifier: ISC
# A leaf of FRR becomes one of evpnd by the steps of the guide's chapter "A leaf from an FRR configuration", and goes back.
. "$(dirname "$0")/basic.sh"

# Ends daemons of FRR on a node as its service does, or kills them so that what they wrote stays.
end_frr() { # NODE TERM|KILL DAEMON...
	local n=$1 signal=$2 name pid
	shift 2
	for name in "$@"; do
		for pid in $(ip netns pids "$P$n"); do
			[ "$(cat "/proc/$pid/comm")" = "$name" ] || continue
			kill "-$signal" "$pid"
			await_end "$pid" 10 || fail "$name of $n does not end"
		done
	done
}

none_of_frr() { [ -z "$(remote_tables "$1")" ]; }

same_tables() { # NODE
	remote_tables "$1" >"$W/tables.now"
	diff "$W/tables.frr" "$W/tables.now"
}

# What the guide says to type where FRR has left entries behind.
flush_frr() { # NODE
	ns "$1" ip neigh flush nud all proto zebra
}

basic_start frr frr frr 4
wait_for 20 "h1 reaches h2" pings h1 "$(host4 $V1 2)"
ns leaf2 ping -c1 -W1 -I "$(svi $V1)" "$(host4 $V1 2)" >/dev/null
wait_for 15 "leaf1 has h2 as an IPv4 neighbour" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"

# Its own words above the configuration and all: what `show running-config` prints.
vt leaf1 'show running-config' >"$W/frr.conf"
"$EVPND_BIN/evpnd" --check -f "$W/frr.conf" >"$W/said" 2>&1 || fail "evpnd refuses FRR's file: $(cat "$W/said")"
grep -E ' (error|note): ' "$W/said" && fail "of so plain a file nothing should be without effect"
ok "the file of FRR loads unchanged"

remote_tables leaf1 >"$W/tables.frr"
end_frr leaf1 TERM bgpd
rm -rf "${W:?}/leaf1" # the next daemon runs as another user
wait_for 10 "without its bgpd FRR took its entries away" none_of_frr leaf1
run evpnd leaf1 --flush-on-exit <"$W/frr.conf"
wait_for 25 "leaf1 (evpnd) has a session to FRR" session_up leaf1 "$(lo4 100)"
wait_for 25 "its kernel holds the same entries as under FRR, whose zebra still runs" same_tables leaf1
end_frr leaf1 TERM zebra
same_tables leaf1 || fail "the end of zebra changed the tables"
ok "they stay when zebra ends"
wait_for 15 "leaf2 (frr) has the MAC of h1 behind leaf1" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
wait_for 10 "h1 reaches h2" pings h1 "$(host4 $V1 2)"
chown -R nobody "$W/leaf1" # the user that the engine has turned to
vt leaf1 write >"$W/said" || fail "write: $(cat "$W/said")"

# Back: the file that evpnd wrote is still one of FRR's.
cp "$W/leaf1/conf" "$W/back.conf"
stop leaf1
wait_for 10 "evpnd took its entries with it" none_of_frr leaf1
rm -rf "${W:?}/leaf1"
run frr leaf1 <"$W/back.conf"
wait_for 25 "leaf1 (frr, with the file of evpnd) has a session" session_up leaf1 "$(lo4 100)"
wait_for 25 "and the same entries again" same_tables leaf1

# FRR crashed: what it left in the neighbour table is told, and mended by the guide's command.
end_frr leaf1 KILL zebra bgpd
rm -rf "${W:?}/leaf1"
same_tables leaf1 >/dev/null || fail "killed, FRR leaves its entries"
run evpnd leaf1 <"$W/frr.conf"
wait_for 25 "leaf1 (evpnd) says whose entry is in its way" vt_json leaf1 'show evpn kernel errors' \
	'[.. | strings] | any(test("static neighbour that is not ours"))'
flush_frr leaf1
wait_for 30 "after the flush it has written its own" vt_json leaf1 'show evpn kernel errors' \
	'[.. | strings] | any(test("not ours")) | not'
wait_for 25 "and the tables are the same" same_tables leaf1
wait_for 10 "h1 reaches h2" pings h1 "$(host4 $V1 2)"
