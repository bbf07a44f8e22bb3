# SPDX-License-Identifier: ISC
dist_yang_DATA += yang/evpnd.yang yang/evpnd-state.yang yang/evpnd-tenant.yang
dist_check_SCRIPTS += tests/yang.sh
TESTS += tests/yang.sh
