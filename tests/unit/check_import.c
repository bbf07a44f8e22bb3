/* SPDX-License-Identifier: ISC */
/* Routes of the RIB into MACs, neighbours, flood lists and the kernel. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "tests/unit/evpn_fix.h"

#define VNI 100

static void
expect(struct fix *f, const char *want)
{
	char *have = fix_dump(f);

	ck_assert_str_eq(have, want);
	free(have);
}

START_TEST(test_type3_floods)
{
	struct fix_route r = { .n = 1, .vni = VNI };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "flood 100 10.0.0.1\n");
	fix_withdraw(&f, &r);
	fix_run(&f);
	expect(&f, "");
	ck_assert(evpn_idle(f.e));
	ck_assert_uint_eq(f.e->floods.cells.live, 0);
	ck_assert_uint_eq(f.e->import.imps.live, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_type2_mac_ip)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	r.ip = fix_ip("2001:db8::1");
	r.router = true;
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"
		   "neigh 100 192.0.2.1 02:00:00:00:00:01 remote\n"
		   "neigh 100 2001:db8::1 02:00:00:00:00:01 remote\n");
	ck_assert(kernel_neigh_find(&f.k, VNI, r.ip)->router);
	fix_withdraw(&f, &r);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"
		   "neigh 100 192.0.2.1 02:00:00:00:00:01 remote\n");
	r.ip = fix_ip("192.0.2.1");
	fix_withdraw(&f, &r);
	fix_run(&f);
	expect(&f, "");
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	ck_assert_uint_eq(f.e->neighs.cells.live, 0);
	fix_close(&f);
}
END_TEST

static const struct {
	const char *what;
	struct fix_route r;
	bool in;
} filters[] = {
	{ "plain", { .n = 1 }, true },
	{ "no encapsulation said", { .n = 1, .no_encap = true }, true },
	{ "another encapsulation", { .n = 1, .mpls = true }, false },
	{ "another AS, wildcard import", { .n = 1, .rt_as = 4711 }, true },
	{ "our own VTEP", { .n = 5 }, false },
	{ "multicast next hop", { .n = 1, .nexthop = { 4, { 224, 0, 0, 1 } } }, false },
	{ "zero next hop", { .n = 1, .nexthop = { 4, { 0 } } }, false },
	{ "IPv6 next hop",
	    { .n = 1, .nexthop = { 16, { 0x20, 1, 0xd, 0xb8, [15] = 1 } } }, false },
	{ "Ethernet tag", { .n = 1, .tag = 10 }, false },
	{ "foreign label", { .n = 1, .label = 4242 }, false },
	{ "zero MAC", { .n = 1, .zero_mac = true }, false },
	{ "multicast MAC", { .n = 1, .mac = { { 1, 0, 0x5e, 0, 0, 1 } } }, false },
	{ "zero IP", { .n = 1, .ip = { 4, { 0 } } }, false },
	{ "multicast IP", { .n = 1, .ip = { 4, { 224, 0, 0, 1 } } }, false },
	{ "IPv6 loopback", { .n = 1, .ip = { 16, { [15] = 1 } } }, false },
	{ "sticky", { .n = 1, .sticky = true }, true },
	{ "second label", { .n = 1, .label2 = 5001 }, true },
	{ "gateway", { .n = 1, .gateway = true }, true },
};

START_TEST(test_filters)
{
	struct fix_route r = filters[_i].r;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	r.vni = VNI;
	if (mac_is_zero(r.mac) && !r.zero_mac)
		r.mac = fix_mac(1);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_msg(f.k.nfdb == filters[_i].in, "%s", filters[_i].what);
	ck_assert_uint_eq(f.k.nneigh + f.k.nflood, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_type3_without_replication)
{
	struct fix_route r = { .n = 1, .vni = VNI, .no_pmsi = true };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "");
	fix_close(&f);
}
END_TEST

START_TEST(test_type3_other_tunnel)
{
	struct fix_route r = { .n = 1, .vni = VNI, .pmsi_type = 3 /* PIM-SSM */ };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "");
	r.pmsi_type = 0; /* it changes its mind */
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "flood 100 10.0.0.1\n");
	r.nexthop = fix_vtep(2); /* and its address */
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "flood 100 10.0.0.2\n");
	fix_close(&f);
}
END_TEST

START_TEST(test_ipv6_vteps)
{
	struct ip far = fix_ip("2001:db8::1"), near = fix_ip("2001:db8::5");
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .nexthop = far };
	struct fix_route imet = { .n = 1, .vni = VNI, .nexthop = far };
	struct zl_vni v = kernel_vni_of(VNI, near);
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_vni(&f.k, &v);
	fix_announce(&f, &r);
	fix_announce(&f, &imet);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 2001:db8::1\nflood 100 2001:db8::1\n");
	ck_assert_uint_eq(fix_local_imet(&f, VNI)->a.pmsi_id_len, 16);
	ck_assert(ip_equal(fix_local_imet(&f, VNI)->a.nexthop, near));
	fix_close(&f);
}
END_TEST

