#!/bin/bash
# SPDX-License-Identifier: ISC
# A centralised gateway without VRFs, which need no guest.
SHAPE=plain TENANT=
. "$(dirname "${BASH_SOURCE[0]}")/../lab/t_l3_central.sh"
