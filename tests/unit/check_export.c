/* SPDX-License-Identifier: ISC */
/* Local objects into routes: keys, attributes, and who is said when. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "bgpd/extcomm.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

static const struct ip none;

static bool
has_ecom(const struct attrset *s, struct ecom ec)
{
	size_t i;

	for (i = 0; i < s->a.necoms; i++)
		if (ecom_equal(s->a.ecoms[i], ec))
			return true;
	return false;
}

START_TEST(test_imet)
{
	const struct attrset *s;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	s = fix_local_imet(&f, VNI);
	ck_assert_ptr_nonnull(s);
	ck_assert(s->a.has & HAS_PMSI);
	ck_assert_uint_eq(s->a.pmsi_type, PMSI_INGRESS_REPLICATION);
	ck_assert_uint_eq(s->a.pmsi_label, VNI);
	ck_assert_uint_eq(s->a.pmsi_id_len, 4);
	ck_assert_mem_eq(s->a.pmsi_id, fix_vtep(5).b, 4);
	ck_assert(ip_equal(s->a.nexthop, fix_vtep(5)));
	ck_assert(s->derived & ATTRSET_VXLAN);
	ck_assert(has_ecom(s, rt_from_as(65000, VNI)));
	ck_assert_uint_eq(s->a.local_pref, 100);
	ck_assert_uint_eq(rib_count(f.rib), 1);
	fix_close(&f);
}
END_TEST

START_TEST(test_mac)
{
	const struct attrset *s;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	s = fix_local(&f, VNI, fix_mac(1), none);
	ck_assert_ptr_nonnull(s);
	ck_assert(!(s->derived & ATTRSET_MM));
	ck_assert(s->derived & ATTRSET_VXLAN);
	ck_assert(!(s->a.has & HAS_PMSI));
	kernel_age(&f.k, VNI, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_label_is_vni)
{
	struct rib_key k;
	struct evpn_nlri n = { .type = EVPN_MACIP, .mac = fix_mac(1) };
	const struct rib_path *p;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, 70000);
	kernel_frame(&f.k, 70000, fix_mac(1), 3);
	fix_run(&f);
	n.rd = evi_find(f.e, 70000)->ident.rd;
	evpn_nlri_key(&n, &k);
	p = rib_path_of(f.rib, rib_route(f.rib, rib_find(f.rib, &k)), 0);
	ck_assert(p->flags & PATH_LABEL1);
	ck_assert_uint_eq(rib_label(p->label1), 70000);
	/* The index of the RD has 16 bits. */
	ck_assert(rd_equal(n.rd, rd_from_ip(0x0a000005, 70000 - 65535)));
	fix_close(&f);
}
END_TEST

START_TEST(test_static_and_sticky)
{
	const struct attrset *s;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_static(&f.k, VNI, fix_mac(1), 3, false);
	kernel_static(&f.k, VNI, fix_mac(2), 3, true);
	fix_run(&f);
	s = fix_local(&f, VNI, fix_mac(1), none);
	ck_assert(!(s->derived & ATTRSET_STICKY));
	s = fix_local(&f, VNI, fix_mac(2), none);
	ck_assert(s->derived & ATTRSET_STICKY);
	ck_assert_uint_eq(s->mm_seq, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_neigh_waits_for_mac)
{
	struct ip ip = fix_ip("192.0.2.1"), ip6 = fix_ip("2001:db8::1");
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	kernel_arp(&f.k, VNI, ip6, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip6));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), none));
	/* The MAC ages: nothing of it is here any more, but the neighbour is remembered. */
	kernel_age(&f.k, VNI, fix_mac(1));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), none));
	kernel_frame(&f.k, VNI, fix_mac(1), 4);
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	kernel_neigh_del(&f.k, VNI, ip);
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip6));
	fix_close(&f);
}
END_TEST

START_TEST(test_ip_to_another_local_mac)
{
	struct ip ip = fix_ip("192.0.2.1");
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	kernel_frame(&f.k, VNI, fix_mac(2), 3);
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	kernel_arp(&f.k, VNI, ip, fix_mac(2));
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(2), ip));
	fix_close(&f);
}
END_TEST

static void
say_svi(struct fix *f)
{
	struct zl_mac m = { .op = ZL_SET,
		.flags = ZL_MAC_SVI,
		.vni = VNI,
		.mac = fix_mac(99),
		.ifindex = 7,
		.ifname = "br100" };
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_mac_encode(&w, &m);
	ck_assert(evpn_dp_message(f->e, ZL_MAC, buf, wb_len(&w)));
	kernel_neigh_static(&f->k, VNI, fix_ip("192.0.2.254"), fix_mac(99), true);
	kernel_neigh_static(&f->k, VNI, fix_ip("fe80::1"), fix_mac(99), true);
	fix_run(f);
}

