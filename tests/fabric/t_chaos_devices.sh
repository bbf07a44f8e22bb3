#!/bin/bash
# SPDX-License-Identifier: ISC
# Devices of a living leaf go, come, move and change in every order: after each step everybody is right again.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4

local_vtep=$(lo4 1)

settled() { # what must hold whenever the devices are whole
	pings h1 "$(host4 $V1 2)" &&
		floods_to leaf1 $V1 "$(lo4 2)" &&
		floods_to leaf2 $V1 "$local_vtep" &&
		mac_at leaf1 $V1 "$(host_mac $V1 2)" "$(lo4 2)" &&
		mac_at leaf2 $V1 "$(host_mac $V1 1)" "$local_vtep" &&
		mac_local leaf1 $V1 "$(host_mac $V1 1)" ph1 &&
		vt_json leaf1 "show evpn vni $V1" ".vni == $V1 and .vtepIp == \"$local_vtep\" and .numRemoteVteps == 1" &&
		vt_has leaf1 'show evpn kernel errors' '^No|^$|0 '
}
whole() { wait_for 15 "$1" settled; }
gone() { # TEXT: leaf1 has the VNI no more
	wait_for 10 "$1: leaf2 floods to nobody" floods_to leaf2 $V1
	wait_for 10 "$1: leaf2 has no MAC behind leaf1" mac_gone leaf2 $V1 "$(host_mac $V1 1)"
}
vxlan() { # ID-OF-DEVICE LOCAL
	ipn leaf1 link add "vx$1" type vxlan id "$1" local "$2" dstport 4789 nolearning
	vxlan_port leaf1 "vx$1" "$(mac_of 1 "$1" 253)" "br$1"
}

vt leaf1 'show evpn kernel errors'
whole "to begin with"

ipn leaf1 link del vx$V1
gone "VXLAN device deleted"
vxlan $V1 "$local_vtep"
whole "VXLAN device made again"

ipn leaf1 link del vx$V1 && vxlan $V1 "$local_vtep"
whole "VXLAN device replaced at once"

ipn leaf1 link del br$V1
gone "bridge deleted"
ipn leaf1 link add br$V1 type bridge mcast_snooping 0
ipn leaf1 link set br$V1 address "$(mac_of 1 $V1 254)" up
ipn leaf1 addr add "$(host4 $V1 201)/24" dev br$V1
vxlan_port leaf1 vx$V1 "$(mac_of 1 $V1 253)" br$V1
ipn leaf1 link set ph1 master br$V1
whole "bridge made again"

ipn leaf1 link set vx$V1 down
gone "VXLAN device down"
ipn leaf1 link set vx$V1 up
whole "VXLAN device up"

ipn leaf1 link set br$V1 down
sleep 0.5
ipn leaf1 link set br$V1 up
whole "bridge flapped"

ipn leaf1 link set vx$V1 nomaster
gone "VXLAN device out of its bridge"
ipn leaf1 link add brx type bridge mcast_snooping 0
ipn leaf1 link set brx up
vxlan_port leaf1 vx$V1 "$(mac_of 1 $V1 253)" brx
wait_for 10 "VXLAN device in another bridge: flooded to" floods_to leaf2 $V1 "$local_vtep"
wait_for 10 "its MAC of h2 is in that bridge" test "$(remote_mac leaf1 $V1 "$(host_mac $V1 2)")" = "$(lo4 2) brx"
vxlan_port leaf1 vx$V1 "$(mac_of 1 $V1 253)" br$V1
whole "straight from one bridge to the other"
ipn leaf1 link del brx

ipn leaf1 link set ph1 nomaster
wait_for 10 "port out: leaf2 has the MAC of h1 no more" mac_gone leaf2 $V1 "$(host_mac $V1 1)"
ipn leaf1 link set ph1 master br$V1
whole "port in again"

# Another address of the tunnel, without a new device.
ipn leaf1 addr add 10.0.0.51/32 dev lo
ipn spine route add 10.0.0.51/32 via 172.16.1.1
local_vtep=10.0.0.51
ipn leaf1 link set vx$V1 type vxlan local $local_vtep
whole "another local address"
local_vtep=$(lo4 1)
ipn leaf1 link set vx$V1 type vxlan local "$local_vtep"
whole "and the first one again"

ns leaf1 ping -c1 -W1 -I br$V1 "$(host4 $V1 1)" >/dev/null
wait_for 10 "leaf2 has h1 as a neighbour" neigh_at leaf2 $V1 "$(host4 $V1 1)" "$(host_mac $V1 1)"
wait_for 10 "leaf1 may have h2 as a neighbour" ns leaf2 ping -c1 -W1 -I br$V1 "$(host4 $V1 2)"
wait_for 10 "leaf1 has h2 as a neighbour" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"
ipn leaf1 addr del "$(host4 $V1 201)/24" dev br$V1
ipn leaf1 addr add "$(host4 $V1 211)/24" dev br$V1
ipn leaf1 link set br$V1 address 02:01:00:00:77:77
whole "SVI with other addresses"
wait_for 10 "leaf1 has h2 as a neighbour still" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"
ipn leaf1 link set br$V1 down
ipn leaf1 link set br$V1 up
wait_for 10 "SVI flapped: leaf1 has h2 as a neighbour" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"

# The VNI of a device changes its meaning: the device of another VNI takes the name.
ipn leaf1 link del vx$V1
ipn leaf1 link del vx$V2
vxlan $V2 "$local_vtep"
vxlan $V1 "$local_vtep"
whole "both devices made again, in the other order"

for i in 1 2 3 4 5 6 7 8; do
	ipn leaf1 link set vx$V1 nomaster
	ipn leaf1 link set vx$V1 down
	ipn leaf1 link set vx$V1 master br$V1
	ipn leaf1 link set br$V1 down
	ipn leaf1 link set br$V1 up
	ipn leaf1 link set vx$V1 up
	[ $((i % 4)) = 0 ] && ipn leaf1 link del vx$V1 && vxlan $V1 "$local_vtep"
done
vxlan_port leaf1 vx$V1 "$(mac_of 1 $V1 253)" br$V1
whole "after a storm of flaps"
