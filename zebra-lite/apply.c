/* SPDX-License-Identifier: ISC */
/* zebra-lite/apply.c: writes wanted state into the kernel. */
#include "config.h"

#include "zebra-lite/apply.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/apply_priv.h"

COUNTER(kernel_writes);
COUNTER(kernel_writes_failed);

void
apply_init(struct apply *a, struct nl *nl, struct iface *iface, struct observe *obs,
    struct vtep_nhs *vteps, const struct apply_ops *ops, void *arg)
{
	memset(a, 0, sizeof *a);
	a->nl = nl;
	a->iface = iface;
	a->obs = obs;
	a->vteps = vteps;
	a->ops = ops;
	a->arg = arg;
	nl_batch_init(&a->batch);
	nl_batch_init(&a->redo);
	nl_batch_init(&a->probe);
}

void
apply_fini(struct apply *a)
{
	nl_batch_fini(&a->batch);
	nl_batch_fini(&a->redo);
	nl_batch_fini(&a->probe);
}

/* Results. */

static void
rec_fail(struct apply *a, unsigned rec, int err, const char *text)
{
	if (a->err[rec])
		return;
	a->err[rec] = err;
	snprintf(a->text[rec], sizeof a->text[rec], "%s", text);
}

/* What is not there need not be deleted, and a device that is gone took its entries along. */
static bool
del_is_done(int err)
{
	return err == ENOENT || err == ENODEV || err == ENXIO;
}

/* The domain of a VNI's entries of some kind, 0 if there is none. */
static uint32_t
dom_of(struct apply *a, const struct iface_vni *v, enum obs_kind kind)
{
	const struct zl_vni *z = &v->z;

	static_assert(OBS_KINDS <= ARRAY_LEN(v->doms), "a place for each kind");
	if (v->doms[kind])
		return v->doms[kind];
	if (kind == OBS_SVI)
		return observe_dom_find(a->obs, kind, z->svi_ifindex, 0);
	if (kind == OBS_BRIDGE || kind == OBS_STICKY)
		return observe_dom_find(a->obs, kind, z->bridge_ifindex, z->vid);
	return observe_dom_find(a->obs, kind, z->vxlan_ifindex, v->src_vni);
}

/* A learnt local entry that we have just replaced is no more; a sticky one is remembered. */
static void
taken_over(struct apply *a, const struct apply_op *op, const struct zl_want *w)
{
	const struct iface_vni *v = op->vni;

	if (op->table == APPLY_BRIDGE && op->local)
		observe_mac_gone(a->obs, dom_of(a, v, OBS_BRIDGE), w->mac);
	else if (op->table == APPLY_NEIGH && op->local)
		observe_neigh_gone(a->obs, dom_of(a, v, OBS_SVI), w->ip);
	else if (op->table == APPLY_STICKY)
		observe_mac_set(
		    a->obs, dom_of(a, v, OBS_STICKY), w->mac, v->z.vxlan_ifindex, 0);
}

/* The VXLAN device has learnt the MAC by address: an id does not replace that. */
static void
redo_by_id(struct apply *a, const struct apply_op *op, const struct zl_want *w)
{
	const struct iface_vni *v = op->vni;
	struct nl_batch *b = &a->redo;

	nl_fdb_put_vxlan(b, true, v->z.vxlan_ifindex, w->mac, w->vtep, 0, v->src_vni);
	nl_fdb_put_vxlan(
	    b, false, v->z.vxlan_ifindex, w->mac, w->vtep, op->nh_id, v->src_vni);
	nl_batch_send(a->nl, b);
	if (b->err[1]) {
		COUNT(kernel_writes_failed);
		rec_fail(a, op->rec, b->err[1], nl_batch_text(b, 1));
	}
	nl_batch_reset(b);
}

