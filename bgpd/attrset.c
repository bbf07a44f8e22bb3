/* SPDX-License-Identifier: ISC */
/* Interning of attribute sets: normal form, hash, comparison, one block each. */
#include "config.h"

#include "bgpd/attrset.h"

#include <stdlib.h>

#include "bgpd/aspath.h"
#include "bgpd/attrset_derive.h"
#include "lib/hash.h"
#include "lib/util.h"

/* What is hashed and compared: the fixed members one behind the other, then the variable ones. */
#define FIXED_MAX 96

void
attrtab_init(struct attrtab *t)
{
	slab_init(&t->cells, "attribute sets", sizeof(struct attrset *));
	hidx_init(&t->index);
	t->bytes = 0;
	t->scratch = NULL;
	t->scratch_cap = 0;
	t->hop_release = NULL;
	t->hop_arg = NULL;
}

void
attrtab_fini(struct attrtab *t)
{
	ensure(t->cells.live == 0);
	hidx_fini(&t->index);
	slab_fini(&t->cells);
	free(t->scratch);
	t->scratch = NULL;
}

/* Serialises the members that are not lists; returns the bytes. */
static size_t
put_fixed(uint8_t *to, const struct attrs *a)
{
	struct wbuf w = wb_init(to, FIXED_MAX);

	wb_u32(&w, a->has);
	wb_u32(&w, a->has & HAS_MED ? a->med : 0);
	wb_u32(&w, a->has & HAS_LOCAL_PREF ? a->local_pref : 0);
	wb_u32(&w, a->has & HAS_WEIGHT ? a->weight : 0);
	wb_u32(&w, a->has & HAS_ORIGINATOR ? a->originator : 0);
	wb_u32(&w, a->has & HAS_AGGREGATOR ? a->aggr_as : 0);
	wb_u32(&w, a->has & HAS_AGGREGATOR ? a->aggr_ip : 0);
	wb_u16(&w, a->aspath_len);
	wb_u16(&w, a->nclusters);
	wb_u16(&w, a->ncomms);
	wb_u16(&w, a->necoms);
	wb_u16(&w, a->nlcomms);
	wb_u16(&w, a->unknown_len);
	wb_u8(&w, a->has & HAS_ORIGIN ? a->origin : 0);
	wb_u8(&w, a->nexthop.len);
	wb_bytes(&w, a->nexthop.b, 16);
	if (a->has & HAS_PMSI) {
		wb_u8(&w, a->pmsi_flags);
		wb_u8(&w, a->pmsi_type);
		wb_u24(&w, a->pmsi_label);
		wb_u8(&w, a->pmsi_id_len);
		wb_bytes(&w, a->pmsi_id, a->pmsi_id_len);
	}
	ensure(!w.failed);
	return wb_len(&w);
}

