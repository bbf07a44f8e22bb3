#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB, all evpnd: a VXLAN device for each VNI on one VLAN-aware bridge.
SHAPE=aware
. "$(dirname "$0")/l3.sh"
l3_start evpnd evpnd evpnd evpnd
l3_reach
l3_suppressed leaf1 h1 $WEB 11 both h1 $WEB 12
l3_prefix
l3_moves
l3_silent
l3_crash
l3_lost
