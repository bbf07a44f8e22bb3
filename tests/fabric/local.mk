# SPDX-License-Identifier: ISC
EXTRA_DIST += \
	tests/fabric/basic.sh \
	tests/fabric/lib.sh \
	tests/fabric/t_evpnd.sh \
	tests/fabric/t_harness.sh \
	tests/fabric/t_leaf_frr.sh \
	tests/fabric/t_leaf_rr_frr.sh \
	tests/fabric/t_rr_evpnd.sh \
	tests/fabric/t_rr_frr.sh \
	tests/fabric/t_rr_gobgp.sh \
	tests/fabric/t_vtep6.sh
