#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane says how watched next hops are reached, and what routes and links do to that.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_start
underlay 1
node leaf2
link leaf1 side leaf2 side
ipn leaf1 addr add 172.17.0.1/24 dev side
ipn leaf2 addr add 172.17.0.2/24 dev side
zl_run leaf1

now() { # ADDRESS STATE METRIC: what was said last
	[ "$(grep "^nexthop $1 " "$W/leaf1/out" | tail -n 1)" = "nexthop $1 $2 metric=$3" ]
}

ask() { # ADDRESS STATE METRIC
	zl_mark leaf1
	zl leaf1 watch set "$1"
	wait_for 5 "$1 is $2, metric $3" zl_said leaf1 "^nexthop $1 $2 metric=$3\$"
}

becomes() { # TEXT ADDRESS STATE METRIC
	wait_for 5 "$1: $2 is $3, metric $4" now "$2" "$3" "$4"
}

# The first answer.
ask 10.0.0.2 reachable 0
ask 10.0.0.1 reachable 0
ask 172.17.0.2 reachable 0
ask 203.0.113.1 unreachable 0
ask fd00::2 reachable 1024
ask 2001:db8::1 unreachable 0
ask 10.0.0.2 reachable 0

# Routes: changed, removed, added, the default one.
ipn leaf1 route add 10.0.0.2/32 via 172.16.1.0 metric 20
becomes "a better route" 10.0.0.2 reachable 20
ipn leaf1 route add 10.0.0.2/32 via 172.17.0.2 metric 10
becomes "a cheaper one" 10.0.0.2 reachable 10
ipn leaf1 route del 10.0.0.0/24
ipn leaf1 route del 10.0.0.2/32 metric 10
becomes "the first again" 10.0.0.2 reachable 20
ipn leaf1 route del 10.0.0.2/32 metric 20
becomes "no route" 10.0.0.2 unreachable 0
ipn leaf1 route add default via 172.16.1.0 metric 77
becomes "the default route" 10.0.0.2 reachable 77
becomes "the default route" 203.0.113.1 reachable 77
ipn leaf1 route add unreachable 10.0.0.2/32
becomes "a route of type unreachable" 10.0.0.2 unreachable 0
ipn leaf1 route replace blackhole 10.0.0.2/32
ipn leaf1 route del blackhole 10.0.0.2/32
becomes "without it" 10.0.0.2 reachable 77
ipn leaf1 route del fd00::/64
becomes "IPv6, no route" fd00::2 unreachable 0
ipn leaf1 route add fd00::/64 via fd16:1::0 metric 5
becomes "IPv6, a route" fd00::2 reachable 5

# Links: no carrier, down; then one of two ways.
ipn leaf2 link set side down
becomes "no carrier" 172.17.0.2 unreachable 0
ipn leaf2 link set side up
becomes "carrier" 172.17.0.2 reachable 0
ipn leaf1 route add 10.0.0.2/32 nexthop via 172.16.1.0 nexthop via 172.17.0.2
becomes "two ways" 10.0.0.2 reachable 0
ipn leaf2 link set side down
becomes "no carrier" 172.17.0.2 unreachable 0
must "one of two ways is enough" now 10.0.0.2 reachable 0
ipn spine link set down1 down
becomes "both are down" 10.0.0.2 unreachable 0
ipn spine link set down1 up
becomes "one is up" 10.0.0.2 reachable 0
# The kernel says nothing of the routes that go with a link.
ipn leaf1 link set side down
ipn leaf1 link set up0 down
becomes "our link is down" 203.0.113.1 unreachable 0
becomes "our link is down" 10.0.0.2 unreachable 0
ipn leaf1 link set up0 up
ipn leaf1 route add default via 172.16.1.0
becomes "and up again" 203.0.113.1 reachable 0
ipn leaf1 addr del 10.0.0.1/32 dev lo
ipn leaf1 route add unreachable 10.0.0.0/24
becomes "an address of ours is gone" 10.0.0.1 unreachable 0
ipn leaf1 addr add 10.0.0.1/32 dev lo
becomes "and back" 10.0.0.1 reachable 0
ipn leaf1 route del unreachable 10.0.0.0/24

# A storm: the last state arrives, in far fewer messages than there were changes.
zl_mark leaf1
for ((i = 0; i < 2000; i++)); do
	echo "route replace 10.0.0.2/32 via 172.16.1.0 metric 3"
	echo "route del 10.0.0.2/32 metric 3"
done >"$W/storm"
echo "route add 10.0.0.2/32 via 172.16.1.0 metric 9" >>"$W/storm"
ipn leaf1 -batch "$W/storm"
becomes "after a storm of routes" 10.0.0.2 reachable 9
n=$(zl_count leaf1 '^nexthop 10.0.0.2 ')
[ "$n" -lt 1000 ] || fail "$n messages for 4000 changes"
ok "$n messages for 4000 changes"

# Not watched any more: nothing is said.  A new engine has to ask again.
zl leaf1 watch del 10.0.0.2
zl_mark leaf1
ipn leaf1 route del 10.0.0.2/32 metric 9
ipn leaf1 route add 10.0.0.2/32 via 172.16.1.0 metric 4
ipn leaf1 route del default
becomes "another one" 203.0.113.1 unreachable 0
must "silence about what is not watched" test "$(zl_count leaf1 '^nexthop 10.0.0.2 ')" = 0
zl_mark leaf1
zl leaf1 crash
wait_for 10 "a new engine" zl_said leaf1 '^end$'
zl_mark leaf1
ipn leaf1 route add default via 172.16.1.0
ask 203.0.113.1 reachable 0
must "nothing about what the old one watched" test "$(zl_count leaf1 '^nexthop' )" = 1
