#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB over IPv6 VTEPs, each leaf with another device model: IPv4 prefixes have IPv6 gateways.
FAM=6
. "$(dirname "$0")/l3.sh"
SHAPES=([leaf1]=plain [leaf2]=svd [leaf3]=aware)
l3_start evpnd evpnd evpnd evpnd
l3_reach
l3_prefix
# leaf1 and leaf2 see a prefix behind the two others.
l3_ways 1 3 2 1,h1
l3_ways 2 3 1 2,h2
ipn leaf3 link set up0 down
l3_way_left 1 3 2 1,h1
l3_way_left 2 3 1 2,h2
