# SPDX-License-Identifier: ISC
EXTRA_DIST += \
	tests/lab/demo \
	tests/lab/guide.sh \
	tests/lab/l3.sh \
	tests/lab/t_claim_aware.sh \
	tests/lab/t_doctor_guest.sh \
	tests/lab/t_guide.sh \
	tests/lab/t_ifupdown2.sh \
	tests/lab/t_l3.sh \
	tests/lab/t_l3_asym.sh \
	tests/lab/t_l3_central.sh \
	tests/lab/t_l3_gateway.sh \
	tests/lab/t_l3_mixed.sh \
	tests/lab/t_l3_policy.sh \
	tests/lab/t_l3_restart.sh \
	tests/lab/t_l3_vtep6.sh \
	tests/lab/t_preflight_guest.sh \
	tests/lab/t_svd.sh \
	tests/lab/t_systemd.sh \
	tests/lab/t_tenant.sh \
	tests/lab/t_tenant_adopt.sh \
	tests/lab/t_tenant_live_guest.sh \
	tests/lab/t_tenant_ways.sh \
	tests/lab/t_vip_aware.sh \
	tests/lab/t_vip_vrf.sh \
	tests/lab/t_vlan_aware.sh \
	tests/lab/vm
