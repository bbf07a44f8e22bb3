/* SPDX-License-Identifier: ISC */
/* The queue towards the data plane, its frames in flight, and their results. */
#include "config.h"

#include "evpn/fib.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/core.h"
#include "evpn/news.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.fib");
COUNTER(fib_sent);
COUNTER(fib_installed);
COUNTER(fib_failed);
COUNTER(fib_retried);
COUNTER(fib_parked);
COUNTER(fib_drift);
COUNTER(fib_late);

#define RETRY_FIRST_US MONO_SEC(1)
#define RETRY_MAX_US MONO_SEC(60)
#define RETRY_TICK_US MONO_SEC(1)

/* What differs between the kinds; NULL: nothing to do. */
static const struct {
	void (*fill)(const struct evpn *e, uint32_t h, struct zl_want *w);
	void (*settled)(struct evpn *e, uint32_t h); /* FIB_NONE reached: may be freed */
	bool (*ready)(struct evpn *e, uint32_t h);   /* what its record names was sent */
	void (*sent)(struct evpn *e, uint32_t h, bool set);
	/* Its result; or, with ok false, that none will come. */
	void (*done)(struct evpn *e, uint32_t h, bool set, bool ok);
	void (*lost)(struct evpn *e, uint32_t h); /* the kernel has it no more */
} kinds[OBJ_KINDS] = {
	[ZL_KIND_FLOOD] = { flood_fill, flood_release },
	[ZL_KIND_MAC] = { mac_fill, mac_release, .done = mac_done },
	[ZL_KIND_NEIGH] = { neigh_fill, neigh_release, .sent = neigh_sent },
	[ZL_KIND_HOP] = { hop_fill, hop_release, .done = hop_done, .lost = hop_lost },
	[ZL_KIND_GROUP] = { hop_group_fill, hop_group_release, hop_group_ready,
	    .done = hop_group_done, .lost = hop_group_lost },
	[ZL_KIND_ROUTE] = { l3_fill, l3_release, l3_ready, l3_sent, l3_done },
	[OBJ_RMAC] = { rmac_fill, rmac_release },
};

void
fib_describe(const struct evpn *e, uint32_t ref, struct zl_want *w)
{
	*w = (struct zl_want){ .kind = (uint8_t)obj_kind(ref) };
	if (!obj_of_vrf(ref))
		w->vni = obj_evi(e, obj_ptr(e, ref))->vni;
	kinds[obj_kind(ref)].fill(e, obj_handle(ref), w);
}

/* --- queue --- */

static void
enqueue(struct evpn *e, struct obj *o, uint32_t ref)
{
	struct fib *f = &e->fib;

	if (o->bits &
	    FIB_INFLIGHT) { /* one at a time: sent again when the result is in */
		o->bits |= FIB_CHANGED;
		return;
	}
	if (o->bits & FIB_QUEUED)
		return;
	o->bits |= FIB_QUEUED;
	o->qnext = 0;
	if (f->tail)
		obj_ptr(e, f->tail)->qnext = ref;
	else
		f->head = ref;
	f->tail = ref;
	f->queued++;
	loop_work_queue(e->loop, &f->work);
}

static uint32_t
dequeue(struct evpn *e)
{
	struct fib *f = &e->fib;
	uint32_t ref = f->head;
	struct obj *o;

	if (!ref)
		return 0;
	o = obj_ptr(e, ref);
	f->head = o->qnext;
	if (!f->head)
		f->tail = 0;
	f->queued--;
	o->bits &= (uint8_t)~FIB_QUEUED;
	o->qnext = 0;
	return ref;
}

static void
settle(struct evpn *e, struct obj *o, uint32_t ref)
{
	fib_fail_drop(&e->fib, o, ref);
	o->fib = FIB_NONE;
	o->bits &= (uint8_t)~FIB_THERE;
	kinds[obj_kind(ref)].settled(e, obj_handle(ref));
}

void
fib_want(struct evpn *e, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);

	o->bits |= FIB_WANTED;
	o->fib = FIB_PENDING;
	enqueue(e, o, ref);
}

