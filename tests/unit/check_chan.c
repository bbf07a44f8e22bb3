/* SPDX-License-Identifier: ISC */
/* Channels on both backends: framing, back-pressure, descriptors, ends of all kinds. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/chan.h"
#include "lib/util.h"
#include "tests/unit/run.h"

enum { REAL, SIM, BACKENDS, MAX_MSG = 200000 };

/* One end of a channel and what it saw. */
struct end {
	struct chan c;		    /* under test */
	int msgs;		    /* messages received */
	uint64_t bytes;		    /* of their bodies */
	int fds;		    /* descriptors received */
	int closes;		    /* calls of on_close */
	int drains;		    /* calls of on_drain */
	char why[80];		    /* of on_close */
	uint16_t last_type;	    /* of the last message */
	struct end *peer;	    /* for tests that act on it */
	void (*act)(struct end *e); /* called by on_msg, may be NULL */
};

static struct loop *loop;

/* Message n of a test: its type, its length and a byte of it are computed from n. */
static size_t
msg_len(int n)
{
	static const size_t lens[] = { 0, 1, 2, 5, 6, 7, 100, 4090, 4096, 65536, 3,
		150000 };

	return lens[(size_t)n % ARRAY_LEN(lens)];
}

static uint8_t
msg_byte(int n, size_t at)
{
	return (uint8_t)((size_t)n * 7 + at * 31 + (at >> 8));
}

static void
on_msg(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	struct end *e = arg;

	must(type == (uint16_t)e->msgs);
	must(len == msg_len(e->msgs));
	for (size_t i = 0; i < len; i++)
		must(body[i] == msg_byte(e->msgs, i));
	if (fd >= 0) {
		char name[32] = "";

		/* It is the descriptor of this very message: a pipe that holds its number. */
		must(read(fd, name, sizeof(name)) > 0);
		must(atoi(name) == e->msgs);
		close(fd);
		e->fds++;
	}
	e->msgs++;
	e->bytes += len;
	if (e->act)
		e->act(e);
}

static void
on_close(void *arg, const char *why)
{
	struct end *e = arg;

	e->closes++;
	snprintf(e->why, sizeof(e->why), "%s", why);
}

static void
on_drain(void *arg)
{
	struct end *e = arg;

	e->drains++;
	must(!chan_full(&e->c));
}

static const struct chan_ops ops = { on_msg, on_close, on_drain };

static int
pipe_with(int n)
{
	int p[2];

	must(pipe(p) == 0);
	must(dprintf(p[1], "%d", n) > 0);
	close(p[1]);
	return p[0];
}

static bool
send_nth(struct end *e, int n, bool with_fd)
{
	static uint8_t body[MAX_MSG];
	size_t len = msg_len(n);

	for (size_t i = 0; i < len; i++)
		body[i] = msg_byte(n, i);
	return chan_send(&e->c, (uint16_t)n, body, len, with_fd ? pipe_with(n) : -1);
}

static void
setup(int backend, struct end *a, struct end *b)
{
	int sv[2];

	loop = backend == REAL ? loop_new() : loop_new_sim(3);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) == 0);
	memset(a, 0, sizeof(*a));
	memset(b, 0, sizeof(*b));
	a->peer = b;
	b->peer = a;
	chan_init(&a->c, loop, sv[0], &ops, a, MAX_MSG);
	chan_init(&b->c, loop, sv[1], &ops, b, MAX_MSG);
}

static void
teardown(struct end *a, struct end *b)
{
	chan_close(&a->c);
	chan_close(&b->c);
	ck_assert_int_eq(a->c.fd, -1);
	chan_close(&a->c);
	loop_free(loop);
}

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