static void
op_result(struct apply *a, unsigned i)
{
	const struct apply_op *op = &a->map[i];
	const struct zl_want *w = &a->recs[op->rec];
	int err = a->batch.err[i];

	if (op->table >= APPLY_HOP_NEIGH) {
		apply_l3_result(a, i);
		return;
	}
	COUNT(kernel_writes);
	if (op->del && del_is_done(err))
		err = 0;
	if (err == EOPNOTSUPP && op->nh_id && !op->del) {
		redo_by_id(a, op, w);
	} else if (err) {
		COUNT(kernel_writes_failed);
		rec_fail(a, op->rec, err, nl_batch_text(&a->batch, i));
	} else if (!op->del) {
		taken_over(a, op, w);
	}
}

static uint64_t
recent_hash(uint32_t bridge, uint16_t vid, struct mac mac)
{
	struct {
		uint32_t bridge, vid;
		uint8_t mac[8];
	} k = { .bridge = bridge, .vid = vid };

	memcpy(k.mac, mac.b, sizeof mac.b);
	return hash64(&k, sizeof k) | 1;
}

static void
recent_note(struct apply *a, const struct apply_op *op)
{
	uint64_t h;

	if (op->table != APPLY_BRIDGE && op->table != APPLY_BOTH)
		return;
	h = recent_hash(op->vni->z.bridge_ifindex, op->vni->z.vid, a->recs[op->rec].mac);
	a->recent[h / 2 % APPLY_RECENT] = h;
}

/* True once for each write. */
static bool
recent_take(struct apply *a, const struct nl_fdb *e)
{
	uint64_t h = recent_hash(e->bridge, e->vid, e->mac);
	uint64_t *slot = &a->recent[h / 2 % APPLY_RECENT];

	if (*slot != h)
		return false;
	*slot = 0;
	return true;
}

static void
flush(struct apply *a)
{
	if (a->batch.n == 0)
		return;
	nl_batch_send(a->nl, &a->batch);
	for (unsigned i = 0; i < a->batch.n; i++) {
		op_result(a, i);
		recent_note(a, &a->map[i]);
	}
	a->hint = 0;
	a->ops->drain(a->arg);
	nl_batch_reset(&a->batch);
}

/* Messages. */

/* Room for one more message, which this is about.  Before each record there is enough for all that it
 * needs (write_record). */
struct nl_batch *
apply_room(struct apply *a, struct apply_op op)
{
	ensure(!nl_batch_full(&a->batch));
	a->map[a->batch.n] = op;
	return &a->batch;
}

/* The same for an entry of layer 2, which is wanted. */
static struct nl_batch *
room(struct apply *a, unsigned rec, enum apply_table table, const struct iface_vni *v,
    bool local)
{
	struct apply_op op = { .rec = (uint16_t)rec,
		.table = table,
		.del = a->recs[rec].op == ZL_DEL,
		.local = local,
		.vni = v };
	struct nl_batch *b = apply_room(a, op);

	if (a->recs[rec].op == ZL_SET && a->ops->has_stale(a->arg))
		a->ops->wanted(a->arg, &op, &a->recs[rec]);
	return b;
}

#define APPLY_RECORD_MAX 8 /* messages of one record, at most */

static bool
is_sticky(const struct zl_want *w)
{
	/* A gateway's MAC does not move either (RFC 9135 4.1). */
	return w->flags & (ZL_F_STICKY | ZL_F_GATEWAY);
}

/* The engine has not heard yet of what would be replaced. */
static bool
unheard(struct apply *a, unsigned rec, const struct obs_obj *x)
{
	if (!observe_unheard(a->obs, x, a->heard))
		return false;
	rec_fail(a, rec, ESTALE, "a local host of which the engine has not heard yet");
	return true;
}

/* Whether nothing of somebody else's stands in the way; *local: an entry that is to be replaced.
 * Otherwise the record has failed. */
static bool
may_take_mac(struct apply *a, unsigned rec, const struct iface_vni *v, bool *local)
{
	struct mac mac = a->recs[rec].mac;
	const struct obs_mac *m;

	if (observe_mac_find(a->obs, dom_of(a, v, OBS_VXLAN), mac)) {
		rec_fail(a, rec, EEXIST, "a static VXLAN entry that is not ours");
		return false;
	}
	m = observe_mac_find(a->obs, dom_of(a, v, OBS_BRIDGE), mac);
	*local = m != NULL;
	if (!m)
		return true;
	if (m->o.flags & OBS_F_FIXED) {
		rec_fail(a, rec, EEXIST,
		    m->o.flags & OBS_F_OWN ? "the machine's own address"
					   : "a static bridge entry that is not ours");
		return false;
	}
	return !unheard(a, rec, &m->o);
}

