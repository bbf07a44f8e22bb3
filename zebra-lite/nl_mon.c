/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_mon.c: subscriptions to what changes in the kernel. */
#include "config.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/nl_priv.h"

LOG_MODULE("zl.nl");
COUNTER(netlink_overruns);

static void
tell_lost(struct nl_mon *m)
{
	if (!m->lost)
		return;
	m->lost = false;
	COUNT(netlink_overruns);
	m->on_lost(m->arg);
}

static void
datagram(struct nl_mon *m, uint8_t *data, size_t len)
{
	struct nlmsghdr *h = (struct nlmsghdr *)data;

	for (int left = (int)len; nlmsg_ok(h, left); h = nlmsg_next(h, &left))
		m->on_msg(m->arg, h);
}

/* Receives once; false when nothing was there. */
static bool
receive(struct nl_mon *m)
{
	int n = recvmmsg(nl_socket_get_fd(m->sk), m->msgs, m->nbufs, MSG_DONTWAIT, NULL);

	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno == ENOBUFS) {
		m->lost = true;
		return true;
	}
	if (n < 0 && errno != EAGAIN)
		log_error("netlink: reading a monitor failed (%s)", strerror(errno));
	for (int i = 0; i < n; i++) {
		if (m->msgs[i].msg_hdr.msg_flags & MSG_TRUNC)
			m->lost = true;
		else
			datagram(m, m->rx + (size_t)i * m->bufsize, m->msgs[i].msg_len);
	}
	return n > 0;
}

void
nl_mon_drain(struct nl_mon *m)
{
	if (m->paused || !m->sk)
		return;
	while (receive(m))
		;
	tell_lost(m);
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct nl_mon *m = container_of(io, struct nl_mon, io);
	bool more;

	(void)ready;
	do
		more = receive(m);
	while (more && !m->paused && !loop_slice_over(m->nl->loop));
	if (!more)
		tell_lost(m);
}

static int
subscribe(struct nl_mon *m, const struct nl_mon_conf *conf)
{
	struct sock_fprog prog = { (unsigned short)conf->nfilter,
		(struct sock_filter *)conf->filter };

	nl_sock_rcvbuf(m->sk, conf->rcvbuf);
	/* Before the subscription, or unfiltered events would already wait. */
	if (conf->filter && setsockopt(nl_socket_get_fd(m->sk), SOL_SOCKET,
				SO_ATTACH_FILTER, &prog, sizeof prog) < 0)
		return -errno;
	for (const int *g = conf->groups; *g; g++) {
		/* Older kernels lack the newer groups, and what they would tell. */
		if (nl_socket_add_membership(m->sk, *g) < 0)
			log_debug("netlink: no group %d in this kernel", *g);
	}
	return 0;
}

static void
alloc_buffers(struct nl_mon *m)
{
	m->rx = xmalloc(m->nbufs * m->bufsize);
	m->iov = xcalloc(m->nbufs, sizeof *m->iov);
	m->msgs = xcalloc(m->nbufs, sizeof *m->msgs);
	for (unsigned i = 0; i < m->nbufs; i++) {
		m->iov[i] = (struct iovec){ m->rx + i * m->bufsize, m->bufsize };
		m->msgs[i].msg_hdr.msg_iov = &m->iov[i];
		m->msgs[i].msg_hdr.msg_iovlen = 1;
	}
}

int
nl_mon_open(struct nl_mon *m, struct nl *nl, const struct nl_mon_conf *conf)
{
	int rc;

	ensure(conf->nbufs > 0);
	memset(m, 0, sizeof *m);
	m->nl = nl;
	m->nbufs = conf->nbufs;
	m->bufsize = conf->bufsize;
	m->on_msg = conf->on_msg;
	m->on_lost = conf->on_lost;
	m->arg = conf->arg;
	loop_io_init(&m->io, on_io);
	rc = nl_sock_open(&m->sk);
	if (rc == 0)
		rc = subscribe(m, conf);
	if (rc < 0) {
		nl_mon_close(m);
		return rc;
	}
	alloc_buffers(m);
	loop_io_set(nl->loop, &m->io, nl_socket_get_fd(m->sk), LOOP_READ);
	return 0;
}

void
nl_mon_close(struct nl_mon *m)
{
	if (!m->nl)
		return;
	loop_io_stop(&m->io);
	nl_socket_free(m->sk);
	free(m->rx);
	free(m->iov);
	free(m->msgs);
	memset(m, 0, sizeof *m);
}

void
nl_mon_pause(struct nl_mon *m)
{
	m->paused = true;
	loop_io_stop(&m->io);
}

void
nl_mon_resume(struct nl_mon *m)
{
	m->paused = false;
	loop_io_set(m->nl->loop, &m->io, nl_socket_get_fd(m->sk), LOOP_READ);
}
