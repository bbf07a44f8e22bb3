/* SPDX-License-Identifier: ISC */
/* tests/fuzz/bgp.h: what the fuzz targets of the BGP codecs share.
 *
 * What    The context octet in front of the input, and the way of an UPDATE out
 *         again: attributes interned, encoded, written with their NLRI.
 */
#ifndef EVPND_TESTS_FUZZ_BGP_H
#define EVPND_TESTS_FUZZ_BGP_H

#include "bgpd/attrset.h"
#include "bgpd/update.h"
#include "lib/strbuf.h"

/* From a context octet (VECTOR_* of tests/fuzz/vector.h). */
struct attr_ctx fuzz_ctx(uint8_t octet);

/* Attributes -> interned -> block; appends it to out. */
void fuzz_attr_block(struct attrtab *t, const struct attrs *a, const struct attr_ctx *ctx,
    struct strbuf *out);

/* Writes what u announces and withdraws as messages of at most 65535 octets; appends to out.
 * NLRI that are malformed are left out. */
void fuzz_update_write(struct attrtab *t, const struct update *u,
    const struct attr_ctx *ctx, struct strbuf *out);

#endif
