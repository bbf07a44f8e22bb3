/* SPDX-License-Identifier: ISC */
/* UPDATE put together: NLRI of one family until the message is full. */
#include "config.h"

#include "bgpd/update_write.h"

#include "bgpd/attr.h"
#include "lib/util.h"

#define NLRI_MAX 257 /* type, length and 255 octets */

/* Octets before the first NLRI and of everything but NLRI and attribute block. */
static size_t
overhead(const struct update_writer *uw)
{
	size_t fixed = MSG_HEADER_LEN + 2 + 2; /* two length fields */

	if (uw->classic)
		return uw->withdraw ? fixed : fixed + 3 + 4; /* NEXT_HOP */
	/* Flags, code, two octets of length, AFI, SAFI; next hop with its length, reserved. */
	return fixed + 4 + 3 + (uw->withdraw ? 0 : 1u + uw->nexthop.len + 1u);
}

bool
update_writer_init(struct update_writer *uw, const struct afi_safi *family,
    struct ip nexthop, const uint8_t *attrs, size_t attrlen, size_t max)
{
	*uw = (struct update_writer){ .family = family,
		.nexthop = nexthop,
		.attrs = attrs,
		.attrlen = attrlen,
		.max = max };
	uw->classic = family == &afi_table[AFI_SAFI_IPV4] && nexthop.len == 4;
	return overhead(uw) + attrlen + NLRI_MAX <= max;
}

void
update_writer_init_withdraw(
    struct update_writer *uw, const struct afi_safi *family, size_t max)
{
	*uw = (struct update_writer){ .family = family, .max = max, .withdraw = true };
	uw->classic = family == &afi_table[AFI_SAFI_IPV4];
}

/* The attribute block with NEXT_HOP in its place by code (RFC 4271 5: in ascending order). */
static void
put_attrs_with_next_hop(struct update_writer *uw)
{
	struct rbuf r = rb_init(uw->attrs, uw->attrlen);

	while (rb_left(&r) > 0 && r.pos[1] < ATTR_NEXT_HOP) {
		uint8_t flags = rb_u8(&r);

		rb_u8(&r);
		rb_take(&r, flags & ATTR_EXTENDED ? rb_u16(&r) : rb_u8(&r));
		ensure(!r.failed);
	}
	wb_bytes(&uw->w, uw->attrs, (size_t)(r.pos - uw->attrs));
	wb_u8(&uw->w, ATTR_TRANSITIVE);
	wb_u8(&uw->w, ATTR_NEXT_HOP);
	wb_u8(&uw->w, 4);
	wb_bytes(&uw->w, uw->nexthop.b, 4);
	wb_bytes(&uw->w, r.pos, rb_left(&r));
}

/* Everything up to the NLRI of an MP attribute, which stands first (RFC 7606 5.1). */
static void
begin_mp(struct update_writer *uw)
{
	struct wbuf *w = &uw->w;

	wb_u16(w, 0);
	uw->attr_at = wb_len16_begin(w);
	wb_u8(w, ATTR_OPTIONAL | ATTR_EXTENDED);
	wb_u8(w, uw->withdraw ? ATTR_MP_UNREACH : ATTR_MP_REACH);
	uw->mp_at = wb_len16_begin(w);
	wb_u16(w, uw->family->afi);
	wb_u8(w, uw->family->safi);
	if (uw->withdraw)
		return;
	wb_u8(w, uw->nexthop.len);
	wb_bytes(w, uw->nexthop.b, uw->nexthop.len);
	wb_u8(w, 0);
}

void
update_writer_start(struct update_writer *uw, uint8_t *buf)
{
	uw->count = 0;
	uw->w = wb_init(buf, uw->max);
	msg_begin(&uw->w, MSG_UPDATE);
	if (!uw->classic) {
		begin_mp(uw);
		uw->w.end -= uw->attrlen;
	} else if (uw->withdraw) {
		uw->attr_at = wb_len16_begin(&uw->w);
		uw->w.end -= 2; /* Total Path Attribute Length */
	} else {
		wb_u16(&uw->w, 0);
		uw->attr_at = wb_len16_begin(&uw->w);
		put_attrs_with_next_hop(uw);
		wb_len16_end(&uw->w, uw->attr_at);
	}
	ensure(!uw->w.failed);
}

bool
update_writer_add(struct update_writer *uw, const struct rib_key_head *head,
    const uint8_t *tail, size_t len, const struct rib_path *path,
    const struct path_aux *aux)
{
	size_t mark = wb_mark(&uw->w);

	uw->family->encode(&uw->w, head, tail, len, path, aux);
	if (uw->w.failed) {
		wb_rewind(&uw->w, mark);
		return false;
	}
	uw->count++;
	return true;
}

size_t
update_writer_finish(struct update_writer *uw)
{
	struct wbuf *w = &uw->w;

	if (uw->count == 0)
		return 0;
	w->end = w->start + uw->max;
	if (!uw->classic) {
		wb_len16_end(w, uw->mp_at);
		wb_bytes(w, uw->attrs, uw->attrlen);
		wb_len16_end(w, uw->attr_at);
	} else if (uw->withdraw) {
		wb_len16_end(w, uw->attr_at);
		wb_u16(w, 0);
	}
	msg_end(w, 0);
	ensure(!w->failed);
	return wb_len(w);
}

void
update_encode_eor(struct wbuf *w, const struct afi_safi *family)
{
	size_t m = msg_begin(w, MSG_UPDATE);

	wb_u16(w, 0);
	if (family == &afi_table[AFI_SAFI_IPV4]) {
		wb_u16(w, 0);
	} else {
		wb_u16(w, 6);
		wb_u8(w, ATTR_OPTIONAL);
		wb_u8(w, ATTR_MP_UNREACH);
		wb_u8(w, 3);
		wb_u16(w, family->afi);
		wb_u8(w, family->safi);
	}
	msg_end(w, m);
}
