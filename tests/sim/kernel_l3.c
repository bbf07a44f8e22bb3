/* SPDX-License-Identifier: ISC */
/* The fake kernel's routing: VRFs, next hops, groups, routes of ours and of others. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "tests/sim/kernel_priv.h"

/* Ids of a former engine, out of the way of the present one's. */
#define FORMER 0x80000000u

/* --- tables --- */

static struct zl_vrf *
vrf_find(const struct kernel *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->nvrfs; i++)
		if (strcmp(k->vrfs[i].name, name) == 0)
			return &k->vrfs[i];
	return NULL;
}

static const struct zl_vrf *
vrf_by_table(const struct kernel *k, uint32_t table)
{
	size_t i;

	for (i = 0; i < k->nvrfs; i++)
		if (k->vrfs[i].table == table)
			return &k->vrfs[i];
	return NULL;
}

static struct k_hop *
hop_find(const struct kernel *k, uint32_t id)
{
	size_t i;

	for (i = 0; i < k->nhops; i++)
		if (k->hops[i].id == id)
			return &k->hops[i];
	return NULL;
}

static struct k_group *
group_find(const struct kernel *k, uint32_t id)
{
	size_t i;

	for (i = 0; i < k->ngroups; i++)
		if (k->groups[i].id == id)
			return &k->groups[i];
	return NULL;
}

/* One of ours, or of somebody else: both may have the prefix. */
static struct k_route *
route_find(const struct kernel *k, uint32_t table, const struct prefix *p, bool ours)
{
	size_t i;

	for (i = 0; i < k->nroutes; i++) {
		struct k_route *r = &k->routes[i];

		if (r->table == table && r->ours == ours && r->prefix.plen == p->plen &&
		    ip_equal(r->prefix.ip, p->ip))
			return r;
	}
	return NULL;
}

static struct k_route *
route_get(struct kernel *k, uint32_t table, const struct prefix *p, bool ours)
{
	struct k_route *r = route_find(k, table, p, ours);

	if (r)
		return r;
	k->routes = xrealloc(k->routes, (k->nroutes + 1) * sizeof *k->routes);
	r = &k->routes[k->nroutes++];
	*r = (struct k_route){ .table = table, .prefix = *p, .ours = ours };
	return r;
}

/* Routes over what has gone go too, without a word. */
static void
drop_users(struct kernel *k, uint32_t id)
{
	size_t i;

	for (i = k->nroutes; i-- > 0;)
		if (k->routes[i].ours && !k->routes[i].flags && k->routes[i].id == id) {
			k->routes[i] = k->routes[--k->nroutes];
			k->orphans++;
		}
}

static void
drop_group(struct kernel *k, struct k_group *g)
{
	uint32_t id = g->id;

	*g = k->groups[--k->ngroups];
	drop_users(k, id);
}

static void
drop_hop(struct kernel *k, struct k_hop *h)
{
	uint32_t id = h->id;
	size_t i;
	unsigned m;

	*h = k->hops[--k->nhops];
	drop_users(k, id);
	for (i = k->ngroups; i-- > 0;) {
		struct k_group *g = &k->groups[i];

		for (m = 0; m < g->n && g->members[m] != id;)
			m++;
		if (m == g->n)
			continue;
		g->members[m] = g->members[--g->n];
		if (g->n == 0)
			drop_group(k, g);
	}
}

void
k_l3_vni_down(struct kernel *k, uint32_t vni)
{
	unsigned orphans = k->orphans;
	size_t i;

	for (i = k->nhops; i-- > 0;)
		if (k->hops[i].vni == vni)
			drop_hop(k, &k->hops[i]);
	k->orphans = orphans; /* no fault of the engine */
}

/* --- wanted state --- */

