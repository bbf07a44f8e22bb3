/* SPDX-License-Identifier: ISC */
/* MACs that move: engine, RIB and kernel together. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

static const struct ip none;

static uint32_t
seq_of(struct fix *f, unsigned n)
{
	const struct attrset *s = fix_local(f, VNI, fix_mac(n), none);

	ck_assert_ptr_nonnull(s);
	return s->mm_seq;
}

static struct evpn_show_mac
show(struct fix *f, unsigned n)
{
	struct evpn_show_mac m;

	ck_assert(evpn_show_mac(f->e, VNI, fix_mac(n), &m));
	return m;
}

START_TEST(test_moves_here)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 4 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	ck_assert_uint_eq(seq_of(&f, 1), 5);
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(1))->owner, K_LEARNT);
	ck_assert_int_eq(show(&f, 1).where, EVPN_LOCAL);
	ck_assert_str_eq(show(&f, 1).ifname, "p3");
	fix_withdraw(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(seq_of(&f, 1), 5);
	fix_close(&f);
}
END_TEST

START_TEST(test_moves_away)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 1 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(1))->owner, K_OURS);
	ck_assert_int_eq(show(&f, 1).where, EVPN_REMOTE);
	ck_assert_str_eq(
	    show(&f, 1).state, "remote"); /* the kernel said it was taken over */
	ck_assert_uint_eq(f.k.sets, 1);
	fix_close(&f);
}
END_TEST

START_TEST(test_tie_by_address)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	kernel_frame(&f.k, VNI, fix_mac(2), 3);
	fix_run(&f);
	fix_announce(&f, &r); /* 10.0.0.1 is lower than our 10.0.0.5 */
	r.n = 9;
	r.mac = fix_mac(2);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(show(&f, 1).where, EVPN_REMOTE);
	ck_assert_int_eq(show(&f, 2).where, EVPN_LOCAL);
	fix_close(&f);
}
END_TEST

/* Our address changes: the tie goes the other way. */
START_TEST(test_tie_after_new_address)
{
	struct fix_route r = { .n = 3, .vni = VNI, .mac = fix_mac(1) };
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(2));
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_vni(&f.k, &v);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(show(&f, 1).where, EVPN_LOCAL);
	v.local = fix_vtep(5);
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_int_eq(show(&f, 1).where, EVPN_REMOTE);
	fix_close(&f);
}
END_TEST

START_TEST(test_ages_out_to_remote)
{
	struct fix_route r = { .n = 9, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	fix_announce(&f, &r); /* loses the tie */
	fix_run(&f);
	ck_assert_int_eq(show(&f, 1).where, EVPN_LOCAL);
	kernel_age(&f.k, VNI, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	ck_assert(ip_equal(kernel_fdb_find(&f.k, VNI, fix_mac(1))->vtep, fix_vtep(9)));
	fix_close(&f);
}
END_TEST

START_TEST(test_static_wins)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 7 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_static(&f.k, VNI, fix_mac(1), 3, false);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(show(&f, 1).where, EVPN_LOCAL);
	ck_assert_uint_eq(f.k.wants, 0);
	/* The old host withdraws: nothing happens to the operator's entry. */
	fix_withdraw(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(1))->owner, K_OPERATOR);
	ck_assert_uint_eq(f.k.wants, 0);
	fix_close(&f);
}
END_TEST

/* An orchestrator writes the entry while the MAC is remote: ours gives way and is not repaired. */
START_TEST(test_static_replaces_ours)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	kernel_static(&f.k, VNI, fix_mac(1), 3, false);
	fix_run(&f);
	ck_assert_uint_eq(seq_of(&f, 1), 1);
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(1))->owner, K_OPERATOR);
	fix_close(&f);
}
END_TEST

START_TEST(test_sticky_remote_is_put_back)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .sticky = true };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert(kernel_fdb_find(&f.k, VNI, fix_mac(1))->sticky);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	kernel_frame(&f.k, VNI, fix_mac(1), 3); /* the bridge does not move it */
	fix_run(&f);
	ck_assert(show(&f, 1).sticky);
	ck_assert_int_eq(show(&f, 1).where, EVPN_REMOTE);
	fix_close(&f);
}
END_TEST

static void
duel(struct fix *f, unsigned moves)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	unsigned i;

	kernel_frame(&f->k, VNI, fix_mac(1), 3);
	fix_run(f);
	for (i = 0; i < moves; i++) {
		if (i & 1) {
			kernel_frame(&f->k, VNI, fix_mac(1), 3);
		} else {
			r.seq = i + 1;
			fix_announce(f, &r);
		}
		fix_run(f);
	}
}

