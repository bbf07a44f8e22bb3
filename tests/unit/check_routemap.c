/* SPDX-License-Identifier: ISC */
/* Route-maps and prefix-lists: which entry decides, and what it sets. */
#include "config.h"

#include <stdlib.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/extcomm.h"
#include "bgpd/routemap.h"
#include "lib/strbuf.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static struct prefix
pfx(const char *text)
{
	struct prefix p;

	ck_assert(prefix_parse(text, &p));
	return p;
}

static struct plist
list(const struct plist_entry *e, size_t n)
{
	return (struct plist){ xmemdup(e, n * sizeof *e), n };
}

START_TEST(lists)
{
	const struct plist_entry e[] = {
		{ 5, false, pfx("10.1.0.0/16"), 16, 32 },
		{ 10, true, pfx("10.0.0.0/8"), 24, 28 },
		{ 15, true, pfx("0.0.0.0/0"), 0, 0 },
	};
	struct plist l = list(e, ARRAY_LEN(e)), none = { NULL, 0 };

	ck_assert(!plist_permits(&l, pfx("10.1.2.0/24")));
	ck_assert(plist_permits(&l, pfx("10.2.2.0/24")));
	ck_assert(!plist_permits(&l, pfx("10.2.0.0/16")));
	ck_assert(!plist_permits(&l, pfx("10.2.2.1/32")));
	ck_assert(plist_permits(&l, pfx("0.0.0.0/0")));
	ck_assert(!plist_permits(&l, pfx("::/0")));
	ck_assert(!plist_permits(&none, pfx("10.0.0.0/8")));
	free(l.e);
}
END_TEST

static struct rmap *
map(const struct rmap_entry *e, size_t n)
{
	struct rmap *m = rmap_new();

	m->e = xmemdup(e, n * sizeof *e);
	m->n = n;
	return m;
}

START_TEST(entries)
{
	const struct plist_entry ten = { 5, true, pfx("10.0.0.0/8"), 8, 32 };
	struct rmap_entry e[] = {
		{ .seq = 10, .permit = true, .match = RMAP_IF, .ifname = "lo" },
		{ .seq = 20, .match = RMAP_PREFIX4 },
		{ .seq = 30,
		    .permit = true,
		    .match = RMAP_TYPE | RMAP_VNI,
		    .type = 2,
		    .vni = 100 },
		{ .seq = 40, .permit = true, .match = RMAP_PREFIX6 },
	};
	struct rmap_route r = { .family = AFI_SAFI_IPV4, .prefix = pfx("10.0.0.1/32") };
	struct rmap *m, *empty = rmap_new();

	e[1].prefix[0] = list(&ten, 1);
	m = map(e, ARRAY_LEN(e));
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	r.ifname = "lo";
	ck_assert_uint_eq(rmap_permits(m, &r), 1);
	r.ifname = "lo1";
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	r = (struct rmap_route){ .family = AFI_SAFI_EVPN, .type = 2, .vni = 100 };
	ck_assert_uint_eq(rmap_permits(m, &r), 3);
	r.vni = 101;
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	/* A list that is not there permits nothing. */
	r = (struct rmap_route){ .family = AFI_SAFI_IPV6, .prefix = pfx("fd00::1/128") };
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	ck_assert_uint_eq(rmap_permits(empty, &r), 0);
	rmap_unref(m);
	rmap_unref(empty);
}
END_TEST

START_TEST(sets)
{
	const struct rmap_entry e = { .permit = true,
		.set = RMAP_SET_METRIC | RMAP_SET_LOCAL_PREF,
		.metric = 7,
		.local_pref = 200 };
	struct rmap *m = map(&e, 1);
	struct attrs a = { 0 };

	rmap_set(m, 1, NULL, &a);
	ck_assert_uint_eq(a.has, HAS_MED | HAS_LOCAL_PREF);
	ck_assert_uint_eq(a.med, 7);
	ck_assert_uint_eq(a.local_pref, 200);
	rmap_unref(m);
}
END_TEST

