/* SPDX-License-Identifier: ISC */
/* Encoders of path attributes. */
#include "config.h"

#include "bgpd/attr_table.h"

#include "bgpd/extcomm.h"
#include "bgpd/open.h"
#include "lib/util.h"

/* Flags, code and length, which is two octets only where it must be. */
static void
head(struct wbuf *w, unsigned flags, uint8_t code, size_t len)
{
	if (len > 255) {
		wb_u8(w, (uint8_t)(flags | ATTR_EXTENDED));
		wb_u8(w, code);
		wb_u16(w, (uint16_t)len);
		if (len > UINT16_MAX)
			w->failed = true;
	} else {
		wb_u8(w, (uint8_t)flags);
		wb_u8(w, code);
		wb_u8(w, (uint8_t)len);
	}
}

static unsigned
partial(const struct attrs *a, uint32_t bit)
{
	return ATTR_OPTIONAL | ATTR_TRANSITIVE | (a->has & bit ? ATTR_PARTIAL : 0);
}

static void
put_u32(struct wbuf *w, unsigned flags, uint8_t code, uint32_t v)
{
	head(w, flags, code, 4);
	wb_u32(w, v);
}

void
attr_encode_origin(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (!(a->has & HAS_ORIGIN))
		return;
	head(w, ATTR_TRANSITIVE, ATTR_ORIGIN, 1);
	wb_u8(w, a->origin);
}

void
attr_encode_as_path(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	size_t m, len;

	if (!(a->has & HAS_AS_PATH))
		return;
	/* A path that two-octet ASes make shorter than 256 could do with a shorter length: its
	 * length is known only afterwards, and rarely matters. */
	if (a->aspath_len > 255) {
		wb_u8(w, ATTR_TRANSITIVE | ATTR_EXTENDED);
		wb_u8(w, ATTR_AS_PATH);
		m = wb_len16_begin(w);
		aspath_encode(w, a->aspath, a->aspath_len, ctx->as4);
		wb_len16_end(w, m);
		return;
	}
	wb_u8(w, ATTR_TRANSITIVE);
	wb_u8(w, ATTR_AS_PATH);
	m = wb_len8_begin(w);
	aspath_encode(w, a->aspath, a->aspath_len, ctx->as4);
	len = wb_len(w) - m - 1;
	ensure(w->failed || len <= 255);
	wb_len8_end(w, m);
}

void
attr_encode_med(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (a->has & HAS_MED)
		put_u32(w, ATTR_OPTIONAL, ATTR_MED, a->med);
}

void
attr_encode_local_pref(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	/* RFC 4271 5.1.5: to internal peers only. */
	if (ctx->ibgp && (a->has & HAS_LOCAL_PREF))
		put_u32(w, ATTR_TRANSITIVE, ATTR_LOCAL_PREF, a->local_pref);
}

void
attr_encode_atomic(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (a->has & HAS_ATOMIC)
		head(w, ATTR_TRANSITIVE, ATTR_ATOMIC_AGGREGATE, 0);
}

void
attr_encode_aggregator(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	if (!(a->has & HAS_AGGREGATOR))
		return;
	head(w, partial(a, PARTIAL_AGGREGATOR), ATTR_AGGREGATOR, ctx->as4 ? 8 : 6);
	if (ctx->as4)
		wb_u32(w, a->aggr_as);
	else
		wb_u16(w, a->aggr_as > UINT16_MAX ? AS_TRANS : (uint16_t)a->aggr_as);
	wb_u32(w, a->aggr_ip);
}

static void
put_u32s(struct wbuf *w, const uint32_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wb_u32(w, v[i]);
}

void
attr_encode_comms(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (a->ncomms == 0)
		return;
	head(w, partial(a, PARTIAL_COMMS), ATTR_COMMUNITIES, a->ncomms * 4u);
	put_u32s(w, a->comms, a->ncomms);
}

