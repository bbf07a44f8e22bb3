/* SPDX-License-Identifier: ISC */
/* zebra-lite/listen.c: opening the listening sockets. */
#include "config.h"

#include "zebra-lite/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/util.h"

#define BACKLOG 128

/* The socket, or negative errno. */
static int
open_one(struct ip addr, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = ip_to_sockaddr(addr, port, &ss);
	int fd, on = 1, rc;

	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (ss.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&ss, len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

static int
add(struct listeners *ls, struct ip addr, uint16_t port)
{
	int fd = open_one(addr, port);

	if (fd < 0)
		return fd;
	ls->list[ls->n++] = (struct listener){ { addr, port }, fd };
	return 0;
}

static bool
fail(struct listeners *ls, struct err *err, struct ip addr, uint16_t port, int rc)
{
	char text[IP_STRLEN];

	listen_close(ls);
	return err_set(err, "cannot listen on %s port %u (%s)", ip_format(addr, text),
	    port, strerror(-rc));
}

bool
listen_open(struct listeners *ls, const struct ip *addrs, unsigned n, uint16_t port,
    struct err *err)
{
	static const uint8_t any6[16];
	struct ip any[2] = { ip_v4(0), ip_v6(any6) };
	int rc;

	memset(ls, 0, sizeof *ls);
	for (unsigned i = 0; i < n; i++) {
		rc = i < LISTEN_MAX ? add(ls, addrs[i], port) : -ENFILE;
		if (rc < 0)
			return fail(ls, err, addrs[i], port, rc);
	}
	for (unsigned i = 0; n == 0 && i < ARRAY_LEN(any); i++) {
		rc = add(ls, any[i], port);
		/* A machine may be without one of the families. */
		if (rc < 0 && rc != -EAFNOSUPPORT && rc != -EADDRNOTAVAIL)
			return fail(ls, err, any[i], port, rc);
	}
	if (ls->n == 0)
		return err_set(err, "cannot listen: neither IPv4 nor IPv6 here");
	return true;
}

void
listen_close(struct listeners *ls)
{
	while (ls->n > 0)
		close(ls->list[--ls->n].fd);
}
