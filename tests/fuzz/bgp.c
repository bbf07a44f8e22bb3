/* SPDX-License-Identifier: ISC */
/* The way of an UPDATE out again, for the oracles. */
#include "config.h"

#include "tests/fuzz/bgp.h"

#include "bgpd/update_write.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/vector.h"

struct attr_ctx
fuzz_ctx(uint8_t octet)
{
	return (struct attr_ctx){ .as4 = octet & VECTOR_AS4,
		.ibgp = octet & VECTOR_IBGP,
		.local_as = 65000,
		.first_as = octet & VECTOR_FIRST_AS ? 65001 : 0 };
}

void
fuzz_attr_block(struct attrtab *t, const struct attrs *a, const struct attr_ctx *ctx,
    struct strbuf *out)
{
	static uint8_t block[4 * MSG_MAX_EXTENDED];
	struct wbuf w = wb_init(block, sizeof block);
	uint32_t h = attrset_intern(t, a);

	attr_encode(&w, &attrset_get(t, h)->a, ctx);
	attrset_unref(t, h);
	oracle(!w.failed);
	strbuf_putn(out, (const char *)block, wb_len(&w));
}

static void
add(struct update_writer *uw, const struct afi_nlri *n, uint8_t *msg, struct strbuf *out)
{
	struct rib_path path = { .flags =
				     (uint16_t)((n->nlabels > 0 ? PATH_LABEL1 : 0) |
						(n->nlabels > 1 ? PATH_LABEL2 : 0)) };
	const struct rib_path *p = uw->withdraw ? NULL : &path;
	const struct path_aux *aux = uw->withdraw ? NULL : &n->aux;

	for (unsigned i = 0; i < 3; i++) {
		path.label1[i] = (uint8_t)(n->label[0] >> (16 - 8 * i));
		path.label2[i] = (uint8_t)(n->label[1] >> (16 - 8 * i));
	}
	if (update_writer_add(uw, &n->key.head, n->key.tail, n->key.len, p, aux))
		return;
	strbuf_putn(out, (const char *)msg, update_writer_finish(uw));
	update_writer_start(uw, msg);
	oracle(update_writer_add(uw, &n->key.head, n->key.tail, n->key.len, p, aux));
}

/* NLRI of one field into messages. */
static void
write_field(struct update_writer *uw, struct rbuf nlri, struct strbuf *out)
{
	static uint8_t msg[MSG_MAX_EXTENDED];
	struct afi_nlri n;

	update_writer_start(uw, msg);
	while (rb_left(&nlri) > 0) {
		enum nlri_result r = uw->family->decode(&nlri, &n);

		/* update_decode() has walked the field. */
		oracle(r != NLRI_TRUNCATED);
		if (r == NLRI_OK)
			add(uw, &n, msg, out);
	}
	strbuf_putn(out, (const char *)msg, update_writer_finish(uw));
}

void
fuzz_update_write(struct attrtab *t, const struct update *u, const struct attr_ctx *ctx,
    struct strbuf *out)
{
	struct update_writer uw;
	struct strbuf block;

	strbuf_init(&block);
	for (unsigned i = 0; i < u->nwithdraw; i++) {
		if (!u->withdraw[i].family)
			continue;
		update_writer_init_withdraw(&uw, u->withdraw[i].family, MSG_MAX_EXTENDED);
		write_field(&uw, u->withdraw[i].nlri, out);
	}
	for (unsigned i = 0; i < u->nreach; i++) {
		struct attrs a = u->attrs;

		if (!u->reach[i].family)
			continue;
		a.nexthop = u->reach[i].nexthop;
		strbuf_reset(&block);
		fuzz_attr_block(t, &a, ctx, &block);
		if (update_writer_init(&uw, u->reach[i].family, a.nexthop,
			(const uint8_t *)block.s, block.len, MSG_MAX_EXTENDED))
			write_field(&uw, u->reach[i].nlri, out);
	}
	strbuf_fini(&block);
}
