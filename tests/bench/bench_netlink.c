/* SPDX-License-Identifier: ISC */
/* tests/bench/bench_netlink.c: the fastest way we know to write MAC+IP routes into the kernel.
 *
 * What    Writes N remote MAC+IP routes (VXLAN FDB, bridge FDB, neighbour) with raw netlink
 *         messages, prints the seconds it took, and deletes them again.  No library, no
 *         bookkeeping: the reference that evpnd's own writes are compared with.
 * Use     bench_netlink [-n N] [-b BATCH] [-m one|two] [-k] VXLAN BRIDGE
 *         -m one: one message for both FDB tables; two: a message for each.
 *         -k: leave the entries.  Devices must exist; run it in a namespace of its own.
 */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH_MAX 1024

struct bench {
	int fd;		      /* rtnetlink socket */
	int vxlan, bridge;    /* ifindexes */
	unsigned batch;	      /* messages in a sendmsg */
	bool two;	      /* a message for each FDB table */
	bool del;	      /* delete instead of add */
	uint8_t *buf;	      /* messages of this batch */
	size_t len;	      /* bytes in it */
	unsigned n;	      /* messages in it */
	uint32_t seq;	      /* of the last message */
	struct nlmsghdr *cur; /* message being built */
	unsigned long errors; /* answers other than success */
};

static void
flush(struct bench *b)
{
	static uint8_t rx[65536];
	bool done = false;

	if (b->n == 0)
		return;
	b->cur->nlmsg_flags |= NLM_F_ACK;
	if (send(b->fd, b->buf, b->len, 0) != (ssize_t)b->len)
		err(1, "send");
	while (!done) {
		ssize_t got = recv(b->fd, rx, sizeof rx, 0);
		struct nlmsghdr *h = (struct nlmsghdr *)rx;

		if (got < 0)
			err(1, "recv");
		for (int left = (int)got; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			if (e->error) {
				if (b->errors++ == 0)
					warnx("first error: %s", strerror(-e->error));
			}
			if (h->nlmsg_seq == b->seq)
				done = true;
		}
	}
	b->len = 0;
	b->n = 0;
}

static void
begin(struct bench *b, uint8_t family, int ifindex, uint16_t state, uint8_t flags)
{
	struct ndmsg nd = { .ndm_family = family,
		.ndm_ifindex = ifindex,
		.ndm_state = state,
		.ndm_flags = flags };

	if (b->n == b->batch)
		flush(b);
	b->cur = (struct nlmsghdr *)(b->buf + b->len);
	*b->cur = (struct nlmsghdr){ .nlmsg_type = b->del ? RTM_DELNEIGH : RTM_NEWNEIGH,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = ++b->seq };
	if (!b->del)
		b->cur->nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
	memcpy(NLMSG_DATA(b->cur), &nd, sizeof nd);
	b->len += NLMSG_LENGTH(sizeof nd);
}

static void
put(struct bench *b, uint16_t type, const void *data, size_t n)
{
	struct nlattr *a = (struct nlattr *)(b->buf + b->len);

	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + n);
	memcpy((uint8_t *)a + NLA_HDRLEN, data, n);
	memset((uint8_t *)a + NLA_HDRLEN + n, 0, NLA_ALIGN(n) - n);
	b->len += NLA_HDRLEN + NLA_ALIGN(n);
}

static void
end(struct bench *b)
{
	b->cur->nlmsg_len = (uint32_t)(b->buf + b->len - (uint8_t *)b->cur);
	b->n++;
}

static void
route(struct bench *b, uint32_t i)
{
	uint8_t mac[6] = { 2, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16),
		(uint8_t)(i >> 8), (uint8_t)i };
	uint32_t dst = htonl(0x0a000002), ip = htonl(0x0b000000 + i);

	begin(b, AF_BRIDGE, b->vxlan, NUD_NOARP | NUD_REACHABLE,
	    (uint8_t)(NTF_SELF | NTF_EXT_LEARNED | (b->two ? 0 : NTF_MASTER)));
	put(b, NDA_LLADDR, mac, sizeof mac);
	put(b, NDA_DST, &dst, sizeof dst);
	end(b);
	if (b->two) {
		begin(b, AF_BRIDGE, b->vxlan, NUD_NOARP | NUD_REACHABLE,
		    NTF_MASTER | NTF_EXT_LEARNED);
		put(b, NDA_LLADDR, mac, sizeof mac);
		end(b);
	}
	begin(b, AF_INET, b->bridge, NUD_NOARP, NTF_EXT_LEARNED);
	put(b, NDA_DST, &ip, sizeof ip);
	put(b, NDA_LLADDR, mac, sizeof mac);
	end(b);
}

static double
run(struct bench *b, uint32_t n, bool del)
{
	struct timespec t0, t1;

	b->del = del;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (uint32_t i = 0; i < n; i++)
		route(b, i);
	flush(b);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	return (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
}

static int
device(const char *name)
{
	unsigned i = if_nametoindex(name);

	if (i == 0)
		err(1, "%s", name);
	return (int)i;
}

int
main(int argc, char **argv)
{
	struct bench b = { .batch = 64 };
	uint32_t n = 100000;
	bool keep = false;
	double secs;
	int c, big = 4 << 20;

	while ((c = getopt(argc, argv, "n:b:m:k")) != -1) {
		switch (c) {
		case 'n':
			n = (uint32_t)atoi(optarg);
			break;
		case 'b':
			b.batch = (unsigned)atoi(optarg);
			break;
		case 'm':
			b.two = strcmp(optarg, "two") == 0;
			break;
		case 'k':
			keep = true;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2 || b.batch == 0 || b.batch > BATCH_MAX)
		errx(2, "usage: bench_netlink [-n N] [-b BATCH] [-m one|two] [-k] VXLAN "
			"BRIDGE");
	b.vxlan = device(argv[optind]);
	b.bridge = device(argv[optind + 1]);
	b.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (b.fd < 0)
		err(1, "socket");
	setsockopt(b.fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big);
	setsockopt(b.fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof big);
	b.buf = calloc(BATCH_MAX, 256);
	if (!b.buf)
		err(1, "calloc");
	secs = run(&b, n, false);
	printf("add %u routes %.3f s %.0f routes/s\n", n, secs, n / secs);
	if (!keep) {
		secs = run(&b, n, true);
		printf("delete %u routes %.3f s %.0f routes/s\n", n, secs, n / secs);
	}
	free(b.buf);
	close(b.fd);
	return b.errors ? 1 : 0;
}
