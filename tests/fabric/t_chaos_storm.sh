#!/bin/bash
# SPDX-License-Identifier: ISC
# Thousands of MACs and neighbours appear, move between ports and vanish while events are lost, sessions flap and engines
# are killed: nobody falls over, the tables agree in the end, and memory comes back.
. "$(dirname "$0")/basic.sh"

N=${N:-6000}
fab_start
need_all evpnd
basic_build 4
run evpnd spine < <(conf_rr)
run evpnd leaf1 --nl-bufsize 32768 < <(conf_leaf 1)
run evpnd leaf2 < <(conf_leaf 2)
basic_sessions 4
basic_flood 4
wait_for 20 "h1 reaches h2" pings h1 "$(host4 $V1 2)"

# A second port to move to.
ipn leaf1 link add pa type veth peer name pb
ipn leaf1 link set pa master br$V1 up
ipn leaf1 link set pb up
ns leaf1 sysctl -qw net.ipv4.neigh.default.gc_thresh3=200000 net.ipv4.neigh.default.gc_thresh2=200000 \
	net.ipv4.neigh.default.gc_thresh1=200000 2>/dev/null

macs() { # COMMAND-OF-BRIDGE PORT
	awk -v n="$N" -v c="$1" -v p="$2" 'BEGIN { for (i = 0; i < n; i++)
		printf "fdb %s 02:cc:00:%02x:%02x:%02x dev %s master dynamic\n", c, i / 65536, i / 256 % 256, i % 256, p }'
}
neighs() { # COMMAND-OF-IP
	awk -v n="$((N / 4))" -v c="$1" -v d="br$V1" 'BEGIN { for (i = 0; i < n; i++)
		printf "neigh %s 10.77.%d.%d dev %s%s\n", c, i / 250, i % 250 + 1, d,
			c == "del" ? "" : sprintf(" lladdr 02:cc:00:%02x:%02x:%02x nud reachable", i / 65536, i / 256 % 256, i % 256) }'
}
for p in pa ph1; do macs replace $p >"$W/to-$p"; macs del $p >"$W/from-$p"; done
neighs replace >"$W/neighs"
neighs del >"$W/no-neighs"
storm() { ns leaf1 bridge -force -batch "$W/$1" >/dev/null 2>&1; }
storm_neighs() { ns leaf1 ip -force -batch "$W/$1" >/dev/null 2>&1; }

count_at() { # NODE VTEP: MACs of the storm there, in both tables
	ns "$1" bridge fdb show dev vx$V1 | grep '^02:cc:' | awk '/ dst /{a++} / master /{b++} END {print a+0, b+0}'
}
has_all() { [ "$(count_at leaf2)" = "$N $N" ]; }
has_none() { [ "$(count_at leaf2)" = "0 0" ]; }
neigh_count() { ns leaf2 ip -4 neigh show dev br$V1 | grep -c '^10\.77\..*extern_learn'; }
has_neighs() { [ "$(neigh_count)" = $((N / 4)) ]; }
no_neighs() { [ "$(neigh_count)" = 0 ]; }
known_local() { vt leaf1 "show evpn vni $V1 json" | json_is ".numMacs == $1"; }

base=$(vt leaf1 "show evpn vni $V1 json" | jq .numMacs)

storm to-pa
storm_neighs neighs
wait_for 40 "all MACs at leaf2, events lost or not" has_all
wait_for 40 "all neighbours at leaf2" has_neighs

storm to-ph1
storm to-pa
storm from-pa
storm to-ph1
vt leaf1 'clear bgp *' >/dev/null
storm to-pa
kill -9 "$(engine_of leaf1)"
storm to-ph1
vt leaf2 'clear bgp *' >/dev/null
kill -9 "$(engine_of leaf2)"
wait_for 40 "after moves, flaps and deaths: all at leaf2" has_all
wait_for 20 "leaf1 knows as many" known_local $((base + N))
wait_for 20 "h1 reaches h2" pings h1 "$(host4 $V1 2)"

storm from-ph1
storm_neighs no-neighs
storm to-pa
storm from-pa
wait_for 60 "all gone from leaf2" has_none
wait_for 20 "all neighbours too" no_neighs
wait_for 20 "leaf1 knows as few as in the beginning" known_local "$base"
wait_for 20 "h1 reaches h2 in the end" pings h1 "$(host4 $V1 2)"
for i in 1 2 3; do
	storm to-pa
	storm from-pa
done
wait_for 40 "three more times: none left" has_none
grep -q 'events were lost' "${LOGOF[leaf1]}" || fail "no event was lost: this shows nothing"
# What is empty takes little: 64 bytes an object at the peak, and the first segments.
memory() { vt leaf1 'show memory' | awk '/^Total/ { print $2 }'; }
[ "$(memory)" -lt $((N * 2 * 128 + 4000000)) ] || fail "leaf1 keeps $(memory) bytes for nothing"
ok "events were lost, and memory is bounded: $(memory) bytes"
