/* SPDX-License-Identifier: ISC */
/* zebra-lite/apply_l3.c: writes HOPs, GROUPs and ROUTEs into the kernel. */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/apply_priv.h"
#include "zebra-lite/nl_fib.h"
#include "zebra-lite/nl_route.h"
#include "zebra-lite/reconcile.h"
#include "zebra-lite/sysctl.h"

COUNTER(kernel_l3_writes);
COUNTER(kernel_l3_writes_failed);

static const struct nl_hop nowhere; /* a next hop's content that is none */

#define CLASH "the VTEP has another router MAC there, and IPv6 is off on that device"

/* HOPs. */

/* A neighbour that the dump found is wanted, whatever it says. */
static void
unstale_neigh(struct apply *a, uint32_t ifindex, struct ip ip)
{
	struct stale s = { .table = APPLY_NEIGH, .ifindex = ifindex, .ip = ip };

	reconcile_stale_drop(a->rec, &s);
}

/* False if another entry stands in the way. */
static bool
put_neigh(struct apply *a, unsigned rec, const struct hop *p, const struct nl_hop *c)
{
	struct apply_op op = { .rec = (uint16_t)rec,
		.table = APPLY_HOP_NEIGH,
		.key = c->oif,
		.gateway = c->gateway };
	const struct hop *other = hops_by_gateway(a->hops, c->oif, c->gateway, p);
	const struct obs_neigh *n;
	uint32_t dom = observe_dom_find(a->obs, OBS_SVI, c->oif, 0);

	if (other && other->id && !mac_equal(other->mac, p->mac)) {
		apply_fail(a, rec, EEXIST, CLASH);
		return false;
	}
	n = observe_neigh_find(a->obs, dom, c->gateway);
	if (n && (n->o.flags & OBS_F_FIXED)) {
		apply_fail(a, rec, EEXIST, "a static neighbour that is not ours");
		return false;
	}
	op.local = n != NULL;
	unstale_neigh(a, c->oif, c->gateway);
	nl_neigh_put(
	    apply_room(a, op), false, c->oif, c->gateway, p->mac, c->gateway.len == 16);
	return true;
}

/* Takes the neighbour of a HOP away, unless another one needs it. */
static void
del_neigh(
    struct apply *a, unsigned rec, const struct nl_hop *hop, const struct hop * not )
{
	struct apply_op op = { .rec = (uint16_t)rec,
		.table = APPLY_HOP_NEIGH,
		.key = hop->oif,
		.gateway = hop->gateway,
		.del = true };
	uint32_t dom = observe_dom_find(a->obs, OBS_SVI, hop->oif, 0);

	if (hop->oif == 0 || hops_by_gateway(a->hops, hop->oif, hop->gateway, not ) ||
	    observe_neigh_find(a->obs, dom, hop->gateway))
		return;
	nl_neigh_put(apply_room(a, op), true, hop->oif, hop->gateway,
	    (struct mac){ { 0 } }, false);
}

/* A neighbour is named by device and address, and the tunnels of all VNIs leave by one device.  So that
 * several router MACs behind one VTEP can be told apart, the gateway of a tunnel is the link-local
 * address that belongs to the MAC (RFC 4291 appendix A); where the packet goes, the tunnel says.  The kernel
 * routes IPv4 by such a gateway too.  Without IPv6 on the device it is the VTEP's address after all. */
static struct ip
tunnel_gateway(const struct zl_vni *z, const struct zl_want *w)
{
	const uint8_t *m = w->mac.b;
	const uint8_t b[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, m[0] ^ 2, m[1], m[2], 0xff,
		0xfe, m[3], m[4], m[5] };
	struct ip ip = { .len = 16 };

	if (sysctl_conf("ipv6", z->vxlan, "disable_ipv6") != 0)
		return w->ip;
	memcpy(ip.b, b, sizeof b);
	return ip;
}

/* What the record asks for, in the kernel's terms; false if that cannot be. */
static bool
hop_content(struct apply *a, unsigned rec, const struct iface_vni *v, struct nl_hop *c)
{
	const struct zl_want *w = &a->recs[rec];

	*c = (struct nl_hop){ .gateway = w->ip, .oif = v->z.svi_ifindex };
	if (w->ip.len == 0 || mac_is_multicast(w->mac)) {
		apply_fail(a, rec, EINVAL, "no gateway, or no router MAC");
		return false;
	}
	if (w->flags & ZL_F_ENCAP) {
		if (!(v->z.flags & ZL_VNI_SVD) || w->vtep.len == 0 ||
		    mac_is_zero(w->mac)) {
			apply_fail(a, rec, EINVAL,
			    "a label of its own needs an `external` VXLAN device");
			return false;
		}
		c->oif = v->z.vxlan_ifindex;
		c->gateway = tunnel_gateway(&v->z, w);
		c->dst = w->vtep;
		c->label = w->label;
		if (v->z.local.len == w->vtep.len)
			c->src = v->z.local;
	} else if (c->oif == 0) {
		apply_fail(a, rec, ENODEV, "the VNI has no SVI");
		return false;
	}
	return true;
}