void
fib_unwant(struct evpn *e, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);

	if (!(o->bits & FIB_WANTED))
		return;
	o->bits &= (uint8_t)~FIB_WANTED;
	if (!(o->bits & (FIB_THERE | FIB_INFLIGHT))) {
		fib_fail_drop(&e->fib, o, ref);
		o->fib =
		    FIB_NONE; /* never left: the owner frees it, now or once dequeued */
		return;
	}
	o->fib = FIB_DELETING;
	enqueue(e, o, ref);
}

void
fib_again(struct evpn *e, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);

	if (o->bits & FIB_WANTED)
		o->fib = FIB_PENDING;
	else if (o->fib == FIB_FAILED)
		o->fib = FIB_DELETING;
	if (o->fib != FIB_NONE)
		enqueue(e, o, ref);
}

enum sendable { SEND_NOW, SEND_LATER, SEND_NEVER };

/* What belongs to a VNI waits until that is up. */
static enum sendable
sendable_evi(const struct evi *evi, const struct obj *o, unsigned k)
{
	if (o->fib == FIB_DELETING && !evi->observed)
		return SEND_NEVER;
	return evi->dp_up && (k != ZL_KIND_NEIGH || evi->obs.svi_ifindex != 0)
		   ? SEND_NOW
		   : SEND_LATER;
}

/* A removal needs nothing but the names of what is removed. */
static enum sendable
sendable_vrf(struct evpn *e, const struct obj *o, uint32_t ref)
{
	const struct vrf *v = obj_vrf(e, o);
	unsigned k = obj_kind(ref);

	if (o->fib == FIB_DELETING)
		return k == ZL_KIND_ROUTE && !v->observed ? SEND_NEVER : SEND_NOW;
	if (k == ZL_KIND_ROUTE ? !v->observed : k != ZL_KIND_GROUP && !v->dp_up)
		return SEND_LATER;
	return !kinds[k].ready || kinds[k].ready(e, obj_handle(ref)) ? SEND_NOW
								     : SEND_LATER;
}

/* Can a record for this object succeed at all? */
static enum sendable
sendable(struct evpn *e, const struct obj *o, uint32_t ref)
{
	if (o->fib == FIB_NONE)
		return SEND_NEVER;
	return obj_of_vrf(ref) ? sendable_vrf(e, o, ref)
			       : sendable_evi(obj_evi(e, o), o, obj_kind(ref));
}

/* --- sending --- */

static void
encode(struct evpn *e, struct wbuf *w, struct obj *o, uint32_t ref)
{
	struct zl_want rec;

	fib_describe(e, ref, &rec);
	rec.op = o->bits & FIB_WANTED ? ZL_SET : ZL_DEL;
	zl_want_encode(w, &rec);
	o->bits &= (uint8_t) ~(FIB_CHANGED | FIB_SET);
	o->bits |= FIB_INFLIGHT;
	if (rec.op == ZL_SET)
		o->bits |= FIB_SET | FIB_THERE;
	if (kinds[obj_kind(ref)].sent)
		kinds[obj_kind(ref)].sent(e, obj_handle(ref), rec.op == ZL_SET);
}

/* Fills the next frame from the queue; false when the queue had nothing to send. */
static bool
fill_frame(struct evpn *e)
{
	struct fib *f = &e->fib;
	struct fib_frame *fr = &f->frames[(f->first + f->nframes) % FIB_WINDOW];
	struct wbuf w = wb_init(f->buf, ZL_MSG_MAX);
	uint32_t ref;

	fr->n = 0;
	zl_want_head_encode(
	    &w, &(struct zl_want_head){ .seq = f->seq, .heard = f->heard });
	while (fr->n < ZL_WANT_MAX && (ref = dequeue(e)) != 0) {
		struct obj *o = obj_ptr(e, ref);

		switch (sendable(e, o, ref)) {
		case SEND_NEVER:
			settle(e, o, ref);
			break;
		case SEND_LATER:
			COUNT(fib_parked);
			break;
		case SEND_NOW:
			encode(e, &w, o, ref);
			fr->refs[fr->n++] = ref;
		}
	}
	ensure(!w.failed);
	if (fr->n == 0)
		return false;
	fr->seq = f->seq++;
	f->nframes++;
	f->n.sent += fr->n;
	COUNT_ADD(fib_sent, fr->n);
	f->held = wb_len(&w);
	return true;
}

