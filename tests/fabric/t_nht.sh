#!/bin/bash
# SPDX-License-Identifier: ISC
# A leaf loses the route to another leaf's VTEP and gets it back: its entries go and come, the session stays.
. "$(dirname "$0")/basic.sh"
need_all evpnd
fab_start
basic_build 4
# leaf1 has a route of its own to each.
ipn leaf1 route add "$(lo4 100)/32" via 172.16.1.0 src "$(lo4 1)"
ipn leaf1 route add "$(lo4 2)/32" via 172.16.1.0 src "$(lo4 1)"
ipn leaf1 route del 10.0.0.0/24
run_rr evpnd
for i in 1 2; do run evpnd leaf$i < <(conf_leaf $i); done
basic_sessions 4
basic_flood 4
basic_learn 4
MAC=$(host_mac $V1 2)
ROUTE="[2]:[0]:[48]:[$MAC]"

path_is() { # JQ-EXPRESSION over the paths of that route
	vt leaf1 'show bgp l2vpn evpn json' | json_is "[.[] | objects | .[\$r]? | objects | .paths | flatten] | flatten | length == 1 and (.[0] | $1)" --arg r "$ROUTE"
}

wait_for 5 "the route is valid and best" path_is '.valid and .bestpath'
hop_is() { # JQ-EXPRESSION over what is said of the next hop
	vt_json leaf1 'show bgp nexthop' ".ipv4[\"$(lo4 2)\"] | $1"
}
wait_for 5 "show bgp nexthop: valid, with the paths of leaf2" hop_is '.valid and .complete and .pathCount >= 3'
up=$(vt leaf1 'show bgp l2vpn evpn summary json' | jq -r ".. | objects | select(has(\"peers\")) | .peers[\"$(lo4 100)\"].connectionsEstablished" | head -n 1)
for round in 1 2; do
	ipn leaf1 route del "$(lo4 2)/32"
	wait_for 5 "$round: no route to leaf2: its MAC leaves the kernel of leaf1" mac_gone leaf1 $V1 "$MAC"
	wait_for 5 "$round: its neighbour, too" neigh_gone leaf1 $V1 "$(host4 $V1 2)"
	wait_for 5 "$round: and the flood entry" floods_to leaf1 $V1
	wait_for 5 "$round: the path is shown, invalid" path_is '(has("valid") or has("bestpath") | not) and .nexthops[0].accessible == false'
	wait_for 5 "$round: without a star" vt_has leaf1 'show bgp l2vpn evpn' "^  i\\[2\\]:\\[0\\]:\\[48\\]:\\[$MAC\\]$"
	wait_for 5 "$round: inaccessible in detail" vt_has leaf1 "show bgp l2vpn evpn route detail" "$(lo4 2) \\(inaccessible\\) from"
	wait_for 5 "$round: show bgp nexthop: no" hop_is '.valid == false and (has("igpMetric") | not)'
	vt leaf1 "show bgp nexthop $(lo4 2)" | grep -qE "^ $(lo4 2) invalid, #paths [0-9]+$" || fail "show bgp nexthop as text"
	session_up leaf1 "$(lo4 100)" || fail "the session went"
	mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)" || fail "leaf2 lost the MAC of h1"
	ipn leaf1 route add "$(lo4 2)/32" via 172.16.1.0 src "$(lo4 1)" metric 30
	wait_for 5 "$round: the route is back: so is the MAC" mac_at leaf1 $V1 "$MAC" "$(lo4 2)"
	wait_for 5 "$round: the neighbour" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$MAC"
	wait_for 5 "$round: the flood entry" floods_to leaf1 $V1 "$(lo4 2)"
	wait_for 5 "$round: and the star" path_is '.valid and .bestpath and (.nexthops[0].accessible != false)'
	wait_for 5 "$round: the metric is shown" vt_has leaf1 "show bgp l2vpn evpn route detail" "$(lo4 2) \\(metric 30\\) from"
	hop_is '.valid and .igpMetric == 30' || fail "show bgp nexthop has another metric"
	vt leaf1 "show bgp nexthop" | grep -qE "^ $(lo4 2) valid \\[IGP metric 30\\], #paths [0-9]+$" || fail "show bgp nexthop as text"
	wait_for 10 "$round: h1 reaches h2" pings h1 "$(host4 $V1 2)" 2
done
now=$(vt leaf1 'show bgp l2vpn evpn summary json' | jq -r ".. | objects | select(has(\"peers\")) | .peers[\"$(lo4 100)\"].connectionsEstablished" | head -n 1)
[ "$up" = "$now" ] || fail "the session was made anew ($up, $now)"

# A reflector that cannot reach a next hop does not pass it on.
ipn spine route del "$(lo4 2)/32"
wait_for 5 "the reflector has no route: leaf1 loses the MAC" mac_gone leaf1 $V1 "$MAC"
ipn spine route add "$(lo4 2)/32" via 172.16.2.1 src "$(lo4 100)"
wait_for 20 "and has it again" mac_at leaf1 $V1 "$MAC" "$(lo4 2)"
