/* SPDX-License-Identifier: ISC */
/* The loop's contract on both backends: who is called, in which order, and what a callback
 * may do to watchers, its own and those of others. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/loop.h"
#include "lib/util.h"
#include "tests/unit/run.h"

enum { REAL, SIM, BACKENDS };

static struct loop *loop;
static char trace[256]; /* what ran, a letter each */

static void
setup(int backend)
{
	loop = backend == REAL ? loop_new() : loop_new_sim(42);
	trace[0] = '\0';
}

/* An object without a name leaves no trace: how often endless work runs is nobody's promise. */
static void
note(char c)
{
	size_t n = strlen(trace);

	if (c == '\0')
		return;
	must(n + 1 < sizeof(trace));
	trace[n] = c;
	trace[n + 1] = '\0';
}

static void
make_pair(int sv[2])
{
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == 0);
}

/* A heap object with one watcher of each kind; `act` says what its callback does. */
struct obj {
	struct loop_io io;	    /* on sv[0] */
	struct loop_timer timer;    /* any */
	struct loop_work work;	    /* any */
	int sv[2];		    /* a socket pair */
	char name;		    /* for the trace */
	struct obj *other;	    /* object to act upon */
	void (*act)(struct obj *o); /* called by every callback, may be NULL */
	int calls;		    /* callbacks made */
	int slices;		    /* slices that `work` asks for */
};

static void
obj_run(struct obj *o)
{
	note(o->name);
	o->calls++;
	if (o->act)
		o->act(o);
}

static void
obj_io(struct loop_io *io, unsigned ready)
{
	struct obj *o = container_of(io, struct obj, io);

	must(ready != 0 && (ready & ~io->events) == 0);
	obj_run(o);
}

static void
obj_timer(struct loop_timer *t)
{
	must(!loop_timer_running(t));
	obj_run(container_of(t, struct obj, timer));
}

static bool
obj_work(struct loop_work *w)
{
	struct obj *o = container_of(w, struct obj, work);
	bool more = --o->slices > 0;

	obj_run(o);
	return more;
}

static struct obj *
obj_new(char name, void (*act)(struct obj *))
{
	struct obj *o = xcalloc(1, sizeof(*o));

	o->name = name;
	o->act = act;
	make_pair(o->sv);
	loop_io_init(&o->io, obj_io);
	loop_timer_init(&o->timer, obj_timer);
	loop_work_init(&o->work, LOOP_PRIO_RX, obj_work);
	return o;
}

static void
obj_free(struct obj *o)
{
	if (!o)
		return;
	loop_io_stop(&o->io);
	loop_timer_stop(&o->timer);
	loop_work_cancel(&o->work);
	close(o->sv[0]);
	close(o->sv[1]);
	/* What is touched from here on was freed. */
	memset(o, 0xdd, sizeof(*o));
	free(o);
}

static void
obj_make_ready(struct obj *o)
{
	must(write(o->sv[1], "x", 1) == 1);
}

static void
act_drain(struct obj *o)
{
	char buf[64];

	while (read(o->sv[0], buf, sizeof(buf)) > 0)
		;
}

static void
act_stop_loop(struct obj *o)
{
	(void)o;
	loop_stop(loop);
}

START_TEST(io_events)
{
	struct obj *a;

	setup(_i);
	a = obj_new('a', act_drain);
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "");
	obj_make_ready(a);
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "a");
	/* Only what is wanted now. */
	obj_make_ready(a);
	loop_io_set(loop, &a->io, a->sv[0], 0);
	ck_assert_ptr_null(a->io.loop);
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "a");
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "aa");
	/* End of file is readable. */
	close(a->sv[1]);
	a->sv[1] = -1;
	a->act = act_stop_loop;
	loop_run(loop);
	ck_assert_str_eq(trace, "aaa");
	obj_free(a);
	loop_free(loop);
}
END_TEST

static unsigned seen_events;

