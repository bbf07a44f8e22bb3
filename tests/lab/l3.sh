# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/lab/l3.sh: two tenants with the same addresses on three leaves: symmetric IRB with anycast gateways, IPv4 and IPv6.
#
# Tenant red: VRF red, L3VNI 901, networks web (VNI 110) and app (VNI 120) on every leaf.
# Tenant blue: VRF blue, L3VNI 902, network web (VNI 210) with the addresses of red's.
# Hosts: h1 web leaf1, h2 web leaf2, h3 app leaf2, h4 app leaf3; b1 and b2 web of blue at leaf1 and leaf3, with
# the addresses (and MACs) of h1 and h2.
# l3_start RR LEAF1 LEAF2 LEAF3: the kinds of the daemons.  SHAPE as in fabric/lib.sh; FAM is the family of the VTEPs and
# sessions, 4 or 6.
. "$(dirname "${BASH_SOURCE[0]}")/../fabric/lib.sh"

FAM=${FAM:-4}
declare -a L3_KIND # the daemon of leaf N, by N
RED=901 BLUE=902 WEB=110 APP=120 BWEB=210
L3_HOSTS=(h1,$WEB h2,$WEB h3,$APP h4,$APP b1,$BWEB b2,$BWEB) # those that speak at the start

net_of() { echo $(($1 % 100)); }                    # VNI -> third octet of its network
ip4_of() { echo "10.1.$(net_of "$1").$2"; }         # VNI NUMBER
ip6_of() { echo "fd01:$(net_of "$1")::$2"; }        # VNI NUMBER
gw_mac() { printf '02:00:5e:00:01:%02x\n' "$(net_of "$1")"; } # VNI

l3_vrf() { # LEAF-NUMBER NAME TABLE
	ipn "leaf$1" link add "$2" type vrf table "$3" 2>/dev/null || skip "this kernel has no VRF"
	ipn "leaf$1" link set "$2" up
}

# A network with its gateway, the same at every leaf; without VRF's name in the machine's own table.
l3_net() { # LEAF-NUMBER VNI [VRF]
	local n=leaf$1 dev
	dev=$(svi "$2")
	"devices_$SHAPE" "$n" "$1" "$2" "$(lo"$FAM" "$1")"
	ipn "$n" link set "$dev" ${3:+master "$3"} address "$(gw_mac "$2")" addrgenmode none up
	ipn "$n" addr add "$(ip4_of "$2" 1)/24" dev "$dev"
	ipn "$n" addr add "$(ip6_of "$2" 1)/64" dev "$dev" nodad
	ipn "$n" addr add fe80::1/64 dev "$dev" nodad
	ns "$n" sysctl -qw "net.ipv4.conf.$dev.arp_accept=1"
	# What a host answers to another leaf's gateway comes to this one, which has the same address.
	ns "$n" sysctl -qw "net.ipv6.conf.$dev.accept_untracked_na=1"
	# Without it the bridge floods what is for the gateway, and each leaf routes a copy.  evpnd makes it itself.
	if [ "${L3_KIND[$1]}" = frr ] && [ "$SHAPE" != plain ]; then
		ns "$n" bridge fdb add "$(gw_mac "$2")" dev br0 vlan "$(vid_of "$2")" self local
	fi
}

# The L3VNI: an SVI without address, with a MAC of this leaf.
l3_vni() { # LEAF-NUMBER VNI VRF
	local n=leaf$1 dev
	dev=$(svi "$2")
	"devices_$SHAPE" "$n" "$1" "$2" "$(lo"$FAM" "$1")"
	ipn "$n" link set "$dev" master "$3" address "$(mac_of "$1" "$2" 254)" addrgenmode none up
}

l3_host() { # NAME LEAF-NUMBER VNI NUMBER
	node "$1"
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=0
	l3_attach "$@"
}

