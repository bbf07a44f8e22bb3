/* SPDX-License-Identifier: ISC */
/* The best of a route's paths: the decision (bgpd/decision.h) over all of them. */
#include "config.h"

#include "bgpd/decision.h"
#include "bgpd/rib_priv.h"

const struct nht_hop *
rib_path_hop(const struct rib *r, const struct rib_path *p)
{
	uint32_t hop = p->peer && r->nht ? attrset_get(r->attrs, p->attrs)->hop : 0;

	return hop ? nht_hop(r->nht, hop) : NULL;
}

bool
rib_path_usable(const struct rib *r, const struct rib_path *p)
{
	return rib_is_usable(r, p);
}

struct decision_path
decision_path(const struct rib *r, const struct rib_path *p)
{
	const struct nht_hop *hop = rib_path_hop(r, p);
	struct decision_path d = { .path = p };

	d.attrs = attrset_get(r->attrs, p->attrs);
	d.peer = &rib_slot(r, p->peer)->p;
	d.igp_metric = hop ? hop->metric : 0;
	d.unreachable = hop && (hop->unreachable || (r->strict && hop->loose));
	return d;
}

static struct decision_path
candidate(const struct rib *r, const struct rib_route *rt, const struct rib_path *p)
{
	struct decision_path d = decision_path(r, p);

	d.best = p == &rt->path && rt->flags & RIB_ROUTE_BEST;
	return d;
}

/* MED compares only paths from the same neighbouring AS, so "better" is no order among three
 * paths.  RFC 4271 9.1.2.2 c) removes every path that another one from its AS beats; what is
 * left is ordered without MED. */
static bool
beaten_by_med(const struct rib *r, const struct rib_route *rt, bool macip,
    const struct decision_path *a)
{
	enum decision_step why;

	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p)) {
		struct decision_path b;

		if (p == a->path || !rib_is_usable(r, p))
			continue;
		b = candidate(r, rt, p);
		if (b.attrs->neighbor_as == a->attrs->neighbor_as &&
		    decision_cmp(&r->conf, macip, a, &b, &why) > 0)
			return true;
	}
	return false;
}

static bool
med_matters(const struct rib *r, const struct rib_route *rt)
{
	const struct rib_path *p;
	int n = 0, med = 0;

	for (p = &rt->path; p; p = rib_path_next(r, p)) {
		n++;
		med |= attrset_get(r->attrs, p->attrs)->a.has & HAS_MED;
	}
	return n > 2 && med && !r->conf.always_compare_med;
}

static struct rib_path *
best_of(const struct rib *r, struct rib_route *rt, bool macip)
{
	bool med = med_matters(r, rt);
	struct decision_path best = { 0 };
	const struct rib_path *p;

	for (p = &rt->path; p; p = rib_path_next(r, p)) {
		struct decision_path d;
		enum decision_step why;

		if (!rib_is_usable(r, p))
			continue;
		d = candidate(r, rt, p);
		if (med && beaten_by_med(r, rt, macip, &d))
			continue;
		if (!best.path || decision_cmp(&r->conf, macip, &d, &best, &why) < 0)
			best = d;
	}
	return (struct rib_path *)best.path;
}

bool
rib_select(const struct rib *r, struct rib_route *rt)
{
	uint8_t was = rt->flags & RIB_ROUTE_BEST;
	struct rib_path *b = NULL;

	if (!rib_has_path(rt))
		b = NULL;
	else if (rt->path.next == 0)
		b = rib_is_usable(r, &rt->path) ? &rt->path : NULL;
	else
		b = best_of(r, rt, rib_route_is_macip(rt));
	rt->flags &= (uint8_t)~RIB_ROUTE_BEST;
	if (!b)
		return was;
	rt->flags |= RIB_ROUTE_BEST;
	if (b == &rt->path)
		return !was;
	/* The two change places, not their links. */
	struct rib_path t = *b;
	uint32_t bnext = b->next, first = rt->path.next;

	*b = rt->path;
	b->next = bnext;
	rt->path = t;
	rt->path.next = first;
	return true;
}
