/* SPDX-License-Identifier: ISC */
/* check_bgp: whole speakers against each other: sessions, reflection, restarts, configuration. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/routemap.h"
#include "lib/util.h"
#include "tests/unit/bgp_world.h"

static struct world w;

static void
setup(void)
{
	world_init(&w, 1);
}

static void
teardown(void)
{
	world_fini(&w);
}

static void
apply_all(void)
{
	for (int i = 0; i < w.nnodes; i++)
		if (w.nodes[i].b)
			node_apply(&w.nodes[i]);
}

/* Both ends call each other at once, in every order that the seeds draw. */
START_TEST(collision_ends_in_one_session)
{
	struct node *a, *b;

	world_fini(&w);
	world_init(&w, (uint64_t)_i + 100);
	a = node_new(&w, 1, 65000);
	b = node_new(&w, 2, 65000);
	node_link(a, 65000, b, 65000);
	apply_all();
	world_run(&w, 0.2);
	ck_assert(node_up(a, b) && node_up(b, a));
	world_run(&w, 60);
	ck_assert(node_up(a, b) && node_up(b, a));
	ck_assert_int_eq(a->ups, 1);
	ck_assert_int_eq(b->ups, 1);
	ck_assert_int_eq(a->downs + b->downs, 0);
	ck_assert_ptr_null(node_peer(a, b)->passive);
	ck_assert_ptr_null(node_peer(b, a)->passive);
}
END_TEST

START_TEST(passive_sides)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new(&w, 2, 65000);

	node_link(a, 65000, b, 65000);
	a->draft.peers[0].passive = true;
	b->draft.peers[0].passive = true;
	apply_all();
	world_run(&w, 60);
	ck_assert(!node_up(a, b));
	ck_assert_int_eq(a->connects + b->connects, 0);
	ck_assert_int_eq(peer_state(node_peer(a, b)), FSM_ACTIVE);
	b->draft.peers[0].passive = false;
	node_apply(b);
	world_run(&w, 1);
	ck_assert(node_up(a, b));
	ck_assert_int_eq(b->connects, 0);
}
END_TEST

START_TEST(retries_back_off)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new_raw(&w, 2);

	b->refuse = true;
	node_add_peer(a, b, 65000);
	node_apply(a);
	world_run(&w, 10);
	/* Soon at first, then every connect-retry time of 10 s. */
	ck_assert_int_ge(b->connects, 4);
	ck_assert_int_le(b->connects, 7);
	b->connects = 0;
	world_run(&w, 300);
	ck_assert_int_ge(b->connects, 29);
	ck_assert_int_le(b->connects, 42);
}
END_TEST

START_TEST(internal_routes)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new(&w, 2, 65000),
		    *c = node_new(&w, 3, 65000);

	node_link(a, 65000, b, 65000);
	node_link(b, 65000, c, 65000);
	node_originate(a, 1, -1);
	apply_all();
	world_run(&w, 2);
	node_originate(a, 2, -1);
	node_originate(a, 3, 7);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1) && node_has(b, 2) && node_has(b, 3));
	ck_assert_uint_eq(node_attrs(b, 3)->mm_seq, 7);
	ck_assert_uint_eq(node_attrs(b, 1)->a.local_pref, 100);
	ck_assert(ip_equal(node_attrs(b, 1)->a.nexthop, a->addr));
	/* RFC 4271 9.2: b is no reflector. */
	ck_assert(!node_has(c, 1));
	node_withdraw(a, 2);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1) && !node_has(b, 2));
	ck_assert_uint_eq(peer_prefixes_out(node_peer(a, b), AFI_SAFI_EVPN), 2);
	ck_assert_uint_eq(peer_prefixes_in(node_peer(b, a), AFI_SAFI_EVPN), 2);
	ck_assert(node_peer(b, a)->af[AFI_SAFI_EVPN].eor_in &&
		  node_peer(a, b)->af[AFI_SAFI_EVPN].eor_in);
}
END_TEST

/* A reflector (node 1) with clients 2 and 3 and a plain internal peer 4. */
struct fabric {
	struct node *rr, *c2, *c3, *p4;
};

