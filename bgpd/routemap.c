/* SPDX-License-Identifier: ISC */
/* Route-maps: matching, and what a match sets. */
#include "config.h"

#include "bgpd/routemap.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/nlri.h"
#include "lib/util.h"

struct rmap *
rmap_new(void)
{
	struct rmap *m = xcalloc(1, sizeof *m);

	m->refs = 1;
	return m;
}

struct rmap *
rmap_ref(struct rmap *m)
{
	if (m)
		m->refs++;
	return m;
}

void
rmap_unref(struct rmap *m)
{
	if (!m || --m->refs > 0)
		return;
	for (size_t i = 0; i < m->n; i++) {
		free(m->e[i].prefix[0].e);
		free(m->e[i].prefix[1].e);
	}
	free(m->e);
	free(m);
}

static bool
plist_equal(const struct plist *a, const struct plist *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct plist_entry *x = &a->e[i], *y = &b->e[i];

		if (x->permit != y->permit || x->ge != y->ge || x->le != y->le ||
		    x->prefix.plen != y->prefix.plen ||
		    !ip_equal(x->prefix.ip, y->prefix.ip))
			return false;
	}
	return true;
}

/* Numbers do not matter, only the order that they make. */
static bool
entry_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	return a->permit == b->permit && a->match == b->match && a->set == b->set &&
	       strcmp(a->ifname, b->ifname) == 0 && a->type == b->type &&
	       a->vni == b->vni && a->local_pref == b->local_pref &&
	       a->metric == b->metric && plist_equal(&a->prefix[0], &b->prefix[0]) &&
	       plist_equal(&a->prefix[1], &b->prefix[1]);
}

bool
rmap_equal(const struct rmap *a, const struct rmap *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!entry_equal(&a->e[i], &b->e[i]))
			return false;
	return true;
}

/* Matches. */

bool
plist_permits(const struct plist *l, struct prefix p)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct plist_entry *e = &l->e[i];

		if (e->prefix.ip.len == p.ip.len && p.plen >= e->ge && p.plen <= e->le &&
		    prefix_contains(e->prefix, p.ip))
			return e->permit;
	}
	return false;
}

static bool
matches(const struct rmap_entry *e, const struct rmap_route *r)
{
	bool evpn = r->family == AFI_SAFI_EVPN;

	if (e->match & RMAP_IF && (!r->ifname || strcmp(r->ifname, e->ifname) != 0))
		return false;
	if (e->match & RMAP_PREFIX4 &&
	    !(r->prefix.ip.len == 4 && plist_permits(&e->prefix[0], r->prefix)))
		return false;
	if (e->match & RMAP_PREFIX6 &&
	    !(r->prefix.ip.len == 16 && plist_permits(&e->prefix[1], r->prefix)))
		return false;
	if (e->match & RMAP_TYPE && !(evpn && r->type == e->type))
		return false;
	return !(e->match & RMAP_VNI) || (evpn && r->vni == e->vni);
}

void
rmap_route_init(struct rmap_route *r, unsigned family, const struct rib_key_head *head,
    const uint8_t *tail, size_t len, uint32_t label)
{
	struct evpn_nlri n;

	*r = (struct rmap_route){ .family = family };
	if (family != AFI_SAFI_EVPN) {
		r->prefix.ip.len = family == AFI_SAFI_IPV4 ? 4 : 16;
		r->prefix.plen = tail[0];
		memcpy(r->prefix.ip.b, tail + 1, len - 1);
		return;
	}
	r->type = tail[0];
	r->vni = label;
	if (r->type != EVPN_PREFIX)
		return;
	evpn_nlri_from_key(head, tail, len, &n);
	r->prefix = (struct prefix){ n.ip, n.plen };
}

unsigned
rmap_permits(const struct rmap *m, const struct rmap_route *r)
{
	for (size_t i = 0; i < m->n; i++)
		if (matches(&m->e[i], r))
			return m->e[i].permit ? (unsigned)i + 1 : 0;
	return 0;
}

/* Sets. */

void
rmap_set(const struct rmap *m, unsigned entry, struct arena *arena, struct attrs *a)
{
	const struct rmap_entry *e = &m->e[entry - 1];

	(void)arena;
	if (e->set & RMAP_SET_LOCAL_PREF) {
		a->has |= HAS_LOCAL_PREF;
		a->local_pref = e->local_pref;
	}
	if (e->set & RMAP_SET_METRIC) {
		a->has |= HAS_MED;
		a->med = e->metric;
	}
}
