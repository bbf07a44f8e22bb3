#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB over IPv6 VTEPs, each leaf with another device model: IPv4 prefixes have IPv6 gateways.
FAM=6
. "$(dirname "$0")/l3.sh"
SHAPES=([leaf1]=plain [leaf2]=svd [leaf3]=aware)
l3_start evpnd evpnd evpnd evpnd
l3_reach
l3_prefix
# The prefixes of both families stand behind two leaves at a time; the third one looks on.
l3_ecmp 1 3 2 1,h1