/* The kernel keeps the sticky mark through a plain SET: take the entry away first.  True if
 * events were read on the way. */
static bool
unstick(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	const struct zl_vni *z = &v->z;
	const struct zl_want *w = &a->recs[rec];
	uint32_t dom = dom_of(a, v, OBS_STICKY);

	if (!observe_mac_find(a->obs, dom, w->mac))
		return false;
	observe_mac_gone(a->obs, dom, w->mac);
	if (w->op == ZL_DEL)
		return false;
	flush(a);
	nl_fdb_put_bridge(&a->batch, true, z->vxlan_ifindex, w->mac, z->vid);
	a->map[0] = (struct apply_op){
		.rec = (uint16_t)rec, .table = APPLY_BRIDGE, .del = true, .vni = v
	};
	nl_batch_send(a->nl, &a->batch);
	a->hint = 0;
	a->ops->drain(a->arg);
	nl_batch_reset(&a->batch);
	return true;
}

/* What the VXLAN entry will point to.  False: the record has failed. */
static bool
find_nexthop(struct apply *a, unsigned rec, const struct iface_vni *v, uint32_t *nh_id)
{
	const struct zl_want *w = &a->recs[rec];
	struct nl_batch *b;
	int err = vtep_nh_get(a->vteps, w->vtep, nh_id);

	if (err) {
		rec_fail(a, rec, err, "no nexthop for the VTEP");
		return false;
	}
	if (!a->ops->has_stale(a->arg) ||
	    !a->ops->other_form(a->arg, v, w->mac, *nh_id != 0))
		return true;
	b = room(a, rec, APPLY_VXLAN, v, false);
	a->map[b->n].del = true;
	nl_fdb_put_vxlan(b, true, v->z.vxlan_ifindex, w->mac, w->vtep, 0, v->src_vni);
	return true;
}

/* Both entries of a MAC; local: one that the bridge has learnt is replaced. */
static void
put_mac(
    struct apply *a, unsigned rec, const struct iface_vni *v, uint32_t nh_id, bool local)
{
	const struct zl_want *w = &a->recs[rec];
	const struct zl_vni *z = &v->z;
	struct nl_batch *b = room(a, rec, local ? APPLY_VXLAN : APPLY_BOTH, v, false);

	a->map[b->n].nh_id = nh_id;
	if (!local) {
		nl_fdb_put_both(
		    b, z->vxlan_ifindex, w->mac, w->vtep, nh_id, v->src_vni, z->vid);
		return;
	}
	/* Each table's result matters: is the local entry gone or not? */
	nl_fdb_put_vxlan(b, false, z->vxlan_ifindex, w->mac, w->vtep, nh_id, v->src_vni);
	nl_fdb_put_bridge(
	    room(a, rec, APPLY_BRIDGE, v, true), false, z->vxlan_ifindex, w->mac, z->vid);
}

static void
set_mac(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	const struct zl_want *w = &a->recs[rec];
	const struct zl_vni *z = &v->z;
	uint32_t nh_id;
	bool local;

	if (w->vtep.len == 0 || mac_is_zero(w->mac) || mac_is_multicast(w->mac)) {
		rec_fail(a, rec, EINVAL, "no VTEP, or no unicast MAC");
		return;
	}
	if (!may_take_mac(a, rec, v, &local))
		return;
	if (!find_nexthop(a, rec, v, &nh_id))
		return;
	if (!is_sticky(w) && unstick(a, rec, v) && !may_take_mac(a, rec, v, &local))
		return;
	put_mac(a, rec, v, nh_id, local);
	if (is_sticky(w))
		nl_fdb_put_bridge_sticky(room(a, rec, APPLY_STICKY, v, false),
		    z->vxlan_ifindex, w->mac, z->vid);
}

