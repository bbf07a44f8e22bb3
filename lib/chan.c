/* SPDX-License-Identifier: ISC */
/* Framed messages over a stream socket: a receive buffer that is cut into messages, and a
 * queue of buffers that many messages share. */
#include "config.h"

#include "lib/chan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/util.h"

enum {
	HEAD = 6,	      /* length and type */
	RX_FIRST = 16 * 1024, /* first size of the receive buffer */
	RX_MAX = 256 * 1024,  /* it grows to this, or to one message if that is longer */
	RX_BUDGET = 1024 * 1024,     /* bytes received in one callback */
	TX_BUF = 64 * 1024,	     /* bytes of a queue buffer */
	TX_IOV = 32,		     /* buffers to one system call */
	TX_BUDGET = 4 * 1024 * 1024, /* bytes sent in one callback */
	HIGH_WATER = 1024 * 1024,
};

struct chan_buf {
	struct chan_buf *next; /* owned */
	size_t pos, len, cap;  /* sent, filled and allocated bytes of data */
	int fd;		       /* owned: goes with the first byte; -1 none */
	uint8_t data[];	       /* whole messages */
};

/* Lives on the stack of whoever makes callbacks. */
struct chan_guard {
	bool gone;   /* the channel was closed; do not touch it */
	uint8_t *rx; /* owned: its receive buffer, which the callback may still read */
};

/* Room for one descriptor. */
union control {
	char buf[CMSG_SPACE(sizeof(int))]; /* the control message */
	struct cmsghdr align;		   /* for its alignment */
};

static void on_io(struct loop_io *io, unsigned ready);
static bool on_rx_work(struct loop_work *w);
static bool on_tx_work(struct loop_work *w);

void
chan_init(struct chan *c, struct loop *l, int fd, const struct chan_ops *ops, void *arg,
    size_t max_msg)
{
	memset(c, 0, sizeof(*c));
	c->loop = l;
	c->ops = ops;
	c->arg = arg;
	c->fd = fd;
	c->max_msg = max_msg;
	c->high_water = HIGH_WATER;
	c->rx_fd[0].fd = c->rx_fd[1].fd = -1;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	loop_io_init(&c->io, on_io);
	loop_work_init(&c->rx_work, LOOP_PRIO_RX, on_rx_work);
	loop_work_init(&c->tx_work, LOOP_PRIO_TX, on_tx_work);
	loop_io_set(l, &c->io, fd, LOOP_READ);
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
tx_pop(struct chan *c)
{
	struct chan_buf *b = c->tx_head;

	c->tx_head = b->next;
	if (!c->tx_head)
		c->tx_tail = NULL;
	c->tx_queued -= b->len - b->pos;
	close_fd(&b->fd);
	free(b);
}

static void
tx_drop(struct chan *c)
{
	while (c->tx_head)
		tx_pop(c);
}

void
chan_close(struct chan *c)
{
	if (c->fd < 0)
		return;
	loop_io_stop(&c->io);
	loop_work_cancel(&c->rx_work);
	loop_work_cancel(&c->tx_work);
	close_fd(&c->fd);
	tx_drop(c);
	close_fd(&c->rx_fd[0].fd);
	close_fd(&c->rx_fd[1].fd);
	if (c->guard) {
		c->guard->gone = true;
		c->guard->rx = c->rx;
	} else {
		free(c->rx);
	}
	c->guard = NULL;
	c->rx = NULL;
}

/* From now on nothing is written; on_close comes once all that was received is delivered. */
static void
set_broken(struct chan *c, const char *why)
{
	if (c->broken)
		return;
	c->broken = true;
	snprintf(c->why, sizeof(c->why), "%s", why);
	tx_drop(c);
	loop_work_cancel(&c->tx_work);
	loop_work_queue(c->loop, &c->rx_work);
}

static void
report_close(struct chan *c, const char *why)
{
	char text[sizeof(c->why)];

	snprintf(text, sizeof(text), "%s", why);
	c->broken = true;
	tx_drop(c);
	loop_io_stop(&c->io);
	loop_work_cancel(&c->rx_work);
	loop_work_cancel(&c->tx_work);
	c->ops->on_close(c->arg, text);
}

/* Keeps the first descriptor that came with these bytes and closes the others. */
static void
take_fds(struct chan *c, struct msghdr *mh)
{
	struct chan_fd *slot = c->rx_fd[0].fd < 0 ? &c->rx_fd[0] : &c->rx_fd[1];

	for (struct cmsghdr *cm = CMSG_FIRSTHDR(mh); cm; cm = CMSG_NXTHDR(mh, cm)) {
		size_t n = cm->cmsg_len > CMSG_LEN(0) ? cm->cmsg_len - CMSG_LEN(0) : 0;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i + sizeof(int) <= n; i += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(cm) + i, sizeof(fd));
			if (slot->fd < 0)
				*slot = (struct chan_fd){ fd, c->rx_end };
			else
				close(fd);
		}
	}
}

