/* SPDX-License-Identifier: ISC */
/* zebra-lite/reconcile.c: dumps, and the sweep of stale entries. */
#include "config.h"

#include "zebra-lite/reconcile.h"

#include <errno.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/nl_fib.h"
#include "zebra-lite/nl_nexthop.h"

LOG_MODULE("zl.reconcile");

#define TRIES_MAX 10
#define BACKOFF_MIN MONO_SEC(1)
#define BACKOFF_MAX MONO_SEC(30)

static void on_timer(struct loop_timer *t);
static bool on_sweep(struct loop_work *w);

void
reconcile_init(struct reconcile *r, struct loop *l, struct nl *nl,
    const struct reconcile_ops *ops, void *arg)
{
	memset(r, 0, sizeof *r);
	r->loop = l;
	r->nl = nl;
	r->ops = ops;
	r->arg = arg;
	r->backoff = BACKOFF_MIN;
	loop_timer_init(&r->timer, on_timer);
	loop_work_init(&r->sweep, LOOP_PRIO_BULK, on_sweep);
	slab_init(&r->stale, "stale entry", sizeof(struct stale));
	hidx_init(&r->index);
	nl_batch_init(&r->batch);
}

void
reconcile_fini(struct reconcile *r)
{
	loop_timer_stop(&r->timer);
	loop_work_cancel(&r->sweep);
	hidx_fini(&r->index);
	slab_fini(&r->stale);
	nl_batch_fini(&r->batch);
}

/* Dumps. */

static void
iface_msg(void *arg, const struct nlmsghdr *h)
{
	struct reconcile *r = arg;

	r->ops->on_iface(r->arg, h);
}

static void
table_msg(void *arg, const struct nlmsghdr *h)
{
	struct reconcile *r = arg;

	r->ops->on_table(r->arg, h);
}

static void dump_ifaces(struct reconcile *r);

static void
table_dumped(void *arg, int err)
{
	struct reconcile *r = arg;

	if (err)
		log_error("dump of a table: ended early (%s)", strerror(err));
	if (--r->left > 0)
		return;
	r->running = false;
	r->last = loop_clock(r->loop);
	r->ops->done(r->arg);
	if (r->again)
		reconcile_start(r);
}

static void
dump_tables(struct reconcile *r)
{
	r->left = 6;
	r->ops->begin_tables(r->arg);
	/* The sweep goes in this order: routes lead to neighbours. */
	nl_nexthop_dump(r->nl, table_msg, table_dumped, r);
	nl_fib_dump(r->nl, AF_INET, table_msg, table_dumped, r);
	nl_fib_dump(r->nl, AF_INET6, table_msg, table_dumped, r);
	nl_fdb_dump(r->nl, table_msg, table_dumped, r);
	nl_neigh_dump(r->nl, AF_INET, table_msg, table_dumped, r);
	nl_neigh_dump(r->nl, AF_INET6, table_msg, table_dumped, r);
}

static void
iface_dumped(void *arg, int err)
{
	struct reconcile *r = arg;

	/* A kernel without VLAN-aware bridges or VNI filters says so; it has none to tell of. */
	if (err == EINTR)
		r->interrupted = true;
	else if (err && err != EOPNOTSUPP)
		log_error("dump of interfaces: ended early (%s)", strerror(err));
	if (--r->left > 0)
		return;
	if (r->interrupted && r->tries < TRIES_MAX) {
		dump_ifaces(r);
		return;
	}
	r->ops->end_ifaces(r->arg);
	dump_tables(r);
}

static void
dump_ifaces(struct reconcile *r)
{
	r->interrupted = false;
	r->tries++;
	r->left = 4;
	r->ops->begin_ifaces(r->arg);
	nl_link_dump(r->nl, iface_msg, iface_dumped, r);
	nl_vlan_dump(r->nl, iface_msg, iface_dumped, r);
	nl_vnirange_dump(r->nl, iface_msg, iface_dumped, r);
	nl_ifaddr_dump(r->nl, iface_msg, iface_dumped, r);
}

static void
stale_clear(struct reconcile *r)
{
	hidx_fini(&r->index);
	slab_fini(&r->stale);
	slab_init(&r->stale, "stale entry", sizeof(struct stale));
	hidx_init(&r->index);
}

void
reconcile_start(struct reconcile *r)
{
	loop_timer_stop(&r->timer);
	if (r->running) {
		r->again = true;
		return;
	}
	r->running = true;
	r->again = false;
	r->tries = 0;
	loop_work_cancel(&r->sweep);
	stale_clear(r);
	dump_ifaces(r);
}

static void
on_timer(struct loop_timer *t)
{
	reconcile_start(container_of(t, struct reconcile, timer));
}