bool
fib_transmit(struct evpn *e, uint16_t type, const void *body, size_t len)
{
	struct fib *f = &e->fib;

	f->blocked = !e->dp.send(e->dp.arg, type, body, len);
	return !f->blocked;
}

static bool
sync_ready(const struct evpn *e)
{
	return e->fib.sync_due && e->fib.sync_allowed && !e->fib.sync_held &&
	       !e->fib.head && evi_jobs_done(e) && vrf_jobs_done(e) && import_at_end(e);
}

static void
send_sync_end(struct evpn *e)
{
	struct fib *f = &e->fib;
	uint8_t body[4];
	struct wbuf w = wb_init(body, sizeof body);

	wb_u32(&w, f->sync_epoch);
	if (!fib_transmit(e, ZL_SYNC_END, body, sizeof body))
		return;
	f->sync_due = false;
	f->n.syncs++;
}

/* What is ready to leave; false if the channel takes no more. */
static bool
flush(struct evpn *e)
{
	struct fib *f = &e->fib;

	if (f->held && !fib_transmit(e, ZL_WANT, f->buf, f->held))
		return false;
	f->held = 0;
	if (f->resync_due && !fib_transmit(e, ZL_RESYNC, NULL, 0))
		return false;
	f->resync_due = false;
	return true;
}

/* One slice: frames until the window, the channel or the time is used up.  Only a full channel holds a frame back at
 * its end: what others send next (a question) may follow from it. */
static bool
pump(struct loop_work *wk)
{
	struct evpn *e = container_of(wk, struct evpn, fib.work);
	struct fib *f = &e->fib;
	bool filled = false;

	if (f->blocked)
		return false;
	while (flush(e)) {
		/* What is here is being said, and may win over what is queued; our entries would
		 * take over hosts of which we have not heard yet. */
		if (e->observing || f->nframes == FIB_WINDOW)
			return false;
		if (filled && loop_slice_over(e->loop))
			return true;
		filled = fill_frame(e);
		if (!filled) {
			if (sync_ready(e))
				send_sync_end(e);
			return false;
		}
	}
	return false;
}

void
fib_kick(struct evpn *e)
{
	if (e->fib.sync_due)
		loop_work_queue(e->loop, &e->fib.work);
}

void
fib_ready(struct evpn *e)
{
	e->fib.blocked = false;
	loop_work_queue(e->loop, &e->fib.work);
}

void
fib_sync(struct evpn *e)
{
	e->fib.sync_due = true;
	fib_kick(e);
}

void
fib_sync_allow(struct evpn *e)
{
	e->fib.sync_allowed = true;
	fib_kick(e);
}

void
fib_sync_hold(struct evpn *e, bool hold)
{
	e->fib.sync_held = hold;
	fib_kick(e);
}

void
fib_resync(struct evpn *e)
{
	e->fib.resync_due = true;
	loop_work_queue(e->loop, &e->fib.work);
}

/* --- results --- */

static void
done(struct evpn *e, uint32_t ref, bool set, bool ok)
{
	if (kinds[obj_kind(ref)].done)
		kinds[obj_kind(ref)].done(e, obj_handle(ref), set, ok);
}

static void
succeeded(struct evpn *e, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);
	bool set = o->bits & FIB_SET, changed = o->bits & FIB_CHANGED;

	o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
	fib_fail_drop(&e->fib, o, ref);
	e->fib.n.ok++;
	COUNT(fib_installed);
	if (!set)
		o->bits &= (uint8_t)~FIB_THERE;
	done(e, ref, set, true);
	if (o->bits & FIB_WANTED && set && !changed)
		o->fib = FIB_INSTALLED;
	else if (!(o->bits & (FIB_WANTED | FIB_THERE)))
		settle(e, o, ref);
	else
		enqueue(e, o, ref);
}

