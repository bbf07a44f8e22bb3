# SPDX-License-Identifier: ISC
# What all fuzz targets share; included before the folders, which append their own targets
# (tests/fuzz/fuzz.h says how; bgpd/codec.mk is the example).
FUZZ_TARGETS =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
FUZZ_REPLAY = tests/fuzz/replay.c tests/fuzz/vector.c tests/fuzz/vector.h tests/fuzz/fuzz.h
EXTRA_DIST += tests/fuzz/run

# Those that were configured for with --enable-fuzz, and their replays, which write the first corpus.
.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)
