/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl.c: rtnetlink sockets and batched writes. */
#include "config.h"

#include "zebra-lite/nl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/nl_priv.h"

LOG_MODULE("zl.nl");

#define CMD_RCVBUF (1 << 20) /* errors of a batch: about 1 KB each */
#define ACK_WAIT_MS 5000     /* the kernel answers in the system call; this is a fuse */

int
nl_sock_open(struct nl_sock **out)
{
	struct nl_sock *sk = nl_socket_alloc();
	int on = 1, fd, rc;

	if (!sk)
		return -ENOMEM;
	rc = nl_connect(sk, NETLINK_ROUTE);
	if (rc < 0) {
		nl_socket_free(sk);
		return rc == -NLE_PERM ? -EPERM : -EIO;
	}
	fd = nl_socket_get_fd(sk);
	nl_socket_set_nonblocking(sk);
	/* Filters in dumps are honoured, texts come with errors, and these do not repeat the
	 * request.  Kernels before 4.20 lack the first: they ignore filters, as we do not use
	 * any that matters. */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
	*out = sk;
	return 0;
}

void
nl_sock_rcvbuf(struct nl_sock *sk, int bytes)
{
	int fd = nl_socket_get_fd(sk);

	/* FORCE needs CAP_NET_ADMIN and goes past the system's limit. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

int
nl_init(struct nl *nl, struct loop *l)
{
	int rc;

	memset(nl, 0, sizeof *nl);
	nl->loop = l;
	nl_dump_init(nl);
	rc = nl_sock_open(&nl->cmd);
	if (rc == 0)
		rc = nl_sock_open(&nl->dump);
	if (rc < 0) {
		nl_fini(nl);
		return rc;
	}
	nl_sock_rcvbuf(nl->cmd, CMD_RCVBUF);
	nl->rx = xmalloc(NL_RX_BYTES);
	nl->cmd_rx = xmalloc(NL_CMD_BYTES);
	loop_io_set(l, &nl->dump_io, nl_socket_get_fd(nl->dump), LOOP_READ);
	return 0;
}

void
nl_fini(struct nl *nl)
{
	loop_io_stop(&nl->dump_io);
	nl_socket_free(nl->cmd);
	nl_socket_free(nl->dump);
	free(nl->rx);
	free(nl->cmd_rx);
	nl->cmd = nl->dump = NULL;
	nl->rx = nl->cmd_rx = NULL;
}

/* Batches. */

void
nl_batch_init(struct nl_batch *b)
{
	memset(b, 0, sizeof *b);
	b->buf = xcalloc(NL_BATCH_MAX, NL_MSG_BYTES);
}

void
nl_batch_fini(struct nl_batch *b)
{
	free(b->buf);
	b->buf = NULL;
}

void
nl_batch_reset(struct nl_batch *b)
{
	b->len = 0;
	b->n = 0;
	b->ntexts = 0;
	b->cur = NULL;
}

void
nl_begin(struct nl_batch *b, uint16_t type, uint16_t flags, const void *head, size_t n)
{
	ensure(b->n < NL_BATCH_MAX && n <= 64);
	b->cur = (struct nlmsghdr *)(b->buf + b->len);
	*b->cur =
	    (struct nlmsghdr){ .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags };
	memcpy(NLMSG_DATA(b->cur), head, n);
	b->len += NLMSG_LENGTH(n);
}

void
nl_end(struct nl_batch *b)
{
	b->cur->nlmsg_len = (uint32_t)(b->buf + b->len - (uint8_t *)b->cur);
	b->n++;
}

/* The extended ack's text of an error message, "" if none. */
static void
ack_text(const struct nlmsghdr *h, char text[NL_TEXT])
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t skip = sizeof *e;
	struct nlattr *a;

	text[0] = '\0';
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(h->nlmsg_flags & NLM_F_CAPPED) && e->msg.nlmsg_len >= sizeof e->msg)
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - sizeof e->msg;
	if (h->nlmsg_len <= NLMSG_LENGTH(skip))
		return;
	a = nla_find((struct nlattr *)((uint8_t *)NLMSG_DATA(h) + skip),
	    (int)(h->nlmsg_len - NLMSG_LENGTH(skip)), NLMSGERR_ATTR_MSG);
	if (a)
		nla_strlcpy(text, a, NL_TEXT);
}

static void
batch_error(struct nl_batch *b, uint32_t seq0, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	uint32_t i = h->nlmsg_seq - seq0;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof *e) || i >= b->n || e->error >= 0)
		return;
	b->err[i] = -e->error;
	if (b->ntexts == NL_BATCH_MAX)
		return;
	ack_text(h, b->texts[b->ntexts]);
	if (b->texts[b->ntexts][0])
		b->text[i] = (int)b->ntexts++;
}

static void
batch_fail(struct nl_batch *b, int err)
{
	for (unsigned i = 0; i < b->n; i++)
		b->err[i] = err;
}

static bool
wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ACK_WAIT_MS) > 0;
}

/* Reads answers until the one of the batch's last message.  0 or errno. */
static int
batch_answers(struct nl *nl, struct nl_batch *b, uint32_t seq0,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void *arg)
{
	int fd = nl_socket_get_fd(nl->cmd);

	for (;;) {
		ssize_t got = recv(fd, nl->cmd_rx, NL_CMD_BYTES, 0);
		struct nlmsghdr *h = (struct nlmsghdr *)nl->cmd_rx;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN) {
			if (wait_readable(fd))
				continue;
			return ETIMEDOUT;
		}
		if (got < 0)
			return errno;
		for (int left = (int)got; nlmsg_ok(h, left); h = nlmsg_next(h, &left)) {
			if (h->nlmsg_type == NLMSG_ERROR) {
				batch_error(b, seq0, h);
				if (h->nlmsg_seq == nl->seq)
					return 0;
			} else if (on_msg && h->nlmsg_seq - seq0 < b->n) {
				on_msg(arg, h);
			}
		}
	}
}

static int
batch_exchange(struct nl *nl, struct nl_batch *b,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void *arg)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct nlmsghdr *h = (struct nlmsghdr *)b->buf;
	uint32_t seq0 = nl->seq + 1;
	ssize_t n;

	for (unsigned i = 0; i < b->n; i++) {
		h->nlmsg_seq = ++nl->seq;
		b->err[i] = 0;
		b->text[i] = -1;
		if (i + 1 < b->n)
			h = (struct nlmsghdr *)((uint8_t *)h + NLMSG_ALIGN(h->nlmsg_len));
	}
	/* --no-kernel */
	if (!nl->cmd)
		return ENODEV;
	h->nlmsg_flags |= NLM_F_ACK;
	do
		n = sendto(nl_socket_get_fd(nl->cmd), b->buf, b->len, 0,
		    (struct sockaddr *)&to, sizeof to);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	return batch_answers(nl, b, seq0, on_msg, arg);
}

void
nl_batch_send(struct nl *nl, struct nl_batch *b)
{
	int err;

	if (b->n == 0)
		return;
	err = batch_exchange(nl, b, NULL, NULL);
	if (err) {
		log_error(
		    "netlink: a batch of %u writes failed (%s)", b->n, strerror(err));
		batch_fail(b, err);
	}
}

int
nl_get(struct nl *nl, struct nl_batch *b,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void *arg)
{
	int err = batch_exchange(nl, b, on_msg, arg);

	return err ? err : b->err[0];
}
