/* SPDX-License-Identifier: ISC */
/* Next hops: who holds them, what is asked about them, and what their answers do to a RIB. */
#include "config.h"

#include "bgpd/nht.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/decision.h"
#include "bgpd/rib_priv.h"
#include "lib/hash.h"
#include "lib/util.h"

/* A RIB with two peers and a reader; the tests play the data plane. */
struct world {
	struct loop *loop;
	struct attrtab attrs;
	struct nht nht;
	struct rib *rib;
	struct rib_cursor cursor;
	uint16_t peer[3];
	unsigned wakes;
	struct loop_work driver; /* of the random test */
	uint32_t rng;
	unsigned steps; /* that are left */
};

static void
on_ask(void *arg)
{
	struct world *w = arg;

	w->wakes++;
}

static struct world *
world_new(void)
{
	struct world *w = xcalloc(1, sizeof(*w));

	hash_seed_fixed(1, 2);
	w->loop = loop_new_sim(1);
	attrtab_init(&w->attrs);
	nht_init(&w->nht, &w->attrs);
	nht_on_ask(&w->nht, on_ask, w);
	w->rib = rib_new(w->loop, &w->attrs);
	rib_track(w->rib, &w->nht);
	rib_cursor_open(w->rib, &w->cursor, RIB_GROUP_NONE, true);
	for (uint32_t i = 1; i < 3; i++) {
		struct rib_peer p = { .router_id = i, .addr = ip_v4(i) };

		w->peer[i] = rib_peer_add(w->rib, &p);
	}
	return w;
}

static void
world_free(struct world *w)
{
	rib_cursor_close(&w->cursor);
	rib_free(w->rib);
	attrtab_fini(&w->attrs);
	while (nht_ask_next(&w->nht, &(struct nht_ask){ 0 }))
		;
	ck_assert_uint_eq(w->nht.nunreachable, 0);
	ck_assert_uint_eq(w->nht.hops.live, 1);
	nht_fini(&w->nht);
	loop_free(w->loop);
	free(w);
}

static struct rib_key
key(uint32_t i)
{
	struct rib_key k = { .len = 5, .tail = { 9 } };

	memcpy(k.tail + 1, &i, 4);
	return k;
}

static uint32_t
set(struct world *w, struct ip nexthop, uint32_t med)
{
	struct attrs a = {
		.has = HAS_ORIGIN | HAS_AS_PATH | HAS_MED, .med = med, .nexthop = nexthop
	};

	return attrset_intern(&w->attrs, &a);
}

static void
put(struct world *w, uint32_t route, int peer, uint32_t nexthop)
{
	struct rib_path_in in = { .attrs = set(w, ip_v4(nexthop), 0) };
	struct rib_key k = key(route);

	rib_update(w->rib, &k, w->peer[peer], &in);
}

static void
cut(struct world *w, uint32_t route, int peer)
{
	struct rib_key k = key(route);

	ck_assert(rib_withdraw(w->rib, &k, w->peer[peer]));
}

/* The peer of the best path, -1 if there is none. */
static int
best(const struct world *w, uint32_t route)
{
	struct rib_key k = key(route);
	uint32_t h = rib_find(w->rib, &k);
	const struct rib_path *p;

	ck_assert_uint_ne(h, 0);
	p = rib_best(rib_route(w->rib, h));
	return p ? p->peer : -1;
}

static void
answer(struct world *w, uint32_t nexthop, bool reachable, uint32_t metric)
{
	enum nht_change c = nht_answer(&w->nht, ip_v4(nexthop), reachable, metric);

	if (c != NHT_SAME)
		rib_hops_changed(w->rib, c == NHT_METRIC);
	loop_run_idle(w->loop);
}

static unsigned
changes(struct world *w)
{
	unsigned n = 0;

	while (rib_cursor_next(&w->cursor))
		n++;
	return n;
}

/* Takes what is asked: must be this one alone. */
static void
asked(struct world *w, bool watch, uint32_t nexthop)
{
	struct nht_ask a;

	ck_assert(nht_ask_next(&w->nht, &a));
	ck_assert_int_eq(a.watch, watch);
	ck_assert(ip_equal(a.ip, ip_v4(nexthop)));
	ck_assert(!nht_ask_next(&w->nht, &a));
}

static void
asked_nothing(struct world *w)
{
	struct nht_ask a;

	ck_assert(!nht_ask_next(&w->nht, &a));
}