/* What it leads over failed before it. */
static bool
awaits(struct evpn *e, uint32_t ref, const struct zl_failure *fl)
{
	return fl->error == ENOENT && kinds[obj_kind(ref)].ready &&
	       !kinds[obj_kind(ref)].ready(e, obj_handle(ref));
}

static void
failed(struct evpn *e, uint32_t ref, const struct zl_failure *fl)
{
	struct obj *o = obj_ptr(e, ref);
	bool changed = o->bits & FIB_CHANGED, set = o->bits & FIB_SET;
	struct fib_failure *x;
	int64_t wait;

	o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
	done(e, ref, set, false);
	e->fib.n.failed++;
	COUNT(fib_failed);
	if (fl->error == ESTALE) {
		e->fib.n.late++;
		COUNT(fib_late);
	}
	if (changed || fl->error == ESTALE) { /* what failed is not what we want now */
		enqueue(e, o, ref);
		return;
	}
	if (fl->error == ENODEV || awaits(e, ref, fl)) {
		/* Parked until the VNI (or its SVI), or what it leads over, is there. */
		COUNT(fib_parked);
		return;
	}
	x = fib_fail_get(&e->fib, o, ref);
	x->error = fl->error;
	snprintf(x->text, sizeof x->text, "%.*s", (int)sizeof x->text - 1, fl->text);
	wait = MIN(RETRY_FIRST_US << MIN(x->attempts, 6u), RETRY_MAX_US);
	x->attempts++;
	x->due = mono_add(loop_now(e->loop), wait);
	o->fib = FIB_FAILED;
	if (x->attempts == 1)
		news_failure(e, ref);
	if (!loop_timer_running(&e->fib.retry))
		loop_timer_start(e->loop, &e->fib.retry, RETRY_TICK_US);
}

static void
retry(struct loop_timer *t)
{
	struct evpn *e = container_of(t, struct evpn, fib.retry);
	struct mono now = loop_now(e->loop);
	uint32_t h, next;

	for (h = e->fib.fail_head; h; h = next) {
		struct fib_failure *x = slab_ptr(&e->fib.fails, h);
		struct obj *o = obj_ptr(e, x->ref);

		next = x->next;
		if (mono_before(now, x->due) || o->fib != FIB_FAILED)
			continue;
		o->fib = o->bits & FIB_WANTED ? FIB_PENDING : FIB_DELETING;
		e->fib.n.retries++;
		COUNT(fib_retried);
		enqueue(e, o, x->ref);
	}
	if (e->fib.fail_head)
		loop_timer_start(e->loop, &e->fib.retry, RETRY_TICK_US);
}

bool
fib_result(struct evpn *e, const uint8_t *body, size_t len)
{
	struct fib *f = &e->fib;
	struct fib_frame *fr = &f->frames[f->first];
	struct rbuf r = rb_init(body, len);
	uint8_t bad[ZL_WANT_MAX / 8] = { 0 };
	struct zl_result head;
	struct zl_failure fl;
	unsigned i;

	if (!zl_result_decode(&r, &head) || f->nframes == 0 || head.seq != fr->seq)
		return false;
	for (i = 0; i < head.nfailures; i++) {
		if (!zl_failure_decode(&r, &fl) || fl.index >= fr->n ||
		    bad[fl.index / 8] & 1u << fl.index % 8)
			return false;
		bad[fl.index / 8] |= (uint8_t)(1u << fl.index % 8);
		failed(e, fr->refs[fl.index], &fl);
	}
	if (!rb_done(&r))
		return false;
	for (i = 0; i < fr->n; i++)
		if (!(bad[i / 8] & 1u << i % 8))
			succeeded(e, fr->refs[i]);
	f->first = (f->first + 1) % FIB_WINDOW;
	f->nframes--;
	loop_work_queue(e->loop, &f->work);
	return true;
}