void
attr_encode_originator(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	/* RFC 4456 8: not beyond the AS. */
	if (ctx->ibgp && (a->has & HAS_ORIGINATOR))
		put_u32(w, ATTR_OPTIONAL, ATTR_ORIGINATOR_ID, a->originator);
}

void
attr_encode_clusters(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	if (!ctx->ibgp || a->nclusters == 0)
		return;
	head(w, ATTR_OPTIONAL, ATTR_CLUSTER_LIST, a->nclusters * 4u);
	put_u32s(w, a->clusters, a->nclusters);
}

void
attr_encode_ecoms(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	size_t n = 0;

	/* RFC 4360 6: non-transitive ones stay within the AS. */
	for (size_t i = 0; i < a->necoms; i++)
		n += ctx->ibgp || ecom_is_transitive(&a->ecoms[i]);
	if (n == 0)
		return;
	head(w, partial(a, PARTIAL_ECOMS), ATTR_EXT_COMMUNITIES, n * 8);
	for (size_t i = 0; i < a->necoms; i++)
		if (ctx->ibgp || ecom_is_transitive(&a->ecoms[i]))
			wb_bytes(w, a->ecoms[i].b, 8);
}

void
attr_encode_as4_path(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	size_t m;

	/* RFC 6793 4.2.2: not if every AS fits two octets. */
	if (ctx->as4 || !(a->has & HAS_AS_PATH) ||
	    !aspath_needs_as4(a->aspath, a->aspath_len))
		return;
	wb_u8(w, ATTR_OPTIONAL | ATTR_TRANSITIVE | ATTR_EXTENDED);
	wb_u8(w, ATTR_AS4_PATH);
	m = wb_len16_begin(w);
	aspath_encode_as4(w, a->aspath, a->aspath_len);
	wb_len16_end(w, m);
}

void
attr_encode_as4_aggregator(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	if (ctx->as4 || !(a->has & HAS_AGGREGATOR) || a->aggr_as <= UINT16_MAX)
		return;
	head(w, ATTR_OPTIONAL | ATTR_TRANSITIVE, ATTR_AS4_AGGREGATOR, 8);
	wb_u32(w, a->aggr_as);
	wb_u32(w, a->aggr_ip);
}

void
attr_encode_pmsi(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (!(a->has & HAS_PMSI))
		return;
	head(w, partial(a, PARTIAL_PMSI), ATTR_PMSI_TUNNEL, 5u + a->pmsi_id_len);
	wb_u8(w, a->pmsi_flags);
	wb_u8(w, a->pmsi_type);
	wb_u24(w, a->pmsi_label);
	wb_bytes(w, a->pmsi_id, a->pmsi_id_len);
}

void
attr_encode_lcomms(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	(void)ctx;
	if (a->nlcomms == 0)
		return;
	head(w, partial(a, PARTIAL_LCOMMS), ATTR_LARGE_COMMUNITIES, a->nlcomms * 12u);
	wb_bytes(w, a->lcomms, a->nlcomms * 12u);
}

/* Writes the kept attributes of a lower code than `below` from r, which stands at the next one. */
static void
encode_unknown(struct wbuf *w, struct rbuf *r, unsigned below)
{
	while (rb_left(r) > 0 && r->pos[1] < below) {
		const uint8_t *start = r->pos;
		uint8_t flags = rb_u8(r);

		rb_u8(r);
		rb_take(r, flags & ATTR_EXTENDED ? rb_u16(r) : rb_u8(r));
		ensure(!r->failed);
		wb_bytes(w, start, (size_t)(r->pos - start));
	}
}

void
attr_encode(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx)
{
	struct rbuf u = rb_init(a->unknown, a->unknown_len);

	for (unsigned code = 1; code < ATTR_ROWS; code++) {
		if (!attr_rows[code].encode)
			continue;
		encode_unknown(w, &u, code);
		attr_rows[code].encode(w, a, ctx);
	}
	encode_unknown(w, &u, 256);
}