START_TEST(equality)
{
	struct rmap_entry e = { .seq = 10, .permit = true, .match = RMAP_VNI, .vni = 1 };
	struct rmap *a = map(&e, 1), *b, *c;

	e.seq = 20;
	b = map(&e, 1);
	e.vni = 2;
	c = map(&e, 1);
	ck_assert(rmap_equal(NULL, NULL) && rmap_equal(a, a));
	ck_assert(rmap_equal(a, b));
	ck_assert(!rmap_equal(a, c) && !rmap_equal(a, NULL) && !rmap_equal(NULL, a));
	ck_assert_ptr_eq(rmap_ref(a), a);
	rmap_unref(a);
	rmap_unref(a);
	rmap_unref(b);
	rmap_unref(c);
}
END_TEST

/* Parts behind the first `n` entries are maps that are called. */
static struct rmap *
joined(const struct rmap_entry *e, size_t total, size_t n)
{
	struct rmap *m = map(e, total);

	m->n = n;
	if (total > n) {
		m->parts = xcalloc(1, sizeof *m->parts);
		m->parts[0] = (struct rmap_part){ n, total - n };
		m->nparts = 1;
	}
	rmap_finish(m);
	return m;
}

static unsigned
permits(const struct rmap *m, uint32_t vni, const struct attrs *a)
{
	const struct rmap_route r = {
		.family = AFI_SAFI_EVPN, .type = 2, .vni = vni, .attrs = a
	};

	return rmap_permits(m, &r);
}

START_TEST(goes_on)
{
	const struct rmap_entry e[] = {
		{ .seq = 10,
		    .permit = true,
		    .next = RMAP_NEXT,
		    .set = RMAP_SET_METRIC,
		    .metric = 1 },
		{ .seq = 20,
		    .permit = true,
		    .match = RMAP_VNI,
		    .vni = 2,
		    .next = RMAP_GOTO,
		    .go = 35,
		    .set = RMAP_SET_LOCAL_PREF,
		    .local_pref = 2 },
		{ .seq = 30, .match = RMAP_VNI, .vni = 3 },
		/* What was set so far is what is looked at. */
		{ .seq = 32,
		    .match = RMAP_METRIC | RMAP_VNI,
		    .match_metric = 1,
		    .vni = 4 },
		{ .seq = 33, .match = RMAP_VNI, .vni = 2 },
		{ .seq = 40,
		    .permit = true,
		    .match = RMAP_VNI,
		    .vni = 2,
		    .set = RMAP_SET_METRIC,
		    .metric = 4 },
	};
	struct rmap *m = joined(e, ARRAY_LEN(e), ARRAY_LEN(e));
	struct attrs in = { 0 }, a = { 0 };
	unsigned v;

	ck_assert_uint_eq(permits(m, 3, &in), 0);
	ck_assert_uint_eq(permits(m, 4, &in), 0);
	/* It fits no further entry, and is permitted by the first. */
	v = permits(m, 5, &in);
	ck_assert_uint_ne(v, 0);
	rmap_set(m, v, NULL, &a);
	ck_assert_uint_eq(a.med, 1);
	ck_assert_uint_eq(a.has, HAS_MED);
	v = permits(m, 2, &in);
	ck_assert_uint_eq(v, permits(m, 2, &in));
	ck_assert_uint_ne(v, permits(m, 5, &in));
	a = in;
	rmap_set(m, v, NULL, &a);
	ck_assert_uint_eq(a.med, 4);
	ck_assert_uint_eq(a.local_pref, 2);
	a = in;
	rmap_set_local(m, v, &a);
	ck_assert_uint_eq(a.med, 4);
	rmap_unref(m);
}
END_TEST