bool
fib_lost(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_want w;

	while (rb_left(&r) > 0) {
		uint32_t ref;

		if (!zl_want_decode(&r, &w))
			return false;
		ref = obj_find(e, &w);
		if (!ref || !(obj_ptr(e, ref)->bits & FIB_WANTED))
			continue;
		e->fib.n.drift++;
		COUNT(fib_drift);
		news_drift(e, ref);
		if (kinds[obj_kind(ref)].lost)
			kinds[obj_kind(ref)].lost(e, obj_handle(ref));
		fib_again(e, ref);
	}
	return rb_done(&r);
}

/* --- the data plane comes and goes --- */

/* Nothing of the object is in the kernel any more; settles it if it is not wanted either and
 * `over` says that no removal needs to be sent. */
static void
gone(struct evpn *e, uint32_t ref, bool over)
{
	struct obj *o = obj_ptr(e, ref);
	unsigned k = obj_kind(ref);

	if (o->bits & FIB_WANTED) {
		fib_fail_drop(&e->fib, o, ref);
		o->fib = FIB_PENDING;
		if (kinds[k].lost)
			kinds[k].lost(e, obj_handle(ref));
	} else if (over && !(o->bits & (FIB_INFLIGHT | FIB_QUEUED))) {
		settle(e, o, ref);
	}
}

void
fib_evi_gone(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h;
	unsigned k;

	for (k = ZL_KIND_FLOOD; k <= ZL_KIND_NEIGH; k++) {
		obj_walk_begin(e, &w, evi, k);
		while ((h = obj_walk_next(e, &w)) != 0)
			gone(e, obj_ref(k, h), true);
		obj_walk_end(e, &w);
	}
}

void
fib_vrf_gone(struct evpn *e, struct vrf *v)
{
	struct obj_walk w;
	uint32_t h;
	unsigned k;

	for (k = ZL_KIND_HOP; k < OBJ_KINDS; k++) {
		/* With its L3VNI a VRF loses its ways; what leads over them is decided again. */
		if (k == ZL_KIND_ROUTE && v->observed)
			continue;
		obj_walk_vrf(e, &w, v, k);
		while ((h = obj_walk_next(e, &w)) != 0)
			gone(e, obj_ref(k, h), k == ZL_KIND_ROUTE);
		obj_walk_end(e, &w);
	}
}

void
fib_restart(struct evpn *e)
{
	struct fib *f = &e->fib;
	uint32_t i, k;

	for (i = 0; i < f->nframes; i++) {
		struct fib_frame *fr = &f->frames[(f->first + i) % FIB_WINDOW];

		for (k = 0; k < fr->n; k++) {
			struct obj *o = obj_ptr(e, fr->refs[k]);

			done(e, fr->refs[k], o->bits & FIB_SET, false);
			o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
			o->fib = o->bits & FIB_WANTED ? FIB_PENDING : FIB_DELETING;
		}
	}
	f->first = f->nframes = 0;
	f->held = 0;
	f->heard = 0;
	f->blocked = f->resync_due = f->sync_due = false;
}

void
fib_init(struct evpn *e)
{
	struct fib *f = &e->fib;

	*f = (struct fib){ .seq = 1 };
	f->frames = xcalloc(FIB_WINDOW, sizeof *f->frames);
	f->buf = xmalloc(ZL_MSG_MAX);
	loop_work_init(&f->work, LOOP_PRIO_TX, pump);
	loop_timer_init(&f->retry, retry);
	slab_init(&f->fails, "evpn failed writes", sizeof(struct fib_failure));
	hidx_init(&f->fail_idx);
}

void
fib_fini(struct evpn *e)
{
	struct fib *f = &e->fib;

	loop_work_cancel(&f->work);
	loop_timer_stop(&f->retry);
	hidx_fini(&f->fail_idx);
	slab_fini(&f->fails);
	free(f->frames);
	free(f->buf);
}
