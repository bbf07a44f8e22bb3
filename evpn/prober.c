/* SPDX-License-Identifier: ISC */
/* Times and questions: a wheel of seconds, two queues, one budget. */
#include "config.h"

#include "evpn/prober.h"

#include "evpn/core.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(probe_sent);
COUNTER(probe_answered);
COUNTER(probe_held);
COUNTER(probe_lost);

#define TICK_US MONO_SEC(1)
#define RATE 500	 /* questions a second unless configured */
#define ANSWER_S 3	 /* that a host has for an answer */
#define REFRESH_S 60	 /* at the earliest, after it was said stale */
#define REFRESH_SPREAD 6 /* log2 of the seconds over which they are spread */

_Static_assert(
    REFRESH_S + (1 << REFRESH_SPREAD) < PROBER_SLOTS, "the wheel is too small");

/* --- lists --- */

static struct neigh_local *
side(const struct evpn *e, uint32_t h)
{
	return neigh_side(e, neigh_at(&e->neighs, h));
}

static bool
is_queue(unsigned list)
{
	return list == PROBER_URGENT || list == PROBER_STALE;
}

static void
unlist(struct evpn *e, uint32_t h)
{
	struct prober *p = &e->prober;
	struct neigh_local *l = side(e, h);
	struct prober_list *q = &p->lists[l->list];

	if (l->list == PROBER_NOWHERE)
		return;
	if (l->qnext)
		side(e, l->qnext)->qprev = l->qprev;
	else
		q->tail = l->qprev;
	if (l->qprev)
		side(e, l->qprev)->qnext = l->qnext;
	else
		q->head = l->qnext;
	p->n--;
	if (is_queue(l->list))
		p->queued--;
	l->qnext = l->qprev = 0;
	l->list = PROBER_NOWHERE;
}

static void
enlist(struct evpn *e, uint32_t h, unsigned list)
{
	struct prober *p = &e->prober;
	struct neigh_local *l = side(e, h);
	struct prober_list *q = &p->lists[list];

	if (l->list == list)
		return;
	unlist(e, h);
	l->list = (uint8_t)list;
	l->qprev = q->tail;
	if (q->tail)
		side(e, q->tail)->qnext = h;
	else
		q->head = h;
	q->tail = h;
	p->n++;
	if (is_queue(list)) {
		p->queued++;
		loop_work_queue(e->loop, &p->work);
	}
	if (!loop_timer_running(&p->tick)) {
		p->last = loop_now(e->loop);
		loop_timer_start(e->loop, &p->tick, TICK_US);
	}
}

static void
after(struct evpn *e, uint32_t h, uint32_t seconds)
{
	/* The present second is partly over: one more, so that it is never too early. */
	enlist(e, h, PROBER_WHEEL + (e->prober.slot + seconds + 1) % PROBER_SLOTS);
}

/* --- events --- */

static void
count(struct evpn *e, enum probe_event ev, uint8_t before, uint8_t now)
{
	struct prober *p = &e->prober;

	if (ev == PROBE_EV_FRESH && (before == PROBE_ASKED || before == PROBE_HELD)) {
		p->answered++;
		COUNT(probe_answered);
	}
	if (before != PROBE_HELD && now == PROBE_HELD) {
		p->held++;
		COUNT(probe_held);
	}
	if (before == PROBE_HELD && now != PROBE_HELD)
		p->held--;
}

/* True if its local binding shall end. */
static bool
step(struct evpn *e, uint32_t h, enum probe_event ev)
{
	struct neigh_local *l = side(e, h);
	uint8_t before = l->probe.state;
	enum probe_act a = probe_step(&l->probe, ev);

	count(e, ev, before, l->probe.state);
	switch (a) {
	case PROBE_NOTHING:
		return false;
	case PROBE_ASK:
		enlist(e, h, PROBER_STALE);
		return false;
	case PROBE_ASK_NOW:
		enlist(e, h, PROBER_URGENT);
		return false;
	case PROBE_AWAIT:
		after(e, h, ANSWER_S);
		return false;
	case PROBE_REFRESH:
		after(e, h, REFRESH_S + (h * 2654435761u >> (32 - REFRESH_SPREAD)));
		return false;
	case PROBE_SOON:
		after(e, h, 0);
		return false;
	default:
		unlist(e, h);
		return a == PROBE_DROP;
	}
}

/* Is it a host's, of which one may ask whether he is there? */
static bool
askable(const struct evpn *e, const struct neigh *n)
{
	return e->conf->probe && !(n->flags & (NEIGH_LSTATIC | NEIGH_LSVI)) &&
	       obj_evi(e, &n->obj)->dp_up;
}

