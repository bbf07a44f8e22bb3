#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane of routing: VRFs, next hops, groups and routes, what others do to them, and another engine.
. "$(dirname "$0")/../fabric/lib.sh"
. "$(dirname "$0")/../fabric/zl.sh"
zl_start
M=02:00:00:00:00:0
ip link add "${P}vrf" type vrf table 4242 2>/dev/null || skip "this kernel has no VRFs"
ip link del "${P}vrf"

routes() { # NODE TABLE [-6]: what is ours in it
	ipn "$1" ${3:-} route show table "$2" proto 179
}
route_is() { # NODE TABLE REGEX [-6]
	routes "$1" "$2" "${4:-}" | grep -qE -- "$3"
}
route_lacks() { ! route_is "$@"; }
nexthops() { ipn "$1" nexthop show; }
nexthop_is() { nexthops "$1" | grep -qE -- "$2"; }
nexthop_lacks() { ! nexthop_is "$@"; }
nexthop_id() { nexthops "$1" | sed -nE "s/^id ([0-9]+) $2.*/\1/p" | head -n 1; }

node leaf1
ipn leaf1 addr add 10.0.0.1/32 dev lo
zl_run leaf1 --flush-on-exit

# A tenant, in an unhelpful order: the SVI first, then its VRF.
ipn leaf1 link add br500 type bridge mcast_snooping 0
ipn leaf1 link add vx500 type vxlan id 500 local 10.0.0.1 dstport 4789 nolearning
vxlan_port leaf1 vx500 "$(mac_of 1 500 253)" br500
ipn leaf1 link set br500 address 02:00:00:00:50:01 addrgenmode none up
wait_for 10 "an L3VNI without address" zl_said leaf1 '^vni 500 up .*svi=br500 svimac=02:00:00:00:50:01 vrf= '
ipn leaf1 link add red type vrf table 100
wait_for 10 "a VRF" zl_said leaf1 '^vrf set red table=100 down$'
ipn leaf1 link set red up
wait_for 10 "it is up" zl_said leaf1 '^vrf set red table=100 up$'
ipn leaf1 link set br500 master red
wait_for 10 "the SVI is in it" zl_said leaf1 '^vni 500 up .*vrf=red '
ipn leaf1 link add blue type vrf table 200
ipn leaf1 link set blue up
wait_for 10 "another VRF" zl_said leaf1 '^vrf set blue table=200 up$'
zl_mark leaf1
ipn leaf1 link del blue
wait_for 10 "it is gone" zl_said leaf1 '^vrf del blue '

# Next hops, groups, routes.
zl_ok leaf1 set mac 500 ${M}2 10.0.0.2
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}2
must "neighbour" neigh_has leaf1 br500 "^10.0.0.2 lladdr ${M}2 .*extern_learn +NOARP proto 179"
must "nexthop" nexthop_is leaf1 '^id [0-9]+ via 10.0.0.2 dev br500 scope link proto 179 onlink'
zl_ok leaf1 set hop 2 500 10.0.0.3 ${M}3
zl_ok leaf1 set hop 3 500 ::ffff:10.0.0.2 ${M}2
must "mapped neighbour" neigh_has leaf1 br500 "^::ffff:10.0.0.2 lladdr ${M}2 .*router extern_learn +NOARP proto 179"
zl_ok leaf1 set group 4 1 2
zl_ok leaf1 set route 100 10.2.0.0/24 1
zl_ok leaf1 set route 100 10.2.0.7/32 2
zl_ok leaf1 set route 100 10.3.0.0/16 4
zl_ok leaf1 set route 100 fd02::/64 3
zl_ok leaf1 set route 100 fd02::7/128 3
zl_ok leaf1 set route 100 0.0.0.0/0 unreachable
zl_ok leaf1 set route 100 ::/0 unreachable
must "route" route_is leaf1 100 '^10.2.0.0/24 nhid [0-9]+ via 10.0.0.2 dev br500 metric 20 onlink'
must "host route" route_is leaf1 100 '^10.2.0.7 nhid [0-9]+ via 10.0.0.3 dev br500 metric 20 onlink'
must "over a group" route_is leaf1 100 '^10.3.0.0/16 nhid [0-9]+ metric 20'
must "IPv6 route" route_is leaf1 100 '^fd02::/64 nhid [0-9]+ via ::ffff:10.0.0.2 dev br500 metric 20 onlink' -6
must "last resort" route_is leaf1 100 '^unreachable default metric 4278198272'
must "last resort of IPv6" route_is leaf1 100 '^unreachable default dev lo metric 4278198272' -6

