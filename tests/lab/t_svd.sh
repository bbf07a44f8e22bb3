#!/bin/bash
# SPDX-License-Identifier: ISC
# One `external` VXLAN device for all VNIs; leaf2's filters VNIs as well.
SHAPE=svd
. "$(dirname "$0")/../fabric/basic.sh"

need_all evpnd
fab_start
underlay 2
for v in $V1 $V2; do
	vni_devices 1 "$v"
	VNIFILTER=vnifilter vni_devices 2 "$v"
done
host h1 1 $V1 1
host h2 2 $V1 2
host h3 2 $V2 3
run_rr evpnd
run evpnd leaf1 < <(conf_leaf 1)
run evpnd leaf2 < <(conf_leaf 2)
basic_sessions 4
basic_flood 4
basic_learn 4
basic_move 4

# A VNI that comes and goes while all is running.
ns leaf1 bridge vlan del dev vxs vid "$(vid_of $V2)"
wait_for 20 "VNI $V2 gone from leaf1: leaf2 floods to nobody" floods_to leaf2 $V2
ns leaf1 bridge vlan add dev vxs vid "$(vid_of $V2)"
ns leaf1 bridge vlan add dev vxs vid "$(vid_of $V2)" tunnel_info id $V2
wait_for 20 "VNI $V2 back at leaf1: leaf2 floods to it" floods_to leaf2 $V2 "$(lo4 1)"
wait_for 20 "and leaf1 to leaf2" floods_to leaf1 $V2 "$(lo4 2)"