void
reconcile_soon(struct reconcile *r)
{
	int64_t quiet;

	if (loop_timer_running(&r->timer))
		return;
	quiet = mono_diff(loop_clock(r->loop), r->last);
	if (quiet > 2 * BACKOFF_MAX)
		r->backoff = BACKOFF_MIN;
	loop_timer_start(
	    r->loop, &r->timer, quiet > 2 * BACKOFF_MAX ? MONO_MS(50) : r->backoff);
	r->backoff = MIN(r->backoff * 2, BACKOFF_MAX);
}

/* The set. */

static uint32_t
stale_hash(const struct stale *s)
{
	uint8_t k[40];
	size_t n = 0;

	k[n++] = s->table;
	memcpy(k + n, &s->vid, 2);
	memcpy(k + n + 2, &s->ifindex, 4);
	memcpy(k + n + 6, &s->src_vni, 4);
	memcpy(k + n + 10, s->mac.b, 6);
	n += 16;
	memcpy(k + n, s->ip.b, s->ip.len);
	return hash32(k, n + s->ip.len);
}

static uint32_t
stale_find(const struct reconcile *r, const struct stale *s, uint32_t hash)
{
	struct hidx_it it = hidx_first(&r->index, hash);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct stale *o = slab_ptr(&r->stale, h);

		if (o->table == s->table && o->vid == s->vid &&
		    o->ifindex == s->ifindex && o->src_vni == s->src_vni &&
		    mac_equal(o->mac, s->mac) && ip_equal(o->ip, s->ip))
			return h;
	}
	return 0;
}

const struct stale *
reconcile_stale_find(const struct reconcile *r, const struct stale *s)
{
	uint32_t h = r->stale.live ? stale_find(r, s, stale_hash(s)) : 0;

	return h ? slab_ptr(&r->stale, h) : NULL;
}

void
reconcile_stale_add(struct reconcile *r, const struct stale *s)
{
	uint32_t hash = stale_hash(s), h;

	if (stale_find(r, s, hash))
		return;
	h = slab_alloc(&r->stale);
	*(struct stale *)slab_ptr(&r->stale, h) = *s;
	hidx_insert(&r->index, hash, h);
}

bool
reconcile_stale_take(struct reconcile *r, struct stale *s)
{
	uint32_t hash, h;

	if (r->stale.live == 0)
		return false;
	hash = stale_hash(s);
	h = stale_find(r, s, hash);
	if (h == 0)
		return false;
	*s = *(const struct stale *)slab_ptr(&r->stale, h);
	hidx_remove(&r->index, hash, h);
	slab_free(&r->stale, h);
	return true;
}

bool
reconcile_stale_drop(struct reconcile *r, const struct stale *s)
{
	struct stale copy = *s;

	return reconcile_stale_take(r, &copy);
}

/* The sweep. */

static void
put_delete(struct nl_batch *b, const struct stale *s)
{
	switch (s->table) {
	case APPLY_VXLAN:
		nl_fdb_put_vxlan(b, true, s->ifindex, s->mac, s->ip, 0, s->src_vni);
		break;
	case APPLY_FLOOD:
		nl_fdb_put_flood(b, true, s->ifindex, s->ip, s->src_vni);
		break;
	case APPLY_BRIDGE:
		nl_fdb_put_bridge(b, true, s->ifindex, s->mac, s->vid);
		break;
	case APPLY_ROUTE:
		nl_fib_put_del(b, s->ifindex, (struct prefix){ s->ip, (uint8_t)s->vid },
		    s->vid & 0x100, s->by_id ? s->to : 0);
		break;
	default:
		nl_neigh_put(b, true, s->ifindex, s->ip, s->mac, false);
		break;
	}
}

/* Entries stay in the set until their batch's events were read: that is how the reader knows
 * these deletions from losses. */
static bool
on_sweep(struct loop_work *w)
{
	struct reconcile *r = container_of(w, struct reconcile, sweep);
	struct stale gone[NL_BATCH_MAX];
	unsigned n = 0;

	while (n < NL_BATCH_MAX && (r->cursor = slab_next(&r->stale, r->cursor)) != 0)
		gone[n++] = *(struct stale *)slab_ptr(&r->stale, r->cursor);
	if (n == 0) {
		r->ops->swept(r->arg, r->swept);
		return false;
	}
	for (unsigned i = 0; i < n; i++)
		put_delete(&r->batch, &gone[i]);
	nl_batch_send(r->nl, &r->batch);
	r->ops->drain(r->arg);
	for (unsigned i = 0; i < n; i++) {
		int err = r->batch.err[i];

		if (err == 0)
			r->swept++;
		else if (err != ENOENT && err != ENODEV && err != ESRCH)
			log_warn("sweep: a stale entry stays (%s)", strerror(err));
		reconcile_stale_drop(r, &gone[i]);
	}
	nl_batch_reset(&r->batch);
	return true; /* a cursor at its end starts again, and finds nothing */
}

void
reconcile_sweep(struct reconcile *r)
{
	r->swept = 0;
	r->cursor = 0;
	loop_work_queue(r->loop, &r->sweep);
}
