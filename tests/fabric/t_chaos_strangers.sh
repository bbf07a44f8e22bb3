#!/bin/bash
# SPDX-License-Identifier: ISC
# Strangers delete, replace and add entries with our keys; engines and whole programs are killed meanwhile.  What is
# ours comes back, what is theirs stays, and each conflict can be seen.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
mac=$(host_mac $V1 2) ip=$(host4 $V1 2) vtep=$(lo4 2)

errors_name() { vt_has leaf1 'show evpn kernel errors' "$1"; }
no_errors() { vt_has leaf1 'show evpn kernel errors' '^No kernel errors'; }
their_neigh() { ns leaf1 ip neigh show dev br$V1 to "$ip" | grep -q '02:bb:00:00:00:09 PERMANENT'; }
their_bridge() { ns leaf1 bridge fdb show dev ph1 | grep -q "^$mac .*master br$V1 static"; }
all_ours() { mac_at leaf1 $V1 "$mac" "$vtep" && neigh_at leaf1 $V1 "$ip" "$mac" && floods_to leaf1 $V1 "$vtep" && no_errors; }

wait_for 10 "all is ours to begin with" all_ours
ns leaf1 ip neigh flush all
ns leaf1 ip -6 neigh flush all
wait_for 15 "neighbours flushed: ours are back" all_ours
ipn leaf1 link set br$V1 type bridge fdb_flush
wait_for 15 "bridge flushed: ours are back" all_ours
ipn leaf1 link set vx$V1 type bridge_slave fdb_flush
wait_for 15 "port flushed: ours are back" all_ours
ns leaf1 bridge fdb show dev vx$V1 | grep -v permanent | awk '/ self/{print "fdb del", $1, "dev vx'$V1' self"} / master/{print "fdb del", $1, "dev vx'$V1' master"}' |
	ns leaf1 bridge -force -batch -
wait_for 15 "each entry deleted: ours are back" all_ours

# A neighbour of the operator's takes our place.
ns leaf1 ip neigh replace "$ip" lladdr 02:bb:00:00:00:09 dev br$V1 nud permanent
wait_for 10 "a neighbour replaced is told" errors_name "$ip"
their_neigh || fail "the operator's neighbour was overwritten"
kill -9 "$(engine_of leaf1)"
wait_for 20 "engine killed: the conflict is told again" errors_name "$ip"
their_neigh || fail "the new engine overwrote the operator's neighbour"
stop leaf1 KILL
sleep 0.3
run evpnd leaf1 < <(conf_leaf 1)
wait_for 20 "program killed: the conflict is told again" errors_name "$ip"
their_neigh || fail "the new program overwrote the operator's neighbour"
ns leaf1 ip neigh del "$ip" dev br$V1
wait_for 40 "it is deleted: ours is back" all_ours

# A static entry on a local port for a remote MAC: a host that somebody provisions here.  The bridge keeps our mark on
# it.  (h2 itself still speaks behind leaf2, so leaf2 may win it back at once.)
ns leaf1 bridge fdb replace "$mac" dev ph1 master static
wait_for 10 "a static MAC on a port is local and told to the others" vt_has spine "show bgp l2vpn evpn route rd 10.0.0.1:$V1" "$mac"
their_bridge || fail "the operator's static MAC was overwritten"
ns leaf1 bridge fdb del "$mac" dev ph1 master
wait_for 10 "h2 speaks again" pings h2 "$(host4 $V1 1)"
wait_for 15 "it is deleted: ours is back" mac_at leaf1 $V1 "$mac" "$vtep"

# All of it while engines die.
for i in 1 2 3; do
	ns leaf1 bridge fdb del "$mac" dev vx$V1 self 2>/dev/null
	kill -9 "$(engine_of leaf1)"
	ns leaf1 bridge fdb del "$mac" dev vx$V1 master 2>/dev/null
	ns leaf1 ip neigh del "$ip" dev br$V1 2>/dev/null
	sleep 0.4
	ns leaf1 bridge fdb del 00:00:00:00:00:00 dev vx$V1 self dst "$vtep" 2>/dev/null
	wait_quiet 20 engine_of leaf1
done
wait_for 30 "deleted while engines died: all is ours again" all_ours
wait_for 10 "h1 reaches h2" pings h1 "$ip"
