#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane: a VXLAN device for each VNI on one VLAN-aware bridge.
. "$(dirname "$0")/zl_vlan.sh"
zl_vlan_start aware
must "VNI, VLAN and SVI" zl_said leaf1 '^vni 110 up flags=3 .*vxlan=vx110 bridge=br0 vid=10 svi=vlan10 svimac=02:01:00:00:6e:fe vrf= '
entries 110 10 vx110
zl_mark leaf1
ns leaf1 bridge vlan del dev vx110 vid 10
wait_for 5 "no access VLAN" zl_said leaf1 '^vni 110 down .*why=vx110 has no access VLAN \(PVID\) on br0$'
zl_mark leaf1
ns leaf1 bridge vlan add dev vx110 vid 20 pvid untagged
wait_for 5 "another VLAN, without SVI" zl_said leaf1 '^vni 110 up .*vid=20 svi= '
zl_refused ENODEV leaf1 set neigh 110 10.1.10.6 ${M}1
zl_mark leaf1
ns leaf1 bridge vlan add dev br0 vid 20 self
ipn leaf1 link add link br0 name vlan20 type vlan id 20
wait_for 5 "its SVI" zl_said leaf1 '^vni 110 up .*vid=20 svi=vlan20 '
must "did not take it down" test "$(zl_count leaf1 '^vni 110 down')" = 0
ipn leaf1 link add red type vrf table 1001
ipn leaf1 link set vlan20 master red
wait_for 5 "its VRF" zl_said leaf1 '^vni 110 up .*svi=vlan20 .*vrf=red '
zl_mark leaf1
ns leaf1 bridge vlan del dev vx110 vid 20
ns leaf1 bridge vlan add dev vx110 vid 10 pvid untagged
wait_for 5 "back" zl_said leaf1 '^vni 110 up .*vid=10 svi=vlan10 '
wait_for 5 "with its MACs" zl_said leaf1 '^mac set 110 02:bb:00:00:00:01 dev=ph110 vid=10 static$'
zl_mark leaf1
ns leaf1 bridge vlan add dev vx110 vid 20 pvid untagged
wait_for 5 "another PVID beside it" zl_said leaf1 '^vni 110 up .*vid=20 svi=vlan20 '
zl_mark leaf1
ns leaf1 bridge vlan add dev vx110 vid 10 pvid untagged
wait_for 5 "the first one again" zl_said leaf1 '^vni 110 up .*vid=10 svi=vlan10 '
ns leaf1 bridge vlan del dev vx110 vid 20
ns leaf1 bridge vlan set vid 10 dev vx110 state blocking
wait_for 5 "blocked by spanning tree" zl_said leaf1 '^vni 110 down .*why=spanning tree blocks its VLAN'
zl_mark leaf1
ns leaf1 bridge vlan set vid 10 dev vx110 state forwarding
wait_for 5 "forwarding" zl_said leaf1 '^vni 110 up '
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
sweep 110 10 vx110
zl_vlan_finish
