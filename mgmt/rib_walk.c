/* SPDX-License-Identifier: ISC */
/* The RIB in order of RD and key: sorted runs, then a merge by a heap. */
#include "config.h"

#include "mgmt/rib_walk.h"

#include <stdlib.h>
#include <string.h>

#include "lib/intern.h"
#include "lib/util.h"

#define RUN 4096 /* routes of a sorted run: about a millisecond to sort */

/* A route: where it is and the head of its sort key. */
struct entry {
	uint32_t route; /* handle */
	uint32_t rd;	/* handle in rds */
	uint64_t key;	/* first octets of the tail, as a number in network order */
};

/* The unread part of a sorted run. */
struct run {
	size_t at, end; /* entries */
};

struct rib_walk {
	struct rib *rib; /* borrowed */
	bool (*filter)(const struct rib *r, const struct rib_route *rt, void *arg);
	void *arg;		  /* for filter */
	struct rib_cursor cursor; /* while collecting */
	struct entry *entries;	  /* owned */
	size_t n, cap;		  /* entries used and allocated */
	struct intern rds;	  /* the RDs met */
	struct run *heap;	  /* owned: runs, the smallest first entry on top */
	size_t nheap;		  /* runs that are left */
	uint32_t shown_rd;	  /* RD of the last route given, 0 if none */
	uint32_t shown_route;	  /* that route, 0 if none */
};

static struct rd
route_rd(const struct rib *r, const struct rib_route *rt)
{
	const struct rib_key_head *h = rib_head(r, rt->head);
	struct rd rd = { { 0 } };

	if (h->len)
		memcpy(rd.b, h->b, sizeof rd.b);
	return rd;
}

static uint64_t
route_sort_key(const struct rib_route *rt)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | (i < rt->len ? rt->tail[i] : 0);
	return v;
}

static struct rd
entry_rd(const struct rib_walk *w, const struct entry *e)
{
	struct rd rd;
	size_t len;

	memcpy(rd.b, intern_bytes(&w->rds, e->rd, &len), sizeof rd.b);
	return rd;
}

/* The route of an entry, or NULL if it has gone or its cell holds another one now. */
static const struct rib_route *
entry_route(const struct rib_walk *w, const struct entry *e)
{
	const struct rib_route *rt = rib_route_live(w->rib, e->route);

	if (!rt || !rt->path.attrs || route_sort_key(rt) != e->key)
		return NULL;
	return rd_equal(route_rd(w->rib, rt), entry_rd(w, e)) ? rt : NULL;
}

/* By RD, head of the key, then the whole key of those that are still there. */
static int
entry_cmp(const struct rib_walk *w, const struct entry *a, const struct entry *b)
{
	const struct rib_route *ra, *rb;
	int c;

	if (a->rd != b->rd)
		return rd_cmp(entry_rd(w, a), entry_rd(w, b));
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	ra = entry_route(w, a);
	rb = entry_route(w, b);
	if (!ra || !rb)
		return 0;
	c = memcmp(ra->tail, rb->tail, MIN(ra->len, rb->len));
	return c ? c : ra->len - rb->len;
}

static int
entry_cmp_qsort(const void *a, const void *b, void *arg)
{
	return entry_cmp(arg, a, b);
}

static void
nothing_to_wake(struct rib_cursor *c)
{
	(void)c;
}

struct rib_walk *
rib_walk_new(struct rib *r,
    bool (*filter)(const struct rib *r, const struct rib_route *rt, void *arg), void *arg)
{
	struct rib_walk *w = xcalloc(1, sizeof *w);

	w->rib = r;
	w->filter = filter;
	w->arg = arg;
	intern_init(&w->rds, "rib_walk");
	w->cursor.wake = nothing_to_wake;
	/* A reader that tells nobody. */
	rib_cursor_open(r, &w->cursor, RIB_GROUP_NONE, true);
	return w;
}

void
rib_walk_free(struct rib_walk *w)
{
	if (!w)
		return;
	if (w->cursor.rib)
		rib_cursor_close(&w->cursor);
	free(w->entries);
	intern_fini(&w->rds);
	free(w->heap);
	free(w);
}

static void
add_entry(struct rib_walk *w, uint32_t h, const struct rib_route *rt)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 256;
		w->entries = xrealloc(w->entries, w->cap * sizeof *w->entries);
	}
	const struct rd rd = route_rd(w->rib, rt);
	w->entries[w->n++] = (struct entry){ h, intern_get(&w->rds, rd.b, sizeof rd.b),
		route_sort_key(rt) };
}

static bool
run_before(const struct rib_walk *w, size_t a, size_t b)
{
	return entry_cmp(w, &w->entries[w->heap[a].at], &w->entries[w->heap[b].at]) < 0;
}

static void
sift_down(struct rib_walk *w, size_t i)
{
	for (;;) {
		size_t least = i, kid = 2 * i + 1;

		for (size_t k = kid; k < kid + 2 && k < w->nheap; k++)
			if (run_before(w, k, least))
				least = k;
		if (least == i)
			return;
		struct run t = w->heap[i];
		w->heap[i] = w->heap[least];
		w->heap[least] = t;
		i = least;
	}
}

static void
make_heap(struct rib_walk *w)
{
	w->nheap = (w->n + RUN - 1) / RUN;
	w->heap = xcalloc(w->nheap ? w->nheap : 1, sizeof *w->heap);
	for (size_t i = 0; i < w->nheap; i++)
		w->heap[i] = (struct run){ i * RUN, MIN((i + 1) * RUN, w->n) };
	for (size_t i = w->nheap / 2; i-- > 0;)
		sift_down(w, i);
}

bool
rib_walk_collect(struct rib_walk *w)
{
	const size_t full = w->n + RUN - w->n % RUN;
	uint32_t h = 0;

	if (w->heap)
		return true;
	for (unsigned seen = 0; w->n < full && seen < 4 * RUN; seen++) {
		if ((h = rib_cursor_next(&w->cursor)) == 0)
			break;
		const struct rib_route *rt = rib_route(w->rib, h);

		if (rt->path.attrs && (!w->filter || w->filter(w->rib, rt, w->arg)))
			add_entry(w, h, rt);
	}
	if (w->n < full && h != 0)
		return false;
	if (w->n > full - RUN)
		qsort_r(w->entries + (full - RUN), w->n - (full - RUN),
		    sizeof *w->entries, entry_cmp_qsort, w);
	if (h != 0)
		return false;
	rib_cursor_close(&w->cursor);
	make_heap(w);
	return true;
}

uint32_t
rib_walk_count(const struct rib_walk *w)
{
	return (uint32_t)w->n;
}

uint32_t
rib_walk_next(struct rib_walk *w, bool *new_rd)
{
	while (w->nheap) {
		struct run *top = &w->heap[0];
		const struct entry *e = &w->entries[top->at];

		if (++top->at == top->end)
			w->heap[0] = w->heap[--w->nheap];
		sift_down(w, 0);
		/* A route that changed while routes were collected was met twice. */
		if (!entry_route(w, e) || e->route == w->shown_route)
			continue;
		*new_rd = e->rd != w->shown_rd;
		w->shown_route = e->route;
		w->shown_rd = e->rd;
		return e->route;
	}
	return 0;
}