static struct fabric
fabric(void)
{
	struct fabric f = { node_new(&w, 1, 65000), node_new(&w, 2, 65000),
		node_new(&w, 3, 65000), node_new(&w, 4, 65000) };

	node_link(f.rr, 65000, f.c2, 65000);
	node_link(f.rr, 65000, f.c3, 65000);
	node_link(f.rr, 65000, f.p4, 65000);
	f.rr->draft.peers[0].evpn.rr_client = true;
	f.rr->draft.peers[1].evpn.rr_client = true;
	f.rr->draft.c.cluster_id = 0x01020304;
	return f;
}

START_TEST(reflection)
{
	struct fabric f = fabric();

	apply_all();
	world_run(&w, 2);
	node_originate(f.c2, 2, -1);
	node_originate(f.c3, 3, -1);
	node_originate(f.p4, 4, -1);
	world_run(&w, 0.1);
	/* RFC 4456 6. */
	ck_assert(node_has(f.c2, 3) && node_has(f.c2, 4));
	ck_assert(node_has(f.c3, 2) && node_has(f.c3, 4));
	ck_assert(node_has(f.p4, 2) && node_has(f.p4, 3));
	ck_assert_uint_eq(node_attrs(f.c3, 2)->a.originator, 0x0a000002);
	ck_assert_uint_eq(node_attrs(f.c3, 2)->a.nclusters, 1);
	ck_assert_uint_eq(node_attrs(f.c3, 2)->a.clusters[0], 0x01020304);
	/* Nothing comes back to where it came from. */
	ck_assert_uint_eq(node_peer(f.c2, f.rr)->n.loops_originator, 0);
	node_kill(f.c2);
	world_run(&w, 0.2);
	ck_assert(!node_has(f.c3, 2) && !node_has(f.p4, 2) && node_has(f.p4, 3));
}
END_TEST

START_TEST(external_chain)
{
	struct node *a = node_new(&w, 1, 65001), *b = node_new(&w, 2, 65002),
		    *c = node_new(&w, 3, 4200000003u);

	node_link(a, 65001, b, 65002);
	node_link(b, 65002, c, 4200000003u);
	node_link(c, 4200000003u, a, 65001);
	apply_all();
	world_run(&w, 2);
	node_originate(a, 1, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1) && node_has(c, 1));
	/* The next hop stays the VTEP's (RFC 8365 5.1.3), the path grows by one AS a hop. */
	ck_assert(ip_equal(node_attrs(c, 1)->a.nexthop, a->addr));
	ck_assert_uint_eq(node_attrs(c, 1)->aspath_hops, 1);
	ck_assert_uint_eq(node_attrs(b, 1)->neighbor_as, 65001);
	/* Both sent it back to a, which keeps none of it. */
	ck_assert_uint_eq(peer_prefixes_in(node_peer(a, b), AFI_SAFI_EVPN), 0);
	ck_assert_uint_eq(peer_prefixes_in(node_peer(a, c), AFI_SAFI_EVPN), 0);
	/* b and c tell each other the longer way. */
	ck_assert(node_path(b, 1, node_peer(b, c)) || node_path(c, 1, node_peer(c, b)));
	node_withdraw(a, 1);
	world_run(&w, 0.1);
	ck_assert(!node_has(b, 1) && !node_has(c, 1));
}
END_TEST

/* Who loses the policy that it needs has nothing more to say: what it said before goes. */
START_TEST(external_policy_goes)
{
	struct node *a = node_new(&w, 1, 65001), *b = node_new(&w, 2, 65002);
	struct rmap *m = rmap_new();

	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0] = (struct rmap_entry){ .permit = true };
	node_link(a, 65001, b, 65002);
	a->draft.c.ebgp_requires_policy = true;
	a->draft.peers[0].evpn.map_out = m;
	apply_all();
	world_run(&w, 2);
	node_originate(a, 1, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1));
	a->draft.peers[0].evpn.map_out = NULL;
	node_apply(a);
	world_run(&w, 3);
	ck_assert(node_up(a, b));
	ck_assert(!node_has(b, 1));
	/* Not said again is no reason for another session. */
	a->draft.peers[0].evpn.next_hop_self = true;
	node_apply(a);
	world_run(&w, 0.1);
	ck_assert_int_eq(a->downs, 1);
	a->draft.peers[0].evpn.map_out = m;
	node_apply(a);
	world_run(&w, 1);
	ck_assert(node_has(b, 1));
	ck_assert_int_eq(a->downs, 1);
	world_fini(&w);
	world_init(&w, 1);
	rmap_unref(m);
}
END_TEST

