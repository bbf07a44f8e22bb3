/* SPDX-License-Identifier: ISC */
/* The decision, step by step, and what it does to the paths of a route. */
#include "config.h"

#include "bgpd/decision.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

/* All that two paths can differ in. */
struct side {
	struct rib_path path;
	struct attrset as;
	struct rib_peer peer;
	uint32_t igp;
	bool unreachable;
	bool best;
};

static const struct rib_decision_conf conf = { .default_local_pref = 100 };

static struct side
side(void)
{
	struct side s = { 0 };

	s.as.a.has = HAS_ORIGIN | HAS_AS_PATH;
	s.as.a.nexthop = ip_v4(10);
	s.as.aspath_hops = 3;
	s.as.neighbor_as = 64512;
	s.as.mm_seq = 5;
	s.as.a.nclusters = 2;
	s.peer.router_id = 10;
	s.peer.weight = 10;
	s.peer.addr = ip_v4(10);
	s.path.peer = 1;
	s.igp = 10;
	return s;
}

/* Makes the first look better at this step. */
static void
favour(struct side *s, struct side *other, enum decision_step step)
{
	switch (step) {
	case DECISION_ELIGIBLE:
		other->path.flags |= PATH_INELIGIBLE;
		break;
	case DECISION_STICKY:
		s->as.derived |= ATTRSET_STICKY;
		break;
	case DECISION_SEQUENCE:
		s->as.mm_seq++;
		break;
	case DECISION_LOWEST_VTEP:
		other->as.a.nexthop = ip_v4(11);
		break;
	case DECISION_WEIGHT:
		s->peer.weight++;
		break;
	case DECISION_LOCAL_PREF:
		s->as.a.has |= HAS_LOCAL_PREF;
		s->as.a.local_pref = 101;
		break;
	case DECISION_LOCAL:
		s->peer.local = true;
		break;
	case DECISION_AS_PATH:
		other->as.aspath_hops++;
		break;
	case DECISION_ORIGIN:
		other->as.a.origin = ORIGIN_INCOMPLETE;
		break;
	case DECISION_MED:
		other->as.a.has |= HAS_MED;
		other->as.a.med = 1;
		break;
	case DECISION_EBGP:
		other->peer.ibgp = true;
		break;
	case DECISION_IGP_METRIC:
		other->igp++;
		break;
	case DECISION_OLDER:
		s->best = true;
		break;
	case DECISION_ROUTER_ID:
		other->peer.router_id++;
		break;
	case DECISION_CLUSTER_LEN:
		other->as.a.nclusters++;
		break;
	case DECISION_PEER_ADDR:
		other->peer.addr = ip_v4(11);
		break;
	default:
		ck_abort();
	}
}

static int
cmp(const struct rib_decision_conf *c, bool macip, const struct side *a,
    const struct side *b, enum decision_step *why)
{
	const struct decision_path pa = { &a->path, &a->as, &a->peer, a->igp,
		a->unreachable, a->best };
	const struct decision_path pb = { &b->path, &b->as, &b->peer, b->igp,
		b->unreachable, b->best };
	enum decision_step back;
	int n = decision_cmp(c, macip, &pa, &pb, why);

	/* Whichever way one asks. */
	ck_assert_int_eq(decision_cmp(c, macip, &pb, &pa, &back) > 0, n < 0);
	ck_assert_int_eq(back, *why);
	return n;
}

/* A path that is better at one step wins against one that is better at all that follow. */
START_TEST(each_step_outranks_the_rest)
{
	enum decision_step why;
	struct side a = side(), b = side();

	for (int s = _i + 1; s < DECISION_MAX; s++)
		favour(&b, &a, (enum decision_step)s);
	favour(&a, &b, (enum decision_step)_i);
	ck_assert_int_lt(cmp(&conf, true, &a, &b, &why), 0);
	ck_assert_int_eq(why, _i);
	ck_assert_str_ne(decision_step_name(why), "");
}
END_TEST

