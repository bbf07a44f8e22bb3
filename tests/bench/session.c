/* SPDX-License-Identifier: ISC */
/* BGP sessions of the load tool: enough of the protocol to be accepted, all in one epoll set. */
#include "config.h"

#include "tests/bench/load.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RX_SIZE (256 * 1024)
#define HEADER_LEN 19

double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
session_poll(struct load *l, struct session *s, bool out)
{
	struct epoll_event ev = { .events = EPOLLIN | (out ? EPOLLOUT : 0),
		.data.ptr = s };

	s->polls_out = out;
	epoll_ctl(l->epfd, EPOLL_CTL_MOD, s->fd, &ev);
}

static void
session_fail(struct session *s, const char *why)
{
	fprintf(stderr, "bgpload: %s %u.%u.%u.%u: %s\n", s->role, s->source >> 24,
	    s->source >> 16 & 255, s->source >> 8 & 255, s->source & 255, why);
	s->lost = true;
	session_close(s);
}

void
session_close(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->up = false;
}

static void
session_flush(struct load *l, struct session *s)
{
	ssize_t n;

	while (s->out_len > 0) {
		if (s->out_start == 0)
			s->out_start = now_s();
		n = send(s->fd, s->out, s->out_len > 1 << 18 ? 1 << 18 : s->out_len,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0) {
			if (errno == EAGAIN)
				break;
			session_fail(s, strerror(errno));
			return;
		}
		s->out += n;
		s->out_len -= (size_t)n;
	}
	if (s->polls_out != (s->out_len > 0))
		session_poll(l, s, s->out_len > 0);
}

/* The bytes stay the caller's and must live until they are sent. */
void
session_send(struct load *l, struct session *s, const uint8_t *p, size_t len)
{
	s->out = p;
	s->out_len = len;
	s->out_start = 0;
	if (s->fd >= 0)
		session_flush(l, s);
}

/* Small messages go out at once: the socket is empty when they are sent. */
static void
session_say(struct session *s, struct bytes *b)
{
	if (send(s->fd, b->p, b->len, MSG_NOSIGNAL) != (ssize_t)b->len)
		session_fail(s, "cannot write");
	bytes_free(b);
}

static void
session_keepalive(struct load *l, struct session *s, double now)
{
	struct bytes b = { 0 };

	gen_keepalive(&b);
	session_say(s, &b);
	s->next_keepalive = now + l->conf.hold / 3.0;
}

/* A daemon that is busy still has to say something in time. */
static void
session_heard(struct session *s)
{
	double now = now_s();

	if (s->last_message > 0 && now - s->last_message > s->gap)
		s->gap = now - s->last_message;
	s->last_message = s->up ? now : 0;
}

static void
session_message(
    struct load *l, struct session *s, uint8_t type, const uint8_t *body, size_t len)
{
	uint32_t before = s->tally.have + s->tally.imet;
	char why[64];

	session_heard(s);
	switch (type) {
	case 1: /* OPEN */
		session_keepalive(l, s, now_s());
		break;
	case 2: /* UPDATE */
		if (!tally_update(&s->tally, body, len))
			session_fail(s, "malformed UPDATE");
		if (s->tally.have + s->tally.imet != before && s->first == 0)
			s->first = now_s();
		break;
	case 3: /* NOTIFICATION */
		snprintf(why, sizeof why, "NOTIFICATION %u/%u", body[0], body[1]);
		session_fail(s, why);
		break;
	case 4: /* KEEPALIVE */
		s->up = true;
		break;
	default:
		break;
	}
}

static void
session_parse(struct load *l, struct session *s)
{
	const uint8_t *p = s->rx, *end = s->rx + s->rx_len;
	size_t len;

	while (end - p >= HEADER_LEN) {
		len = (size_t)p[16] << 8 | p[17];
		if (len < HEADER_LEN || len > 4096 || (p[18] == 3 && len < 21)) {
			session_fail(s, "bad message length");
			return;
		}
		if ((size_t)(end - p) < len)
			break;
		session_message(l, s, p[18], p + HEADER_LEN, len - HEADER_LEN);
		if (s->fd < 0)
			return;
		p += len;
	}
	s->rx_len = (size_t)(end - p);
	memmove(s->rx, p, s->rx_len);
}

static void
session_read(struct load *l, struct session *s)
{
	ssize_t n;

	n = recv(s->fd, s->rx + s->rx_len, RX_SIZE - s->rx_len, MSG_DONTWAIT);
	if (n == 0) {
		session_fail(s, "closed by the daemon");
	} else if (n < 0) {
		if (errno != EAGAIN)
			session_fail(s, strerror(errno));
	} else {
		s->rx_bytes += (uint64_t)n;
		s->rx_len += (size_t)n;
		session_parse(l, s);
		s->last = now_s();
	}
}

struct session *
session_open(struct load *l, const char *role, uint32_t source, uint32_t tally)
{
	struct session *s = calloc(1, sizeof *s);
	struct sockaddr_in me = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(source) };
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = s };
	struct bytes b = { 0 };
	int one = 1, big = 4 << 20;

	if (!s || !(s->rx = malloc(RX_SIZE)))
		abort();
	s->role = role;
	s->source = source;
	tally_init(&s->tally, tally);
	s->next = l->sessions;
	l->sessions = s;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		abort();
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof big);
	if (bind(s->fd, (struct sockaddr *)&me, sizeof me) < 0 ||
	    connect(s->fd, (const struct sockaddr *)&l->conf.peer, sizeof l->conf.peer) <
		0) {
		session_fail(s, strerror(errno));
		return s;
	}
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	epoll_ctl(l->epfd, EPOLL_CTL_ADD, s->fd, &ev);
	gen_open(&b, &l->conf, source);
	session_say(s, &b);
	s->next_keepalive = now_s() + l->conf.hold / 3.0;
	return s;
}

/* A sender whose bytes are still on their way needs no KEEPALIVE, and could not fit one in. */
static void
sessions_tick(struct load *l, double now)
{
	struct session *s;

	for (s = l->sessions; s; s = s->next)
		if (s->up && s->out_len == 0 && now >= s->next_keepalive)
			session_keepalive(l, s, now);
}

bool
sessions_run(
    struct load *l, bool (*done)(struct load *, void *), void *arg, double seconds)
{
	struct epoll_event ev[64];
	double now = now_s(), end = now + seconds;
	struct session *s;
	int i, n, wait;

	for (; now < end; now = now_s()) {
		if (done && done(l, arg))
			return true;
		sessions_tick(l, now);
		wait = end - now < 0.5 ? (int)((end - now) * 1000) + 1 : 500;
		n = epoll_wait(l->epfd, ev, 64, l->ticks ? 1 : wait);
		for (i = 0; i < n; i++) {
			s = ev[i].data.ptr;
			if (!s) /* the kernel's events: read by done() */
				continue;
			if (s->fd >= 0 &&
			    (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
				session_read(l, s);
			if (s->fd >= 0 && (ev[i].events & EPOLLOUT))
				session_flush(l, s);
		}
	}
	return done && done(l, arg);
}