START_TEST(sets_hold_references)
{
	struct world *w = world_new();
	uint32_t other;

	for (uint32_t i = 0; i < 100; i++)
		put(w, i, 1, 7);
	ck_assert_uint_eq(nht_find(&w->nht, ip_v4(7))->refs, 1);
	ck_assert_uint_eq(w->wakes, 1);
	asked(w, true, 7);
	/* Another set with the same next hop. */
	other = set(w, ip_v4(7), 1);
	ck_assert_uint_eq(nht_find(&w->nht, ip_v4(7))->refs, 1);
	nht_attach(&w->nht, other);
	nht_attach(&w->nht, other);
	ck_assert_uint_eq(nht_find(&w->nht, ip_v4(7))->refs, 2);
	for (uint32_t i = 0; i < 100; i++)
		cut(w, i, 1);
	asked_nothing(w);
	attrset_unref(&w->attrs, other);
	asked(w, false, 7);
	ck_assert_ptr_null(nht_find(&w->nht, ip_v4(7)));
	world_free(w);
}
END_TEST

/* What came and went before anybody took the question is not asked. */
START_TEST(asks_are_state)
{
	struct world *w = world_new();

	put(w, 1, 1, 7);
	cut(w, 1, 1);
	asked_nothing(w);
	ck_assert_ptr_null(nht_find(&w->nht, ip_v4(7)));
	put(w, 1, 1, 7);
	asked(w, true, 7);
	cut(w, 1, 1);
	put(w, 1, 1, 7);
	asked_nothing(w);
	put(w, 1, 1, 8);
	put(w, 1, 1, 7);
	asked_nothing(w);
	world_free(w);
}
END_TEST

START_TEST(only_global_addresses)
{
	static const char *const no[] = { "0.0.0.0", "::", "fe80::1", "169.254.1.1",
		"224.0.0.1", "ff02::1" };
	struct world *w = world_new();

	for (size_t i = 0; i < ARRAY_LEN(no); i++) {
		struct rib_path_in in = { 0 };
		struct rib_key k = key((uint32_t)i);
		struct ip ip;

		ck_assert(ip_parse(no[i], &ip));
		in.attrs = set(w, ip, 0);
		rib_update(w->rib, &k, w->peer[1], &in);
		ck_assert_int_eq(best(w, (uint32_t)i), w->peer[1]);
	}
	asked_nothing(w);
	ck_assert_uint_eq(w->wakes, 0);
	world_free(w);
}
END_TEST

START_TEST(answers)
{
	struct world *w = world_new();

	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), false, 0), NHT_SAME);
	put(w, 1, 1, 7);
	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), true, 0), NHT_SAME);
	ck_assert(nht_find(&w->nht, ip_v4(7))->known);
	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), true, 20), NHT_METRIC);
	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), true, 20), NHT_SAME);
	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), false, 20), NHT_REACH);
	ck_assert_uint_eq(nht_find(&w->nht, ip_v4(7))->metric, 0);
	ck_assert_int_eq(nht_answer(&w->nht, ip_v4(7), false, 0), NHT_SAME);
	ck_assert_uint_eq(w->nht.nunreachable, 1);
	/* Gone with its last path. */
	cut(w, 1, 1);
	asked_nothing(w);
	ck_assert_uint_eq(w->nht.nunreachable, 0);
	world_free(w);
}
END_TEST

/* Only what uses the next hop changes, and it comes back. */
START_TEST(unreachable_and_back)
{
	struct world *w = world_new();
	const struct rib_path *p;
	struct rib_key k = key(3);

	for (uint32_t i = 0; i < 1000; i++)
		put(w, i, 1, i % 10 + 1);
	ck_assert_uint_eq(changes(w), 1000);
	answer(w, 4, false, 0);
	ck_assert_int_eq(best(w, 3), -1);
	ck_assert_int_eq(best(w, 4), w->peer[1]);
	/* Routes that nobody was told of and that have no best path are no news. */
	changes(w);
	p = rib_path_of(w->rib, rib_route(w->rib, rib_find(w->rib, &k)), w->peer[1]);
	ck_assert(!rib_path_usable(w->rib, p));
	ck_assert(rib_path_hop(w->rib, p)->unreachable);
	/* A new route with that next hop, and one more path for an old one. */
	put(w, 2003, 1, 4);
	ck_assert_int_eq(best(w, 2003), -1);
	put(w, 3, 2, 5);
	ck_assert_int_eq(best(w, 3), w->peer[2]);
	changes(w);
	answer(w, 4, true, 0);
	/* 100 routes and the new one; of the two of route 3 the lower router id wins. */
	ck_assert_uint_eq(changes(w), 101);
	ck_assert_int_eq(best(w, 3), w->peer[1]);
	ck_assert_int_eq(best(w, 2003), w->peer[1]);
	world_free(w);
}
END_TEST

