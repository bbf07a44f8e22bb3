# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/basic.sh: what every fabric must do, whoever plays which part: sessions, flood lists, ping, learning,
# neighbours, a host that moves, and nothing left when a leaf goes away.
#
# basic RR LEAF1 LEAF2 [4|6]: the kinds of the three daemons, the family of the VTEPs' addresses.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

V1=110 V2=120

basic_build() { # FAMILY
	underlay 2
	local i v
	for i in 1 2; do for v in $V1 $V2; do vni_devices $i $v "$1"; done; done
	host h1 1 $V1 1
	host h2 2 $V1 2
	host h3 2 $V2 3
}

basic_sessions() { # FAMILY
	local i peer
	peer=$(lo"$1" 100)
	for i in 1 2; do wait_for 25 "leaf$i (${KIND[leaf$i]}) has a session to ${KIND[spine]}" session_up leaf$i "$peer"; done
	wait_for 10 "${KIND[spine]} has a session to leaf1" session_up spine "$(lo"$1" 1)"
}

basic_flood() { # FAMILY
	local v
	for v in $V1 $V2; do
		wait_for 15 "VNI $v of leaf1 floods to leaf2" floods_to leaf1 $v "$(lo"$1" 2)"
		wait_for 15 "VNI $v of leaf2 floods to leaf1" floods_to leaf2 $v "$(lo"$1" 1)"
	done
}

basic_learn() { # FAMILY
	wait_for 20 "h1 reaches h2 over VXLAN" pings h1 "$(host4 $V1 2)"
	wait_for 20 "h1 reaches h2 by IPv6" pings h1 "$(host6 $V1 2)"
	wait_for 15 "leaf2 has the MAC of h1 behind leaf1" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo"$1" 1)"
	wait_for 15 "leaf1 has the MAC of h2 behind leaf2" mac_at leaf1 $V1 "$(host_mac $V1 2)" "$(lo"$1" 2)"
	# The gateways on the SVIs learn the hosts as neighbours; that makes MAC+IP routes.
	ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$(host4 $V1 1)" >/dev/null
	ns leaf1 ping -c1 -W1 -I "$(svi $V1)" "$(host6 $V1 1)" >/dev/null
	ns leaf2 ping -c1 -W1 -I "$(svi $V1)" "$(host4 $V1 2)" >/dev/null
	wait_for 15 "leaf2 has h1 as an IPv4 neighbour" neigh_at leaf2 $V1 "$(host4 $V1 1)" "$(host_mac $V1 1)"
	wait_for 15 "leaf2 has h1 as an IPv6 neighbour" neigh_at leaf2 $V1 "$(host6 $V1 1)" "$(host_mac $V1 1)"
	wait_for 15 "leaf1 has h2 as an IPv4 neighbour" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"
	pings h1 "$(host4 $V1 2)" 5 || fail "five pings, some lost"
	ok "five pings, none lost"
	mac_gone leaf1 $V2 "$(host_mac $V1 2)" || fail "VNI $V2 has a MAC of VNI $V1"
	never 1 "h1 does not reach h3 of another VNI" pings h1 "$(host4 $V2 3)"
}

basic_move() { # FAMILY
	host_move h2 2 1 $V1 2
	ns h2 ping -c1 -W1 "$(host4 $V1 1)" >/dev/null
	wait_for 20 "h2 moved: leaf2 has its MAC behind leaf1" mac_at leaf2 $V1 "$(host_mac $V1 2)" "$(lo"$1" 1)"
	wait_for 20 "h2 moved: leaf1 has its MAC on a port" mac_local leaf1 $V1 "$(host_mac $V1 2)" ph2
	wait_for 10 "h1 reaches h2 behind the same leaf" pings h1 "$(host4 $V1 2)"
	host_move h2 1 2 $V1 2
	ns h2 ping -c1 -W1 "$(host4 $V1 201)" >/dev/null
	wait_for 20 "h2 moved back: leaf1 has its MAC behind leaf2" mac_at leaf1 $V1 "$(host_mac $V1 2)" "$(lo"$1" 2)"
	wait_for 20 "h2 moved back: leaf2 has its MAC on a port" mac_local leaf2 $V1 "$(host_mac $V1 2)" ph2
	wait_for 10 "h1 reaches h2 over VXLAN again" pings h1 "$(host4 $V1 2)"
}

basic_age() { # FAMILY
	ns leaf2 bridge fdb del "$(host_mac $V1 2)" dev ph2 master
	ipn h2 link set eth0 down
	wait_for 15 "the MAC of h2 aged out at leaf2: leaf1 has it no more" mac_gone leaf1 $V1 "$(host_mac $V1 2)"
	ipn h2 link set eth0 up
}

# The machine of leaf2 vanishes: its link goes, so that no process says good-bye in a nicer way.
basic_lost() { # FAMILY
	ipn leaf2 link set up0 down
	wait_for 40 "leaf2 lost: leaf1 floods to nobody" floods_to leaf1 $V1
	wait_for 10 "leaf2 lost: its MACs are gone from leaf1" no_remote_macs leaf1
	ipn leaf2 link set up0 up
}

no_remote_macs() { [ -z "$(remote_tables "$1" | grep -E '^fdb' | grep -v ' 00:00:00:00:00:00 ')" ]; }

# The fabric, up to the point where everybody knows of everybody's VNIs.
basic_start() { # RR LEAF1 LEAF2 FAMILY
	command -v jq >/dev/null || skip "jq is not there"
	need_all "$1" "$2" "$3"
	fab_start
	basic_build "$4"
	run_rr "$1"
	run "$2" leaf1 < <(conf_leaf 1 "$4")
	run "$3" leaf2 < <(conf_leaf 2 "$4")
	basic_sessions "$4"
	basic_flood "$4"
}

basic() { # RR LEAF1 LEAF2 [4|6]
	basic_start "$1" "$2" "$3" "${4:-4}"
	basic_learn "${4:-4}"
	basic_move "${4:-4}"
	basic_age "${4:-4}"
}
