/* SPDX-License-Identifier: ISC */
/* check_txq: order, sharing and partial writes of a connection's output queue. */
#include "config.h"

#include "bgpd/txq.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/adjout.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static struct txq q;
static int fd[2];

static void
open_queue(int sndbuf)
{
	txq_init(&q);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	if (sndbuf)
		setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof sndbuf);
}

static void
close_queue(void)
{
	txq_fini(&q);
	close(fd[0]);
	close(fd[1]);
}

/* A message of one letter, repeated. */
static struct txbuf *
message(char c, uint32_t len)
{
	struct txbuf *b = xmalloc(sizeof *b + len);

	b->refs = 1;
	b->len = len;
	memset(b->data, c, len);
	return b;
}

static size_t
read_all(char *p, size_t max)
{
	size_t n = 0;
	ssize_t r;

	while (n < max && (r = read(fd[1], p + n, max - n)) > 0)
		n += (size_t)r;
	return n;
}

START_TEST(control_goes_first)
{
	char got[64];

	open_queue(0);
	txq_push(&q, message('a', 3));
	txq_push(&q, message('b', 3));
	txq_control(&q, "KK", 2);
	ck_assert_uint_eq(q.queued, 8);
	ck_assert_uint_eq(txq_control_bytes(&q), 2);
	ck_assert_int_eq(txq_write(&q, fd[0]), 8);
	ck_assert_uint_eq(read_all(got, sizeof got), 8);
	ck_assert(memcmp(got, "KKaaabbb", 8) == 0);
	ck_assert(txq_empty(&q) && q.count == 0);
	ck_assert_int_eq(txq_write(&q, fd[0]), 0);
	close_queue();
}
END_TEST

/* Writes until the socket is full in the middle of a message. */
static void
stick_in(char c, uint32_t len)
{
	do {
		txq_push(&q, message(c, len));
		ck_assert_int_ge(txq_write(&q, fd[0]), 0);
	} while (txq_empty(&q));
}

START_TEST(control_waits_for_the_message_begun)
{
	static char got[1 << 20];
	size_t n = 0, before;

	open_queue(4096);
	stick_in('a', 50001);
	ck_assert_uint_gt(q.off, 0);
	txq_push(&q, message('b', 10));
	txq_control(&q, "KK", 2);
	before = n;
	do {
		n += read_all(got + n, sizeof got - n);
		ck_assert_int_ge(txq_write(&q, fd[0]), 0);
	} while (!txq_empty(&q));
	n += read_all(got + n, sizeof got - n);
	ck_assert_uint_gt(n, before + 12);
	ck_assert_uint_eq((n - 12) % 50001, 0);
	ck_assert_int_eq(got[n - 13], 'a');
	ck_assert(memcmp(got + n - 12, "KKbbbbbbbbbb", 12) == 0);
	close_queue();
}
END_TEST

START_TEST(cut_keeps_what_was_begun)
{
	static char got[1 << 20];
	size_t n = 0;

	open_queue(4096);
	stick_in('a', 50001);
	for (int i = 0; i < 100; i++)
		txq_push(&q, message('b', 100));
	txq_control(&q, "N", 1);
	txq_cut(&q);
	do {
		n += read_all(got + n, sizeof got - n);
		ck_assert_int_ge(txq_write(&q, fd[0]), 0);
	} while (!txq_empty(&q));
	n += read_all(got + n, sizeof got - n);
	ck_assert_uint_eq((n - 1) % 50001, 0);
	ck_assert_int_eq(got[n - 1], 'N');
	ck_assert_ptr_null(memchr(got, 'b', n));
	close_queue();
}
END_TEST

START_TEST(cut_drops_what_was_not)
{
	char got[64];

	open_queue(0);
	txq_push(&q, message('a', 3));
	txq_control(&q, "N", 1);
	txq_cut(&q);
	ck_assert_int_eq(txq_write(&q, fd[0]), 1);
	ck_assert_uint_eq(read_all(got, sizeof got), 1);
	ck_assert_int_eq(got[0], 'N');
	close_queue();
}
END_TEST

START_TEST(shared_messages_and_growth)
{
	static char got[1 << 20];
	struct txbuf *b = message('x', 7);
	struct txq other;

	open_queue(0);
	txq_init(&other);
	for (int i = 0; i < 1000; i++) {
		txbuf_ref(b);
		txq_push(i % 2 ? &q : &other, b);
	}
	ck_assert_uint_eq(b->refs, 1001);
	txq_fini(&other);
	ck_assert_uint_eq(b->refs, 501);
	ck_assert_int_eq(txq_write(&q, fd[0]), 3500);
	ck_assert_uint_eq(b->refs, 1);
	ck_assert_uint_eq(read_all(got, sizeof got), 3500);
	txbuf_unref(b);
	close_queue();
}
END_TEST

/* Random pushes, controls and reads: every message arrives whole, in its order. */
START_TEST(random_order)
{
	unsigned rng = (unsigned)_i * 31 + 7;
	uint8_t next_b = 0, want_b = 0, next_c = 0, want_c = 0;
	static uint8_t in[1 << 20];
	size_t n = 0, at = 0;

	open_queue(4096);
	for (int i = 0; i < 2000; i++) {
		rng = rng * 1664525u + 1013904223u;
		if ((rng >> 28) < 6) {
			/* First octet: kind, second: number, third: hundreds of octets. */
			uint32_t len = 100 * (1 + (rng >> 8) % 30);
			struct txbuf *b = message((char)0, len);

			b->data[0] = 'b';
			b->data[1] = next_b++;
			b->data[2] = (uint8_t)(len / 100);
			txq_push(&q, b);
		} else if ((rng >> 28) < 8) {
			uint8_t c[100] = { 'c', next_c++, 1 };

			txq_control(&q, c, sizeof c);
		} else if ((rng >> 28) < 12) {
			ssize_t r = read(fd[1], in + n, 1 + (rng >> 10) % 5000);

			n += r > 0 ? (size_t)r : 0;
		}
		ck_assert_int_ge(txq_write(&q, fd[0]), 0);
		if (n > sizeof in - 6000)
			break;
	}
	while (at + 3 <= n && at + 100u * in[at + 2] <= n) {
		must(in[at] == 'b' || in[at] == 'c');
		must(in[at + 1] == (in[at] == 'b' ? want_b : want_c));
		if (in[at] == 'b')
			want_b++;
		else
			want_c++;
		at += 100u * in[at + 2];
	}
	must(n - at < 3100);
	close_queue();
}
END_TEST

START_TEST(broken_connection)
{
	open_queue(0);
	close(fd[1]);
	txq_push(&q, message('a', 3));
	ck_assert_int_eq(txq_write(&q, fd[0]), -EPIPE);
	txq_fini(&q);
	close(fd[0]);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ control_goes_first, 0, 0 },
		{ control_waits_for_the_message_begun, 0, 0 },
		{ cut_keeps_what_was_begun, 0, 0 },
		{ cut_drops_what_was_not, 0, 0 },
		{ shared_messages_and_growth, 0, 0 },
		{ random_order, 20, 0 },
		{ broken_connection, 0, 0 },
		{ 0 },
	};

	return run_tests("txq", tests);
}
