#!/bin/bash
# SPDX-License-Identifier: ISC
# The same fabric with FRR as one spine and as one leaf.
. "$(dirname "$0")/underlay.sh"
underlay_fabric frr evpnd evpnd frr
underlay_learnt
underlay_evpn
underlay_spine_lost
