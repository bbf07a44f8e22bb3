/* SPDX-License-Identifier: ISC */
/* zebra-lite/watch_l3.c: the kernel's routes and nexthops, sorted into others', ours and
 * losses; and the sweep of nexthops that nobody wants. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stddef.h>
#include <string.h>

#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/nl_bpf.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.l3");
COUNTER(kernel_routes_lost);
COUNTER(kernel_nexthops_lost);

/* Losses. */

void
watch_hop_lost(struct zl *z, const struct hop *p)
{
	struct zl_want w = { .op = ZL_SET,
		.kind = p->group ? ZL_KIND_GROUP : ZL_KIND_HOP,
		.flags = p->flags,
		.vni = p->vni,
		.mac = p->mac,
		.ip = p->flags & ZL_F_ENCAP ? p->vtep : p->hop.gateway,
		.vtep = p->vtep,
		.id = p->id,
		.label = p->hop.label };

	if (p->id == 0)
		return;
	COUNT(kernel_nexthops_lost);
	z->drift++;
	zl_say_lost(z, &w);
}

static void
route_lost(struct zl *z, const struct nl_fib *f)
{
	const struct hop *p = f->nh_id ? hops_by_kid(&z->hops, f->nh_id) : NULL;
	/* A route without id can only be said as a deletion. */
	struct zl_want w = { .op = p && p->id ? ZL_SET : ZL_DEL,
		.kind = ZL_KIND_ROUTE,
		.ip = f->prefix.ip,
		.plen = f->prefix.plen,
		.table = f->table,
		.id = p ? p->id : 0 };

	if (f->metric == NL_FIB_METRIC_UNREACHABLE)
		w.flags = ZL_F_UNREACHABLE;
	COUNT(kernel_routes_lost);
	z->drift++;
	zl_say_lost(z, &w);
}

/* Routes. */

static bool
is_our_metric(const struct nl_fib *f)
{
	return f->metric == NL_FIB_METRIC || f->metric == NL_FIB_METRIC_UNREACHABLE;
}

static void
route_ours(struct zl *z, const struct nl_fib *f)
{
	bool unreachable = f->metric == NL_FIB_METRIC_UNREACHABLE;
	struct stale s = { .table = APPLY_ROUTE,
		.vid = reconcile_route_vid(f->prefix.plen, unreachable),
		.ifindex = f->table,
		.ip = f->prefix.ip,
		.by_id = f->nh_id != 0,
		.to = f->nh_id ? f->nh_id : f->oif };

	/* With another metric it was made by somebody who borrowed our number. */
	if (!is_our_metric(f))
		return;
	if (!f->del) {
		if (z->dumping)
			reconcile_stale_add(&z->rec, &s);
		if (unreachable && f->prefix.plen > 0)
			z->apply.unreachable_seen = true;
		return;
	}
	if (apply_echo_route(&z->apply, f) == APPLY_OURS ||
	    reconcile_stale_drop(&z->rec, &s))
		return;
	/* It went with its next hop: of that something was said, if it was not our doing. */
	if (f->nh_id && !hops_by_kid(&z->hops, f->nh_id))
		return;
	route_lost(z, f);
}

static void
route_theirs(struct zl *z, const struct nl_fib *f)
{
	bool had;

	if (!routes_cares(f))
		return;
	if (f->del) {
		if (!routes_gone(&z->routes, f))
			reconcile_soon(&z->rec);
		return;
	}
	had = routes_find(&z->routes, f->table, f->prefix, f->metric);
	routes_set(&z->routes, f);
	/* It took a place that was not one of theirs. */
	if (f->replace && !had && !z->dumping && is_our_metric(f))
		route_lost(z, f);
}

static void
route_msg(struct zl *z, const struct nlmsghdr *h)
{
	struct nl_fib f;

	if (!nl_fib_parse(h, &f))
		return;
	if (f.ours)
		route_ours(z, &f);
	else
		route_theirs(z, &f);
}

/* Nexthops. */

/* One of ours is not what we made any more.  What used it may be gone without a word. */
static void
nexthop_lost(struct zl *z, struct hop *p, bool del)
{
	watch_hop_lost(z, p);
	if (del)
		hops_gone(&z->hops, p);
	else
		hops_blur(&z->hops, p);
}

static void
nexthop_msg(struct zl *z, const struct nlmsghdr *h)
{
	struct nl_nexthop n;
	struct hop *p;

	if (!nl_nexthop_parse(h, &n))
		return;
	if (z->dumping) {
		if (!n.del)
			hops_dump_seen(&z->hops, &n);
		return;
	}
	p = hops_by_kid(&z->hops, n.id);
	if (p && p->theirs && n.del)
		hops_gone(&z->hops, p);
	else if (p && !p->theirs && (n.del || !n.ours))
		nexthop_lost(z, p, n.del);
	else if (!p && !n.del)
		hops_theirs(&z->hops, n.id);
}

void
watch_l3_msg(void *arg, const struct nlmsghdr *h)
{
	if (h->nlmsg_type == RTM_NEWROUTE || h->nlmsg_type == RTM_DELROUTE)
		route_msg(arg, h);
	else
		nexthop_msg(arg, h);
}

/* Links. */

/* What the kernel asks for, before it throws nexthops away. */
static bool
carries(const struct nl_link *l)
{
	return l && (l->flags & IFF_UP) && (l->flags & (IFF_RUNNING | IFF_LOWER_UP));
}

static void
hops_link_down(struct zl *z, uint32_t oif)
{
	for (uint32_t h = 0; (h = slab_next(&z->hops.slab, h)) != 0;) {
		struct hop *p = hop_ptr(&z->hops, h);

		if (p->kid && !p->group && !p->theirs && p->hop.oif == oif)
			nexthop_lost(z, p, true);
	}
}