static void
on_gateway(void *arg, const struct nlmsghdr *h)
{
	struct nl_route *r = arg, now;

	if (nl_route_parse(h, &now))
		*r = now;
}

/* The same for a gateway of the underlay: the link to it, or to what leads there. */
static bool
direct_content(struct apply *a, unsigned rec, struct nl_hop *c)
{
	const struct zl_want *w = &a->recs[rec];
	struct nl_route r = { 0 };
	int err;

	*c = nowhere;
	if (w->ip.len == 0) {
		apply_fail(a, rec, EINVAL, "no gateway");
		return false;
	}
	nl_route_put_get(&a->probe, w->ip);
	err = nl_get(a->nl, &a->probe, on_gateway, &r);
	nl_batch_reset(&a->probe);
	if (err || !r.usable || r.loose || r.oif == 0) {
		apply_fail(a, rec, EHOSTUNREACH,
		    r.usable && r.loose
			? "only a default route or one of BGP leads to the gateway"
			: "no link to the gateway");
		return false;
	}
	c->gateway = r.gateway.len ? r.gateway : w->ip;
	c->oif = r.oif;
	return true;
}

static void
set_hop(struct apply *a, unsigned rec)
{
	const struct zl_want *w = &a->recs[rec];
	bool direct = w->flags & ZL_F_DIRECT;
	const struct iface_vni *v = direct ? NULL : apply_vni_up(a, rec);
	struct apply_op op = { .rec = (uint16_t)rec, .table = APPLY_HOP };
	struct nl_hop c, old;
	struct nl_batch *b;
	struct hop *p;
	bool neigh;

	if (direct ? !direct_content(a, rec, &c) : !v || !hop_content(a, rec, v, &c))
		return;
	p = hops_get_hop(a->hops, w->id, &c);
	if (!p) {
		apply_fail(a, rec, EINVAL, "the id is a group's");
		return;
	}
	p->wanted = true;
	p->vni = w->vni;
	p->mac = w->mac;
	p->vtep = w->vtep;
	p->flags = w->flags;
	neigh = hop_has_neigh(p);
	if ((neigh && !put_neigh(a, rec, p, &c)) || (p->kid && nl_hop_equal(&p->hop, &c)))
		return;
	old = p->kid ? p->hop : nowhere;
	op.local = p->kid != 0;
	op.key = p->kid ? p->kid : hops_new_kid(a->hops);
	b = apply_room(a, op);
	hops_put_hop(a->hops, p, op.key, &c);
	nl_nexthop_put_hop(b, op.key, &c, op.local);
	if (neigh && (old.oif != c.oif || !ip_equal(old.gateway, c.gateway)))
		del_neigh(a, rec, &old, NULL);
}

/* Removal of either. */
static void
del_object(struct apply *a, unsigned rec)
{
	const struct zl_want *w = &a->recs[rec];
	struct hop *p = hops_by_id(a->hops, w->id);
	struct apply_op op = { .rec = (uint16_t)rec, .del = true };
	struct nl_hop old;
	bool neigh;

	if (!p)
		return;
	if (p->group != (w->kind == ZL_KIND_GROUP)) {
		apply_fail(a, rec, EINVAL, "the id is of the other kind");
		return;
	}
	op.table = p->group ? APPLY_GROUP : APPLY_HOP;
	op.key = p->kid;
	old = p->hop;
	neigh = hop_has_neigh(p);
	if (p->kid)
		nl_nexthop_put_del(apply_room(a, op), op.key);
	/* Now, so that what the kernel tells of it concerns nobody. */
	hops_drop(a->hops, p);
	if (neigh)
		del_neigh(a, rec, &old, NULL);
}

static void
write_hop(struct apply *a, unsigned rec)
{
	if (a->recs[rec].op == ZL_SET)
		set_hop(a, rec);
	else
		del_object(a, rec);
}

/* GROUPs. */