/* The kernel ends a receive after bytes that carry descriptors, and the sender puts a
 * message with a descriptor alone into its system call: so the descriptor belongs to the
 * message that holds the last byte received with it. */
static int
fd_of_message(struct chan *c, uint64_t start, uint64_t end)
{
	int fd = c->rx_fd[0].fd;

	if (fd < 0 || c->rx_fd[0].at <= start || c->rx_fd[0].at > end)
		return -1;
	c->rx_fd[0] = c->rx_fd[1];
	c->rx_fd[1].fd = -1;
	return fd;
}

enum rx { RX_MORE, RX_EMPTY, RX_GONE };

/* One receive.  RX_EMPTY: nothing there now; RX_GONE: on_close was called. */
static enum rx
receive(struct chan *c)
{
	union control control;
	struct iovec iov;
	struct msghdr mh = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(int)) };
	ssize_t n;

	if (c->rx_pos > 0) {
		memmove(c->rx, c->rx + c->rx_pos, c->rx_len - c->rx_pos);
		c->rx_len -= c->rx_pos;
		c->rx_pos = 0;
	}
	if (c->rx_len == c->rx_cap) {
		c->rx_cap = MAX(c->rx_cap * 2, (size_t)RX_FIRST);
		c->rx = xrealloc(c->rx, c->rx_cap);
	}
	iov = (struct iovec){ c->rx + c->rx_len, c->rx_cap - c->rx_len };
	do
		n = recvmsg(c->fd, &mh, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return RX_EMPTY;
	if (n <= 0) {
		report_close(c, n == 0 ? "" : strerror(errno));
		return RX_GONE;
	}
	c->rx_len += (size_t)n;
	c->rx_end += (uint64_t)n;
	take_fds(c, &mh);
	/* A full buffer is a busy channel: larger receives cost fewer calls. */
	if (c->rx_len == c->rx_cap && c->rx_cap < RX_MAX) {
		c->rx_cap *= 2;
		c->rx = xrealloc(c->rx, c->rx_cap);
	}
	return RX_MORE;
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Delivers whole messages until the slice is over.  RX_EMPTY: no whole message is left. */
static enum rx
deliver(struct chan *c)
{
	struct chan_guard g = { false, NULL };

	while (c->rx_len - c->rx_pos >= HEAD) {
		const uint8_t *p = c->rx + c->rx_pos;
		uint32_t len = get32(p);
		uint64_t start = c->rx_end - (c->rx_len - c->rx_pos);
		int fd;

		if (len < 2 || len - 2 > c->max_msg) {
			char why[64];

			snprintf(
			    why, sizeof(why), "message of impossible length %u", len);
			report_close(c, why);
			return RX_GONE;
		}
		if (c->rx_len - c->rx_pos < 4 + (size_t)len)
			return RX_EMPTY;
		c->rx_pos += 4 + (size_t)len;
		fd = fd_of_message(c, start, start + 4 + len);
		c->guard = &g;
		c->ops->on_msg(
		    c->arg, (uint16_t)(p[4] << 8 | p[5]), p + HEAD, len - 2, fd);
		if (g.gone) {
			free(g.rx);
			return RX_GONE;
		}
		c->guard = NULL;
		if (loop_slice_over(c->loop))
			return RX_MORE;
	}
	return RX_EMPTY;
}

/* Delivers and receives in turns, within the budget.  True if there is more to do. */
static bool
read_slice(struct chan *c)
{
	uint64_t start = c->rx_end;

	for (;;) {
		enum rx r = deliver(c);

		if (r == RX_GONE)
			return false;
		if (r == RX_MORE || c->rx_end - start >= RX_BUDGET)
			return true;
		r = receive(c);
		if (r == RX_GONE)
			return false;
		if (r == RX_EMPTY)
			break;
	}
	if (c->broken) {
		report_close(c, c->why);
		return false;
	}
	/* A quiet channel holds no buffer. */
	if (c->rx_len == c->rx_pos) {
		free(c->rx);
		c->rx = NULL;
		c->rx_cap = c->rx_len = c->rx_pos = 0;
	}
	loop_io_set(c->loop, &c->io, c->fd, LOOP_READ | (c->io.events & LOOP_WRITE));
	return false;
}

/* While rx_work is queued it reads, and the descriptor is not watched for reading. */
static bool
on_rx_work(struct loop_work *w)
{
	return read_slice(container_of(w, struct chan, rx_work));
}

static void
consume(struct chan *c, size_t n)
{
	c->tx_queued -= n;
	while (n > 0) {
		struct chan_buf *b = c->tx_head;
		size_t k = MIN(n, b->len - b->pos);

		b->pos += k;
		n -= k;
		/* The descriptor went with the first byte. */
		close_fd(&b->fd);
		if (b->pos == b->len)
			tx_pop(c);
	}
}

/* One system call: buffers up to the next one with a descriptor, or that one alone. */
static ssize_t
send_some(struct chan *c)
{
	union control control;
	struct iovec iov[TX_IOV];
	struct msghdr mh = { .msg_iov = iov };
	struct chan_buf *b = c->tx_head;
	struct cmsghdr *cm;
	ssize_t n;

	if (b->fd >= 0) {
		memset(&control, 0, sizeof(control));
		mh.msg_control = control.buf;
		mh.msg_controllen = sizeof(control.buf);
		cm = CMSG_FIRSTHDR(&mh);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cm), &b->fd, sizeof(int));
		iov[mh.msg_iovlen++] =
		    (struct iovec){ b->data + b->pos, b->len - b->pos };
	} else {
		for (; b && b->fd < 0 && mh.msg_iovlen < TX_IOV; b = b->next)
			iov[mh.msg_iovlen++] =
			    (struct iovec){ b->data + b->pos, b->len - b->pos };
	}
	do
		n = sendmsg(c->fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Writes until the socket is full or the budget is used.  True if it could go on. */
static bool
write_some(struct chan *c)
{
	size_t sent = 0;

	while (c->tx_head) {
		ssize_t n = send_some(c);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return false;
		if (n < 0) {
			set_broken(c, strerror(errno));
			return false;
		}
		consume(c, (size_t)n);
		sent += (size_t)n;
		if (sent >= TX_BUDGET || loop_slice_over(c->loop))
			return c->tx_head != NULL;
	}
	return false;
}

bool
chan_full(const struct chan *c)
{
	return c->tx_queued > c->high_water;
}

bool
chan_flush(struct chan *c)
{
	while (c->fd >= 0 && write_some(c))
		;
	return c->tx_head == NULL;
}

static bool
write_slice(struct chan *c)
{
	bool more = write_some(c);

	if (!c->broken)
		loop_io_set(c->loop, &c->io, c->fd,
		    (c->io.events & LOOP_READ) | (!more && c->tx_head ? LOOP_WRITE : 0));
	if (c->was_full && !c->broken && c->tx_queued <= c->high_water / 2) {
		struct chan_guard g = { false, NULL };

		c->was_full = false;
		if (!c->ops->on_drain)
			return more;
		c->guard = &g;
		c->ops->on_drain(c->arg);
		if (g.gone) {
			free(g.rx);
			return false;
		}
		c->guard = NULL;
	}
	return more;
}

static bool
on_tx_work(struct loop_work *w)
{
	return write_slice(container_of(w, struct chan, tx_work));
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct chan *c = container_of(io, struct chan, io);

	if (ready & LOOP_WRITE)
		loop_work_queue(c->loop, &c->tx_work);
	if (ready & LOOP_READ && read_slice(c)) {
		loop_io_set(c->loop, io, c->fd, io->events & ~(unsigned)LOOP_READ);
		loop_work_queue(c->loop, &c->rx_work);
	}
}

/* Room for n bytes at the end of the queue, in a buffer of its own if `alone`; such a buffer
 * is full from the start, so nothing joins it. */
static uint8_t *
tx_room(struct chan *c, size_t n, bool alone)
{
	struct chan_buf *b = c->tx_tail;
	uint8_t *p;

	if (!b || alone || b->cap - b->len < n) {
		size_t cap = alone ? n : MAX(n, (size_t)TX_BUF);

		b = xmalloc(sizeof(*b) + cap);
		*b = (struct chan_buf){ .cap = cap, .fd = -1 };
		if (c->tx_tail)
			c->tx_tail->next = b;
		else
			c->tx_head = b;
		c->tx_tail = b;
	}
	p = b->data + b->len;
	b->len += n;
	c->tx_queued += n;
	return p;
}

bool
chan_send(struct chan *c, uint16_t type, const void *body, size_t len, int fd)
{
	uint8_t *p;

	ensure(len <= UINT32_MAX - 2);
	if (c->fd < 0 || c->broken) {
		close_fd(&fd);
		return false;
	}
	p = tx_room(c, HEAD + len, fd >= 0);
	p[0] = (uint8_t)((len + 2) >> 24);
	p[1] = (uint8_t)((len + 2) >> 16);
	p[2] = (uint8_t)((len + 2) >> 8);
	p[3] = (uint8_t)(len + 2);
	p[4] = (uint8_t)(type >> 8);
	p[5] = (uint8_t)type;
	if (len)
		memcpy(p + HEAD, body, len);
	c->tx_tail->fd = fd;
	if (chan_full(c))
		c->was_full = true;
	/* A socket that is full says itself when it takes more. */
	if (!(c->io.events & LOOP_WRITE))
		loop_work_queue(c->loop, &c->tx_work);
	return true;
}