START_TEST(told_groups_hear_of_it)
{
	struct world *w = world_new();
	struct rib_cursor c = { 0 };
	uint8_t group = rib_group_alloc(w->rib);
	uint32_t h;

	put(w, 1, 1, 7);
	rib_cursor_open(w->rib, &c, group, true);
	h = rib_cursor_next(&c);
	rib_told(&c, h, true);
	ck_assert_uint_eq(rib_cursor_next(&c), 0);
	answer(w, 7, false, 0);
	ck_assert_uint_eq(rib_cursor_next(&c), h);
	ck_assert_ptr_null(rib_best(rib_route(w->rib, h)));
	rib_told(&c, h, false);
	ck_assert_uint_eq(rib_cursor_next(&c), 0);
	answer(w, 7, true, 5);
	ck_assert_uint_eq(rib_cursor_next(&c), h);
	ck_assert_ptr_nonnull(rib_best(rib_route(w->rib, h)));
	rib_cursor_close(&c);
	rib_group_free(w->rib, group);
	loop_run_idle(w->loop);
	world_free(w);
}
END_TEST

START_TEST(local_paths_are_exempt)
{
	struct world *w = world_new();
	struct rib_path_in in = { .attrs = set(w, ip_v4(7), 0) };
	struct rib_key k = key(1);

	rib_update(w->rib, &k, 0, &in);
	asked_nothing(w);
	put(w, 2, 1, 7); /* the same set */
	asked(w, true, 7);
	answer(w, 7, false, 0);
	ck_assert_int_eq(best(w, 1), 0);
	ck_assert_int_eq(best(w, 2), -1);
	world_free(w);
}
END_TEST

/* RFC 4271 9.1.2.2 e: the nearer next hop. */
START_TEST(metric_decides)
{
	struct world *w = world_new();
	struct rib_key k = key(1);
	const struct rib_route *rt;

	put(w, 1, 1, 7);
	put(w, 1, 2, 8);
	ck_assert_int_eq(best(w, 1), w->peer[1]);
	answer(w, 7, true, 20);
	ck_assert_int_eq(best(w, 1), w->peer[2]);
	rt = rib_route(w->rib, rib_find(w->rib, &k));
	ck_assert_int_eq(decision_why(w->rib, rt), DECISION_IGP_METRIC);
	answer(w, 8, true, 30);
	ck_assert_int_eq(best(w, 1), w->peer[1]);
	answer(w, 7, false, 0);
	ck_assert_int_eq(best(w, 1), w->peer[2]);
	ck_assert_int_eq(decision_why(w->rib, rt), DECISION_ELIGIBLE);
	world_free(w);
}
END_TEST

static void
random_step(struct world *w)
{
	uint32_t rng = w->rng = w->rng * 1664525 + 1013904223;
	uint32_t hop = (rng >> 8 & 7) + 1;
	enum nht_change c;

	if (rng >> 28 >= 4) {
		put(w, rng >> 12 & 255, 1 + (int)(rng >> 24 & 1), hop);
		return;
	}
	c = nht_answer(&w->nht, ip_v4(hop), rng >> 20 & 1, rng >> 21 & 3);
	if (c != NHT_SAME)
		rib_hops_changed(w->rib, c == NHT_METRIC);
}

/* A few steps, then the sweep has a slice. */
static bool
drive(struct loop_work *work)
{
	struct world *w = container_of(work, struct world, driver);

	for (uint32_t n = w->rng >> 26 & 7; n > 0 && w->steps > 0; n--, w->steps--)
		random_step(w);
	if (w->steps > 0)
		random_step(w);
	return w->steps > 0;
}

/* Against a decision from scratch: answers at any moment of a sweep, with updates in between. */
START_TEST(random_answers)
{
	struct world *w = world_new();

	w->rng = 12345 + (uint32_t)_i;
	w->steps = 3000;
	w->rib->sweep_slice = 9;
	loop_work_init(&w->driver, LOOP_PRIO_RX, drive);
	loop_work_queue(w->loop, &w->driver);
	loop_run_idle(w->loop);
	for (uint32_t route = 0; route < 256; route++) {
		struct rib_key k = key(route);
		uint32_t h = rib_find(w->rib, &k);
		const struct rib_route *rt = h ? rib_route(w->rib, h) : NULL;
		const struct rib_path *p = rt ? &rt->path : NULL, *is;

		is = rt ? rib_best(rt) : NULL;
		for (; p; p = rib_path_next(w->rib, p)) {
			struct decision_path a = decision_path(w->rib, p), b;
			enum decision_step why;

			ck_assert(is || !rib_path_usable(w->rib, p));
			if (!is || is == p)
				continue;
			b = decision_path(w->rib, is);
			ck_assert_int_gt(
			    decision_cmp(rib_decision(w->rib), false, &a, &b, &why), 0);
		}
		ck_assert(!is || rib_path_usable(w->rib, is));
	}
	world_free(w);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nht");
	TCase *tc = tcase_create("nht");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, sets_hold_references);
	tcase_add_test(tc, asks_are_state);
	tcase_add_test(tc, only_global_addresses);
	tcase_add_test(tc, answers);
	tcase_add_test(tc, unreachable_and_back);
	tcase_add_test(tc, told_groups_hear_of_it);
	tcase_add_test(tc, local_paths_are_exempt);
	tcase_add_test(tc, metric_decides);
	tcase_add_loop_test(tc, random_answers, 0, 10);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
