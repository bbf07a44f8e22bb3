# SPDX-License-Identifier: ISC
dist_yang_DATA += yang/evpnd.yang
