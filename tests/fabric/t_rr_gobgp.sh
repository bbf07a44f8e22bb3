#!/bin/bash
# SPDX-License-Identifier: ISC
# GoBGP as the route reflector of two evpnd leaves.
. "$(dirname "$0")/basic.sh"
basic gobgp evpnd evpnd
