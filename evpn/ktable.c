/* SPDX-License-Identifier: ISC */
/* Routes of kernel tables that VRFs redistribute: kept, and handed to those VRFs. */
#include "config.h"

#include "evpn/ktable.h"

#include <stdlib.h>

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("evpn.ktable");

/* --- records --- */

static uint32_t
key_hash(uint32_t table, const struct prefix *p)
{
	uint8_t k[21];

	memcpy(k, &table, 4);
	k[4] = p->plen;
	memcpy(k + 5, p->ip.b, p->ip.len);
	return hash32(k, 5u + p->ip.len);
}

static struct ktable_route *
route_at(const struct ktables *t, uint32_t h)
{
	return slab_ptr(&t->routes, h);
}

static uint32_t
find(const struct ktables *t, uint32_t table, const struct prefix *p)
{
	struct hidx_it it = hidx_first(&t->index, key_hash(table, p));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct ktable_route *r = route_at(t, h);

		if (r->table == table && r->prefix.plen == p->plen &&
		    ip_equal(r->prefix.ip, p->ip))
			return h;
	}
	return 0;
}

const struct l3_local *
ktables_find(const struct evpn *e, uint32_t table, const struct prefix *p)
{
	uint32_t h = find(&e->ktables, table, p);

	return h ? &route_at(&e->ktables, h)->route : NULL;
}

static void
drop(struct ktables *t, uint32_t h)
{
	const struct ktable_route *r = route_at(t, h);

	hidx_remove(&t->index, key_hash(r->table, &r->prefix), h);
	slab_free(&t->routes, h);
}

/* --- to the VRFs --- */

static bool
redistributes(const struct vrf_af_conf *af, uint32_t table)
{
	size_t i;

	for (i = 0; i < af->ntables; i++)
		if (af->tables[i].table == table)
			return true;
	return false;
}

static bool
any_has(const struct evpn *e, const struct vrf_af_conf *af, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < af->ntables; i++)
		if (ktables_find(e, af->tables[i].table, p))
			return true;
	return false;
}

static void
mark(struct evpn *e, struct vrf *v, const struct prefix *p)
{
	l3_at(&e->l3, l3_get(e, v, *p))->flags |= PFX_TABLE;
	v->pinned = true;
}

static void
changed(struct evpn *e, uint32_t table, struct prefix p)
{
	size_t i;

	for (i = 0; i < e->vrfs.n; i++) {
		struct vrf *v = e->vrfs.order[i];
		const struct vrf_af_conf *af =
		    v->conf ? &v->conf->af[p.ip.len == 16] : NULL;
		uint32_t h;

		if (!af || !redistributes(af, table))
			continue;
		if (any_has(e, af, &p))
			mark(e, v, &p);
		else if ((h = l3_find(e, v, p)) != 0)
			l3_at(&e->l3, h)->flags &= (uint8_t)~PFX_TABLE;
		h = l3_find(e, v, p);
		if (!h)
			continue;
		l3_export(e, h);
		l3_decide(e, h);
	}
}

void
ktables_mark(struct evpn *e, struct vrf *v)
{
	uint32_t h;

	if (!v->conf || (!v->conf->af[0].ntables && !v->conf->af[1].ntables))
		return;
	for (h = 0; (h = slab_next(&e->ktables.routes, h)) != 0;) {
		const struct ktable_route *r = route_at(&e->ktables, h);

		if (redistributes(&v->conf->af[r->prefix.ip.len == 16], r->table))
			mark(e, v, &r->prefix);
	}
}

/* --- which tables --- */

static int
table_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static bool
watched(const struct ktables *t, uint32_t table)
{
	return t->n && bsearch(&table, t->tables, t->n, sizeof table, table_cmp);
}

/* Every table that the configuration names, once and ascending. */
static size_t
named(const struct evpn_conf *c, uint32_t **out)
{
	uint32_t *all = NULL;
	size_t i, k, n = 0, once = 0;

	for (i = 0; i < 2 * c->nvrfs; i++) {
		const struct vrf_af_conf *af = &c->vrfs[i / 2].af[i % 2];

		if (af->ntables)
			all = xrealloc(all, (n + af->ntables) * sizeof *all);
		for (k = 0; k < af->ntables; k++)
			all[n++] = af->tables[k].table;
	}
	if (n)
		qsort(all, n, sizeof *all, table_cmp);
	for (i = 0; i < n; i++)
		if (i == 0 || all[i] != all[i - 1])
			all[once++] = all[i];
	*out = all;
	return once;
}

