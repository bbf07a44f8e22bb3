#!/bin/bash
# SPDX-License-Identifier: ISC
# As tests/fabric/t_preflight.sh, what takes VRFs and a bridge that filters VLANs: a table, a VLAN, an address that somebody
# else has, and a VXLAN device that receives in another way.
ROUTED=1 VXLAN=single
. "$(dirname "$0")/../fabric/tenant.sh"

need_all evpnd
command -v jq >/dev/null || skip "jq is not there"
fab_start
MTU=1700 underlay 1
ipn leaf1 link add br0 type bridge vlan_filtering 1 || skip "this kernel has no VLAN-aware bridge"
ipn leaf1 link add green type vrf table 77 || skip "this kernel has no VRF"
for d in br0 green; do ipn leaf1 link set $d up; done
adopting() {
	tenant_fabric 1 | sed 's/^ vtep lo/&\n bridge br0 adopt/'
	printf 'tenant red vni 4001\n network web vni 10010 vlan 10 gateway 10.1.10.1/24\n'
}
run evpnd leaf1 < <(adopting)
wait_for 90 "the devices are there" plan_empty leaf1

# A table.
ipn leaf1 link add black type vrf table 4002
refused leaf1 'its table 4002 is that of the VRF black' "(/evpnd:tenant[name='blue']/vni)" \
	'tenant blue vni 4002' 'network shop vni 20010 gateway 10.1.10.1/24'
ipn leaf1 link del black
accepted leaf1 'tenant blue vni 4002' 'network shop vni 20010 gateway 10.1.10.1/24'

# The name of another kind.
ipn leaf1 link add blue type bridge
refused leaf1 "blue: is there already, and is not evpnd's" "(/evpnd:tenant[name='blue'])" \
	'tenant blue vni 4002' 'network shop vni 20010'
refused leaf1 'blue: to be adopted, and not a VRF' "(/evpnd:tenant[name='blue']/adopt)" \
	'tenant blue vni 4002 adopt' 'network shop vni 20010'
ipn leaf1 link del blue

# A VLAN of the bridge that is somebody's.
ipn leaf1 link add br0.20 link br0 type vlan id 20
refused leaf1 'VLAN 20 of br0 has the interface br0.20 already' "(/evpnd:tenant[name='red']/network[name='app']/vlan)" \
	'tenant red' 'network app vni 10020 vlan 20 gateway 10.1.20.1/24'
ipn leaf1 link del br0.20
ipn leaf1 link add vx20 type vxlan id 20 dstport 4788 local "$(lo4 1)"
ipn leaf1 link set vx20 master br0 up
ns leaf1 bridge vlan add dev vx20 vid 20
refused leaf1 'VLAN 20 is that of the VXLAN device vx20' "(/evpnd:tenant[name='red']/network[name='app']/vlan)" \
	'tenant red' 'network app vni 10020 vlan 20 gateway 10.1.20.1/24'
ipn leaf1 link del vx20
accepted leaf1 'tenant red' 'network app vni 10020 vlan 20 gateway 10.1.20.1/24'

# An address that another device of the VRF has.
ipn leaf1 link add eth3 type veth peer name eth4
ipn leaf1 addr add 10.1.20.1/24 dev eth3
ipn leaf1 link set eth3 master green up
accepted leaf1 'tenant red' 'network app vni 10020 gateway 10.1.20.1/24'
refused leaf1 'eth3 has the address 10.1.20.1 already' "(/evpnd:tenant[name='green']/network[name='app']/gateway)" \
	'tenant green vni 4003 adopt' 'network app vni 10020 gateway 10.1.20.1/24'
ipn leaf1 addr del 10.1.20.1/24 dev eth3
accepted leaf1 'tenant green vni 4003 adopt' 'network app vni 10020 gateway 10.1.20.1/24'

# The UDP port: a device of one VNI does not share it with one for all.
ipn leaf1 link add theirs type vxlan id 99 dstport 4790 local "$(lo4 1)"
refused leaf1 'theirs has UDP port 4790, and receives in another way' '(/evpnd:fabric/udp-port)' fabric 'udp-port 4790'
ipn leaf1 link del theirs
accepted leaf1 fabric 'udp-port 4790'
refused leaf1 'MTU of 1651 .* exceed the 1700 of up0' '(/evpnd:fabric/mtu)' fabric 'mtu 1651'
