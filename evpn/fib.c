/* SPDX-License-Identifier: ISC */
/* The queue towards the data plane, its frames in flight, and their results. */
#include "config.h"

#include "evpn/fib.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/core.h"
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

#define RETRY_FIRST_US MONO_SEC(1)
#define RETRY_MAX_US MONO_SEC(60)
#define RETRY_TICK_US MONO_SEC(1)

/* What differs between the kinds. */
static const struct {
	void (*fill)(const struct evpn *e, uint32_t h, struct zl_want *w);
	void (*settled)(struct evpn *e, uint32_t h); /* FIB_NONE reached: may be freed */
	uint32_t (*find)(const struct evpn *e, uint16_t evi, const struct zl_want *w);
} kinds[] = {
	[ZL_KIND_FLOOD] = { flood_fill, flood_release, flood_find_want },
	[ZL_KIND_MAC] = { mac_fill, mac_release, mac_find_want },
	[ZL_KIND_NEIGH] = { neigh_fill, neigh_release, neigh_find_want },
};

/* --- failures --- */

static uint32_t
failure_find(const struct fib *f, uint32_t ref)
{
	struct hidx_it it = hidx_first(&f->fail_idx, ref);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (((const struct fib_failure *)slab_ptr(&f->fails, h))->ref == ref)
			return h;
	return 0;
}

const struct fib_failure *
fib_failure(const struct evpn *e, uint32_t ref)
{
	uint32_t h = failure_find(&e->fib, ref);

	return h ? slab_ptr(&e->fib.fails, h) : NULL;
}

const struct fib_failure *
fib_failure_next(const struct evpn *e, uint32_t *at)
{
	const struct fib_failure *x = *at ? fib_failure(e, *at) : NULL;
	uint32_t h = *at ? (x ? x->next : 0) : e->fib.fail_head;

	if (!h) {
		*at = UINT32_MAX;
		return NULL;
	}
	x = slab_ptr(&e->fib.fails, h);
	*at = x->ref;
	return x;
}

void
fib_describe(const struct evpn *e, uint32_t ref, struct zl_want *w)
{
	*w = (struct zl_want){ .kind = (uint8_t)obj_kind(ref),
		.vni = obj_evi(e, obj_ptr(e, ref))->vni };
	kinds[w->kind].fill(e, obj_handle(ref), w);
}

static struct fib_failure *
failure_get(struct fib *f, struct obj *o, uint32_t ref)
{
	uint32_t h = o->bits & FIB_ERROR ? failure_find(f, ref) : 0;
	struct fib_failure *x;

	if (h)
		return slab_ptr(&f->fails, h);
	h = slab_alloc(&f->fails);
	x = slab_ptr(&f->fails, h);
	x->ref = ref;
	x->next = f->fail_head;
	if (f->fail_head)
		((struct fib_failure *)slab_ptr(&f->fails, f->fail_head))->prev = h;
	f->fail_head = h;
	hidx_insert(&f->fail_idx, ref, h);
	o->bits |= FIB_ERROR;
	return x;
}

