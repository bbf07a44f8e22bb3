#!/bin/bash
# SPDX-License-Identifier: ISC
# Route types that a peer cannot bear are kept from it: GoBGP resets its session on types 6 to 11.
. "$(dirname "$0")/lib.sh"

need_all evpnd gobgp python3 jq
fab_start
node spine
node gobgp
link spine v0 gobgp v1
ipn spine addr add 10.0.0.100/24 dev v0
ipn spine addr add 10.0.0.2/24 dev v0
ipn gobgp addr add 10.0.0.3/24 dev v1
# Towards the next hop of what is announced.
ipn spine route add 10.9.9.9/32 dev v0
run evpnd spine <<-END
	router bgp 65000
	 bgp router-id 10.0.0.100
	 no bgp default ipv4-unicast
	 neighbor 10.0.0.2 remote-as 65000
	 neighbor 10.0.0.2 passive
	 neighbor 10.0.0.3 remote-as 65000
	 neighbor 10.0.0.3 timers connect 1
	 address-family l2vpn evpn
	  neighbor 10.0.0.2 activate
	  neighbor 10.0.0.2 route-reflector-client
	  neighbor 10.0.0.3 activate
	  neighbor 10.0.0.3 route-reflector-client
	  neighbor 10.0.0.3 evpn route-types 1 2 3 4 5
END
run gobgp gobgp <<-END
	[global.config]
	  as = 65000
	  router-id = "10.0.0.3"
	[[neighbors]]
	  [neighbors.config]
	    neighbor-address = "10.0.0.100"
	    peer-as = 65000
	  [neighbors.transport.config]
	    passive-mode = true
	  [[neighbors.afi-safis]]
	    [neighbors.afi-safis.config]
	      afi-safi-name = "l2vpn-evpn"
END
wait_for 20 "GoBGP has its session" session_up gobgp 10.0.0.100
background spine /usr/bin/python3 "$FAB/route_types.py" 10.0.0.100 10.0.0.2 >"$W/types.log" 2>&1
wait_for 10 "all types are announced" grep -q announced "$W/types.log"
has_types() { # how many of the routes evpnd holds
	[ "$(vt spine 'show bgp l2vpn evpn' | grep -cE '^ ?[*].*\[(2|3|6|9|99)\]')" = "$1" ]
}
routes_at_gobgp() { [ "$(ns gobgp gobgp global rib -a evpn -j | jq length)" = "$1" ]; }
wait_for 10 "GoBGP has type 2 and type 3 and nothing else" routes_at_gobgp 2
flaps() { ns gobgp gobgp neighbor -j | jq '.[0].state.flops // 0'; }
never 2 "its session stays" eval '! session_up gobgp 10.0.0.100'
[ "$(flaps)" = 0 ] || fail "the session flapped $(flaps) times"
ok "it never flapped"
wait_for 5 "evpnd holds all five" has_types 5

# The filter goes, and what it kept away is sent: that is what the filter is for.
vt spine 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' 'no neighbor 10.0.0.3 evpn route-types' ||
	fail "the filter cannot be removed"
lost_it() { [ "$(flaps)" != 0 ] || ! session_up gobgp 10.0.0.100; }
wait_for 20 "without the filter GoBGP resets its session" lost_it