static void
on_both(struct loop_io *io, unsigned ready)
{
	seen_events |= ready;
	loop_io_set(loop, io, io->fd, io->events & ~ready);
}

START_TEST(io_read_and_write)
{
	struct obj *a;

	setup(_i);
	a = obj_new('a', NULL);
	loop_io_init(&a->io, on_both);
	seen_events = 0;
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ | LOOP_WRITE);
	loop_run_idle(loop);
	ck_assert_uint_eq(seen_events, LOOP_WRITE);
	ck_assert_uint_eq(a->io.events, LOOP_READ);
	obj_make_ready(a);
	loop_run_idle(loop);
	ck_assert_uint_eq(seen_events, LOOP_READ | LOOP_WRITE);
	/* Both were taken away: it stopped itself. */
	ck_assert_ptr_null(a->io.loop);
	/* Another descriptor under the same watcher. */
	seen_events = 0;
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	loop_io_set(loop, &a->io, a->sv[1], LOOP_READ);
	loop_run_idle(loop);
	ck_assert_uint_eq(seen_events, 0);
	ck_assert_int_eq(a->io.fd, a->sv[1]);
	obj_free(a);
	loop_free(loop);
}
END_TEST

static void
act_free_self(struct obj *o)
{
	obj_free(o);
}

static void
act_free_other_and_self(struct obj *o)
{
	obj_free(o->other);
	obj_free(o);
}

static void
act_stop_other(struct obj *o)
{
	act_drain(o);
	if (o->other)
		loop_io_stop(&o->other->io);
}

/* Moves the other watcher, which is ready, to a descriptor that is not. */
static void
act_move_other(struct obj *o)
{
	act_drain(o);
	loop_io_set(loop, &o->other->io, o->other->sv[1], LOOP_READ);
}

static void
two_ready(struct obj **a, struct obj **b, void (*act)(struct obj *))
{
	*a = obj_new('a', act);
	*b = obj_new('b', act);
	(*a)->other = *b;
	(*b)->other = *a;
	loop_io_set(loop, &(*a)->io, (*a)->sv[0], LOOP_READ);
	loop_io_set(loop, &(*b)->io, (*b)->sv[0], LOOP_READ);
	obj_make_ready(*a);
	obj_make_ready(*b);
}

START_TEST(io_free_in_callback)
{
	struct obj *a, *b;

	setup(_i);
	two_ready(&a, &b, act_free_self);
	loop_run_idle(loop);
	ck_assert_uint_eq(strlen(trace), 2);
	trace[0] = '\0';
	two_ready(&a, &b, act_free_other_and_self);
	loop_run_idle(loop);
	ck_assert_uint_eq(strlen(trace), 1);
	loop_free(loop);
}
END_TEST

START_TEST(io_stop_in_callback)
{
	struct obj *a, *b;

	setup(_i);
	two_ready(&a, &b, act_stop_other);
	loop_run_idle(loop);
	ck_assert_uint_eq(strlen(trace), 1);
	ck_assert(!a->io.loop != !b->io.loop);
	obj_free(a);
	obj_free(b);
	trace[0] = '\0';
	two_ready(&a, &b, act_move_other);
	loop_run_idle(loop);
	ck_assert_uint_eq(strlen(trace), 1);
	obj_free(a);
	obj_free(b);
	loop_free(loop);
}
END_TEST

