#!/bin/bash
# SPDX-License-Identifier: ISC
# Each write of the data plane read back as JSON: with VRFs, in every shape of devices.
. "$(dirname "$0")/../fabric/zl_json.sh"
command -v jq >/dev/null || skip "jq is not there"
zl_start
for shape in plain aware svd; do
	zl_json $shape
	fab_down
done
