#!/bin/bash
# SPDX-License-Identifier: ISC
# Asymmetric IRB without VRFs, which need no guest.
SHAPE=plain TENANT=
. "$(dirname "${BASH_SOURCE[0]}")/../lab/t_l3_asym.sh"