static void
failure_drop(struct fib *f, struct obj *o, uint32_t ref)
{
	struct fib_failure *x;
	uint32_t h;

	if (!(o->bits & FIB_ERROR))
		return;
	o->bits &= (uint8_t)~FIB_ERROR;
	h = failure_find(f, ref);
	x = slab_ptr(&f->fails, h);
	if (x->next)
		((struct fib_failure *)slab_ptr(&f->fails, x->next))->prev = x->prev;
	if (x->prev)
		((struct fib_failure *)slab_ptr(&f->fails, x->prev))->next = x->next;
	else
		f->fail_head = x->next;
	hidx_remove(&f->fail_idx, ref, h);
	slab_free(&f->fails, h);
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
	failure_drop(&e->fib, o, ref);
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
		failure_drop(&e->fib, o, ref);
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

/* Can a record for this object succeed at all? */
static bool
can_send(const struct evi *evi, enum zl_kind k)
{
	return evi->dp_up && (k != ZL_KIND_NEIGH || evi->obs.svi_ifindex != 0);
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
	wb_u32(&w, f->seq);
	while (fr->n < ZL_WANT_MAX && (ref = dequeue(e)) != 0) {
		struct obj *o = obj_ptr(e, ref);

		if (o->fib == FIB_NONE ||
		    (o->fib == FIB_DELETING && !obj_evi(e, o)->observed)) {
			settle(e, o, ref);
		} else if (!can_send(obj_evi(e, o), obj_kind(ref))) {
			COUNT(fib_parked);
		} else {
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
	return e->fib.sync_due && e->fib.sync_allowed && !e->fib.head &&
	       evi_jobs_done(e) && import_at_end(e);
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

/* One slice: frames until the window, the channel or the time is used up. */
static bool
pump(struct loop_work *wk)
{
	struct evpn *e = container_of(wk, struct evpn, fib.work);
	struct fib *f = &e->fib;

	if (f->blocked)
		return false;
	for (;;) {
		if (f->held && !fib_transmit(e, ZL_WANT, f->buf, f->held))
			return false;
		f->held = 0;
		if (f->resync_due) {
			if (!fib_transmit(e, ZL_RESYNC, NULL, 0))
				return false;
			f->resync_due = false;
		}
		if (f->nframes == FIB_WINDOW)
			return false;
		if (!fill_frame(e))
			break;
		if (loop_slice_over(e->loop))
			return true;
	}
	if (sync_ready(e))
		send_sync_end(e);
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
fib_resync(struct evpn *e)
{
	e->fib.resync_due = true;
	loop_work_queue(e->loop, &e->fib.work);
}

/* --- results --- */

static void
succeeded(struct evpn *e, uint32_t ref)
{
	struct obj *o = obj_ptr(e, ref);
	bool set = o->bits & FIB_SET, changed = o->bits & FIB_CHANGED;

	o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
	failure_drop(&e->fib, o, ref);
	e->fib.n.ok++;
	COUNT(fib_installed);
	if (!set)
		o->bits &= (uint8_t)~FIB_THERE;
	if (o->bits & FIB_WANTED && set && !changed)
		o->fib = FIB_INSTALLED;
	else if (!(o->bits & (FIB_WANTED | FIB_THERE)))
		settle(e, o, ref);
	else
		enqueue(e, o, ref);
}

static void
failed(struct evpn *e, uint32_t ref, const struct zl_failure *fl)
{
	struct obj *o = obj_ptr(e, ref);
	bool changed = o->bits & FIB_CHANGED;
	struct fib_failure *x;
	int64_t wait;

	o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
	e->fib.n.failed++;
	COUNT(fib_failed);
	if (changed) { /* what failed is not what we want now */
		enqueue(e, o, ref);
		return;
	}
	if (fl->error == ENODEV) { /* parked until the VNI (or its SVI) is there */
		COUNT(fib_parked);
		return;
	}
	x = failure_get(&e->fib, o, ref);
	x->error = fl->error;
	snprintf(x->text, sizeof x->text, "%.*s", (int)sizeof x->text - 1, fl->text);
	wait = MIN(RETRY_FIRST_US << MIN(x->attempts, 6u), RETRY_MAX_US);
	x->attempts++;
	x->due = mono_add(loop_now(e->loop), wait);
	o->fib = FIB_FAILED;
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
		struct evi *evi;
		struct obj *o;
		uint32_t h;

		if (!zl_want_decode(&r, &w))
			return false;
		evi = w.kind <= ZL_KIND_NEIGH ? evi_find(e, w.vni) : NULL;
		h = evi ? kinds[w.kind].find(e, evi->id, &w) : 0;
		if (!h)
			continue;
		o = obj_ptr(e, obj_ref(w.kind, h));
		if (!(o->bits & FIB_WANTED))
			continue;
		e->fib.n.drift++;
		COUNT(fib_drift);
		fib_again(e, obj_ref(w.kind, h));
	}
	return rb_done(&r);
}

/* --- the data plane comes and goes --- */

static void
evi_gone_kind(struct evpn *e, struct evi *evi, enum zl_kind k)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_begin(e, &w, evi, k);
	while ((h = obj_walk_next(e, &w)) != 0) {
		struct obj *o = obj_ptr(e, obj_ref(k, h));

		if (o->bits & FIB_WANTED) {
			failure_drop(&e->fib, o, obj_ref(k, h));
			o->fib = FIB_PENDING;
		} else if (!(o->bits & (FIB_INFLIGHT | FIB_QUEUED))) {
			settle(e, o, obj_ref(k, h));
		}
	}
	obj_walk_end(e, &w);
}

void
fib_evi_gone(struct evpn *e, struct evi *evi)
{
	evi_gone_kind(e, evi, ZL_KIND_FLOOD);
	evi_gone_kind(e, evi, ZL_KIND_MAC);
	evi_gone_kind(e, evi, ZL_KIND_NEIGH);
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

			o->bits &= (uint8_t) ~(FIB_INFLIGHT | FIB_CHANGED | FIB_SET);
			o->fib = o->bits & FIB_WANTED ? FIB_PENDING : FIB_DELETING;
		}
	}
	f->first = f->nframes = 0;
	f->held = 0;
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