START_TEST(test_svi)
{
	struct ip gw = fix_ip("192.0.2.254");
	const struct attrset *s;
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	say_svi(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(99), none));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(99), gw));
	c = f.conf;
	c.advertise_svi_ip = true;
	evpn_apply(f.e, &c);
	fix_run(&f);
	s = fix_local(&f, VNI, fix_mac(99), gw);
	ck_assert_ptr_nonnull(s);
	ck_assert(!(s->derived & ATTRSET_DEFAULT_GW));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(99), fix_ip("fe80::1")));
	c.advertise_default_gw = true;
	evpn_apply(f.e, &c);
	fix_run(&f);
	ck_assert(fix_local(&f, VNI, fix_mac(99), gw)->derived & ATTRSET_DEFAULT_GW);
	/* Another leaf with the same gateway MAC: ours stays what it is. */
	fix_announce(
	    &f, &(struct fix_route){ .n = 1, .vni = VNI, .mac = fix_mac(99), .seq = 9 });
	fix_run(&f);
	ck_assert_ptr_null(kernel_fdb_find(&f.k, VNI, fix_mac(99)));
	fix_announce(&f, &(struct fix_route){ .n = 2,
			     .vni = VNI,
			     .mac = fix_mac(99),
			     .ip = gw,
			     .seq = 9,
			     .sticky = true });
	fix_run(&f);
	ck_assert_ptr_null(kernel_fdb_find(&f.k, VNI, fix_mac(99)));
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, gw)->owner, K_OPERATOR);
	ck_assert_uint_eq(f.e->fib.n.failed, 0);
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(99), gw));
	fix_close(&f);
}
END_TEST

/* A new router id: everything under the new RD, nothing left under the old one. */
START_TEST(test_router_id_changes)
{
	struct ip ip = fix_ip("192.0.2.1");
	struct fix f;
	unsigned i;

	fix_open(&f);
	fix_ready(&f, VNI);
	for (i = 1; i <= 300; i++)
		kernel_frame(&f.k, VNI, fix_mac(i), 3);
	kernel_arp(&f.k, VNI, ip, fix_mac(1));
	fix_run(&f);
	ck_assert_uint_eq(rib_count(f.rib), 302);
	evpn_set_router_id(f.e, 0x0a000006);
	kernel_frame(&f.k, VNI, fix_mac(301), 3);
	kernel_age(&f.k, VNI, fix_mac(300));
	fix_run(&f);
	ck_assert_uint_eq(rib_count(f.rib), 302);
	ck_assert(rd_equal(evi_find(f.e, VNI)->ident.rd, rd_from_ip(0x0a000006, VNI)));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), ip));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(301), none));
	ck_assert_ptr_nonnull(fix_local_imet(&f, VNI));
	fix_close(&f);
}
END_TEST

START_TEST(test_targets_change)
{
	struct ecom rts[2] = { rt_from_as(1, 2), rt_from_as(3, 4) };
	struct vni_conf vc = { .vni = VNI, .exports = rts, .nexports = 2 };
	const struct attrset *s;
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	c = f.conf;
	c.vnis = &vc;
	c.nvnis = 1;
	evpn_apply(f.e, &c);
	fix_run(&f);
	s = fix_local(&f, VNI, fix_mac(1), none);
	ck_assert(has_ecom(s, rts[0]) && has_ecom(s, rts[1]));
	ck_assert(!has_ecom(s, rt_from_as(65000, VNI)));
	ck_assert(has_ecom(fix_local_imet(&f, VNI), rts[1]));
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	fix_close(&f);
}
END_TEST

START_TEST(test_flooding_disabled)
{
	struct fix_route r = { .n = 1, .vni = VNI };
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert(kernel_floods_to(&f.k, VNI, fix_vtep(1)));
	c = f.conf;
	c.flooding = FLOOD_DISABLED;
	evpn_apply(f.e, &c);
	fix_run(&f);
	ck_assert(!kernel_floods_to(&f.k, VNI, fix_vtep(1)));
	ck_assert_ptr_null(fix_local_imet(&f, VNI));
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	ck_assert(kernel_floods_to(&f.k, VNI, fix_vtep(1)));
	ck_assert_ptr_nonnull(fix_local_imet(&f, VNI));
	fix_close(&f);
}
END_TEST

/* Down: nothing is said; up again: said again as the data plane says it. */
START_TEST(test_vni_down)
{
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	v.flags = 0;
	snprintf(v.why_down, sizeof v.why_down, "not in a bridge");
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_uint_eq(rib_count(f.rib), 0);
	ck_assert_str_eq(evi_find(f.e, VNI)->why, "not in a bridge");
	v = kernel_vni_of(VNI, fix_vtep(6)); /* and with another address */
	kernel_vni(&f.k, &v);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run(&f);
	ck_assert(ip_equal(fix_local(&f, VNI, fix_mac(1), none)->a.nexthop, fix_vtep(6)));
	ck_assert_uint_eq(rib_count(f.rib), 2);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn export");
	TCase *t = tcase_create("export");
	SRunner *sr;
	int failed;

	tcase_add_test(t, test_imet);
	tcase_add_test(t, test_mac);
	tcase_add_test(t, test_label_is_vni);
	tcase_add_test(t, test_static_and_sticky);
	tcase_add_test(t, test_neigh_waits_for_mac);
	tcase_add_test(t, test_ip_to_another_local_mac);
	tcase_add_test(t, test_svi);
	tcase_add_test(t, test_router_id_changes);
	tcase_add_test(t, test_targets_change);
	tcase_add_test(t, test_flooding_disabled);
	tcase_add_test(t, test_vni_down);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
