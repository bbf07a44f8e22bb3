#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB, all evpnd: a VXLAN device for each VNI on one VLAN-aware bridge.
SHAPE=aware
. "$(dirname "$0")/l3.sh"
l3_start evpnd evpnd evpnd evpnd
l3_reach
to_h2() { both "$1" $WEB 12; }
l3_suppressed to_h2 leaf1,h1,$WEB,11
l3_prefix
l3_moves
l3_silent h1 3 98 leaf1
l3_crash leaf1 h1 "$(ip4_of $APP 13)" "$(ip6_of $APP 13)"
l3_lost
