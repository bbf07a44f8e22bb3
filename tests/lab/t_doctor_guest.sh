#!/bin/bash
# SPDX-License-Identifier: ISC
# `show evpn doctor`: what needs VRFs, a VNI filter, or the machine's first namespace, which alone has gc_thresh.
SHAPE=svd VNIFILTER=vnifilter
. "$(dirname "$0")/../fabric/lib.sh"
[ -e /proc/sys/net/ipv4/neigh/default/gc_thresh3 ] || skip "this is not the machine's first namespace"
command -v jq >/dev/null || skip "jq is not there"
need_all evpnd
fab_start
# The first namespace is the leaf.
ip netns attach "${P}leaf1" $$ || skip "this iproute2 names no namespace of a process"
mkdir -p "$W/leaf1"
L2=110 L3=901
says() { vt_has leaf1 'show evpn doctor' "$1"; }
clean() { [ "$(vt leaf1 'show evpn doctor json' | jq -r '[.findings[].code] | join(" ")')" = "$1" ]; }
# The kernel tells nobody of a changed sysctl; any change of an interface makes evpnd look again.
look() {
	ipn leaf1 link add look type bridge
	ipn leaf1 link del look
}
# trouble CODES TEXT HOW MENDED: the finding comes, with this text, and goes.
trouble() {
	eval "$3" || fail "$1: cannot be made"
	look
	wait_for 60 "$1 is found" clean "$1"
	wait_for 20 "and what was seen" says "$2"
	eval "$4" || fail "$1: cannot be mended"
	look
	wait_for 60 "$1 is mended" clean ''
}

ipn leaf1 link set lo up
ns leaf1 sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 \
	net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.arp_accept=1 net.ipv6.conf.default.accept_dad=0
ipn leaf1 addr add 10.0.0.1/32 dev lo
ipn leaf1 link add up0 type dummy 2>/dev/null || skip "this kernel has no dummy devices"
ipn leaf1 link set up0 mtu 1700 up
ipn leaf1 addr add 172.16.1.1/31 dev up0
ipn leaf1 link add red type vrf table 1001 2>/dev/null || skip "this kernel has no VRF"
ipn leaf1 link set red up
l3_svi() { ipn leaf1 link set "$(svi $L3)" address 02:01:00:03:85:fe master red addrgenmode none up; }
devices_svd leaf1 1 $L2 10.0.0.1
devices_svd leaf1 1 $L3 10.0.0.1
l3_svi
ipn leaf1 link set "$(svi $L2)" address 02:00:5e:00:01:0a master red addrgenmode none up
ipn leaf1 addr add 10.1.10.1/24 dev "$(svi $L2)"
run evpnd leaf1 <<-END
	vrf red
	 vni $L3
	exit-vrf
	router bgp 65000
	 bgp router-id 10.0.0.1
	 address-family l2vpn evpn
	  advertise-all-vni
	  no evpn probe
	 exit-address-family
END
wait_for 60 "nothing is wrong" says 'Nothing found'

# The table of neighbours; nobody asks for these, so they stay.
many() {
	local i
	ns leaf1 sysctl -qw net.ipv4.neigh.default.gc_thresh3=40
	for i in {11..45}; do
		ipn leaf1 neigh replace "10.1.10.$i" lladdr "02:aa:00:00:10:$i" dev "$(svi $L2)" nud stale || return 1
	done
}
few() { ns leaf1 sysctl -qw net.ipv4.neigh.default.gc_thresh3=4096; }
trouble neighbourTableFull '3[0-9] neighbours, net.ipv4.neigh.default.gc_thresh3 = 40' many few
ipn leaf1 neigh flush dev "$(svi $L2)"

# Sysctls of SVIs in a VRF.
set_of() { ns leaf1 sysctl -qw "net.ipv4.conf.$(svi $L2).$1"; }
trouble strictRpFilter "rp_filter = 1" 'set_of rp_filter=1' 'set_of rp_filter=0'
trouble forwardingOff "forwarding = 0" 'set_of forwarding=0' 'set_of forwarding=1'

# The VNI filter, the SVI, the VTEP's address.
trouble vniDown "VNI $L2, vxs: it is not in the VNI filter" "ns leaf1 bridge vni delete vni $L2 dev vxs" \
	"ns leaf1 bridge vni add vni $L2 dev vxs"
again() { aware_svi leaf1 $L3 && l3_svi; }
trouble vrfDown "VNI $L3, VRF red: the L3VNI has no SVI" "ipn leaf1 link del $(svi $L3)" again
trouble 'vtepAddressAbsent vtepAddressAbsent' 'local 10.0.0.1 is on no interface' 'ipn leaf1 addr del 10.0.0.1/32 dev lo' \
	'ipn leaf1 addr add 10.0.0.1/32 dev lo'
no_local() {
	ipn leaf1 link add vx991 type vxlan id 991 dstport 4790 nolearning
	ipn leaf1 link add br991 type bridge mcast_snooping 0
	vxlan_port leaf1 vx991 02:01:00:03:df:fd br991
	ipn leaf1 link set br991 addrgenmode none up
}
trouble noLocalAddress 'no local address' no_local 'ipn leaf1 link del vx991 && ipn leaf1 link del br991'

# A router MAC that nobody set.
no_mac() {
	devices_plain leaf1 1 990 10.0.0.1
	ipn leaf1 link set br990 master red addrgenmode none up
}
devices_plain() { # on a port of its own, as vxs has the usual one
	ipn "$1" link add "br$3" type bridge mcast_snooping 0
	ipn "$1" link add "vx$3" type vxlan id "$3" local "$4" dstport 4791 nolearning
	vxlan_port "$1" "vx$3" "$(mac_of "$2" "$3" 253)" "br$3"
}
trouble macNotSet 'nobody has set the MAC of br990' no_mac 'ipn leaf1 link set br990 address 02:01:00:03:de:fe'
ipn leaf1 link del vx990
ipn leaf1 link del br990

# A gateway that looks for duplicates of itself.
gateway() {
	ipn leaf1 link add gw10 link "$(svi $L2)" type macvlan mode private
	ns leaf1 sysctl -qw net.ipv6.conf.gw10.accept_dad=1
	ipn leaf1 link set gw10 master red address 02:00:5e:00:01:0b addrgenmode none up
	ipn leaf1 addr add fe80::1/64 dev gw10 nodad
	ipn leaf1 addr add 2001:db8:10::1/64 dev gw10 nodad
}
trouble gatewayDad 'accept_dad is not 0' gateway 'ns leaf1 sysctl -qw net.ipv6.conf.gw10.accept_dad=0'
ip netns del "${P}leaf1"
