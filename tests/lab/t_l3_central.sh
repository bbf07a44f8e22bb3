#!/bin/bash
# SPDX-License-Identifier: ISC
# A centralised gateway (RFC 9135 4.1, RFC 7432 10.1): leaf1 alone routes between the subnets and says where the gateway is;
# the others bridge, and answer for it.  First evpnd is the gateway of evpnd and FRR, then FRR is that of evpnd.
# TENANT is the VRF; without one all is in the machine's own table.
SHAPE=${SHAPE:-aware} TENANT=${TENANT-red}
. "$(dirname "${BASH_SOURCE[0]}")/l3.sh"

GWAPP=02:00:5e:00:02:14 # of the macvlan

# The gateway of web is the SVI itself, that of app a macvlan above an SVI with an address of its own; at FRR both are SVIs.
central_gateway() { # VNI
	local dev
	dev=$(svi "$1")
	if [ "$1" = $APP ] && [ "${L3_KIND[1]}" = evpnd ]; then
		devices_$SHAPE leaf1 1 "$1" "$(lo4 1)"
		ipn leaf1 link set "$dev" ${TENANT:+master "$TENANT"} address "$(mac_of 1 "$1" 254)" addrgenmode none up
		ipn leaf1 addr add "$(ip4_of "$1" 251)/24" dev "$dev"
		ipn leaf1 link add gw link "$dev" type macvlan mode private
		ipn leaf1 link set gw ${TENANT:+master "$TENANT"} address $GWAPP addrgenmode none up
		ipn leaf1 addr add "$(ip4_of "$1" 1)/24" dev gw
		ipn leaf1 addr add "$(ip6_of "$1" 1)/64" dev gw nodad
		ipn leaf1 addr add fe80::1/64 dev gw nodad
		ns leaf1 sysctl -qw net.ipv4.conf.gw.arp_accept=1
	else
		l3_net 1 "$1" "$TENANT"
	fi
}

l3_build() {
	local i v
	MTU=1700 underlay 3
	[ -z "$TENANT" ] || l3_vrf 1 "$TENANT" 1001
	for v in $WEB $APP; do
		central_gateway $v
		# A bridge, and an SVI without addresses where the neighbours are that it answers for.
		for i in 2 3; do
			devices_$SHAPE leaf$i $i $v "$(lo4 $i)"
			ipn leaf$i link set "$(svi $v)" address "$(mac_of $i $v 254)" addrgenmode none up
		done
	done
	l3_host h1 1 $WEB 11
	l3_host h2 2 $WEB 12
	l3_host h3 2 $APP 13
	l3_host h4 3 $APP 14
}
L3_HOSTS=(h1,$WEB h2,$WEB h3,$APP h4,$APP)
l3_conf() { if [ "$1" = 1 ]; then conf_leaf 1 4 '  advertise-default-gw'; else conf_leaf "$1"; fi; }

gw_of() { if [ "$1" = $APP ] && [ "${L3_KIND[1]}" = evpnd ]; then echo $GWAPP; else gw_mac "$1"; fi; }

has_community() { # NODE VNI IP: the gateway's route there says that it is one
	vt "$1" "show bgp l2vpn evpn route type macip" | grep -A 4 -F "[$(gw_of "$2")]:" | grep -A 4 -F "[$3]" | grep -q 'Default Gateway'
}
gateway_known() { # LEAF-NUMBER VNI
	local a
	for a in "$(ip4_of "$2" 1)" "$(ip6_of "$2" 1)"; do
		wait_for 40 "leaf$1 has a route to the gateway $a that says that it is one" has_community "leaf$1" "$2" "$a"
		wait_for 40 "and its neighbour" neigh_at "leaf$1" "$2" "$a" "$(gw_of "$2")"
	done
	wait_for 40 "and its MAC behind leaf1" mac_at "leaf$1" "$2" "$(gw_of "$2")" "$(lo4 1)"
	# It does not move, whoever says so.
	must_stick() { ns "leaf$1" bridge fdb show br "$(brdev "$2")" | grep "^$(gw_of "$2") .*master" | grep -q sticky; }
	wait_for 10 "which is sticky" must_stick "$1" "$2"
}

to_h4() { both "$1" $APP 14; }

central() { # RR LEAF1 LEAF2 LEAF3
	note "gateway: $2; leaves: $3, $4"
	l3_start "$@"
	for v in $WEB $APP; do gateway_known 2 $v; done
	wait_for 40 "h2 reaches the gateway" both h2 $WEB 1
	wait_for 40 "h4 reaches its own" both h4 $APP 1
	wait_for 40 "h2 reaches h3 of its own leaf, by one router at leaf1" hops h2 $APP 13 1
	wait_for 40 "h2 reaches h4 of leaf3" hops h2 $APP 14 1
	wait_for 40 "h4 reaches h1, beside the gateway" hops h4 $WEB 11 1
	wait_for 40 "h1 reaches h4" hops h1 $APP 14 1
	# Also what is asked for the gateway.
	[ "$3" != evpnd ] || l3_suppressed to_h4 leaf2,h2,$WEB,12
	l3_move h3 2 3 $APP 13
	wait_for 40 "h3 moved to leaf3: leaf1 has its MAC there" mac_at leaf1 $APP "$(l3_mac $APP 13)" "$(lo4 3)"
	wait_for 40 "h2 reaches it" hops h2 $APP 13 1
}

central evpnd evpnd evpnd frr
# It is told no more: the others forget it.
vt leaf1 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' 'no advertise-default-gw' end >/dev/null
wait_for 40 "told no more, leaf2 has no neighbour of the gateway" neigh_gone leaf2 $WEB "$(ip4_of $WEB 1)"
wait_for 40 "but h2 still reaches it" both h2 $APP 14
fab_down
central frr frr evpnd evpnd
