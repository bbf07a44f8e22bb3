# SPDX-License-Identifier: ISC
# The simulator: whole engines, fake kernels, a virtual clock.
SIM_SOURCES = \
	tests/sim/kernel.c \
	tests/sim/kernel.h \
	tests/sim/relay.c \
	tests/sim/relay.h \
	tests/sim/sim.c \
	tests/sim/sim.h
SIM_LIBS = libevpn.a libbgp.a libzl.a $(BASE_LIBS)
SIM_SCENARIOS = \
	tests/sim/scenarios/basic.sim

check_PROGRAMS += tests/sim/script
tests_sim_script_SOURCES = tests/sim/script.c $(SIM_SOURCES)
tests_sim_script_LDADD = $(SIM_LIBS)

dist_check_SCRIPTS += tests/sim/scenarios.sh
TESTS += tests/sim/scenarios.sh
EXTRA_DIST += $(SIM_SCENARIOS)

check_PROGRAMS += tests/sim/random
tests_sim_random_SOURCES = tests/sim/random.c $(SIM_SOURCES)
tests_sim_random_LDADD = $(SIM_LIBS)
TESTS += tests/sim/random
