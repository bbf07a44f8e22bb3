/* SPDX-License-Identifier: ISC */
/* AS paths: reading, normal form, writing. */
#include "config.h"

#include "bgpd/aspath.h"

#include <stdlib.h>

#include "bgpd/open.h"
#include "lib/util.h"

/* One segment of a path in our form. */
struct segment {
	uint8_t type;	     /* enum aspath_segment */
	uint8_t n;	     /* ASes */
	const uint8_t *ases; /* four octets each */
};

/* The next segment of a path that aspath_decode() has passed; false at its end. */
static bool
next_segment(struct rbuf *r, struct segment *s)
{
	if (rb_left(r) == 0)
		return false;
	s->type = rb_u8(r);
	s->n = rb_u8(r);
	s->ases = rb_take(r, s->n * 4u);
	ensure(s->ases != NULL);
	return true;
}

static inline uint32_t
get_as(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool
is_set(uint8_t type)
{
	return type == AS_SET || type == AS_CONFED_SET;
}

static bool
is_confed(uint8_t type)
{
	return type == AS_CONFED_SEQUENCE || type == AS_CONFED_SET;
}

struct shape {
	unsigned segments; /* in the path */
	size_t ases;	   /* in all of them */
	bool normal;	   /* nothing to merge, no set to sort */
	bool set, confed;  /* kinds seen */
};

/* RFC 7606 7.2: unknown type, empty segment, overrun, one octet left over.  Also counts. */
static const char *
check(struct rbuf r, unsigned width, struct shape *s)
{
	uint8_t last = 0;

	*s = (struct shape){ .normal = true };
	while (rb_left(&r) > 0) {
		uint8_t type = rb_u8(&r), n = rb_u8(&r);
		const uint8_t *p = rb_take(&r, (size_t)n * width);

		if (!p)
			return "segment of AS_PATH runs past its end";
		if (type < AS_SET || type > AS_CONFED_SET)
			return "unknown segment type in AS_PATH";
		if (n == 0)
			return "empty segment in AS_PATH";
		for (unsigned i = 0; i < n; i++, p += width)
			if (width == 4 ? get_as(p) == 0 : (p[0] | p[1]) == 0)
				return "AS 0 in AS_PATH"; /* RFC 7607 2 */
		s->segments++;
		s->ases += n;
		s->set |= is_set(type);
		s->confed |= is_confed(type);
		s->normal &= !is_set(type) && type != last;
		last = type;
	}
	return NULL;
}

static int
as_cmp(const void *a, const void *b)
{
	return memcmp(a, b, 4);
}

/* Sorts n ASes in place and drops repetitions; returns how many are left. */
static uint8_t
sort_set(uint8_t *ases, uint8_t n)
{
	uint8_t kept = 1;

	qsort(ases, n, 4, as_cmp);
	for (unsigned i = 1; i < n; i++)
		if (memcmp(ases + 4 * i, ases + 4 * (kept - 1u), 4) != 0)
			memmove(ases + 4 * kept++, ases + 4 * i, 4);
	return kept;
}

/* Appends ASes to the sequence whose header is at `at`, or to new ones of this type. */
static uint8_t *
append(uint8_t *at, uint8_t *w, uint8_t type, const uint8_t *ases, unsigned n,
    uint8_t **head)
{
	while (n > 0) {
		unsigned take;

		if (!at || at[0] != type || is_set(type) || at[1] == 255) {
			at = w;
			at[0] = type;
			at[1] = 0;
			w += 2;
		}
		take = MIN(n, 255u - at[1]);
		memcpy(w, ases, take * 4);
		w += take * 4;
		ases += take * 4;
		at[1] = (uint8_t)(at[1] + take);
		n -= take;
	}
	*head = at;
	return w;
}

/* Brings segments of `width`-octet ASes into our form; dst has room for all. */
static size_t
normalise(struct rbuf r, unsigned width, uint8_t *dst)
{
	uint8_t wide[255 * 4], *w = dst, *head = NULL;

	while (rb_left(&r) > 0) {
		uint8_t type = rb_u8(&r), n = rb_u8(&r);
		const uint8_t *p = rb_take(&r, (size_t)n * width);

		for (unsigned i = 0; i < n; i++, p += width) {
			uint8_t *d = wide + 4 * i;

			memset(d, 0, 4);
			memcpy(d + 4 - width, p, width);
		}
		if (is_set(type))
			n = sort_set(wide, n);
		w = append(head, w, type, wide, n, &head);
	}
	return (size_t)(w - dst);
}

const char *
aspath_decode(struct rbuf *r, bool as4, struct arena *arena, struct aspath *p)
{
	const unsigned width = as4 ? 4 : 2;
	struct shape s;
	const char *why = check(*r, width, &s);
	uint8_t *dst;

	*p = (struct aspath){ .has_set = s.set, .has_confed = s.confed };
	if (why)
		return why;
	if (s.segments * 2 + s.ases * 4 > UINT16_MAX)
		return "AS_PATH is too long";
	if (s.segments == 0 || (as4 && s.normal)) {
		p->len = (uint16_t)rb_left(r);
		p->b = rb_take(r, p->len);
		return NULL;
	}
	dst = arena_alloc(arena, s.segments * 2 + s.ases * 4);
	p->len = (uint16_t)normalise(*r, width, dst);
	p->b = dst;
	r->pos = r->end;
	return NULL;
}

/* The leading `hops` of p and the confederation segments that touch them. */
static uint8_t *
leading(const struct aspath *p, unsigned hops, uint8_t *w, uint8_t **head)
{
	struct rbuf r = rb_init(p->b, p->len);
	struct segment s;

	while (next_segment(&r, &s)) {
		unsigned n = s.n;

		if (!is_confed(s.type)) {
			if (hops == 0)
				break;
			n = is_set(s.type) ? n : MIN(n, hops);
			hops -= is_set(s.type) ? 1 : n;
		}
		w = append(*head, w, s.type, s.ases, n, head);
	}
	return w;
}

void
aspath_merge_as4(struct aspath *p, const struct aspath *as4, struct arena *arena)
{
	struct rbuf r = rb_init(as4->b, as4->len);
	unsigned have = aspath_hops(p->b, p->len), know = aspath_hops(as4->b, as4->len);
	uint8_t *dst, *w, *head = NULL;
	struct segment s;

	/* RFC 6793 4.2.3: an AS4_PATH longer than the AS_PATH is ignored. */
	if (have < know || know == 0 || (size_t)p->len + as4->len > UINT16_MAX)
		return;
	dst = arena_alloc(arena, (size_t)p->len + as4->len);
	w = leading(p, have - know, dst, &head);
	while (next_segment(&r, &s)) {
		/* RFC 6793 6: confederation segments in an AS4_PATH are dropped. */
		if (!is_confed(s.type))
			w = append(head, w, s.type, s.ases, s.n, &head);
	}
	p->b = dst;
	p->len = (uint16_t)(w - dst);
	p->has_set |= as4->has_set;
}

void
aspath_encode(struct wbuf *w, const uint8_t *b, size_t len, bool as4)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;

	if (as4) {
		wb_bytes(w, b, len);
		return;
	}
	while (next_segment(&r, &s)) {
		wb_u8(w, s.type);
		wb_u8(w, s.n);
		for (unsigned i = 0; i < s.n; i++) {
			uint32_t as = get_as(s.ases + 4 * i);

			/* RFC 6793 4.2.2 */
			wb_u16(w, as > UINT16_MAX ? AS_TRANS : (uint16_t)as);
		}
	}
}

