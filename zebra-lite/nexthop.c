/* SPDX-License-Identifier: ISC */
/* zebra-lite/nexthop.c: watched addresses, looked up again when routes may have changed. */
#include "config.h"

#include "zebra-lite/nexthop.h"

#include <errno.h>
#include <string.h>

#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/nl_route.h"

LOG_MODULE("zl.nexthop");
COUNTER(nexthop_changes);

/* The table. */

static struct nexthop *
hop_ptr(const struct nexthops *n, uint32_t h)
{
	return slab_ptr(&n->slab, h);
}

static uint32_t
find(const struct nexthops *n, struct ip ip)
{
	uint32_t h;

	for (struct hidx_it it = hidx_first(&n->index, ip_hash(ip));
	     (h = hidx_next(&it)) != 0;)
		if (ip_equal(hop_ptr(n, h)->z.ip, ip))
			return h;
	return 0;
}

static void
queue_add(struct nexthops *n, uint32_t h)
{
	struct nexthop *p = hop_ptr(n, h);

	if (p->due)
		return;
	p->due = true;
	p->next = 0;
	if (n->first)
		hop_ptr(n, n->last)->next = h;
	else
		n->first = h;
	n->last = h;
	n->wake(n->arg);
}

static void
queue_remove(struct nexthops *n, uint32_t h)
{
	uint32_t prev = 0;

	if (!hop_ptr(n, h)->due)
		return;
	for (uint32_t i = n->first; i != h; i = hop_ptr(n, i)->next)
		prev = i;
	if (prev)
		hop_ptr(n, prev)->next = hop_ptr(n, h)->next;
	else
		n->first = hop_ptr(n, h)->next;
	if (n->last == h)
		n->last = prev;
}

bool
nexthops_next(struct nexthops *n, struct zl_nexthop *out)
{
	struct nexthop *p;

	if (!n->first)
		return false;
	p = hop_ptr(n, n->first);
	n->first = p->next;
	p->due = false;
	*out = p->z;
	return true;
}

/* Looking up. */

static void
on_route(void *arg, const struct nlmsghdr *h)
{
	struct nl_route *r = arg, now;

	if (nl_route_parse(h, &now))
		*r = now;
}

/* False if the kernel had no answer at all this time. */
static bool
look_up(struct nexthops *n, struct ip ip, struct nl_route *r)
{
	int err;

	*r = (struct nl_route){ 0 };
	nl_route_put_get(&n->probe, ip);
	err = nl_get(n->nl, &n->probe, on_route, r);
	nl_batch_reset(&n->probe);
	if (err)
		*r = (struct nl_route){ 0 };
	return err != ETIMEDOUT && err != ENOBUFS && err != ENOMEM;
}

static void
check(struct nexthops *n, uint32_t h)
{
	struct nexthop *p = hop_ptr(n, h);
	struct nl_route r;
	char text[IP_STRLEN];

	if (!look_up(n, p->z.ip, &r) ||
	    (p->z.reachable == r.usable && p->z.metric == r.metric &&
		p->z.loose == (r.usable && r.loose)))
		return;
	if (p->z.reachable != r.usable)
		log_info("next hop %s: %s", ip_format(p->z.ip, text),
		    r.usable ? "reachable again" : "no route to it any more");
	COUNT(nexthop_changes);
	p->z.reachable = r.usable;
	p->z.metric = r.metric;
	p->z.loose = r.usable && r.loose;
	queue_add(n, h);
}

static bool
on_round(struct loop_work *w)
{
	struct nexthops *n = container_of(w, struct nexthops, round);

	while ((n->at = slab_next(&n->slab, n->at)) != 0) {
		check(n, n->at);
		if (loop_slice_over(n->loop))
			return true;
	}
	return false;
}

/* Events. */

static void
on_timer(struct loop_timer *t)
{
	struct nexthops *n = container_of(t, struct nexthops, timer);

	if (n->at) {
		/* The end of the list is as old as its beginning. */
		loop_timer_start(n->loop, t, NEXTHOP_WAIT_US);
		return;
	}
	n->looked = loop_now(n->loop);
	n->discard = true;
	nl_mon_resume(&n->mon);
	nl_mon_drain(&n->mon);
	n->discard = false;
	loop_work_queue(n->loop, &n->round);
}

static void
on_event(struct nexthops *n)
{
	bool quiet = n->looked.us == 0 ||
		     mono_diff(loop_now(n->loop), n->looked) > NEXTHOP_QUIET_US;

	if (n->discard || loop_timer_running(&n->timer))
		return;
	nl_mon_pause(&n->mon);
	loop_timer_start(n->loop, &n->timer, quiet ? NEXTHOP_FIRST_US : NEXTHOP_WAIT_US);
}

static void
on_msg(void *arg, const struct nlmsghdr *h)
{
	(void)h;
	on_event(arg);
}

static void
on_lost(void *arg)
{
	on_event(arg);
}

/* Without a monitor addresses are looked up once, when they are asked for. */
static void
mon_open(struct nexthops *n)
{
	int rc;

	if (n->mon.nl)
		return;
	rc = nl_route_mon_open(&n->mon, n->nl, on_msg, on_lost, n);
	if (rc < 0)
		log_error(
		    "next hops: changes of routes will not be seen (%s)", strerror(-rc));
}

/* The engine's wishes. */

void
nexthops_watch(struct nexthops *n, struct ip ip)
{
	uint32_t h = find(n, ip);
	struct nexthop *p;
	struct nl_route r;

	if (h) {
		queue_add(n, h);
		return;
	}
	if (n->slab.live == ZL_NEXTHOPS_MAX) {
		if (!n->full)
			log_warn(
			    "next hops: %u are watched, more will not be", n->slab.live);
		n->full = true;
		return;
	}
	mon_open(n);
	if (!look_up(n, ip, &r))
		r.usable = true;
	h = slab_alloc(&n->slab);
	p = hop_ptr(n, h);
	*p = (struct nexthop){ .z = { ip, r.usable, r.usable && r.loose, r.metric } };
	hidx_insert(&n->index, ip_hash(ip), h);
	queue_add(n, h);
}

void
nexthops_unwatch(struct nexthops *n, struct ip ip)
{
	uint32_t h = find(n, ip);

	if (!h)
		return;
	queue_remove(n, h);
	hidx_remove(&n->index, ip_hash(ip), h);
	slab_free(&n->slab, h);
	n->full = false;
}

static void
stop(struct nexthops *n)
{
	loop_work_cancel(&n->round);
	loop_timer_stop(&n->timer);
	nl_mon_close(&n->mon);
	n->at = n->first = 0;
}

void
nexthops_forget(struct nexthops *n)
{
	stop(n);
	hidx_fini(&n->index);
	hidx_init(&n->index);
	slab_fini(&n->slab);
	slab_init(&n->slab, "next hops", sizeof(struct nexthop));
	n->full = false;
}

void
nexthops_init(
    struct nexthops *n, struct loop *l, struct nl *nl, void (*wake)(void *arg), void *arg)
{
	memset(n, 0, sizeof *n);
	n->loop = l;
	n->nl = nl;
	n->wake = wake;
	n->arg = arg;
	nl_batch_init(&n->probe);
	slab_init(&n->slab, "next hops", sizeof(struct nexthop));
	hidx_init(&n->index);
	loop_work_init(&n->round, LOOP_PRIO_DECIDE, on_round);
	loop_timer_init(&n->timer, on_timer);
}

void
nexthops_fini(struct nexthops *n)
{
	stop(n);
	nl_batch_fini(&n->probe);
	hidx_fini(&n->index);
	slab_fini(&n->slab);
}
