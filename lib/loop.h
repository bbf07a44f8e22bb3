/* SPDX-License-Identifier: ISC */
/* lib/loop.h: the event loop: descriptors, timers, and long work in slices.
 *
 * What    Three concepts.  io: a descriptor is ready.  timer: a time has come.
 *         work: a job that is done a slice at a time and says whether more is
 *         left.  Watchers are embedded in the caller's structs; the loop owns none.
 * Backends loop_new() is libev on the real clock.  loop_new_sim() is for the
 *         simulator: poll(2) over the descriptors in an order drawn from a seed,
 *         and a virtual clock that jumps to the next timer once no descriptor is
 *         ready and no work is queued.
 * Fairness Per turn: ready io first, then due timers, then one slice of each
 *         queued work in order of priority.  A slice should stop after 2 ms or a
 *         bounded count: loop_slice_over() tells.  The longest callback is kept
 *         for `show loop`.
 * Rules   A callback may stop, free or restart any watcher, its own included;
 *         a stopped watcher's callback is not called any more (tested).  A work
 *         that is queued again during its own slice runs again, whatever it
 *         returns.  loop_run*() is not called from a callback.  A descriptor
 *         that is closed while it is watched aborts the program, sooner or later.
 */
#ifndef EVPND_LIB_LOOP_H
#define EVPND_LIB_LOOP_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/mono.h"

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop_io {
	struct ev_io ev;   /* libev's part */
	struct loop *loop; /* NULL when not started; borrowed */
	int fd;		   /* borrowed: the caller closes, after loop_io_stop() */
	unsigned events;   /* LOOP_READ | LOOP_WRITE wanted */
	void (*fn)(struct loop_io *io, unsigned ready); /* callback */
	uint32_t sim_pos;				/* simulator's list: own index */
	uint32_t sim_ready; /* simulator: index + 1 among those to be called this turn */
};

struct loop_timer {
	struct ev_timer ev;		  /* libev's part */
	struct loop *loop;		  /* NULL when not running; borrowed */
	struct mono due;		  /* when it fires */
	void (*fn)(struct loop_timer *t); /* callback; the timer is stopped before it */
	uint32_t heap_pos;		  /* simulator's heap: own index */
	uint32_t sim_tie;		  /* simulator: drawn order among equal times */
	uint64_t sim_turn;		  /* simulator: turn in which it was started */
};

/* Lower runs first. */
enum loop_prio {
	LOOP_PRIO_CONTROL,
	LOOP_PRIO_RX,
	LOOP_PRIO_DECIDE,
	LOOP_PRIO_TX,
	LOOP_PRIO_BULK,
	LOOP_PRIO_MAX
};

struct loop_work {
	struct loop *loop;		 /* NULL when not queued; borrowed */
	enum loop_prio prio;		 /* queue */
	bool (*fn)(struct loop_work *w); /* one slice; true = more is left */
	struct loop_work *next, *prev;	 /* queue links */
};

struct loop_stats {
	uint64_t turns;	       /* turns of the loop */
	int64_t longest_us;    /* longest callback or slice since the reset */
	char longest_what[32]; /* "io", "timer" or "work prio N" */
};

struct loop *loop_new(void);
struct loop *loop_new_sim(uint64_t seed); /* its clock starts at one second */
/* Simulator, where no callback takes time: of `n` + 1 answers of loop_slice_over() one is yes, by lot; with 0 none. */
void loop_sim_hurry(struct loop *l, unsigned n);
void loop_free(struct loop *l);
void loop_run(struct loop *l); /* until loop_stop(), or until nothing can ever happen */
void loop_stop(struct loop *l);
/* Simulator: runs until nothing is ready and no timer is due at or before `until`; the clock
 * then stands at `until`.  Real loop: runs for at most that time (tests). */
void loop_run_until(struct loop *l, struct mono until);
/* Runs what can run now without waiting or moving the virtual clock. */
void loop_run_idle(struct loop *l);
struct mono loop_now(const struct loop *l);   /* of this turn; cheap */
struct mono loop_clock(const struct loop *l); /* read again; virtual in the simulator */

void loop_io_init(struct loop_io *io, void (*fn)(struct loop_io *, unsigned));
/* Starts, or changes the wanted events of a started one; events 0 stops. */
void loop_io_set(struct loop *l, struct loop_io *io, int fd, unsigned events);
void loop_io_stop(struct loop_io *io);

void loop_timer_init(struct loop_timer *t, void (*fn)(struct loop_timer *));
/* (Re)starts to fire once after `us`; a repeating user starts it again. */
void loop_timer_start(struct loop *l, struct loop_timer *t, int64_t us);
void loop_timer_stop(struct loop_timer *t);
static inline bool
loop_timer_running(const struct loop_timer *t)
{
	return t->loop != 0;
}
/* Microseconds until it fires, -1 when not running. */
int64_t loop_timer_left(const struct loop_timer *t);

void loop_work_init(
    struct loop_work *w, enum loop_prio prio, bool (*fn)(struct loop_work *));
void loop_work_queue(struct loop *l, struct loop_work *w); /* no-op if queued */
void loop_work_cancel(struct loop_work *w);
/* True once the running callback has used its 2 ms; reads the clock, so ask every few items. */
bool loop_slice_over(const struct loop *l);

const struct loop_stats *loop_stats(const struct loop *l);
void loop_stats_reset(struct loop *l);

/* Calls fn in the loop, not in the signal handler.  One handler a signal.  The simulator
 * never delivers one. */
void loop_signal(struct loop *l, int signo, void (*fn)(int signo, void *arg), void *arg);

#endif