START_TEST(calls)
{
	const struct rmap_entry e[] = {
		{ .seq = 10,
		    .permit = true,
		    .match = RMAP_TYPE,
		    .type = 2,
		    .call = 1,
		    .next = RMAP_NEXT },
		{ .seq = 20, .permit = true, .set = RMAP_SET_WEIGHT, .weight = 9 },
		/* The map that is called. */
		{ .seq = 5, .match = RMAP_VNI, .vni = 3 },
		{ .seq = 10,
		    .permit = true,
		    .match = RMAP_VNI,
		    .vni = 4,
		    .set = RMAP_SET_METRIC,
		    .metric = 7 },
	};
	struct rmap *m = joined(e, ARRAY_LEN(e), 2), *same = joined(e, ARRAY_LEN(e), 2);
	struct rmap *other = joined(e, ARRAY_LEN(e), 3);
	struct attrs in = { 0 }, a = { 0 };

	ck_assert_uint_eq(permits(m, 3, &in), 0);
	ck_assert_uint_eq(permits(m, 5, &in), 0); /* it fits none of the called one's */
	rmap_set(m, permits(m, 4, &in), NULL, &a);
	ck_assert_uint_eq(a.med, 7);
	ck_assert_uint_eq(a.weight, 9);
	ck_assert(rmap_equal(m, same));
	ck_assert(!rmap_equal(m, other));
	rmap_unref(m);
	rmap_unref(same);
	rmap_unref(other);
}
END_TEST

/* More combinations than are remembered: routes are denied, nothing else happens. */
START_TEST(trails_end)
{
	struct rmap_entry e[20];
	struct attrs a = { 0 };
	unsigned denied = 0;
	struct rmap *m;

	for (uint32_t i = 0; i < ARRAY_LEN(e); i++)
		e[i] = (struct rmap_entry){ .seq = (uint16_t)(i + 1),
			.permit = true,
			.next = RMAP_NEXT,
			.set = RMAP_SET_WEIGHT,
			.weight = i };
	m = joined(e, ARRAY_LEN(e), ARRAY_LEN(e));
	for (uint32_t n = 0; n < (uint32_t)RMAP_TRAILS * 4; n++) {
		struct rmap_route r = { .family = AFI_SAFI_IPV4, .attrs = &a };

		/* Bits of n choose the entries that fit. */
		for (uint32_t i = 1; i < ARRAY_LEN(e); i++)
			m->e[i].match = n >> i & 1 ? 0 : RMAP_NEVER;
		denied += rmap_permits(m, &r) == 0;
	}
	ck_assert_uint_gt(denied, 0);
	ck_assert_uint_lt(denied, RMAP_TRAILS * 4);
	rmap_unref(m);
}
END_TEST

/* What is said of type 5 concerns no other type, with the same map and attributes. */
START_TEST(prefixes_alone)
{
	struct rmap_entry e = { .seq = 10,
		.permit = true,
		.set = RMAP_SET_RMAC | RMAP_SET_GATEWAY4 | RMAP_SET_METRIC,
		.metric = 3,
		.rmac = { { 2, 0, 0, 0, 0, 9 } },
		.gateway = { pfx("10.0.0.9/32").ip } };
	struct rmap *m = joined(&e, 1, 1);
	struct attrs in = { 0 }, a = { 0 };
	struct rmap_route r = { .family = AFI_SAFI_EVPN, .type = 2, .attrs = &in };
	struct arena arena;
	struct mac mac;
	struct ip gw = { 0 };
	unsigned v;

	arena_init(&arena);
	v = rmap_permits(m, &r);
	rmap_set(m, v, &arena, &a);
	ck_assert_uint_eq(a.med, 3);
	ck_assert_uint_eq(a.necoms, 0);
	ck_assert(!rmap_gateway(m, v, false, &gw));
	r.type = 5;
	v = rmap_permits(m, &r);
	a = in;
	rmap_set(m, v, &arena, &a);
	rmap_set(m, v, &arena, &a); /* in place of the one that it has */
	ck_assert_uint_eq(a.necoms, 1);
	ck_assert(ecom_router_mac_get(&a.ecoms[0], &mac) && mac_equal(mac, e.rmac));
	ck_assert(rmap_gateway(m, v, false, &gw) && ip_equal(gw, e.gateway[0]));
	ck_assert(!rmap_gateway(m, v, true, &gw));
	arena_fini(&arena);
	rmap_unref(m);
}
END_TEST

