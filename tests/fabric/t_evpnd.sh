#!/bin/bash
# SPDX-License-Identifier: ISC
# evpnd in every part.
. "$(dirname "$0")/basic.sh"
basic evpnd evpnd evpnd
basic_lost 4