# Packets go there.
ipn leaf1 link add tap0 type veth peer name tap1
ipn leaf1 link set tap0 master br500 up
ipn leaf1 link set tap1 up
ns leaf1 bridge fdb replace ${M}2 dev tap0 master static 2>/dev/null
ns leaf1 tcpdump -n -e -l -i tap1 'host 10.2.0.9 or host fd02::9' >"$W/dump" 2>/dev/null &
PIDS+=($!)
sleep 3
ipn leaf1 addr add 10.99.0.1/32 dev red
ipn leaf1 addr add fd99::1/128 dev red nodad
ns leaf1 ping -I red -c 1 -W 1 10.2.0.9 >/dev/null 2>&1
ns leaf1 ping -I red -c 1 -W 1 fd02::9 >/dev/null 2>&1
wait_for 10 "an IPv4 packet to the router MAC" grep -q "> ${M}2, ethertype IPv4 .* > 10.2.0.9" "$W/dump"
wait_for 10 "an IPv6 packet to the router MAC" grep -q "> ${M}2, ethertype IPv6 .* > fd02::9" "$W/dump"
ipn leaf1 link del tap0

# Changes.
k=$(nexthop_id leaf1 'via 10.0.0.2 dev br500')
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
must "another router MAC" neigh_has leaf1 br500 "^10.0.0.2 lladdr ${M}9 "
must "the same nexthop" test "$k" = "$(nexthop_id leaf1 'via 10.0.0.2 dev br500')"
zl_ok leaf1 set route 100 10.2.0.7/32 1
must "another way" route_is leaf1 100 '^10.2.0.7 nhid [0-9]+ via 10.0.0.2 '
zl_ok leaf1 set group 4 2
zl_ok leaf1 set group 4 1 2
must "group" nexthop_is leaf1 '^id [0-9]+ group [0-9]+/[0-9]+ proto 179'
zl_ok leaf1 set route 100 0.0.0.0/0 2
must "a default" route_is leaf1 100 '^default nhid [0-9]+ via 10.0.0.3 '
must "instead of none" route_lacks leaf1 100 '^unreachable default'
zl_ok leaf1 set route 100 0.0.0.0/0 unreachable
must "none again" route_is leaf1 100 '^unreachable default'
must "instead of one" route_lacks leaf1 100 '^default nhid'

# What cannot be.
zl_refused ENODEV leaf1 set route 300 10.2.0.0/24 1
zl_refused ENOENT leaf1 set route 100 10.4.0.0/24 77
zl_refused ENOENT leaf1 set group 9 1 77
zl_refused EINVAL leaf1 set group 1 2
zl_refused ENODEV leaf1 set hop 5 999 10.0.0.2 ${M}2
zl_refused EINVAL leaf1 set hop 5 500 10.0.0.2 ${M}2 10.0.0.2 600
zl_refused EINVAL leaf1 set route 100 fd04::/64 1
zl_ok leaf1 del route 100 10.77.0.0/16 1
zl_ok leaf1 del hop 77 500 10.0.0.7 ${M}7

