#!/bin/bash
# SPDX-License-Identifier: ISC
# An evpnd leaf between FRR in all other parts.
. "$(dirname "$0")/basic.sh"
basic frr frr evpnd