START_TEST(timer_order)
{
	static const int ms[] = { 5, 1, 9, 3, 7 };
	struct obj *o[5];
	struct mono start;

	setup(_i);
	start = loop_clock(loop);
	for (int i = 0; i < 5; i++) {
		o[i] = obj_new((char)('0' + ms[i]), NULL);
		ck_assert_int_eq((int)loop_timer_left(&o[i]->timer), -1);
		loop_timer_start(loop, &o[i]->timer, MONO_MS(ms[i]));
		ck_assert(loop_timer_running(&o[i]->timer));
		ck_assert_int_le(loop_timer_left(&o[i]->timer), MONO_MS(ms[i]));
	}
	/* Stopped, and started anew. */
	loop_timer_stop(&o[3]->timer);
	loop_timer_start(loop, &o[1]->timer, MONO_MS(6));
	o[1]->name = '6';
	loop_run(loop);
	ck_assert_str_eq(trace, "5679");
	/* Not one of them before its time, and nothing is left. */
	ck_assert_int_ge(mono_diff(loop_clock(loop), start), MONO_MS(9));
	if (_i == SIM)
		ck_assert_int_eq(mono_diff(loop_clock(loop), start), MONO_MS(9));
	for (int i = 0; i < 5; i++) {
		ck_assert(!loop_timer_running(&o[i]->timer));
		obj_free(o[i]);
	}
	loop_free(loop);
}
END_TEST

static struct mono fired_due;

static void
act_check_due(struct obj *o)
{
	must(!mono_before(loop_now(loop), o->timer.due));
	must(!mono_before(loop_clock(loop), loop_now(loop)));
	fired_due = o->timer.due;
	if (o->calls < 20)
		loop_timer_start(loop, &o->timer, o->calls * 37);
}

START_TEST(timer_never_early)
{
	struct obj *o;

	setup(_i);
	o = obj_new('t', act_check_due);
	loop_timer_start(loop, &o->timer, 0);
	loop_run(loop);
	ck_assert_int_eq(o->calls, 20);
	/* A time in the past is now. */
	loop_timer_start(loop, &o->timer, -5);
	loop_run(loop);
	ck_assert_int_eq(o->calls, 21);
	obj_free(o);
	loop_free(loop);
}
END_TEST

static void
act_stop_other_timer(struct obj *o)
{
	loop_timer_stop(&o->other->timer);
}

START_TEST(timer_free_in_callback)
{
	struct obj *a, *b;
	struct mono start;

	setup(_i);
	a = obj_new('a', act_free_self);
	loop_timer_start(loop, &a->timer, 10);
	loop_run(loop);
	ck_assert_str_eq(trace, "a");
	/* Due in the same turn: the one that runs first frees both. */
	for (int round = 0; round < 2; round++) {
		trace[0] = '\0';
		a = obj_new('a', round ? act_stop_other_timer : act_free_other_and_self);
		b = obj_new('b', a->act);
		a->other = b;
		b->other = a;
		loop_timer_start(loop, &a->timer, 100);
		loop_timer_start(loop, &b->timer, 100);
		/* Let the time pass without the loop, so that one turn sees both. */
		start = loop_clock(loop);
		while (_i == REAL && mono_diff(loop_clock(loop), start) < 1000)
			;
		loop_run(loop);
		ck_assert_uint_eq(strlen(trace), 1);
		if (round) {
			obj_free(a);
			obj_free(b);
		}
	}
	loop_free(loop);
}
END_TEST

static void
act_again_now(struct obj *o)
{
	if (o->calls == 1)
		obj_make_ready(o->other);
	if (o->calls < 50)
		loop_timer_start(loop, &o->timer, 0);
}

/* A timer that starts itself with nothing to wait does not keep io from running. */
START_TEST(timer_zero_is_fair)
{
	struct obj *t, *a;

	setup(_i);
	t = obj_new('t', act_again_now);
	a = obj_new('a', act_drain);
	t->other = a;
	loop_timer_start(loop, &t->timer, 0);
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	/* More than once where the machine is busy. */
	for (int i = 0; i < 200 && t->calls < 50; i++)
		loop_run_until(loop, mono_add(loop_clock(loop), MONO_MS(30)));
	ck_assert_int_eq(t->calls, 50);
	ck_assert_int_eq(a->calls, 1);
	/* It ran between the first and the last. */
	ck_assert_ptr_nonnull(strchr(trace, 'a'));
	ck_assert_int_eq(trace[50], 't');
	obj_free(t);
	obj_free(a);
	loop_free(loop);
}
END_TEST

static void
act_on_time(struct obj *o)
{
	must(loop_now(loop).us == o->timer.due.us);
	trace[0] = '\0';
}

