#!/bin/bash
# SPDX-License-Identifier: ISC
# The short form with IPv6 VTEPs and sessions.
FAM=6
. "$(dirname "$0")/tenant.sh"

tenant_start
wait_for 40 "h1 pings h2 over devices that evpnd made" pings h1 10.1.10.12 2
ipn leaf1 -d -j link show vx10010 | jq -e ".[0].linkinfo.info_data.local6 == \"$(lo6 1)\"" >/dev/null || fail "the VXLAN device is not IPv6"
ok "between IPv6 VTEPs"
vt leaf1 'configure terminal' 'no port ph1' 'no tenant red' 'no fabric' || fail "no fabric"
wait_for 40 "no fabric: all that evpnd made is gone" devices_are leaf1 ""
