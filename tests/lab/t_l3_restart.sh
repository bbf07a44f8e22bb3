#!/bin/bash
# SPDX-License-Identifier: ISC
# The whole program ends under pings that are routed and bridged, IPv4 and IPv6: killed, ended, restarted at once.  No
# packet is lost and none comes twice, the kernel keeps each entry and next hop id, and what is stale afterwards is swept.
SHAPE=${SHAPE:-aware}
. "$(dirname "${BASH_SOURCE[0]}")/l3.sh"

# A slow guest needs longer to start than the lab's peers wait otherwise.
eval "$(declare -f l3_conf | sed '1s/l3_conf/l3_conf_plain/')"
l3_conf() { l3_conf_plain "$1" | sed 's/restart-time 10$/restart-time 300/'; }

PINGED=("$(ip4_of $APP 13)" "$(ip6_of $APP 13)" "$(ip4_of $WEB 12)" "$(ip6_of $WEB 12)")

start_pings() {
	local a
	PINGS=()
	for a in "${PINGED[@]}"; do
		background h1 ping -n -i 0.5 -W 5 "$a" >"$W/ping.$a" 2>&1
		PINGS+=("$BG")
	done
	for a in "${PINGED[@]}"; do wait_quiet 30 grep -q 'icmp_seq=3 ' "$W/ping.$a" || fail "no answer from $a"; done
}

end_pings() { # TEXT
	local a sent got i=0
	for a in "${PINGED[@]}"; do
		kill -INT "${PINGS[$i]}"
		await_end "${PINGS[$i]}" 20
		i=$((i + 1))
		sent=$(sed -n 's/^\([0-9]*\) packets transmitted, .*/\1/p' "$W/ping.$a")
		got=$(sed -n 's/.* \([0-9]*\) received.*/\1/p' "$W/ping.$a")
		# The last request may have been on its way when the ping was ended.
		[ "${sent:-0}" -gt 5 ] && [ $((sent - got)) -le 1 ] || fail "$1: $a: $sent sent, $got answered"
		grep -q -e 'DUP!' -e duplicates "$W/ping.$a" && fail "$1: $a answered twice"
		ok "$1: $a: $sent sent, $got answered, none twice"
	done
}

# All that is evpnd's in the kernel, with its ids.
tables() { # NODE
	local v f
	ipn "$1" nexthop show | sort
	for v in red blue; do for f in 4 6; do ns "$1" ip -$f route show vrf $v proto 179 | sort; done; done
	remote_tables "$1"
}
same() { tables leaf1 >"$W/now" && cmp -s "$W/before" "$W/now"; }
changed() { ! same; }

watch_kernel() {
	background leaf1 ip monitor route nexthop neigh >"$W/monitor" 2>&1
	MONITORS=("$BG")
	background leaf1 bridge monitor fdb >"$W/monitor.fdb" 2>&1
	MONITORS+=("$BG")
}
nothing_deleted() { # TEXT
	kill "${MONITORS[@]}"
	if grep -hE '^Deleted .*(proto 179|extern_learn)' "$W/monitor" "$W/monitor.fdb"; then fail "$1: entries were deleted"; fi
	ok "$1: no entry was deleted meanwhile"
}

# again TEXT SIGNAL SECONDS: the program ends by the signal and starts so much later.
again() {
	local engine
	watch_kernel
	start_pings
	engine=$(engine_of leaf1) || fail "leaf1 has no engine"
	stop leaf1 "$2" || fail "$1: evpnd has not ended"
	await_end "$engine" 30 || fail "$1: the engine outlived its parent"
	sleep "$3"
	wait_for 1 "$1: the kernel's tables stay while nobody runs" same
	run evpnd leaf1 < <(l3_conf 1)
	wait_for 60 "$1: the session is back" session_up leaf1 "$(lo4 100)"
	wait_for 60 "$1: the kernel's tables are as before, ids and all" same
	never 10 "$1: and stay so" changed
	end_pings "$1"
	nothing_deleted "$1"
}

l3_start evpnd evpnd evpnd evpnd
wait_for 40 "h1 reaches h3" both h1 $APP 13
wait_for 40 "h1 reaches h2" both h1 $WEB 12
wait_for 40 "h1 reaches h4" both h1 $APP 14
for a in 12,$WEB,2 13,$APP,2 14,$APP,3; do
	IFS=, read -r h v l <<<"$a"
	for a in "$(ip4_of "$v" "$h")" "$(ip6_of "$v" "$h")"; do
		wait_for 40 "leaf1 has a route to $a" vrf_route leaf1 red "$a" "$(lo4 "$l")"
		wait_for 40 "and its neighbour" neigh_at leaf1 "$v" "$a" "$(l3_mac "$v" "$h")"
	done
done
steady() {
	tables leaf1 >"$W/before"
	sleep 3
	same
}
wait_for 60 "the kernel's tables are at rest" steady

again "killed" KILL 3
again "ended" TERM 3
again "restarted at once" TERM 0

# What went meanwhile is swept: h4 with its routes and neighbours.
stop leaf1 TERM
ipn leaf3 link del ph4
v4=$(ip4_of $APP 14) v6=$(ip6_of $APP 14)
wait_for 60 "h4 has gone: leaf2 knows" no_vrf_route leaf2 red "$v4"
vrf_route leaf1 red "$v4" "$(lo4 3)" || fail "leaf1 has lost it without evpnd"
run evpnd leaf1 < <(l3_conf 1)
wait_for 60 "leaf1's stale route is swept" no_vrf_route leaf1 red "$v4"
wait_for 60 "the one of IPv6 too" no_vrf_route leaf1 red "$v6"
wait_for 60 "its neighbour too" neigh_gone leaf1 $APP "$v4"
wait_for 60 "and its MAC" mac_gone leaf1 $APP "$(l3_mac $APP 14)"
gone=$(diff <(grep -vE "${v4//./\\.} |$v6 |$(l3_mac $APP 14)" "$W/before") <(tables leaf1))
[ -z "$gone" ] || fail "more than that has changed: $gone"
ok "and nothing else has changed"