/* What went with the device can be written again: the engine need not wait to try. */
static void
hops_link_up(struct zl *z, uint32_t oif)
{
	for (uint32_t h = 0; (h = slab_next(&z->hops.slab, h)) != 0;) {
		const struct hop *p = hop_ptr(&z->hops, h);

		if (!p->kid && !p->group && p->hop.oif == oif)
			watch_hop_lost(z, p);
	}
	/* Of routes into a VRF's device nothing was said when it went down. */
	if (z->apply.leaks_seen && vrfs_has_ifindex(&z->vrfs, oif))
		reconcile_soon(&z->rec);
}

void
watch_l3_link(struct zl *z, const struct nl_link *old, const struct nl_link *now)
{
	bool was_up = old && (old->flags & IFF_UP);

	vrfs_link(&z->vrfs, old, now);
	/* A dump tells of nexthops and routes itself. */
	if (z->dumping)
		return;
	if (was_up && (!now || !(now->flags & IFF_UP)) &&
	    !routes_link_down(&z->routes, old->ifindex))
		reconcile_soon(&z->rec);
	if (carries(old) && !carries(now))
		hops_link_down(z, old->ifindex);
	else if (!carries(old) && carries(now))
		hops_link_up(z, now->ifindex);
}

/* The sweep. */

static bool
is_stale(const struct hop *p, bool group)
{
	return p->kid && !p->theirs && !p->wanted && p->group == group;
}

/* Deletes a batch of those that nobody wants; false when none is left. */
static bool
sweep_some(struct zl *z, bool group)
{
	uint32_t at[NL_BATCH_MAX], h = 0;
	unsigned n = 0;

	while (n < NL_BATCH_MAX && (h = slab_next(&z->hops.slab, h)) != 0)
		if (is_stale(hop_ptr(&z->hops, h), group)) {
			nl_nexthop_put_del(&z->sweep_batch, hop_ptr(&z->hops, h)->kid);
			at[n++] = h;
		}
	if (n == 0)
		return false;
	nl_batch_send(&z->nl, &z->sweep_batch);
	/* Before the events are read: they are no losses. */
	for (unsigned i = 0; i < n; i++) {
		int err = z->sweep_batch.err[i];

		if (err && err != ENOENT && err != ENODEV)
			log_warn("sweep: a stale nexthop stays (%s)", strerror(err));
		else
			z->swept++;
		/* Groups are swept first, so no record of this batch goes with another. */
		hops_drop(&z->hops, hop_ptr(&z->hops, at[i]));
	}
	nl_batch_reset(&z->sweep_batch);
	nl_mon_drain(&z->mon_l3);
	return true;
}

static bool
on_sweep(struct loop_work *w)
{
	struct zl *z = container_of(w, struct zl, hop_sweep);

	if (sweep_some(z, true) || sweep_some(z, false))
		return true;
	z->on_hops_swept(z);
	return false;
}

void
watch_l3_sweep(struct zl *z, void (*done)(struct zl *z))
{
	z->on_hops_swept = done;
	loop_work_queue(z->loop, &z->hop_sweep);
}

void
watch_l3_init(struct zl *z)
{
	loop_work_init(&z->hop_sweep, LOOP_PRIO_BULK, on_sweep);
}

/* The monitor. */

#define OFF_TABLE (NLMSG_HDRLEN + (uint32_t)offsetof(struct rtmsg, rtm_table))
#define OFF_PROTOCOL (NLMSG_HDRLEN + (uint32_t)offsetof(struct rtmsg, rtm_protocol))
#define OFF_NH_PROTOCOL (NLMSG_HDRLEN + (uint32_t)offsetof(struct nhmsg, nh_protocol))

/* Dropped are additions of ours, and of the main tables all that is neither ours nor the kernel's, a
 * person's or of the network's configuration: with a full table there, its changes would cost more
 * than the rest. */
int
watch_l3_open(struct zl *z, void (*on_lost)(void *arg))
{
	static const int groups[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
		RTNLGRP_NEXTHOP, 0 };
	const struct sock_filter filter[] = {
		/* 0 */ LOAD16(OFF_TYPE),
		/* 1 */ IF_EQ(htons(RTM_NEWNEXTHOP), 0, 2),
		/* 2 */ LOAD8(OFF_NH_PROTOCOL),
		/* 3 */ IF_EQ(EVPND_RTPROT, 14, 6),
		/* 4 */ IF_EQ(htons(RTM_DELNEXTHOP), 5, 0),
		/* 5 */ IF_EQ(htons(RTM_NEWROUTE), 0, 2),
		/* 6 */ LOAD8(OFF_PROTOCOL),
		/* 7 */ IF_EQ(EVPND_RTPROT, 10, 0),
		/* 8 */ LOAD8(OFF_TABLE),
		/* 9 */ IF_GE(RT_TABLE_DEFAULT, 1, 0),
		/* 10 */ PASS,
		/* 11 */ IF_EQ(RT_TABLE_MAIN, 0, 6),
		/* 12 */ LOAD8(OFF_PROTOCOL),
		/* 13 */ IF_GE(RTPROT_STATIC + 1, 0, 3),
		/* 14 */ IF_EQ(EVPND_RTPROT, 2, 0),
		/* 15 */ IF_EQ(RTPROT_RA, 1, 0),
		/* 16 */ IF_EQ(RTPROT_DHCP, 0, 1),
		/* 17 */ PASS,
		/* 18 */ DROP,
	};
	struct nl_mon_conf conf = { groups, filter, ARRAY_LEN(filter), 64, 4096,
		z->rcvbuf, watch_l3_msg, on_lost, z };

	return nl_mon_open(&z->mon_l3, &z->nl, &conf);
}
