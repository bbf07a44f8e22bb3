#!/bin/bash
# SPDX-License-Identifier: ISC
# The kernel's devices may come, change and go in any order, before or after evpnd.
. "$(dirname "$0")/basic.sh"

need_all evpnd jq
fab_start
underlay 2
vni_devices 2 $V1
host h2 2 $V1 2
run_rr evpnd
run evpnd leaf1 < <(conf_leaf 1)
run evpnd leaf2 < <(conf_leaf 2)
basic_sessions 4
wait_for 10 "leaf2 has nobody to flood to" floods_to leaf2 $V1

# Piece by piece, in the least helpful order.
ipn leaf1 link add vx$V1 type vxlan id $V1 local "$(lo4 1)" dstport 4789 nolearning
ipn leaf1 link set vx$V1 up
never 1 "a VXLAN device in no bridge is not announced" floods_to leaf2 $V1 "$(lo4 1)"
ipn leaf1 link add br$V1 type bridge mcast_snooping 0
ipn leaf1 link set vx$V1 master br$V1
ns leaf1 bridge link set dev vx$V1 learning off neigh_suppress on
ipn leaf1 link set br$V1 address "$(mac_of 1 $V1 254)" up
wait_for 10 "in a bridge it is" floods_to leaf2 $V1 "$(lo4 1)"
wait_for 10 "and floods to leaf2" floods_to leaf1 $V1 "$(lo4 2)"
host h1 1 $V1 1
wait_for 15 "h1 reaches h2" pings h1 "$(host4 $V1 2)"
wait_for 10 "leaf1 has the MAC of h2" mac_at leaf1 $V1 "$(host_mac $V1 2)" "$(lo4 2)"

# The SVI's address comes last of all: then neighbours are learnt.
ipn leaf1 addr add "$(host4 $V1 201)/24" dev br$V1
ns leaf1 ping -c1 -W1 "$(host4 $V1 1)" >/dev/null
wait_for 10 "leaf2 has h1 as a neighbour" neigh_at leaf2 $V1 "$(host4 $V1 1)" "$(host_mac $V1 1)"

ipn leaf1 link set vx$V1 down
wait_for 10 "device down: leaf2 floods to nobody" floods_to leaf2 $V1
wait_for 10 "device down: leaf2 has h1 no more" mac_gone leaf2 $V1 "$(host_mac $V1 1)"
ipn leaf1 link set vx$V1 up
wait_for 10 "device up: leaf2 floods to leaf1" floods_to leaf2 $V1 "$(lo4 1)"
wait_for 10 "device up: leaf1 floods to leaf2" floods_to leaf1 $V1 "$(lo4 2)"
wait_for 15 "device up: h1 reaches h2" pings h1 "$(host4 $V1 2)"

ipn leaf1 link set vx$V1 nomaster
wait_for 10 "out of the bridge: leaf2 floods to nobody" floods_to leaf2 $V1
ipn leaf1 link set vx$V1 master br$V1
ns leaf1 bridge link set dev vx$V1 learning off neigh_suppress on
wait_for 10 "in the bridge again: leaf2 floods to leaf1" floods_to leaf2 $V1 "$(lo4 1)"

ipn leaf1 link del vx$V1
wait_for 10 "device gone: leaf2 floods to nobody" floods_to leaf2 $V1
wait_for 10 "device gone: leaf1 has no such VNI" vt_has leaf1 'show evpn json' '"numVnis": *0'
ipn leaf1 link add vx$V1 type vxlan id $V1 local "$(lo4 1)" dstport 4789 nolearning
ipn leaf1 link set vx$V1 master br$V1
ns leaf1 bridge link set dev vx$V1 learning off neigh_suppress on
ipn leaf1 link set vx$V1 up
wait_for 10 "device back: leaf2 floods to leaf1" floods_to leaf2 $V1 "$(lo4 1)"
wait_for 10 "device back: leaf1 floods to leaf2" floods_to leaf1 $V1 "$(lo4 2)"
wait_for 15 "device back: h1 reaches h2" pings h1 "$(host4 $V1 2)" 3

# The VTEP's address changes with the device: type 3 and next hops follow.
ipn leaf1 addr add 10.0.0.11/32 dev lo
ipn spine route add 10.0.0.11/32 via 172.16.1.1
ipn leaf1 link set vx$V1 type vxlan id $V1 local 10.0.0.11
wait_for 10 "another VTEP address: leaf2 floods to that" floods_to leaf2 $V1 10.0.0.11
ns h1 ping -c1 -W1 "$(host4 $V1 2)" >/dev/null
wait_for 10 "another VTEP address: h1's MAC is behind that" mac_at leaf2 $V1 "$(host_mac $V1 1)" 10.0.0.11
wait_for 10 "another VTEP address: h1 reaches h2" pings h1 "$(host4 $V1 2)"

# All of it with nobody running, and then evpnd.
stop leaf1
ipn leaf1 link del p"h1"
host_attach h1 1 $V1 1 || true
vni_devices 1 $V2
vni_devices 2 $V2
run evpnd leaf1 < <(conf_leaf 1)
wait_for 20 "made while evpnd was away: VNI $V2 too" floods_to leaf2 $V2 "$(lo4 1)"
wait_for 10 "and the other way" floods_to leaf1 $V2 "$(lo4 2)"
wait_for 15 "h1 reaches h2 after all that" pings h1 "$(host4 $V1 2)"
