# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/zl_json.sh: each write of the data plane, read back from the kernel as iproute2's JSON.
#
# zl_json SHAPE: in one shape of devices.  The routes are in a VRF where the kernel has those, else in the main table.
# doc/kernel-writes.md lists the writes, each with the title that it has here.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/zl.sh"
M=02:00:00:00:00:0

# kernel TEXT JQ-EXPRESSION COMMAND...: it holds for one element of what the command says.
kernel() {
	local text=$1 expr=$2
	shift 2
	wait_quiet 10 some "$expr" "$@" || {
		ns leaf1 "$@"
		fail "$text: $expr"
	}
	ok "$text"
}
some() { ns leaf1 "${@:2}" | json_is "any(.[]; $1)"; }
none() { # TEXT JQ-EXPRESSION COMMAND...
	wait_quiet 10 no "${@:2}" || fail "$1: $2"
	ok "$1"
}
no() { ns leaf1 "${@:2}" | jq -es "length == 0 or (.[0] | all(.[]; ($1) | not))" >/dev/null; }
routes4() { echo "ip -d -j -4 route show table $TABLE proto 179"; }
routes6() { echo "ip -d -j -6 route show table $TABLE proto 179"; }

json_layer2() {
	local dev fdb neigh vlan=true src=true br
	dev=$(vxdev 110) br=$(brdev 110)
	fdb="bridge -d -j fdb show dev $dev"
	neigh="ip -d -j neigh show dev $(svi 110)"
	[ "$SHAPE" = plain ] || vlan=".vlan == $(vid_of 110)"
	[ "$SHAPE" != svd ] || src=".src_vni == 110"

	zl_ok leaf1 set flood 110 10.0.0.2
	zl_ok leaf1 set flood 110 10.0.0.3
	for a in 2 3; do
		kernel "remote VTEP: a flood entry to 10.0.0.$a" ".mac == \"00:00:00:00:00:00\" and .dst == \"10.0.0.$a\" and $src
			and (.flags | index(\"self\")) and .state == \"permanent\"" $fdb
	done
	zl_ok leaf1 del flood 110 10.0.0.3
	none "remote VTEP: deleted" '.dst == "10.0.0.3"' $fdb

	zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
	kernel "remote MAC: in the VXLAN table" ".mac == \"${M}1\" and .dst == \"10.0.0.2\" and $src and (.flags | index(\"self\"))
		and (.flags | index(\"extern_learn\"))" $fdb
	kernel "remote MAC: in the bridge" ".mac == \"${M}1\" and .master == \"$br\" and $vlan and .flags == [\"extern_learn\"]
		and .state == \"\"" $fdb
	zl_ok leaf1 set mac 110 ${M}7 10.0.0.2 sticky
	kernel "remote sticky MAC: in the bridge" ".mac == \"${M}7\" and .master == \"$br\" and $vlan
		and (.flags | index(\"sticky\")) and .state == \"static\"" $fdb
	kernel "remote sticky MAC: in the VXLAN table" ".mac == \"${M}7\" and .dst == \"10.0.0.2\" and $src" $fdb
	zl_ok leaf1 set mac 110 ${M}1 10.0.0.3
	kernel "remote MAC: at another VTEP" ".mac == \"${M}1\" and .dst == \"10.0.0.3\" and $src" $fdb
	none "remote MAC: and at that one only" ".mac == \"${M}1\" and .dst == \"10.0.0.2\"" $fdb
	zl_ok leaf1 del mac 110 ${M}7 10.0.0.2
	none "remote MAC: deleted from both" ".mac == \"${M}7\"" $fdb

	zl_ok leaf1 set neigh 110 10.1.10.5 ${M}1
	zl_ok leaf1 set neigh 110 fd01:6e::5 ${M}1
	zl_ok leaf1 set neigh 110 fd01:6e::6 ${M}1 router
	for a in 10.1.10.5 fd01:6e::5 fd01:6e::6; do
		kernel "remote neighbour $a" ".dst == \"$a\" and .lladdr == \"${M}1\" and has(\"extern_learn\") and .state == [\"NOARP\"]
			and .protocol == \"179\" and has(\"router\") == $([ $a = fd01:6e::6 ] && echo true || echo false)" $neigh
	done
	zl_ok leaf1 set neigh 110 fd01:6e::6 ${M}1
	kernel "remote neighbour: a router no more" '.dst == "fd01:6e::6" and (has("router") | not)' $neigh
	zl_ok leaf1 del neigh 110 10.1.10.5 ${M}1
	none "remote neighbour: deleted" '.dst == "10.1.10.5"' $neigh

	ipn leaf1 link add gw110 link "$(svi 110)" type macvlan mode private
	ipn leaf1 link set gw110 address 00:00:5e:00:01:02 addrgenmode none up
	kernel "gateway: the bridge knows its MAC" ".mac == \"00:00:5e:00:01:02\" and .ifname == \"$br\" and $vlan
		and (.flags | index(\"extern_learn\")) and .state == \"permanent\"" bridge -d -j fdb show br "$br"
	ipn leaf1 link del gw110
	none "gateway: deleted" ".mac == \"00:00:5e:00:01:02\" and ((.flags // []) | index(\"extern_learn\"))" bridge -d -j fdb show br "$br"

	ipn leaf1 neigh replace 10.1.10.9 lladdr ${M}9 dev "$(svi 110)" nud stale
	zl leaf1 probe 110 10.1.10.9 ${M}9
	kernel "probe: the kernel asks a host that is not sure" \
		'.dst == "10.1.10.9" and (.state | any(. == ("DELAY", "PROBE", "FAILED")))' ip -d -j neigh show dev "$(svi 110)"
}

# FDB entries that name nexthops.
json_ids() {
	local fdb hop group
	fdb="bridge -d -j fdb show dev $(vxdev 110)"
	ipn leaf1 nexthop add id 7 via 10.0.0.2 fdb 2>/dev/null || {
		note "this kernel has no nexthops for FDB entries"
		return
	}
	ipn leaf1 nexthop del id 7
	zl leaf1 config ids
	zl_ok leaf1 set mac 110 ${M}8 10.0.0.4
	kernel "VTEP as nexthop: a nexthop for FDB entries" '.gateway == "10.0.0.4" and has("fdb") and .protocol == "179"' ip -d -j nexthop show
	hop=$(ns leaf1 ip -d -j nexthop show | jq '.[] | select(.gateway == "10.0.0.4" and has("fdb")) | .id')
	kernel "VTEP as nexthop: its group" ".group == [{\"id\": $hop}] and has(\"fdb\") and .protocol == \"179\"" ip -d -j nexthop show
	group=$(ns leaf1 ip -d -j nexthop show | jq ".[] | select(.group == [{\"id\": $hop}]) | .id")
	kernel "VTEP as nexthop: the entry names the group" ".mac == \"${M}8\" and .nhid == $group and (has(\"dst\") | not)" $fdb
	zl_ok leaf1 del mac 110 ${M}8 10.0.0.4
	zl leaf1 config
}

# hop_id GATEWAY DEVICE: the kernel's number.
hop_id() { ns leaf1 ip -d -j nexthop show | jq ".[] | select(.gateway == \"$1\" and .dev == \"$2\" and (has(\"fdb\") | not) and (has(\"encap\") | not)) | .id"; }

json_layer3() {
	local dev hop hop6 group two
	dev=$(svi 500)
	vni_devices 1 500
	ipn leaf1 addr flush dev "$dev"
	TABLE=254
	if ipn leaf1 link add red type vrf table 1001 2>/dev/null; then
		TABLE=1001
		ipn leaf1 link set red up
		ipn leaf1 link set "$dev" master red
	fi
	note "table $TABLE"
	wait_for 10 "the L3VNI" zl_said leaf1 "^vni 500 up .*svi=$dev "

	zl_ok leaf1 set mac 500 ${M}2 10.0.0.2
	kernel "router MAC: like any MAC" ".mac == \"${M}2\" and .dst == \"10.0.0.2\"" bridge -d -j fdb show dev "$(vxdev 500)"
	zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}2
	zl_ok leaf1 set hop 2 500 10.0.0.3 ${M}3
	zl_ok leaf1 set hop 3 500 ::ffff:10.0.0.2 ${M}2
	for a in 10.0.0.2 ::ffff:10.0.0.2; do
		kernel "next hop $a: its neighbour has the router MAC" ".dst == \"$a\" and .lladdr == \"${M}2\" and has(\"extern_learn\")
			and .state == [\"NOARP\"] and .protocol == \"179\"" ip -d -j neigh show dev "$dev"
		kernel "next hop $a: a nexthop, onlink" ".gateway == \"$a\" and .dev == \"$dev\" and .flags == [\"onlink\"]
			and .protocol == \"179\"" ip -d -j nexthop show
	done
	hop=$(hop_id 10.0.0.2 "$dev") hop6=$(hop_id ::ffff:10.0.0.2 "$dev") two=$(hop_id 10.0.0.3 "$dev")
	zl_ok leaf1 set group 4 1 2
	kernel "ECMP: a group of both" "has(\"group\") and ([.group[].id] | sort) == ([$hop, $two] | sort) and .protocol == \"179\"" ip -d -j nexthop show
	group=$(ns leaf1 ip -d -j nexthop show | jq ".[] | select(has(\"group\") and ([.group[].id] | sort) == ([$hop, $two] | sort)) | .id")

	zl_ok leaf1 set route $TABLE 192.0.2.0/24 1
	zl_ok leaf1 set route $TABLE 192.0.2.7/32 4
	zl_ok leaf1 set route $TABLE 2001:db8::/32 3
	zl_ok leaf1 set route $TABLE 198.51.100.0/24 unreachable
	zl_ok leaf1 set route $TABLE 2001:db8:1::/48 unreachable
	# shellcheck disable=SC2046
	{
		kernel "prefix: over the nexthop" ".dst == \"192.0.2.0/24\" and .nhid == $hop and .metric == 20 and .gateway == \"10.0.0.2\"" $(routes4)
		kernel "host route: over the group" ".dst == \"192.0.2.7\" and .nhid == $group and .metric == 20" $(routes4)
		kernel "IPv6 prefix over an IPv4 VTEP" ".dst == \"2001:db8::/32\" and .nhid == $hop6 and .metric == 20" $(routes6)
		kernel "unreachable" '.dst == "198.51.100.0/24" and .type == "unreachable" and .metric == 4278198272' $(routes4)
		kernel "unreachable, IPv6" '.dst == "2001:db8:1::/48" and .type == "unreachable" and .metric == 4278198272' $(routes6)
		zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
		kernel "another router MAC: the neighbour has it" ".dst == \"10.0.0.2\" and .lladdr == \"${M}9\"" ip -d -j neigh show dev "$dev"
		zl_ok leaf1 set group 4 2
		kernel "a way less: the group has it" ".id == $group and .group == [{\"id\": $two}]" ip -d -j nexthop show
		kernel "a way less: the route stays" ".dst == \"192.0.2.7\" and .nhid == $group" $(routes4)
		if [ "$TABLE" = 1001 ]; then
			ipn leaf1 link add green type vrf table 1002
			ipn leaf1 link set green up
			zl_ok leaf1 set route $TABLE 203.0.113.0/24 "vrf:$(ns leaf1 ip -j link show green | jq '.[0].ifindex')"
			kernel "leaked: the device of the other VRF" '.dst == "203.0.113.0/24" and .dev == "green" and .metric == 20' $(routes4)
			zl_ok leaf1 set route $TABLE 203.0.113.0/24 unreachable
		fi
		for p in 192.0.2.0/24\ 1 192.0.2.7/32\ 4 2001:db8::/32\ 3 198.51.100.0/24\ unreachable 2001:db8:1::/48\ unreachable; do zl_ok leaf1 del route $TABLE $p; done
		none "prefix: deleted" '.dst | test("^(192.0.2|198.51)")' $(routes4)
		none "IPv6 prefix: deleted" '.dst | test("^2001:db8")' $(routes6)
	}
	if [ "$SHAPE" = svd ] && [ "$TABLE" = 1001 ]; then json_tunnel; fi
	zl_ok leaf1 del group 4
	for a in 1 2 3; do zl_ok leaf1 del hop $a; done
	none "next hops: deleted" "(.dev // \"\") == \"$dev\" or .id == $group" ip -d -j nexthop show
	none "next hops: their neighbours too" 'has("extern_learn")' ip -d -j neigh show dev "$dev"
}

# A label of its own, on one device for all.
json_tunnel() {
	zl_ok leaf1 set hop 6 500 10.0.0.2 ${M}6 10.0.0.2 600
	# The gateway is the router MAC's link-local address: two MACs behind one VTEP are two neighbours.
	kernel "downstream VNI: a tunnel to the VTEP" '.encap == "ip" and .id == 600 and .dst == "10.0.0.2" and .gateway == "fe80::ff:fe00:6" and .dev == "vxs"' ip -d -j nexthop show

	kernel "downstream VNI: a neighbour on the device" ".dst == \"fe80::ff:fe00:6\" and .lladdr == \"${M}6\" and .protocol == \"179\"" ip -d -j neigh show dev vxs
	zl_ok leaf1 del hop 6
	none "downstream VNI: deleted" '.dev == "vxs"' ip -d -j nexthop show
}

zl_json() { # SHAPE
	SHAPE=$1
	note "$SHAPE"
	node leaf1
	ipn leaf1 addr add 10.0.0.1/32 dev lo
	vni_devices 1 110
	zl_run leaf1
	json_layer2
	json_ids
	json_layer3
	stop leaf1
}