/* Virtual timers fire at their very microsecond, whatever was stopped and moved before. */
START_TEST(sim_timers_on_time)
{
	enum { N = 200 };
	struct obj *o[N];

	setup(SIM);
	srand((unsigned)_i);
	for (int i = 0; i < N; i++)
		o[i] = obj_new('t', act_on_time);
	for (int step = 0; step < 3000; step++) {
		struct obj *p = o[rand() % N];

		if (rand() % 3 == 0)
			loop_timer_stop(&p->timer);
		else
			loop_timer_start(loop, &p->timer, 1 + rand() % 100000);
		if (rand() % 50 == 0)
			loop_run_until(loop, mono_add(loop_clock(loop), rand() % 20000));
	}
	loop_run(loop);
	for (int i = 0; i < N; i++) {
		must(!loop_timer_running(&o[i]->timer));
		obj_free(o[i]);
	}
	loop_free(loop);
}
END_TEST

START_TEST(io_before_timers_before_work)
{
	struct obj *o;
	struct mono start;

	setup(_i);
	o = obj_new('i', NULL);
	o->act = act_drain;
	struct obj *t = obj_new('t', NULL), *w = obj_new('w', NULL);

	w->slices = 1;
	loop_work_queue(loop, &w->work);
	loop_timer_start(loop, &t->timer, 0);
	loop_io_set(loop, &o->io, o->sv[0], LOOP_READ);
	obj_make_ready(o);
	start = loop_clock(loop);
	while (_i == REAL && mono_diff(loop_clock(loop), start) < 1000)
		;
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "itw");
	obj_free(o);
	obj_free(t);
	obj_free(w);
	loop_free(loop);
}
END_TEST

START_TEST(work_order)
{
	static const struct {
		char name;
		enum loop_prio prio;
		int slices;
	} rows[] = {
		{ 'b', LOOP_PRIO_BULK, 2 },
		{ 't', LOOP_PRIO_TX, 1 },
		{ 'd', LOOP_PRIO_DECIDE, 3 },
		{ 'D', LOOP_PRIO_DECIDE, 2 },
		{ 'c', LOOP_PRIO_CONTROL, 1 },
		{ 'r', LOOP_PRIO_RX, 1 },
	};
	struct obj *o[ARRAY_LEN(rows)];

	setup(_i);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		o[i] = obj_new(rows[i].name, NULL);
		loop_work_init(&o[i]->work, rows[i].prio, obj_work);
		o[i]->slices = rows[i].slices;
		loop_work_queue(loop, &o[i]->work);
		loop_work_queue(loop, &o[i]->work);
	}
	loop_run(loop);
	/* A slice of each in a turn, by priority, in order of arrival among equals. */
	ck_assert_str_eq(trace, "crdDtb"
				"dDb"
				"d");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ck_assert_ptr_null(o[i]->work.loop);
		obj_free(o[i]);
	}
	loop_free(loop);
}
END_TEST

static void
act_queue_self_once(struct obj *o)
{
	/* It returns false, but there is news: it must run again. */
	if (o->calls == 1)
		loop_work_queue(loop, &o->work);
}

static void
act_cancel_self(struct obj *o)
{
	loop_work_cancel(&o->work);
}

static void
act_cancel_and_queue_self(struct obj *o)
{
	loop_work_cancel(&o->work);
	if (o->calls < 3)
		loop_work_queue(loop, &o->work);
}

static void
act_cancel_other(struct obj *o)
{
	loop_work_cancel(&o->other->work);
}

static void
act_queue_other(struct obj *o)
{
	loop_work_queue(loop, &o->other->work);
}

