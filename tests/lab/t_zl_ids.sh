#!/bin/bash
# SPDX-License-Identifier: ISC
# FDB entries that name nexthops, on one `external` VXLAN device with a VNI filter.
export SHAPE=svd VNIFILTER=vnifilter SRC="src_vni 110"
exec bash "$(dirname "$0")/../fabric/t_zl_ids.sh"
