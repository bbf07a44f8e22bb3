/* SPDX-License-Identifier: ISC */
/* Counts the routes in UPDATEs, telling them apart by a bit each and decoding no more. */
#include "config.h"

#include "tests/bench/load.h"

#include <stdlib.h>

#include "lib/wire.h"

enum { ATTR_MP_REACH = 14, ATTR_MP_UNREACH = 15 };

void
tally_init(struct tally *t, uint32_t size)
{
	*t = (struct tally){ .size = size };
	if (size > 0 && !(t->seen = calloc(size / 8 + 1, 1)))
		abort();
}

void
tally_fini(struct tally *t)
{
	free(t->seen);
	t->seen = NULL;
}

bool
tally_has(const struct tally *t, uint32_t route)
{
	return route < t->size && (t->seen[route / 8] & 1u << route % 8);
}

static inline void
tally_route(struct tally *t, uint32_t route, bool withdraw)
{
	uint8_t *byte, bit = (uint8_t)(1u << route % 8);

	t->nlris++;
	if (route >= t->size) {
		t->strange++;
		return;
	}
	byte = &t->seen[route / 8];
	if (withdraw) {
		t->have -= (*byte & bit) != 0;
		*byte &= (uint8_t)~bit;
	} else {
		t->have += (*byte & bit) == 0;
		*byte |= bit;
	}
}

static inline uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* EVPN NLRIs: type, length, body; the route's number is where gen.c put it. */
static bool
tally_evpn(struct tally *t, struct rbuf r, bool withdraw)
{
	const uint8_t *p;
	uint8_t type, len;

	while (rb_left(&r) > 0) {
		type = rb_u8(&r);
		len = rb_u8(&r);
		p = rb_take(&r, len);
		if (!p)
			return false;
		if (type == 2 && len >= 33)
			tally_route(t, load32(p + 25), withdraw);
		else if (type == 5 && len == 34)
			tally_route(t, load32(p + 23) & 0xffffff, withdraw);
		else if (type == 3)
			t->imet += withdraw ? -1u : 1u;
		else
			t->strange++;
	}
	return true;
}

static bool
tally_ipv4(struct tally *t, struct rbuf r, bool withdraw)
{
	const uint8_t *p;

	while (rb_left(&r) > 0) {
		if (rb_u8(&r) != 32 || !(p = rb_take(&r, 4)))
			return false;
		tally_route(t, load32(p) & 0xffffff, withdraw);
	}
	return true;
}

static bool
tally_mp(struct tally *t, struct rbuf r, bool withdraw)
{
	uint32_t family = rb_u24(&r);

	if (!withdraw) {
		rb_take(&r, rb_u8(&r));
		rb_u8(&r);
	}
	if (r.failed)
		return false;
	if (family == (25 << 8 | 70))
		return tally_evpn(t, r, withdraw);
	return family != (1 << 8 | 1) || tally_ipv4(t, r, withdraw);
}

bool
tally_update(struct tally *t, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len), withdrawn, attrs, a;
	uint8_t flags, type;

	t->updates++;
	if (!t->seen)
		return true;
	withdrawn = rb_sub(&r, rb_u16(&r));
	if (!tally_ipv4(t, withdrawn, true))
		return false;
	attrs = rb_sub(&r, rb_u16(&r));
	while (rb_left(&attrs) > 0) {
		flags = rb_u8(&attrs);
		type = rb_u8(&attrs);
		a = rb_sub(&attrs, flags & 0x10 ? rb_u16(&attrs) : rb_u8(&attrs));
		if (a.failed)
			return false;
		if (type == ATTR_MP_REACH || type == ATTR_MP_UNREACH)
			if (!tally_mp(t, a, type == ATTR_MP_UNREACH))
				return false;
	}
	return !attrs.failed && !r.failed && tally_ipv4(t, r, false);
}
