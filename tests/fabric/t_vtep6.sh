#!/bin/bash
# SPDX-License-Identifier: ISC
# VTEPs and sessions over IPv6.
. "$(dirname "$0")/basic.sh"
basic evpnd evpnd evpnd 6
