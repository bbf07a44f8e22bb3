#!/bin/bash
# SPDX-License-Identifier: ISC
# Gateways above a VLAN-aware bridge.
SHAPE=aware
. "$(dirname "$0")/../fabric/t_zl_gateway.sh"
