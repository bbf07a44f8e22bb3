# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/lab/l3.sh: two tenants with the same addresses on three leaves: symmetric IRB with anycast gateways, IPv4 and IPv6.
#
# Tenant red: VRF red, L3VNI 901, networks web (VNI 110) and app (VNI 120) on every leaf.
# Tenant blue: VRF blue, L3VNI 902, network web (VNI 210) with the addresses of red's.
# Hosts: h1 web leaf1, h2 web leaf2, h3 app leaf2, h4 app leaf3; b1 and b2 web of blue at leaf1 and leaf3, with
# the addresses (and MACs) of h1 and h2.
# l3_start RR LEAF1 LEAF2 LEAF3: the kinds of the daemons.  SHAPE and SHAPES as in fabric/lib.sh; FAM is the family of the
# VTEPs and sessions, 4 or 6.
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
	local n=leaf$1 dev SHAPE=${SHAPES[leaf$1]:-$SHAPE}
	dev=$(svi "$2")
	"devices_$SHAPE" "$n" "$1" "$2" "$(lo"$FAM" "$1")"
	ips "$n" <<-END
		link set $dev ${3:+master $3} address $(gw_mac "$2") addrgenmode none up
		addr add $(ip4_of "$2" 1)/24 dev $dev
		addr add $(ip6_of "$2" 1)/64 dev $dev nodad
		addr add fe80::1/64 dev $dev nodad
	END
	# What a host answers to another leaf's gateway comes to this one, which has the same address.
	ns "$n" sysctl -qw "net.ipv4.conf.$dev.arp_accept=1" "net.ipv6.conf.$dev.accept_untracked_na=1"
	# Without it the bridge floods what is for the gateway, and each leaf routes a copy.  evpnd makes it itself.
	if [ "${L3_KIND[$1]}" = frr ] && [ "$SHAPE" != plain ]; then
		ns "$n" bridge fdb add "$(gw_mac "$2")" dev br0 vlan "$(vid_of "$2")" self local
	fi
}

# The L3VNI: an SVI without address, with a MAC of this leaf.
l3_vni() { # LEAF-NUMBER VNI VRF
	local n=leaf$1 dev SHAPE=${SHAPES[leaf$1]:-$SHAPE}
	dev=$(svi "$2")
	"devices_$SHAPE" "$n" "$1" "$2" "$(lo"$FAM" "$1")"
	ipn "$n" link set "$dev" master "$3" address "$(mac_of "$1" "$2" 254)" addrgenmode none up
}

l3_host() { # NAME LEAF-NUMBER VNI NUMBER
	node "$1"
	l3_plug "$@"
}

l3_plug() { # NAME LEAF-NUMBER VNI NUMBER
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=0
	l3_attach "$@"
}

