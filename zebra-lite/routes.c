/* SPDX-License-Identifier: ISC */
/* zebra-lite/routes.c: index and queue of the kernel's routes that are not ours. */
#include "config.h"

#include "zebra-lite/routes.h"

#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

void
routes_init(struct routes *r, const struct vrfs *vrfs, void (*wake)(void *arg), void *arg)
{
	memset(r, 0, sizeof *r);
	slab_init(&r->slab, "observed route", sizeof(struct route));
	slab_init(&r->ways, "observed route's way", sizeof(struct route_way));
	hidx_init(&r->index);
	r->vrfs = vrfs;
	r->wake = wake;
	r->arg = arg;
	r->muted = true;
}

void
routes_fini(struct routes *r)
{
	hidx_fini(&r->index);
	slab_fini(&r->slab);
	slab_fini(&r->ways);
	free(r->tables);
}

static struct route *
route_ptr(const struct routes *r, uint32_t h)
{
	return slab_ptr(&r->slab, h);
}

static struct route_way *
way_ptr(const struct routes *r, uint32_t h)
{
	return h ? slab_ptr(&r->ways, h) : NULL;
}

static uint32_t
route_hash(uint32_t table, const struct prefix *p)
{
	uint8_t k[22];

	memcpy(k, &table, 4);
	k[4] = p->ip.len;
	k[5] = p->plen;
	memcpy(k + 6, p->ip.b, 16);
	return hash32(k, p->ip.len == 4 ? 10 : 22);
}

static uint32_t
find(const struct routes *r, uint32_t table, const struct prefix *p)
{
	struct hidx_it it = hidx_first(&r->index, route_hash(table, p));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct route *t = route_ptr(r, h);

		if (t->table == table && t->prefix.plen == p->plen &&
		    ip_equal(t->prefix.ip, p->ip))
			return h;
	}
	return 0;
}

/* The queue. */

static void
enqueue(struct routes *r, uint32_t h)
{
	struct route *t = route_ptr(r, h);

	if (t->queued)
		return;
	t->queued = true;
	t->qprev = r->q_last;
	t->qnext = 0;
	if (r->q_last)
		route_ptr(r, r->q_last)->qnext = h;
	else
		r->q_first = h;
	r->q_last = h;
}

static void
dequeue(struct routes *r, struct route *t)
{
	if (!t->queued)
		return;
	t->queued = false;
	if (t->qprev)
		route_ptr(r, t->qprev)->qnext = t->qnext;
	else
		r->q_first = t->qnext;
	if (t->qnext)
		route_ptr(r, t->qnext)->qprev = t->qprev;
	else
		r->q_last = t->qprev;
}

/* Made by the kernel, by a person, or on behalf of the network: no routing daemon's. */
static bool
is_plain(uint8_t proto)
{
	return proto <= RTPROT_STATIC || proto == RTPROT_RA || proto == RTPROT_DHCP;
}

