/* SPDX-License-Identifier: ISC */
/* Instances: every order of observed state, configuration and router id ends the same. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

static struct evpn_show_evi
show(struct fix *f, uint32_t vni)
{
	struct evpn_show_evi s;

	ck_assert(evpn_show_evi(f->e, vni, &s));
	return s;
}

/* Six orders of the three facts. */
START_TEST(test_any_order)
{
	static const uint8_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct fix_route r = { .n = 1, .vni = VNI };
	struct evpn_conf none = { 0 };
	struct fix f;
	unsigned i;

	fix_open(&f);
	evpn_apply(f.e, &none);
	evpn_set_router_id(f.e, 0);
	kernel_attach(&f.k);
	fix_announce(&f, &r);
	for (i = 0; i < 3; i++) {
		ck_assert(!fix_has(&f, VNI) || !show(&f, VNI).up);
		switch (orders[_i][i]) {
		case 0:
			evpn_apply(f.e, &f.conf);
			break;
		case 1:
			evpn_set_router_id(f.e, 0x0a000005);
			break;
		default:
			kernel_vni(&f.k, &v);
			kernel_frame(&f.k, VNI, fix_mac(1), 3);
		}
		fix_run(&f);
	}
	ck_assert(show(&f, VNI).up);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 }));
	ck_assert_ptr_nonnull(fix_local_imet(&f, VNI));
	ck_assert(kernel_floods_to(&f.k, VNI, fix_vtep(1)));
	ck_assert_uint_eq(rib_count(f.rib), 3);
	fix_close(&f);
}
END_TEST

START_TEST(test_reasons)
{
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct vni_conf vc = { .vni = 200 };
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	kernel_attach(&f.k);
	evpn_set_router_id(f.e, 0);
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_str_eq(show(&f, VNI).why_down, "no router id");
	evpn_set_router_id(f.e, 1);
	ck_assert_str_eq(show(&f, VNI).why_down, "");
	v.local = (struct ip){ 0 };
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_str_eq(show(&f, VNI).why_down, "VXLAN device has no local address");
	c = f.conf;
	c.advertise_all_vni = false;
	c.vnis = &vc;
	c.nvnis = 1;
	evpn_apply(f.e, &c);
	fix_run(&f);
	ck_assert_str_eq(show(&f, VNI).why_down, "not selected by the configuration");
	ck_assert_str_eq(show(&f, 200).why_down, "no VXLAN device");
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	ck_assert(!fix_has(&f, 200));
	fix_close(&f);
}
END_TEST

START_TEST(test_named_vnis_only)
{
	struct zl_vni a = kernel_vni_of(VNI, fix_vtep(5)),
		      b = kernel_vni_of(200, fix_vtep(5));
	struct vni_conf vc = { .vni = 200, .flooding = FLOOD_HER };
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	c = f.conf;
	c.advertise_all_vni = false;
	c.vnis = &vc;
	c.nvnis = 1;
	evpn_apply(f.e, &c);
	kernel_attach(&f.k);
	kernel_vni(&f.k, &a);
	kernel_vni(&f.k, &b);
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	kernel_frame(&f.k, 200, fix_mac(2), 3);
	fix_run(&f);
	ck_assert(!show(&f, VNI).up);
	ck_assert(show(&f, 200).up);
	ck_assert_uint_eq(rib_count(f.rib), 2);
	/* Selected later: what the kernel said before counts. */
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 }));
	fix_close(&f);
}
END_TEST

