#!/bin/bash
# SPDX-License-Identifier: ISC
# FRR as the route reflector of two evpnd leaves.
. "$(dirname "$0")/basic.sh"
basic frr evpnd evpnd
