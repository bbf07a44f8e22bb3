/* SPDX-License-Identifier: ISC */
/* Route-maps: the way of a route through entries that are joined, and trails of those that set something.
 *
 * A trail is a node of a tree: the trail without its last step, and that step.  The first
 * nodes are the trails of one entry, so that a verdict of one entry is its place from 1.
 */
#include "config.h"

#include <stdlib.h>

#include "bgpd/afi.h"
#include "bgpd/nlri.h"
#include "bgpd/routemap.h"
#include "lib/stats.h"
#include "lib/util.h"

#define STEPS_MAX (1u << 20) /* maps that call maps could go on for long */

COUNTER(routemap_trails_exhausted);

struct node {
	uint32_t prev;	/* the trail without the last step; 0 none */
	uint32_t entry; /* the last step */
	uint32_t child,
	    next;	/* longer trails; the next one of the same length and start */
	uint16_t depth; /* steps */
	bool prefix;	/* the route is a type 5 */
};

struct rmap_trails {
	struct node *node;  /* owned: by verdict; 0 is no trail yet */
	uint32_t n, cap;    /* nodes, and room */
	uint32_t entries;   /* nodes that are there from the beginning */
	struct arena arena; /* attributes on the way */
};

/* Where one entry does not decide alone, or does not set the same for all types. */
static bool
joins(const struct rmap_entry *e)
{
	return e->call || e->next != RMAP_EXIT || e->set & RMAP_SET_PREFIX;
}

void
rmap_finish(struct rmap *m)
{
	size_t n = rmap_entries(m);
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= m->e[i].permit && joins(&m->e[i]);
	if (!any || m->trails)
		return;
	m->trails = xcalloc(1, sizeof *m->trails);
	arena_init(&m->trails->arena);
	m->trails->entries = (uint32_t)n;
	m->trails->n = m->trails->cap = (uint32_t)n + 1;
	m->trails->node = xcalloc(n + 1, sizeof m->trails->node[0]);
	for (size_t i = 0; i < n; i++)
		m->trails->node[i + 1] =
		    (struct node){ .entry = (uint32_t)i, .depth = 1, .prefix = true };
}

void
rmap_trails_free(struct rmap_trails *t)
{
	if (!t)
		return;
	arena_fini(&t->arena);
	free(t->node);
	free(t);
}

/* The trail with one step more; 0 if there are too many. */
static uint32_t
extend(struct rmap_trails *t, uint32_t prev, uint32_t entry, bool prefix)
{
	uint32_t at;

	if (prev == 0 && prefix)
		return entry + 1;
	for (at = t->node[prev].child; at; at = t->node[at].next)
		if (t->node[at].entry == entry && t->node[at].prefix == prefix)
			return at;
	if (t->n - t->entries > RMAP_TRAILS || t->node[prev].depth == UINT16_MAX) {
		COUNT(routemap_trails_exhausted);
		return 0;
	}
	if (t->n == t->cap) {
		t->cap = t->cap * 2 + 16;
		t->node = xrealloc(t->node, t->cap * sizeof t->node[0]);
	}
	at = t->n++;
	t->node[at] = (struct node){
		.prev = prev,
		.entry = entry,
		.next = t->node[prev].child,
		.depth = (uint16_t)(t->node[prev].depth + 1),
		.prefix = prefix,
	};
	t->node[prev].child = at;
	return at;
}

bool
rmap_step_next(struct rmap_steps *s, struct rmap_step *step)
{
	const struct rmap_trails *t = s->m->trails;
	uint32_t at = s->verdict;

	if (!t) {
		*step = (struct rmap_step){ &s->m->e[at - 1], true };
		return s->i++ == 0;
	}
	if (s->i >= t->node[at].depth)
		return false;
	for (unsigned back = t->node[at].depth - 1u - s->i; back > 0; back--)
		at = t->node[at].prev;
	*step = (struct rmap_step){ &s->m->e[t->node[at].entry], t->node[at].prefix };
	s->i++;
	return true;
}

/* --- the way of one route --- */

struct walk {
	const struct rmap *m; /* borrowed */
	struct rmap_route r;  /* as it is by now */
	struct attrs a;	      /* what it has by now */
	bool prefix;	      /* it is a type 5 */
	uint32_t trail;	      /* of what sets something */
	uint32_t plain;	      /* the first entry that it fits, from 1 */
	unsigned steps;	      /* entries that were looked at */
	bool full;	      /* there are too many of those, or of trails */
};

static void
take(struct walk *w, uint32_t entry)
{
	const struct rmap_entry *e = &w->m->e[entry];
	struct rmap_trails *t = w->m->trails;

	if (!w->plain)
		w->plain = entry + 1;
	if (!e->set)
		return;
	w->trail = extend(t, w->trail, entry, w->prefix);
	w->full |= w->trail == 0;
	if (!w->r.attrs)
		return;
	if (w->r.attrs != &w->a)
		w->a = *w->r.attrs;
	w->r.attrs = &w->a;
	rmap_entry_set(e, w->prefix, &t->arena, &w->a);
}

/* part: 0 is the map itself.  As deep as maps call maps, which the configuration bounds. */
static bool
walk_part(struct walk *w, unsigned part)
{
	const struct rmap *m = w->m;
	const struct rmap_part own = { 0, m->n };
	const struct rmap_part *p = part ? &m->parts[part - 1] : &own;
	bool permitted = false;
	unsigned from = 0;

	for (size_t i = p->first; i < p->first + p->n && !w->full; i++) {
		const struct rmap_entry *e = &m->e[i];

		w->full = ++w->steps > STEPS_MAX;
		if (e->seq < from || !rmap_entry_fits(e, &w->r))
			continue;
		if (!e->permit)
			return false;
		permitted = true;
		take(w, (uint32_t)i);
		if (e->call && !walk_part(w, e->call))
			return false;
		if (e->next == RMAP_EXIT)
			return true;
		from = e->next == RMAP_GOTO ? e->go : 0;
	}
	return permitted && !w->full;
}

static unsigned
walk(const struct rmap *m, const struct rmap_route *r)
{
	struct walk w = { .m = m, .r = *r };
	bool permitted;

	w.prefix =
	    r->family == AFI_SAFI_EVPN ? r->type == EVPN_PREFIX : r->becomes_prefix;
	permitted = walk_part(&w, 0);
	arena_reset(&m->trails->arena);
	if (!permitted)
		return 0;
	return w.trail ? w.trail : w.plain;
}

unsigned
rmap_permits(const struct rmap *m, const struct rmap_route *r)
{
	if (m->trails)
		return walk(m, r);
	for (size_t i = 0; i < m->n; i++)
		if (rmap_entry_fits(&m->e[i], r))
			return m->e[i].permit ? (unsigned)i + 1 : 0;
	return 0;
}