void
prober_said(struct evpn *e, uint32_t h)
{
	const struct neigh *n = neigh_at(&e->neighs, h);

	if (!askable(e, n))
		step(e, h, PROBE_EV_END);
	else
		step(e, h, n->flags & NEIGH_LSTALE ? PROBE_EV_STALE : PROBE_EV_FRESH);
}

bool
prober_gone(struct evpn *e, uint32_t h)
{
	const struct neigh *n = neigh_at(&e->neighs, h);

	/* Only what others were told of is worth a question. */
	if (!askable(e, n) || !(n->flags & NEIGH_EXPORTED))
		return false;
	if (!step(e, h, PROBE_EV_GONE))
		return true;
	e->prober.lost++;
	COUNT(probe_lost);
	return false;
}

/* The MAC that it is bound to here, else elsewhere; 0 none. */
static uint32_t
neigh_mac(const struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);

	return l ? l->mac : neigh_remote_mac(e, n);
}

void
prober_call(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);

	uint32_t mac = neigh_mac(e, n);

	if (!askable(e, n) || !mac)
		return;
	/* By the time of the question both bindings may be gone, and the MAC with them. */
	neigh_side_get(e, n)->called = mac_at(&e->macs, mac)->addr;
	step(e, h, PROBE_EV_MOVED);
}

/* Addresses of which only others have told. */
static void
call_told(struct evpn *e, const struct macent *m)
{
	uint32_t h, i;

	for (i = m->imps; i; i = import_imp(&e->import, i)->onext) {
		h = import_imp(&e->import, i)->neigh;
		if (h && !neigh_local_of(e, neigh_at(&e->neighs, h)))
			prober_call(e, h);
	}
}

/* Its entry is on its way, and takes an answer's over; the question follows its result (mac_done()). */
static bool
is_written(const struct macent *m)
{
	return m->obj.bits & FIB_WANTED && m->obj.bits & (FIB_QUEUED | FIB_INFLIGHT);
}

/* Gone, or aged: is he really? */
void
prober_mac_lost(struct evpn *e, uint32_t mac)
{
	const struct macent *m = mac_at(&e->macs, mac);

	for (uint32_t h = m->neighs; h; h = side(e, h)->next)
		prober_call(e, h);
	call_told(e, m);
}

void
prober_mac_moved(struct evpn *e, uint32_t mac)
{
	const struct macent *m = mac_at(&e->macs, mac);

	/* One that comes has said himself what is bound here. */
	if (mac_wins_local(m))
		call_told(e, m);
	else if (!is_written(m))
		prober_mac_lost(e, mac);
}

void
prober_lost_mac(struct evpn *e, uint32_t h, uint32_t mac)
{
	const struct macent *m = mac_at(&e->macs, mac);

	if (mac_lost_lately(e, m) && !is_written(m))
		prober_call(e, h);
}

void
prober_end(struct evpn *e, uint32_t h)
{
	step(e, h, PROBE_EV_END);
}

bool
prober_holds(const struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_side(e, n);

	return l && (is_queue(l->list) ||
			(l->probe.state == PROBE_CALLED && l->list != PROBER_NOWHERE));
}

void
prober_forget(struct evpn *e, uint32_t h)
{
	if (side(e, h))
		unlist(e, h);
}

bool
prober_idle(const struct evpn *e)
{
	return e->prober.held == 0 && e->prober.lists[PROBER_URGENT].head == 0;
}

/* --- sending --- */

/* What to ask; false if nobody could be asked now. */
static bool
question(const struct evpn *e, uint32_t h, struct zl_probe *q)
{
	const struct neigh *n = neigh_at(&e->neighs, h);
	const struct neigh_local *l = side(e, h);
	const struct evi *evi = obj_evi(e, &n->obj);

	if (!evi->dp_up || evi->obs.svi_ifindex == 0)
		return false;
	*q = (struct zl_probe){ .vni = evi->vni, .ip = neigh_ip(n) };
	if (l->probe.state == PROBE_CALLED)
		q->mac = l->called;
	else if (l->mac)
		q->mac = mac_at(&e->macs, l->mac)->addr;
	else
		return false;
	return true;
}

