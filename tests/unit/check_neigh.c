/* SPDX-License-Identifier: ISC */
/* Addresses that move between MACs and leaves. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

static struct ip ip;

static void
setup(void)
{
	ip = fix_ip("192.0.2.1");
}

static struct evpn_show_neigh
show(struct fix *f)
{
	struct evpn_show_neigh n;

	ck_assert(evpn_show_neigh(f->e, VNI, ip, &n));
	return n;
}

/* The host comes here with its MAC: its address is installed no longer, so that the kernel can
 * learn it, and is said again once it has. */
START_TEST(test_host_moves_here)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip, .seq = 2
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OURS);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	ck_assert_ptr_null(kernel_neigh_find(&f.k, VNI, ip));
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(1), ip)->mm_seq, 3);
	ck_assert_int_eq(show(&f).where, EVPN_LOCAL);
	ck_assert(show(&f).active);
	fix_withdraw(&f, &r);
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	fix_close(&f);
}
END_TEST

START_TEST(test_host_moves_away)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip, .seq = 1
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OURS);
	ck_assert_int_eq(show(&f).where, EVPN_REMOTE);
	ck_assert(ip_equal(show(&f).vtep, fix_vtep(1)));
	fix_close(&f);
}
END_TEST

/* RFC 9721 7: an address learnt here under another MAC raises that MAC's number above the remote. */
START_TEST(test_ip_moves_here_with_new_mac)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip, .seq = 6
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(2), 3);
	fix_announce(&f, &r);
	fix_run(&f);
	/* Our entry stands in the way of the kernel's learning: an operator's entry does not wait. */
	kernel_neigh_static(&f.k, VNI, ip, fix_mac(2), false);
	fix_run(&f);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(2), ip)->mm_seq, 7);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(2), (struct ip){ 0 })->mm_seq, 7);
	ck_assert(mac_equal(show(&f).mac, fix_mac(2)));
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OPERATOR);
	fix_close(&f);
}
END_TEST

/* Heard by ARP from a local MAC: the entry of ours is the kernel's then, and not repaired. */
START_TEST(test_ip_heard_here)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip, .seq = 6
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	kernel_arp(&f.k, VNI, ip, fix_mac(2)); /* nobody knows that MAC */
	fix_run(&f);
	ck_assert_int_eq(show(&f).where, EVPN_REMOTE);
	kernel_frame(&f.k, VNI, fix_mac(2), 3);
	kernel_arp(&f.k, VNI, ip, fix_mac(2));
	fix_run(&f);
	ck_assert_int_eq(show(&f).where, EVPN_LOCAL);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(2), ip)->mm_seq, 7);
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_LEARNT);
	ck_assert_uint_eq(f.k.told, 0);
	fix_close(&f);
}
END_TEST

/* An address that goes from one remote MAC to another is told of once; what is sent again is not. */
START_TEST(test_ip_moves_elsewhere)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	r = (struct fix_route){
		.n = 2, .vni = VNI, .mac = fix_mac(2), .ip = ip, .seq = 1
	};
	ck_assert_uint_eq(f.k.told, 0);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert(mac_equal(kernel_neigh_find(&f.k, VNI, ip)->mac, fix_mac(2)));
	ck_assert_uint_eq(f.k.told, 1);
	kernel_neigh_del(&f.k, VNI, ip);
	fix_run(&f);
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OURS);
	ck_assert_uint_eq(f.k.told, 1);
	fix_close(&f);
}
END_TEST

/* And the other way: a remote binding with a higher number takes a learnt one over. */
START_TEST(test_ip_moves_away_with_new_mac)
{
	struct fix_route r = { .n = 9, .vni = VNI, .mac = fix_mac(1), .ip = ip };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(2), 3);
	kernel_arp(&f.k, VNI, ip, fix_mac(2));
	fix_run(&f);
	fix_announce(&f, &r); /* same number, higher VTEP: loses */
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_LEARNT);
	r.seq = 1;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(2), ip));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), (struct ip){ 0 }));
	ck_assert(mac_equal(kernel_neigh_find(&f.k, VNI, ip)->mac, fix_mac(1)));
	ck_assert_uint_eq(f.k.told, 1); /* hosts here know the old MAC */
	fix_withdraw(&f, &r);
	fix_run(&f);
	ck_assert_ptr_null(kernel_neigh_find(&f.k, VNI, ip));
	fix_close(&f);
}
END_TEST

/* The kernel learnt the address of a remote host by itself: not ours to say. */
START_TEST(test_learnt_but_remote)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert(!show(&f).active);
	r.ip = ip;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OURS);
	fix_close(&f);
}
END_TEST

static void
two_hosts_here(struct fix *f, bool freeze)
{
	fix_open(f);
	f->conf.dad_enabled = true;
	f->conf.dad_max_moves = 5;
	f->conf.dad_time = 180;
	f->conf.dad_freeze = freeze;
	f->conf.dad_freeze_time = 60;
	evpn_apply(f->e, &f->conf);
	fix_ready(f, VNI);
	kernel_frame(&f->k, VNI, fix_mac(1), 1);
	kernel_frame(&f->k, VNI, fix_mac(2), 2);
	kernel_arp(&f->k, VNI, ip, fix_mac(1));
	fix_run(f);
}

