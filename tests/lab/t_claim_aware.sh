#!/bin/bash
# SPDX-License-Identifier: ISC
# A false claim of a silent host, on the VLAN devices of a VLAN-aware bridge.
SHAPE=aware
. "$(dirname "$0")/../fabric/t_claim.sh"
