#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane: one `external` VXLAN device that receives only the VNIs of its filter.
. "$(dirname "$0")/zl_svd.sh" vnifilter
