#!/bin/bash
# SPDX-License-Identifier: ISC
# A query for a known remote host never leaves the leaf: ARP and neighbour solicitations are answered from what BGP said,
# as a capture on the underlay shows; a query for an unknown one is flooded.
. "$(dirname "$0")/basic.sh"
. "$(dirname "$0")/capture.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
ns leaf2 ping -c1 -W1 -I "$(svi $V1)" "$(host6 $V1 2)" >/dev/null
wait_for 15 "leaf1 has h2 as an IPv6 neighbour" neigh_at leaf1 $V1 "$(host6 $V1 2)" "$(host_mac $V1 2)"

h1mac=$(host_mac $V1 1)
forget() { ipn h1 neigh flush dev eth0; }

# Every query that h1 sends is seen on the way out of leaf1, inside VXLAN.
capture known leaf1
for _ in 1 2 3; do
	forget
	pings h1 "$(host4 $V1 2)" || fail "h1 does not reach h2"
	forget
	pings h1 "$(host6 $V1 2)" || fail "h1 does not reach h2 by IPv6"
done
captured
[ "$(queries known "$h1mac")" = 0 ] || fail "$(queries known "$h1mac") queries for a known host left the leaf"
tshark -r "$W/known" -n -d udp.port==4789,vxlan -Y icmp 2>/dev/null | grep -q . || fail "the capture saw nothing of the pings"
ok "six queries for a known host were answered by the leaf; none left it"

capture unknown leaf1
forget
ns h1 ping -c 1 -W 1 "$(host4 $V1 77)" >/dev/null
ns h1 ping -c 1 -W 1 "$(host6 $V1 77)" >/dev/null
captured
[ "$(queries unknown "$h1mac")" -ge 2 ] || fail "queries for an unknown host were not flooded"
ok "queries for an unknown host are flooded"

# The answer is the host's own MAC, with the flags that its leaf told.
forget
pings h1 "$(host4 $V1 2)"
ipn h1 neigh show to "$(host4 $V1 2)" | grep -q "$(host_mac $V1 2)" || fail "h1 was told another MAC"
ok "h1 has the host's own MAC"