l3_attach() { # NAME LEAF-NUMBER VNI NUMBER
	local SHAPE=${SHAPES[leaf$2]:-$SHAPE}
	ip link add "p$1" netns "${P}leaf$2" type veth peer name eth0 netns "$P$1" || fail "cannot make a veth pair"
	ipn "leaf$2" link set "p$1" master "$(brdev "$3")" addrgenmode none up
	if [ "$SHAPE" != plain ]; then ns "leaf$2" bridge vlan add dev "p$1" vid "$(vid_of "$3")" pvid untagged; fi
	ips "$1" <<-END
		link set eth0 address $(l3_mac "$3" "$4") mtu 1500 up
		addr add $(ip4_of "$3" "$4")/24 dev eth0
		addr add $(ip6_of "$3" "$4")/64 dev eth0 nodad
		route add default via $(ip4_of "$3" 1)
		route add default via $(ip6_of "$3" 1)
	END
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

# What every leaf has; leaves are built beside each other, which takes half the time.
l3_leaf() { # LEAF-NUMBER
	l3_vni "$1" $RED red
	l3_vni "$1" $BLUE blue
	l3_net "$1" $WEB red
	l3_net "$1" $APP red
	l3_net "$1" $BWEB blue
}

l3_leaves() { # HOW-MANY
	local i
	MTU=1700 underlay "$1"
	for ((i = 1; i <= $1; i++)); do
		l3_vrf "$i" red 1001
		l3_vrf "$i" blue 1002
	done
	# shellcheck disable=SC2046
	at_once l3_leaf $(seq "$1") || fail "the leaves cannot be built"
}

l3_build() {
	l3_leaves 3
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
	for ((i = 1; i < $#; i++)); do run "${L3_KIND[$i]}" "leaf$i" < <(l3_conf $i); done
	l3_sessions
	at_once l3_speak "${L3_HOSTS[@]}"
}

l3_sessions() {
	local i
	for ((i = 1; i < ${#L3_KIND[@]}; i++)); do
		wait_for 30 "leaf$i (${KIND[leaf$i]}) has a session to ${KIND[spine]}" session_up "leaf$i" "$(lo"$FAM" 100)"
	done
}

# at_once COMMAND ARGUMENT[,ARGUMENT]...: the command with each of these lists beside the others; false if one was.
at_once() {
	local args one pid rc=0 pids=()
	for one in "${@:2}"; do
		IFS=, read -ra args <<<"$one"
		"$1" "${args[@]}" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || rc=1; done
	return $rc
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
	wait_for 40 "h1 reaches h2 in its own network (bridged)" hops h1 $WEB 12 0
	wait_for 40 "h2 reaches h3 in the other network of its leaf (routed there)" hops h2 $APP 13 1
	wait_for 40 "h1 reaches h3 in the other network at leaf2, by both leaves (symmetric IRB)" hops h1 $APP 13 2
	wait_for 40 "h3 reaches h1" hops h3 $WEB 11 2
	wait_for 40 "h1 reaches h4 at leaf3" hops h1 $APP 14 2
	wait_for 40 "b1 reaches b2: blue has red's addresses" hops b1 $BWEB 12 0
	wait_for 20 "leaf1 has a route to the host h4" vrf_route leaf1 red "$(ip4_of $APP 14)" "$(lo"$FAM" 3)"
	no_vrf_route leaf1 blue "$(ip4_of $APP 14)" || fail "blue has a route of red"
	ok "blue has no route of red"
}

# Prefix N, which stands behind a router that is a host in a network, and an address in it.
prefix4() { echo "198.51.100.$((16 * $1))/28"; }
prefix6() { echo "2001:db8:$1::/48"; }
far4() { echo "198.51.100.$((16 * $1 + 1))"; }
far6() { echo "2001:db8:$1::1"; }
both_far() { pings "$1" "$(far4 "$2")" "${3:-2}" && pings "$1" "$(far6 "$2")" "${3:-2}"; } # NAME N [COUNT]

# The router is NUMBER in app at the leaf, where static routes of the VRF lead to it.
l3_router() { # NAME LEAF-NUMBER NUMBER N
	l3_host "$1" "$2" $APP "$3"
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=1
	ipn "$1" addr add "$(far4 "$4")/32" dev lo
	ipn "$1" addr add "$(far6 "$4")/128" dev lo nodad
	ipn "leaf$2" route add "$(prefix4 "$4")" via "$(ip4_of $APP "$3")" vrf red proto static
	ipn "leaf$2" route add "$(prefix6 "$4")" via "$(ip6_of $APP "$3")" vrf red proto static
}

l3_prefix() {
	local p
	l3_router ext 3 50 0
	for p in "$(prefix4 0)" "$(prefix6 0)"; do
		wait_for 30 "leaf1 has $p, behind a router at leaf3" vrf_route leaf1 red "$p" "$(lo"$FAM" 3)"
	done
	wait_for 30 "h1 reaches what is behind it" both_far h1 0
	no_vrf_route leaf1 blue "$(prefix4 0)" || fail "blue has red's prefix"
	for p in "$(prefix4 0)" "$(prefix6 0)"; do
		ipn leaf3 route del "$p" vrf red
		wait_for 30 "$p withdrawn: leaf1 has it no more" no_vrf_route leaf1 red "$p"
	done
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

# l3_silent NAME LEAF-NUMBER NUMBER OBSERVER: hosts NUMBER and the next one of app never spoke.  Nobody has them, the
# leaves ask for them in the network; the host of that name by IPv4 for one and by IPv6 for the other.
l3_silent() {
	local a n
	for n in "$3" $(($3 + 1)); do
		a=$(ip4_of $APP "$n")
		[ "$n" = "$3" ] || a=$(ip6_of $APP "$n")
		l3_host "s$n" "$2" $APP "$n"
		wait_for 40 "$1 reaches $a at leaf$2, who never spoke" pings "$1" "$a"
		wait_for 40 "and its leaf tells it from then on: $4 has a route" vrf_route "$4" red "$a" "$(lo"$FAM" "$2")"
	done
}

# l3_suppressed COMMAND LEAF,HOST,VNI,NUMBER...: each host forgets whom it knows and the command goes well, which is given
# its name; none of its queries leaves its leaf, as a capture on the underlay shows.
l3_suppressed() {
	local one leaf name vni number mac names=() captures=()
	if ! command -v tcpdump >/dev/null; then
		note "no tcpdump: nothing is captured"
		return
	fi
	for one in "${@:2}"; do
		IFS=, read -r leaf name vni number <<<"$one"
		background "$leaf" tcpdump -n -e -l -i up0 'udp dst port 4789' >"$W/heard.$leaf" 2>"$W/capture.$leaf"
		captures+=("$BG")
		names+=("$name")
		wait_quiet 30 grep -q '^listening' "$W/capture.$leaf" || fail "no capture runs at $leaf"
	done
	forgetful() { ipn "$2" neigh flush dev eth0 && "$1" "$2"; }
	for _ in 1 2; do at_once forgetful "${names[@]/#/$1,}" || fail "not reached: $1"; done
	sleep 2
	for one in "${captures[@]}"; do kill "$one" && await_end "$one" 20; done
	for one in "${@:2}"; do
		IFS=, read -r leaf name vni number <<<"$one"
		mac=$(l3_mac "$vni" "$number")
		# Who asks the host itself whether it is still there knows it.  Link-local addresses are not known before they speak.
		! grep -E "^$mac > (ff:ff|33:33):.*(Request who-has|neighbor solicitation, who has fd)" "$W/heard.$leaf" ||
			fail "queries of $name for a known host left $leaf"
		grep -q "^$mac > .*ICMP echo request" "$W/heard.$leaf" || fail "the capture at $leaf saw nothing of the pings of $name"
		grep -q "^$mac > .*ICMP6, echo request" "$W/heard.$leaf" || fail "the capture at $leaf saw nothing of the pings of $name by IPv6"
		ok "queries of $name for whom $leaf knows are answered there, none leaves it"
	done
}

# l3_crash LEAF HOST ADDRESS...: the engine there dies while the host pings, routed.  No packet is lost and none comes twice;
# the next hops and the VRF's routes are the same afterwards.
l3_crash() {
	local leaf=$1 name=$2 a pids=() pid
	tables() { ipn "$leaf" nexthop show && ns "$leaf" ip route show vrf red && ns "$leaf" ip -6 route show vrf red; }
	tables | sort >"$W/before"
	for a in "${@:3}"; do
		ns "$name" ping -n -q -i 0.2 -c 60 -W 2 "$a" >"$W/ping.$a" 2>&1 &
		pids+=($!)
	done
	sleep 2
	kill -9 "$(engine_of "$leaf")"
	for pid in "${pids[@]}"; do wait "$pid"; done
	for a in "${@:3}"; do
		grep -q ' 0% packet loss' "$W/ping.$a" || fail "packets to $a were lost: $(grep loss "$W/ping.$a")"
		grep -q duplicates "$W/ping.$a" && fail "packets to $a came twice"
		ok "the engine of $leaf killed under a routed ping to $a: no packet lost"
	done
	wait_for 60 "the session is back" session_up "$leaf" "$(lo"$FAM" 100)"
	same() { tables | sort | cmp -s "$W/before"; }
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

# l3_ways N LEAF LEAF OBSERVER...: prefix N stands behind routers at both leaves, and the observers share their traffic
# between them.  An observer is NUMBER,HOST: a leaf and one of its hosts.
l3_ways() {
	local n=$1 i p o
	for i in "$2" "$3"; do l3_router "r$n$i" "$i" $((30 + 10 * n + i)) "$n"; done
	two_ways() { [ "$(in_vrf "$@" | grep -c 'nexthop .*via ')" = 2 ]; }
	for o in "${@:4}"; do
		for p in "$(prefix4 "$n")" "$(prefix6 "$n")"; do
			wait_for 40 "leaf${o%,*} (${SHAPES[leaf${o%,*}]:-$SHAPE}) shares the traffic to $p between two leaves" two_ways "leaf${o%,*}" red "$p"
		done
		wait_for 30 "${o#*,} reaches what is behind both" both_far "${o#*,}" "$n"
	done
}

# l3_way_left N DEAD LEAF OBSERVER...: the same when one of the leaves has vanished.
l3_way_left() {
	local n=$1 dead=$2 left=$3 p o
	one_way() { vrf_route "$1" red "$2" "$(lo"$FAM" "$left")" && ! two_ways "$1" red "$2"; }
	for o in "${@:4}"; do
		for p in "$(prefix4 "$n")" "$(prefix6 "$n")"; do
			wait_for 60 "leaf$dead has died: leaf${o%,*} goes on to $p with the other one" one_way "leaf${o%,*}" "$p"
		done
		wait_for 20 "and ${o#*,} still reaches it" both_far "${o#*,}" "$n" 5
	done
}

l3_ecmp() { # N DIES STAYS OBSERVER...
	l3_ways "$@"
	ipn "leaf$2" link set up0 down
	l3_way_left "$@"
}
