/* SPDX-License-Identifier: ISC */
/* Route-maps: what a verdict makes of a route. */
#include "config.h"

#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/extcomm.h"
#include "bgpd/routemap.h"

/* In front of the path, as a router of that AS would; the next one goes before those. */
static void
prepend(struct arena *arena, struct attrs *a, uint32_t as, unsigned times)
{
	size_t room = a->aspath_len + 4u * times + 2u * (times / 255 + 1);
	struct wbuf w = wb_init(arena_alloc(arena, room), room);

	if (times == 0 || room > UINT16_MAX)
		return;
	aspath_prepend(&w, a->aspath, a->aspath_len, as, times);
	a->has |= HAS_AS_PATH;
	a->aspath = w.start;
	a->aspath_len = (uint16_t)wb_len(&w);
}

static void
edit_path(const struct rmap_entry *e, struct arena *arena, struct attrs *a)
{
	uint8_t *to;

	if (a->aspath_len == 0)
		return;
	if (e->set & RMAP_SET_EXCLUDE) {
		to = arena_alloc(arena, a->aspath_len);
		a->aspath_len = (uint16_t)aspath_exclude(
		    a->aspath, a->aspath_len, e->exclude, e->nexclude, to);
		a->aspath = to;
	}
	if (e->set & RMAP_SET_REPLACE) {
		to = arena_alloc(arena, a->aspath_len + 1u);
		a->aspath_len = (uint16_t)aspath_replace(
		    a->aspath, a->aspath_len, e->replace[0], e->replace[1], to);
		a->aspath = to;
	}
}

static void
set_path(const struct rmap_entry *e, struct arena *arena, struct attrs *a)
{
	edit_path(e, arena, a);
	for (size_t i = e->nprepend; i > 0; i--)
		prepend(arena, a, e->prepend[i - 1], 1);
	if (e->set & RMAP_SET_LAST_AS && aspath_neighbor(a->aspath, a->aspath_len))
		prepend(arena, a, aspath_neighbor(a->aspath, a->aspath_len), e->last_as);
}

/* In place of the one that it has, or beside what it has. */
static void
set_router_mac(struct mac rmac, struct arena *arena, struct attrs *a)
{
	struct ecom *list = arena_alloc(arena, sizeof *list * (a->necoms + 1u));
	uint16_t n = 0;
	struct mac old;

	for (unsigned i = 0; i < a->necoms; i++)
		if (!ecom_router_mac_get(&a->ecoms[i], &old))
			list[n++] = a->ecoms[i];
	list[n++] = ecom_router_mac(rmac);
	a->ecoms = list;
	a->necoms = n;
}

static void
set_local(const struct rmap_entry *e, struct attrs *a)
{
	if (e->set & RMAP_SET_LOCAL_PREF) {
		a->has |= HAS_LOCAL_PREF;
		a->local_pref = e->local_pref;
	}
	if (e->set & RMAP_SET_METRIC) {
		a->has |= HAS_MED;
		a->med = e->metric;
	}
}

void
rmap_entry_set(
    const struct rmap_entry *e, bool prefix, struct arena *arena, struct attrs *a)
{
	set_local(e, a);
	if (e->set & RMAP_SET_ORIGIN) {
		a->has |= HAS_ORIGIN;
		a->origin = e->set_origin;
	}
	if (e->set & RMAP_SET_WEIGHT) {
		a->has |= HAS_WEIGHT;
		a->weight = e->weight;
	}
	set_path(e, arena, a);
	for (unsigned k = 0; k < COM_PATH; k++) {
		if (e->set & (unsigned)RMAP_SET_DELETE << k)
			comlist_delete(&e->del[k], (enum comkind)k, arena, a);
		if (e->set & (unsigned)RMAP_SET_COM << k)
			comset_store(
			    &e->com[k], (enum comkind)k, e->additive[k], arena, a);
	}
	if (e->set & RMAP_SET_RMAC && prefix)
		set_router_mac(e->rmac, arena, a);
}

void
rmap_set(const struct rmap *m, unsigned verdict, struct arena *arena, struct attrs *a)
{
	struct rmap_steps s = { .m = m, .verdict = verdict };
	struct rmap_step step;

	while (rmap_step_next(&s, &step))
		rmap_entry_set(step.e, step.prefix, arena, a);
}

void
rmap_set_local(const struct rmap *m, unsigned verdict, struct attrs *a)
{
	struct rmap_steps s = { .m = m, .verdict = verdict };
	struct rmap_step step;

	while (rmap_step_next(&s, &step))
		set_local(step.e, a);
}

bool
rmap_gateway(const struct rmap *m, unsigned verdict, bool ipv6, struct ip *gateway)
{
	struct rmap_steps s = { .m = m, .verdict = verdict };
	struct rmap_step step;
	bool set = false;

	/* Only maps with trails have any. */
	while (m && m->trails && rmap_step_next(&s, &step)) {
		if (!step.prefix ||
		    !(step.e->set & (ipv6 ? RMAP_SET_GATEWAY6 : RMAP_SET_GATEWAY4)))
			continue;
		*gateway = step.e->gateway[ipv6];
		set = true;
	}
	return set;
}