START_TEST(hosts_and_sources)
{
	const struct maclist_entry macs[] = {
		{ 5, false, false, { { 2, 0, 0, 0, 0, 1 } } },
		{ 10, true, true, { { 0 } } },
	};
	struct rmap_entry e[] = {
		{ .seq = 10, .permit = true, .match = RMAP_NEVER },
		{ .seq = 20, .permit = true, .match = RMAP_MAC },
		{ .seq = 30,
		    .permit = true,
		    .match = RMAP_SRC_PEER,
		    .src_peer = pfx("10.0.0.1/32").ip },
	};
	struct rmap_route r = { .family = AFI_SAFI_EVPN, .type = 2 };
	struct rmap *m;

	e[1].mac = (struct maclist){ xmemdup(macs, sizeof macs), ARRAY_LEN(macs) };
	m = map(e, ARRAY_LEN(e));
	ck_assert_uint_eq(rmap_permits(m, &r), 2);
	r.mac = macs[0].mac;
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	r.src_peer = e[2].src_peer;
	ck_assert_uint_eq(rmap_permits(m, &r), 3);
	r.type = 3;
	r.src_peer.len = 0;
	ck_assert_uint_eq(rmap_permits(m, &r), 0);
	rmap_unref(m);
}
END_TEST

static void
path_is(const struct attrs *a, const char *text)
{
	struct strbuf s;

	strbuf_init(&s);
	strbuf_put(&s, "");
	aspath_format(&s, a->aspath, a->aspath_len);
	ck_assert_str_eq(s.s, text);
	strbuf_fini(&s);
}

START_TEST(paths)
{
	/* 65001 {65002,65003} 65001 65004 */
	static const uint8_t path[] = { AS_SEQUENCE, 1, 0, 0, 0xfd, 0xe9, AS_SET, 2, 0, 0,
		0xfd, 0xea, 0, 0, 0xfd, 0xeb, AS_SEQUENCE, 2, 0, 0, 0xfd, 0xe9, 0, 0,
		0xfd, 0xec };
	const uint32_t gone[] = { 65002, 65003 };
	struct rmap_entry e[] = {
		{ .permit = true, .set = RMAP_SET_EXCLUDE, .nexclude = 2 },
		{ .permit = true, .set = RMAP_SET_EXCLUDE },
		{ .permit = true, .set = RMAP_SET_REPLACE, .replace = { 65001, 7 } },
		{ .permit = true, .set = RMAP_SET_REPLACE, .replace = { 0, 7 } },
	};
	static const char *const is[] = { "65001 65001 65004", "",
		"7 {65002,65003} 7 65004", "7 {7} 7 7" };
	struct arena arena;
	struct rmap *m;

	e[0].exclude = xmemdup(gone, sizeof gone);
	m = map(e, ARRAY_LEN(e));
	arena_init(&arena);
	for (unsigned i = 0; i < ARRAY_LEN(e); i++) {
		struct attrs a = {
			.has = HAS_AS_PATH, .aspath = path, .aspath_len = sizeof path
		};

		rmap_set(m, i + 1, &arena, &a);
		path_is(&a, is[i]);
	}
	arena_fini(&arena);
	rmap_unref(m);
}
END_TEST

START_TEST(facts)
{
	struct rib_key_head none = { .len = 0 };
	const uint8_t tail[] = { 24, 10, 1, 2 };
	struct rmap_route r;

	rmap_route_init(&r, AFI_SAFI_IPV4, &none, tail, sizeof tail, 0, NULL);
	ck_assert_uint_eq(r.prefix.plen, 24);
	ck_assert(ip_equal(r.prefix.ip, pfx("10.1.2.0/24").ip));
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = { { lists, 0, 0 }, { entries, 0, 0 },
		{ sets, 0, 0 }, { equality, 0, 0 }, { facts, 0, 0 }, { goes_on, 0, 0 },
		{ calls, 0, 0 }, { trails_end, 0, 0 }, { prefixes_alone, 0, 0 },
		{ hosts_and_sources, 0, 0 }, { paths, 0, 0 }, { NULL, 0, 0 } };

	return run_tests("routemap", tests);
}
