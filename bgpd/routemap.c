/* SPDX-License-Identifier: ISC */
/* Route-maps: what there is of them, and whether two say the same. */
#include "config.h"

#include "bgpd/routemap.h"

#include <stdlib.h>
#include <string.h>

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
	free(e->exclude);
	free(e->mac.e);
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
	for (size_t i = 0; i < rmap_entries(m); i++)
		entry_fini(&m->e[i]);
	rmap_trails_free(m->trails);
	free(m->parts);
	free(m->e);
	free(m);
}

size_t
rmap_entries(const struct rmap *m)
{
	size_t n = m->n;

	for (size_t i = 0; i < m->nparts; i++)
		n += m->parts[i].n;
	return n;
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
maclist_equal(const struct maclist *a, const struct maclist *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->e[i].permit != b->e[i].permit || a->e[i].any != b->e[i].any ||
		    !mac_equal(a->e[i].mac, b->e[i].mac))
			return false;
	return true;
}

static bool
lists_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	if (memcmp(a->limit, b->limit, sizeof a->limit) != 0)
		return false;
	for (int k = 0; k < COM_KINDS; k++)
		if (a->exact[k] != b->exact[k] ||
		    !comlist_equal(&a->lists[k], &b->lists[k]))
			return false;
	return plist_equal(&a->prefix[0], &b->prefix[0]) &&
	       plist_equal(&a->prefix[1], &b->prefix[1]) &&
	       maclist_equal(&a->mac, &b->mac);
}

static bool
matches_equal(const struct rmap_entry *a, const struct rmap_entry *b)
{
	return a->match == b->match && strcmp(a->ifname, b->ifname) == 0 &&
	       strcmp(a->vrf, b->vrf) == 0 && a->type == b->type && a->vni == b->vni &&
	       rd_equal(a->rd, b->rd) && a->plen[0] == b->plen[0] &&
	       a->plen[1] == b->plen[1] && a->match_metric == b->match_metric &&
	       a->match_local_pref == b->match_local_pref && a->origin == b->origin &&
	       ip_equal(a->src_peer, b->src_peer) && lists_equal(a, b);
}

static bool
ases_equal(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	return na == nb && (na == 0 || memcmp(a, b, na * sizeof *a) == 0);
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
	       a->last_as == b->last_as && a->weight == b->weight &&
	       a->replace[0] == b->replace[0] && a->replace[1] == b->replace[1] &&
	       mac_equal(a->rmac, b->rmac) && ip_equal(a->gateway[0], b->gateway[0]) &&
	       ip_equal(a->gateway[1], b->gateway[1]) &&
	       ases_equal(a->prepend, a->nprepend, b->prepend, b->nprepend) &&
	       ases_equal(a->exclude, a->nexclude, b->exclude, b->nexclude);
}

/* Numbers do not matter, only the order that they make: unless an entry goes to one. */
static bool
entry_equal(const struct rmap_entry *a, const struct rmap_entry *b, bool numbers)
{
	return a->permit == b->permit && a->call == b->call && a->next == b->next &&
	       a->go == b->go && (!numbers || a->seq == b->seq) && matches_equal(a, b) &&
	       sets_equal(a, b);
}

static bool
parts_equal(const struct rmap *a, const struct rmap *b)
{
	if (a->n != b->n || a->nparts != b->nparts)
		return false;
	for (size_t i = 0; i < a->nparts; i++)
		if (a->parts[i].n != b->parts[i].n)
			return false;
	return true;
}

bool
rmap_equal(const struct rmap *a, const struct rmap *b)
{
	if (a == b)
		return true;
	if (!a || !b || !parts_equal(a, b))
		return false;
	for (size_t i = 0, n = rmap_entries(a); i < n; i++)
		if (!entry_equal(&a->e[i], &b->e[i], a->trails != NULL))
			return false;
	return true;
}
