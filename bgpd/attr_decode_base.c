/* SPDX-License-Identifier: ISC */
/* Decoders of the attributes of RFC 4271, 4456 and 6793. */
#include "config.h"

#include "bgpd/attr_table.h"

#include "bgpd/open.h"

const char *
attr_decode_origin(struct attr_reader *d, struct rbuf *v)
{
	uint8_t origin = rb_u8(v);

	if (origin > ORIGIN_INCOMPLETE)
		return "undefined ORIGIN"; /* RFC 7606 7.1 */
	d->a->origin = origin;
	d->a->has |= HAS_ORIGIN;
	return NULL;
}

const char *
attr_decode_as_path(struct attr_reader *d, struct rbuf *v)
{
	const char *why = aspath_decode(v, d->ctx->as4, d->arena, &d->path);

	if (why)
		return why;
	/* RFC 5065 5.2: confederation segments from outside our own confederation. */
	if (d->path.has_confed && !d->ctx->ibgp)
		return "confederation segment from an external peer";
	d->a->has |= HAS_AS_PATH;
	return NULL;
}

const char *
attr_decode_next_hop(struct attr_reader *d, struct rbuf *v)
{
	d->a->nexthop = ip_v4(rb_u32(v));
	d->a->has |= HAS_NEXT_HOP;
	return NULL;
}

const char *
attr_decode_med(struct attr_reader *d, struct rbuf *v)
{
	d->a->med = rb_u32(v);
	d->a->has |= HAS_MED;
	return NULL;
}

const char *
attr_decode_local_pref(struct attr_reader *d, struct rbuf *v)
{
	d->a->local_pref = rb_u32(v);
	d->a->has |= HAS_LOCAL_PREF;
	return NULL;
}

const char *
attr_decode_atomic(struct attr_reader *d, struct rbuf *v)
{
	(void)v;
	d->a->has |= HAS_ATOMIC;
	return NULL;
}

const char *
attr_decode_aggregator(struct attr_reader *d, struct rbuf *v)
{
	/* RFC 7606 7.7: 6 octets, or 8 between speakers of four-octet ASes. */
	if (rb_left(v) != (d->ctx->as4 ? 8 : 6)) {
		d->subcode = BGP_UPDATE_LENGTH;
		return "wrong length";
	}
	d->a->aggr_as = d->ctx->as4 ? rb_u32(v) : rb_u16(v);
	d->a->aggr_ip = rb_u32(v);
	if (d->a->aggr_as == 0)
		return "AS 0 in AGGREGATOR"; /* RFC 7607 2 */
	d->a->has |= HAS_AGGREGATOR;
	return NULL;
}

const char *
attr_decode_originator(struct attr_reader *d, struct rbuf *v)
{
	d->a->originator = rb_u32(v);
	d->a->has |= HAS_ORIGINATOR;
	return NULL;
}

const char *
attr_decode_clusters(struct attr_reader *d, struct rbuf *v)
{
	uint16_t n = (uint16_t)(rb_left(v) / 4);
	uint32_t *to = arena_alloc(d->arena, n * sizeof *to);

	d->a->clusters = to;
	d->a->nclusters = n;
	while (rb_left(v) > 0)
		*to++ = rb_u32(v);
	return NULL;
}

const char *
attr_decode_as4_path(struct attr_reader *d, struct rbuf *v)
{
	const char *why;

	/* RFC 6793 4.1: not between speakers of four-octet ASes. */
	if (d->ctx->as4)
		return "AS4_PATH on a session with four-octet AS numbers";
	why = aspath_decode(v, true, d->arena, &d->path4);
	d->has_path4 = !why;
	return why;
}

const char *
attr_decode_as4_aggregator(struct attr_reader *d, struct rbuf *v)
{
	if (d->ctx->as4)
		return "AS4_AGGREGATOR on a session with four-octet AS numbers";
	d->aggr4_as = rb_u32(v);
	d->aggr4_ip = rb_u32(v);
	if (d->aggr4_as == 0)
		return "AS 0 in AS4_AGGREGATOR"; /* RFC 7607 2 */
	d->has_aggr4 = true;
	return NULL;
}

/* RFC 4271 6.3: the leftmost AS of an external peer's path is its own, where that is checked. */
static void
check_first_as(struct attr_reader *d)
{
	if (d->ctx->ibgp || d->ctx->first_as == 0 || !(d->a->has & HAS_AS_PATH))
		return;
	if (aspath_neighbor(d->path.b, d->path.len) != d->ctx->first_as)
		attr_fault(d->fault, UPD_WITHDRAW, BGP_UPDATE_AS_PATH, ATTR_AS_PATH,
		    "AS_PATH does not begin with the peer's AS", NULL, 0);
}

void
attr_finish_as4(struct attr_reader *d)
{
	struct attrs *a = d->a;
	bool other_aggregator;

	/* RFC 6793 4.2.3: an AGGREGATOR that is not AS_TRANS was made by someone who does not know
	 * of the AS4 attributes: both are ignored. */
	other_aggregator =
	    (a->has & HAS_AGGREGATOR) && a->aggr_as != AS_TRANS && d->has_aggr4;
	if (d->has_aggr4 && !other_aggregator && (a->has & HAS_AGGREGATOR)) {
		a->aggr_as = d->aggr4_as;
		a->aggr_ip = d->aggr4_ip;
	}
	if (d->has_path4 && !other_aggregator && (a->has & HAS_AS_PATH))
		aspath_merge_as4(&d->path, &d->path4, d->arena);
	check_first_as(d);
	a->aspath = d->path.b;
	a->aspath_len = d->path.len;
	if (d->path.has_set)
		a->has |= HAS_AS_SET;
}
