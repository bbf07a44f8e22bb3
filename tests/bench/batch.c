/* SPDX-License-Identifier: ISC */
/* Builds netlink messages into one buffer and sends them with one ACK. */
#include "config.h"

#include "tests/bench/batch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct batch *
batch_new(void)
{
	struct batch *b = calloc(1, sizeof *b);

	if (!b ||
	    (b->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) < 0)
		abort();
	return b;
}

void
batch_free(struct batch *b)
{
	close(b->fd);
	free(b);
}

void
batch_begin(struct batch *b, uint16_t type, uint16_t flags, const void *body, size_t len)
{
	struct nlmsghdr *h = (void *)(b->buf + b->len);

	if (b->len + NLMSG_SPACE(len) > sizeof b->buf)
		abort();
	memset(h, 0, NLMSG_SPACE(len));
	h->nlmsg_len = (uint32_t)NLMSG_LENGTH(len);
	h->nlmsg_type = type;
	h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	h->nlmsg_seq = ++b->seq;
	memcpy(NLMSG_DATA(h), body, len);
	b->len += NLMSG_SPACE(len);
	b->messages++;
	b->last = h;
}

void
batch_attr(struct batch *b, uint16_t type, const void *data, size_t len)
{
	struct rtattr *a = (void *)(b->buf + b->len);

	if (b->len + RTA_SPACE(len) > sizeof b->buf)
		abort();
	memset(a, 0, RTA_SPACE(len));
	a->rta_type = type;
	a->rta_len = (uint16_t)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	b->len += RTA_SPACE(len);
	b->last->nlmsg_len += (uint32_t)RTA_SPACE(len);
}

/* The last message asks for an ACK; errors of others come before it. */
int
batch_flush(struct batch *b)
{
	_Alignas(8) uint8_t buf[8192];
	struct nlmsghdr *h;
	int err = 0;
	ssize_t n;

	if (b->messages == 0)
		return 0;
	b->last->nlmsg_flags |= NLM_F_ACK;
	if (send(b->fd, b->buf, b->len, 0) < 0)
		return -errno;
	b->len = 0;
	b->messages = 0;
	for (;;) {
		n = recv(b->fd, buf, sizeof buf, 0);
		if (n < 0)
			return -errno;
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error && !err)
				err = e->error;
			if (h->nlmsg_seq == b->seq)
				return err;
		}
	}
}
