/* SPDX-License-Identifier: ISC */
/* The queue towards the data plane, the frame in flight, and results. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "underlay/core.h"

LOG_MODULE("underlay");

#define RETRY_MAX_S 60

void
send_wake(struct underlay *u)
{
	loop_work_queue(u->loop, &u->work);
}

void
send_unqueue(struct underlay *u, struct ul_obj *o)
{
	if (!o->queued)
		return;
	o->queued = false;
	if (o->qprev)
		ul_obj(u, o->qprev)->qnext = o->qnext;
	else
		u->q_first = o->qnext;
	if (o->qnext)
		ul_obj(u, o->qnext)->qprev = o->qprev;
	else
		u->q_last = o->qprev;
}

void
send_queue(struct underlay *u, struct ul_obj *o)
{
	const uint32_t ref = ul_ref(o);

	send_unqueue(u, o);
	o->queued = true;
	o->qnext = 0;
	o->qprev = u->q_last;
	if (u->q_last)
		ul_obj(u, u->q_last)->qnext = ref;
	else
		u->q_first = ref;
	u->q_last = ref;
	if (o->wanted)
		send_state(u, o, UL_PENDING);
	send_wake(u);
}

void
send_state(struct underlay *u, struct ul_obj *o, enum underlay_state state)
{
	if (o->state != state)
		o->since = loop_now(u->loop);
	o->state = state;
	if (state != UL_FAILED)
		o->error[0] = '\0';
}

void
send_tell(struct underlay *u)
{
	bool busy = u->dirty || u->q_first || u->nflying || u->observing;

	if (busy == u->busy)
		return;
	u->busy = busy;
	u->ops.busy(u->ops.arg, busy);
}

/* One frame is on its way at most: a fabric's routes are few. */
static bool
send_frame(struct underlay *u)
{
	uint8_t body[ZL_MSG_MAX / 2];
	struct wbuf w = wb_init(body, sizeof body);
	uint32_t n = 0;

	/* Nothing of layer 2 is in it, so it does not matter what was heard of that. */
	zl_want_head_encode(&w, &(struct zl_want_head){ .seq = (u->seq + 1) | UL_MARK });
	for (uint32_t ref = u->q_first; ref && n < ZL_WANT_MAX;
	     ref = ul_obj(u, ref)->qnext) {
		struct zl_want z;
		size_t mark = wb_mark(&w);

		way_fill(u, ul_obj(u, ref), &z);
		zl_want_encode(&w, &z);
		if (w.failed) {
			wb_rewind(&w, mark);
			break;
		}
		u->flying[n++] = ref;
	}
	if (n == 0 || !u->ops.send(u->ops.arg, ZL_WANT, body, wb_len(&w)))
		return false;
	u->seq = (u->seq + 1) & ~UL_MARK;
	u->nflying = n;
	for (uint32_t i = 0; i < n; i++) {
		struct ul_obj *o = ul_obj(u, u->flying[i]);

		send_unqueue(u, o);
		o->flying = true;
		o->there |= o->wanted;
	}
	return true;
}

void
send_work(struct underlay *u)
{
	if (u->begun && u->nflying == 0 && u->q_first)
		send_frame(u);
	send_tell(u);
}

/* Results. */

/* Sends again what has failed and is due, or all of it.  True if some is left. */
static bool
retry_due(struct underlay *u, bool all)
{
	const struct mono now = loop_now(u->loop);
	bool left = false;

	for (int k = 0; k < UL_KINDS; k++)
		for (uint32_t h = 0; (h = slab_next(&u->objs[k], h)) != 0;) {
			struct ul_obj *o = slab_ptr(&u->objs[k], h);

			if (o->state != UL_FAILED || o->queued || o->flying)
				continue;
			if (all || !mono_before(now, o->due))
				send_queue(u, o);
			else
				left = true;
		}
	return left;
}

void
send_retry(struct loop_timer *t)
{
	struct underlay *u = container_of(t, struct underlay, retry);

	if (retry_due(u, false))
		loop_timer_start(u->loop, t, MONO_SEC(1));
}

static void
failed(struct underlay *u, struct ul_obj *o, const struct zl_failure *f)
{
	unsigned wait = 1u << MIN(o->failures, (uint16_t)6);

	o->failures = (uint16_t)MIN(o->failures + 1, 1000);
	snprintf(o->error, sizeof o->error, "%.47s",
	    f->text[0] ? f->text : strerror(f->error));
	send_state(u, o, UL_FAILED);
	o->due = mono_add(loop_now(u->loop), MONO_SEC(MIN(wait, RETRY_MAX_S)));
	if (!loop_timer_running(&u->retry))
		loop_timer_start(u->loop, &u->retry, MONO_SEC(1));
}

static void
landed(struct underlay *u, struct ul_obj *o, const struct zl_failure *f)
{
	o->flying = false;
	if (o->queued)
		return;
	if (f) {
		failed(u, o, f);
		return;
	}
	if (o->wanted) {
		send_state(u, o, UL_INSTALLED);
		/* What leads over it may have failed for that. */
		if (o->failures && o->kind != UL_ROUTE)
			retry_due(u, true);
		o->failures = 0;
	} else {
		o->there = false;
		send_state(u, o, UL_NONE);
		way_settled(u, o);
	}
}

void
send_result(struct underlay *u, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_failure fails[ZL_WANT_MAX];
	const struct zl_failure *of[ZL_WANT_MAX] = { NULL };
	struct zl_result head;
	uint32_t n = u->nflying;

	if (!zl_result_decode(&r, &head) || head.seq != (u->seq | UL_MARK))
		return;
	for (unsigned i = 0; i < head.nfailures && i < ZL_WANT_MAX; i++)
		if (zl_failure_decode(&r, &fails[i]) && fails[i].index < n)
			of[fails[i].index] = &fails[i];
	u->nflying = 0;
	for (uint32_t i = 0; i < n; i++)
		landed(u, ul_obj(u, u->flying[i]), of[i]);
	send_wake(u);
}

void
send_again(struct underlay *u)
{
	for (int k = 0; k < UL_KINDS; k++)
		for (uint32_t h = 0; (h = slab_next(&u->objs[k], h)) != 0;) {
			struct ul_obj *o = slab_ptr(&u->objs[k], h);

			if (o->wanted)
				send_queue(u, o);
		}
}