/* The kernel's ids of the members, ascending; false if one is not there. */
static bool
group_members(struct apply *a, unsigned rec, uint32_t *kids)
{
	const struct zl_want *w = &a->recs[rec];

	for (unsigned i = 0; i < w->nmembers; i++) {
		const struct hop *m = hops_by_id(a->hops, w->members[i]);

		if (!m || m->group || !m->kid) {
			apply_fail(a, rec, ENOENT, "a member is no next hop");
			return false;
		}
		kids[i] = m->kid;
	}
	qsort(kids, w->nmembers, sizeof *kids, u32_cmp);
	return true;
}

static void
set_group(struct apply *a, unsigned rec)
{
	const struct zl_want *w = &a->recs[rec];
	struct apply_op op = { .rec = (uint16_t)rec, .table = APPLY_GROUP };
	uint32_t kids[ZL_GROUP_MAX];
	struct nl_batch *b;
	struct hop *p;

	static_assert(ZL_GROUP_MAX <= NL_NEXTHOP_MEMBERS, "a group fits a message");
	if (w->nmembers == 0) {
		apply_fail(a, rec, EINVAL, "a group without members");
		return;
	}
	if (!group_members(a, rec, kids))
		return;
	p = hops_get_group(a->hops, w->id, kids, w->nmembers);
	if (!p) {
		apply_fail(a, rec, EINVAL, "the id is a next hop's");
		return;
	}
	p->wanted = true;
	if (p->kid && p->nmembers == w->nmembers &&
	    memcmp(p->members, kids, w->nmembers * sizeof kids[0]) == 0)
		return;
	op.local = p->kid != 0;
	op.key = p->kid ? p->kid : hops_new_kid(a->hops);
	b = apply_room(a, op);
	hops_put_group(a->hops, p, op.key, kids, w->nmembers);
	nl_nexthop_put_group(b, op.key, kids, w->nmembers, op.local);
}

static void
write_group(struct apply *a, unsigned rec)
{
	if (a->recs[rec].op == ZL_SET)
		set_group(a, rec);
	else
		del_object(a, rec);
}

/* ROUTEs. */

static struct prefix
route_prefix(const struct zl_want *w)
{
	return prefix_mask((struct prefix){ w->ip, w->plen });
}

/* Where a route leads: one of them, or neither. */
struct target {
	uint32_t kid; /* nexthop object */
	uint32_t oif; /* another VRF's device */
};

/* One of ours that the dump found: true if it leads there already. */
static bool
unstale_route(struct apply *a, const struct zl_want *w, const struct target *t)
{
	bool unreachable = !t->kid && !t->oif;
	struct stale s = { .table = APPLY_ROUTE,
		.vid = reconcile_route_vid(w->plen, unreachable),
		.ifindex = w->table,
		.ip = w->ip };

	return reconcile_stale_take(a->rec, &s) && s.by_id == (t->kid != 0) &&
	       (unreachable || s.to == (t->kid ? t->kid : t->oif));
}

static void
del_route_of(struct apply *a, unsigned rec, bool unreachable)
{
	const struct zl_want *w = &a->recs[rec];
	struct apply_op op = { .rec = (uint16_t)rec,
		.table = APPLY_ROUTE,
		.key = unreachable,
		.del = true };

	nl_fib_put_del(apply_room(a, op), w->table, route_prefix(w), unreachable, 0);
}

/* A prefix may have one of ours with each metric, but only one is wanted.  The kernel is their
 * only copy; unreachable ones are few, and mostly default routes. */
static bool
may_have_both(const struct apply *a, const struct zl_want *w)
{
	return w->plen == 0 || a->unreachable_seen;
}

/* Of somebody else's with the same metric: true if nothing is to be written. */
static bool
route_in_the_way(struct apply *a, unsigned rec, bool unreachable)
{
	const struct zl_want *w = &a->recs[rec];
	const struct route_way *t = routes_find(a->routes, w->table, route_prefix(w),
	    unreachable ? NL_FIB_METRIC_UNREACHABLE : NL_FIB_METRIC);

	if (!t)
		return false;
	/* Nowhere is nowhere: theirs does as well, and stays theirs. */
	if (!unreachable || !(t->flags & ZL_ROUTE_BLACKHOLE))
		apply_fail(a, rec, EEXIST,
		    "a route with this prefix and metric that is not ours");
	return true;
}