void
aspath_encode_as4(struct wbuf *w, const uint8_t *b, size_t len)
{
	aspath_strip_confed(w, b, len);
}

void
aspath_strip_confed(struct wbuf *w, const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;

	while (next_segment(&r, &s)) {
		if (is_confed(s.type))
			continue;
		wb_u8(w, s.type);
		wb_u8(w, s.n);
		wb_bytes(w, s.ases, s.n * 4u);
	}
}

bool
aspath_needs_as4(const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;

	while (next_segment(&r, &s))
		for (unsigned i = 0; i < s.n; i++)
			if (get_as(s.ases + 4 * i) > UINT16_MAX)
				return true;
	return false;
}

unsigned
aspath_hops(const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;
	unsigned hops = 0;

	while (next_segment(&r, &s))
		if (!is_confed(s.type))
			hops += is_set(s.type) ? 1 : s.n;
	return hops;
}

uint32_t
aspath_neighbor(const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;

	while (next_segment(&r, &s))
		if (!is_confed(s.type))
			return s.type == AS_SEQUENCE ? get_as(s.ases) : 0;
	return 0;
}

uint32_t
aspath_origin(const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;
	uint32_t as = 0;

	while (next_segment(&r, &s))
		if (!is_confed(s.type))
			as = s.type == AS_SEQUENCE ? get_as(s.ases + 4 * (s.n - 1u)) : 0;
	return as;
}

unsigned
aspath_count(const uint8_t *b, size_t len, uint32_t as)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;
	unsigned n = 0;

	while (next_segment(&r, &s))
		for (unsigned i = 0; i < s.n; i++)
			n += get_as(s.ases + 4 * i) == as;
	return n;
}

