/* SPDX-License-Identifier: ISC */
/* bgpd/farewell.c: the last second of a connection. */
#include "config.h"

#include "bgpd/farewell.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/util.h"

enum { FAREWELL_MS = 1000 };

struct farewell {
	struct farewells *all;	       /* borrowed */
	struct farewell *next, **link; /* list */
	int fd;			       /* owned */
	struct loop_io io;	       /* of fd */
	struct loop_timer timer;       /* the end of our patience */
	struct txq tx;		       /* what is left to say */
	bool shut;		       /* our direction is closed */
};

static void
farewell_free(struct farewell *g)
{
	*g->link = g->next;
	if (g->next)
		g->next->link = g->link;
	loop_io_stop(&g->io);
	loop_timer_stop(&g->timer);
	close(g->fd);
	txq_fini(&g->tx);
	free(g);
}

static void
farewell_end(struct farewell *g)
{
	struct farewells *l = g->all;

	farewell_free(g);
	if (!l->first && l->idle)
		l->idle(l->arg);
}

/* Throws away what the peer still says; false once there is nothing more to come. */
static bool
drain(int fd)
{
	uint8_t buf[4096];
	ssize_t n = recv(fd, buf, sizeof buf, MSG_DONTWAIT);

	return n > 0 ||
	       (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct farewell *g = container_of(io, struct farewell, io);

	if (ready & LOOP_READ && !drain(g->fd)) {
		farewell_end(g);
		return;
	}
	if (g->shut)
		return;
	if (txq_write(&g->tx, g->fd) < 0) {
		farewell_end(g);
		return;
	}
	if (txq_empty(&g->tx)) {
		g->shut = true;
		shutdown(g->fd, SHUT_WR);
		loop_io_set(g->all->loop, &g->io, g->fd, LOOP_READ);
	}
}

static void
on_timer(struct loop_timer *t)
{
	farewell_end(container_of(t, struct farewell, timer));
}

void
farewells_init(struct farewells *l, struct loop *loop)
{
	*l = (struct farewells){ .loop = loop };
}

void
farewells_fini(struct farewells *l)
{
	while (l->first)
		farewell_free(l->first);
}

void
farewell_add(struct farewells *l, int fd, struct txq *q)
{
	struct farewell *g = xcalloc(1, sizeof *g);

	g->all = l;
	g->fd = fd;
	g->tx = *q;
	txq_init(q);
	g->next = l->first;
	g->link = &l->first;
	if (g->next)
		g->next->link = &g->next;
	l->first = g;
	loop_io_init(&g->io, on_io);
	loop_timer_init(&g->timer, on_timer);
	loop_timer_start(l->loop, &g->timer, MONO_MS(FAREWELL_MS));
	/* What fits goes now; an error is met again, in the loop. */
	(void)txq_write(&g->tx, fd);
	loop_io_set(l->loop, &g->io, fd, LOOP_READ | LOOP_WRITE);
}
