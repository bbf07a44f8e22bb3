/* SPDX-License-Identifier: ISC */
/* Route-maps and prefix-lists: which entry decides, and what it sets. */
#include "config.h"

#include <stdlib.h>

#include "bgpd/afi.h"
#include "bgpd/routemap.h"
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
		{ sets, 0, 0 }, { equality, 0, 0 }, { facts, 0, 0 }, { NULL, 0, 0 } };

	return run_tests("routemap", tests);
}