/* The question has left, or could not be asked. */
static void
sent(struct evpn *e, uint32_t h)
{
	const struct neigh *n = neigh_at(&e->neighs, h);

	unlist(e, h);
	step(e, h, PROBE_EV_SENT);
	/* What was only called goes on as it was. */
	if (side(e, h)->probe.state == PROBE_NONE && neigh_local_of(e, n) &&
	    n->flags & NEIGH_LSTALE)
		prober_said(e, h);
	neigh_release(e, h);
}

/* What is wanted of the address has not left yet.  An entry of ours that is not wanted any more would be
 * in the way of the answer; one that is yet to be written would take it over. */
static bool
too_early(const struct evpn *e, uint32_t h)
{
	return neigh_at(&e->neighs, h)->obj.bits & (FIB_QUEUED | FIB_CHANGED);
}

/* One frame from the heads of the queues; false when there is nothing, or no room. */
static bool
send_frame(struct evpn *e)
{
	struct prober *p = &e->prober;
	uint8_t buf[ZL_OBS_MAX * 32];
	struct wbuf w = wb_init(buf, sizeof buf);
	uint32_t hs[ZL_OBS_MAX], n = 0, asked = 0, i, next,
				 h = p->lists[PROBER_URGENT].head;
	unsigned list = PROBER_URGENT;
	struct zl_probe q;

	for (; n < ZL_OBS_MAX && asked < p->budget; h = next) {
		if (!h && list == PROBER_URGENT)
			h = p->lists[list = PROBER_STALE].head;
		if (!h)
			break;
		next = side(e, h)->qnext;
		if (too_early(e, h)) /* it stays here: the tick looks again */
			continue;
		hs[n++] = h;
		if (question(e, h, &q)) {
			zl_probe_encode(&w, &q);
			asked++;
		}
	}
	ensure(!w.failed);
	if (asked && !fib_transmit(e, ZL_PROBE, buf, wb_len(&w)))
		return false;
	p->budget -= asked;
	p->asked += asked;
	COUNT_ADD(probe_sent, asked);
	for (i = 0; i < n; i++)
		sent(e, hs[i]);
	return n > 0;
}

static bool
pump(struct loop_work *w)
{
	struct evpn *e = container_of(w, struct evpn, prober.work);

	/* Questions follow what is written, and that waits for the end of an observation. */
	while (!e->fib.blocked && !e->observing && e->prober.budget > 0 &&
	       e->prober.queued > 0) {
		if (!send_frame(e))
			return false;
		if (loop_slice_over(e->loop))
			return true;
	}
	return false;
}

void
prober_ready(struct evpn *e)
{
	if (e->prober.queued)
		loop_work_queue(e->loop, &e->prober.work);
}

/* --- time --- */

/* No questions any more: the data plane's word counts. */
static void
give_up(struct evpn *e, uint32_t h)
{
	uint8_t was = side(e, h)->probe.state;

	step(e, h, was == PROBE_CALLED ? PROBE_EV_SPENT : PROBE_EV_END);
	if (was == PROBE_HELD || was == PROBE_OVER)
		neigh_forget_local(e, h);
	else
		neigh_release(e, h);
}

static void
due(struct evpn *e, uint32_t h)
{
	unlist(e, h);
	if (!askable(e, neigh_at(&e->neighs, h))) {
		give_up(e, h);
	} else if (step(e, h, PROBE_EV_DUE)) {
		e->prober.lost++;
		COUNT(probe_lost);
		neigh_forget_local(e, h);
	}
}

static void
tick(struct loop_timer *t)
{
	struct evpn *e = container_of(t, struct evpn, prober.tick);
	struct prober *p = &e->prober;
	int64_t late = mono_diff(loop_now(e->loop), p->last) / TICK_US;
	uint32_t h;

	p->last = mono_add(p->last, late * TICK_US);
	for (late = MIN(late, PROBER_SLOTS - 1); late > 0; late--) {
		p->slot = (p->slot + 1) % PROBER_SLOTS;
		while ((h = p->lists[PROBER_WHEEL + p->slot].head) != 0)
			due(e, h);
	}
	p->budget = e->conf->probe_rate ? e->conf->probe_rate : RATE;
	prober_ready(e);
	if (p->n)
		loop_timer_start(e->loop, t, TICK_US);
}

void
prober_init(struct evpn *e)
{
	struct prober *p = &e->prober;

	*p = (struct prober){ .budget = RATE };
	loop_work_init(&p->work, LOOP_PRIO_TX, pump);
	loop_timer_init(&p->tick, tick);
}

void
prober_fini(struct evpn *e)
{
	loop_work_cancel(&e->prober.work);
	loop_timer_stop(&e->prober.tick);
}
