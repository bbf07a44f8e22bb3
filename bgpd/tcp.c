/* SPDX-License-Identifier: ISC */
/* bgpd/tcp.c: sockets to peers. */
#include "config.h"

#include "bgpd/tcp.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/bgp.h"
#include "lib/util.h"

enum { DSCP_CS6 = 0xc0, TTL_MAX = 255 };

#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT 73
#endif

static int
set_int(int fd, int level, int opt, int v)
{
	return setsockopt(fd, level, opt, &v, sizeof v) < 0 ? -errno : 0;
}

static bool
is_v6(int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;

	return getsockname(fd, (struct sockaddr *)&ss, &len) == 0 &&
	       ss.ss_family == AF_INET6;
}

int
tcp_set_session(int fd, uint8_t ttl, uint8_t min_ttl)
{
	bool v6 = is_v6(fd);
	int err = 0;

	set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	/* An IPv6 socket may carry a mapped IPv4 peer, so that one gets both kinds. */
	set_int(fd, IPPROTO_IP, IP_TOS, DSCP_CS6);
	if (ttl)
		set_int(fd, IPPROTO_IP, IP_TTL, ttl);
	if (min_ttl)
		err = set_int(fd, IPPROTO_IP, IP_MINTTL, min_ttl);
	if (v6) {
		set_int(fd, IPPROTO_IPV6, IPV6_TCLASS, DSCP_CS6);
		if (ttl)
			set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
		if (min_ttl && err == 0)
			err = set_int(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, min_ttl);
	}
	return err;
}

void
tcp_set_listening(int fd)
{
	set_int(fd, IPPROTO_IP, IP_TOS, DSCP_CS6);
	set_int(fd, IPPROTO_IP, IP_TTL, TTL_MAX);
	set_int(fd, IPPROTO_TCP, TCP_SAVE_SYN, 1);
	if (is_v6(fd)) {
		set_int(fd, IPPROTO_IPV6, IPV6_TCLASS, DSCP_CS6);
		set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, TTL_MAX);
	}
}

bool
tcp_syn_is_near(int fd, uint8_t min_ttl)
{
	enum { V4_TTL = 8, V6_HOP_LIMIT = 7, V4_MIN = 20, V6_MIN = 40 };
	uint8_t syn[512]; /* its IP and TCP headers */
	socklen_t len = sizeof syn;

	if (getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) < 0)
		return false;
	if (len >= V4_MIN && syn[0] >> 4 == 4)
		return syn[V4_TTL] >= min_ttl;
	return len >= V6_MIN && syn[0] >> 4 == 6 && syn[V6_HOP_LIMIT] >= min_ttl;
}

/* An address as the socket's family wants it.  The kernel counts the bits of a mapped address's
 * prefix as those of IPv4. */
static void
md5_addr(bool v6, struct ip a, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };

	if (!v6 || a.len == 16) {
		ip_to_sockaddr(a, 0, ss);
		return;
	}
	sin6.sin6_addr.s6_addr[10] = sin6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(&sin6.sin6_addr.s6_addr[12], a.b, 4);
	memset(ss, 0, sizeof *ss);
	memcpy(ss, &sin6, sizeof sin6);
}

int
tcp_set_md5(int fd, struct prefix peer, const char *password)
{
	struct tcp_md5sig key = { 0 };
	size_t len = password ? strlen(password) : 0;
	bool host = peer.plen == peer.ip.len * 8;
	bool v6 = is_v6(fd);

	if (peer.ip.len == 16 && !v6)
		return -EAFNOSUPPORT;
	if (len > TCP_MD5SIG_MAXKEYLEN)
		return -E2BIG;
	md5_addr(v6, peer.ip, (struct sockaddr_storage *)&key.tcpm_addr);
	key.tcpm_keylen = (uint16_t)len;
	memcpy(key.tcpm_key, password ? password : "", len);
	if (host)
		return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof key) < 0
			   ? -errno
			   : 0;
	key.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
	key.tcpm_prefixlen = peer.plen;
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &key, sizeof key) < 0 ? -errno
										 : 0;
}

bool
tcp_names(int fd, struct ip *local, uint16_t *lport, struct ip *remote, uint16_t *rport)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		return false;
	*local = ip_from_sockaddr(&ss, lport);
	len = sizeof ss;
	if (local->len == 0 || getpeername(fd, (struct sockaddr *)&ss, &len) < 0)
		return false;
	*remote = ip_from_sockaddr(&ss, rport);
	return true;
}

struct ip
bgp_tcp_if_addr(void *arg, const char *ifname, uint8_t len)
{
	struct ifaddrs *all, *i;
	struct ip best = { 0 };

	(void)arg;
	if (getifaddrs(&all) < 0)
		return best;
	for (i = all; i; i = i->ifa_next) {
		struct ip a;
		uint16_t port;

		if (!i->ifa_addr || strcmp(i->ifa_name, ifname) != 0 ||
		    (i->ifa_addr->sa_family != AF_INET &&
			i->ifa_addr->sa_family != AF_INET6))
			continue;
		a = ip_from_sockaddr((struct sockaddr_storage *)i->ifa_addr, &port);
		if (a.len != len || ip_is_linklocal(a))
			continue;
		/* lo has 127.0.0.1 beside the loopback address that is meant. */
		if (best.len == 0 || (ip_is_loopback(best) && !ip_is_loopback(a)))
			best = a;
	}
	freeifaddrs(all);
	return best;
}

static int
bind_source(int fd, struct ip src)
{
	struct sockaddr_storage ss;
	socklen_t len = ip_to_sockaddr(src, 0, &ss);

	if (len == 0)
		return 0;
	return bind(fd, (struct sockaddr *)&ss, len) < 0 ? -errno : 0;
}

int
bgp_tcp_connect(void *arg, const struct peer_conf *pc, const struct bgp_conn *c)
{
	struct sockaddr_storage ss;
	socklen_t len = ip_to_sockaddr(pc->addr, pc->port, &ss);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	(void)arg;
	if (fd < 0)
		return -errno;
	/* All of these must hold for the SYN, too. */
	err = tcp_set_session(fd, c->ttl, tcp_min_ttl(pc));
	if (err == 0 && pc->password)
		err = tcp_set_md5(fd,
		    (struct prefix){ pc->addr, (uint8_t)(pc->addr.len * 8) },
		    pc->password);
	if (err == 0)
		err = bind_source(fd, c->source);
	if (err == 0 && connect(fd, (struct sockaddr *)&ss, len) < 0 &&
	    errno != EINPROGRESS)
		err = -errno;
	if (err < 0) {
		close(fd);
		return err;
	}
	return fd;
}
