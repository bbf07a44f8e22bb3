#!/bin/bash
# SPDX-License-Identifier: ISC
# Each write of the data plane read back as JSON; a bridge for each VNI.
. "$(dirname "$0")/zl_json.sh"
command -v jq >/dev/null || skip "jq is not there"
zl_start
zl_json plain
