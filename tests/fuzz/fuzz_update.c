/* SPDX-License-Identifier: ISC */
/* Fuzz target: the body of an UPDATE, behind a context octet. */
#include "config.h"

#include <string.h>

#include "tests/fuzz/bgp.h"
#include "tests/fuzz/fuzz.h"

/* Reads messages that were written and writes them again. */
static void
again(struct attrtab *t, const struct strbuf *in, const struct attr_ctx *ctx,
    struct arena *arena, struct strbuf *out)
{
	const uint8_t *p = arena_dup(arena, in->s, in->len + 1);
	size_t left = in->len;

	strbuf_reset(out);

	while (left > 0) {
		struct bgp_msg m;
		struct bgp_fault f;
		struct update u;

		oracle(msg_frame(p, left, MSG_MAX_EXTENDED, &m, &f) == MSG_WHOLE);
		update_decode(m.body, ctx, arena, &u);
		oracle(u.fault.verdict == UPD_OK && !u.eor);
		fuzz_update_write(t, &u, ctx, out);
		p += m.len;
		left -= m.len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attr_ctx ctx = fuzz_ctx(size ? data[0] : 0);
	/* Kept from input to input: making them takes longer than using them. */
	static struct attrtab t;
	static struct arena arena;
	struct update u;
	struct strbuf b1, b2;

	if (size == 0 || size > MSG_MAX_EXTENDED - MSG_HEADER_LEN)
		return 0;
	if (!t.scratch)
		attrtab_init(&t);
	arena_reset(&arena);
	strbuf_init(&b1);
	strbuf_init(&b2);
	update_decode(rb_init(data + 1, size - 1), &ctx, &arena, &u);
	if (u.fault.verdict <= UPD_ATTR_DISCARD) {
		fuzz_update_write(&t, &u, &ctx, &b1);
		/* As in fuzz_attr.c: confederation segments that do not lead are lost once. */
		if (!ctx.as4)
			again(&t, &b1, &ctx, &arena, &b1);
		again(&t, &b1, &ctx, &arena, &b2);
		oracle(b1.len == b2.len && memcmp(b1.s, b2.s, b1.len) == 0);
	}
	strbuf_fini(&b1);
	strbuf_fini(&b2);
	oracle(t.cells.live == 0);
	return 0;
}
