#!/bin/bash
# SPDX-License-Identifier: ISC
# A VXLAN device for each VNI on one VLAN-aware bridge; the SVI of one VNI stands in a VRF.
SHAPE=aware
. "$(dirname "$0")/../fabric/basic.sh"

need_all evpnd
fab_start
basic_build 4
ipn leaf1 link add red type vrf table 1001
ipn leaf1 link set red up
ipn leaf1 link set "$(svi $V1)" master red
ipn leaf1 addr replace "$(host6 $V1 f1)/64" dev "$(svi $V1)" nodad # the VRF took it away
run_rr evpnd
run evpnd leaf1 < <(conf_leaf 1)
run evpnd leaf2 < <(conf_leaf 2)
basic_sessions 4
basic_flood 4
wait_for 10 "VNI $V1 of leaf1 belongs to VRF red" vt_json leaf1 "show evpn vni $V1" '.tenantVrf == "red"'
wait_for 10 "VNI $V2 of leaf1 belongs to none" vt_json leaf1 "show evpn vni $V2" '.tenantVrf == "default"'
wait_for 10 "VNI $V1 is known to be VLAN $(vid_of $V1)" vt_json leaf1 "show evpn vni $V1" ".vlan == $(vid_of $V1)"
basic_learn 4
basic_move 4
ipn leaf1 link set "$(svi $V1)" nomaster
wait_for 10 "VNI $V1 of leaf1 left the VRF" vt_json leaf1 "show evpn vni $V1" '.tenantVrf == "default"'