static int
want_hop(struct kernel *k, const struct zl_want *w)
{
	const struct zl_vni *v = k_vni_find(k, w->vni);
	struct k_hop *h = hop_find(k, w->id);

	if (w->op == ZL_DEL) {
		if (h)
			drop_hop(k, h);
		return 0;
	}
	if (!k_vni_up(k, w->vni) || v->svi_ifindex == 0)
		return ENODEV;
	if (w->flags & ZL_F_ENCAP && !(v->flags & ZL_VNI_SVD))
		return EOPNOTSUPP;
	if (!h) {
		k->hops = xrealloc(k->hops, (k->nhops + 1) * sizeof *k->hops);
		h = &k->hops[k->nhops++];
	}
	*h = (struct k_hop){
		.id = w->id, .vni = w->vni, .gw = w->ip, .mac = w->mac, .encap = w->label
	};
	return 0;
}

static int
want_group(struct kernel *k, const struct zl_want *w)
{
	struct k_group *g = group_find(k, w->id);
	unsigned i;

	if (w->op == ZL_DEL) {
		if (g)
			drop_group(k, g);
		return 0;
	}
	for (i = 0; i < w->nmembers; i++)
		if (!hop_find(k, w->members[i]))
			return ENOENT;
	if (w->nmembers == 0)
		return EINVAL;
	if (!g) {
		k->groups = xrealloc(k->groups, (k->ngroups + 1) * sizeof *k->groups);
		g = &k->groups[k->ngroups++];
	}
	*g = (struct k_group){ .id = w->id, .n = w->nmembers };
	memcpy(g->members, w->members, sizeof g->members);
	return 0;
}

static int
want_route(struct kernel *k, const struct zl_want *w)
{
	struct prefix p = { w->ip, w->plen };
	struct k_route *r = route_find(k, w->table, &p, true);

	if (w->op == ZL_DEL) {
		if (r)
			*r = k->routes[--k->nroutes];
		return 0;
	}
	if (!vrf_by_table(k, w->table))
		return ENODEV;
	if (!(w->flags & (ZL_F_UNREACHABLE | ZL_F_VRF)) && !hop_find(k, w->id) &&
	    !group_find(k, w->id))
		return ENOENT;
	r = route_get(k, w->table, &p, true);
	r->stale = false;
	r->flags = w->flags;
	r->id = w->id;
	return 0;
}

int
k_want_l3(struct kernel *k, const struct zl_want *w)
{
	if (w->kind == ZL_KIND_HOP)
		return want_hop(k, w);
	return w->kind == ZL_KIND_GROUP ? want_group(k, w) : want_route(k, w);
}

/* --- restarts --- */

static uint32_t
former(uint32_t id)
{
	return id | FORMER;
}

/* The ids of a former engine mean nothing to the new one. */
static void
rename_all(struct kernel *k)
{
	size_t i;
	unsigned m;

	for (i = 0; i < k->nhops; i++)
		k->hops[i].id = former(k->hops[i].id);
	for (i = 0; i < k->ngroups; i++) {
		k->groups[i].id = former(k->groups[i].id);
		for (m = 0; m < k->groups[i].n; m++)
			k->groups[i].members[m] = former(k->groups[i].members[m]);
	}
	for (i = 0; i < k->nroutes; i++)
		if (k->routes[i].ours && !k->routes[i].flags)
			k->routes[i].id = former(k->routes[i].id);
}

void
k_l3_stale(struct kernel *k, bool fresh)
{
	size_t i;

	/* Twice renamed, two engines' objects could have one name: the older ones go. */
	for (i = k->nhops; fresh && i-- > 0;)
		if (k->hops[i].id & FORMER)
			drop_hop(k, &k->hops[i]);
	if (fresh)
		rename_all(k);
	for (i = 0; i < k->nhops; i++)
		k->hops[i].stale = true;
	for (i = 0; i < k->ngroups; i++)
		k->groups[i].stale = true;
	for (i = 0; i < k->nroutes; i++)
		k->routes[i].stale = k->routes[i].ours;
}

unsigned
k_l3_sweep(struct kernel *k)
{
	unsigned n = 0;
	size_t i;

	for (i = k->nroutes; i-- > 0;)
		if (k->routes[i].stale) {
			k->routes[i] = k->routes[--k->nroutes];
			n++;
		}
	for (i = k->ngroups; i-- > 0;)
		if (k->groups[i].stale)
			drop_group(k, &k->groups[i]);
	for (i = k->nhops; i-- > 0;)
		if (k->hops[i].stale)
			drop_hop(k, &k->hops[i]);
	return n;
}

