#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB with FRR as route reflector and as one of the leaves; a bridge for each VNI.
SHAPE=plain
. "$(dirname "$0")/l3.sh"
l3_start frr evpnd frr evpnd
l3_reach
l3_moves