START_TEST(work_in_own_slice)
{
	static const struct {
		void (*act)(struct obj *);
		int slices;
		const char *trace;
	} rows[] = {
		{ act_queue_self_once, 1, "aa" },
		{ act_cancel_self, 5, "a" },
		{ act_cancel_and_queue_self, 1, "aaa" },
		{ act_cancel_and_queue_self, 9, "aaa" },
	};

	setup(_i);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct obj *a = obj_new('a', rows[i].act);

		trace[0] = '\0';
		a->slices = rows[i].slices;
		loop_work_queue(loop, &a->work);
		loop_run(loop);
		ck_assert_str_eq(trace, rows[i].trace);
		ck_assert_ptr_null(a->work.loop);
		obj_free(a);
	}
	loop_free(loop);
}
END_TEST

START_TEST(work_free_in_slice)
{
	struct obj *a, *b;

	setup(_i);
	a = obj_new('a', act_free_self);
	loop_work_queue(loop, &a->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "a");
	/* Frees itself and the one that is next, although it asked for more. */
	trace[0] = '\0';
	a = obj_new('a', act_free_other_and_self);
	b = obj_new('b', NULL);
	a->other = b;
	a->slices = 3;
	loop_work_queue(loop, &a->work);
	loop_work_queue(loop, &b->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "a");
	/* Cancels the next one; and one of the same turn that already ran. */
	trace[0] = '\0';
	a = obj_new('a', act_cancel_other);
	b = obj_new('b', NULL);
	a->other = b;
	loop_work_queue(loop, &a->work);
	loop_work_queue(loop, &b->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "a");
	trace[0] = '\0';
	b->slices = 4;
	loop_work_queue(loop, &b->work);
	loop_work_queue(loop, &a->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "ba");
	/* Queues the other: one slice each, not both for ever in one turn. */
	trace[0] = '\0';
	a->act = act_queue_other;
	b->slices = 1;
	loop_work_queue(loop, &a->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "ab");
	obj_free(a);
	obj_free(b);
	loop_free(loop);
}
END_TEST

static void
act_stop_after_io(struct obj *o)
{
	if (o->other->calls > 0)
		loop_stop(loop);
}

/* Endless work does not keep descriptors (and in the real loop timers) waiting. */
START_TEST(work_is_fair)
{
	struct obj *w, *a, *t;

	setup(_i);
	w = obj_new('\0', act_stop_after_io);
	a = obj_new('a', act_drain);
	t = obj_new('t', NULL);
	w->other = _i == REAL ? t : a;
	w->slices = INT32_MAX;
	trace[0] = '\0';
	loop_work_queue(loop, &w->work);
	loop_io_set(loop, &a->io, a->sv[0], LOOP_READ);
	obj_make_ready(a);
	loop_timer_start(loop, &t->timer, 0);
	loop_run(loop);
	ck_assert_int_eq(a->calls, 1);
	obj_free(w);
	obj_free(a);
	obj_free(t);
	loop_free(loop);
}
END_TEST

START_TEST(run_until_and_idle)
{
	struct obj *a, *b;
	struct mono start, at;

	setup(_i);
	a = obj_new('a', NULL);
	b = obj_new('b', NULL);
	/* Nothing can happen: no waiting. */
	loop_run(loop);
	loop_run_idle(loop);
	start = loop_clock(loop);
	loop_timer_start(loop, &a->timer, MONO_MS(2));
	loop_timer_start(loop, &b->timer, MONO_SEC(1000));
	loop_run_idle(loop);
	ck_assert_str_eq(trace, "");
	at = mono_add(start, MONO_MS(10));
	loop_run_until(loop, at);
	ck_assert_str_eq(trace, "a");
	ck_assert(!mono_before(loop_clock(loop), at));
	if (_i == SIM) {
		ck_assert_int_eq(loop_clock(loop).us, at.us);
		ck_assert_int_eq(loop_now(loop).us, at.us);
		ck_assert_int_eq(
		    loop_timer_left(&b->timer), MONO_SEC(1000) - MONO_MS(10));
		/* Due exactly then is still in. */
		loop_run_until(loop, mono_add(start, MONO_SEC(1000)));
		ck_assert_str_eq(trace, "ab");
	}
	/* A time that has passed: at once. */
	loop_run_until(loop, start);
	/* A stop ends it before its time. */
	a->act = act_stop_loop;
	loop_timer_start(loop, &a->timer, 1);
	loop_run_until(loop, mono_add(loop_clock(loop), MONO_SEC(3600)));
	obj_free(a);
	obj_free(b);
	loop_free(loop);
}
END_TEST

