#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane: one `external` VXLAN device for all VNIs.
. "$(dirname "$0")/zl_svd.sh" ""
