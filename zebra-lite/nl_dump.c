/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_dump.c: rtnetlink dumps, one after another. */
#include "config.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/nl_priv.h"

LOG_MODULE("zl.nl");

static void dump_start(struct nl *nl);

static void
dump_finish(struct nl *nl, int err)
{
	struct nl_dump d = nl->dumps[nl->dump_first];

	nl->dump_first = (nl->dump_first + 1) % NL_DUMPS_MAX;
	nl->dump_n--;
	if (err == 0 && nl->dump_intr)
		err = EINTR;
	if (nl->dump_n > 0)
		dump_start(nl);
	d.on_done(d.arg, err);
}

static void
dump_start(struct nl *nl)
{
	struct nl_dump *d = &nl->dumps[nl->dump_first];
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct nlmsghdr *h = (struct nlmsghdr *)d->req;

	nl->dump_intr = false;
	nl->dump_seq = h->nlmsg_seq = ++nl->seq;
	if (sendto(nl_socket_get_fd(nl->dump), d->req, h->nlmsg_len, 0,
		(struct sockaddr *)&to, sizeof to) < 0) {
		log_error("netlink: dump %u failed (%s)", h->nlmsg_type, strerror(errno));
		dump_finish(nl, errno);
	}
}

void
nl_dump_queue(struct nl *nl, uint16_t type, const void *head, size_t n,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg)
{
	struct nl_dump *d;
	struct nlmsghdr *h;

	ensure(nl->dump_n < NL_DUMPS_MAX && NLMSG_LENGTH(n) <= sizeof d->req);
	d = &nl->dumps[(nl->dump_first + nl->dump_n) % NL_DUMPS_MAX];
	memset(d, 0, sizeof *d);
	h = (struct nlmsghdr *)d->req;
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	h->nlmsg_len = (uint32_t)NLMSG_LENGTH(n);
	memcpy(NLMSG_DATA(h), head, n);
	d->on_msg = on_msg;
	d->on_done = on_done;
	d->arg = arg;
	if (nl->dump_n++ == 0)
		dump_start(nl);
}

/* The error number that ends a dump, 0 for success. */
static int
dump_end_error(const struct nlmsghdr *h)
{
	int32_t v = 0;

	if (h->nlmsg_len >= NLMSG_LENGTH(sizeof v))
		memcpy(&v, NLMSG_DATA(h), sizeof v);
	return v < 0 ? -v : 0;
}

/* One datagram of the kernel's; true when the dump has ended. */
static bool
dump_datagram(struct nl *nl, size_t len, int *err)
{
	const struct nl_dump *d = &nl->dumps[nl->dump_first];
	struct nlmsghdr *h = (struct nlmsghdr *)nl->rx;

	for (int left = (int)len; nlmsg_ok(h, left); h = nlmsg_next(h, &left)) {
		if (nl->dump_n == 0 || h->nlmsg_seq != nl->dump_seq)
			continue;
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			nl->dump_intr = true;
		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
			*err = dump_end_error(h);
			return true;
		}
		d->on_msg(d->arg, h);
	}
	return false;
}

/* Each read makes the kernel prepare the next part, so a turn reads what fits in a slice. */
static void
on_dump_io(struct loop_io *io, unsigned ready)
{
	struct nl *nl = container_of(io, struct nl, dump_io);
	int err = 0;

	(void)ready;
	do {
		ssize_t got =
		    recv(nl_socket_get_fd(nl->dump), nl->rx, NL_RX_BYTES, MSG_TRUNC);

		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got < 0 || (size_t)got > NL_RX_BYTES) {
			err = got < 0 ? errno : EMSGSIZE;
			log_error("netlink: reading a dump failed (%s)", strerror(err));
			nl->dump_intr = true;
			continue;
		}
		if (dump_datagram(nl, (size_t)got, &err)) {
			dump_finish(nl, err);
			return;
		}
	} while (!loop_slice_over(nl->loop));
}

void
nl_dump_init(struct nl *nl)
{
	loop_io_init(&nl->dump_io, on_dump_io);
}
