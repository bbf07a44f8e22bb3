#!/bin/bash
# SPDX-License-Identifier: ISC
# Addresses that fail over, heard on the VLAN devices of a VLAN-aware bridge.
SHAPE=aware
. "$(dirname "$0")/../fabric/t_vip.sh"
