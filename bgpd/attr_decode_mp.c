/* SPDX-License-Identifier: ISC */
/* Decoders of MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760). */
#include "config.h"

#include "bgpd/attr_table.h"

#include <string.h>

const struct afi_safi *
attr_family(const struct attr_ctx *ctx, uint16_t afi, uint8_t safi)
{
	const struct afi_safi *f = afi_find(afi, safi);

	return f && !(ctx->deaf >> afi_number(f) & 1) ? f : NULL;
}

/* The family's next hop; of a global and a link-local one the first. */
static bool
next_hop_read(const struct afi_safi *f, struct rbuf nh, struct ip *ip)
{
	size_t n = rb_left(&nh);

	if (n > 63 || !(f->nh_lens >> n & 1))
		return false;
	ip->len = n == 4 ? 4 : 16;
	rb_copy(&nh, ip->b, ip->len);
	return true;
}

const char *
attr_decode_mp_reach(struct attr_reader *d, struct rbuf *v)
{
	struct mp_nlri *m = d->reach;
	const struct afi_safi *f;
	struct rbuf nh;

	/* RFC 7606 5.3: less than 5 octets cannot be one. */
	if (rb_left(v) < 5)
		return "MP_REACH_NLRI is too short";
	m->afi = rb_u16(v);
	m->safi = rb_u8(v);
	nh = rb_sub(v, rb_u8(v));
	rb_u8(v);
	f = attr_family(d->ctx, m->afi, m->safi);
	/* RFC 7606 7.11: a wrong next hop length makes the place of the NLRI doubtful; RFC 4760 7
	 * allows to give up the family in place of the session. */
	if (v->failed || (f && !next_hop_read(f, nh, &m->nexthop))) {
		d->bad = f ? UPD_AFI_DISABLE : UPD_RESET;
		d->fault->afi = m->afi;
		d->fault->safi = m->safi;
		return "bad next hop length in MP_REACH_NLRI";
	}
	m->nlri = rb_sub(v, rb_left(v));
	m->present = true;
	return NULL;
}

const char *
attr_decode_mp_unreach(struct attr_reader *d, struct rbuf *v)
{
	struct mp_nlri *m = d->unreach;

	/* RFC 7606 5.3 */
	if (rb_left(v) < 3)
		return "MP_UNREACH_NLRI is too short";
	m->afi = rb_u16(v);
	m->safi = rb_u8(v);
	m->nlri = rb_sub(v, rb_left(v));
	m->present = true;
	return NULL;
}
