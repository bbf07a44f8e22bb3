/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_say.c: tells the engine what is to be said, as the channel has room. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.say");

/* Bytes of one encoded record in a queue: a lost group with all its members is the longest. */
#define RECORD_MAX 256

static bool on_say(struct loop_work *w);

void
zl_say_init(struct zl *z)
{
	loop_work_init(&z->say, LOOP_PRIO_TX, on_say);
	z->out = xmalloc(ZL_MSG_MAX);
}

void
zl_say_wake(struct zl *z)
{
	if (z->attached && z->configured)
		loop_work_queue(z->loop, &z->say);
}

/* Queues of values: lost entries and addresses. */

/* Room for one more, or NULL: so much is waiting that saying everything is less. */
static uint8_t *
queue_room(struct zl *z, struct outq *q)
{
	if (q->n < ZL_QUEUE_MAX)
		return outq_room(q, RECORD_MAX, ZL_OBS_MAX);
	reconcile_soon(&z->rec);
	return NULL;
}

static void
queue_put(struct zl *z, struct outq *q, const struct wbuf *w)
{
	ensure(!w->failed);
	outq_put(q, (uint32_t)wb_len(w));
	zl_say_wake(z);
}

void
zl_say_lost(struct zl *z, const struct zl_want *w)
{
	uint8_t *room;
	struct wbuf b;

	if (!z->attached || !z->configured || !(room = queue_room(z, &z->lost)))
		return;
	b = wb_init(room, RECORD_MAX);
	zl_want_encode(&b, w);
	queue_put(z, &z->lost, &b);
}

void
zl_say_addr(struct zl *z, const struct zl_addr *a)
{
	uint8_t *room;
	struct wbuf b;

	/* What a dump finds is said with everything else, after it. */
	if (!z->attached || !z->configured || z->dumping ||
	    !(room = queue_room(z, &z->addrs)))
		return;
	b = wb_init(room, RECORD_MAX);
	zl_addr_encode(&b, a);
	queue_put(z, &z->addrs, &b);
}

void
zl_say_everything(struct zl *z)
{
	if (!z->attached || !z->configured)
		return;
	z->begin_due = z->end_due = true;
	z->epoch++;
	outq_clear(&z->lost);
	outq_clear(&z->addrs);
	vrfs_say_all(&z->vrfs);
	iface_say_all(&z->iface);
	observe_say_all(&z->obs);
	doctor_say_all(&z->doctor);
	routes_say_all(&z->routes);
	for (uint32_t h = 0; (h = slab_next(&z->iface.links, h)) != 0;) {
		const struct iface_link *k = iface_link_ptr(&z->iface, h);

		for (uint32_t i = 0; i < k->naddrs; i++)
			bind_iface_ops.on_addr(z, k, k->addrs[i].addr, false);
	}
	zl_say_wake(z);
}

void
zl_say_nothing(struct zl *z)
{
	loop_work_cancel(&z->say);
	z->begin_due = z->end_due = false;
	outq_clear(&z->lost);
	outq_clear(&z->addrs);
	observe_mute(&z->obs);
	doctor_mute(&z->doctor);
	routes_mute(&z->routes);
	iface_mute(&z->iface);
	vrfs_mute(&z->vrfs);
}

/* Frames. */

static void
send_frame(struct zl *z, uint16_t type, const struct wbuf *w)
{
	ensure(!w->failed);
	if (wb_len(w) > 0)
		chan_send(&z->chan, type, w->start, wb_len(w), -1);
}

/* The same, for what both sides count. */
static void
send_counted(struct zl *z, uint16_t type, const struct wbuf *w)
{
	send_frame(z, type, w);
	if (wb_len(w) > 0)
		observe_frame_said(&z->obs);
}

static bool
say_vnis(struct zl *z, struct wbuf *w)
{
	struct iface_vni *v;

	/* Two records for one that fell and is up again. */
	for (unsigned n = 0; n + 1 < ZL_OBS_MAX && (v = iface_dirty_take(&z->iface));
	     n += 2) {
		struct zl_vni down = v->z;

		if (v->fell && (v->z.flags & ZL_VNI_UP)) {
			down.flags &= ~(uint32_t)ZL_VNI_UP;
			snprintf(down.why_down, sizeof down.why_down,
			    "it was down or has moved");
			zl_vni_encode(w, &down);
		}
		v->fell = false;
		zl_vni_encode(w, &v->z);
		if (v->z.flags & ZL_VNI_GONE)
			iface_vni_release(&z->iface, v);
	}
	send_frame(z, ZL_VNI, w);
	return wb_len(w) > 0;
}

static void
put_name(char name[ZL_IFNAME], const struct iface *f, uint32_t ifindex)
{
	snprintf(name, ZL_IFNAME, "%s", iface_name(f, ifindex));
}

static bool
say_macs(struct zl *z, struct wbuf *w)
{
	struct obs_mac m;
	uint32_t vni;
	bool del;

	for (unsigned n = 0; n < ZL_OBS_MAX && observe_next_mac(&z->obs, &m, &vni, &del);
	     n++) {
		struct zl_mac s = {
			.op = del ? ZL_DEL : ZL_SET, .vni = vni, .mac = m.mac
		};

		s.vid = (uint16_t)observe_dom_ptr(&z->obs, m.o.dom)->tag;
		if (!del) {
			s.ifindex = m.port;
			put_name(s.ifname, &z->iface, m.port);
			if (m.o.flags & OBS_F_GATEWAY)
				s.flags |= ZL_MAC_GATEWAY;
			if (m.o.flags & OBS_F_SVI)
				s.flags |= ZL_MAC_SVI;
			else if (m.o.flags & OBS_F_FIXED)
				s.flags |= ZL_MAC_STATIC;
			if (m.o.flags & OBS_F_STICKY)
				s.flags |= ZL_MAC_STICKY;
		}
		zl_mac_encode(w, &s);
	}
	send_counted(z, ZL_MAC, w);
	return wb_len(w) > 0;
}

