# SPDX-License-Identifier: ISC
# The load tool; ./dev bench runs it.  Built with the tests, so that it keeps building.
check_PROGRAMS += tests/bench/bgpload
tests_bench_bgpload_SOURCES = \
	tests/bench/batch.c \
	tests/bench/batch.h \
	tests/bench/bgpload.c \
	tests/bench/gen.c \
	tests/bench/kernel.c \
	tests/bench/kernel.h \
	tests/bench/kernel_l3.c \
	tests/bench/kwatch.c \
	tests/bench/load.h \
	tests/bench/phase.c \
	tests/bench/phase.h \
	tests/bench/phase_l3.c \
	tests/bench/phase_leaf.c \
	tests/bench/proc.c \
	tests/bench/session.c \
	tests/bench/tally.c

# For where the kernel has no VRFs.
tests/bench/vrf_standin.so: $(srcdir)/tests/bench/vrf_standin.c
	$(AM_V_CCLD)$(CC) $(DEFS) -I. $(AM_CFLAGS) $(CFLAGS) -fPIC -shared -o $@ $(srcdir)/tests/bench/vrf_standin.c -ldl
CLEANFILES += tests/bench/vrf_standin.so

EXTRA_DIST += \
	tests/bench/changes.py \
	tests/bench/harness.py \
	tests/bench/netconf.py \
	tests/bench/routing.py \
	tests/bench/run \
	tests/bench/shows.py \
	tests/bench/vrf_standin.c
bench-programs: tests/bench/bgpload$(EXEEXT) tests/bench/vrf_standin.so
.PHONY: bench-programs