START_TEST(evpn_steps_are_for_type_2)
{
	enum decision_step why;
	struct side a = side(), b = side();

	favour(&a, &b, DECISION_STICKY);
	favour(&a, &b, DECISION_SEQUENCE);
	favour(&a, &b, DECISION_LOWEST_VTEP);
	favour(&b, &a, DECISION_PEER_ADDR);
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_PEER_ADDR);
	ck_assert_int_lt(cmp(&conf, true, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_STICKY);
}
END_TEST

START_TEST(med)
{
	struct rib_decision_conf always = conf;
	enum decision_step why;
	struct side a = side(), b = side();

	always.always_compare_med = true;
	/* Absent is 0: as good as it gets (RFC 4271 9.1.2.2 c). */
	a.as.a.has |= HAS_MED;
	b.peer.router_id++;
	ck_assert_int_lt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
	a.as.a.med = 1;
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_MED);
	/* Another neighbour's means nothing to us, unless we are told so. */
	b.as.neighbor_as++;
	ck_assert_int_lt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
	ck_assert_int_gt(cmp(&always, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_MED);
}
END_TEST

START_TEST(defaults_and_substitutes)
{
	enum decision_step why;
	struct side a = side(), b = side();

	/* No LOCAL_PREF is the default one. */
	a.as.a.has |= HAS_LOCAL_PREF;
	a.as.a.local_pref = 99;
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	a.as.a.local_pref = 100;
	/* RFC 4456 9: ORIGINATOR_ID stands for the router id. */
	a.peer.router_id = 1;
	a.as.a.has |= HAS_ORIGINATOR;
	a.as.a.originator = 11;
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
	/* IPv4 before IPv6, and the index where even the address is the same. */
	a.as.a.originator = 10;
	b.path.peer = 2;
	ck_assert_int_lt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_PEER_ADDR);
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(decision_step_name(DECISION_LOCAL_PREF), "Local Pref");
	ck_assert_str_eq(decision_step_name(DECISION_AS_PATH), "AS Path");
	ck_assert_str_eq(decision_step_name(DECISION_ONLY), "First path received");
	for (int s = 0; s < DECISION_MAX; s++)
		ck_assert_ptr_nonnull(decision_step_name((enum decision_step)s));
}
END_TEST

/* A RIB with three external peers. */
struct world {
	struct loop *loop;
	struct attrtab attrs;
	struct rib *rib;
	struct rib_key key;
	uint16_t peer[4];
};

static void
world_init(struct world *w)
{
	hash_seed_fixed(1, 2);
	memset(w, 0, sizeof(*w));
	w->loop = loop_new_sim(1);
	attrtab_init(&w->attrs);
	w->rib = rib_new(w->loop, &w->attrs);
	w->key = (struct rib_key){ .len = 3, .tail = { 1, 2, 3 } };
	for (uint32_t i = 1; i < 4; i++) {
		struct rib_peer p = { .router_id = i, .addr = ip_v4(i) };

		w->peer[i] = rib_peer_add(w->rib, &p);
	}
}

static void
world_fini(struct world *w)
{
	rib_free(w->rib);
	attrtab_fini(&w->attrs);
	loop_free(w->loop);
}

static void
put(struct world *w, int peer, uint8_t as, uint32_t m, uint16_t flags)
{
	uint8_t path[] = { 2, 1, 0, 0, 0, as };
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_MED,
		.med = m,
		.aspath = path,
		.aspath_len = sizeof(path) };
	struct rib_path_in in = { .attrs = attrset_intern(&w->attrs, &a),
		.flags = flags };

	rib_update(w->rib, &w->key, w->peer[peer], &in);
}

/* Peer 1 beats 2 by router id, 2 beats 3 likewise, 3 beats 1 by MED: a circle.  RFC 4271 removes
 * 1 first, whatever the order of arrival, so 2 is best. */
START_TEST(med_circle)
{
	static const int orders[6][3] = { { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 },
		{ 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 } };
	struct world w;
	const struct rib_route *rt;

	world_init(&w);
	for (int i = 0; i < 3; i++) {
		int p = orders[_i][i];

		put(&w, p, p == 2 ? 20 : 10, p == 1 ? 50 : 0, 0);
	}
	rt = rib_route(w.rib, rib_find(w.rib, &w.key));
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[2]);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ROUTER_ID); /* before 3 */
	/* Without its rival 1 is best again. */
	rib_withdraw(w.rib, &w.key, w.peer[3]);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[1]);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ROUTER_ID);
	world_fini(&w);
}
END_TEST