/* --- saying --- */

static void
say_vrf(struct kernel *k, const struct zl_vrf *v)
{
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_vrf_encode(&w, v);
	ensure(!w.failed);
	k_say(k, ZL_VRF, buf, wb_len(&w));
}

static void
say_route(struct kernel *k, const struct zl_route *r)
{
	uint8_t buf[96];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_route_encode(&w, r);
	ensure(!w.failed);
	k_say(k, ZL_ROUTE, buf, wb_len(&w));
}

static bool
is_watched(const struct kernel *k, uint32_t table)
{
	size_t i;

	for (i = 0; i < k->ntables; i++)
		if (k->tables[i] == table)
			return true;
	return false;
}

static bool
is_said(const struct kernel *k, uint32_t table)
{
	return vrf_by_table(k, table) || is_watched(k, table);
}

static void
say_routes(struct kernel *k, uint32_t table)
{
	size_t i;

	for (i = 0; i < k->nroutes; i++)
		if (!k->routes[i].ours && is_said(k, k->routes[i].table) &&
		    (table == 0 || k->routes[i].table == table))
			say_route(k, &k->routes[i].said);
}

void
k_say_l3(struct kernel *k)
{
	size_t i;

	for (i = 0; i < k->nvrfs; i++)
		say_vrf(k, &k->vrfs[i]);
	say_routes(k, 0);
}

void
k_watch_tables(struct kernel *k, const uint32_t *tables, size_t n)
{
	uint32_t *old = k->tables;
	size_t nold = k->ntables, i, j;

	k->tables = xmalloc(n * sizeof *tables + 1);
	k->ntables = n;
	for (i = 0; i < n; i++) {
		k->tables[i] = tables[i];
		for (j = 0; j < nold && old[j] != tables[i];)
			j++;
		if (j == nold)
			say_routes(k, tables[i]);
	}
	free(old);
}

/* --- the operator --- */

void
kernel_vrf(struct kernel *k, const char *name, uint32_t table)
{
	struct zl_vrf *v = vrf_find(k, name);

	if (!v) {
		k->vrfs = xrealloc(k->vrfs, (k->nvrfs + 1) * sizeof *k->vrfs);
		v = &k->vrfs[k->nvrfs++];
	}
	*v = (struct zl_vrf){
		.op = ZL_SET, .ifindex = 3000 + table, .table = table, .up = true
	};
	snprintf(v->name, sizeof v->name, "%s", name);
	say_vrf(k, v);
	say_routes(k, table);
}

void
kernel_vrf_gone(struct kernel *k, const char *name)
{
	struct zl_vrf *v = vrf_find(k, name), gone = { .op = ZL_DEL };
	size_t i;

	if (!v)
		return;
	memcpy(gone.name, v->name, sizeof gone.name);
	for (i = k->nroutes; i-- > 0;)
		if (k->routes[i].table == v->table)
			k->routes[i] = k->routes[--k->nroutes];
	*v = k->vrfs[--k->nvrfs];
	say_vrf(k, &gone);
}

void
kernel_route(struct kernel *k, const struct zl_route *r)
{
	struct k_route *x;

	if (r->op == ZL_SET) {
		x = route_get(k, r->table, &r->prefix, false);
		x->said = *r;
	} else {
		x = route_find(k, r->table, &r->prefix, false);
		if (x)
			*x = k->routes[--k->nroutes];
	}
	if (is_said(k, r->table))
		say_route(k, r);
}

bool
kernel_hop_del(struct kernel *k, struct ip gw)
{
	unsigned orphans = k->orphans;
	struct zl_want lost = { .kind = ZL_KIND_HOP, .ip = gw };
	size_t i;

	for (i = 0; i < k->nhops && !ip_equal(k->hops[i].gw, gw);)
		i++;
	if (i == k->nhops)
		return false;
	lost.id = k->hops[i].id;
	lost.vni = k->hops[i].vni;
	drop_hop(k, &k->hops[i]);
	k->orphans = orphans; /* no fault of the engine */
	k_say_lost(k, &lost);
	return true;
}