/* RIB first, VNI later; and the VNI taken away again. */
START_TEST(test_any_order)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct fix f;

	fix_open(&f);
	kernel_attach(&f.k);
	fix_announce(&f, &r);
	fix_run(&f);
	expect(&f, "");
	kernel_vni(&f.k, &v);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"
		   "neigh 100 192.0.2.1 02:00:00:00:00:01 remote\n");
	kernel_vni_gone(&f.k, VNI);
	fix_run(&f);
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	ck_assert_uint_eq(f.e->neighs.cells.live, 0);
	ck_assert_uint_eq(f.e->evis.n, 0);
	kernel_vni(&f.k, &v);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"
		   "neigh 100 192.0.2.1 02:00:00:00:00:01 remote\n");
	fix_close(&f);
}
END_TEST

/* Configuration away: entries are removed, not left. */
START_TEST(test_deselected)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct evpn_conf none = { .as = 65000 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	evpn_apply(f.e, &none);
	fix_run(&f);
	expect(&f, "");
	ck_assert_ptr_null(fix_local_imet(&f, VNI));
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"
		   "neigh 100 192.0.2.1 02:00:00:00:00:01 remote\n");
	fix_close(&f);
}
END_TEST

/* Two remote VTEPs claim one MAC: RFC 7432 15. */
START_TEST(test_best_remote)
{
	struct fix_route a = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix_route b = { .n = 2, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &b);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.2\n");
	fix_announce(&f, &a);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n"); /* tie: lower VTEP */
	b.seq = 1;
	fix_announce(&f, &b);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.2\n");
	a.sticky = true;
	fix_announce(&f, &a);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1 sticky\n");
	fix_withdraw(&f, &a);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.2\n");
	fix_close(&f);
}
END_TEST

/* One IP behind two MACs: the higher number has it. */
START_TEST(test_ip_moves)
{
	struct fix_route a = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct fix_route b = {
		.n = 2, .vni = VNI, .mac = fix_mac(2), .ip = fix_ip("192.0.2.1")
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &a);
	fix_run(&f);
	b.seq = 3;
	fix_announce(&f, &b);
	fix_run(&f);
	ck_assert(mac_equal(kernel_neigh_find(&f.k, VNI, a.ip)->mac, b.mac));
	fix_withdraw(&f, &b);
	fix_run(&f);
	ck_assert(mac_equal(kernel_neigh_find(&f.k, VNI, a.ip)->mac, a.mac));
	fix_close(&f);
}
END_TEST

/* Configured import targets replace the automatic one. */
START_TEST(test_configured_targets)
{
	struct rt_match m = { .rt = rt_from_as(65001, 7) };
	struct vni_conf vc = { .vni = VNI, .imports = &m, .nimports = 1 };
	struct evpn_conf c;
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	c = f.conf;
	c.vnis = &vc;
	c.nvnis = 1;
	evpn_apply(f.e, &c);
	fix_run(&f);
	expect(&f, "");
	m.rt = rt_from_as(65000, VNI);
	vc.imports = &(struct rt_match){ .rt = rt_from_as(65000, VNI) };
	evpn_apply(f.e, &c);
	fix_run(&f);
	expect(&f, "fdb 100 02:00:00:00:00:01 via 10.0.0.1\n");
	fix_close(&f);
}
END_TEST

/* A hundred addresses behind one MAC; all away in the same order. */
START_TEST(test_many_addresses)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;
	unsigned i;

	fix_open(&f);
	fix_ready(&f, VNI);
	for (i = 1; i <= 100; i++) {
		r.ip = ip_v4(0xc0000200 + i);
		fix_announce(&f, &r);
	}
	fix_run(&f);
	ck_assert_uint_eq(f.k.nneigh, 100);
	ck_assert_uint_eq(f.k.nfdb, 1);
	for (i = 1; i <= 100; i++) {
		r.ip = ip_v4(0xc0000200 + i);
		fix_withdraw(&f, &r);
		if (i == 50)
			fix_run(&f);
	}
	fix_run(&f);
	expect(&f, "");
	ck_assert_uint_eq(f.e->import.imps.live, 0);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn import");
	TCase *t = tcase_create("import");
	SRunner *sr;
	int failed;

	tcase_add_test(t, test_type3_floods);
	tcase_add_test(t, test_type2_mac_ip);
	tcase_add_loop_test(t, test_filters, 0, (int)(sizeof filters / sizeof *filters));
	tcase_add_test(t, test_type3_without_replication);
	tcase_add_test(t, test_type3_other_tunnel);
	tcase_add_test(t, test_ipv6_vteps);
	tcase_add_test(t, test_any_order);
	tcase_add_test(t, test_deselected);
	tcase_add_test(t, test_best_remote);
	tcase_add_test(t, test_ip_moves);
	tcase_add_test(t, test_configured_targets);
	tcase_add_test(t, test_many_addresses);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
