#!/bin/bash
# SPDX-License-Identifier: ISC
# Prefixes behind a router that is a host: type 5 with its address as overlay index (RFC 9136 4.1), IPv4 and IPv6, all evpnd.
#
# In tenant red the type 2 of the gateway (h2) has two labels: through the router of its leaf.  In blue
# (prefix-routes-only) it has one: over the leaf's own network, and at the gateway's (b2) leaf by its neighbour.
SHAPE=plain
. "$(dirname "$0")/l3.sh"

l3_conf_vrf() { # NUMBER NAME
	cat <<-END
		router bgp 65000 vrf $2
		 bgp router-id $(lo4 "$1")
		 address-family ipv4 unicast
		  redistribute static
		 exit-address-family
		 address-family ipv6 unicast
		  redistribute static
		 exit-address-family
		 address-family l2vpn evpn
		  advertise ipv4 unicast gateway-ip
		  advertise ipv6 unicast gateway-ip
		 exit-address-family
		exit
	END
}

l3_conf() { # NUMBER
	printf 'vrf red\n vni %s\nexit-vrf\nvrf blue\n vni %s prefix-routes-only\nexit-vrf\n' $RED $BLUE
	conf_leaf "$1" "$FAM" "  enable-resolve-overlay-index"
	l3_conf_vrf "$1" red
	l3_conf_vrf "$1" blue
}

# A network behind the host, 198.51.100.0/24, and a static route to it at its leaf.
behind() { # HOST LEAF-NUMBER VRF VNI
	node "x$1"
	link "x$1" eth0 "$1" inner
	ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ipn "$1" addr add 198.51.100.254/24 dev inner
	ipn "$1" addr add 2001:db8:5::254/64 dev inner nodad
	ipn "x$1" addr add 198.51.100.1/24 dev eth0
	ipn "x$1" addr add 2001:db8:5::1/64 dev eth0 nodad
	ipn "x$1" route add default via 198.51.100.254
	ipn "x$1" route add default via 2001:db8:5::254
	ipn "leaf$2" route add 198.51.100.0/24 via "$(ip4_of "$4" 12)" vrf "$3" proto static
	ipn "leaf$2" route add 2001:db8:5::/64 via "$(ip6_of "$4" 12)" vrf "$3" proto static
}

both_in() { pings "$1" 198.51.100.1 2 && pings "$1" 2001:db8:5::1 2; }
# The route of ours in the VRF has this gateway and device.
leads() { # NODE VRF GATEWAY DEVICE
	[ "$(ns "$1" ip -j route show vrf "$2" 198.51.100.0/24 proto 179 |
		jq -r '.[0] | if .nexthops then .nexthops[0] else . end | "\(.gateway) \(.dev)"')" = "$3 $4" ]
}
both_lead() { # NODE VRF NUMBER DEVICE
	leads "$1" "$2" "$(ip4_of $BWEB "$3")" "$4" &&
		ns "$1" ip -6 route show vrf "$2" 2001:db8:5::/64 proto 179 | grep -q "via $(ip6_of $BWEB "$3") dev $4"
}

l3_start evpnd evpnd evpnd evpnd
behind h2 2 red $WEB
behind b2 3 blue $BWEB
wait_for 40 "red: leaf1 goes to the router of the gateway's leaf" leads leaf1 red "$(lo4 2)" "$(svi $RED)"
wait_for 40 "h1 reaches what is behind h2" both_in h1
wait_for 40 "h4 of the other network too" both_in h4
wait_for 20 "the overlay index is in the route" vt_has leaf1 'show evpn trace vrf red 198.51.100.1' "Gateway address $(ip4_of $WEB 12)"
wait_for 40 "blue: leaf1 goes to the gateway over its own network" both_lead leaf1 blue 12 "$(svi $BWEB)"
wait_for 40 "b1 reaches what is behind b2" both_in b1
wait_for 10 "trace says so" vt_has leaf1 'show evpn trace vrf blue 198.51.100.1' "Over VNI $BWEB, host $(ip4_of $BWEB 12)"
hop_json() {
	vt leaf1 'show evpn trace vrf blue 198.51.100.1 json' | jq -e --arg gw "$(ip4_of $BWEB 12)" --argjson vni $BWEB '
		.ways[0] | .gatewayIP == $gw and .hop.gatewayHost and .hop.vni == $vni and .hop.installState == "installed"'
}
wait_for 10 "in JSON too" hop_json
no_way() { [ -z "$(ns leaf3 ip route show vrf blue 198.51.100.0/24 proto 179)" ]; }
wait_for 5 "leaf3 keeps its own route" no_way

# The gateways move: next hops follow in red, neighbours in blue.
l3_move h2 2 3 $WEB 12
wait_for 60 "h2 moved to leaf3: leaf1's way follows" leads leaf1 red "$(lo4 3)" "$(svi $RED)"
wait_for 60 "leaf3 reaches it by its own neighbour" leads leaf3 red "$(ip4_of $WEB 12)" "$(svi $WEB)"
wait_for 60 "h1 reaches what is behind it" both_in h1
wait_for 60 "h4 of its new leaf too" both_in h4
l3_move b2 3 2 $BWEB 12
wait_for 60 "b2 moved to leaf2, which reaches it by its own neighbour" both_lead leaf2 blue 12 "$(svi $BWEB)"
wait_for 5 "leaf1's way is the same" both_lead leaf1 blue 12 "$(svi $BWEB)"
wait_for 60 "b1 reaches what is behind it" both_in b1

# The leaf's own network goes and comes back.
ipn leaf1 link set "$(svi $BWEB)" down
gone() { [ -z "$(ns leaf1 ip route show vrf blue 198.51.100.0/24 proto 179)" ]; }
wait_for 30 "without its network leaf1 has no way" gone
ipn leaf1 link set "$(svi $BWEB)" up
for a in "$(ip6_of $BWEB 1)" fe80::1; do ipn leaf1 addr replace "$a/64" dev "$(svi $BWEB)" nodad; done
wait_for 60 "with it again, it has" both_lead leaf1 blue 12 "$(svi $BWEB)"
wait_for 60 "and b1 reaches what is behind b2" both_in b1

# The gateway dies.
ipn leaf2 link del pb2
silent() { [ -z "$(ns leaf1 ip route show vrf blue 198.51.100.0/24 proto 179)" ]; }
wait_for 120 "b2 is gone: so is leaf1's way" silent