/* A next hop that cannot be reached is as bad as a loop, and no worse. */
START_TEST(unreachable)
{
	enum decision_step why_not;
	struct side a = side(), b = side();

	b.unreachable = true;
	favour(&b, &a, DECISION_WEIGHT);
	ck_assert_int_lt(cmp(&conf, true, &a, &b, &why_not), 0);
	ck_assert_int_eq(why_not, DECISION_ELIGIBLE);
	a.path.flags |= PATH_INELIGIBLE;
	ck_assert_int_gt(cmp(&conf, true, &a, &b, &why_not), 0);
	ck_assert_int_eq(why_not, DECISION_WEIGHT);
}
END_TEST

/* Among external paths the one that is best stays so, unless the router identifiers are to decide. */
START_TEST(older)
{
	struct rib_decision_conf by_id = conf;
	enum decision_step why;
	struct side a = side(), b = side();

	by_id.compare_router_id = true;
	a.best = true;
	a.peer.router_id++;
	ck_assert_int_lt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_OLDER);
	ck_assert_int_gt(cmp(&by_id, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
	/* Nobody was best: the identifiers decide. */
	a.best = false;
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
	/* Internal paths are not asked for their age. */
	a.best = a.peer.ibgp = b.peer.ibgp = true;
	ck_assert_int_gt(cmp(&conf, false, &a, &b, &why), 0);
	ck_assert_int_eq(why, DECISION_ROUTER_ID);
}
END_TEST

START_TEST(older_in_the_rib)
{
	struct rib_decision_conf c = conf;
	const struct rib_route *rt;
	struct world w;

	world_init(&w);
	rib_set_decision(w.rib, &c);
	put(&w, 2, 10, 0, 0);
	put(&w, 1, 20, 0, 0);
	put(&w, 3, 30, 0, 0);
	rt = rib_route(w.rib, rib_find(w.rib, &w.key));
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[2]);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_OLDER);
	/* It is told again, with other attributes that are as good. */
	put(&w, 2, 40, 0, 0);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[2]);
	/* Worse for a moment, and it has lost its place. */
	put(&w, 2, 10, 0, PATH_INELIGIBLE);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[1]);
	put(&w, 2, 10, 0, 0);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[1]);
	rib_withdraw(w.rib, &w.key, w.peer[1]);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[2]);
	/* Peer 1 comes back as the youngest, with the lowest identifier. */
	put(&w, 1, 20, 0, 0);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[2]);
	c.compare_router_id = true;
	rib_set_decision(w.rib, &c);
	loop_run_idle(w.loop);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[1]);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ROUTER_ID);
	world_fini(&w);
}
END_TEST

START_TEST(why)
{
	struct world w;
	const struct rib_route *rt;

	world_init(&w);
	put(&w, 1, 10, 0, 0);
	rt = rib_route(w.rib, rib_find(w.rib, &w.key));
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ONLY);
	put(&w, 2, 10, 7, PATH_INELIGIBLE);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ELIGIBLE);
	put(&w, 3, 10, 7, 0);
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_MED);
	put(&w, 1, 10, 0, PATH_INELIGIBLE);
	ck_assert_uint_eq(rib_best(rt)->peer, w.peer[3]);
	put(&w, 3, 10, 0, PATH_INELIGIBLE);
	ck_assert_ptr_null(rib_best(rt));
	ck_assert_int_eq(decision_why(w.rib, rt), DECISION_ONLY);
	world_fini(&w);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("decision");
	TCase *tc = tcase_create("decision");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(
	    tc, each_step_outranks_the_rest, DECISION_ELIGIBLE, DECISION_MAX);
	tcase_add_test(tc, evpn_steps_are_for_type_2);
	tcase_add_test(tc, unreachable);
	tcase_add_test(tc, older);
	tcase_add_test(tc, older_in_the_rib);
	tcase_add_test(tc, med);
	tcase_add_test(tc, defaults_and_substitutes);
	tcase_add_test(tc, names);
	tcase_add_loop_test(tc, med_circle, 0, 6);
	tcase_add_test(tc, why);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