void
ktables_configure(struct evpn *e)
{
	struct ktables *t = &e->ktables;
	uint32_t *tables, h;
	size_t n = named(e->conf, &tables);

	if (n > ZL_TABLES_MAX) {
		log_warn("redistribute table: %zu tables are named, of which %d are read",
		    n, ZL_TABLES_MAX);
		n = ZL_TABLES_MAX;
	}
	if (n == t->n && (n == 0 || memcmp(tables, t->tables, n * sizeof *tables) == 0)) {
		free(tables);
		return;
	}
	free(t->tables);
	t->tables = tables;
	t->n = n;
	t->due = true;
	/* The VRFs that had them are worked out again next. */
	for (h = 0; (h = slab_next(&t->routes, h)) != 0;)
		if (!watched(t, route_at(t, h)->table))
			drop(t, h);
	ktables_ready(e);
}

/* --- towards the data plane --- */

void
ktables_ready(struct evpn *e)
{
	struct ktables *t = &e->ktables;
	const size_t len = t->n * sizeof *t->tables;
	struct wbuf w;
	uint8_t *body;

	if (!t->due)
		return;
	body = xmalloc(len + 1);
	w = wb_init(body, len);
	zl_tables_encode(&w, t->tables, t->n);
	t->due = !fib_transmit(e, ZL_TABLE_WATCH, body, wb_len(&w));
	free(body);
}

/* --- the data plane's say --- */

static bool
same(const struct l3_local *a, const struct l3_local *b)
{
	return a->proto == b->proto && a->flags == b->flags && a->metric == b->metric &&
	       ip_equal(a->gateway, b->gateway) && strcmp(a->ifname, b->ifname) == 0;
}

static void
set(struct evpn *e, const struct zl_route *z)
{
	struct l3_local l = { .proto = z->proto,
		.flags = z->flags,
		.metric = z->metric,
		.gateway = z->gateway };
	const struct prefix p = prefix_mask(z->prefix);
	uint32_t h = find(&e->ktables, z->table, &p);
	struct ktable_route *r;

	memcpy(l.ifname, z->ifname, sizeof l.ifname);
	if (h && same(&route_at(&e->ktables, h)->route, &l)) {
		route_at(&e->ktables, h)->seen = e->epoch;
		return;
	}
	if (!h) {
		h = slab_alloc(&e->ktables.routes);
		r = route_at(&e->ktables, h);
		r->table = z->table;
		r->prefix = p;
		hidx_insert(&e->ktables.index, key_hash(z->table, &p), h);
	}
	r = route_at(&e->ktables, h);
	r->seen = e->epoch;
	r->route = l;
	changed(e, z->table, p);
}

static void
gone(struct evpn *e, uint32_t h)
{
	const struct ktable_route *r = route_at(&e->ktables, h);
	const struct prefix p = r->prefix;
	const uint32_t table = r->table;

	drop(&e->ktables, h);
	changed(e, table, p);
}

void
ktables_said(struct evpn *e, const struct zl_route *z)
{
	const struct prefix p = prefix_mask(z->prefix);
	uint32_t h;

	if (!watched(&e->ktables, z->table))
		return;
	if (z->op == ZL_SET)
		set(e, z);
	else if ((h = find(&e->ktables, z->table, &p)) != 0)
		gone(e, h);
}

void
ktables_begin(struct evpn *e)
{
	uint32_t h;

	for (h = 0; e->observing && (h = slab_next(&e->ktables.routes, h)) != 0;)
		route_at(&e->ktables, h)->seen = !e->epoch;
	/* Said once more, as it costs nothing if the channel is the same. */
	e->ktables.due = e->ktables.due || e->ktables.n > 0;
	ktables_ready(e);
}

void
ktables_end(struct evpn *e)
{
	uint32_t h;

	for (h = 0; (h = slab_next(&e->ktables.routes, h)) != 0;)
		if (route_at(&e->ktables, h)->seen != e->epoch)
			gone(e, h);
}

/* --- life --- */

void
ktables_init(struct evpn *e)
{
	slab_init(&e->ktables.routes, "evpn tables' routes", sizeof(struct ktable_route));
	hidx_init(&e->ktables.index);
}

void
ktables_fini(struct evpn *e)
{
	hidx_fini(&e->ktables.index);
	slab_fini(&e->ktables.routes);
	free(e->ktables.tables);
}