static bool
say_neighs(struct zl *z, struct wbuf *w)
{
	struct obs_neigh e;
	uint32_t vni;
	bool del;

	for (unsigned n = 0;
	     n < ZL_OBS_MAX && observe_next_neigh(&z->obs, &e, &vni, &del); n++) {
		struct zl_neigh s = {
			.op = del ? ZL_DEL : ZL_SET, .vni = vni, .ip = e.ip
		};

		if (!del) {
			s.mac = e.mac;
			if (e.o.flags & OBS_F_GATEWAY)
				s.flags |= ZL_NEIGH_GATEWAY;
			if (e.o.flags & OBS_F_SVI)
				s.flags |= ZL_NEIGH_SVI;
			else if (e.o.flags & OBS_F_FIXED)
				s.flags |= ZL_NEIGH_STATIC;
			if (e.o.flags & OBS_F_ROUTER)
				s.flags |= ZL_NEIGH_ROUTER;
			if (e.o.flags & OBS_F_STALE)
				s.flags |= ZL_NEIGH_STALE;
		}
		zl_neigh_encode(w, &s);
	}
	send_counted(z, ZL_NEIGH, w);
	return wb_len(w) > 0;
}

static bool
say_queue(struct zl *z, uint16_t type, struct outq *q)
{
	if (!q->head)
		return false;
	chan_send(&z->chan, type, q->head->b, q->head->len, -1);
	outq_drop(q);
	return true;
}

static bool
say_addrs(struct zl *z, struct wbuf *w)
{
	(void)w;
	return say_queue(z, ZL_ADDR, &z->addrs);
}

static bool
say_losses(struct zl *z, struct wbuf *w)
{
	(void)w;
	return say_queue(z, ZL_LOST, &z->lost);
}

static bool
say_nexthops(struct zl *z, struct wbuf *w)
{
	struct zl_nexthop m;

	for (unsigned n = 0; n < ZL_OBS_MAX && nexthops_next(&z->nexthops, &m); n++)
		zl_nexthop_encode(w, &m);
	send_frame(z, ZL_NEXTHOP, w);
	return wb_len(w) > 0;
}

static bool
say_findings(struct zl *z, struct wbuf *w)
{
	struct zl_finding m;

	for (unsigned n = 0; n < ZL_OBS_MAX && doctor_next(&z->doctor, &m); n++)
		zl_finding_encode(w, &m);
	send_frame(z, ZL_FINDING, w);
	return wb_len(w) > 0;
}

static bool
say_vrfs(struct zl *z, struct wbuf *w)
{
	struct zl_vrf m;

	for (unsigned n = 0; n < ZL_OBS_MAX && vrfs_next(&z->vrfs, &m); n++)
		zl_vrf_encode(w, &m);
	send_frame(z, ZL_VRF, w);
	return wb_len(w) > 0;
}

static bool
say_routes(struct zl *z, struct wbuf *w)
{
	struct zl_route m;
	uint32_t oif;

	for (unsigned n = 0; n < ZL_OBS_MAX && routes_next(&z->routes, &m, &oif); n++) {
		snprintf(m.ifname, sizeof m.ifname, "%s", iface_name(&z->iface, oif));
		zl_route_encode(w, &m);
	}
	send_frame(z, ZL_ROUTE, w);
	return wb_len(w) > 0;
}

static bool
say_begin(struct zl *z, struct wbuf *w)
{
	if (!z->begin_due)
		return false;
	z->begin_due = false;
	wb_u32(w, z->epoch);
	send_frame(z, ZL_OBSERVED_BEGIN, w);
	return true;
}

static bool
say_end(struct zl *z, struct wbuf *w)
{
	(void)w;
	if (!z->end_due)
		return false;
	z->end_due = false;
	chan_send(&z->chan, ZL_OBSERVED_END, NULL, 0, -1);
	return true;
}

/* In this order: a VRF or VNI before what is in it; the end when nothing else is left. */
static bool (*const sayers[])(struct zl *z, struct wbuf *w) = {
	say_begin,
	say_vrfs,
	say_vnis,
	say_macs,
	say_neighs,
	say_routes,
	say_addrs,
	say_losses,
	say_nexthops,
	say_findings,
	say_end,
};

static bool
on_say(struct loop_work *work)
{
	struct zl *z = container_of(work, struct zl, say);
	unsigned i = 0;

	while (i < ARRAY_LEN(sayers)) {
		struct wbuf w = wb_init(z->out, ZL_MSG_MAX);

		/* Goes on when the channel has drained. */
		if (chan_full(&z->chan))
			return false;
		if (!sayers[i](z, &w))
			i++;
		else
			i = 0;
		if (loop_slice_over(z->loop))
			return true;
	}
	return false;
}

void
zl_say_result(struct zl *z, uint32_t seq)
{
	struct wbuf w = wb_init(z->out, ZL_MSG_MAX);
	struct zl_result r = { .seq = seq };
	const struct apply *a = &z->apply;

	for (unsigned i = 0; i < a->nrecs; i++)
		r.nfailures = (uint16_t)(r.nfailures + (a->err[i] != 0));
	zl_result_encode(&w, &r);
	for (unsigned i = 0; i < a->nrecs; i++) {
		struct zl_failure f = { .index = (uint16_t)i, .error = a->err[i] };

		if (a->err[i] == 0)
			continue;
		snprintf(f.text, sizeof f.text, "%s", a->text[i]);
		zl_failure_encode(&w, &f);
	}
	send_frame(z, ZL_RESULT, &w);
}