START_TEST(soft_clear)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new(&w, 2, 65000);
	uint64_t before;

	node_link(a, 65000, b, 65000);
	apply_all();
	world_run(&w, 2);
	node_originate(a, 1, -1);
	node_originate(a, 2, -1);
	world_run(&w, 0.1);
	before = node_peer(b, a)->n.updates_in;
	bgp_clear_peer(node_peer(b, a), BGP_CLEAR_SOFT_IN);
	world_run(&w, 0.1);
	ck_assert_uint_eq(node_peer(a, b)->n.refreshes_in, 1);
	ck_assert_uint_gt(node_peer(b, a)->n.updates_in, before);
	/* BoRR and EoRR stood around it. */
	ck_assert_uint_eq(node_peer(b, a)->n.refreshes_in, 2);
	ck_assert(node_has(b, 1) && node_has(b, 2));
	ck_assert(!(node_path(b, 1, node_peer(b, a))->flags & PATH_STALE));
	bgp_clear_peer(node_peer(a, b), BGP_CLEAR_SOFT_OUT);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1) && node_has(b, 2));
	ck_assert_int_eq(a->downs + b->downs, 0);
	bgp_clear_peer(node_peer(a, b), BGP_CLEAR_HARD);
	world_run(&w, 3);
	ck_assert_int_eq(a->downs, 1);
	ck_assert(node_up(a, b) && node_has(b, 1));
	ck_assert_str_eq(
	    node_peer(b, a)->last_reset, "received Cease: Administrative Reset");
}
END_TEST

START_TEST(refresh_of_an_empty_table)
{
	struct fabric f = fabric();

	apply_all();
	world_run(&w, 5);
	/* Two of one group stand at the start of an empty list when one of them asks. */
	bgp_clear_peer(node_peer(f.c2, f.rr), BGP_CLEAR_SOFT_IN);
	world_run(&w, 1);
	ck_assert_uint_eq(node_peer(f.c2, f.rr)->n.refreshes_in, 2);
	node_originate(f.p4, 1, -1);
	world_run(&w, 1);
	ck_assert(node_has(f.c2, 1) && node_has(f.c3, 1));
}
END_TEST

START_TEST(route_type_filter)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new(&w, 2, 65000);

	node_link(a, 65000, b, 65000);
	apply_all();
	world_run(&w, 2);
	node_originate(a, 1, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1));
	/* Type 2 may not go to b any more: it must be gone there, without a new session. */
	a->draft.peers[0].evpn.route_types = ~(1u << EVPN_MACIP);
	node_apply(a);
	world_run(&w, 0.2);
	ck_assert(!node_has(b, 1));
	ck_assert_int_eq(a->downs, 0);
	node_originate(a, 2, -1);
	world_run(&w, 0.1);
	ck_assert(!node_has(b, 2));
	a->draft.peers[0].evpn.route_types = ~0u;
	node_apply(a);
	world_run(&w, 0.2);
	ck_assert(node_has(b, 1) && node_has(b, 2));
}
END_TEST

START_TEST(dynamic_neighbors)
{
	struct node *rr = node_new(&w, 1, 65000), *a = node_new(&w, 2, 65000),
		    *b = node_new(&w, 3, 65000), *c = node_new(&w, 4, 65000);

	rr->draft.templates[0] = (struct peer_conf){
		.remote_as_type = REMOTE_AS_INTERNAL,
		.hold = 9,
		.keepalive = 3,
		.connect_retry = 10,
		.evpn = { .activate = true, .rr_client = true, .route_types = ~0u },
	};
	rr->draft.c.ntemplates = 1;
	ck_assert(prefix_parse("10.0.0.0/24", &rr->draft.ranges[0].range));
	rr->draft.c.nranges = 1;
	rr->draft.c.listen_limit = 2;
	node_add_peer(a, rr, 65000);
	node_add_peer(b, rr, 65000);
	apply_all();
	world_run(&w, 2);
	ck_assert(node_up(rr, a) && node_up(rr, b) && node_peer(rr, a)->dynamic);
	node_originate(a, 1, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(b, 1));
	/* The limit. */
	node_add_peer(c, rr, 65000);
	node_apply(c);
	world_run(&w, 5);
	ck_assert(!node_up(c, rr));
	ck_assert_ptr_null(node_peer(rr, c));
	/* One goes, another may come. */
	node_kill(b);
	world_run(&w, 0.5);
	ck_assert_ptr_null(node_peer(rr, b));
	world_run(&w, 20);
	ck_assert(node_up(c, rr) && node_has(c, 1));
	/* Template gone: so are they. */
	rr->draft.c.nranges = 0;
	node_apply(rr);
	world_run(&w, 1);
	ck_assert_ptr_null(bgp_peer_first(rr->b));
}
END_TEST

