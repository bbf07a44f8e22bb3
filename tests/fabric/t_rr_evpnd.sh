#!/bin/bash
# SPDX-License-Identifier: ISC
# evpnd as the route reflector between two FRR leaves.
. "$(dirname "$0")/basic.sh"
basic evpnd frr frr