static void
del_mac(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	const struct zl_want *w = &a->recs[rec];
	const struct zl_vni *z = &v->z;

	if (!observe_mac_find(a->obs, dom_of(a, v, OBS_VXLAN), w->mac))
		nl_fdb_put_vxlan(room(a, rec, APPLY_VXLAN, v, false), true,
		    z->vxlan_ifindex, w->mac, w->vtep, 0, v->src_vni);
	if (z->bridge_ifindex == 0)
		return;
	unstick(a, rec, v);
	if (!observe_mac_find(a->obs, dom_of(a, v, OBS_BRIDGE), w->mac))
		nl_fdb_put_bridge(room(a, rec, APPLY_BRIDGE, v, false), true,
		    z->vxlan_ifindex, w->mac, z->vid);
}

static void
write_mac(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	if (a->recs[rec].op == ZL_SET)
		set_mac(a, rec, v);
	else
		del_mac(a, rec, v);
}

static void
write_flood(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	const struct zl_want *w = &a->recs[rec];

	if (w->vtep.len == 0) {
		rec_fail(a, rec, EINVAL, "no VTEP");
		return;
	}
	/* Somebody else's destination is as good for flooding as ours, and stays theirs. */
	if (observe_neigh_find(a->obs, dom_of(a, v, OBS_FLOOD), w->vtep))
		return;
	nl_fdb_put_flood(room(a, rec, APPLY_FLOOD, v, false), w->op == ZL_DEL,
	    v->z.vxlan_ifindex, w->vtep, v->src_vni);
}

static void
write_neigh(struct apply *a, unsigned rec, const struct iface_vni *v)
{
	const struct zl_want *w = &a->recs[rec];
	const struct zl_vni *z = &v->z;
	const struct obs_neigh *n;

	if (w->ip.len == 0 || (w->op == ZL_SET && mac_is_zero(w->mac))) {
		rec_fail(a, rec, EINVAL, "no address, or no MAC");
		return;
	}
	if (z->svi_ifindex == 0) {
		if (w->op == ZL_SET)
			rec_fail(a, rec, ENODEV, "the VNI has no SVI");
		return;
	}
	n = observe_neigh_find(a->obs, dom_of(a, v, OBS_SVI), w->ip);
	if (n && w->op == ZL_DEL)
		return;
	if (n && (n->o.flags & OBS_F_FIXED)) {
		rec_fail(a, rec, EEXIST, "a static neighbour that is not ours");
		return;
	}
	if (n && unheard(a, rec, &n->o))
		return;
	nl_neigh_put(room(a, rec, APPLY_NEIGH, v, n != NULL), w->op == ZL_DEL,
	    z->svi_ifindex, w->ip, w->mac, w->flags & ZL_F_ROUTER);
}

static void (*const writers[])(
    struct apply *a, unsigned rec, const struct iface_vni *v) = {
	[ZL_KIND_FLOOD] = write_flood,
	[ZL_KIND_MAC] = write_mac,
	[ZL_KIND_NEIGH] = write_neigh,
};

/* Records of a VNI mostly come together. */
static const struct iface_vni *
find_vni(struct apply *a, uint32_t vni)
{
	if (!a->last || a->last->z.vni != vni)
		a->last = iface_find_vni(a->iface, vni);
	return a->last;
}

/* For apply_l3.c. */

void
apply_fail(struct apply *a, unsigned rec, int err, const char *text)
{
	rec_fail(a, rec, err, text);
}

const struct iface_vni *
apply_vni_up(struct apply *a, unsigned rec)
{
	const struct iface_vni *v = find_vni(a, a->recs[rec].vni);

	if (v && (v->z.flags & ZL_VNI_UP))
		return v;
	rec_fail(a, rec, ENODEV, v ? v->z.why_down : "no device for this VNI");
	return NULL;
}