/* Graceful restart. */

static void
restart_everywhere(void)
{
	for (int i = 0; i < w.nnodes; i++) {
		w.nodes[i].draft.c.graceful_restart = true;
		w.nodes[i].draft.c.gr_restart_time = 60;
	}
}

START_TEST(leaf_restarts)
{
	struct fabric f = fabric();

	restart_everywhere();
	apply_all();
	world_run(&w, 5);
	node_originate(f.c2, 1, -1);
	node_originate(f.c2, 2, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(f.c3, 1));
	f.rr->ups = f.c3->downs = 0;
	node_drop(f.c2);
	world_run(&w, 0.3);
	/* Nobody else notices. */
	ck_assert(node_has(f.c3, 1) && node_has(f.rr, 1));
	ck_assert(node_path(f.rr, 1, node_peer(f.rr, f.c2))->flags & PATH_STALE);
	node_revive(f.c2);
	bgp_hold_eor(f.c2->b, true);
	node_apply(f.c2);
	world_run(&w, 5);
	ck_assert(node_up(f.rr, f.c2));
	node_originate(f.c2, 1, -1);
	world_run(&w, 1);
	/* Held back: route 2 is still there; then it is told that this was all. */
	ck_assert(node_has(f.c3, 2));
	bgp_hold_eor(f.c2->b, false);
	world_run(&w, 1);
	ck_assert(node_has(f.c3, 1) && !node_has(f.c3, 2));
	ck_assert_int_eq(f.c3->downs, 0);
	ck_assert(bgp_synced(f.c2->b));
}
END_TEST

START_TEST(reflector_restarts)
{
	struct fabric f = fabric();

	restart_everywhere();
	apply_all();
	world_run(&w, 5);
	node_originate(f.c2, 2, -1);
	node_originate(f.c3, 3, -1);
	world_run(&w, 0.1);
	ck_assert(node_has(f.c3, 2) && node_has(f.c2, 3));
	/* It is away, and c3 takes long to come back to it. */
	node_drop(f.rr);
	world_run(&w, 0.1);
	ck_assert(node_has(f.c3, 2) && node_has(f.c2, 3));
	f.c3->draft.peers[0].shutdown = true;
	node_apply(f.c3);
	f.rr->draft.peers[1].passive = true;
	node_revive(f.rr);
	node_apply(f.rr);
	world_run(&w, 5);
	ck_assert(node_up(f.c2, f.rr));
	/* Its End-of-RIB has to wait for c3's routes, or c2 would forget them. */
	ck_assert(!bgp_synced(f.rr->b));
	ck_assert(node_has(f.c2, 3));
	f.c3->draft.peers[0].shutdown = false;
	node_apply(f.c3);
	world_run(&w, 5);
	ck_assert(bgp_synced(f.rr->b));
	ck_assert(node_has(f.c2, 3));
	ck_assert(!(node_path(f.c2, 3, node_peer(f.c2, f.rr))->flags & PATH_STALE));
}
END_TEST

START_TEST(synchronisation_ends_by_time)
{
	struct fabric f = fabric();

	restart_everywhere();
	f.p4->draft.peers[0].shutdown = true;
	apply_all();
	world_run(&w, 30);
	ck_assert(!bgp_synced(f.rr->b));
	world_run(&w, 31);
	ck_assert(bgp_synced(f.rr->b));
	ck_assert(node_peer(f.c2, f.rr)->af[AFI_SAFI_EVPN].eor_in);
}
END_TEST

