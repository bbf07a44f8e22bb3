#!/bin/bash
# SPDX-License-Identifier: ISC
# Addresses that fail over, heard on SVIs in a VRF above one `external` VXLAN device.
SHAPE=svd VRF=red
. "$(dirname "$0")/../fabric/t_vip.sh"
