/* SPDX-License-Identifier: ISC */
/* The whole: life, configuration, messages of the data plane, and what show may ask. */
#include "config.h"

#include "underlay/underlay.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "underlay/core.h"

LOG_MODULE("underlay");

static const struct underlay_conf no_conf;

static bool
work(struct loop_work *w)
{
	struct underlay *u = container_of(w, struct underlay, work);
	bool more = way_work(u);

	send_work(u);
	return more;
}

static void
on_ipv4(void *arg, uint32_t route)
{
	way_dirty(arg, 0, route);
}

static void
on_ipv6(void *arg, uint32_t route)
{
	way_dirty(arg, 1, route);
}

struct underlay *
underlay_new(struct loop *l, struct rib *const ribs[2], const struct underlay_ops *ops)
{
	static const struct {
		const char *name;
		size_t size;
	} kinds[UL_KINDS] = {
		[UL_HOP] = { "underlay next hop", sizeof(struct ul_hop) },
		[UL_GROUP] = { "underlay group", sizeof(struct ul_group) },
		[UL_ROUTE] = { "underlay route", sizeof(struct ul_route) },
	};
	struct underlay *u = xcalloc(1, sizeof *u);

	u->loop = l;
	u->ops = *ops;
	u->conf = &no_conf;
	for (int k = 0; k < UL_KINDS; k++) {
		slab_init(&u->objs[k], kinds[k].name, kinds[k].size);
		hidx_init(&u->index[k]);
	}
	slab_init(&u->sources, "main table's route", sizeof(struct ul_source));
	hidx_init(&u->source_index);
	arena_init(&u->arena);
	loop_work_init(&u->work, LOOP_PRIO_TX, work);
	loop_timer_init(&u->retry, send_retry);
	u->rib[0] = ribs[0];
	u->rib[1] = ribs[1];
	rib_on_paths(ribs[0], on_ipv4, u);
	rib_on_paths(ribs[1], on_ipv6, u);
	return u;
}

void
underlay_free(struct underlay *u)
{
	if (!u)
		return;
	rib_on_paths(u->rib[0], NULL, NULL);
	rib_on_paths(u->rib[1], NULL, NULL);
	loop_work_cancel(&u->work);
	loop_timer_stop(&u->retry);
	for (int k = 0; k < UL_KINDS; k++) {
		hidx_fini(&u->index[k]);
		slab_fini(&u->objs[k]);
	}
	hidx_fini(&u->source_index);
	slab_fini(&u->sources);
	arena_fini(&u->arena);
	free(u);
}

void
underlay_apply(struct underlay *u, const struct underlay_conf *conf)
{
	const struct underlay_conf *was = u->conf;

	u->conf = conf;
	source_all(u);
	for (unsigned af = 0; af < 2; af++)
		if (was->af[af].paths_ebgp != conf->af[af].paths_ebgp ||
		    was->af[af].paths_ibgp != conf->af[af].paths_ibgp)
			way_all_dirty(u, af);
}

/* Messages. */

static void
on_routes(struct underlay *u, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_route m;

	while (rb_left(&r) > 0 && zl_route_decode(&r, &m))
		source_route(u, &m);
}

static void
on_addrs(struct underlay *u, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_addr m;

	while (rb_left(&r) > 0 && zl_addr_decode(&r, &m))
		source_address(u, &m);
}

/* Somebody removed or changed an entry of ours. */
static void
lost(struct underlay *u, const struct zl_want *w)
{
	for (int k = 0; k < UL_KINDS; k++)
		for (uint32_t h = 0; (h = slab_next(&u->objs[k], h)) != 0;) {
			struct ul_obj *o = slab_ptr(&u->objs[k], h);
			const struct ul_route *r = (const struct ul_route *)o;
			bool same = k == UL_ROUTE ? r->prefix.plen == w->plen &&
							ip_equal(r->prefix.ip, w->ip)
						  : ul_id(o) == w->id;

			if (same && o->wanted &&
			    (k == UL_ROUTE) == (w->kind == ZL_KIND_ROUTE))
				send_queue(u, o);
		}
}

