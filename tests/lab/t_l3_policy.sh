#!/bin/bash
# SPDX-License-Identifier: ISC
# What a VRF tells through route-maps, what is left of it when it goes down, and its routes while its engine is dead.
SHAPE=plain
. "$(dirname "$0")/l3.sh"

told() { vt leaf1 'show bgp l2vpn evpn route type prefix' | grep -qF "[${1#*/}]:[${1%/*}]"; } # PREFIX
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
	ipn ext addr add 203.0.113.1/32 dev lo
	ipn ext route add default via 10.9.0.1
	ipn leaf3 route add 192.0.2.0/24 via 10.9.0.2 vrf red proto static
	ipn leaf3 route add 198.51.100.0/24 via 10.9.0.2 vrf red proto static
	wait_for 30 "leaf1 is told of both prefixes" told 192.0.2.0/24
	wait_for 30 "the second too" told 198.51.100.0/24
	conf3 'ip prefix-list DOC seq 5 permit 192.0.2.0/24' 'route-map DOC permit 10' 'match ip address prefix-list DOC' 'set metric 77'
	in_red 'redistribute static route-map DOC'
	wait_for 30 "redistribute with a route-map: the prefix that it denies is withdrawn" untold 198.51.100.0/24
	told 192.0.2.0/24 || fail "the other one is withdrawn too"
	wait_for 30 "the other one has the metric that it sets" vt_has leaf1 'show bgp l2vpn evpn route type prefix' ' 77 '
	wait_for 30 "h1 reaches what passes" pings h1 192.0.2.1
	conf3 'ip prefix-list DOC seq 10 permit 198.51.100.0/24'
	wait_for 30 "the list permits it again: leaf1 is told" told 198.51.100.0/24
	conf3 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'advertise ipv4 unicast route-map ONE' 'exit' 'exit' \
		'ip prefix-list ONE seq 5 permit 198.51.100.0/24' 'route-map ONE permit 10' 'match ip address prefix-list ONE'
	wait_for 30 "advertise with a route-map: what it denies is withdrawn" untold 192.0.2.0/24
	told 198.51.100.0/24 || fail "what it permits is withdrawn too"
	conf3 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'no advertise ipv4 unicast' 'advertise ipv4 unicast'
	wait_for 30 "and told again without it" told 192.0.2.0/24
}

# Routes of a kernel table that is no VRF's.
l3_table() {
	ipn leaf3 route add 203.0.113.0/24 via 10.9.0.2 dev pext table 5000
	ipn leaf3 -6 route add 2001:db8:99::/48 dev pext table 5000
	in_red 'redistribute table 5000 metric 33'
	conf3 'router bgp 65000 vrf red' 'address-family ipv6 unicast' 'redistribute table 5000'
	wait_for 30 "redistribute table: leaf1 is told of its prefix" told 203.0.113.0/24
	wait_for 30 "and of that of IPv6" told 2001:db8:99::/48
	wait_for 30 "it has the metric" vt_has leaf1 'show bgp l2vpn evpn route type prefix' ' 33 '
	vt_has leaf3 'show ip route vrf red' '^T *203.0.113.0/24 inactive' || fail "leaf3 shows another source"
	ipn leaf3 route add 100.64.0.0/24 via 10.9.0.2 dev pext table 5000
	wait_for 30 "another one: leaf1 is told" told 100.64.0.0/24
	ipn leaf3 route del 100.64.0.0/24 table 5000
	wait_for 30 "it has gone: it is withdrawn" untold 100.64.0.0/24
	# Told is not routed: what leads into the table is the administrator's, by a rule in front of the one that finds the VRF's
	# table (1000), whose default of last resort ends every search.  It names the device that a packet comes in by; the VRF's
	# own does not match, though `ip route get` with it says so.
	wait_for 30 "leaf1 has a route to the prefix" vrf_route leaf1 red 203.0.113.0/24 "$(lo4 3)"
	ipn leaf3 rule add pref 1500 iif "$(svi $RED)" lookup 5000
	ns h1 ping -n -q -c 2 -i 0.2 -W 1 203.0.113.1 | grep -q ' 0 received' || fail "h1 reaches the prefix by a rule behind the VRF's"
	ok "a rule behind the VRF's does not lead there"
	ipn leaf3 rule add pref 900 iif "$(svi $RED)" lookup 5000
	wait_for 30 "h1 reaches it by a rule in front of the VRF's" pings h1 203.0.113.1
}

# leaf3's default routes of red lead nowhere, installed and in the kernel.
last_resort() {
	vt_has leaf3 'show ip route vrf red 0.0.0.0/0' 'Install: installed' && vt_has leaf3 'show ip route vrf red' '^B>\* 0.0.0.0/0 unreachable' &&
		vt_has leaf3 'show ipv6 route vrf red' '^B>\* ::/0 unreachable' && kernel_last && kernel_last -6
}
kernel_last() { ns leaf3 ip "$@" route show table 1001 | grep -q '^unreachable default'; }
# The fabric's, over leaf1.
default_of_leaf1() { vt_has leaf3 'show ip route vrf red' '^B>\* 0.0.0.0/0 .* via 10.0.0.1,' && vrf_route leaf3 red default "$(lo4 1)"; }
down() { vt_has leaf3 'show vrf vni' "^ *red .*Down"; }
up() { vt_has leaf3 'show vrf vni' "^ *red .*Up"; }

l3_down() {
	wait_for 30 "the VRF has defaults of last resort" last_resort
	ipn leaf3 link set "$(svi $RED)" down
	wait_for 30 "the SVI of the L3VNI down, so is the VRF" down
	wait_for 30 "the last resort stays" last_resort
	ipn leaf3 link set "$(svi $RED)" up
	wait_for 30 "and up again" up
	wait_for 30 "the last resort stays" last_resort
	ipn leaf3 link set red down
	wait_for 30 "the VRF's device down" down
	wait_for 30 "the last resort stays" last_resort
	ipn leaf3 link set red up
	wait_for 30 "and up again" up
	wait_for 30 "the last resort is there" last_resort
	vt leaf1 'configure terminal' 'router bgp 65000 vrf red' 'address-family l2vpn evpn' 'default-originate ipv4' || fail "leaf1 refuses"
	wait_for 30 "a default route of the fabric takes its place" default_of_leaf1
	ipn leaf3 link set red down
	wait_for 30 "the VRF's device down" down
	wait_for 30 "it is the last resort again" last_resort
	ipn leaf3 link set red up
	wait_for 30 "up again: the fabric's" default_of_leaf1
	ipn leaf3 link set "$(svi $RED)" down
	wait_for 30 "the SVI down: the last resort again" last_resort
	ipn leaf3 link set "$(svi $RED)" up
	wait_for 30 "up again: the fabric's" default_of_leaf1
}

l3_start evpnd evpnd evpnd evpnd
l3_policy
l3_table
l3_crash leaf3 h1 192.0.2.1 203.0.113.1 "$(ip4_of $APP 14)" "$(ip6_of $APP 14)"
told 192.0.2.0/24 && told 203.0.113.0/24 && told 2001:db8:99::/48 || fail "leaf1 is not told what it was told before"
ok "leaf1 is told of all that it was told before"
l3_down