START_TEST(test_automatic_targets)
{
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct evpn_show_evi s;
	struct evpn_conf c;
	char text[RT_STRLEN];
	struct fix f;

	fix_open(&f);
	kernel_attach(&f.k);
	kernel_vni(&f.k, &v);
	fix_run(&f);
	s = show(&f, VNI);
	ck_assert_uint_eq(s.nexports, 1);
	ck_assert_str_eq(rt_format(s.exports[0], text), "65000:100");
	ck_assert(s.imports[0].wildcard && s.imports[0].local == 100);
	ck_assert(!s.exports_configured && !s.imports_configured && !s.rd_configured);
	c = f.conf;
	c.as = 4200000001u; /* 0xfa56ea01: the low 16 bits */
	evpn_apply(f.e, &c);
	ck_assert_str_eq(rt_format(show(&f, VNI).exports[0], text), "59905:100");
	c = f.conf;
	c.autort_as = 64999;
	evpn_apply(f.e, &c);
	ck_assert_str_eq(rt_format(show(&f, VNI).exports[0], text), "64999:100");
	c = f.conf;
	c.autort_rfc8365 = true;
	evpn_apply(f.e, &c);
	ck_assert_str_eq(rt_format(show(&f, VNI).exports[0], text), "65000:268435556");
	ck_assert_uint_eq(show(&f, VNI).imports[0].local, 0x10000064);
	fix_run(&f);
	fix_close(&f);
}
END_TEST

START_TEST(test_configured_rd)
{
	struct vni_conf vc = { .vni = VNI, .rd_set = true };
	struct evpn_conf c;
	struct fix f;

	fix_open(&f);
	ck_assert(rd_parse("65000:77", &vc.rd));
	c = f.conf;
	c.vnis = &vc;
	c.nvnis = 1;
	evpn_apply(f.e, &c);
	evpn_set_router_id(f.e, 0); /* not needed now */
	fix_ready(&f, VNI);
	ck_assert(show(&f, VNI).up);
	ck_assert(rd_equal(evi_find(f.e, VNI)->ident.rd, vc.rd));
	ck_assert_ptr_nonnull(fix_local_imet(&f, VNI));
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	fix_close(&f);
}
END_TEST

/* RD indexes are the VNIs where they fit, distinct where they do not, and listed in order. */
START_TEST(test_many_vnis)
{
	static const uint32_t vnis[] = { 65635, 100, 16777215, 131170, 1, 65535 };
	struct zl_vni v;
	struct evpn_show_evi s;
	uint32_t after = 0;
	unsigned i, n = 0;
	struct fix f;

	fix_open(&f);
	kernel_attach(&f.k);
	for (i = 0; i < sizeof vnis / sizeof *vnis; i++) {
		v = kernel_vni_of(vnis[i], fix_vtep(5));
		kernel_vni(&f.k, &v);
	}
	fix_run(&f);
	while (evpn_show_evi_next(f.e, after, &s)) {
		ck_assert_uint_gt(s.vni, after);
		after = s.vni;
		n++;
	}
	ck_assert_uint_eq(n, i);
	ck_assert_uint_eq(evi_find(f.e, 65635)->id, 100);
	ck_assert_uint_eq(evi_find(f.e, 100)->id, 101);
	ck_assert_uint_eq(evi_find(f.e, 65535)->id, 65535);
	ck_assert_uint_eq(evi_find(f.e, 1)->id, 1);
	for (i = 0; i < sizeof vnis / sizeof *vnis; i++)
		kernel_vni_gone(&f.k, vnis[i]);
	fix_run(&f);
	ck_assert_uint_eq(f.e->evis.n, 0);
	fix_close(&f);
}
END_TEST

/* Not said again after a resync: gone. */
START_TEST(test_vanished_in_resync)
{
	struct zl_vni v = kernel_vni_of(200, fix_vtep(5));
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_vni(&f.k, &v);
	kernel_frame(&f.k, 200, fix_mac(1), 3);
	fix_run(&f);
	f.k.deliver = NULL;
	kernel_vni_gone(&f.k, 200);
	fix_reconnect(&f);
	evpn_resync(f.e);
	fix_run(&f);
	ck_assert(!fix_has(&f, 200));
	ck_assert(show(&f, VNI).up);
	ck_assert_uint_eq(rib_count(f.rib), 1);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn evi");
	TCase *t = tcase_create("evi");
	SRunner *sr;
	int failed;

	tcase_add_loop_test(t, test_any_order, 0, 6);
	tcase_add_test(t, test_reasons);
	tcase_add_test(t, test_named_vnis_only);
	tcase_add_test(t, test_automatic_targets);
	tcase_add_test(t, test_configured_rd);
	tcase_add_test(t, test_many_vnis);
	tcase_add_test(t, test_vanished_in_resync);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