l3_attach() { # NAME LEAF-NUMBER VNI NUMBER
	ip link add "p$1" netns "${P}leaf$2" type veth peer name eth0 netns "$P$1" || fail "cannot make a veth pair"
	ipn "leaf$2" link set "p$1" master "$(brdev "$3")" addrgenmode none up
	if [ "$SHAPE" != plain ]; then ns "leaf$2" bridge vlan add dev "p$1" vid "$(vid_of "$3")" pvid untagged; fi
	ipn "$1" link set eth0 address "$(l3_mac "$3" "$4")" mtu 1500 up
	ipn "$1" addr add "$(ip4_of "$3" "$4")/24" dev eth0
	ipn "$1" addr add "$(ip6_of "$3" "$4")/64" dev eth0 nodad
	ipn "$1" route add default via "$(ip4_of "$3" 1)"
	ipn "$1" route add default via "$(ip6_of "$3" 1)"
}

l3_move() { # NAME FROM TO VNI NUMBER: a virtual machine that shows up elsewhere and announces itself
	ipn "leaf$2" link del "p$1"
	l3_attach "$1" "$3" "$4" "$5"
	l3_speak "$1" "$4"
}

# The host says something: its gateway learns it.
l3_speak() { # NAME VNI
	ns "$1" ping -n -q -c 1 -W 1 "$(ip4_of "$2" 1)" >/dev/null
	ns "$1" ping -n -q -c 1 -W 1 "$(ip6_of "$2" 1)" >/dev/null
}

l3_build() {
	local i
	MTU=1700 underlay 3
	for i in 1 2 3; do
		l3_vrf "$i" red 1001
		l3_vrf "$i" blue 1002
		l3_vni "$i" $RED red
		l3_vni "$i" $BLUE blue
		l3_net "$i" $WEB red
		l3_net "$i" $APP red
		l3_net "$i" $BWEB blue
	done
	l3_host h1 1 $WEB 11
	l3_host h2 2 $WEB 12
	l3_host h3 2 $APP 13
	l3_host h4 3 $APP 14
	l3_host b1 1 $BWEB 11
	l3_host b2 3 $BWEB 12
}

l3_conf_vrf() { # NUMBER NAME
	cat <<-END
		router bgp 65000 vrf $2
		 bgp router-id $(lo4 "$1")
		 address-family ipv4 unicast
		  redistribute connected
		  redistribute static
		  redistribute kernel
		 exit-address-family
		 address-family ipv6 unicast
		  redistribute connected
		  redistribute static
		  redistribute kernel
		 exit-address-family
		 address-family l2vpn evpn
		  advertise ipv4 unicast
		  advertise ipv6 unicast
		 exit-address-family
		exit
	END
}

l3_conf() { # NUMBER
	printf 'vrf red\n vni %s\nexit-vrf\nvrf blue\n vni %s\nexit-vrf\n' $RED $BLUE
	conf_leaf "$1" "$FAM"
	l3_conf_vrf "$1" red
	l3_conf_vrf "$1" blue
}

l3_start() { # RR LEAF1 LEAF2 LEAF3
	local i
	command -v jq >/dev/null || skip "jq is not there"
	need_all "$@"
	fab_start
	L3_KIND=("$@")
	l3_build
	run_rr "$1"
	for i in 1 2 3; do run "${@:$((i + 1)):1}" "leaf$i" < <(l3_conf $i); done
	for i in 1 2 3; do wait_for 30 "leaf$i (${KIND[leaf$i]}) has a session to ${KIND[spine]}" session_up "leaf$i" "$(lo"$FAM" 100)"; done
	for i in "${L3_HOSTS[@]}"; do l3_speak "${i%,*}" "${i#*,}"; done
}

l3_mac() { printf '02:aa:00:00:%s:%s\n' "$(net_of "$1")" "$2"; } # VNI NUMBER

# hops NAME VNI NUMBER ROUTERS: the host is reached by both families, through that many routers each way.
hops() {
	local a
	for a in "$(ip4_of "$2" "$3")" "$(ip6_of "$2" "$3")"; do
		[ "$(ns "$1" ping -n -c 2 -i 0.2 -W 1 "$a" | grep -c " ttl=$((64 - $4)) ")" = 2 ] || return 1
	done
}

# both NAME TEXT VNI NUMBER: pings by IPv4 and IPv6.
both() { pings "$1" "$(ip4_of "$2" "$3")" 2 && pings "$1" "$(ip6_of "$2" "$3")" 2; }

