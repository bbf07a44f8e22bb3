# SPDX-License-Identifier: ISC
EXTRA_DIST += \
	tests/lab/t_svd.sh \
	tests/lab/t_vlan_aware.sh \
	tests/lab/vm
