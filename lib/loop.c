/* SPDX-License-Identifier: ISC */
/* The event loop: work queues, measurement, and what both backends share. */
#include "config.h"

#include "lib/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/loop_priv.h"
#include "lib/util.h"

void
loop_init_common(struct loop *l, const struct loop_backend *be)
{
	l->be = be;
	for (int i = 0; i < LOOP_PRIO_MAX; i++)
		l->works[i].next = l->works[i].prev = &l->works[i];
	loop_begin_turn(l);
}

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	ensure(!l->running);
	l->be->free(l);
	free(l);
}

void
loop_begin_turn(struct loop *l)
{
	l->now = l->call_start = l->be->clock(l);
}

/* The next callback starts where this one ended: one reading of the clock for each. */
void
loop_call_done(struct loop *l, const char *what, int prio)
{
	struct mono end = l->be->clock(l);
	int64_t us = mono_diff(end, l->call_start);

	if (us > l->stats.longest_us) {
		l->stats.longest_us = us;
		snprintf(l->stats.longest_what, sizeof(l->stats.longest_what),
		    prio < 0 ? "%s" : "%s prio %d", what, prio);
	}
	l->call_start = end;
}

void
loop_call_io(struct loop *l, struct loop_io *io, unsigned ready)
{
	ready &= io->events;
	if (!ready)
		return;
	l->calls++;
	io->fn(io, ready);
	loop_call_done(l, "io", -1);
}

void
loop_call_timer(struct loop *l, struct loop_timer *t)
{
	t->loop = NULL;
	l->calls++;
	t->fn(t);
	loop_call_done(l, "timer", -1);
}

static void
work_append(struct loop *l, struct loop_work *w)
{
	struct loop_work *head = &l->works[w->prio];

	w->next = head;
	w->prev = head->prev;
	head->prev->next = w;
	head->prev = w;
	l->nworks++;
}

static void
work_unlink(struct loop *l, struct loop_work *w)
{
	w->next->prev = w->prev;
	w->prev->next = w->next;
	w->next = w->prev = NULL;
	l->nworks--;
}

static void
work_slice(struct loop *l, struct loop_work *w)
{
	enum loop_prio prio = w->prio;
	bool more;

	work_unlink(l, w);
	l->work = w;
	l->work_again = false;
	more = w->fn(w);
	/* Cancelled (perhaps freed) inside its slice: w is not ours to touch any more. */
	if (l->work == w) {
		l->work = NULL;
		if (more || l->work_again)
			work_append(l, w);
		else
			w->loop = NULL;
	}
	loop_call_done(l, "work", prio);
}

/* One slice of each work that is queued now.  A marker at the end of the list tells
 * those from the ones that come back or are added meanwhile. */
static void
work_turn(struct loop *l)
{
	for (int i = 0; i < LOOP_PRIO_MAX && !l->stop; i++) {
		struct loop_work mark = { .prio = (enum loop_prio)i };

		if (l->works[i].next == &l->works[i])
			continue;
		work_append(l, &mark);
		while (l->works[i].next != &mark && !l->stop)
			work_slice(l, l->works[i].next);
		work_unlink(l, &mark);
	}
}

static enum loop_turn
turn(struct loop *l, bool wait, struct mono until)
{
	enum loop_turn r = l->be->turn(l, wait && l->nworks == 0, until);

	l->stats.turns++;
	if (l->nworks && !l->stop) {
		l->call_start = l->be->clock(l);
		work_turn(l);
		if (r == TURN_IDLE)
			r = TURN_MORE;
	}
	return r;
}

static void
run(struct loop *l, bool wait, struct mono until)
{
	ensure(!l->running);
	l->running = true;
	l->stop = false;
	while (!l->stop && turn(l, wait, until) == TURN_MORE)
		;
	l->running = false;
}

void
loop_run(struct loop *l)
{
	run(l, true, (struct mono){ 0 });
}

void
loop_run_until(struct loop *l, struct mono until)
{
	run(l, true, until);
}

void
loop_run_idle(struct loop *l)
{
	run(l, false, (struct mono){ 0 });
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
}

struct mono
loop_now(const struct loop *l)
{
	return l->now;
}

struct mono
loop_clock(const struct loop *l)
{
	return l->be->clock(l);
}

void
loop_io_init(struct loop_io *io, void (*fn)(struct loop_io *, unsigned))
{
	memset(io, 0, sizeof(*io));
	io->fd = -1;
	io->fn = fn;
}

void
loop_io_set(struct loop *l, struct loop_io *io, int fd, unsigned events)
{
	if (io->loop && (events == 0 || io->fd != fd || io->loop != l))
		loop_io_stop(io);
	if (events == 0 || (io->loop && io->events == events))
		return;
	io->events = events;
	if (io->loop) {
		l->be->io_change(l, io);
		return;
	}
	io->loop = l;
	io->fd = fd;
	l->be->io_start(l, io);
}

void
loop_io_stop(struct loop_io *io)
{
	if (!io->loop)
		return;
	io->loop->be->io_stop(io->loop, io);
	io->loop = NULL;
	io->events = 0;
}

void
loop_timer_init(struct loop_timer *t, void (*fn)(struct loop_timer *))
{
	memset(t, 0, sizeof(*t));
	t->fn = fn;
}

void
loop_timer_start(struct loop *l, struct loop_timer *t, int64_t us)
{
	loop_timer_stop(t);
	t->loop = l;
	t->due = mono_add(l->be->clock(l), MAX(us, 0));
	l->be->timer_start(l, t);
}

void
loop_timer_stop(struct loop_timer *t)
{
	if (!t->loop)
		return;
	t->loop->be->timer_stop(t->loop, t);
	t->loop = NULL;
}

int64_t
loop_timer_left(const struct loop_timer *t)
{
	if (!t->loop)
		return -1;
	return MAX(mono_diff(t->due, t->loop->be->clock(t->loop)), 0);
}

void
loop_work_init(struct loop_work *w, enum loop_prio prio, bool (*fn)(struct loop_work *))
{
	memset(w, 0, sizeof(*w));
	w->prio = prio;
	w->fn = fn;
}

void
loop_work_queue(struct loop *l, struct loop_work *w)
{
	if (!w->loop) {
		w->loop = l;
		work_append(l, w);
	} else if (l->work == w) {
		l->work_again = true;
	}
}

void
loop_work_cancel(struct loop_work *w)
{
	struct loop *l = w->loop;

	if (!l)
		return;
	if (l->work == w)
		l->work = NULL;
	else
		work_unlink(l, w);
	w->loop = NULL;
}

bool
loop_slice_over(const struct loop *l)
{
	return l->be->slice_over(l);
}

const struct loop_stats *
loop_stats(const struct loop *l)
{
	return &l->stats;
}

void
loop_stats_reset(struct loop *l)
{
	memset(&l->stats, 0, sizeof(l->stats));
}

void
loop_signal(struct loop *l, int signo, void (*fn)(int, void *), void *arg)
{
	l->be->signal(l, signo, fn, arg);
}
