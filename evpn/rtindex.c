/* SPDX-License-Identifier: ISC */
/* The index of route targets: a hash of matches, a list of instances behind each. */
#include "config.h"

#include "evpn/rtindex.h"

#include <stdlib.h>

#include "lib/hash.h"
#include "lib/util.h"

/* One (match, instance).  The first of a match is in the index, the rest hang behind it. */
struct rtindex_cell {
	struct rt_match match; /* key */
	uint32_t next;	       /* another instance of the same match, 0 none */
	uint16_t id;	       /* instance */
};

static uint32_t
match_hash(const struct rt_match *m)
{
	uint8_t k[9] = { m->wildcard };

	if (m->wildcard)
		memcpy(k + 1, &m->local, sizeof m->local);
	else
		memcpy(k + 1, m->rt.b, sizeof m->rt.b);
	return hash32(k, sizeof k);
}

bool
rt_match_equal(const struct rt_match *a, const struct rt_match *b)
{
	if (a->wildcard != b->wildcard)
		return false;
	return a->wildcard ? a->local == b->local : ecom_equal(a->rt, b->rt);
}

bool
rt_match_takes(const struct rt_match *m, struct ecom rt)
{
	if (!ecom_is_rt(rt))
		return false;
	return m->wildcard ? m->local == rt_local(rt) : ecom_equal(m->rt, rt);
}

static struct rtindex_cell *
cell(const struct rtindex *x, uint32_t h)
{
	return slab_ptr(&x->cells, h);
}

static uint32_t
find(const struct rtindex *x, const struct rt_match *m, uint32_t hash)
{
	struct hidx_it it = hidx_first(&x->index, hash);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (rt_match_equal(&cell(x, h)->match, m))
			return h;
	return 0;
}

void
rtindex_init(struct rtindex *x)
{
	*x = (struct rtindex){ .gen = 1 };
	slab_init(&x->cells, "evpn route targets", sizeof(struct rtindex_cell));
	hidx_init(&x->index);
}

void
rtindex_fini(struct rtindex *x)
{
	hidx_fini(&x->index);
	slab_fini(&x->cells);
}

void
rtindex_add(struct rtindex *x, const struct rt_match *m, uint16_t id)
{
	uint32_t hash = match_hash(m), first = find(x, m, hash),
		 h = slab_alloc(&x->cells);
	struct rtindex_cell *c = cell(x, h);

	c->match = *m;
	c->id = id;
	if (first) {
		c->next = cell(x, first)->next;
		cell(x, first)->next = h;
	} else {
		hidx_insert(&x->index, hash, h);
	}
	x->gen++;
}

bool
rtindex_del(struct rtindex *x, const struct rt_match *m, uint16_t id)
{
	uint32_t hash = match_hash(m), first = find(x, m, hash), h, *link;

	for (h = first; h && cell(x, h)->id != id; h = cell(x, h)->next)
		;
	if (!h)
		return false;
	if (h == first) {
		hidx_remove(&x->index, hash, first);
		if (cell(x, first)->next)
			hidx_insert(&x->index, hash, cell(x, first)->next);
	} else {
		for (link = &cell(x, first)->next; *link != h;
		     link = &cell(x, *link)->next)
			;
		*link = cell(x, h)->next;
	}
	slab_free(&x->cells, h);
	x->gen++;
	return true;
}

static void
set_add(struct rtindex_set *s, uint16_t id)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 8;
		s->ids = xrealloc(s->ids, s->cap * sizeof *s->ids);
	}
	s->ids[s->n++] = id;
}

static void
collect(const struct rtindex *x, const struct rt_match *m, struct rtindex_set *out)
{
	uint32_t h;

	for (h = find(x, m, match_hash(m)); h; h = cell(x, h)->next)
		set_add(out, cell(x, h)->id);
}

static int
cmp_id(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

void
rtindex_lookup(const struct rtindex *x, const struct attrset *s, struct rtindex_set *out)
{
	size_t i, n = 0;

	out->n = 0;
	for (i = 0; i < s->a.necoms; i++) {
		struct ecom rt = s->a.ecoms[i];

		if (!ecom_is_rt(rt))
			continue;
		collect(x, &(struct rt_match){ .rt = rt }, out);
		collect(x, &(struct rt_match){ .wildcard = true, .local = rt_local(rt) },
		    out);
	}
	if (out->n < 2)
		return;
	qsort(out->ids, out->n, sizeof *out->ids, cmp_id);
	for (i = 0; i < out->n; i++)
		if (n == 0 || out->ids[n - 1] != out->ids[i])
			out->ids[n++] = out->ids[i];
	out->n = n;
}

void
rtindex_set_fini(struct rtindex_set *s)
{
	free(s->ids);
	*s = (struct rtindex_set){ 0 };
}
