# SPDX-License-Identifier: ISC
# The simulator: whole engines, fake kernels, a virtual clock.
SIM_SOURCES = \
	tests/sim/kernel.c \
	tests/sim/kernel.h \
	tests/sim/kernel_l3.c \
	tests/sim/kernel_priv.h \
	tests/sim/kernel_zl.c \
	tests/sim/relay.c \
	tests/sim/relay.h \
	tests/sim/sim.c \
	tests/sim/sim.h
SIM_LIBS = libevpn.a libbgp.a libzl.a $(BASE_LIBS)
SIM_SCENARIOS = \
	tests/sim/scenarios/addresses.sim \
	tests/sim/scenarios/age.sim \
	tests/sim/scenarios/arrives.sim \
	tests/sim/scenarios/basic.sim \
	tests/sim/scenarios/dp-restart.sim \
	tests/sim/scenarios/drift.sim \
	tests/sim/scenarios/duplicate-ip-local.sim \
	tests/sim/scenarios/duplicate-ip-thaw.sim \
	tests/sim/scenarios/duplicate-ip.sim \
	tests/sim/scenarios/duplicate.sim \
	tests/sim/scenarios/engine-restart-cold.sim \
	tests/sim/scenarios/engine-restart.sim \
	tests/sim/scenarios/failures.sim \
	tests/sim/scenarios/foreign.sim \
	tests/sim/scenarios/freeze.sim \
	tests/sim/scenarios/gateway.sim \
	tests/sim/scenarios/l3-arrives.sim \
	tests/sim/scenarios/l3-basic.sim \
	tests/sim/scenarios/l3-drift.sim \
	tests/sim/scenarios/l3-originate.sim \
	tests/sim/scenarios/l3-gateway.sim \
	tests/sim/scenarios/l3-findings.sim \
	tests/sim/scenarios/l3-gateway-l2.sim \
	tests/sim/scenarios/l3-leak.sim \
	tests/sim/scenarios/l3-table.sim \
	tests/sim/scenarios/l3-stranger.sim \
	tests/sim/scenarios/l3-vni.sim \
	tests/sim/scenarios/l3-rmac.sim \
	tests/sim/scenarios/l3-restart.sim \
	tests/sim/scenarios/l3-move.sim \
	tests/sim/scenarios/l3-newest.sim \
	tests/sim/scenarios/l3-ecmp.sim \
	tests/sim/scenarios/l3-order.sim \
	tests/sim/scenarios/local-ports.sim \
	tests/sim/scenarios/migration.sim \
	tests/sim/scenarios/move.sim \
	tests/sim/scenarios/partition.sim \
	tests/sim/scenarios/race.sim \
	tests/sim/scenarios/reflectors.sim \
	tests/sim/scenarios/restart-move.sim \
	tests/sim/scenarios/silent.sim \
	tests/sim/scenarios/sticky.sim \
	tests/sim/scenarios/svi.sim \
	tests/sim/scenarios/vip.sim \
	tests/sim/scenarios/vni.sim \
	tests/sim/scenarios/vrrp.sim \
	tests/sim/scenarios/waits.sim

check_PROGRAMS += tests/sim/script
tests_sim_script_SOURCES = \
	tests/sim/script.c \
	tests/sim/script.h \
	tests/sim/script_cmd.c \
	tests/sim/script_l3.c \
	tests/sim/script_priv.h \
	tests/sim/script_show.c \
	$(SIM_SOURCES)
tests_sim_script_LDADD = $(SIM_LIBS)

dist_check_SCRIPTS += tests/sim/scenarios.sh
TESTS += tests/sim/scenarios.sh
EXTRA_DIST += $(SIM_SCENARIOS)

check_PROGRAMS += tests/sim/random
tests_sim_random_SOURCES = \
	tests/sim/random.c \
	tests/sim/random.h \
	tests/sim/random_check.c \
	tests/sim/random_dup.c \
	$(SIM_SOURCES)
tests_sim_random_LDADD = $(SIM_LIBS)
TESTS += tests/sim/random

check_PROGRAMS += tests/sim/random_l3
tests_sim_random_l3_SOURCES = \
	tests/sim/random_l3.c \
	tests/sim/random_l3.h \
	tests/sim/random_l3_check.c \
	$(SIM_SOURCES)
tests_sim_random_l3_LDADD = $(SIM_LIBS)
TESTS += tests/sim/random_l3
