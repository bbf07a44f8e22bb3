#!/bin/bash
# SPDX-License-Identifier: ISC
# `evpn fdb-nexthop-ids` on one of two leaves, said, unsaid and said again while hosts talk; IPv4 or IPv6 VTEPs.
. "$(dirname "$0")/basic.sh"
ip nexthop help 2>&1 | grep -q fdb || skip "this ip has no nexthops for FDB entries"
F=${1:-4}
basic_start evpnd evpnd evpnd "$F"

MAC=$(host_mac $V1 2)
by_id() { fdb_of leaf1 $V1 | jq -e --arg m "$MAC" 'any(.[]; .mac == $m and .nhid != null)'; }
by_address() {
	mac_at leaf1 $V1 "$MAC" "$(lo"$F" 2)" && ! by_id
}
talk() { wait_for 10 "$1" pings h1 "$(host4 $V1 2)" 3; }
say() { vt leaf1 'configure terminal' "$1" || fail "$1"; }

talk "h1 reaches h2"
wait_for 10 "by address to begin with" by_address
say 'evpn fdb-nexthop-ids'
wait_for 10 "the MAC of h2 is by nexthop id" by_id
talk "h1 reaches h2"
vt_has leaf1 'show running-config' '^evpn fdb-nexthop-ids$' || fail "the statement is not in the configuration"
ipn leaf1 nexthop show proto 179 | grep -q "via $(lo"$F" 2) .*fdb" || fail "no nexthop for leaf2"
say 'no evpn fdb-nexthop-ids'
wait_for 10 "by address again" by_address
talk "h1 reaches h2"
no_nexthops() { [ -z "$(ipn leaf1 nexthop show proto 179)" ]; }
wait_for 10 "no nexthop is left" no_nexthops
say 'evpn fdb-nexthop-ids'
wait_for 10 "and by id" by_id
host_move h2 2 1 $V1 2
ns h2 ping -c1 -W1 "$(host4 $V1 1)" >/dev/null
wait_for 20 "h2 moved: leaf1 has its MAC on a port" mac_local leaf1 $V1 "$MAC" ph2
host_move h2 1 2 $V1 2
ns h2 ping -c1 -W1 "$(host4 $V1 201)" >/dev/null
wait_for 20 "h2 moved back" by_id
talk "h1 reaches h2"
