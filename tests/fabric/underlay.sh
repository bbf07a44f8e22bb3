# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/underlay.sh: a fabric without static routes: eBGP with numbered links, two spines, two leaves; IPv4 and
# IPv6 unicast and EVPN on the same sessions.  The loopbacks, which are the VTEPs, are learnt by it.
#
# underlay_fabric SPINE1 SPINE2 LEAF1 LEAF2: the kinds of the daemons.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

V1=110

# fabric_links: as lib.sh's underlay, but nobody is told of any route.
fabric_links() {
	local i s
	for s in 1 2; do
		node "spine$s"
		ipn "spine$s" addr add "$(lo4 10$s)/32" dev lo
		ipn "spine$s" addr add "$(lo6 10$s)/128" dev lo nodad
	done
	for i in 1 2; do
		node "leaf$i"
		ipn "leaf$i" addr add "$(lo4 $i)/32" dev lo
		ipn "leaf$i" addr add "$(lo6 $i)/128" dev lo nodad
		for s in 1 2; do
			link "leaf$i" up$s "spine$s" down$i
			ipn "spine$s" addr add "172.16.$s$i.0/31" dev down$i
			ipn "leaf$i" addr add "172.16.$s$i.1/31" dev up$s
			ipn "spine$s" addr add "fd16:$s$i::0/127" dev down$i nodad
			ipn "leaf$i" addr add "fd16:$s$i::1/127" dev up$s nodad
		done
		ns "leaf$i" sysctl -qw net.ipv4.fib_multipath_hash_policy=1
	done
}

conf_families() { # NEIGHBOUR-OR-GROUP
	cat <<-END
		 address-family ipv4 unicast
		  redistribute connected route-map LO
		  neighbor $1 activate
		  maximum-paths 16
		 exit-address-family
		 address-family ipv6 unicast
		  redistribute connected route-map LO
		  neighbor $1 activate
		  maximum-paths 16
		 exit-address-family
	END
}

conf_map() {
	cat <<-END
		route-map LO permit 10
		 match interface lo
		exit
	END
}

conf_fabric_leaf() { # NUMBER
	cat <<-END
		frr defaults datacenter
		hostname leaf$1
		router bgp 6501$1
		 bgp router-id $(lo4 "$1")
		 no bgp default ipv4-unicast
		 bgp bestpath as-path multipath-relax
		 neighbor FAB peer-group
		 neighbor FAB remote-as external
		 neighbor FAB timers 1 3
		 neighbor FAB timers connect 1
		 neighbor 172.16.1$1.0 peer-group FAB
		 neighbor 172.16.2$1.0 peer-group FAB
	END
	conf_families FAB
	cat <<-END
		 address-family l2vpn evpn
		  neighbor FAB activate
		  neighbor FAB allowas-in 1
		  advertise-all-vni
		  vni $V1
		   route-target import 65000:$V1
		   route-target export 65000:$V1
		  exit-vni
		 exit-address-family
		exit
	END
	conf_map
}

conf_fabric_spine() { # NUMBER
	cat <<-END
		frr defaults datacenter
		hostname spine$1
		router bgp 65100
		 bgp router-id $(lo4 "10$1")
		 no bgp default ipv4-unicast
		 neighbor LEAF peer-group
		 neighbor LEAF remote-as external
		 neighbor LEAF timers 1 3
		 neighbor LEAF timers connect 1
		 neighbor 172.16.${1}1.1 peer-group LEAF
		 neighbor 172.16.${1}2.1 peer-group LEAF
	END
	conf_families LEAF
	cat <<-END
		 address-family l2vpn evpn
		  neighbor LEAF activate
		 exit-address-family
		exit
	END
	conf_map
}

# So many next hops has the kernel's route; GROUP stands for routes of others, too.
ways() { # NODE PREFIX NUMBER
	local said
	said=$(ns "$1" ip -d -o route show "$2"; ns "$1" ip -6 -d -o route show "$2" 2>/dev/null)
	[ "$(grep -oE 'via (inet6 )?[0-9a-f:.]+' <<<"$said" | sort -u | wc -l)" = "$3" ]
}

v6_ways() { # NODE PREFIX NUMBER
	[ "$(ns "$1" ip -6 -d route show "$2" | grep -oE 'via [0-9a-f:.]+' | sort -u | wc -l)" = "$3" ]
}

underlay_fabric() { # SPINE1 SPINE2 LEAF1 LEAF2
	command -v jq >/dev/null || skip "jq is not there"
	need_all "$@"
	fab_start
	fabric_links
	vni_devices 1 $V1 4
	vni_devices 2 $V1 4
	host h1 1 $V1 1
	host h2 2 $V1 2
	run "$1" spine1 < <(conf_fabric_spine 1)
	run "$2" spine2 < <(conf_fabric_spine 2)
	run "$3" leaf1 < <(conf_fabric_leaf 1)
	run "$4" leaf2 < <(conf_fabric_leaf 2)
}

underlay_learnt() {
	local i o
	for i in 1 2; do
		o=$((3 - i))
		wait_for 30 "leaf$i (${KIND[leaf$i]}) has two ways to the other's loopback" ways leaf$i "$(lo4 $o)" 2
		wait_for 15 "leaf$i has two ways to it by IPv6" v6_ways leaf$i "$(lo6 $o)" 2
	done
	wait_for 10 "leaf1's loopback reaches leaf2's" ns leaf1 ping -c1 -W1 -I "$(lo4 1)" "$(lo4 2)"
	wait_for 10 "leaf1's loopback reaches leaf2's by IPv6" ns leaf1 ping -c1 -W1 -I "$(lo6 1)" "$(lo6 2)"
}

underlay_evpn() {
	wait_for 20 "leaf1 floods to leaf2" floods_to leaf1 $V1 "$(lo4 2)"
	wait_for 20 "leaf2 floods to leaf1" floods_to leaf2 $V1 "$(lo4 1)"
	wait_for 20 "h1 reaches h2 over VXLAN" pings h1 "$(host4 $V1 2)"
	wait_for 10 "leaf2 has the MAC of h1 behind leaf1" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
}

# A spine's link goes: what is left goes on; it comes back: both again.
underlay_spine_lost() {
	ipn spine1 link set down1 down
	wait_for 20 "a link of leaf1 is down: one way is left" ways leaf1 "$(lo4 2)" 1
	wait_for 20 "and one for leaf2" ways leaf2 "$(lo4 1)" 1
	wait_for 10 "h1 still reaches h2" pings h1 "$(host4 $V1 2)" 3
	ipn spine1 link set down1 up
	ipn spine1 addr replace fd16:11::0/127 dev down1 nodad
	wait_for 30 "the link is up: two ways again" ways leaf1 "$(lo4 2)" 2
	wait_for 10 "h1 reaches h2" pings h1 "$(host4 $V1 2)"
}