START_TEST(messages)
{
	enum { N = 600 };
	static const int fds[] = { 0, 100, 12, 300 };
	struct end a, b;
	int before = open_descriptors();

	setup(_i % BACKENDS, &a, &b);
	/* Every so many messages carry a descriptor: never, all, some, neighbours. */
	for (int n = 0; n < N; n++) {
		static const int every[] = { 0, 1, 50, 2 };
		int k = every[_i / BACKENDS];
		bool with_fd =
		    k == 1 ? n < 100 : k && (n % k == 0 || n % k == 1) && n < 300;

		ck_assert(send_nth(&a, n, with_fd));
		if (n % 40 == 0)
			loop_run_idle(loop);
	}
	/* The other way at the same time. */
	for (int n = 0; n < 50; n++)
		ck_assert(send_nth(&b, n, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, N);
	ck_assert_int_eq(a.msgs, 50);
	ck_assert_int_eq(b.fds, fds[_i / BACKENDS]);
	ck_assert_uint_eq(a.c.tx_queued, 0);
	ck_assert_ptr_null(a.c.tx_head);
	/* Nobody holds memory or turns for a channel at rest. */
	ck_assert_ptr_null(b.c.rx);
	ck_assert_ptr_null(b.c.rx_work.loop);
	ck_assert_ptr_null(a.c.tx_work.loop);
	ck_assert_uint_eq(a.c.io.events, LOOP_READ);
	ck_assert_int_eq(a.closes + b.closes, 0);
	teardown(&a, &b);
	ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* The peer is a raw socket that writes `step` bytes at a time. */
START_TEST(partial_frames)
{
	static const size_t steps[] = { 1, 2, 3, 5, 6, 7, 64, 4099 };
	size_t step = steps[_i / BACKENDS], len = 0, at;
	uint8_t *text = xmalloc(1 << 20);
	struct end e = { .msgs = 0 };
	int sv[2], n;

	loop = _i % BACKENDS == REAL ? loop_new() : loop_new_sim(3);
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	chan_init(&e.c, loop, sv[0], &ops, &e, MAX_MSG);
	for (n = 0; n < 9; n++) {
		size_t body = msg_len(n);

		memcpy(text + len,
		    (uint8_t[]){ 0, 0, (uint8_t)((body + 2) >> 8), (uint8_t)(body + 2), 0,
			(uint8_t)n },
		    6);
		len += 6;
		for (size_t i = 0; i < body; i++)
			text[len++] = msg_byte(n, i);
	}
	for (at = 0; at < len; at += step) {
		size_t k = MIN(step, len - at);

		must(write(sv[1], text + at, k) == (ssize_t)k);
		loop_run_idle(loop);
	}
	ck_assert_int_eq(e.msgs, 9);
	/* The end comes in the middle of a message: it is not delivered, and no error. */
	must(write(sv[1], text, 5) == 5);
	close(sv[1]);
	loop_run_idle(loop);
	ck_assert_int_eq(e.msgs, 9);
	ck_assert_int_eq(e.closes, 1);
	ck_assert_str_eq(e.why, "");
	chan_close(&e.c);
	loop_free(loop);
	free(text);
}
END_TEST

START_TEST(bad_length)
{
	static const uint8_t heads[][6] = {
		{ 0, 0, 0, 0, 0, 0 },
		{ 0, 0, 0, 1, 0, 0 },
		{ 0, 3, 0x0d, 0x43, 0, 1 }, /* MAX_MSG + 3 */
		{ 0xff, 0xff, 0xff, 0xff, 0, 1 },
	};
	struct end e = { .msgs = 0 };
	int sv[2];

	loop = _i % BACKENDS == REAL ? loop_new() : loop_new_sim(3);
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	chan_init(&e.c, loop, sv[0], &ops, &e, MAX_MSG);
	/* A good message before it arrives. */
	must(write(sv[1], "\0\0\0\2\0\0", 6) == 6);
	must(write(sv[1], heads[_i / BACKENDS], 6) == 6);
	loop_run_idle(loop);
	ck_assert_int_eq(e.msgs, 1);
	ck_assert_int_eq(e.closes, 1);
	ck_assert_str_ne(e.why, "");
	/* Dead until it is closed: nothing goes out, nothing is called. */
	ck_assert(!chan_send(&e.c, 1, "x", 1, pipe_with(0)));
	must(write(sv[1], "\0\0\0\2\0\1", 6) == 6);
	loop_run_idle(loop);
	ck_assert_int_eq(e.msgs, 1);
	ck_assert_int_eq(e.closes, 1);
	chan_close(&e.c);
	ck_assert(!chan_send(&e.c, 1, "x", 1, -1));
	close(sv[1]);
	loop_free(loop);
}
END_TEST

/* The longest message that is allowed, and nothing beside it. */
START_TEST(longest)
{
	struct end a, b;

	setup(_i, &a, &b);
	b.c.max_msg = msg_len(9);
	b.msgs = 9;
	ck_assert(send_nth(&a, 9, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, 10);
	b.c.max_msg--;
	b.msgs = 9;
	ck_assert(send_nth(&a, 9, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, 9);
	ck_assert_int_eq(b.closes, 1);
	teardown(&a, &b);
}
END_TEST

START_TEST(back_pressure)
{
	struct end a, b;
	int n = 0, sent_full;

	setup(_i, &a, &b);
	a.c.high_water = 300000;
	ck_assert(!chan_full(&a.c));
	/* The reader stands still: the queue grows past the mark and says so. */
	loop_io_stop(&b.c.io);
	for (; !chan_full(&a.c); n++) {
		ck_assert(send_nth(&a, n, false));
		loop_run_idle(loop);
		must(n < 10000);
	}
	ck_assert_uint_gt(a.c.tx_queued, 300000);
	sent_full = n;
	/* More is still taken; stopping is the sender's part. */
	ck_assert(send_nth(&a, n++, false));
	loop_run_idle(loop);
	ck_assert_int_eq(a.drains, 0);
	ck_assert_uint_eq(a.c.io.events, LOOP_READ | LOOP_WRITE);
	loop_io_set(loop, &b.c.io, b.c.fd, LOOP_READ);
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, n);
	ck_assert_int_gt(n, sent_full);
	ck_assert_int_eq(a.drains, 1);
	ck_assert_uint_eq(a.c.tx_queued, 0);
	ck_assert_uint_eq(a.c.io.events, LOOP_READ);
	/* Small traffic owes nothing. */
	for (int k = 0; k < 8; k++)
		ck_assert(send_nth(&a, n++, false));
	loop_run_idle(loop);
	ck_assert_int_eq(a.drains, 1);
	ck_assert_int_eq(b.msgs, n);
	teardown(&a, &b);
}
END_TEST

static void
act_drain_close(void *arg)
{
	struct end *e = arg;

	e->drains++;
	chan_close(&e->c);
	free(e);
}

/* on_drain closes the channel and frees it. */
START_TEST(free_in_drain)
{
	static const struct chan_ops drain_ops = { on_msg, on_close, act_drain_close };
	struct end *a = xcalloc(1, sizeof(*a)), b;

	setup(_i, a, &b);
	a->c.ops = &drain_ops;
	a->c.high_water = 1000;
	for (int n = 0; n < 9; n++)
		ck_assert(send_nth(a, n, false));
	ck_assert(chan_full(&a->c));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, 9);
	ck_assert_int_eq(b.closes, 1);
	chan_close(&b.c);
	loop_free(loop);
}
END_TEST

static void
act_close_at_3(struct end *e)
{
	if (e->msgs == 3)
		chan_close(&e->c);
}

static void
act_free_at_3(struct end *e)
{
	if (e->msgs == 3) {
		chan_close(&e->c);
		memset(e, 0xdd, sizeof(*e));
		free(e);
	}
}

static const uint8_t *kept_body;

static void
on_msg_close_then_read(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	struct end *e = arg;

	(void)type;
	(void)fd;
	chan_close(&e->c);
	/* Borrowed for the whole call, whatever the call did. */
	for (size_t i = 0; i < len; i++)
		must(body[i] == msg_byte(6, i));
	kept_body = body;
	e->msgs++;
}

START_TEST(close_in_message)
{
	static const struct chan_ops read_ops = { on_msg_close_then_read, on_close,
		NULL };
	struct end a, b, *f;

	setup(_i, &a, &b);
	b.act = act_close_at_3;
	for (int n = 0; n < 10; n++)
		ck_assert(send_nth(&a, n, n == 5));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, 3);
	ck_assert_int_eq(b.closes, 0);
	ck_assert_int_eq(a.closes, 1);
	teardown(&a, &b);
	f = xcalloc(1, sizeof(*f));
	setup(_i, &a, f);
	f->act = act_free_at_3;
	for (int n = 0; n < 10; n++)
		ck_assert(send_nth(&a, n, n == 5));
	loop_run_idle(loop);
	ck_assert_int_eq(a.closes, 1);
	chan_close(&a.c);
	loop_free(loop);
	setup(_i, &a, &b);
	b.c.ops = &read_ops;
	ck_assert(send_nth(&a, 6, false));
	ck_assert(send_nth(&a, 6, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, 1);
	ck_assert_ptr_nonnull(kept_body);
	teardown(&a, &b);
}
END_TEST

static void
on_close_free(void *arg, const char *why)
{
	struct end *e = arg;

	ck_assert_str_eq(why, "");
	chan_close(&e->c);
	e->peer->drains = 99;
	free(e);
}

START_TEST(free_in_close)
{
	static const struct chan_ops free_ops = { on_msg, on_close_free, on_drain };
	struct end a, *b = xcalloc(1, sizeof(*b));

	setup(_i, &a, b);
	b->c.ops = &free_ops;
	ck_assert(send_nth(&a, 0, true));
	loop_run_idle(loop);
	chan_close(&a.c);
	loop_run_idle(loop);
	ck_assert_int_eq(a.drains, 99);
	loop_free(loop);
}
END_TEST

/* The peer answers and goes while we still write to it: its answer is delivered first. */
START_TEST(last_words)
{
	struct end a, b;

	setup(_i, &a, &b);
	for (int n = 0; n < 7; n++)
		ck_assert(send_nth(&b, n, false));
	ck_assert(chan_flush(&b.c));
	chan_close(&b.c);
	for (int n = 0; n < 20; n++)
		ck_assert(send_nth(&a, n, n == 2));
	loop_run_idle(loop);
	ck_assert_int_eq(a.msgs, 7);
	ck_assert_int_eq(a.closes, 1);
	ck_assert_str_eq(a.why, "");
	ck_assert(!send_nth(&a, 0, false));
	ck_assert_uint_eq(a.c.tx_queued, 0);
	teardown(&a, &b);
}
END_TEST

/* The peer reads no more but keeps its side open: the failure is reported all the same. */
START_TEST(half_closed)
{
	struct end a, b;

	setup(_i, &a, &b);
	ck_assert_int_eq(shutdown(b.c.fd, SHUT_RD), 0);
	loop_io_stop(&b.c.io);
	ck_assert(send_nth(&a, 6, false));
	loop_run_idle(loop);
	ck_assert_int_eq(a.closes, 1);
	ck_assert_str_eq(a.why, strerror(EPIPE));
	teardown(&a, &b);
}
END_TEST

START_TEST(flush_by_hand)
{
	struct end a, b;
	int n = 0;

	setup(_i, &a, &b);
	ck_assert(chan_flush(&a.c));
	ck_assert(send_nth(&a, n++, false));
	ck_assert(chan_flush(&a.c));
	ck_assert_uint_eq(a.c.tx_queued, 0);
	while (chan_flush(&a.c)) {
		ck_assert(send_nth(&a, n++, false));
		must(n < 10000);
	}
	ck_assert_uint_gt(a.c.tx_queued, 0);
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, n);
	ck_assert(chan_flush(&a.c));
	teardown(&a, &b);
}
END_TEST

/* A peer that sends descriptors nobody asked for, many to a message, costs none of ours. */
START_TEST(unwanted_descriptors)
{
	struct end e = { .msgs = 0 };
	int sv[2], before = open_descriptors(), fds[4];
	union {
		char buf[CMSG_SPACE(sizeof(fds))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { NULL, 0 };
	struct msghdr mh = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.buf) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&mh);
	char text[] = "\0\0\0\2\0\0"
		      "\0\0\0\3\0\1?";

	loop = _i == REAL ? loop_new() : loop_new_sim(3);
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	chan_init(&e.c, loop, sv[0], &ops, &e, MAX_MSG);
	text[12] = (char)msg_byte(1, 0);
	for (int i = 0; i < 4; i++)
		fds[i] = pipe_with(0);
	memset(&control, 0, sizeof(control));
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(cm), fds, sizeof(fds));
	/* On each piece of the first message; then the second without any. */
	for (int i = 0; i < 6; i++) {
		iov = (struct iovec){ text + i, 1 };
		must(sendmsg(sv[1], &mh, 0) == 1);
	}
	must(write(sv[1], text + 6, 7) == 7);
	loop_run_idle(loop);
	ck_assert_int_eq(e.msgs, 2);
	ck_assert_int_eq(e.fds, 1);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	/* Ends with one in hand. */
	iov = (struct iovec){ text, 1 };
	mh.msg_controllen = CMSG_SPACE(sizeof(int));
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	fds[0] = pipe_with(0);
	memcpy(CMSG_DATA(cm), fds, sizeof(int));
	must(sendmsg(sv[1], &mh, 0) == 1);
	close(fds[0]);
	loop_run_idle(loop);
	chan_close(&e.c);
	close(sv[1]);
	loop_free(loop);
	ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* Queued descriptors go with the channel. */
START_TEST(close_with_queue)
{
	struct end a, b;
	int before = open_descriptors();

	setup(_i, &a, &b);
	for (int n = 0; n < 20; n++)
		ck_assert(send_nth(&a, n, true));
	teardown(&a, &b);
	ck_assert_int_eq(open_descriptors(), before);
	/* Never opened. */
	memset(&a, 0, sizeof(a));
	a.c.fd = -1;
	chan_close(&a.c);
}
END_TEST

/* Two channels into one loop: the busy one does not keep the other waiting. */
static int busy_at_quiet;

static void
act_note_busy(struct end *e)
{
	busy_at_quiet = e->peer->msgs;
}

START_TEST(fair)
{
	struct end a, b, q, r;
	struct loop *one;
	int sv[2], n;

	setup(_i, &a, &b);
	one = loop;
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	memset(&q, 0, sizeof(q));
	memset(&r, 0, sizeof(r));
	chan_init(&q.c, one, sv[0], &ops, &q, MAX_MSG);
	chan_init(&r.c, one, sv[1], &ops, &r, MAX_MSG);
	r.peer = &b;
	r.act = act_note_busy;
	/* 30 MB on one, one message on the other. */
	for (n = 0; n < 1600; n++)
		ck_assert(send_nth(&a, n, false));
	ck_assert(send_nth(&q, 0, false));
	loop_run_idle(one);
	ck_assert_int_eq(b.msgs, n);
	ck_assert_int_eq(r.msgs, 1);
	ck_assert_int_lt(busy_at_quiet, n / 4);
	chan_close(&q.c);
	chan_close(&r.c);
	teardown(&a, &b);
}
END_TEST

static uint64_t this_turn; /* number of the turn that is counted */
static uint64_t in_turn;   /* what was counted in it */

static void
count_in_turn(uint64_t n, uint64_t max)
{
	if (loop_stats(loop)->turns != this_turn)
		in_turn = 0;
	this_turn = loop_stats(loop)->turns;
	in_turn += n;
	must(in_turn <= max);
}

static void
act_use_slice(struct end *e)
{
	if (e->msgs % 2 != 0)
		return;
	/* One slice as the descriptor's callback, one as work. */
	count_in_turn(1, 2);
	while (!loop_slice_over(loop))
		;
}

static void
act_count_bytes(struct end *e)
{
	/* Twice a budget, and what one receive may be over it. */
	count_in_turn(msg_len(e->msgs - 1), 2 * ((1 << 20) + (512 << 10)));
}

/* Slow callbacks: reading goes on in the next slice, from the buffer and then the socket, and
 * a close in the middle of that is a close. */
START_TEST(slices)
{
	enum { N = 300 };
	struct end a, b;

	setup(REAL, &a, &b);
	b.act = act_use_slice;
	for (int n = 0; n < N; n++)
		ck_assert(send_nth(&a, n, n % 3 == 0));
	for (int n = 0; n < 20; n++)
		ck_assert(send_nth(&b, n, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, N);
	ck_assert_int_eq(b.fds, N / 3);
	ck_assert_int_eq(a.msgs, 20);
	ck_assert_ptr_null(b.c.rx);
	ck_assert_uint_eq(b.c.io.events, LOOP_READ);
	a.act = act_use_slice;
	for (int n = N; n < N + 20; n++)
		ck_assert(send_nth(&a, n, true));
	ck_assert(chan_flush(&a.c) || a.c.tx_queued > 0);
	loop_run_idle(loop);
	chan_close(&a.c);
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, N + 20);
	ck_assert_int_eq(b.closes, 1);
	teardown(&a, &b);
}
END_TEST

/* With large socket buffers one callback could read and write for long: it has a budget. */
START_TEST(budgets)
{
	struct end a, b;
	int big = 32 << 20, n;

	setup(_i, &a, &b);
	b.act = act_count_bytes;
	/* Refused without privilege; then the other tests' sizes are used once more. */
	(void)setsockopt(a.c.fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof(big));
	for (n = 0; n < 700; n++)
		ck_assert(send_nth(&a, n, false));
	loop_run_idle(loop);
	ck_assert_int_eq(b.msgs, n);
	ck_assert_uint_eq(a.c.tx_queued, 0);
	teardown(&a, &b);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ messages, 4 * BACKENDS, 0 },
		{ partial_frames, 8 * BACKENDS, 0 },
		{ bad_length, 4 * BACKENDS, 0 },
		{ longest, BACKENDS, 0 },
		{ back_pressure, BACKENDS, 0 },
		{ free_in_drain, BACKENDS, 0 },
		{ close_in_message, BACKENDS, 0 },
		{ free_in_close, BACKENDS, 0 },
		{ last_words, BACKENDS, 0 },
		{ half_closed, BACKENDS, 0 },
		{ flush_by_hand, BACKENDS, 0 },
		{ unwanted_descriptors, BACKENDS, 0 },
		{ close_with_queue, BACKENDS, 0 },
		{ fair, BACKENDS, 0 },
		{ slices, 0, 0 },
		{ budgets, BACKENDS, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("chan", tests);
}
