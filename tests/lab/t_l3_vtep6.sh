#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB over IPv6 VTEPs: IPv4 prefixes have IPv6 gateways.
SHAPE=aware FAM=6
. "$(dirname "$0")/l3.sh"
l3_start evpnd evpnd evpnd evpnd
l3_reach
l3_prefix
