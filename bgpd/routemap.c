/* SPDX-License-Identifier: ISC */
/* Route-maps: matching, and what a match sets. */
#include "config.h"

#include "bgpd/routemap.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
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

static void
entry_fini(struct rmap_entry *e)
{
	free(e->prefix[0].e);
	free(e->prefix[1].e);
	free(e->prepend);
	for (int k = 0; k < COM_KINDS; k++)
		comlist_fini(&e->lists[k]);
	for (int k = 0; k < COM_PATH; k++) {
		comset_fini(&e->com[k]);
		comlist_fini(&e->del[k]);
	}
}

void
rmap_unref(struct rmap *m)
{
	if (!m || --m->refs > 0)
		return;
	for (size_t i = 0; i < m->n; i++)
		entry_fini(&m->e[i]);
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

static bool
lists_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	for (int k = 0; k < COM_KINDS; k++)
		if (a->exact[k] != b->exact[k] ||
		    !comlist_equal(&a->lists[k], &b->lists[k]))
			return false;
	return plist_equal(&a->prefix[0], &b->prefix[0]) &&
	       plist_equal(&a->prefix[1], &b->prefix[1]);
}

static bool
matches_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	return a->match == b->match && strcmp(a->ifname, b->ifname) == 0 &&
	       strcmp(a->vrf, b->vrf) == 0 && a->type == b->type && a->vni == b->vni &&
	       rd_equal(a->rd, b->rd) && a->plen[0] == b->plen[0] &&
	       a->plen[1] == b->plen[1] && a->match_metric == b->match_metric &&
	       a->match_local_pref == b->match_local_pref && a->origin == b->origin &&
	       lists_equal(a, b);
}

static bool
sets_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	for (int k = 0; k < COM_PATH; k++)
		if (a->additive[k] != b->additive[k] ||
		    !comset_equal(&a->com[k], &b->com[k], (enum comkind)k) ||
		    !comlist_equal(&a->del[k], &b->del[k]))
			return false;
	return a->set == b->set && a->local_pref == b->local_pref &&
	       a->metric == b->metric && a->set_origin == b->set_origin &&
	       a->last_as == b->last_as && a->nprepend == b->nprepend &&
	       (a->nprepend == 0 || memcmp(a->prepend, b->prepend, a->nprepend * 4) == 0);
}

/* Numbers do not matter, only the order that they make. */
static bool
entry_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	return a->permit == b->permit && matches_equal(a, b) && sets_equal(a, b);
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

/* What a route's prefix has to be; family: 0 for IPv4, 1 for IPv6. */
static bool
fits_prefix(const struct rmap_entry *e, const struct rmap_route *r, unsigned family)
{
	const bool it = r->prefix.ip.len == (family ? 16 : 4);

	if (e->match & (family ? RMAP_PREFIX6 : RMAP_PREFIX4) &&
	    !(it && plist_permits(&e->prefix[family], r->prefix)))
		return false;
	return !(e->match & (family ? RMAP_LEN6 : RMAP_LEN4)) ||
	       (it && r->prefix.plen == e->plen[family]);
}

static bool
fits_evpn(const struct rmap_entry *e, const struct rmap_route *r)
{
	bool evpn = r->family == AFI_SAFI_EVPN;

	if (!(e->match & (RMAP_TYPE | RMAP_VNI | RMAP_RD | RMAP_DEFAULT)))
		return true;
	return evpn && (!(e->match & RMAP_TYPE) || r->type == e->type) &&
	       (!(e->match & RMAP_VNI) || r->vni == e->vni) &&
	       (!(e->match & RMAP_RD) || rd_equal(r->rd, e->rd)) &&
	       (!(e->match & RMAP_DEFAULT) ||
		   (r->type == EVPN_PREFIX && r->prefix.plen == 0));
}

static bool
fits_attrs(const struct rmap_entry *e, const struct attrs *a)
{
	if (e->match & RMAP_METRIC && !(a->has & HAS_MED && a->med == e->match_metric))
		return false;
	if (e->match & RMAP_LOCAL_PREF &&
	    !(a->has & HAS_LOCAL_PREF && a->local_pref == e->match_local_pref))
		return false;
	if (e->match & RMAP_ORIGIN && a->origin != e->origin)
		return false;
	for (int k = 0; k < COM_KINDS; k++)
		if (e->match & (unsigned)RMAP_LIST << k &&
		    !comlist_permits(&e->lists[k], (enum comkind)k, a, e->exact[k]))
			return false;
	return true;
}

static bool
matches(const struct rmap_entry *e, const struct rmap_route *r)
{
	if (e->match & RMAP_IF && (!r->ifname || strcmp(r->ifname, e->ifname) != 0))
		return false;
	if (e->match & RMAP_VRF && (!r->vrf || strcmp(r->vrf, e->vrf) != 0))
		return false;
	return fits_prefix(e, r, 0) && fits_prefix(e, r, 1) && fits_evpn(e, r) &&
	       (e->match < RMAP_METRIC || fits_attrs(e, r->attrs));
}

void
rmap_route_init(struct rmap_route *r, unsigned family, const struct rib_key_head *head,
    const uint8_t *tail, size_t len, uint32_t label, const struct attrs *attrs)
{
	struct evpn_nlri n;

	*r = (struct rmap_route){ .family = family, .attrs = attrs };
	if (family != AFI_SAFI_EVPN) {
		r->prefix.ip.len = family == AFI_SAFI_IPV4 ? 4 : 16;
		r->prefix.plen = tail[0];
		memcpy(r->prefix.ip.b, tail + 1, len - 1);
		return;
	}
	r->type = tail[0];
	r->vni = label;
	memcpy(r->rd.b, head->b, sizeof r->rd.b);
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
set_path(const struct rmap_entry *e, struct arena *arena, struct attrs *a)
{
	for (size_t i = e->nprepend; i > 0; i--)
		prepend(arena, a, e->prepend[i - 1], 1);
	if (e->set & RMAP_SET_LAST_AS && aspath_neighbor(a->aspath, a->aspath_len))
		prepend(arena, a, aspath_neighbor(a->aspath, a->aspath_len), e->last_as);
}

void
rmap_set_local(const struct rmap *m, unsigned entry, struct attrs *a)
{
	const struct rmap_entry *e = &m->e[entry - 1];

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
rmap_set(const struct rmap *m, unsigned entry, struct arena *arena, struct attrs *a)
{
	const struct rmap_entry *e = &m->e[entry - 1];

	rmap_set_local(m, entry, a);
	if (e->set & RMAP_SET_ORIGIN) {
		a->has |= HAS_ORIGIN;
		a->origin = e->set_origin;
	}
	set_path(e, arena, a);
	for (unsigned k = 0; k < COM_PATH; k++) {
		if (e->set & (unsigned)RMAP_SET_DELETE << k)
			comlist_delete(&e->del[k], (enum comkind)k, arena, a);
		if (e->set & (unsigned)RMAP_SET_COM << k)
			comset_store(
			    &e->com[k], (enum comkind)k, e->additive[k], arena, a);
	}
}
