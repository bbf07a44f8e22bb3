#!/bin/bash
# SPDX-License-Identifier: ISC
# tshark dissects every message that evpnd sends, and marks none as malformed.
. "$(dirname "$0")/basic.sh"

command -v tshark >/dev/null || skip "tshark is not there"
command -v jq >/dev/null || skip "jq is not there"
need_all evpnd
fab_start
basic_build 4
background spine tshark -q -i any -f 'tcp port 179' -w "$W/wire.pcap" >"$W/tshark.log" 2>&1
TSHARK=$BG
wait_for 10 "the capture runs" test -s "$W/wire.pcap"
run_rr evpnd
run evpnd leaf1 < <(conf_leaf 1 4 '  advertise-svi-ip')
run evpnd leaf2 < <(conf_leaf 2)
basic_sessions 4
basic_flood 4
basic_learn 4
basic_move 4
stop leaf2 # a NOTIFICATION, or whatever a clean end sends
sleep 1
kill -INT $TSHARK
await_end $TSHARK 10

dissect() { tshark -r "$W/wire.pcap" -2 "$@" 2>/dev/null; }
messages=$(dissect -Y bgp -T fields -e bgp.type | tr ',' '\n' | grep -c .)
[ "$messages" -gt 20 ] || fail "only $messages BGP messages were captured"
marked=$(dissect -Y '_ws.malformed || (bgp && _ws.expert.severity == "Error")' -V)
[ -z "$marked" ] || { printf '%s\n' "$marked" | head -n 60; fail "malformed marks"; }
ok "$messages messages, none marked"
for type in 1 2 4; do
	dissect -Y "bgp.type == $type" | grep -q . || fail "no message of type $type"
done
for rt in 2 3; do
	dissect -Y "bgp.evpn.nlri.rt == $rt" | grep -q . || fail "no EVPN route of type $rt"
done
ok "OPEN, UPDATE, KEEPALIVE, EVPN types 2 and 3 are among them"
