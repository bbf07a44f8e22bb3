/* SPDX-License-Identifier: ISC */
/* The index of route targets against a plain list, exact and wildcard. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "evpn/rtindex.h"
#include "lib/hash.h"
#include "lib/util.h"

static struct attrtab tab;

static uint32_t
set_of(const struct ecom *ec, size_t n)
{
	struct attrs a = { .ecoms = ec, .necoms = (uint16_t)n };

	return attrset_intern(&tab, &a);
}

/* "1 3 7": the instances that a set with these communities names. */
static const char *
lookup(struct rtindex *x, const struct ecom *ec, size_t n)
{
	static char text[256];
	struct rtindex_set set = { 0 };
	uint32_t h = set_of(ec, n);
	size_t i, at = 0;

	rtindex_lookup(x, attrset_get(&tab, h), &set);
	text[0] = '\0';
	for (i = 0; i < set.n; i++)
		at += (size_t)snprintf(
		    text + at, sizeof text - at, "%s%u", i ? " " : "", set.ids[i]);
	rtindex_set_fini(&set);
	attrset_unref(&tab, h);
	return text;
}

static void
setup(void)
{
	hash_seed_fixed(3, 4);
	attrtab_init(&tab);
}

static void
teardown(void)
{
	attrtab_fini(&tab);
}

START_TEST(test_exact_and_wildcard)
{
	struct rt_match exact = { .rt = rt_from_as(65000, 100) };
	struct rt_match wild = { .wildcard = true, .local = 100 };
	struct ecom ec[2] = { rt_from_as(65000, 100), rt_from_as(65001, 100) };
	struct ecom other = rt_from_as(65000, 101), as4 = rt_from_as(70000, 100);
	struct rtindex x;
	uint32_t gen;

	rtindex_init(&x);
	gen = x.gen;
	rtindex_add(&x, &exact, 1);
	rtindex_add(&x, &wild, 2);
	ck_assert_uint_ne(x.gen, gen);
	ck_assert_str_eq(lookup(&x, ec, 1), "1 2");
	ck_assert_str_eq(lookup(&x, ec + 1, 1), "2");
	ck_assert_str_eq(lookup(&x, ec, 2), "1 2"); /* once each */
	ck_assert_str_eq(lookup(&x, &other, 1), "");
	ck_assert_str_eq(
	    lookup(&x, &as4, 1), "2"); /* local administrator of two octets */
	gen = x.gen;
	ck_assert(rtindex_del(&x, &exact, 1));
	ck_assert_uint_ne(x.gen, gen);
	ck_assert(!rtindex_del(&x, &exact, 1));
	ck_assert(!rtindex_del(&x, &wild, 1));
	ck_assert_str_eq(lookup(&x, ec, 2), "2");
	ck_assert(rtindex_del(&x, &wild, 2));
	ck_assert_uint_eq(x.cells.live, 0);
	ck_assert_uint_eq(x.index.count, 0);
	rtindex_fini(&x);
}
END_TEST

/* An extended community that looks like a route target but is none. */
START_TEST(test_only_route_targets)
{
	struct rt_match m = { .wildcard = true, .local = 100 };
	struct ecom soo = rt_from_as(65000, 100), nontrans = rt_from_as(65000, 100);
	struct rtindex x;

	soo.b[1] = 0x03;
	nontrans.b[0] |= 0x40;
	rtindex_init(&x);
	rtindex_add(&x, &m, 1);
	ck_assert_str_eq(lookup(&x, &soo, 1), "");
	ck_assert_str_eq(lookup(&x, &nontrans, 1), "");
	rtindex_fini(&x);
}
END_TEST

#define IDS 40
#define RTS 6

/* Random adds and deletes against a table of bits. */
START_TEST(test_random)
{
	static bool have[RTS * 2][IDS + 1];
	struct rtindex x;
	unsigned round, id, m;

	rtindex_init(&x);
	srand(5);
	for (round = 0; round < 4000; round++) {
		struct rt_match match = { 0 };
		struct ecom ec = rt_from_as(65000, 100 + (uint32_t)rand() % RTS);
		char want[256] = "";
		size_t at = 0;

		m = (unsigned)rand() % (RTS * 2);
		id = 1 + (unsigned)rand() % IDS;
		match.wildcard = m >= RTS;
		match.local = 100 + m % RTS;
		match.rt = rt_from_as(65000, 100 + m % RTS);
		if (have[m][id])
			ck_assert(rtindex_del(&x, &match, (uint16_t)id));
		else
			rtindex_add(&x, &match, (uint16_t)id);
		have[m][id] = !have[m][id];
		for (id = 1; id <= IDS; id++)
			if (have[rt_local(ec) - 100][id] ||
			    have[rt_local(ec) - 100 + RTS][id])
				at += (size_t)snprintf(want + at, sizeof want - at,
				    "%s%u", at ? " " : "", id);
		ck_assert_str_eq(lookup(&x, &ec, 1), want);
	}
	rtindex_fini(&x);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn rtindex");
	TCase *t = tcase_create("rtindex");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_exact_and_wildcard);
	tcase_add_test(t, test_only_route_targets);
	tcase_add_test(t, test_random);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
