/* SPDX-License-Identifier: ISC */
/* bgpd/txq.c: the output queue of a connection. */
#include "config.h"

#include "bgpd/txq.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "bgpd/adjout.h"
#include "lib/util.h"

enum { IOV_MAX_USED = 256 };

void
txq_init(struct txq *q)
{
	*q = (struct txq){ 0 };
}

static struct txbuf *
nth(const struct txq *q, uint32_t i)
{
	return q->ring[(q->head + i) & (q->cap - 1)];
}

static void
pop(struct txq *q)
{
	txbuf_unref(nth(q, 0));
	q->head = (q->head + 1) & (q->cap - 1);
	q->count--;
	q->off = 0;
}

void
txq_fini(struct txq *q)
{
	while (q->count)
		pop(q);
	free(q->ring);
	free(q->ctl);
	*q = (struct txq){ 0 };
}

static void
grow(struct txq *q)
{
	uint32_t cap = q->cap ? q->cap * 2 : 16;
	struct txbuf **ring = xmalloc(cap * sizeof *ring);

	for (uint32_t i = 0; i < q->count; i++)
		ring[i] = nth(q, i);
	free(q->ring);
	q->ring = ring;
	q->cap = cap;
	q->head = 0;
}

void
txq_push(struct txq *q, struct txbuf *b)
{
	if (q->count == q->cap)
		grow(q);
	q->ring[(q->head + q->count++) & (q->cap - 1)] = b;
	q->queued += b->len;
}

void
txq_control(struct txq *q, const void *msg, size_t len)
{
	if (q->ctl_off == q->ctl_len)
		q->ctl_off = q->ctl_len = 0;
	if (q->ctl_len + len > q->ctl_cap) {
		q->ctl_cap = MAX(q->ctl_len + len, (size_t)128);
		q->ctl = xrealloc(q->ctl, q->ctl_cap);
	}
	memcpy(q->ctl + q->ctl_len, msg, len);
	q->ctl_len += len;
	q->queued += len;
}

void
txq_cut(struct txq *q)
{
	uint32_t keep = q->count && q->off > 0;

	while (q->count > keep) {
		struct txbuf *b = nth(q, q->count - 1);

		q->queued -= b->len;
		txbuf_unref(b);
		q->count--;
	}
}

struct gather {
	struct iovec v[IOV_MAX_USED]; /* what one call writes */
	int n;			      /* used */
};

static void
add(struct gather *g, const void *p, size_t len)
{
	if (len > 0 && g->n < IOV_MAX_USED)
		g->v[g->n++] = (struct iovec){ (void *)p, len };
}

/* What is left of a message that was begun: the control messages have to wait for that. */
static size_t
begun(const struct txq *q)
{
	return q->count && q->off > 0 ? nth(q, 0)->len - q->off : 0;
}

static void
gather(const struct txq *q, struct gather *g)
{
	uint32_t i = 0;

	g->n = 0;
	if (begun(q)) {
		add(g, nth(q, 0)->data + q->off, begun(q));
		i = 1;
	}
	add(g, q->ctl + q->ctl_off, txq_control_bytes(q));
	for (; i < q->count && g->n < IOV_MAX_USED; i++)
		add(g, nth(q, i)->data, nth(q, i)->len);
}

static size_t
consume_bufs(struct txq *q, size_t n, size_t most)
{
	size_t left = MIN(n, most), took = left;

	while (left > 0) {
		size_t here = MIN(left, nth(q, 0)->len - q->off);

		q->off += here;
		left -= here;
		if (q->off == nth(q, 0)->len)
			pop(q);
	}
	return n - took;
}

static void
consume(struct txq *q, size_t n)
{
	size_t ctl;

	q->queued -= n;
	n = consume_bufs(q, n, begun(q));
	ctl = MIN(n, txq_control_bytes(q));
	q->ctl_off += ctl;
	consume_bufs(q, n - ctl, n - ctl);
}

long
txq_write(struct txq *q, int fd)
{
	long total = 0;

	while (q->queued > 0) {
		struct gather g;
		struct msghdr m = { .msg_iov = g.v };
		ssize_t n;

		gather(q, &g);
		m.msg_iovlen = (size_t)g.n;
		n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? total : -errno;
		consume(q, (size_t)n);
		total += n;
	}
	return total;
}