# Others' routes.
zl_mark leaf1
ipn leaf1 link add d0 type dummy
ipn leaf1 link set d0 master red up
ipn leaf1 addr add 10.50.0.1/24 dev d0
ipn leaf1 addr add fd50::1/64 dev d0 nodad
wait_for 10 "connected" zl_said leaf1 '^route set table=100 10.50.0.0/24 proto=2 metric=0 dev=d0 connected$'
wait_for 10 "connected IPv6" zl_said leaf1 '^route set table=100 fd50::/64 proto=2 metric=256 dev=d0 connected$'
ipn leaf1 route add 10.60.0.0/16 vrf red via 10.50.0.2 proto static metric 50
wait_for 10 "static" zl_said leaf1 '^route set table=100 10.60.0.0/16 proto=4 metric=50 dev=d0$'
ipn leaf1 route add blackhole 10.60.0.0/16 table 100 metric 40
wait_for 10 "a better one" zl_said leaf1 '^route set table=100 10.60.0.0/16 proto=3 metric=40 dev= blackhole$'
zl_mark leaf1
ipn leaf1 route del blackhole 10.60.0.0/16 table 100 metric 40
wait_for 10 "the other again" zl_said leaf1 '^route set table=100 10.60.0.0/16 proto=4 metric=50 dev=d0$'
ipn leaf1 route del 10.60.0.0/16 table 100
wait_for 10 "gone" zl_said leaf1 '^route del table=100 10.60.0.0/16 '
must "nothing of ours, or of no interest" test "$(grep -cE '^route .*(proto=179|fe80:|ff00:|/32|/128)' "$W/leaf1/out")" = \
	"$(grep -cE '^route .*(10.99.0.1|fd99::1)' "$W/leaf1/out")"
ipn leaf1 route add 10.61.0.0/16 vrf red via 10.50.0.2
wait_for 10 "one more" zl_said leaf1 '^route set table=100 10.61.0.0/16 '
zl_mark leaf1
ipn leaf1 link set d0 down
wait_for 10 "it goes with its device, without a word of the kernel's" zl_said leaf1 '^route del table=100 10.61.0.0/16 '
ipn leaf1 link set d0 up
ipn leaf1 route add 10.70.0.0/16 vrf red via 10.50.0.2 metric 20
wait_for 10 "one with our metric" zl_said leaf1 '^route set table=100 10.70.0.0/16 '
zl_refused EEXIST leaf1 set route 100 10.70.0.0/16 1
zl_ok leaf1 del route 100 10.70.0.0/16 1
must "it stays" grep -q '^10.70.0.0/16 via 10.50.0.2' <<<"$(ipn leaf1 route show table 100)"
zl_mark leaf1
ipn leaf1 link add green type vrf table 300
ipn leaf1 route add unreachable default table 300 metric 4278198272
ipn leaf1 link set green up
wait_for 10 "a route in a VRF that is not up" zl_said leaf1 '^route set table=300 0.0.0.0/0 .* blackhole$'
zl_ok leaf1 set route 300 0.0.0.0/0 unreachable
must "theirs does as well" test "$(routes leaf1 300 | wc -l)" = 0
must "nothing was lost so far" test "$(grep -c '^lost' "$W/leaf1/out")" = 0

# Behind our back.
zl_mark leaf1
ipn leaf1 route del 10.2.0.0/24 table 100
wait_for 10 "a route is lost" zl_said leaf1 '^lost route table=100 10.2.0.0/24 id=1$'
zl_ok leaf1 set route 100 10.2.0.0/24 1
zl_mark leaf1
ipn leaf1 route replace 10.2.0.0/24 table 100 via 10.50.0.2 dev d0 metric 20 proto static
wait_for 10 "a route that is replaced is lost" zl_said leaf1 '^lost route table=100 10.2.0.0/24 '
ipn leaf1 route del 10.2.0.0/24 table 100
wait_for 10 "theirs is gone" zl_said leaf1 '^route del table=100 10.2.0.0/24 '
zl_ok leaf1 set route 100 10.2.0.0/24 1
zl_mark leaf1
ipn leaf1 route add 10.2.0.0/24 table 100 via 10.50.0.2 dev d0 metric 5
wait_for 10 "a better one of somebody" zl_said leaf1 '^route set table=100 10.2.0.0/24 '
must "loses nothing" test "$(zl_count leaf1 '^lost')" = 0
ipn leaf1 route del 10.2.0.0/24 table 100 metric 5
zl_mark leaf1
ipn leaf1 -6 route del fd02::/64 table 100
wait_for 10 "an IPv6 route is lost" zl_said leaf1 '^lost route table=100 fd02::/64 id=3$'
zl_ok leaf1 set route 100 fd02::/64 3
zl_mark leaf1
ipn leaf1 neigh del 10.0.0.2 dev br500
wait_for 10 "a hop's neighbour is lost" zl_said leaf1 "^lost hop 1 vni=500 mac=${M}9 ip=10.0.0.2\$"
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
must "and back" neigh_has leaf1 br500 "^10.0.0.2 lladdr ${M}9 "

