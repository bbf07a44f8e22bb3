/* SPDX-License-Identifier: ISC */
/* Fuzz target: a path attribute field, behind a context octet. */
#include "config.h"

#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "tests/fuzz/bgp.h"
#include "tests/fuzz/fuzz.h"

struct decoded {
	struct attrs a;
	struct mp_nlri reach, unreach;
	struct upd_fault fault;
};

static void
decode(const void *data, size_t size, const struct attr_ctx *ctx, struct arena *arena,
    struct decoded *d)
{
	struct rbuf r = rb_init(data, size);

	attr_decode(&r, ctx, arena, &d->a, &d->reach, &d->unreach, &d->fault);
}

static void
print_all(const struct attrs *a)
{
	struct strbuf s;

	strbuf_init(&s);
	aspath_format(&s, a->aspath, a->aspath_len);
	comms_format(&s, a->comms, a->ncomms);
	ecoms_format(&s, a->ecoms, a->necoms);
	lcomms_format(&s, a->lcomms, a->nlcomms);
	strbuf_fini(&s);
}

/* What was encoded decodes without a fault; encodes it again. */
static void
again(struct attrtab *t, const struct attr_ctx *ctx, struct arena *arena,
    const struct strbuf *from, struct strbuf *to)
{
	struct decoded d;
	const char *copy = arena_dup(arena, from->s, from->len + 1);

	decode(copy, from->len, ctx, arena, &d);
	oracle(d.fault.verdict == UPD_OK);
	strbuf_reset(to);
	fuzz_attr_block(t, &d.a, ctx, to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attr_ctx ctx = fuzz_ctx(size ? data[0] : 0);
	/* Kept from input to input: making them takes longer than using them. */
	static struct attrtab t;
	static struct arena arena;
	struct decoded one;
	struct strbuf b1, b2;

	if (size == 0 || size > 65536)
		return 0;
	if (!t.scratch)
		attrtab_init(&t);
	arena_reset(&arena);
	strbuf_init(&b1);
	strbuf_init(&b2);
	decode(data + 1, size - 1, &ctx, &arena, &one);
	if (one.fault.verdict <= UPD_ATTR_DISCARD) {
		print_all(&one.a);
		fuzz_attr_block(&t, &one.a, &ctx, &b1);
		/* A session with two-octet ASes loses confederation segments that do not lead
		 * (RFC 6793 4.2.3): what it says is stable only after once around. */
		if (!ctx.as4)
			again(&t, &ctx, &arena, &b1, &b1);
		again(&t, &ctx, &arena, &b1, &b2);
		oracle(b1.len == b2.len && memcmp(b1.s, b2.s, b1.len) == 0);
	}
	strbuf_fini(&b1);
	strbuf_fini(&b2);
	oracle(t.cells.live == 0);
	return 0;
}
