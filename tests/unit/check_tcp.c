/* SPDX-License-Identifier: ISC */
/* check_tcp: two speakers over real TCP on the loopback: listening, sources, MD5, TTL. */
#include "config.h"

#include "bgpd/tcp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "lib/hash.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static struct loop *l;

struct side {
	struct bgp *b;			/* its speaker */
	struct bgp_conf c;		/* its configuration */
	struct peer_conf peer;		/* the other one, or the template of the range */
	struct listen_range_conf range; /* with c.nranges */
	struct ip addr;			/* own address */
	uint16_t port;			/* that it listens on */
};

/* A listening socket on a port that the kernel chooses. */
static void
listen_on(struct side *s, struct ip addr)
{
	struct sockaddr_storage ss;
	socklen_t len = ip_to_sockaddr(addr, 0, &ss);
	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&ss, len), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	len = sizeof ss;
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&ss, &len), 0);
	ip_from_sockaddr(&ss, &s->port);
	bgp_listen_fd(s->b, fd);
}

static void
side_init(struct side *s, const char *addr, const char *listening, uint32_t id)
{
	static const struct bgp_ops ops = { .connect = bgp_tcp_connect,
		.if_addr = bgp_tcp_if_addr };
	struct ip on;

	memset(s, 0, sizeof *s);
	ck_assert(ip_parse(addr, &s->addr) && ip_parse(listening, &on));
	s->b = bgp_new(l, &ops);
	s->c = (struct bgp_conf){
		.enabled = true,
		.as = 65000,
		.router_id = id,
		.hold = 90,
		.keepalive = 30,
		.connect_retry = 10,
		.default_local_pref = 100,
		.listen_limit = 10,
		.gr_restart_time = 120,
		.peers = &s->peer,
		.npeers = 1,
	};
	s->peer = (struct peer_conf){
		.remote_as_type = REMOTE_AS_NUMBER,
		.remote_as = 65000,
		.update_source = s->addr,
		.hold = 90,
		.keepalive = 30,
		.connect_retry = 10,
		.evpn = { .activate = true, .route_types = ~0u },
	};
	listen_on(s, on);
}

/* b calls, a only listens. */
static void
link_sides(struct side *a, struct side *b)
{
	a->peer.addr = b->addr;
	a->peer.passive = true;
	b->peer.addr = a->addr;
	b->peer.port = a->port;
}

static void
apply(struct side *a, struct side *b)
{
	bgp_apply(a->b, &a->c);
	bgp_apply(b->b, &b->c);
}

static bool
wait_up(struct side *a, struct side *b, int64_t ms)
{
	for (int64_t i = 0; i < ms; i += 5) {
		struct peer *p = bgp_peer_find(a->b, b->addr);
		struct peer *q = bgp_peer_find(b->b, a->addr);

		if (p && p->up && q && q->up)
			return true;
		loop_run_until(l, mono_add(loop_clock(l), MONO_MS(5)));
	}
	return false;
}

static void
start(struct side *a, struct side *b, const char *listening)
{
	hash_seed_fixed(1, 2);
	l = loop_new();
	side_init(a,
	    strchr(listening, ':') && strcmp(listening, "::") ? "::1" : "127.0.0.1",
	    listening, 0x01010101);
	side_init(b,
	    strchr(listening, ':') && strcmp(listening, "::") ? "::1" : "127.0.0.2",
	    listening, 0x02020202);
	link_sides(a, b);
}

static void
stop(struct side *a, struct side *b)
{
	bgp_free(a->b);
	bgp_free(b->b);
	loop_free(l);
}

START_TEST(plain)
{
	struct side a, b;
	struct peer *p;

	start(&a, &b, "127.0.0.1");
	apply(&a, &b);
	ck_assert(wait_up(&a, &b, 10000));
	p = bgp_peer_find(a.b, b.addr);
	ck_assert(ip_equal(p->local, a.addr));
	ck_assert_uint_eq(p->local_port, a.port);
	ck_assert_uint_ne(p->remote_port, 0);
	stop(&a, &b);
}
END_TEST