static int
bytes8_cmp(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

static int
bytes12_cmp(const void *a, const void *b)
{
	return memcmp(a, b, 12);
}

/* Sorts and drops repetitions; most lists come sorted, so look first.  Returns what is left. */
static uint16_t
sort_unique(void *base, uint16_t n, size_t size, int (*cmp)(const void *, const void *))
{
	uint8_t *b = base;
	uint16_t kept = 1;
	bool sorted = true;

	for (size_t i = 1; i < n && sorted; i++)
		sorted = cmp(b + (i - 1) * size, b + i * size) < 0;
	if (sorted)
		return n;
	qsort(b, n, size, cmp);
	for (size_t i = 1; i < n; i++)
		if (cmp(b + i * size, b + (kept - 1u) * size) != 0)
			memmove(b + size * kept++, b + i * size, size);
	return kept;
}

/* Where the lists of a set lie in one run of bytes; 4-octet members first, for alignment. */
static size_t
lists_bytes(const struct attrs *a)
{
	return 4u * (a->nclusters + (size_t)a->ncomms) + 8u * a->necoms +
	       12u * a->nlcomms + a->aspath_len + (size_t)a->unknown_len;
}

static uint8_t *
put(uint8_t *to, const void *src, size_t n)
{
	if (n)
		memcpy(to, src, n);
	return to + n;
}

/* Copies the lists to `to` (4-aligned) and makes a's pointers point there. */
static void
put_lists(uint8_t *to, struct attrs *a)
{
	uint8_t *clusters = to;
	uint8_t *comms = put(clusters, a->clusters, 4u * a->nclusters);
	uint8_t *ecoms = put(comms, a->comms, 4u * a->ncomms);
	uint8_t *lcomms = put(ecoms, a->ecoms, 8u * a->necoms);
	uint8_t *aspath = put(lcomms, a->lcomms, 12u * a->nlcomms);
	uint8_t *unknown = put(aspath, a->aspath, a->aspath_len);

	put(unknown, a->unknown, a->unknown_len);
	a->clusters = (const uint32_t *)(const void *)clusters;
	a->comms = (const uint32_t *)(const void *)comms;
	a->ecoms = (const struct ecom *)ecoms;
	a->lcomms = (const uint8_t(*)[12])lcomms;
	a->aspath = aspath;
	a->unknown = unknown;
}

/* Sorts whole attributes by code: selection into a second buffer, as they are few. */
static void
sort_unknown(const uint8_t *from, size_t len, uint8_t *to)
{
	for (int code = -1;;) {
		struct rbuf r = rb_init(from, len);
		const uint8_t *best = NULL;
		size_t best_len = 0;

		while (rb_left(&r) > 0) {
			const uint8_t *p = r.pos;
			uint8_t flags = rb_u8(&r), c = rb_u8(&r);

			rb_take(&r, flags & ATTR_EXTENDED ? rb_u16(&r) : rb_u8(&r));
			ensure(!r.failed);
			if (c > code && (!best || c < best[1])) {
				best = p;
				best_len = (size_t)(r.pos - p);
			}
		}
		if (!best)
			return;
		to = put(to, best, best_len);
		code = best[1];
	}
}

static bool
unknown_sorted(const uint8_t *p, size_t len)
{
	struct rbuf r = rb_init(p, len);
	int last = -1;

	while (rb_left(&r) > 0) {
		uint8_t flags = rb_u8(&r), c = rb_u8(&r);

		rb_take(&r, flags & ATTR_EXTENDED ? rb_u16(&r) : rb_u8(&r));
		if (c <= last)
			return false;
		last = c;
	}
	return true;
}

static uint8_t *
scratch(struct attrtab *t, size_t need)
{
	if (t->scratch_cap < need) {
		t->scratch_cap = need * 2;
		t->scratch = xrealloc(t->scratch, t->scratch_cap);
	}
	return t->scratch;
}

/* The normal form of *a, in the scratch memory: returns it (fixed part, then lists) and its bytes;
 * a's pointers and counts are changed to match. */
static uint8_t *
normalise(struct attrtab *t, struct attrs *a, size_t *fixed, size_t *total)
{
	size_t raw = lists_bytes(a), n;
	uint8_t *mem = scratch(t, FIXED_MAX + 2 * raw), *lists = mem + FIXED_MAX,
		*twin = lists + raw;

	put_lists(lists, a);
	a->ncomms = sort_unique((void *)(uintptr_t)a->comms, a->ncomms, 4, u32_cmp);
	a->necoms = sort_unique((void *)(uintptr_t)a->ecoms, a->necoms, 8, bytes8_cmp);
	a->nlcomms =
	    sort_unique((void *)(uintptr_t)a->lcomms, a->nlcomms, 12, bytes12_cmp);
	if (!unknown_sorted(a->unknown, a->unknown_len)) {
		sort_unknown(a->unknown, a->unknown_len, twin);
		memcpy((void *)(uintptr_t)a->unknown, twin, a->unknown_len);
	}
	if (lists_bytes(a) != raw) {
		/* Repetitions were dropped: close the gaps. */
		put_lists(twin, a);
		raw = lists_bytes(a);
		memmove(lists, twin, raw);
	}
	n = put_fixed(mem, a);
	/* Fixed part and lists one behind the other, the lists aligned. */
	*fixed = (n + 3) & ~(size_t)3;
	memset(mem + n, 0, *fixed - n);
	memmove(mem + *fixed, lists, raw);
	*total = *fixed + raw;
	return mem;
}

/* A block: struct attrset, then the normal form. */
static uint8_t *
body(struct attrset *s)
{
	return (uint8_t *)(s + 1);
}

static struct attrset *
block_new(
    const struct attrs *a, const uint8_t *norm, size_t fixed, size_t total, uint32_t hash)
{
	struct attrset *s = xmalloc(sizeof *s + total);
	struct attrs view = *a;

	memcpy(body(s), norm, total);
	memset(s, 0, sizeof *s);
	s->refs = 1;
	s->hash = hash;
	s->bytes = sizeof *s + total;
	s->normal_len = (uint32_t)total;
	view.clusters = (const uint32_t *)(const void *)(body(s) + fixed);
	view.comms = view.clusters + a->nclusters;
	view.ecoms = (const struct ecom *)(view.comms + a->ncomms);
	view.lcomms = (const uint8_t(*)[12])(view.ecoms + a->necoms);
	view.aspath = (const uint8_t *)(view.lcomms + a->nlcomms);
	view.unknown = view.aspath + a->aspath_len;
	s->a = view;
	attrset_derive(s);
	return s;
}

static struct attrset **
cell(const struct attrtab *t, uint32_t h)
{
	return slab_ptr(&t->cells, h);
}

uint32_t
attrset_intern(struct attrtab *t, const struct attrs *in)
{
	struct attrs a = *in;
	size_t fixed, total;
	uint8_t *norm = normalise(t, &a, &fixed, &total);
	uint32_t hash = hash32(norm, total), h;

	for (struct hidx_it it = hidx_first(&t->index, hash);
	     (h = hidx_next(&it)) != 0;) {
		struct attrset *s = *cell(t, h);

		if (s->normal_len == total && memcmp(body(s), norm, total) == 0) {
			s->refs++;
			return h;
		}
	}
	h = slab_alloc(&t->cells);
	*cell(t, h) = block_new(&a, norm, fixed, total, hash);
	t->bytes += (*cell(t, h))->bytes;
	hidx_insert(&t->index, hash, h);
	return h;
}

void
attrset_ref(struct attrtab *t, uint32_t h)
{
	(*cell(t, h))->refs++;
}

void
attrset_unref(struct attrtab *t, uint32_t h)
{
	struct attrset *s = *cell(t, h);

	ensure(s->refs > 0);
	if (--s->refs > 0)
		return;
	if (s->hop)
		t->hop_release(t->hop_arg, s->hop);
	hidx_remove(&t->index, s->hash, h);
	t->bytes -= s->bytes;
	free(s);
	slab_free(&t->cells, h);
}

void
attrset_set_hop(struct attrtab *t, uint32_t h, uint32_t hop)
{
	(*cell(t, h))->hop = hop;
}

bool
attrset_has_rt(const struct attrset *s, struct ecom rt)
{
	size_t lo = 0, hi = s->a.necoms;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = memcmp(rt.b, s->a.ecoms[mid].b, 8);

		if (c == 0)
			return ecom_is_rt(rt);
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return false;
}

bool
attrset_foreach_rt(
    const struct attrset *s, bool (*fn)(struct ecom rt, void *arg), void *arg)
{
	for (size_t i = 0; i < s->a.necoms; i++)
		if (ecom_is_rt(s->a.ecoms[i]) && !fn(s->a.ecoms[i], arg))
			return false;
	return true;
}
