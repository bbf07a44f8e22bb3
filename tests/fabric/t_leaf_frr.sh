#!/bin/bash
# SPDX-License-Identifier: ISC
# An evpnd leaf and an FRR leaf behind an evpnd route reflector.
. "$(dirname "$0")/basic.sh"
basic evpnd evpnd frr
