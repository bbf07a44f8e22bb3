#!/bin/bash
# SPDX-License-Identifier: ISC
# What a VRF tells through route-maps, and what is left of it when it goes down.
SHAPE=plain
. "$(dirname "$0")/l3.sh"

# The MED of a type 5 at leaf1, "none" without one; fails if there is no such route.
med_of() { # PREFIX
	vt leaf1 "show bgp l2vpn evpn route type prefix json" | jq -re "[.. | objects | select(.prefix? != null and (.prefix | tostring | contains(\"$1\"))) | .. | objects | select(.metric? != null or .med? != null) | .metric // .med] | first // \"none\""
}
told() { vt leaf1 "show bgp l2vpn evpn route type prefix" | grep -qF "[${1#*/}]:[${1%/*}]"; } # PREFIX
untold() { ! told "$1"; }
conf3() { # LINE...
	vt leaf3 'configure terminal' "$@" || fail "leaf3 refuses: $*"
}
in_red() { conf3 'router bgp 65000 vrf red' 'address-family ipv4 unicast' "$@"; }

l3_policy() {
	node ext
	link ext eth0 leaf3 pext
	ipn leaf3 link set pext master red
	ipn leaf3 addr add 10.9.0.1/30 dev pext
	ipn ext addr add 10.9.0.2/30 dev eth0
	ipn ext addr add 192.0.2.1/32 dev lo
	ipn ext addr add 198.51.100.1/32 dev lo
	ipn ext route add default via 10.9.0.1
	ipn leaf3 route add 192.0.2.0/24 via 10.9.0.2 vrf red proto static
	ipn leaf3 route add 198.51.100.0/24 via 10.9.0.2 vrf red proto static
	wait_for 30 "leaf1 is told of both prefixes" told 192.0.2.0/24
	wait_for 30 "the second too" told 198.51.100.0/24
	conf3 'ip prefix-list DOC seq 5 permit 192.0.2.0/24' 'route-map DOC permit 10' 'match ip address prefix-list DOC' 'set metric 77'
	in_red 'redistribute static route-map DOC'
	wait_for 30 "redistribute with a route-map: the prefix that it denies is withdrawn" untold 198.51.100.0/24
	told 192.0.2.0/24 || fail "the other one is withdrawn too"
	vt_has leaf1 'show bgp l2vpn evpn route type prefix' ' 77 ' || wait_for 30 "with the metric that it sets" vt_has leaf1 'show bgp l2vpn evpn route type prefix' ' 77 '
	wait_for 30 "h1 reaches what passes" pings h1 192.0.2.1
	conf3 'ip prefix-list DOC seq 10 permit 198.51.100.0/24'
	wait_for 30 "the list permits it again: leaf1 is told" told 198.51.100.0/24
	conf3 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'advertise ipv4 unicast route-map ONE' 'exit' 'exit' \
		'ip prefix-list ONE seq 5 permit 198.51.100.0/24' 'route-map ONE permit 10' 'match ip address prefix-list ONE'
	wait_for 30 "advertise with a route-map: what it denies is withdrawn" untold 192.0.2.0/24
	told 198.51.100.0/24 || fail "what it permits is withdrawn too"
	conf3 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'advertise ipv4 unicast'
	conf3 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'no advertise ipv4 unicast' 'advertise ipv4 unicast'
	wait_for 30 "and told again without it" told 192.0.2.0/24
}

# The default of last resort, as we and as the kernel have it.
last_resort() { # FIB-STATE
	vt_json leaf3 'show ip route vrf red' "[.. | objects | select(.prefix? == \"0.0.0.0/0\")] | length > 0"
}
kernel_last() { ns leaf3 ip route show table 1001 | grep -q '^unreachable default'; }
pending() { vt leaf3 'show ip route vrf red 0.0.0.0/0' | grep -qi pending; }
not_pending() { ! pending; }
show_last() { vt leaf3 'show ip route vrf red 0.0.0.0/0'; vt leaf3 'show ip route vrf red' | tail -n 25; ns leaf3 ip route show table 1001; ns leaf3 ip -6 route show table 1001; }

l3_down() {
	wait_for 30 "the kernel has a default of last resort" kernel_last
	not_pending || fail "it is pending"
	note "$(show_last)"
	ipn leaf3 link set "$(svi $RED)" down
	wait_for 30 "L3VNI down: the VRF too" vt_has leaf3 'show vrf vni' 'red.*Down'
	sleep 2
	note "$(show_last)"
	kernel_last || fail "the last resort has gone with the L3VNI"
	not_pending || note "PENDING 1"
	ipn leaf3 link set "$(svi $RED)" up
	wait_for 30 "and up again" vt_has leaf3 'show vrf vni' 'red.*Up'
	ipn leaf3 link set red down
	sleep 3
	note "$(show_last)"
	not_pending || note "PENDING 2"
	ipn leaf3 link set red up
	sleep 3
	note "$(show_last)"
	wait_for 30 "the VRF device down and up: the last resort is there" kernel_last
	not_pending || note "PENDING 3"
}

l3_start evpnd evpnd evpnd evpnd
l3_policy
l3_down
