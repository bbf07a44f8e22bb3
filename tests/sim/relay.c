/* SPDX-License-Identifier: ISC */
/* Connections of the simulator: delayed, ordered, cut at will. */
#include "config.h"

#include "tests/sim/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/util.h"

#define RETRY_US 100 /* the speaker does not read right now */

struct relay_chunk {
	struct relay_chunk *next; /* queue */
	size_t len, done;	  /* bytes in it, and written of them */
	int64_t delay;		  /* microseconds after the one before */
	uint8_t data[];		  /* as read */
};

static struct relay_side *
other(struct relay_side *s)
{
	return &s->relay->side[s == &s->relay->side[0]];
}

static void
close_side(struct relay_side *s)
{
	if (s->fd < 0)
		return;
	loop_io_stop(&s->io);
	close(s->fd);
	s->fd = -1;
	s->eof = true;
}

void
relay_cut(struct relay *r)
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct relay_side *s = &r->side[i];
		struct relay_chunk *c;

		close_side(s);
		loop_timer_stop(&s->timer);
		while ((c = s->head) != NULL) {
			s->head = c->next;
			free(c);
		}
	}
	*r->link = r->next;
	if (r->next)
		r->next->link = r->link;
	free(r);
}

/* Everything that `from` said has been heard: the end may be heard too. */
static void
maybe_end(struct relay_side *from)
{
	if (from->eof && !from->head)
		relay_cut(from->relay);
}

static void
due(struct loop_timer *t)
{
	struct relay_side *s = container_of(t, struct relay_side, timer), *to = other(s);
	struct relay_chunk *c = s->head;
	ssize_t n = 0;

	if (to->fd >= 0) {
		n = send(to->fd, c->data + c->done, c->len - c->done, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN) {
			loop_timer_start(s->relay->loop, t, RETRY_US);
			return;
		}
		c->done += n > 0 ? (size_t)n : 0;
		if (n >= 0 && c->done < c->len) {
			loop_timer_start(s->relay->loop, t, RETRY_US);
			return;
		}
	}
	s->head = c->next;
	free(c);
	if (s->head)
		loop_timer_start(s->relay->loop, t, s->head->delay);
	else
		maybe_end(s);
}

static void
readable(struct loop_io *io, unsigned ready)
{
	struct relay_side *s = container_of(io, struct relay_side, io);
	struct relay *r = s->relay;
	uint8_t buf[65536];
	ssize_t n = recv(s->fd, buf, sizeof buf, 0);
	struct relay_chunk *c;

	(void)ready;
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		close_side(s);
		maybe_end(s);
		return;
	}
	c = xmalloc(sizeof *c + (size_t)n);
	*c = (struct relay_chunk){ .len = (size_t)n };
	c->delay = r->delay ? r->delay(r->delay_arg) : 0;
	memcpy(c->data, buf, (size_t)n);
	if (s->head)
		s->tail->next = c;
	else
		s->head = c;
	s->tail = c;
	if (!loop_timer_running(&s->timer))
		loop_timer_start(r->loop, &s->timer, s->head->delay);
}

struct relay *
relay_new(struct loop *l, struct relay **list, int fds[2])
{
	struct relay *r = xcalloc(1, sizeof *r);
	unsigned i;

	r->loop = l;
	for (i = 0; i < 2; i++) {
		int pair[2];

		ensure(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			   pair) == 0);
		fds[i] = pair[0];
		r->side[i].fd = pair[1];
		r->side[i].relay = r;
		loop_io_init(&r->side[i].io, readable);
		loop_timer_init(&r->side[i].timer, due);
		loop_io_set(l, &r->side[i].io, pair[1], LOOP_READ);
	}
	r->next = *list;
	r->link = list;
	if (r->next)
		r->next->link = &r->next;
	*list = r;
	return r;
}