static bool
until_slice_over(struct loop_work *w)
{
	(void)w;
	note('w');
	while (!loop_slice_over(loop))
		;
	return false;
}

START_TEST(measurement)
{
	struct obj *a;

	setup(REAL);
	a = obj_new('a', NULL);
	loop_work_init(&a->work, LOOP_PRIO_DECIDE, until_slice_over);
	loop_work_queue(loop, &a->work);
	loop_run(loop);
	ck_assert_str_eq(trace, "w");
	ck_assert_int_ge(loop_stats(loop)->longest_us, 2000);
	ck_assert_str_eq(loop_stats(loop)->longest_what, "work prio 2");
	ck_assert_uint_ge(loop_stats(loop)->turns, 1);
	loop_stats_reset(loop);
	ck_assert_int_eq(loop_stats(loop)->longest_us, 0);
	ck_assert_str_eq(loop_stats(loop)->longest_what, "");
	obj_free(a);
	loop_free(loop);
}
END_TEST

static void
on_signal(int signo, void *arg)
{
	must(signo == SIGUSR1);
	*(int *)arg += 1;
	loop_stop(loop);
}

START_TEST(signals)
{
	int n = 0;

	setup(REAL);
	loop_signal(loop, SIGUSR1, on_signal, &n);
	raise(SIGUSR1);
	ck_assert_int_eq(n, 0);
	loop_run(loop);
	ck_assert_int_eq(n, 1);
	loop_free(loop);
	/* The simulator takes the handler and never calls it. */
	setup(SIM);
	loop_signal(loop, SIGUSR1, on_signal, &n);
	loop_run(loop);
	ck_assert_int_eq(n, 1);
	loop_free(loop);
}
END_TEST

/* What happens in the simulator, as text, for one seed. */
static void
sim_story(uint64_t seed, char *out)
{
	struct obj *o[8];

	loop = loop_new_sim(seed);
	trace[0] = '\0';
	for (int i = 0; i < 8; i++) {
		o[i] = obj_new((char)('a' + i), act_drain);
		loop_io_set(loop, &o[i]->io, o[i]->sv[0], LOOP_READ);
		obj_make_ready(o[i]);
	}
	loop_run_idle(loop);
	for (int i = 0; i < 8; i++) {
		o[i]->name = (char)('A' + i);
		loop_timer_start(loop, &o[i]->timer, MONO_SEC(30));
	}
	loop_run(loop);
	ck_assert_int_eq(loop_clock(loop).us, MONO_SEC(31));
	strcpy(out, trace);
	ck_assert_uint_eq(strlen(out), 16);
	for (int i = 0; i < 8; i++)
		obj_free(o[i]);
	loop_free(loop);
}

START_TEST(sim_repeats)
{
	char first[64], again[64], others[10][64];
	int same = 0;

	for (uint64_t seed = 0; seed < 10; seed++) {
		sim_story(seed, first);
		sim_story(seed, again);
		ck_assert_str_eq(first, again);
		strcpy(others[seed], first);
		for (uint64_t k = 0; k < seed; k++)
			same += strcmp(others[k], first) == 0;
	}
	ck_assert_int_eq(same, 0);
}
END_TEST

