# SPDX-License-Identifier: ISC
# The load tool; ./dev bench runs it.  Built with the tests, so that it keeps building.
check_PROGRAMS += tests/bench/bgpload
tests_bench_bgpload_SOURCES = \
	tests/bench/bgpload.c \
	tests/bench/gen.c \
	tests/bench/kernel.c \
	tests/bench/load.h \
	tests/bench/proc.c \
	tests/bench/session.c \
	tests/bench/tally.c

EXTRA_DIST += tests/bench/run
bench-programs: tests/bench/bgpload$(EXEEXT)
.PHONY: bench-programs