bool
kernel_route_del(struct kernel *k, const char *vrf, struct prefix p)
{
	const struct zl_vrf *v = vrf_find(k, vrf);
	struct k_route *r = v ? route_find(k, v->table, &p, true) : NULL;
	struct zl_want lost = { .kind = ZL_KIND_ROUTE, .ip = p.ip, .plen = p.plen };

	if (!r)
		return false;
	lost.table = v->table;
	lost.id = r->id;
	lost.flags = r->flags;
	*r = k->routes[--k->nroutes];
	k_say_lost(k, &lost);
	return true;
}

/* --- text --- */

static void
put_hop(const struct kernel *k, uint32_t id, struct strbuf *s)
{
	const struct k_hop *h = hop_find(k, id);
	char ip[IP_STRLEN], mac[MAC_STRLEN];

	if (!h) {
		strbuf_put(s, " nowhere");
		return;
	}
	strbuf_printf(s, " %s,%s,%u", ip_format(h->gw, ip),
	    mac_is_zero(h->mac) ? "host" : mac_format(h->mac, mac),
	    h->encap ? h->encap : h->vni);
	if (h->encap)
		strbuf_put(s, ",encap");
}

static int
cmp_gw(const void *a, const void *b)
{
	return ip_cmp(
	    (*(const struct k_hop *const *)a)->gw, (*(const struct k_hop *const *)b)->gw);
}

static void
put_ways(const struct kernel *k, uint32_t id, struct strbuf *s)
{
	const struct k_group *g = group_find(k, id);
	const struct k_hop *hops[ZL_GROUP_MAX];
	unsigned i;

	strbuf_put(s, " via");
	if (!g) {
		put_hop(k, id, s);
		return;
	}
	for (i = 0; i < g->n; i++)
		hops[i] = hop_find(k, g->members[i]);
	qsort(hops, g->n, sizeof *hops, cmp_gw);
	for (i = 0; i < g->n; i++)
		put_hop(k, hops[i]->id, s);
}

static void
put_route(const struct kernel *k, const struct k_route *r, struct strbuf *s)
{
	const struct zl_vrf *v = vrf_by_table(k, r->table);
	char p[PREFIX_STRLEN];

	strbuf_printf(s, "route %s %s", v ? v->name : "-", prefix_format(r->prefix, p));
	if (!r->ours)
		strbuf_printf(s, " proto %u", r->said.proto);
	else if (r->flags & ZL_F_UNREACHABLE)
		strbuf_put(s, " unreachable");
	else if (r->flags & ZL_F_VRF)
		strbuf_printf(s, " dev %u", r->id);
	else
		put_ways(k, r->id, s);
	if (r->stale)
		strbuf_put(s, " stale");
}

size_t
k_l3_lines(const struct kernel *k, char **lines)
{
	size_t i;

	for (i = 0; i < k->nroutes; i++) {
		struct strbuf s;

		strbuf_init(&s);
		put_route(k, &k->routes[i], &s);
		strbuf_putc(&s, '\n');
		lines[i] = strbuf_take(&s);
	}
	return k->nroutes;
}

void
kernel_lookup(const struct kernel *k, const char *vrf, struct ip ip, struct strbuf *out)
{
	const struct zl_vrf *v = vrf_find(k, vrf);
	const struct k_route *best = NULL;
	size_t i;

	for (i = 0; v && i < k->nroutes; i++) {
		const struct k_route *r = &k->routes[i];

		if (r->table != v->table || r->prefix.ip.len != ip.len ||
		    !prefix_contains(r->prefix, ip))
			continue;
		/* Ours has a metric, so somebody else's comes first. */
		if (!best || r->prefix.plen > best->prefix.plen ||
		    (r->prefix.plen == best->prefix.plen && !r->ours))
			best = r;
	}
	if (best)
		put_route(k, best, out);
}

void
k_l3_fini(struct kernel *k)
{
	free(k->vrfs);
	free(k->hops);
	free(k->groups);
	free(k->routes);
	free(k->tables);
}