# A dead VTEP: one deletion moves everything.
zl_mark leaf1
zl_ok leaf1 del hop 2
must "not in the group any more" nexthop_is leaf1 '^id [0-9]+ group [0-9]+ proto 179'
must "its neighbour is gone" neigh_lacks leaf1 br500 '^10.0.0.3 '
must "the group's route stays" route_is leaf1 100 '^10.3.0.0/16 '
zl_ok leaf1 del hop 3
must "routes that have nothing else are gone" route_lacks leaf1 100 '^fd02::' -6
zl_ok leaf1 set group 4 1
zl_ok leaf1 set hop 3 500 ::ffff:10.0.0.2 ${M}9
zl_ok leaf1 set route 100 fd02::/64 3
sleep 1
must "that was no loss" test "$(zl_count leaf1 '^lost')" = 0

# An operator takes a nexthop away, and its routes with it.
zl_mark leaf1
ipn leaf1 nexthop del id "$(nexthop_id leaf1 'via ::ffff:10.0.0.2 dev br500')"
wait_for 10 "a hop is lost" zl_said leaf1 '^lost hop 3 '
zl_ok leaf1 set hop 3 500 ::ffff:10.0.0.2 ${M}9
zl_ok leaf1 set route 100 fd02::/64 3

# Another engine with other ids: nothing changes.
zl_ok leaf1 set hop 2 500 10.0.0.3 ${M}3
zl_ok leaf1 set group 4 1 2
zl_ok leaf1 set route 100 10.4.0.0/16 2
{ nexthops leaf1 && routes leaf1 100 && routes leaf1 100 -6; } >"$W/before"
ns leaf1 ip monitor route nexthop >"$W/monitor" &
PIDS+=($!)
sleep 1
zl_mark leaf1
zl leaf1 crash
wait_for 20 "another engine" zl_said leaf1 '^end$'
zl_ok leaf1 set mac 500 ${M}2 10.0.0.2
zl_ok leaf1 set hop 21 500 10.0.0.2 ${M}9
zl_ok leaf1 set hop 22 500 10.0.0.3 ${M}3
zl_ok leaf1 set hop 23 500 ::ffff:10.0.0.2 ${M}9
zl_ok leaf1 set group 1 21 22
zl_ok leaf1 set route 100 10.2.0.0/24 21
zl_ok leaf1 set route 100 10.2.0.7/32 21
zl_ok leaf1 set route 100 10.3.0.0/16 1
zl_ok leaf1 set route 100 10.4.0.0/16 22
zl_ok leaf1 set route 100 fd02::/64 23
zl_ok leaf1 set route 100 0.0.0.0/0 unreachable
zl_ok leaf1 set route 100 ::/0 unreachable
zl leaf1 sync
sleep 3
{ nexthops leaf1 && routes leaf1 100 && routes leaf1 100 -6; } >"$W/after"
must "the kernel is as it was" cmp "$W/before" "$W/after"
must "no flicker" test ! -s "$W/monitor"

