/* SPDX-License-Identifier: ISC */
/* routes, vrf, nl_fib: others' routes, and which of them are said. */
#include "config.h"

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/hash.h"
#include "tests/fuzz/vector.h"
#include "tests/unit/run.h"
#include "zebra-lite/hops.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/routes.h"

static struct vrfs vrfs;
static struct routes routes;
static unsigned wakes; /* calls of on_wake */

static void
on_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void
on_table(void *arg, uint32_t table)
{
	(void)arg;
	routes_table(&routes, table);
}

static struct nl_link
vrf_link(uint32_t ifindex, const char *name, uint32_t table)
{
	struct nl_link l = { .ifindex = ifindex,
		.kind = NL_KIND_VRF,
		.flags = IFF_UP,
		.vrf_table = table };

	strcpy(l.name, name);
	return l;
}

static void
init(void)
{
	struct nl_link red = vrf_link(3, "red", 100);
	struct zl_vrf v;

	hash_seed_fixed(3, 4);
	vrfs_init(&vrfs, on_table, NULL);
	routes_init(&routes, &vrfs, on_wake, NULL);
	vrfs_say_all(&vrfs);
	routes_say_all(&routes);
	vrfs_link(&vrfs, NULL, &red);
	ck_assert(vrfs_next(&vrfs, &v) && v.op == ZL_SET && v.table == 100);
	ck_assert(!vrfs_next(&vrfs, &v));
	wakes = 0;
}

static void
fini(void)
{
	routes_fini(&routes);
	vrfs_fini(&vrfs);
}

static struct nl_fib
fib(uint32_t table, const char *prefix, uint32_t metric, uint32_t oif)
{
	struct nl_fib f = {
		.table = table, .metric = metric, .oif = oif, .proto = RTPROT_STATIC
	};

	ck_assert(prefix_parse(prefix, &f.prefix));
	return f;
}

static void
add(struct nl_fib f)
{
	ck_assert(routes_cares(&f));
	routes_set(&routes, &f);
}

static bool
del(struct nl_fib f)
{
	return routes_gone(&routes, &f);
}

/* What is said next: "+PREFIX METRIC OIF", "-PREFIX", "" for nothing. */
static const char *
said(void)
{
	static char text[128];
	char prefix[PREFIX_STRLEN];
	struct zl_route m;
	uint32_t oif;

	if (!routes_next(&routes, &m, &oif))
		return "";
	if (m.op == ZL_SET)
		snprintf(text, sizeof text, "+%s %u %u", prefix_format(m.prefix, prefix),
		    m.metric, oif);
	else
		snprintf(text, sizeof text, "-%s", prefix_format(m.prefix, prefix));
	return text;
}

/* Another gateway over the same interface is another route. */
START_TEST(t_gateway)
{
	struct nl_fib f = fib(100, "10.1.0.0/16", 50, 7);
	struct zl_route m;
	struct ip other;
	uint32_t oif;

	init();
	ck_assert(ip_parse("10.9.0.1", &f.gateway) && ip_parse("10.9.0.2", &other));
	add(f);
	ck_assert(routes_next(&routes, &m, &oif) && ip_equal(m.gateway, f.gateway));
	add(f);
	ck_assert(!routes_next(&routes, &m, &oif));
	f.gateway = other;
	f.replace = true;
	add(f);
	ck_assert(routes_next(&routes, &m, &oif) && ip_equal(m.gateway, other));
	fini();
}
END_TEST

