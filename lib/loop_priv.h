/* SPDX-License-Identifier: ISC */
/* lib/loop_priv.h: what the two backends of the loop share; for loop*.c alone.
 *
 * What    The loop itself (queues of work, statistics, the running callback) is in
 *         loop.c.  A backend watches descriptors, timers and the clock, and calls
 *         loop_call_io() and loop_call_timer().
 * Rules   The watchers' public members (loop, fd, events, due) are kept by loop.c;
 *         a backend keeps only its own part of them.
 */
#ifndef EVPND_LIB_LOOP_PRIV_H
#define EVPND_LIB_LOOP_PRIV_H

#include "lib/loop.h"

enum loop_turn {
	TURN_MORE, /* something was done, or can be waited for */
	TURN_IDLE, /* nothing was done and nothing will happen (before `until`) */
	TURN_END,  /* `until` has passed */
};

struct loop_backend {
	void (*free)(struct loop *l);
	/* One turn of io and timers.  If `wait` it may sleep (or move the virtual clock),
	 * until `until` at the latest (us 0 = forever). */
	enum loop_turn (*turn)(struct loop *l, bool wait, struct mono until);
	struct mono (*clock)(const struct loop *l);
	bool (*slice_over)(const struct loop *l); /* of the running callback */
	void (*io_start)(struct loop *l, struct loop_io *io);
	void (*io_change)(struct loop *l, struct loop_io *io); /* events only */
	void (*io_stop)(struct loop *l, struct loop_io *io);
	void (*timer_start)(struct loop *l, struct loop_timer *t);
	void (*timer_stop)(struct loop *l, struct loop_timer *t);
	void (*signal)(struct loop *l, int signo, void (*fn)(int, void *), void *arg);
};

struct loop {
	const struct loop_backend *be;	       /* static */
	bool running;			       /* inside loop_run*() */
	bool stop;			       /* loop_stop() was called */
	struct mono now;		       /* of this turn */
	struct mono call_start;		       /* of the running callback */
	struct loop_work works[LOOP_PRIO_MAX]; /* heads of circular lists */
	uint32_t nworks;		       /* queued */
	uint64_t calls;			       /* io and timer callbacks made */
	struct loop_work *work;	 /* whose slice runs, NULL if it was cancelled */
	bool work_again;	 /* it was queued during its own slice */
	struct loop_stats stats; /* for loop_stats() */
};

void loop_init_common(struct loop *l, const struct loop_backend *be);
/* A turn begins: the clock is read, and callbacks are measured from here. */
void loop_begin_turn(struct loop *l);
void loop_call_io(struct loop *l, struct loop_io *io, unsigned ready);
void loop_call_timer(struct loop *l, struct loop_timer *t);
void loop_call_done(struct loop *l, const char *what, int prio);

#endif