/* True if the losses of this frame are all ours. */
static bool
on_lost(struct underlay *u, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_want w;
	bool ours = true;

	while (rb_left(&r) > 0 && zl_want_decode(&r, &w)) {
		bool mine = w.kind == ZL_KIND_ROUTE ? w.table == UL_TABLE
			    : w.kind == ZL_KIND_HOP || w.kind == ZL_KIND_GROUP
				? w.id & UL_MARK
				: false;

		if (mine)
			lost(u, &w);
		ours &= mine;
	}
	return ours;
}

/* From now on all is said again, and wanted again. */
static void
on_begin(struct underlay *u)
{
	u->begun = u->observing = true;
	source_begin(u);
	send_again(u);
	send_tell(u);
}

bool
underlay_dp_message(struct underlay *u, uint16_t type, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);

	switch (type) {
	case ZL_OBSERVED_BEGIN:
		on_begin(u);
		return false;
	case ZL_OBSERVED_END:
		source_end(u);
		u->observing = false;
		send_wake(u);
		return false;
	case ZL_ROUTE:
		on_routes(u, body, len);
		return false;
	case ZL_ADDR:
		on_addrs(u, body, len);
		return false;
	case ZL_LOST:
		return on_lost(u, body, len);
	case ZL_RESULT:
		if (!(rb_u32(&r) & UL_MARK))
			return false;
		send_result(u, body, len);
		return true;
	default:
		return false;
	}
}

void
underlay_dp_ready(struct underlay *u)
{
	send_wake(u);
}

/* Show. */

static bool
after(struct prefix a, struct prefix b)
{
	int c = ip_cmp(a.ip, b.ip);

	return c > 0 || (c == 0 && a.plen > b.plen);
}

static void
describe(const struct underlay *u, const struct ul_route *r, struct underlay_route *out)
{
	const struct ul_obj *t = r->target ? ul_obj(u, r->target) : NULL;
	const struct ul_group *g = (const struct ul_group *)t;

	*out = (struct underlay_route){
		.prefix = r->prefix, .state = r->o.state, .since = r->o.since
	};
	if (r->o.state == UL_FAILED)
		out->error = r->o.error;
	if (t && t->kind == UL_HOP)
		out->hops[out->nhops++] = ((const struct ul_hop *)t)->ip;
	else if (t)
		for (uint32_t i = 0; i < g->n; i++) {
			const struct ul_hop *h =
			    slab_ptr(&u->objs[UL_HOP], g->members[i]);

			out->hops[out->nhops++] = h->ip;
			if (h->o.state == UL_FAILED)
				out->error = h->o.error;
		}
	if (t && t->kind == UL_HOP && t->state == UL_FAILED)
		out->error = t->error;
}

bool
underlay_route_next(
    const struct underlay *u, unsigned af, struct prefix *at, struct underlay_route *out)
{
	const struct ul_route *best = NULL;

	for (uint32_t h = 0; (h = slab_next(&u->objs[UL_ROUTE], h)) != 0;) {
		const struct ul_route *r = slab_ptr(&u->objs[UL_ROUTE], h);

		if (!r->o.wanted || ul_af(r->prefix) != af ||
		    (at->ip.len && !after(r->prefix, *at)) ||
		    (best && !after(best->prefix, r->prefix)))
			continue;
		best = r;
	}
	if (!best)
		return false;
	*at = best->prefix;
	describe(u, best, out);
	return true;
}

bool
underlay_source_next(
    const struct underlay *u, unsigned af, struct prefix *at, struct underlay_source *out)
{
	const struct ul_source *best = NULL;

	for (uint32_t h = 0; (h = slab_next(&u->sources, h)) != 0;) {
		const struct ul_source *s = slab_ptr(&u->sources, h);

		if (ul_af(s->prefix) != af || (at->ip.len && !after(s->prefix, *at)) ||
		    (best && !after(best->prefix, s->prefix)))
			continue;
		best = s;
	}
	if (!best)
		return false;
	*at = best->prefix;
	*out = (struct underlay_source){ .prefix = best->prefix,
		.kind = best->route ? best->kind : (uint8_t)UL_CONNECTED,
		.told = best->told,
		.gateway = best->route ? best->gateway : (struct ip){ 0 },
		.metric = best->route ? best->metric : 0 };
	memcpy(out->ifname, best->route ? best->ifname : best->addr_ifname,
	    sizeof out->ifname);
	return true;
}
