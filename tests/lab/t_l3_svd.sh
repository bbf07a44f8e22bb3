#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB over one `external` VXLAN device with a VNI filter; GoBGP reflects.
SHAPE=svd VNIFILTER=vnifilter
. "$(dirname "$0")/l3.sh"
l3_start gobgp evpnd evpnd evpnd
l3_reach
l3_prefix
l3_ecmp
