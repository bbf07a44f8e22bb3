/* SPDX-License-Identifier: ISC */
/* A library to be loaded before others: a daemon hears of veths named vrfN as VRF devices.
 *
 * What    The bench of routing needs VRFs, which the kernel of a build machine may lack.  What costs
 *         time, routes and next hops in tables of their own, every kernel has; of VRFs only the word is
 *         missing.  In the messages about links that the daemon receives, a veth vrfN becomes a
 *         VRF with table STANDIN_TABLE + N, and a bridge brN its port (device index STANDIN_INDEX + N,
 *         which the bench gives to vrfN).
 * How     In place, as a message must not grow: over the device's statistics, which nobody reads.
 * Who     zebra and evpnd.  What packets do no bench asks.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define STANDIN_INDEX 100000u
#define STANDIN_TABLE 10000u

static bool active;

__attribute__((constructor)) static void
start(void)
{
	active = strcmp(program_invocation_short_name, "zebra") == 0 ||
		 strcmp(program_invocation_short_name, "evpnd") == 0;
}

static struct rtattr *
put(uint8_t **at, uint16_t type, const void *data, size_t len)
{
	struct rtattr *a = (void *)*at;

	a->rta_type = type;
	a->rta_len = (uint16_t)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	*at += RTA_SPACE(len);
	return a;
}

/* All that was put since belongs into it. */
static void
nest(struct rtattr *a, const uint8_t *end)
{
	a->rta_len = (uint16_t)(end - (uint8_t *)a);
}

static void
say_vrf(uint8_t **at, unsigned int n)
{
	uint32_t table = STANDIN_TABLE + n;
	struct rtattr *info = put(at, IFLA_LINKINFO, NULL, 0), *data;

	put(at, IFLA_INFO_KIND, "vrf", 4);
	data = put(at, IFLA_INFO_DATA, NULL, 0);
	put(at, IFLA_VRF_TABLE, &table, sizeof table);
	nest(data, *at);
	nest(info, *at);
}

static void
say_port(uint8_t **at, unsigned int n)
{
	uint32_t master = STANDIN_INDEX + n;
	struct rtattr *info = put(at, IFLA_LINKINFO, NULL, 0);

	put(at, IFLA_INFO_KIND, "bridge", 7);
	put(at, IFLA_INFO_SLAVE_KIND, "vrf", 4);
	nest(info, *at);
	put(at, IFLA_MASTER, &master, sizeof master);
}

static void
link_message(struct nlmsghdr *h)
{
	struct rtattr *a = IFLA_RTA(NLMSG_DATA(h)), *room = NULL, *info = NULL;
	const char *name = "";
	int len = (int)IFLA_PAYLOAD(h);
	uint8_t *at, *end;
	unsigned int n;

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (a->rta_type == IFLA_IFNAME)
			name = RTA_DATA(a);
		else if (a->rta_type == IFLA_STATS64)
			room = a;
		else if (a->rta_type == IFLA_LINKINFO)
			info = a;
	}
	if (!room || !info || RTA_PAYLOAD(room) < 64)
		return;
	at = (uint8_t *)room;
	end = at + RTA_ALIGN(room->rta_len);
	if (sscanf(name, "vrf%u", &n) == 1)
		say_vrf(&at, n);
	else if (sscanf(name, "br%u", &n) == 1)
		say_port(&at, n);
	else
		return;
	info->rta_type = IFLA_PAD;
	*(struct rtattr *)(void *)at = (struct rtattr){ (uint16_t)(end - at), IFLA_PAD };
}

static void
datagram(int fd, void *data, ssize_t n)
{
	struct nlmsghdr *h = data;
	socklen_t len = sizeof(int);
	int domain = 0, left = (int)n;

	if (!active || n < (ssize_t)sizeof *h ||
	    (h->nlmsg_type != RTM_NEWLINK && h->nlmsg_type != RTM_DELLINK) ||
	    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 ||
	    domain != AF_NETLINK)
		return;
	for (; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
		if (h->nlmsg_type == RTM_NEWLINK || h->nlmsg_type == RTM_DELLINK)
			link_message(h);
}

ssize_t
recv(int fd, void *buf, size_t size, int flags)
{
	ssize_t (*real)(int, void *, size_t, int) = dlsym(RTLD_NEXT, "recv");
	ssize_t n = real(fd, buf, size, flags);

	if (n > 0 && n <= (ssize_t)size)
		datagram(fd, buf, n);
	return n;
}

static void
vectors(int fd, const struct msghdr *m, ssize_t n)
{
	if (n > 0 && m->msg_iovlen == 1 && (size_t)n <= m->msg_iov->iov_len)
		datagram(fd, m->msg_iov->iov_base, n);
}

ssize_t
recvmsg(int fd, struct msghdr *m, int flags)
{
	ssize_t (*real)(int, struct msghdr *, int) = dlsym(RTLD_NEXT, "recvmsg");
	ssize_t n = real(fd, m, flags);

	vectors(fd, m, n);
	return n;
}

int
recvmmsg(int fd, struct mmsghdr *m, unsigned int max, int flags, struct timespec *limit)
{
	int (*real)(int, struct mmsghdr *, unsigned int, int, struct timespec *) =
	    dlsym(RTLD_NEXT, "recvmmsg");
	int n = real(fd, m, max, flags, limit), i;

	for (i = 0; i < n; i++)
		vectors(fd, &m[i].msg_hdr, m[i].msg_len);
	return n;
}