START_TEST(test_duplicate)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	duel(&f, 5);
	ck_assert(show(&f, 1).duplicate);
	ck_assert(!show(&f, 1).frozen);
	ck_assert_uint_eq(
	    evpn_clear_duplicate(f.e, VNI, &(struct mac){ { 2, 0, 0, 0, 0, 1 } }, NULL),
	    1);
	ck_assert(!show(&f, 1).duplicate);
	ck_assert_uint_eq(evpn_clear_duplicate(f.e, 0, NULL, NULL), 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_duplicate_frozen)
{
	struct evpn_show_totals t;
	struct fix f;

	fix_open(&f);
	f.conf.dad_freeze = true;
	f.conf.dad_freeze_time = 30;
	fix_ready(&f, VNI);
	duel(&f, 9);
	ck_assert(show(&f, 1).frozen);
	ck_assert_int_eq(show(&f, 1).where, EVPN_LOCAL);
	evpn_show_totals(f.e, &t);
	ck_assert_uint_eq(t.frozen, 1);
	fix_run_for(&f, MONO_SEC(40));
	ck_assert(!show(&f, 1).frozen);
	evpn_show_totals(f.e, &t);
	ck_assert_uint_eq(t.frozen, 0);
	fix_close(&f);
}
END_TEST

/* A walk rests while objects around it come and go. */
START_TEST(test_walk_survives)
{
	struct evpn_show_mac m;
	struct evpn_walk w;
	struct fix f;
	unsigned i, n = 0;

	fix_open(&f);
	fix_ready(&f, VNI);
	for (i = 1; i <= 100; i++)
		kernel_frame(&f.k, VNI, fix_mac(i), 3);
	fix_run(&f);
	ck_assert(!evpn_walk_begin(f.e, &w, 4711, ZL_KIND_MAC));
	ck_assert(!evpn_walk_mac(&w, &m));
	ck_assert(evpn_walk_begin(f.e, &w, VNI, ZL_KIND_MAC));
	while (evpn_walk_mac(&w, &m)) {
		n++;
		if (n == 10) {
			for (i = 1; i <= 100; i += 2)
				kernel_age(&f.k, VNI, fix_mac(i));
			kernel_frame(&f.k, VNI, fix_mac(101), 3);
			fix_run(&f);
		}
	}
	evpn_walk_end(&w);
	evpn_walk_end(&w);
	ck_assert_uint_ge(n, 50);
	ck_assert_uint_le(n, 60);
	ck_assert_ptr_null(f.e->walks);
	fix_close(&f);
}
END_TEST

START_TEST(test_many_candidates)
{
	struct fix_route r = { .vni = VNI, .mac = fix_mac(1) };
	struct fix f;
	unsigned i;

	fix_open(&f);
	fix_ready(&f, VNI);
	for (i = 10; i < 60; i++) {
		r.n = i;
		r.seq = i;
		fix_announce(&f, &r);
	}
	fix_run(&f);
	ck_assert_uint_eq(show(&f, 1).candidates, 50);
	for (i = 59; i > 10; i--) {
		ck_assert(
		    ip_equal(kernel_fdb_find(&f.k, VNI, fix_mac(1))->vtep, fix_vtep(i)));
		r.n = i;
		fix_withdraw(&f, &r);
		fix_run(&f);
	}
	fix_close(&f);
}
END_TEST

START_TEST(test_bad_local)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, (struct mac){ { 0 } }, 3);
	kernel_frame(&f.k, VNI, (struct mac){ { 1, 0, 0x5e, 0, 0, 1 } }, 3);
	fix_run(&f);
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	fix_close(&f);
}
END_TEST

/* A MAC that is an interface of ours in one VNI is a host like others in another: nothing is filtered
 * because some local interface happens to have it. */
START_TEST(test_own_mac_elsewhere)
{
	struct fix_route r = { .n = 1, .vni = 200, .mac = fix_mac(9) };
	struct zl_vni v = kernel_vni_of(200, fix_vtep(5));
	struct evpn_show_mac m;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_vni(&f.k, &v);
	kernel_gateway(&f.k, VNI, fix_ip("192.0.2.254"), fix_mac(9));
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_fdb_find(&f.k, 200, fix_mac(9))->owner, K_OURS);
	/* In its own VNI it is not installed, and shown as what it is. */
	r.vni = VNI;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(9))->owner, K_OPERATOR);
	ck_assert(evpn_show_mac(f.e, VNI, fix_mac(9), &m));
	ck_assert(m.where == EVPN_LOCAL && m.svi && m.own_gateway);
	ck_assert_uint_eq(m.candidates, 1);
	ck_assert_uint_eq(m.moves, 0);
	ck_assert_int_eq(m.install, EVPN_NOT_WANTED);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(9), (struct ip){ 0 }));
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn mac");
	TCase *t = tcase_create("mac");
	SRunner *sr;
	int failed;

	tcase_add_test(t, test_own_mac_elsewhere);
	tcase_add_test(t, test_moves_here);
	tcase_add_test(t, test_moves_away);
	tcase_add_test(t, test_tie_by_address);
	tcase_add_test(t, test_tie_after_new_address);
	tcase_add_test(t, test_ages_out_to_remote);
	tcase_add_test(t, test_static_wins);
	tcase_add_test(t, test_static_replaces_ours);
	tcase_add_test(t, test_sticky_remote_is_put_back);
	tcase_add_test(t, test_duplicate);
	tcase_add_test(t, test_duplicate_frozen);
	tcase_add_test(t, test_walk_survives);
	tcase_add_test(t, test_many_candidates);
	tcase_add_test(t, test_bad_local);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