/* What the record asks for; false if that cannot be. */
static bool
route_target(struct apply *a, unsigned rec, struct target *t)
{
	const struct zl_want *w = &a->recs[rec];
	const struct hop *p;

	*t = (struct target){ 0 };
	if (w->table != RT_TABLE_MAIN && !vrfs_has_table(a->vrfs, w->table)) {
		apply_fail(a, rec, ENODEV, "no VRF has this table");
		return false;
	}
	if (w->flags & ZL_F_UNREACHABLE)
		return true;
	if (w->flags & ZL_F_VRF) {
		t->oif = w->id;
		a->leaks_seen = true;
		if (vrfs_has_ifindex(a->vrfs, t->oif))
			return true;
		apply_fail(a, rec, ENODEV, "no such VRF to leak from");
		return false;
	}
	p = hops_by_id(a->hops, w->id);
	t->kid = p ? p->kid : 0;
	if (!t->kid)
		apply_fail(a, rec, ENOENT,
		    p ? "its next hop is not in the kernel" : "unknown id");
	return t->kid != 0;
}

static void
set_route(struct apply *a, unsigned rec)
{
	const struct zl_want *w = &a->recs[rec];
	bool unreachable = w->flags & ZL_F_UNREACHABLE;
	struct apply_op op = {
		.rec = (uint16_t)rec, .table = APPLY_ROUTE, .key = unreachable
	};
	struct target t;

	if (!route_target(a, rec, &t) || route_in_the_way(a, rec, unreachable))
		return;
	if (unreachable && w->plen > 0)
		a->unreachable_seen = true;
	if (!unstale_route(a, w, &t))
		nl_fib_put(apply_room(a, op), w->table, route_prefix(w), t.kid, t.oif);
	if (may_have_both(a, w))
		del_route_of(a, rec, !unreachable);
}

static void
write_route(struct apply *a, unsigned rec)
{
	if (a->recs[rec].op == ZL_SET) {
		set_route(a, rec);
		return;
	}
	del_route_of(a, rec, false);
	if (may_have_both(a, &a->recs[rec]))
		del_route_of(a, rec, true);
}

static void (*const writers[])(struct apply *a, unsigned rec) = {
	[ZL_KIND_HOP] = write_hop,
	[ZL_KIND_GROUP] = write_group,
	[ZL_KIND_ROUTE] = write_route,
};

void
apply_l3_record(struct apply *a, unsigned rec)
{
	writers[a->recs[rec].kind](a, rec);
}

/* Results. */

static bool
del_is_done(int err)
{
	return err == ENOENT || err == ENODEV || err == ENXIO || err == ESRCH;
}

/* The kernel did not take an object. */
static void
object_refused(struct apply *a, const struct apply_op *op, int err)
{
	struct hop *p = hops_by_kid(a->hops, op->key);

	if (p && op->local)
		hops_blur(a->hops, p);
	else if (p)
		hops_gone(a->hops, p);
	if (err == EEXIST)
		hops_theirs(a->hops, op->key);
}

void
apply_l3_result(struct apply *a, unsigned i)
{
	const struct apply_op *op = &a->map[i];
	int err = a->batch.err[i];

	COUNT(kernel_l3_writes);
	if (op->del && del_is_done(err))
		err = 0;
	if (err) {
		COUNT(kernel_l3_writes_failed);
		apply_fail(a, op->rec, err, nl_batch_text(&a->batch, i));
		if (!op->del && (op->table == APPLY_HOP || op->table == APPLY_GROUP))
			object_refused(a, op, err);
	} else if (op->table == APPLY_HOP_NEIGH && op->local) {
		/* A learnt neighbour that we have just replaced is no more. */
		observe_neigh_gone(
		    a->obs, observe_dom_find(a->obs, OBS_SVI, op->key, 0), op->gateway);
	}
}

/* Echoes. */

enum apply_echo
apply_echo_route(struct apply *a, const struct nl_fib *f)
{
	bool unreachable = f->metric == NL_FIB_METRIC_UNREACHABLE;

	for (unsigned i = 0; i < a->batch.n; i++) {
		unsigned at = (a->hint + i) % a->batch.n;
		const struct apply_op *op = &a->map[at];
		const struct zl_want *w = &a->recs[op->rec];

		if (op->table != APPLY_ROUTE || (op->key != 0) != unreachable ||
		    w->table != f->table || w->plen != f->prefix.plen ||
		    !ip_equal(route_prefix(w).ip, f->prefix.ip))
			continue;
		a->hint = at;
		return f->del && op->del ? APPLY_OURS : APPLY_DOUBT;
	}
	return APPLY_FOREIGN;
}