# Routes in a VRF.
in_vrf() { # NODE VRF PREFIX
	local f=4
	case $3 in *:*) f=6 ;; esac
	ns "$1" ip -$f route show vrf "$2" "$3" 2>/dev/null
}
# One over the VTEP, whatever the family of the prefix is.
vrf_route() { # NODE VRF PREFIX VTEP
	in_vrf "$1" "$2" "$3" | grep -qE "via (inet6 )?(::ffff:)?${4//./\\.} "
}
no_vrf_route() { [ -z "$(in_vrf "$@" | grep -v unreachable)" ]; }

l3_reach() {
	wait_for 40 "h1 reaches h2 in its own network (bridged)" both h1 $WEB 12
	wait_for 40 "h2 reaches h3 in the other network of its leaf (routed there)" both h2 $APP 13
	wait_for 40 "h1 reaches h3 in the other network at leaf2 (symmetric IRB)" both h1 $APP 13
	wait_for 40 "h3 reaches h1" both h3 $WEB 11
	wait_for 40 "h1 reaches h4 at leaf3" both h1 $APP 14
	wait_for 40 "b1 reaches b2: blue has red's addresses" both b1 $BWEB 12
	wait_for 20 "leaf1 has a route to the host h4" vrf_route leaf1 red "$(ip4_of $APP 14)" "$(lo"$FAM" 3)"
	no_vrf_route leaf1 blue "$(ip4_of $APP 14)" || fail "blue has a route of red"
	ok "blue has no route of red"
}

# A prefix behind a router that is a host in a network of leaf3: static routes of the VRF there.
l3_prefix() {
	l3_host ext 3 $APP 50
	ns ext sysctl -qw net.ipv6.conf.all.forwarding=1
	ipn ext addr add 192.0.2.1/32 dev lo
	ipn ext addr add 2001:db8::1/128 dev lo nodad
	ipn leaf3 route add 192.0.2.0/24 via "$(ip4_of $APP 50)" vrf red proto static
	ipn leaf3 route add 2001:db8::/32 via "$(ip6_of $APP 50)" vrf red proto static
	wait_for 30 "leaf1 has the prefix behind leaf3" vrf_route leaf1 red 192.0.2.0/24 "$(lo"$FAM" 3)"
	wait_for 30 "and that of IPv6" vrf_route leaf1 red 2001:db8::/32 "$(lo"$FAM" 3)"
	wait_for 30 "h1 reaches it" pings h1 192.0.2.1
	wait_for 30 "and by IPv6" pings h1 2001:db8::1
	no_vrf_route leaf1 blue 192.0.2.0/24 || fail "blue has red's prefix"
	ipn leaf3 route del 192.0.2.0/24 vrf red
	wait_for 30 "the prefix withdrawn: leaf1 has it no more" no_vrf_route leaf1 red 192.0.2.0/24
}

l3_moves() {
	l3_move h2 2 3 $WEB 12
	wait_for 40 "h2 moved to leaf3: leaf1's route follows" vrf_route leaf1 red "$(ip4_of $WEB 12)" "$(lo"$FAM" 3)"
	wait_for 40 "h1 reaches h2 there" both h1 $WEB 12
	wait_for 40 "h3 of the old leaf reaches h2" both h3 $WEB 12
	wait_for 40 "h4 of the new leaf reaches h2" both h4 $WEB 12
	l3_move h2 3 2 $WEB 12
	wait_for 40 "h2 moved back: h4 reaches it" both h4 $WEB 12
	wait_for 40 "and h1" both h1 $WEB 12
}

# Hosts that never spoke: nobody has them, the network's leaves ask for them.
l3_silent() {
	l3_host s1 3 $APP 98
	wait_for 40 "h1 reaches a host of leaf3 that never spoke" pings h1 "$(ip4_of $APP 98)"
	wait_for 40 "and its leaf tells it from then on" vrf_route leaf1 red "$(ip4_of $APP 98)" "$(lo"$FAM" 3)"
	l3_host s2 3 $APP 99
	wait_for 40 "h1 reaches another one by IPv6" pings h1 "$(ip6_of $APP 99)"
	wait_for 40 "and its leaf tells it from then on" vrf_route leaf1 red "$(ip6_of $APP 99)" "$(lo"$FAM" 3)"
}