static void
bounce(struct fix *f, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		kernel_arp(&f->k, VNI, ip, fix_mac(i % 2 ? 1 : 2));
		fix_run(f);
	}
}

/* Two hosts of this leaf have one address: that is a duplicate too. */
START_TEST(test_two_hosts_here)
{
	struct fix f;

	two_hosts_here(&f, false);
	bounce(&f, 4);
	ck_assert(!show(&f).duplicate);
	bounce(&f, 1);
	ck_assert(show(&f).duplicate);
	ck_assert(!show(&f).frozen);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	fix_close(&f);
}
END_TEST

/* Frozen it stays with the MAC that it had, until the time is over. */
START_TEST(test_two_hosts_here_frozen)
{
	struct fix f;

	two_hosts_here(&f, true);
	bounce(&f, 5);
	ck_assert(show(&f).frozen);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	bounce(&f, 4);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(2), ip));
	/* Nothing of it is lost with a resync. */
	evpn_resync(f.e);
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	fix_run_for(&f, MONO_SEC(70));
	ck_assert(!show(&f).frozen);
	bounce(&f, 1);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	fix_close(&f);
}
END_TEST

/* Whom the data plane believes is heard when the time is over, or when the one that was believed before is gone; no
 * frame of his is needed, and no question. */
START_TEST(test_refused_is_heard)
{
	struct fix f;

	two_hosts_here(&f, true);
	bounce(&f, 5);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	/* What is said again, in one observation and the next, is not gone. */
	for (unsigned i = 0; i < 3; i++) {
		evpn_resync(f.e);
		fix_run(&f);
		ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	}
	fix_run_for(&f, MONO_SEC(70));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	ck_assert(!show(&f).duplicate);
	fix_close(&f);

	two_hosts_here(&f, true);
	bounce(&f, 5);
	kernel_age(&f.k, VNI, fix_mac(1));
	fix_run_for(&f, MONO_SEC(3));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	fix_close(&f);

	/* Not if it is gone by then. */
	two_hosts_here(&f, true);
	bounce(&f, 5);
	kernel_neigh_del(&f.k, VNI, ip);
	fix_run_for(&f, MONO_SEC(70));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(2), ip));
	fix_close(&f);
}
END_TEST

/* An operator who gives an address to another MAC is no duplicate, nor is one whose MAC has gone. */
START_TEST(test_no_move_here)
{
	struct fix f;

	two_hosts_here(&f, false);
	for (unsigned i = 0; i < 8; i++) {
		kernel_neigh_static(&f.k, VNI, ip, fix_mac(i % 2 ? 1 : 2), false);
		fix_run(&f);
	}
	ck_assert(!show(&f).duplicate);
	kernel_neigh_del(&f.k, VNI, ip);
	for (unsigned i = 0; i < 8; i++) {
		kernel_age(&f.k, VNI, fix_mac(i % 2 ? 2 : 1));
		kernel_frame(&f.k, VNI, fix_mac(i % 2 ? 1 : 2), 1);
		kernel_arp(&f.k, VNI, ip, fix_mac(i % 2 ? 1 : 2));
		fix_run(&f);
	}
	ck_assert(!show(&f).duplicate);
	fix_close(&f);
}
END_TEST

START_TEST(test_svi_address_stays)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip, .seq = 9
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_static(&f.k, VNI, fix_mac(7), 3, false);
	kernel_neigh_static(&f.k, VNI, ip, fix_mac(7), true);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip)->owner, K_OPERATOR);
	ck_assert_uint_eq(f.e->fib.n.failed, 0);
	ck_assert(show(&f).svi);
	fix_close(&f);
}
END_TEST

START_TEST(test_neighs_of_a_mac)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip };
	struct evpn_show_neigh out[4];
	struct evpn_walk w;
	struct fix f;
	unsigned n = 0;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	r.ip = fix_ip("2001:db8::1");
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(evpn_show_mac_neighs(f.e, VNI, fix_mac(1), out, 4), 2);
	ck_assert_uint_eq(evpn_show_mac_neighs(f.e, VNI, fix_mac(1), out, 1), 1);
	ck_assert(evpn_walk_begin(f.e, &w, VNI, ZL_KIND_NEIGH));
	while (evpn_walk_neigh(&w, out))
		n++;
	evpn_walk_end(&w);
	ck_assert_uint_eq(n, 2);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn neigh");
	TCase *t = tcase_create("neigh");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, test_host_moves_here);
	tcase_add_test(t, test_host_moves_away);
	tcase_add_test(t, test_ip_moves_here_with_new_mac);
	tcase_add_test(t, test_ip_heard_here);
	tcase_add_test(t, test_ip_moves_elsewhere);
	tcase_add_test(t, test_ip_moves_away_with_new_mac);
	tcase_add_test(t, test_learnt_but_remote);
	tcase_add_test(t, test_two_hosts_here);
	tcase_add_test(t, test_two_hosts_here_frozen);
	tcase_add_test(t, test_refused_is_heard);
	tcase_add_test(t, test_no_move_here);
	tcase_add_test(t, test_svi_address_stays);
	tcase_add_test(t, test_neighs_of_a_mac);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