static int
table_cmp(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static bool
among(const uint32_t *tables, size_t n, uint32_t table)
{
	return n && bsearch(&table, tables, n, sizeof table, table_cmp);
}

static bool
sayable(const struct routes *r, const struct route *t)
{
	if (t->first == 0)
		return false;
	if (t->table == RT_TABLE_MAIN)
		return is_plain(way_ptr(r, t->first)->proto);
	return vrfs_has_table(r->vrfs, t->table) ||
	       among(r->tables, r->ntables, t->table);
}

static void
release(struct routes *r, uint32_t h)
{
	struct route *t = route_ptr(r, h);

	hidx_remove(&r->index, route_hash(t->table, &t->prefix), h);
	slab_free(&r->slab, h);
}

/* After a change of its best way: says what is to be said, frees what nobody needs. */
static void
changed(struct routes *r, uint32_t h)
{
	struct route *t = route_ptr(r, h);

	if (!r->muted && (t->said || sayable(r, t))) {
		enqueue(r, h);
		r->wake(r->arg);
		return;
	}
	dequeue(r, t);
	if (t->first == 0)
		release(r, h);
}

/* Ways. */

/* The place of a metric in the prefix's list: where its handle is, or belongs. */
static uint32_t *
way_place(const struct routes *r, struct route *t, uint32_t metric)
{
	uint32_t *at = &t->first;

	while (*at && way_ptr(r, *at)->metric < metric)
		at = &way_ptr(r, *at)->next;
	return at;
}

static uint32_t
way_find(const struct routes *r, struct route *t, uint32_t metric)
{
	uint32_t w = *way_place(r, t, metric);

	return w && way_ptr(r, w)->metric == metric ? w : 0;
}

static void
way_remove(struct routes *r, uint32_t h, uint32_t metric)
{
	struct route *t = route_ptr(r, h);
	uint32_t *at = way_place(r, t, metric), w = *at;
	bool best = at == &t->first;

	*at = way_ptr(r, w)->next;
	slab_free(&r->ways, w);
	if (best)
		changed(r, h);
}

const struct route_way *
routes_find(const struct routes *r, uint32_t table, struct prefix p, uint32_t metric)
{
	uint32_t h = find(r, table, &p);

	return h ? way_ptr(r, way_find(r, route_ptr(r, h), metric)) : NULL;
}

bool
routes_cares(const struct nl_fib *f)
{
	if (f->ours || f->kind == NL_FIB_OTHER || f->table == RT_TABLE_UNSPEC ||
	    f->table == RT_TABLE_DEFAULT || f->table == RT_TABLE_LOCAL)
		return false;
	/* Those that we say, and those that a write of ours would hit. */
	if (f->table == RT_TABLE_MAIN && !is_plain(f->proto) &&
	    f->metric != NL_FIB_METRIC)
		return false;
	return f->prefix.plen == 0 ||
	       (!ip_is_linklocal(f->prefix.ip) && !ip_is_multicast(f->prefix.ip));
}

static bool
same_hop(const struct route_way *a, const struct route_way *b)
{
	return a->oif == b->oif && ip_equal(a->gateway, b->gateway);
}

void
routes_set(struct routes *r, const struct nl_fib *f)
{
	struct route_way new = { .metric = f->metric,
		.oif = f->oif,
		.gateway = f->gateway,
		.proto = f->proto,
		.several = f->several,
		.seen = true };
	uint32_t h = find(r, f->table, &f->prefix), *at;
	struct route_way *w;
	struct route *t;

	if (f->kind == NL_FIB_BLACKHOLE)
		new.flags = ZL_ROUTE_BLACKHOLE;
	else if (f->proto == RTPROT_KERNEL)
		new.flags = ZL_ROUTE_CONNECTED;
	if (!h) {
		h = slab_alloc(&r->slab);
		t = route_ptr(r, h);
		t->table = f->table;
		t->prefix = f->prefix;
		hidx_insert(&r->index, route_hash(f->table, &f->prefix), h);
	}
	t = route_ptr(r, h);
	at = way_place(r, t, f->metric);
	w = way_ptr(r, *at);
	if (!w || w->metric != f->metric) {
		uint32_t n = slab_alloc(&r->ways);

		new.next = *at;
		*at = n;
		*way_ptr(r, n) = new;
		if (at == &t->first)
			changed(r, h);
		return;
	}
	/* A second one beside it, with the same metric. */
	if (!f->replace && w->seen && (!same_hop(w, &new) || w->proto != new.proto))
		new.several = true;
	new.next = w->next;
	if (at == &t->first &&
	    (!same_hop(w, &new) || w->proto != new.proto || w->flags != new.flags)) {
		*w = new;
		changed(r, h);
	} else {
		*w = new;
	}
}

bool
routes_gone(struct routes *r, const struct nl_fib *f)
{
	uint32_t h = find(r, f->table, &f->prefix), w;

	w = h ? way_find(r, route_ptr(r, h), f->metric) : 0;
	if (!w)
		return true;
	/* One of several may be left, unless all went by one message. */
	if (way_ptr(r, w)->several && !f->several)
		return false;
	way_remove(r, h, f->metric);
	return true;
}

bool
routes_link_down(struct routes *r, uint32_t oif)
{
	bool sure = true;

	for (uint32_t h = 0; (h = slab_next(&r->slab, h)) != 0;) {
		struct route *t = route_ptr(r, h);
		uint32_t next;

		if (t->prefix.ip.len != 4)
			continue;
		for (uint32_t w = t->first; w != 0; w = next) {
			const struct route_way *p = way_ptr(r, w);

			next = p->next;
			if (p->several)
				sure = false;
			else if (p->oif == oif)
				way_remove(r, h, p->metric);
		}
	}
	return sure;
}

void
routes_table(struct routes *r, uint32_t table)
{
	for (uint32_t h = 0; (h = slab_next(&r->slab, h)) != 0;)
		if (route_ptr(r, h)->table == table)
			changed(r, h);
}

void
routes_watch(struct routes *r, const uint32_t *tables, size_t n)
{
	uint32_t *old = r->tables;
	const size_t nold = r->ntables;

	r->tables = n ? xmalloc(n * sizeof *tables) : NULL;
	r->ntables = n;
	if (n)
		memcpy(r->tables, tables, n * sizeof *tables);
	/* What the engine knows of it as a VRF's table it hears again. */
	for (uint32_t h = 0; (h = slab_next(&r->slab, h)) != 0;) {
		const uint32_t table = route_ptr(r, h)->table;

		if (among(old, nold, table) != among(tables, n, table))
			changed(r, h);
	}
	free(old);
}

/* Dumps. */

void
routes_dump_begin(struct routes *r)
{
	for (uint32_t w = 0; (w = slab_next(&r->ways, w)) != 0;)
		way_ptr(r, w)->seen = false;
}

void
routes_dump_end(struct routes *r)
{
	for (uint32_t h = 0; (h = slab_next(&r->slab, h)) != 0;) {
		uint32_t next;

		for (uint32_t w = route_ptr(r, h)->first; w != 0; w = next) {
			next = way_ptr(r, w)->next;
			if (!way_ptr(r, w)->seen)
				way_remove(r, h, way_ptr(r, w)->metric);
		}
	}
}

static void
renew(struct routes *r)
{
	for (uint32_t h = 0; (h = slab_next(&r->slab, h)) != 0;) {
		route_ptr(r, h)->said = false;
		changed(r, h);
	}
}

void
routes_say_all(struct routes *r)
{
	r->muted = false;
	renew(r);
}

void
routes_mute(struct routes *r)
{
	r->muted = true;
	free(r->tables);
	r->tables = NULL;
	r->ntables = 0;
	renew(r);
}

bool
routes_next(struct routes *r, struct zl_route *out, uint32_t *oif)
{
	uint32_t h = r->q_first;
	const struct route_way *w;
	struct route *t;

	if (h == 0)
		return false;
	t = route_ptr(r, h);
	dequeue(r, t);
	w = way_ptr(r, t->first);
	*out = (struct zl_route){ .op = ZL_DEL, .table = t->table, .prefix = t->prefix };
	*oif = 0;
	t->said = sayable(r, t);
	if (t->said) {
		out->op = ZL_SET;
		out->flags = w->flags;
		out->proto = w->proto;
		out->metric = w->metric;
		out->gateway = w->gateway;
		*oif = w->oif;
	}
	if (!w)
		release(r, h);
	return true;
}
