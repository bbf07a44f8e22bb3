/* SPDX-License-Identifier: ISC */
/* bgpd/listen.c: listening sockets, their callers and their MD5 keys. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/tcp.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("bgp.listen");

enum {
	ACCEPTS = 16,	/* callers taken in one callback */
	PAUSE_MS = 500, /* without descriptors, before trying again */
};

struct listener {
	struct bgp *bgp;	 /* borrowed */
	struct listener *next;	 /* list of the instance */
	int fd;			 /* owned */
	struct loop_io io;	 /* of fd */
	struct loop_timer pause; /* nothing is accepted while it runs */
};

static void
on_pause(struct loop_timer *t)
{
	struct listener *l = container_of(t, struct listener, pause);

	loop_io_set(l->bgp->loop, &l->io, l->fd, LOOP_READ);
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct listener *l = container_of(io, struct listener, io);
	static struct log_rate rl;

	(void)ready;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage ss = { 0 };
		socklen_t len = sizeof ss;
		int fd = accept4(
		    l->fd, (struct sockaddr *)&ss, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			bgp_incoming(l->bgp, fd, ip_from_sockaddr(&ss, NULL));
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS) {
			log_warn_rl(
			    &rl, "no connection can be accepted (%s)", strerror(errno));
			loop_io_stop(&l->io);
			loop_timer_start(l->bgp->loop, &l->pause, MONO_MS(PAUSE_MS));
		}
		return;
	}
}

/* Keys. */

static void
set_key(const struct listener *l, struct prefix who, const char *password)
{
	char text[PREFIX_STRLEN];
	int err = tcp_set_md5(l->fd, who, password);

	/* Removing one that the socket never had is no fault; an IPv4 socket has no IPv6 peers. */
	if (err < 0 && password && err != -EAFNOSUPPORT)
		log_error("no MD5 key for %s: its connections will be refused (%s)",
		    prefix_format(who, text), strerror(-err));
}

static void
set_keys(const struct listener *l, const struct bgp_conf *c, bool on)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->npeers; i++) {
		const struct peer_conf *pc = &c->peers[i];

		if (pc->password)
			set_key(l,
			    (struct prefix){ pc->addr, (uint8_t)(pc->addr.len * 8) },
			    on ? pc->password : NULL);
	}
	for (size_t i = 0; i < c->nranges; i++) {
		const struct peer_conf *pc = &c->templates[c->ranges[i].template_idx];

		if (pc->password)
			set_key(l, c->ranges[i].range, on ? pc->password : NULL);
	}
}

void
listen_set_keys(struct bgp *b, const struct bgp_conf *was, const struct bgp_conf *is)
{
	for (struct listener *l = b->listeners; l; l = l->next) {
		set_keys(l, was, false);
		set_keys(l, is, true);
	}
}

/* Sockets. */

void
bgp_listen_fd(struct bgp *b, int fd)
{
	struct listener *l = xcalloc(1, sizeof *l);

	l->bgp = b;
	l->fd = fd;
	l->next = b->listeners;
	b->listeners = l;
	loop_io_init(&l->io, on_io);
	loop_timer_init(&l->pause, on_pause);
	tcp_set_listening(fd);
	set_keys(l, b->conf, true);
	loop_io_set(b->loop, &l->io, fd, LOOP_READ);
}

void
listen_close_all(struct bgp *b)
{
	struct listener *l;

	while ((l = b->listeners) != NULL) {
		b->listeners = l->next;
		loop_io_stop(&l->io);
		loop_timer_stop(&l->pause);
		close(l->fd);
		free(l);
	}
}

const struct peer_conf *
listen_template(const struct bgp_conf *c, struct ip from)
{
	/* The longest prefix comes first. */
	for (size_t i = 0; i < c->nranges; i++)
		if (prefix_contains(c->ranges[i].range, from))
			return &c->templates[c->ranges[i].template_idx];
	return NULL;
}