# l3_suppressed LEAF NAME VNI NUMBER COMMAND...: the host forgets whom it knows and the command goes well; none of the
# host's queries leaves the leaf, as a capture on the underlay shows.
l3_suppressed() {
	local leaf=$1 name=$2 mac cap n
	mac=$(l3_mac "$3" "$4")
	shift 4
	command -v tshark >/dev/null || {
		note "no tshark: nothing is captured"
		return
	}
	cap=$W/capture
	: >"$cap"
	chmod 666 "$cap"
	background "$leaf" tshark -q -l -n -i up0 -f "udp dst port 4789" -w "$cap" 2>"$cap.err"
	wait_for 30 "a capture runs" test -s "$cap"
	for _ in 1 2; do
		ipn "$name" neigh flush dev eth0
		"$@" || fail "$*"
	done
	sleep 2
	kill "$BG"
	await_end "$BG" 20
	in_capture() { tshark -r "$cap" -n -d udp.port==4789,vxlan -Y "$1" 2>/dev/null; }
	n=$(in_capture "(arp.opcode == 1 || icmpv6.type == 135) && vxlan && eth.src == $mac" | wc -l)
	[ "$n" = 0 ] || fail "$n queries of $name for a known host left $leaf"
	in_capture icmp | grep -q . || fail "the capture saw nothing of the pings"
	in_capture 'icmpv6.type == 128' | grep -q . || fail "the capture saw nothing of the pings by IPv6"
	ok "queries of $name for whom $leaf knows are answered there, none leaves it"
}

# The engine dies under a ping that is routed: no packet is lost, and all is the same afterwards.
l3_crash() {
	local before after said
	before=$(ns leaf1 ip route show vrf red | sort)
	ns h1 ping -n -q -i 0.2 -c 60 -W 2 "$(ip4_of $APP 13)" >"$W/ping" 2>&1 &
	said=$!
	sleep 2
	kill -9 "$(engine_of leaf1)"
	wait "$said"
	grep -q ' 0% packet loss' "$W/ping" || fail "packets were lost: $(grep loss "$W/ping")"
	grep -q duplicates "$W/ping" && fail "packets came twice"
	ok "the engine of leaf1 killed under a routed ping: no packet lost"
	wait_for 60 "the session is back" session_up leaf1 "$(lo"$FAM" 100)"
	same() { [ "$(ns leaf1 ip route show vrf red | sort)" = "$before" ]; }
	wait_for 60 "the VRF's routes are the same, next hop ids and all" same
}

# A leaf vanishes: what was behind it goes, the rest stays.
l3_lost() {
	ipn leaf3 link set up0 down
	wait_for 60 "leaf3 lost: leaf1 has no route to h4" no_vrf_route leaf1 red "$(ip4_of $APP 14)"
	wait_for 20 "h1 still reaches h3" both h1 $APP 13
	ipn leaf3 link set up0 up
	ipn leaf3 route replace 10.0.0.0/24 via 172.16.3.0 src "$(lo4 3)" # went with the link
	wait_for 90 "leaf3 is back: h1 reaches h4" both h1 $APP 14
}

# One prefix behind two leaves, each with a router beside it; one of the leaves vanishes under a ping.
l3_ecmp() {
	local i
	for i in 2 3; do
		node "r$i"
		link "r$i" eth0 "leaf$i" pr
		ipn "leaf$i" link set pr master red
		ipn "leaf$i" addr add "10.9.$i.1/30" dev pr
		ipn "r$i" addr add "10.9.$i.2/30" dev eth0
		ipn "r$i" addr add 198.51.100.1/32 dev lo
		ipn "r$i" route add default via "10.9.$i.1"
		ipn "leaf$i" route add 198.51.100.0/24 via "10.9.$i.2" vrf red proto static
	done
	two_ways() { [ "$(ns leaf1 ip -j route show vrf red 198.51.100.0/24 | jq '.[0].nexthops | length')" = 2 ]; }
	wait_for 40 "leaf1 shares the traffic between two leaves" two_ways
	wait_for 30 "h1 reaches what is behind both" pings h1 198.51.100.1
	ipn leaf3 link set up0 down
	one_way() { vrf_route leaf1 red 198.51.100.0/24 "$(lo"$FAM" 2)" && ! two_ways; }
	wait_for 60 "leaf3 dies: leaf1 goes on with the other one" one_way
	wait_for 20 "and h1 still reaches it" pings h1 198.51.100.1 5
}
