#!/bin/bash
# SPDX-License-Identifier: ISC
# The harness itself: a fabric of FRR alone passes what ours must pass.
. "$(dirname "$0")/basic.sh"
basic frr frr frr
basic_lost 4