START_TEST(notification_keeps_with_n_bit)
{
	struct node *a = node_new(&w, 1, 65000), *b = node_new(&w, 2, 65000);

	node_link(a, 65000, b, 65000);
	restart_everywhere();
	apply_all();
	world_run(&w, 2);
	node_originate(a, 1, -1);
	world_run(&w, 0.1);
	ck_assert(node_peer(b, a)->nego.gr_notification);
	/* The operator's clear is a Hard Reset (RFC 8538): nothing is kept. */
	bgp_clear_peer(node_peer(a, b), BGP_CLEAR_HARD);
	world_run(&w, 0.1);
	ck_assert(!node_has(b, 1));
	ck_assert_str_eq(node_peer(b, a)->last_reset,
	    "received Hard Reset: Cease: Administrative Reset");
	world_run(&w, 5);
	ck_assert(node_has(b, 1));
}
END_TEST

/* Anything at any time; at the end everybody must agree. */
START_TEST(storms_settle)
{
	enum { ROUTES = 40 };
	struct fabric f;
	struct node *leaf[3];
	bool has[3][ROUTES] = { 0 };
	unsigned rng = (unsigned)_i * 7919 + 1;

	world_fini(&w);
	world_init(&w, (uint64_t)_i + 1);
	f = fabric();
	leaf[0] = f.c2;
	leaf[1] = f.c3;
	leaf[2] = f.p4;
	if (_i % 2)
		restart_everywhere();
	apply_all();
	for (int step = 0; step < 200; step++) {
		unsigned who, r;

		rng = rng * 1664525u + 1013904223u;
		who = (rng >> 8) % 3;
		r = (rng >> 16) % ROUTES;
		switch ((rng >> 24) % 16) {
		case 0:
			bgp_clear_peer(node_peer(f.rr, leaf[who]), BGP_CLEAR_HARD);
			break;
		case 1:
			bgp_clear_peer(node_peer(leaf[who], f.rr), BGP_CLEAR_SOFT);
			break;
		case 2:
			node_drop(leaf[who]);
			for (r = 0; r < ROUTES; r++)
				has[who][r] = false;
			node_revive(leaf[who]);
			node_apply(leaf[who]);
			break;
		case 3:
			world_run(&w, (double)((rng >> 12) & 15));
			break;
		case 4:
			node_drop(f.rr);
			node_revive(f.rr);
			node_apply(f.rr);
			break;
		default:
			if (has[who][r])
				node_withdraw(leaf[who], r);
			else
				node_originate(leaf[who], r, (int)who);
			has[who][r] = !has[who][r];
			world_run(&w, 0.001 * ((rng >> 4) & 7));
		}
	}
	world_run(&w, 200);
	for (unsigned r = 0; r < ROUTES; r++) {
		bool any = has[0][r] || has[1][r] || has[2][r];

		for (int i = 0; i < w.nnodes; i++)
			ck_assert_msg(
			    node_has(&w.nodes[i], r) == any, "node %d, route %u", i, r);
		/* The highest sequence wins everywhere. */
		for (int i = 0; any && i < w.nnodes; i++)
			ck_assert_uint_eq(node_attrs(&w.nodes[i], r)->mm_seq,
			    node_attrs(f.rr, r)->mm_seq);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("bgp");
	TCase *tc = tcase_create("bgp");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, collision_ends_in_one_session, 0, 40);
	tcase_add_test(tc, passive_sides);
	tcase_add_test(tc, retries_back_off);
	tcase_add_test(tc, internal_routes);
	tcase_add_test(tc, reflection);
	tcase_add_test(tc, external_chain);
	tcase_add_test(tc, external_policy_goes);
	tcase_add_test(tc, soft_clear);
	tcase_add_test(tc, refresh_of_an_empty_table);
	tcase_add_test(tc, route_type_filter);
	tcase_add_test(tc, dynamic_neighbors);
	tcase_add_test(tc, leaf_restarts);
	tcase_add_test(tc, reflector_restarts);
	tcase_add_test(tc, synchronisation_ends_by_time);
	tcase_add_test(tc, notification_keeps_with_n_bit);
	tcase_add_loop_test(tc, storms_settle, 0, 16);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