static void
write_record(struct apply *a, unsigned rec)
{
	const struct zl_want *w = &a->recs[rec];
	const struct iface_vni *v;

	/* What a record looks up must still be so when its messages are sent: the batch is not sent,
	 * and no event read, in its middle. */
	if (a->batch.n > NL_BATCH_MAX - APPLY_RECORD_MAX)
		flush(a);
	if (w->kind > ZL_KIND_NEIGH) {
		apply_l3_record(a, rec);
		return;
	}
	v = find_vni(a, w->vni);
	/* What a device that is down holds can still be taken out of it. */
	if (w->op == ZL_DEL && (!v || (v->z.flags & ZL_VNI_GONE)))
		return;
	if (w->op == ZL_SET && (!v || !(v->z.flags & ZL_VNI_UP))) {
		rec_fail(a, rec, ENODEV, v ? v->z.why_down : "no device for this VNI");
		return;
	}
	writers[w->kind](a, rec, v);
}

bool
apply_frame(struct apply *a, const uint8_t *body, size_t len, uint32_t *seq)
{
	struct rbuf r = rb_init(body, len);
	struct zl_want_head head;

	if (!zl_want_head_decode(&r, &head))
		return false;
	*seq = head.seq;
	a->heard = head.heard;
	a->last = NULL;
	a->nrecs = 0;
	while (rb_left(&r) > 0) {
		if (a->nrecs == ZL_WANT_MAX || !zl_want_decode(&r, &a->recs[a->nrecs]))
			return false;
		a->err[a->nrecs] = 0;
		a->text[a->nrecs++][0] = '\0';
	}
	if (!rb_done(&r))
		return false;
	for (unsigned i = 0; i < a->nrecs; i++)
		write_record(a, i);
	flush(a);
	return true;
}

/* Echoes. */

static bool
op_is_fdb(struct apply *a, const struct apply_op *op, const struct nl_fdb *e)
{
	const struct zl_want *w = &a->recs[op->rec];
	const struct iface_vni *v = op->vni;
	bool self = op->table == APPLY_VXLAN || op->table == APPLY_BOTH ||
		    op->table == APPLY_FLOOD;
	bool master = op->table == APPLY_BRIDGE || op->table == APPLY_BOTH ||
		      op->table == APPLY_STICKY;

	if (e->bridge)
		return master && e->bridge == v->z.bridge_ifindex && e->vid == v->z.vid &&
		       mac_equal(e->mac, w->mac);
	if (!self || e->ifindex != v->z.vxlan_ifindex || e->src_vni != v->src_vni)
		return false;
	if (op->table == APPLY_FLOOD)
		return mac_is_zero(e->mac) && ip_equal(e->dst, w->vtep);
	return mac_equal(e->mac, w->mac);
}

enum apply_echo
apply_echo_fdb(struct apply *a, const struct nl_fdb *e)
{
	/* Echoes come in the order of the writes, so start where the last one was. */
	for (unsigned i = 0; i < a->batch.n; i++) {
		unsigned at = (a->hint + i) % a->batch.n;
		const struct apply_op *op = &a->map[at];

		if (!op_is_fdb(a, op, e))
			continue;
		a->hint = at;
		if (e->del && op->del && e->ours)
			return APPLY_OURS;
		/* The marks of a flood entry are those of its first destination, which may be
		 * somebody else's. */
		if (op->table == APPLY_FLOOD && e->del == op->del)
			return APPLY_OURS;
		if (op->table == APPLY_STICKY && !e->del && e->sticky)
			return APPLY_OURS;
		return APPLY_DOUBT;
	}
	if (e->bridge && !e->del && !e->ours && recent_take(a, e))
		return APPLY_DOUBT;
	return APPLY_FOREIGN;
}

enum apply_echo
apply_echo_neigh(struct apply *a, const struct nl_neigh *e)
{
	for (unsigned i = 0; i < a->batch.n; i++) {
		unsigned at = (a->hint + i) % a->batch.n;
		const struct apply_op *op = &a->map[at];

		if (op->table == APPLY_NEIGH
			? op->vni->z.svi_ifindex != e->ifindex ||
			      !ip_equal(a->recs[op->rec].ip, e->ip)
			: op->table != APPLY_HOP_NEIGH || op->key != e->ifindex ||
			      !ip_equal(op->gateway, e->ip))
			continue;
		a->hint = at;
		/* A deletion is told twice: as failed, then as gone. */
		return op->del && !e->valid ? APPLY_OURS : APPLY_DOUBT;
	}
	return APPLY_FOREIGN;
}