/* Hours pass in no time, and in the simulator no slice is ever over. */
START_TEST(sim_clock)
{
	struct obj *a;
	int over = 0;

	setup(SIM);
	ck_assert_int_eq(loop_clock(loop).us, MONO_SEC(1));
	a = obj_new('a', NULL);
	for (int hour = 0; hour < 100; hour++) {
		loop_timer_start(loop, &a->timer, MONO_SEC(3600));
		loop_run(loop);
	}
	ck_assert_int_eq(loop_clock(loop).us, MONO_SEC(360001));
	ck_assert(!loop_slice_over(loop));
	loop_sim_hurry(loop, 3);
	for (int i = 0; i < 4000; i++)
		over += loop_slice_over(loop);
	ck_assert_int_gt(over, 800);
	ck_assert_int_lt(over, 1200);
	obj_free(a);
	loop_free(loop);
}
END_TEST

/* Random storm: objects whose callbacks start, stop, free and make objects, always with a
 * record of what may be called.  ASan sees what touches the freed. */
enum { STORM = 24 };

static struct obj *storm[STORM];
static uint64_t storm_rng;
static int storm_left;

static uint32_t
storm_draw(uint32_t n)
{
	storm_rng = storm_rng * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(storm_rng >> 33) % n;
}

static void storm_act(struct obj *o);

static void
storm_step(void)
{
	uint32_t i = storm_draw(STORM);
	struct obj *o = storm[i];

	if (!o) {
		storm[i] = obj_new('s', storm_act);
		return;
	}
	switch (storm_draw(9)) {
	case 0:
		loop_io_set(loop, &o->io, o->sv[0], 1 + storm_draw(3));
		break;
	case 1:
		loop_io_set(loop, &o->io, o->sv[1], 1 + storm_draw(3));
		break;
	case 2:
		loop_io_stop(&o->io);
		break;
	case 3:
		loop_timer_start(loop, &o->timer, storm_draw(200));
		break;
	case 4:
		loop_timer_stop(&o->timer);
		break;
	case 5:
		o->slices = (int)storm_draw(3);
		loop_work_queue(loop, &o->work);
		break;
	case 6:
		loop_work_cancel(&o->work);
		break;
	case 7:
		if (write(o->sv[1], "x", 1) != 1)
			act_drain(o);
		break;
	case 8:
		obj_free(o);
		storm[i] = NULL;
		break;
	}
}

static void
storm_act(struct obj *o)
{
	bool known = false;

	trace[0] = '\0';
	for (int i = 0; i < STORM; i++)
		known |= storm[i] == o;
	must(known);
	if (storm_left-- <= 0) {
		loop_stop(loop);
		return;
	}
	for (uint32_t n = storm_draw(6); n > 0; n--)
		storm_step();
}

START_TEST(random_storm)
{
	int seed = _i / BACKENDS;

	setup(_i % BACKENDS);
	storm_rng = (uint64_t)seed * 77 + 5;
	storm_left = 5000;
	while (storm_left > 0) {
		/* Whatever was going on may have died out. */
		storm_step();
		loop_run_until(loop, mono_add(loop_clock(loop), 300));
	}
	for (int i = 0; i < STORM; i++) {
		obj_free(storm[i]);
		storm[i] = NULL;
	}
	loop_free(loop);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ io_events, BACKENDS, 0 },
		{ io_read_and_write, BACKENDS, 0 },
		{ io_free_in_callback, BACKENDS, 0 },
		{ io_stop_in_callback, BACKENDS, 0 },
		{ timer_order, BACKENDS, 0 },
		{ timer_never_early, BACKENDS, 0 },
		{ timer_free_in_callback, BACKENDS, 0 },
		{ timer_zero_is_fair, BACKENDS, 0 },
		{ io_before_timers_before_work, BACKENDS, 0 },
		{ work_order, BACKENDS, 0 },
		{ work_in_own_slice, BACKENDS, 0 },
		{ work_free_in_slice, BACKENDS, 0 },
		{ work_is_fair, BACKENDS, 0 },
		{ run_until_and_idle, BACKENDS, 0 },
		{ measurement, 0, 0 },
		{ signals, 0, 0 },
		{ sim_repeats, 0, 0 },
		{ sim_clock, 0, 0 },
		{ sim_timers_on_time, 5, 0 },
		{ random_storm, 8 * BACKENDS, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("loop", tests);
}
