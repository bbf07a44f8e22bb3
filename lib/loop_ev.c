/* SPDX-License-Identifier: ISC */
/* The event loop's real backend: libev, on the machine's monotonic clock. */
#include "config.h"

#include "lib/loop_priv.h"

#include <stdlib.h>
#include <time.h>

#include "lib/util.h"

/* libev calls pending watchers of a higher priority first. */
enum { EV_PRIO_TIMER = 0, EV_PRIO_IO = 1, EV_PRIO_CLOCK = EV_MAXPRI };

enum { SLICE_US = 2000 }; /* of a callback (loop_slice_over()) */

struct ev_sig {
	struct ev_signal ev;	 /* libev's part */
	struct loop *loop;	 /* borrowed: owns this */
	void (*fn)(int, void *); /* callback */
	void *arg;		 /* for fn */
	struct ev_sig *next;	 /* owned */
};

struct real_loop {
	struct loop l;		  /* first: the loop as others see it */
	struct ev_loop *ev;	  /* owned */
	struct ev_check check;	  /* runs right after each poll */
	struct ev_timer deadline; /* of loop_run_until() */
	struct ev_sig *sigs;	  /* owned */
};

static struct real_loop *
real(const struct loop *l)
{
	return container_of(l, struct real_loop, l);
}

static struct mono
real_clock(const struct loop *l)
{
	struct timespec ts;

	(void)l;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (struct mono){ ts.tv_sec * MONO_SEC(1) + ts.tv_nsec / 1000 };
}

static bool
real_slice_over(const struct loop *l)
{
	return mono_diff(real_clock(l), l->call_start) >= SLICE_US;
}

static void
on_check(struct ev_loop *ev, struct ev_check *w, int revents)
{
	(void)ev;
	(void)revents;
	loop_begin_turn(&container_of(w, struct real_loop, check)->l);
}

static void
on_deadline(struct ev_loop *ev, struct ev_timer *w, int revents)
{
	(void)ev;
	(void)w;
	(void)revents;
}

static void
on_io(struct ev_loop *ev, struct ev_io *w, int revents)
{
	struct loop_io *io = container_of(w, struct loop_io, ev);
	unsigned ready = 0;

	(void)ev;
	if (revents & EV_READ)
		ready |= LOOP_READ;
	if (revents & EV_WRITE)
		ready |= LOOP_WRITE;
	loop_call_io(io->loop, io, ready);
}

static void
arm_timer(struct real_loop *r, struct loop_timer *t)
{
	/* libev counts from its own clock, which stands still since this turn began. */
	double after = (double)mono_diff(t->due, r->l.now) / 1e6;

	ev_timer_set(&t->ev, after, 0.);
	ev_timer_start(r->ev, &t->ev);
}

static void
on_timer(struct ev_loop *ev, struct ev_timer *w, int revents)
{
	struct loop_timer *t = container_of(w, struct loop_timer, ev);
	struct loop *l = t->loop;

	(void)ev;
	(void)revents;
	/* libev's clock and ours are read microseconds apart; never fire early. */
	if (mono_before(l->now, t->due))
		arm_timer(real(l), t);
	else
		loop_call_timer(l, t);
}

static void
on_signal(struct ev_loop *ev, struct ev_signal *w, int revents)
{
	struct ev_sig *s = container_of(w, struct ev_sig, ev);
	struct loop *l = s->loop;

	(void)ev;
	(void)revents;
	l->calls++;
	s->fn(w->signum, s->arg);
	loop_call_done(l, "signal", -1);
}

static enum loop_turn
real_turn(struct loop *l, bool wait, struct mono until)
{
	struct real_loop *r = real(l);
	uint64_t calls = l->calls;
	bool active;

	if (until.us) {
		int64_t left = mono_diff(until, real_clock(l));

		if (left <= 0)
			return TURN_END;
		ev_now_update(r->ev);
		ev_timer_set(&r->deadline, (double)left / 1e6, 0.);
		ev_timer_start(r->ev, &r->deadline);
	}
	active = ev_run(r->ev, wait ? EVRUN_ONCE : EVRUN_NOWAIT);
	if (until.us) {
		ev_timer_stop(r->ev, &r->deadline);
		return TURN_MORE;
	}
	return (wait && active) || l->calls != calls ? TURN_MORE : TURN_IDLE;
}

static int
ev_events(unsigned events)
{
	return (events & LOOP_READ ? EV_READ : 0) | (events & LOOP_WRITE ? EV_WRITE : 0);
}

static void
real_io_start(struct loop *l, struct loop_io *io)
{
	ev_io_init(&io->ev, on_io, io->fd, ev_events(io->events));
	ev_set_priority(&io->ev, EV_PRIO_IO);
	ev_io_start(real(l)->ev, &io->ev);
}

static void
real_io_stop(struct loop *l, struct loop_io *io)
{
	ev_io_stop(real(l)->ev, &io->ev);
}

static void
real_io_change(struct loop *l, struct loop_io *io)
{
	ev_io_stop(real(l)->ev, &io->ev);
	/* Not ev_io_set(), which costs a system call even if the events are back to what
	 * they were by the end of the turn. */
	ev_io_modify(&io->ev, ev_events(io->events));
	ev_io_start(real(l)->ev, &io->ev);
}

static void
real_timer_start(struct loop *l, struct loop_timer *t)
{
	ev_init(&t->ev, on_timer);
	ev_set_priority(&t->ev, EV_PRIO_TIMER);
	arm_timer(real(l), t);
}

static void
real_timer_stop(struct loop *l, struct loop_timer *t)
{
	ev_timer_stop(real(l)->ev, &t->ev);
}

static void
real_signal(struct loop *l, int signo, void (*fn)(int, void *), void *arg)
{
	struct ev_sig *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->fn = fn;
	s->arg = arg;
	s->next = real(l)->sigs;
	real(l)->sigs = s;
	ev_signal_init(&s->ev, on_signal, signo);
	ev_signal_start(real(l)->ev, &s->ev);
}

static void
real_free(struct loop *l)
{
	struct real_loop *r = real(l);
	struct ev_sig *s, *next;

	for (s = r->sigs; s; s = next) {
		next = s->next;
		ev_signal_stop(r->ev, &s->ev);
		free(s);
	}
	ev_loop_destroy(r->ev);
}

static const struct loop_backend backend = {
	.free = real_free,
	.turn = real_turn,
	.clock = real_clock,
	.slice_over = real_slice_over,
	.io_start = real_io_start,
	.io_change = real_io_change,
	.io_stop = real_io_stop,
	.timer_start = real_timer_start,
	.timer_stop = real_timer_stop,
	.signal = real_signal,
};

struct loop *
loop_new(void)
{
	struct real_loop *r = xcalloc(1, sizeof(*r));

	loop_init_common(&r->l, &backend);
	r->ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	ensure(r->ev != NULL);
	ev_check_init(&r->check, on_check);
	ev_set_priority(&r->check, EV_PRIO_CLOCK);
	ev_check_start(r->ev, &r->check);
	/* The loop's own watchers do not keep it alive. */
	ev_unref(r->ev);
	ev_init(&r->deadline, on_deadline);
	return &r->l;
}
