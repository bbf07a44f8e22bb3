/* SPDX-License-Identifier: ISC */
/* tests/fuzz/fuzz.h: what every fuzz target has.
 *
 * What    One entry point, shared by libFuzzer (./configure --enable-fuzz CC=clang,
 *         make fuzz-targets) and by replay.c, which runs the vectors in `make check`.
 * Oracle  Where bytes decode, encoding gives bytes that decode to the same; oracle()
 *         ends the program when that does not hold.
 * New     A target X of another folder: tests/fuzz/fuzz_X.c, vectors in
 *         tests/vectors/X, and in the folder's local.mk the lines that bgpd/codec.mk
 *         has for nlri.
 */
#ifndef EVPND_TESTS_FUZZ_FUZZ_H
#define EVPND_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/util.h"

#define oracle(x) ensure(x)

/* The bytes with a NUL behind them, for readers of text; the caller frees. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
