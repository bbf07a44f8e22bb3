#!/bin/bash
# SPDX-License-Identifier: ISC
# Asymmetric IRB: each leaf has both subnets, there is no L3VNI and a type 2 route has one label.  The leaf of the sender
# routes and then bridges in the VNI of the receiver.  Then two of the leaves get an L3VNI and the third one, FRR's, stays as it is.
# TENANT is the VRF; without one all is in the machine's own table.
SHAPE=${SHAPE:-aware} TENANT=${TENANT-red}
. "$(dirname "${BASH_SOURCE[0]}")/l3.sh"

l3_build() {
	local i
	MTU=1700 underlay 3
	for i in 1 2 3; do
		[ -z "$TENANT" ] || l3_vrf "$i" "$TENANT" 1001
		l3_net "$i" $WEB "$TENANT"
		l3_net "$i" $APP "$TENANT"
	done
	[ -z "$TENANT" ] || for i in 1 2; do l3_vni "$i" $RED "$TENANT"; done
	l3_host h1 1 $WEB 11
	l3_host h2 2 $WEB 12
	l3_host h3 2 $APP 13
	l3_host h4 3 $APP 14
	l3_host h5 3 $WEB 15
}
L3_HOSTS=(h1,$WEB h2,$WEB h3,$APP h4,$APP h5,$WEB)
l3_conf() { conf_leaf "$1" "$FAM"; }

hosts_at() { # LEAF-NUMBER: it has each host of the others as a neighbour, and routes in the VRF to none
	local i n
	for i in 1,$WEB,11 2,$WEB,12 2,$APP,13 3,$APP,14 3,$WEB,15; do
		IFS=, read -r n v h <<<"$i"
		[ "$n" = "$1" ] && continue
		for a in "$(ip4_of "$v" "$h")" "$(ip6_of "$v" "$h")"; do
			wait_for 40 "leaf$1 has the neighbour $a" neigh_at "leaf$1" "$v" "$a" "$(l3_mac "$v" "$h")"
		done
	done
}
# The kernel's routes to hosts by BGP.
bgp_routes() { for f in 4 6; do ns "$1" ip -$f route show ${TENANT:+vrf "$TENANT"}; done | grep -v unreachable | grep -E 'nhid|proto (179|bgp)'; }
no_bgp_routes() { [ -z "$(bgp_routes "$1")" ]; }

l3_start evpnd evpnd evpnd frr
wait_for 40 "h1 reaches h2 in its own network (bridged)" both h1 $WEB 12
for i in 1 3; do hosts_at $i; done
wait_for 40 "h1 reaches h3 at leaf2, routed once, by leaf1" hops h1 $APP 13 1
wait_for 40 "h3 reaches h1, routed once, by leaf2" hops h3 $WEB 11 1
wait_for 40 "h1 reaches h4 at FRR's leaf3" hops h1 $APP 14 1
wait_for 40 "h4 reaches h1" hops h4 $WEB 11 1
wait_for 40 "h2 reaches h3 at its own leaf" hops h2 $APP 13 1
wait_for 40 "h5 reaches h3" hops h5 $APP 13 1
for i in 1 2; do no_bgp_routes leaf$i || fail "leaf$i has routes in the VRF: $(bgp_routes leaf$i)"; done
ok "no leaf has a host route"

# A host that moves and one that is silent: the neighbours follow.
l3_move h3 2 3 $APP 13
wait_for 40 "h3 moved to leaf3: leaf1 has its MAC there" mac_at leaf1 $APP "$(l3_mac $APP 13)" "$(lo4 3)"
wait_for 40 "h1 reaches it there" hops h1 $APP 13 1
wait_for 40 "h2 of the old leaf reaches it" hops h2 $APP 13 1
l3_move h3 3 2 $APP 13
wait_for 40 "h3 moved back: leaf1 has its MAC there" mac_at leaf1 $APP "$(l3_mac $APP 13)" "$(lo4 2)"
wait_for 40 "h1 reaches it again" hops h1 $APP 13 1
l3_host s1 2 $APP 98
wait_for 40 "h1 reaches a silent host of leaf2" pings h1 "$(ip4_of $APP 98)"
l3_host s2 2 $APP 99
wait_for 40 "and one by IPv6" pings h1 "$(ip6_of $APP 99)"

[ -n "$TENANT" ] || exit 0
# leaf1 and leaf2 get an L3VNI; leaf3 has none.
for i in 1 2; do vt leaf$i 'configure terminal' "vrf $TENANT" "vni $RED" end >/dev/null; done
wait_for 40 "leaf1 has a route to h3" vrf_route leaf1 "$TENANT" "$(ip4_of $APP 13)" "$(lo4 2)"
wait_for 40 "leaf2 has a route to h1" vrf_route leaf2 "$TENANT" "$(ip4_of $WEB 11)" "$(lo4 1)"
wait_for 40 "h1 reaches h3 by two routers, symmetric" hops h1 $APP 13 2
wait_for 40 "h3 reaches h1" hops h3 $WEB 11 2
wait_for 40 "h1 reaches h4 of leaf3 by one router, asymmetric" hops h1 $APP 14 1
wait_for 40 "h4 reaches h1" hops h4 $WEB 11 1
no_vrf_route leaf1 "$TENANT" "$(ip4_of $APP 14)" || fail "leaf1 has a host route to one with one label"
ok "leaf1 has no host route to h4: its route has one label"

# And back.
for i in 1 2; do vt leaf$i 'configure terminal' "vrf $TENANT" "no vni $RED" end >/dev/null; done
for i in 1 2; do wait_for 40 "leaf$i has no host route any more" no_bgp_routes leaf$i; done
wait_for 40 "h1 reaches h3 by one router again" hops h1 $APP 13 1
