/* SPDX-License-Identifier: ISC */
/* The event loop's simulator backend: poll(2) in an order drawn from a seed, and a
 * virtual clock that moves only when nothing else can. */
#include "config.h"

#include "lib/loop_priv.h"

#include <poll.h>
#include <stdlib.h>

#include "lib/util.h"

struct sim_loop {
	struct loop l;		/* first: the loop as others see it */
	uint64_t rng;		/* state of the generator */
	struct mono clock;	/* virtual time */
	struct loop_io **ios;	/* started watchers; owned array */
	uint32_t nios, capios;	/* used, and its size */
	struct pollfd *polls;	/* one for each of ios; owned */
	struct loop_io **ready; /* to be called this turn, NULL if stopped since; owned */
	uint32_t nready;	/* entries of ready */
	struct loop_timer **timers;  /* binary heap; owned array */
	uint32_t ntimers, captimers; /* used, and its size */
	uint64_t turn;		     /* number of this turn */
	unsigned hurry;		     /* loop_sim_hurry() */
};

static struct sim_loop *
sim(const struct loop *l)
{
	return container_of(l, struct sim_loop, l);
}

static struct mono
sim_clock(const struct loop *l)
{
	return sim(l)->clock;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t
draw(struct sim_loop *s)
{
	uint64_t z = s->rng += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static bool
sim_slice_over(const struct loop *l)
{
	struct sim_loop *s = sim(l);

	return s->hurry > 0 && draw(s) % (s->hurry + 1) == 0;
}

static void
sim_io_start(struct loop *l, struct loop_io *io)
{
	struct sim_loop *s = sim(l);

	if (s->nios == s->capios) {
		s->capios = MAX(16, s->capios * 2);
		s->ios = xrealloc(s->ios, s->capios * sizeof(*s->ios));
		s->polls = xrealloc(s->polls, s->capios * sizeof(*s->polls));
		s->ready = xrealloc(s->ready, s->capios * sizeof(*s->ready));
	}
	io->sim_pos = s->nios;
	io->sim_ready = 0;
	s->ios[s->nios++] = io;
}

static void
sim_io_change(struct loop *l, struct loop_io *io)
{
	/* loop_call_io() passes on only what is still wanted. */
	(void)l;
	(void)io;
}

static void
sim_io_stop(struct loop *l, struct loop_io *io)
{
	struct sim_loop *s = sim(l);
	struct loop_io *last = s->ios[--s->nios];

	s->ios[io->sim_pos] = last;
	last->sim_pos = io->sim_pos;
	if (io->sim_ready)
		s->ready[io->sim_ready - 1] = NULL;
}

static bool
timer_before(const struct loop_timer *a, const struct loop_timer *b)
{
	if (a->due.us != b->due.us)
		return a->due.us < b->due.us;
	return a->sim_tie < b->sim_tie;
}

static void
heap_set(struct sim_loop *s, uint32_t i, struct loop_timer *t)
{
	s->timers[i] = t;
	t->heap_pos = i;
}

static void
heap_up(struct sim_loop *s, uint32_t i, struct loop_timer *t)
{
	while (i > 0 && timer_before(t, s->timers[(i - 1) / 2])) {
		heap_set(s, i, s->timers[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_set(s, i, t);
}

static void
heap_down(struct sim_loop *s, uint32_t i, struct loop_timer *t)
{
	for (;;) {
		uint32_t kid = 2 * i + 1;

		if (kid >= s->ntimers)
			break;
		if (kid + 1 < s->ntimers &&
		    timer_before(s->timers[kid + 1], s->timers[kid]))
			kid++;
		if (!timer_before(s->timers[kid], t))
			break;
		heap_set(s, i, s->timers[kid]);
		i = kid;
	}
	heap_up(s, i, t);
}

static void
sim_timer_start(struct loop *l, struct loop_timer *t)
{
	struct sim_loop *s = sim(l);

	if (s->ntimers == s->captimers) {
		s->captimers = MAX(16, s->captimers * 2);
		s->timers = xrealloc(s->timers, s->captimers * sizeof(*s->timers));
	}
	t->sim_tie = (uint32_t)draw(s);
	t->sim_turn = s->turn;
	heap_up(s, s->ntimers++, t);
}

static void
sim_timer_stop(struct loop *l, struct loop_timer *t)
{
	struct sim_loop *s = sim(l);
	struct loop_timer *last = s->timers[--s->ntimers];

	if (last != t)
		heap_down(s, t->heap_pos, last);
}

static short
poll_events(unsigned events)
{
	return (short)((events & LOOP_READ ? POLLIN : 0) |
		       (events & LOOP_WRITE ? POLLOUT : 0));
}

static unsigned
ready_events(short revents)
{
	unsigned ready = 0;

	if (revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL))
		ready |= LOOP_READ;
	if (revents & (POLLOUT | POLLHUP | POLLERR | POLLNVAL))
		ready |= LOOP_WRITE;
	return ready;
}

/* Lists the ready watchers in a drawn order (Fisher and Yates). */
static void
collect_ready(struct sim_loop *s)
{
	s->nready = 0;
	for (uint32_t i = 0; i < s->nios; i++)
		s->polls[i] =
		    (struct pollfd){ s->ios[i]->fd, poll_events(s->ios[i]->events), 0 };
	if (poll(s->polls, s->nios, 0) <= 0)
		return;
	for (uint32_t i = 0; i < s->nios; i++) {
		uint32_t j;

		if (!(ready_events(s->polls[i].revents) & s->ios[i]->events))
			continue;
		j = (uint32_t)(draw(s) % ++s->nready);
		s->ready[s->nready - 1] = s->ready[j];
		s->ready[j] = s->ios[i];
	}
	for (uint32_t i = 0; i < s->nready; i++)
		s->ready[i]->sim_ready = i + 1;
}

static void
run_ready(struct sim_loop *s)
{
	collect_ready(s);
	for (uint32_t i = 0; i < s->nready; i++) {
		struct loop_io *io = s->ready[i];
		struct pollfd p;

		if (!io || s->l.stop) {
			if (io)
				io->sim_ready = 0;
			continue;
		}
		io->sim_ready = 0;
		/* An earlier callback may have taken what was there. */
		p = (struct pollfd){ io->fd, poll_events(io->events), 0 };
		if (poll(&p, 1, 0) == 1)
			loop_call_io(&s->l, io, ready_events(p.revents));
	}
	s->nready = 0;
}

/* A timer that a timer of this turn starts waits for the next turn, as in the real loop. */
static void
run_timers(struct sim_loop *s)
{
	while (s->ntimers > 0 && !s->l.stop) {
		struct loop_timer *t = s->timers[0];

		if (mono_before(s->clock, t->due) || t->sim_turn == s->turn)
			break;
		sim_timer_stop(&s->l, t);
		loop_call_timer(&s->l, t);
	}
}

static enum loop_turn
sim_turn(struct loop *l, bool wait, struct mono until)
{
	struct sim_loop *s = sim(l);
	uint64_t calls = l->calls;

	s->turn++;
	loop_begin_turn(l);
	run_ready(s);
	run_timers(s);
	if (l->calls != calls || l->nworks || l->stop)
		return TURN_MORE;
	if (s->ntimers > 0 && !mono_before(s->clock, s->timers[0]->due))
		return TURN_MORE;
	if (!wait)
		return TURN_IDLE;
	if (s->ntimers > 0 && (until.us == 0 || !mono_before(until, s->timers[0]->due))) {
		s->clock = s->timers[0]->due;
		return TURN_MORE;
	}
	if (mono_before(s->clock, until)) {
		s->clock = until;
		loop_begin_turn(l);
	}
	return TURN_IDLE;
}

static void
sim_signal(struct loop *l, int signo, void (*fn)(int, void *), void *arg)
{
	(void)l;
	(void)signo;
	(void)fn;
	(void)arg;
}

static void
sim_free(struct loop *l)
{
	struct sim_loop *s = sim(l);

	free(s->ios);
	free(s->polls);
	free(s->ready);
	free(s->timers);
}

static const struct loop_backend backend = {
	.free = sim_free,
	.turn = sim_turn,
	.clock = sim_clock,
	.slice_over = sim_slice_over,
	.io_start = sim_io_start,
	.io_change = sim_io_change,
	.io_stop = sim_io_stop,
	.timer_start = sim_timer_start,
	.timer_stop = sim_timer_stop,
	.signal = sim_signal,
};

struct loop *
loop_new_sim(uint64_t seed)
{
	struct sim_loop *s = xcalloc(1, sizeof(*s));

	s->rng = seed;
	s->clock.us = MONO_SEC(1);
	loop_init_common(&s->l, &backend);
	return &s->l;
}

void
loop_sim_hurry(struct loop *l, unsigned n)
{
	sim(l)->hurry = n;
}