START_TEST(t_best)
{
	init();
	add(fib(100, "10.1.0.0/16", 50, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	add(fib(100, "10.1.0.0/16", 50, 7)); /* nothing new */
	add(fib(100, "10.1.0.0/16", 60, 8)); /* not the best */
	ck_assert_str_eq(said(), "");
	add(fib(100, "10.1.0.0/16", 40, 9));
	ck_assert_str_eq(said(), "+10.1.0.0/16 40 9");
	ck_assert(del(fib(100, "10.1.0.0/16", 50, 7)));
	ck_assert_str_eq(said(), "");
	ck_assert(del(fib(100, "10.1.0.0/16", 40, 9)));
	ck_assert_str_eq(said(), "+10.1.0.0/16 60 8");
	ck_assert(del(fib(100, "10.1.0.0/16", 60, 8)));
	ck_assert_str_eq(said(), "-10.1.0.0/16");
	ck_assert(del(fib(100, "10.1.0.0/16", 60, 8)));
	ck_assert_uint_eq(routes.slab.live + routes.ways.live, 0);
	fini();
}
END_TEST

START_TEST(t_collapse)
{
	init();
	for (unsigned i = 0; i < 100; i++) {
		add(fib(100, "10.1.0.0/16", 50, 7 + i % 2));
		ck_assert(del(fib(100, "10.1.0.0/16", 50, 0)));
	}
	ck_assert_str_eq(said(), "");
	ck_assert_uint_eq(routes.slab.live, 0);
	add(fib(100, "10.1.0.0/16", 50, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert(del(fib(100, "10.1.0.0/16", 50, 7)));
	add(fib(100, "10.1.0.0/16", 70, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 70 7");
	ck_assert_str_eq(said(), "");
	fini();
}
END_TEST

START_TEST(t_tables)
{
	struct nl_link red = vrf_link(3, "red", 100), blue = vrf_link(4, "blue", 200),
		       again = vrf_link(5, "blue", 201), down = red;
	struct zl_vrf v;

	init();
	add(fib(200, "10.2.0.0/16", 50, 7));
	ck_assert_str_eq(said(), ""); /* not a VRF's table */
	vrfs_link(&vrfs, NULL, &blue);
	ck_assert_str_eq(said(), "+10.2.0.0/16 50 7");
	vrfs_link(&vrfs, &blue, NULL);
	ck_assert_str_eq(said(), "-10.2.0.0/16");
	ck_assert_uint_eq(routes.slab.live, 1);
	/* Another device with its name before its end was said: one word for both. */
	ck_assert(vrfs_next(&vrfs, &v) == false); /* never said at all */
	vrfs_link(&vrfs, NULL, &blue);
	ck_assert(vrfs_next(&vrfs, &v) && strcmp(v.name, "blue") == 0);
	vrfs_link(&vrfs, &blue, NULL);
	vrfs_link(&vrfs, NULL, &again);
	ck_assert(vrfs_next(&vrfs, &v) && v.op == ZL_SET && v.table == 201);
	ck_assert(!vrfs_next(&vrfs, &v));
	ck_assert(vrfs_has_ifindex(&vrfs, 5) && !vrfs_has_ifindex(&vrfs, 4));
	down.flags = 0;
	vrfs_link(&vrfs, &red, &down);
	ck_assert(vrfs_next(&vrfs, &v) && v.op == ZL_SET && !v.up);
	strcpy(red.name, "rot");
	vrfs_link(&vrfs, &down, &red);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert(vrfs_next(&vrfs, &v));
		ck_assert_str_eq(v.name, v.op == ZL_SET ? "rot" : "red");
	}
	vrfs_say_all(&vrfs);
	ck_assert(vrfs_next(&vrfs, &v) && vrfs_next(&vrfs, &v) && !vrfs_next(&vrfs, &v));
	fini();
}
END_TEST

/* Those that the engine asks for are said beside VRFs', from their beginning. */
START_TEST(t_watched)
{
	const uint32_t tables[] = { 100, 300, 301 };

	init();
	add(fib(100, "10.1.0.0/16", 50, 7));
	add(fib(300, "10.3.0.0/16", 50, 7));
	add(fib(400, "10.4.0.0/16", 50, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert_str_eq(said(), "");
	/* 100 again, as it may be of interest to others now. */
	wakes = 0;
	routes_watch(&routes, tables, 3);
	ck_assert_uint_eq(wakes, 2);
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert_str_eq(said(), "+10.3.0.0/16 50 7");
	ck_assert_str_eq(said(), "");
	routes_watch(&routes, tables, 3);
	ck_assert_str_eq(said(), "");
	add(fib(301, "10.5.0.0/16", 50, 7));
	ck_assert(del(fib(300, "10.3.0.0/16", 50, 7)));
	ck_assert_str_eq(said(), "+10.5.0.0/16 50 7");
	ck_assert_str_eq(said(), "-10.3.0.0/16");
	/* Gone before it was said that it is asked for again: once is enough. */
	add(fib(300, "10.3.0.0/16", 50, 7));
	ck_assert_str_eq(said(), "+10.3.0.0/16 50 7");
	ck_assert(del(fib(300, "10.3.0.0/16", 50, 7)));
	routes_watch(&routes, NULL, 0);
	ck_assert_str_eq(said(), "-10.3.0.0/16");
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert_str_eq(said(), "-10.5.0.0/16");
	ck_assert_str_eq(said(), "");
	/* Another engine knows nothing of them. */
	routes_watch(&routes, tables, 3);
	routes_mute(&routes);
	routes_say_all(&routes);
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert_str_eq(said(), "");
	fini();
}
END_TEST

START_TEST(t_silent)
{
	struct nl_fib several = fib(100, "10.4.0.0/16", 50, 7);

	init();
	several.several = true;
	add(fib(100, "10.1.0.0/16", 50, 7));
	add(fib(100, "10.1.0.0/16", 60, 8));
	add(fib(100, "fd01::/64", 50, 7));
	ck_assert(routes_link_down(&routes, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 60 8");
	ck_assert_str_eq(said(), "+fd01::/64 50 7"); /* of IPv6 the kernel tells */
	add(several);
	ck_assert(!routes_link_down(&routes, 9));
	ck_assert(!del(fib(100, "10.4.0.0/16", 50, 7))); /* one of them, or all? */
	ck_assert(del(several));
	fini();
}
END_TEST

START_TEST(t_dump)
{
	init();
	add(fib(100, "10.1.0.0/16", 50, 7));
	add(fib(100, "10.2.0.0/16", 50, 7));
	ck_assert_str_eq(said(), "+10.1.0.0/16 50 7");
	ck_assert_str_eq(said(), "+10.2.0.0/16 50 7");
	routes_dump_begin(&routes);
	add(fib(100, "10.2.0.0/16", 50, 7));
	routes_dump_end(&routes);
	ck_assert_str_eq(said(), "-10.1.0.0/16");
	ck_assert_str_eq(said(), "");
	routes_mute(&routes);
	ck_assert(del(fib(100, "10.2.0.0/16", 50, 7)));
	ck_assert_uint_eq(routes.slab.live, 0);
	add(fib(100, "10.3.0.0/16", 50, 7));
	routes_say_all(&routes);
	ck_assert_str_eq(said(), "+10.3.0.0/16 50 7");
	fini();
}
END_TEST

START_TEST(t_cares)
{
	struct nl_fib f;

	f = fib(254, "10.1.0.0/16", 50, 7);
	ck_assert(routes_cares(&f));
	/* A full table of a routing daemon is none of ours; what a write would hit is. */
	f.proto = RTPROT_BIRD;
	ck_assert(!routes_cares(&f));
	f.metric = NL_FIB_METRIC;
	ck_assert(routes_cares(&f));
	f = fib(255, "10.1.0.0/16", 50, 7);
	ck_assert(!routes_cares(&f));
	f = fib(100, "fe80::/64", 256, 7);
	ck_assert(!routes_cares(&f));
	f = fib(100, "ff00::/8", 256, 7);
	ck_assert(!routes_cares(&f));
	f = fib(100, "::/0", 256, 7);
	ck_assert(routes_cares(&f));
	f.kind = NL_FIB_OTHER;
	ck_assert(!routes_cares(&f));
	f.kind = NL_FIB_BLACKHOLE;
	f.ours = true;
	ck_assert(!routes_cares(&f));
}
END_TEST

START_TEST(t_messages)
{
	struct prefix p;
	struct nl_batch b;
	struct nl_fib f;

	ck_assert(prefix_parse("fd01:2::/48", &p));
	nl_batch_init(&b);
	nl_fib_put(&b, 1000, p, 77, 0);
	ck_assert(nl_fib_parse((const struct nlmsghdr *)b.buf, &f));
	ck_assert(f.ours && !f.del && f.kind == NL_FIB_UNICAST && f.table == 1000);
	ck_assert(f.metric == NL_FIB_METRIC && f.nh_id == 77 && f.prefix.plen == 48);
	ck_assert(ip_equal(f.prefix.ip, p.ip));
	nl_batch_reset(&b);
	nl_fib_put(&b, 1000, p, 0, 0);
	ck_assert(nl_fib_parse((const struct nlmsghdr *)b.buf, &f));
	ck_assert(f.kind == NL_FIB_BLACKHOLE && f.metric == NL_FIB_METRIC_UNREACHABLE);
	nl_batch_reset(&b);
	nl_fib_put(&b, 1000, p, 0, 9);
	ck_assert(nl_fib_parse((const struct nlmsghdr *)b.buf, &f));
	ck_assert(f.kind == NL_FIB_UNICAST && f.metric == NL_FIB_METRIC && f.oif == 9);
	nl_batch_reset(&b);
	nl_fib_put_del(&b, 1000, p, true, 0);
	ck_assert(nl_fib_parse((const struct nlmsghdr *)b.buf, &f));
	ck_assert(f.del && f.metric == NL_FIB_METRIC_UNREACHABLE);
	nl_batch_fini(&b);
}
END_TEST

/* Recorded messages of a guest. */

static struct hops hops;
static unsigned parsed[3]; /* links, nexthops, routes */

static void
on_message(const struct nlmsghdr *h)
{
	struct nl_nexthop n;
	struct nl_link l;
	struct nl_fib f;

	if (nl_link_parse(h, &l)) {
		vrfs_link(&vrfs, NULL, &l);
		parsed[0]++;
	} else if (nl_nexthop_parse(h, &n)) {
		hops_dump_seen(&hops, &n);
		parsed[1]++;
	} else {
		ck_assert(nl_fib_parse(h, &f));
		parsed[2]++;
		if (routes_cares(&f))
			routes_set(&routes, &f);
	}
}

static void
on_vector(const struct vector *v)
{
	struct nlmsghdr *copy = malloc(v->len), *h = copy;
	int left = (int)v->len;

	memcpy(copy, v->in, v->len);
	for (; nlmsg_ok(h, left); h = nlmsg_next(h, &left))
		on_message(h);
	ck_assert_int_eq(left, 0);
	free(copy);
}

START_TEST(t_recorded)
{
	const char *srcdir = getenv("srcdir");
	struct vector_file file;
	struct zl_vrf v;
	struct hop *p;
	char path[512];

	hash_seed_fixed(3, 4);
	vrfs_init(&vrfs, on_table, NULL);
	routes_init(&routes, &vrfs, on_wake, NULL);
	hops_init(&hops);
	vrfs_say_all(&vrfs);
	snprintf(
	    path, sizeof path, "%s/tests/vectors/nlmsg/vrf.txt", srcdir ? srcdir : ".");
	vector_file_load(&file, path);
	for (size_t i = 0; i < file.n; i++)
		if (strcmp(file.v[i].name, "dump") == 0)
			on_vector(&file.v[i]);
	vector_file_free(&file);
	ck_assert(parsed[0] >= 5 && parsed[1] == 5 && parsed[2] > 10);
	ck_assert(vrfs_next(&vrfs, &v) && v.up && v.table == 100);
	ck_assert_str_eq(v.name, "red");
	/* One member of the group has gone, and the blackhole is nobody's we know. */
	ck_assert_uint_eq(hops.slab.live, 4);
	p = hops_by_kid(&hops, 3003121667u);
	ck_assert(p && p->group && p->nmembers == 1 && p->members[0] == 3003121664u);
	p = hops_by_kid(&hops, 3003121668u);
	ck_assert(p && p->hop.label == 600 && ip_v4_host(p->hop.dst) == 0x0a000009);
	p = hops_by_kid(&hops, 3003121665u);
	ck_assert(p && p->hop.gateway.len == 16 && p->hop.gateway.b[10] == 0xff);
	/* Connected, and with two next hops, of each family. */
	ck_assert_uint_eq(routes.slab.live, 4);
	hops_fini(&hops);
	fini();
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_best, 0, 0 },
		{ t_gateway, 0, 0 },
		{ t_collapse, 0, 0 },
		{ t_tables, 0, 0 },
		{ t_watched, 0, 0 },
		{ t_silent, 0, 0 },
		{ t_dump, 0, 0 },
		{ t_cares, 0, 0 },
		{ t_messages, 0, 0 },
		{ t_recorded, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("routes", tests);
}
