# SPDX-License-Identifier: ISC
EXTRA_DIST += \
	tests/fabric/basic.sh \
	tests/fabric/conform/area_fsm.py \
	tests/fabric/conform/area_header.py \
	tests/fabric/conform/area_open.py \
	tests/fabric/conform/area_timer.py \
	tests/fabric/conform/bench.py \
	tests/fabric/conform/run \
	tests/fabric/conform/speaker.py \
	tests/fabric/conform/wire.py \
	tests/fabric/demo \
	tests/fabric/hostile.py \
	tests/fabric/lib.sh \
	tests/fabric/peer.py \
	tests/fabric/route_types.py \
	tests/fabric/t_chaos_devices.sh \
	tests/fabric/t_chaos_flush.sh \
	tests/fabric/t_check.sh \
	tests/fabric/t_conform.sh \
	tests/fabric/t_drift.sh \
	tests/fabric/t_evpnd.sh \
	tests/fabric/t_harness.sh \
	tests/fabric/t_hostile.sh \
	tests/fabric/t_leaf_frr.sh \
	tests/fabric/t_leaf_rr_frr.sh \
	tests/fabric/t_many.sh \
	tests/fabric/t_order.sh \
	tests/fabric/t_privileges.sh \
	tests/fabric/t_reload.sh \
	tests/fabric/t_restart.sh \
	tests/fabric/t_route_types.sh \
	tests/fabric/t_rr_evpnd.sh \
	tests/fabric/t_rr_frr.sh \
	tests/fabric/t_rr_gobgp.sh \
	tests/fabric/t_same_tables.sh \
	tests/fabric/t_vtep6.sh \
	tests/fabric/t_wire.sh