# And one that wants less.
zl_mark leaf1
zl leaf1 crash
wait_for 20 "a third engine" zl_said leaf1 '^end$'
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
zl_ok leaf1 set route 100 10.2.0.0/24 1
zl leaf1 sync
wait_for 10 "stale routes are swept" route_lacks leaf1 100 '^(10.2.0.7|10.3|10.4|unreachable)'
wait_for 10 "stale IPv6 routes are swept" route_lacks leaf1 100 . -6
one_nexthop() { [ "$(nexthops leaf1 | wc -l)" = 1 ]; }
wait_for 10 "stale nexthops are swept" one_nexthop
wait_for 10 "stale neighbours are swept" neigh_lacks leaf1 br500 '^(10.0.0.3|::ffff:10.0.0.2) '
must "what is wanted stays" route_is leaf1 100 '^10.2.0.0/24 nhid [0-9]+ via 10.0.0.2 '
must "its neighbour too" neigh_has leaf1 br500 "^10.0.0.2 lladdr ${M}9 "
must "theirs stay" grep -q '^10.70.0.0/16 via 10.50.0.2' <<<"$(ipn leaf1 route show table 100)"
must "a sweep loses nothing" test "$(zl_count leaf1 '^lost')" = 0

# The SVI goes down and comes back: what went with it is said, and written again.
zl_mark leaf1
ipn leaf1 link set br500 down
wait_for 10 "the hop is lost with its device" zl_said leaf1 '^lost hop 1 '
zl_mark leaf1
zl_refused ENODEV leaf1 set hop 1 500 10.0.0.2 ${M}9
zl_mark leaf1
ipn leaf1 link set br500 up
wait_for 10 "and again when it is back" zl_said leaf1 '^lost hop 1 '
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
zl_ok leaf1 set route 100 10.2.0.0/24 1
must "the route is back" route_is leaf1 100 '^10.2.0.0/24 nhid [0-9]+ via 10.0.0.2 '

# Leaked: another VRF looks further.
i=$(ipn leaf1 -j link show green | sed -E 's/.*"ifindex":([0-9]+).*/\1/')
zl_ok leaf1 set route 100 10.8.0.0/16 "vrf:$i"
zl_ok leaf1 set route 100 fd08::/64 "vrf:$i"
must "into another VRF" route_is leaf1 100 '^10.8.0.0/16 dev green scope link metric 20'
must "into another VRF, IPv6" route_is leaf1 100 '^fd08::/64 dev green metric 20' -6
zl_refused ENODEV leaf1 set route 100 10.8.0.0/16 vrf:1
zl_ok leaf1 set route 100 10.8.0.0/16 1
must "a way of its own" route_is leaf1 100 '^10.8.0.0/16 nhid '
zl_ok leaf1 set route 100 10.8.0.0/16 "vrf:$i"
must "and back" route_is leaf1 100 '^10.8.0.0/16 dev green '
{ routes leaf1 100 && routes leaf1 100 -6; } >"$W/before"
: >"$W/monitor"
zl_mark leaf1
zl leaf1 crash
wait_for 20 "a fourth engine" zl_said leaf1 '^end$'
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
for r in 10.2.0.0/24\ 1 10.8.0.0/16\ vrf:$i fd08::/64\ vrf:$i; do
	# shellcheck disable=SC2086
	zl_ok leaf1 set route 100 $r
done
zl leaf1 sync
sleep 3
{ routes leaf1 100 && routes leaf1 100 -6; } >"$W/after"
must "adopted" cmp "$W/before" "$W/after"
must "no flicker" test ! -s "$W/monitor"
zl_ok leaf1 del route 100 fd08::/64 "vrf:$i"
must "gone" route_lacks leaf1 100 . -6

# The SVI leaves its VRF; and everything goes at a wanted end.
zl_mark leaf1
ipn leaf1 link set br500 nomaster
wait_for 10 "the SVI has left its VRF" zl_said leaf1 '^vni 500 up .*vrf= '
ipn leaf1 link set br500 master red
wait_for 10 "and is back" zl_said leaf1 '^vni 500 up .*vrf=red '
zl_ok leaf1 set hop 1 500 10.0.0.2 ${M}9
zl_ok leaf1 set route 100 10.2.0.0/24 1
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "no route of ours is left" route_lacks leaf1 100 .
must "no nexthop either" test -z "$(nexthops leaf1)"
must "theirs are" grep -q '^10.70.0.0/16 via 10.50.0.2' <<<"$(ipn leaf1 route show table 100)"
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