void
aspath_prepend(struct wbuf *w, const uint8_t *b, size_t len, uint32_t as, unsigned n)
{
	struct rbuf r = rb_init(b, len);
	struct segment s = { 0 };
	/* RFC 4271 5.1.2: into the leading AS_SEQUENCE as far as it has room. */
	bool joins = next_segment(&r, &s) && s.type == AS_SEQUENCE && s.n < 255;
	unsigned into = joins ? MIN(n, 255u - s.n) : 0;

	for (unsigned left = n - into; left > 0;) {
		unsigned take = MIN(left, 255u);

		wb_u8(w, AS_SEQUENCE);
		wb_u8(w, (uint8_t)take);
		for (unsigned i = 0; i < take; i++)
			wb_u32(w, as);
		left -= take;
	}
	if (joins) {
		wb_u8(w, AS_SEQUENCE);
		wb_u8(w, (uint8_t)(s.n + into));
		for (unsigned i = 0; i < into; i++)
			wb_u32(w, as);
		wb_bytes(w, s.ases, s.n * 4u);
		wb_bytes(w, r.pos, rb_left(&r));
	} else {
		wb_bytes(w, b, len);
	}
}

/* What becomes of the ASes of a path. */
struct edit {
	const uint32_t *drop; /* go; NULL: none */
	size_t ndrop;	      /* of them; 0: all go */
	uint32_t from, to;    /* else this one (0: all) becomes that one */
	bool private;	      /* else private ones do, or go if `to` is 0; `from` stays */
};

/* RFC 6996 5 */
static bool
is_private(uint32_t as)
{
	return (as >= 64512 && as <= 65534) || (as >= 4200000000u && as <= 4294967294u);
}

static bool
listed(const struct edit *ed, uint32_t as)
{
	for (size_t i = 0; i < ed->ndrop; i++)
		if (ed->drop[i] == as)
			return true;
	return ed->ndrop == 0;
}

/* What becomes of it; 0: it goes. */
static uint32_t
edited(const struct edit *ed, uint32_t as)
{
	if (ed->drop)
		return listed(ed, as) ? 0 : as;
	if (ed->private)
		return is_private(as) && as != ed->from ? ed->to : as;
	return ed->from == 0 || ed->from == as ? ed->to : as;
}

/* The ASes of a segment that stay, as they are now; returns how many. */
static uint8_t
edit_segment(const struct segment *s, const struct edit *ed, uint8_t *to)
{
	uint8_t n = 0;

	for (unsigned i = 0; i < s->n; i++) {
		uint32_t as = edited(ed, get_as(s->ases + 4 * i));
		struct wbuf w = wb_init(to + 4 * n, 4);

		if (as == 0)
			continue;
		wb_u32(&w, as);
		n++;
	}
	return n;
}

static size_t
edit_path(const uint8_t *b, size_t len, const struct edit *ed, uint8_t *dst)
{
	struct rbuf r = rb_init(b, len);
	uint8_t ases[255 * 4], *w = dst, *head = NULL;
	struct segment s;

	while (next_segment(&r, &s)) {
		uint8_t n = edit_segment(&s, ed, ases);

		if (n > 1 && is_set(s.type))
			n = sort_set(ases, n);
		w = append(head, w, s.type, ases, n, &head);
	}
	return (size_t)(w - dst);
}

size_t
aspath_exclude(const uint8_t *b, size_t len, const uint32_t *ases, size_t n, uint8_t *dst)
{
	static const uint32_t none;
	const struct edit ed = { .drop = n ? ases : &none, .ndrop = n };

	return edit_path(b, len, &ed, dst);
}

size_t
aspath_replace(const uint8_t *b, size_t len, uint32_t from, uint32_t to, uint8_t *dst)
{
	const struct edit ed = { .from = from, .to = to };

	return edit_path(b, len, &ed, dst);
}

size_t
aspath_unprivate(const uint8_t *b, size_t len, uint32_t keep, uint32_t to, uint8_t *dst)
{
	const struct edit ed = { .private = true, .from = keep, .to = to };

	return edit_path(b, len, &ed, dst);
}

bool
aspath_all_private(const uint8_t *b, size_t len)
{
	struct rbuf r = rb_init(b, len);
	struct segment s;

	while (next_segment(&r, &s))
		for (unsigned i = 0; i < s.n; i++)
			if (!is_private(get_as(s.ases + 4 * i)))
				return false;
	return len > 0;
}

void
aspath_format(struct strbuf *out, const uint8_t *b, size_t len)
{
	static const struct {
		const char *open, *close;
		char between;
	} marks[] = {
		[AS_SET] = { "{", "}", ',' },
		[AS_SEQUENCE] = { "", "", ' ' },
		[AS_CONFED_SEQUENCE] = { "(", ")", ' ' },
		[AS_CONFED_SET] = { "[", "]", ',' },
	};
	struct rbuf r = rb_init(b, len);
	struct segment s;
	bool first = true;

	while (next_segment(&r, &s)) {
		if (!first)
			strbuf_putc(out, ' ');
		first = false;
		strbuf_put(out, marks[s.type].open);
		for (unsigned i = 0; i < s.n; i++) {
			if (i > 0)
				strbuf_putc(out, marks[s.type].between);
			strbuf_printf(out, "%u", get_as(s.ases + 4 * i));
		}
		strbuf_put(out, marks[s.type].close);
	}
}