START_TEST(gtsm)
{
	struct side a, b;

	start(&a, &b, "127.0.0.1");
	a.peer.ttl_security = b.peer.ttl_security = 1;
	a.peer.remote_as = 65001;
	b.c.as = 65001;
	apply(&a, &b);
	ck_assert(wait_up(&a, &b, 10000));
	stop(&a, &b);
}
END_TEST

/* Skips the test where the kernel has no TCP MD5. */
static bool
has_md5(const char *addr)
{
	struct prefix p;
	int fd, err;

	ck_assert(prefix_parse(addr, &p));
	fd = socket(p.ip.len == 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	err = tcp_set_md5(fd, p, "key");
	close(fd);
	return err == 0;
}

START_TEST(md5)
{
	struct side a, b;
	char good[] = "fabric", bad[] = "other";

	if (!has_md5("127.0.0.1"))
		return;
	start(&a, &b, "127.0.0.1");
	a.peer.password = good;
	b.peer.password = bad;
	apply(&a, &b);
	ck_assert(!wait_up(&a, &b, 300));
	stop(&a, &b);
	start(&a, &b, "127.0.0.1");
	a.peer.password = b.peer.password = good;
	apply(&a, &b);
	ck_assert(wait_up(&a, &b, 10000));
	stop(&a, &b);
}
END_TEST

/* The keys of a range, on an IPv4 socket and on one for both families. */
START_TEST(md5_of_a_range)
{
	struct side a, b;
	char key[] = "fabric";

	if (!has_md5("127.0.0.0/8"))
		return;
	start(&a, &b, _i ? "::" : "127.0.0.1");
	a.peer.password = b.peer.password = key;
	a.peer.addr.len = 0;
	a.c.npeers = 0;
	a.c.templates = &a.peer;
	a.c.ntemplates = 1;
	a.c.ranges = &a.range;
	a.c.nranges = 1;
	ck_assert(prefix_parse("127.0.0.0/8", &a.range.range));
	apply(&a, &b);
	ck_assert(wait_up(&a, &b, 10000));
	ck_assert(bgp_peer_find(a.b, b.addr)->dynamic);
	stop(&a, &b);
}
END_TEST

START_TEST(md5_range_and_options)
{
	struct prefix v6, v4;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char key[] = "0123456789012345678901234567890123456789012345678901234567890123456"
		     "7890123456"
		     "789012345";

	ck_assert(prefix_parse("fd00::/64", &v6) && prefix_parse("10.0.0.1", &v4));
	ck_assert_int_eq(tcp_set_md5(fd, v6, "x"), -EAFNOSUPPORT);
	ck_assert_int_eq(tcp_set_md5(fd, v4, key), -E2BIG);
	close(fd);
}
END_TEST

START_TEST(ipv6)
{
	struct side a, b;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_storage ss;
	struct ip one;
	socklen_t len;

	ck_assert(ip_parse("::1", &one));
	len = ip_to_sockaddr(one, 0, &ss);
	if (fd < 0 || bind(fd, (struct sockaddr *)&ss, len) < 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	close(fd);
	start(&a, &b, "::1");
	/* Both have the one address there is; ports tell them apart. */
	apply(&a, &b);
	ck_assert(wait_up(&a, &b, 10000));
	stop(&a, &b);
}
END_TEST

START_TEST(interface_address)
{
	struct ip a = bgp_tcp_if_addr(NULL, "lo", 4);
	struct ip none = bgp_tcp_if_addr(NULL, "nosuchif", 4);

	ck_assert_uint_eq(none.len, 0);
	ck_assert(a.len == 0 || a.len == 4);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ plain, 0, 0 },
		{ gtsm, 0, 0 },
		{ md5, 0, 0 },
		{ md5_of_a_range, 2, 0 },
		{ md5_range_and_options, 0, 0 },
		{ ipv6, 0, 0 },
		{ interface_address, 0, 0 },
		{ 0 },
	};

	return run_tests("tcp", tests);
}
