/* SPDX-License-Identifier: ISC */
/* VRFs and prefixes: received routes into the kernel, why some are not used, and nothing left behind. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "bgpd/extcomm.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "tests/unit/evpn_fix.h"

#define L3VNI 5001
#define TABLE 1001

/* A remote route of type 5, or of type 2 when there is a host. */
struct said {
	unsigned n;	     /* VTEP 10.0.0.n */
	const char *prefix;  /* type 5 */
	const char *host;    /* type 2: address */
	struct mac rmac;     /* router MAC; zero: none */
	uint32_t label;	     /* 0: the L3VNI */
	struct esi esi;	     /* type 5 */
	const char *gw;	     /* type 5 */
	const char *nexthop; /* NULL: the VTEP */
	uint32_t local_pref; /* 0: 100 */
	uint32_t seq;	     /* type 2: mobility */
};

static struct vrf_conf vrf_conf;

static void
open_vrf(struct fix *f)
{
	struct zl_vni v = kernel_vni_of(L3VNI, fix_vtep(5));

	fix_open(f);
	vrf_conf = (struct vrf_conf){ .name = "red", .l3vni = L3VNI, .bgp = true };
	vrf_conf.af[0].advertise = vrf_conf.af[1].advertise = true;
	f->conf.vrfs = &vrf_conf;
	f->conf.nvrfs = 1;
	evpn_apply(f->e, &f->conf);
	kernel_attach(&f->k);
	kernel_vrf(&f->k, "red", TABLE);
	snprintf(v.vrf, sizeof v.vrf, "red");
	kernel_vni(&f->k, &v);
	evpn_rib_ready(f->e);
	fix_run(f);
}

static void
make(struct fix *f, const struct said *s, struct rib_key *k, struct rib_path_in *in)
{
	struct evpn_nlri n = { .type = EVPN_MACIP, .mac = fix_mac(9) };
	struct ecom ec[4] = { rt_from_as(65000, L3VNI), ecom_encap(ENCAP_VXLAN),
		ecom_router_mac(s->rmac) };
	struct attrs a = { .has =
			       HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF | HAS_NEXT_HOP,
		.local_pref = s->local_pref ? s->local_pref : 100,
		.nexthop = s->nexthop ? fix_ip(s->nexthop) : fix_vtep(s->n),
		.ecoms = ec,
		.necoms = mac_is_zero(s->rmac) ? 2 : 3 };
	struct prefix p;

	if (s->seq)
		ec[a.necoms++] = ecom_mobility(&(struct ecom_mobility){ .seq = s->seq });
	n.rd = rd_from_ip(0x0a000000 | s->n, 7);
	*in = (struct rib_path_in){ .nlabels = 2, .aux.esi = s->esi };
	in->label[0] = in->label[1] = s->label ? s->label : L3VNI;
	if (s->host) {
		n.ip = fix_ip(s->host);
	} else {
		ensure(prefix_parse(s->prefix, &p));
		n.type = EVPN_PREFIX;
		n.mac = (struct mac){ { 0 } };
		n.ip = p.ip;
		n.plen = p.plen;
		in->nlabels = 1;
		if (s->gw)
			in->aux.gw = fix_ip(s->gw);
	}
	in->attrs = attrset_intern(&f->attrs, &a);
	evpn_nlri_key(&n, k);
}

static void
announce(struct fix *f, const struct said *s)
{
	struct rib_path_in in;
	struct rib_key k;

	make(f, s, &k, &in);
	rib_update(f->rib, &k, f->peer, &in);
	fix_run(f);
}

static void
withdraw(struct fix *f, const struct said *s)
{
	struct rib_path_in in;
	struct rib_key k;

	make(f, s, &k, &in);
	attrset_unref(&f->attrs, in.attrs);
	rib_withdraw(f->rib, &k, f->peer);
	fix_run(f);
}

static void
expect(struct fix *f, const char *want)
{
	char *have = fix_dump(f);

	ck_assert_str_eq(have, want);
	free(have);
}

static void
expect_nothing_left(const struct fix *f)
{
	const struct evpn *e = f->e;

	ck_assert(evpn_idle(e));
	ck_assert_uint_eq(e->import.imps.live, 0);
	ck_assert_uint_eq(e->l3.cells.live, 0);
	ck_assert_uint_eq(e->hops.hops.live, 0);
	ck_assert_uint_eq(e->hops.groups.live, 0);
	ck_assert_uint_eq(e->routers.routers.live, 0);
	ck_assert_uint_eq(e->routers.claims.live, 0);
	ck_assert_uint_eq(e->routers.rmacs.live, 0);
	ck_assert_uint_eq(f->k.nroutes + f->k.nhops + f->k.ngroups, 0);
	ck_assert_uint_eq(f->k.orphans, 0);
}

static const char *
why_of(struct fix *f, const char *prefix)
{
	struct evpn_show_way w;
	struct prefix p;

	ensure(prefix_parse(prefix, &p));
	ck_assert_uint_eq(evpn_show_ways(f->e, "red", p, &w, 1), 1);
	return w.why;
}

START_TEST(test_ways)
{
	struct said a = { .n = 1, .prefix = "192.0.2.0/24", .rmac = fix_mac(0x101) };
	struct said b = { .n = 2, .prefix = "192.0.2.0/24", .rmac = fix_mac(0x102) };
	struct said h = { .n = 1, .host = "2001:db8::1", .rmac = fix_mac(0x101) };
	struct fix f;

	open_vrf(&f);
	announce(&f, &a);
	announce(&f, &b);
	announce(&f, &h);
	expect(&f, "fdb 5001 02:00:00:00:01:01 via 10.0.0.1\n"
		   "fdb 5001 02:00:00:00:01:02 via 10.0.0.2\n"
		   "route red 192.0.2.0/24 via 10.0.0.1,02:00:00:00:01:01,5001 "
		   "10.0.0.2,02:00:00:00:01:02,5001\n"
		   "route red 2001:db8::1/128 via "
		   "::ffff:10.0.0.1,02:00:00:00:01:01,5001\n");
	b.local_pref = 200;
	announce(&f, &b);
	ck_assert_uint_eq(f.e->hops.groups.live, 0);
	withdraw(&f, &a);
	withdraw(&f, &h);
	expect(&f, "fdb 5001 02:00:00:00:01:02 via 10.0.0.2\n"
		   "route red 192.0.2.0/24 via 10.0.0.2,02:00:00:00:01:02,5001\n");
	withdraw(&f, &b);
	expect(&f, "");
	expect_nothing_left(&f);
	fix_close(&f);
}
END_TEST

/* A router changes its MAC, and an older route of it ends without having been said again. */
/* Where the kernel sends packets for the host. */
static void
expect_host(struct fix *f, const char *want)
{
	struct strbuf s;

	strbuf_init(&s);
	kernel_lookup(&f->k, "red", fix_ip("192.0.2.9"), &s);
	ck_assert_str_eq(s.s, want);
	strbuf_fini(&s);
}

/* A host moves from leaf to leaf, and the old one is slow to withdraw: only the newest is followed, and nobody if
 * that one's way cannot be used. */
START_TEST(test_newest_leaf)
{
	const char *at1 = "route red 192.0.2.9/32 via 10.0.0.1,02:00:00:00:01:01,5001",
		   *at2 = "route red 192.0.2.9/32 via 10.0.0.2,02:00:00:00:01:02,5001",
		   *net = "route red 192.0.2.0/24 via 10.0.0.1,02:00:00:00:01:01,5001";
	struct said a = { .n = 1, .host = "192.0.2.9", .rmac = fix_mac(0x101) };
	struct said b = { .n = 2, .host = "192.0.2.9", .rmac = fix_mac(0x102), .seq = 1 };
	struct said c = { .n = 3, .host = "192.0.2.9", .seq = 2 };
	struct said d = { .n = 1, .prefix = "192.0.2.0/24", .rmac = fix_mac(0x101) };
	struct fix f;

	open_vrf(&f);
	announce(&f, &d);
	announce(&f, &a);
	expect_host(&f, at1);
	announce(&f, &b);
	expect_host(&f, at2); /* and not to both */
	announce(&f, &c);
	expect_host(&f, net); /* without a router MAC; its subnet is left */
	withdraw(&f, &c);
	expect_host(&f, at2);
	withdraw(&f, &b);
	expect_host(&f, at1);
	withdraw(&f, &a);
	withdraw(&f, &d);
	expect_nothing_left(&f);
	fix_close(&f);
}
END_TEST

START_TEST(test_mac_changes)
{
	struct said a = { .n = 1, .prefix = "192.0.2.0/24", .rmac = fix_mac(0x101) };
	struct said b = { .n = 1, .prefix = "192.0.3.0/24", .rmac = fix_mac(0x101) };
	struct fix f;

	open_vrf(&f);
	announce(&f, &a);
	announce(&f, &b);
	a.rmac = fix_mac(0x201);
	announce(&f, &a);
	import_rescan(f.e);
	fix_run(&f);
	withdraw(&f, &b);
	expect(&f, "fdb 5001 02:00:00:00:02:01 via 10.0.0.1\n"
		   "route red 192.0.2.0/24 via 10.0.0.1,02:00:00:00:02:01,5001\n");
	withdraw(&f, &a);
	expect_nothing_left(&f);
	fix_close(&f);
}
END_TEST

START_TEST(test_not_used)
{
	static const struct {
		struct said said;
		const char *why;
	} bad[] = {
		{ { .n = 1, .prefix = "192.0.2.0/24" }, "no router MAC" },
		{ { .n = 1, .prefix = "192.0.2.0/24", .rmac = { { 1, 2, 3 } } },
		    "its router MAC is no unicast address" },
		{ { .n = 1,
		      .prefix = "192.0.2.0/24",
		      .rmac = { { 2, 0xff, 0, 0, L3VNI >> 8, L3VNI & 0xff } } },
		    "its router MAC is our own" },
		{ { .n = 1,
		      .prefix = "192.0.2.0/24",
		      .rmac = { { 2, 3 } },
		      .esi = { { 0, 1 } } },
		    "overlay index is an Ethernet segment (not supported)" },
		{ { .n = 1, .prefix = "192.0.2.0/24", .gw = "192.0.2.9" },
		    "it has a gateway, and "
		    "enable-resolve-overlay-index is off" },
		{ { .n = 1, .prefix = "192.0.2.0/24", .rmac = { { 2, 3 } }, .label = 77 },
		    "its VNI is not our L3VNI, and needs a single VXLAN device" },
	};
	struct fix f;
	size_t i;

	open_vrf(&f);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		announce(&f, &bad[i].said);
		ck_assert_str_eq(why_of(&f, "192.0.2.0/24"), bad[i].why);
		expect(&f, "");
		withdraw(&f, &bad[i].said);
		expect_nothing_left(&f);
	}
	fix_close(&f);
}
END_TEST

/* Our own routes come back from a reflector; a link-local host helps nobody elsewhere. */
START_TEST(test_not_imported)
{
	struct said own = { .n = 5, .prefix = "192.0.2.0/24", .rmac = fix_mac(1) };
	struct said ll = { .n = 1, .host = "fe80::1", .rmac = fix_mac(1) };
	struct fix f;

	open_vrf(&f);
	announce(&f, &own);
	announce(&f, &ll);
	ck_assert_uint_eq(f.e->import.imps.live, 0);
	expect(&f, "");
	fix_close(&f);
}
END_TEST

/* IPv6 VTEPs: prefixes of both families lead over the same gateway. */
START_TEST(test_vtep6)
{
	struct said a = { .n = 1,
		.prefix = "192.0.2.0/24",
		.rmac = fix_mac(0x101),
		.nexthop = "2001:db8:ffff::1" };
	struct said b = a;
	struct zl_vni v = kernel_vni_of(L3VNI, fix_ip("2001:db8:ffff::5"));
	struct fix f;

	open_vrf(&f);
	snprintf(v.vrf, sizeof v.vrf, "red");
	kernel_vni(&f.k, &v);
	fix_run(&f);
	b.prefix = "2001:db8:1::/48";
	announce(&f, &a);
	announce(&f, &b);
	ck_assert_uint_eq(f.e->hops.hops.live, 1);
	expect(&f, "fdb 5001 02:00:00:00:01:01 via 2001:db8:ffff::1\n"
		   "route red 192.0.2.0/24 via "
		   "2001:db8:ffff::1,02:00:00:00:01:01,5001\n"
		   "route red 2001:db8:1::/48 via "
		   "2001:db8:ffff::1,02:00:00:00:01:01,5001\n");
	withdraw(&f, &a);
	withdraw(&f, &b);
	expect_nothing_left(&f);
	fix_close(&f);
}
END_TEST

/* The next hop fails: the route waits for it and is written once it is there. */
START_TEST(test_hop_fails)
{
	struct said a = { .n = 1, .prefix = "192.0.2.0/24", .rmac = fix_mac(0x101) };
	struct fix f;

	open_vrf(&f);
	f.k.fail_errno = 28;
	f.k.fail_count = 2; /* the router MAC and the next hop */
	announce(&f, &a);
	ck_assert_uint_eq(f.k.nroutes, 0);
	ck_assert_uint_eq(f.e->fib.fails.live, 2);
	fix_run_for(&f, MONO_SEC(10));
	expect(&f, "fdb 5001 02:00:00:00:01:01 via 10.0.0.1\n"
		   "route red 192.0.2.0/24 via 10.0.0.1,02:00:00:00:01:01,5001\n");
	withdraw(&f, &a);
	expect_nothing_left(&f);
	fix_close(&f);
}
END_TEST

static uint32_t
local_route(struct fix *f, const char *prefix, const struct rib_path **path)
{
	struct evpn_nlri n = { .type = EVPN_PREFIX, .rd = rd_from_ip(0x0a000005, L3VNI) };
	struct prefix p;
	struct rib_key k;
	uint32_t h;

	ensure(prefix_parse(prefix, &p));
	n.ip = p.ip;
	n.plen = p.plen;
	evpn_nlri_key(&n, &k);
	h = rib_find(f->rib, &k);
	*path = h ? rib_path_of(f->rib, rib_route(f->rib, h), 0) : NULL;
	return h;
}

START_TEST(test_originated)
{
	struct zl_route r = { .op = ZL_SET, .table = TABLE, .proto = 4 };
	const struct attrset *s;
	const struct rib_path *p;
	struct fix f;

	open_vrf(&f);
	ensure(prefix_parse("198.51.100.0/24", &r.prefix));
	r.gateway = fix_ip("192.0.2.9");
	vrf_conf.af[0].redistribute = REDIST_STATIC;
	vrf_conf.af[0].advertise_gateway = true;
	evpn_apply(f.e, &f.conf);
	kernel_route(&f.k, &r);
	fix_run(&f);
	local_route(&f, "198.51.100.0/24", &p);
	ck_assert_ptr_nonnull(p);
	s = attrset_get(&f.attrs, p->attrs);
	ck_assert_uint_eq(rib_label(p->label1), L3VNI);
	ck_assert(ip_equal(rib_aux(f.rib, p->aux)->gw, r.gateway));
	/* RFC 9136 3.2: one overlay index, not two. */
	ck_assert(!(s->derived & ATTRSET_ROUTER_MAC) && s->derived & ATTRSET_VXLAN);
	vrf_conf.af[0].advertise_gateway = false;
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	local_route(&f, "198.51.100.0/24", &p);
	s = attrset_get(&f.attrs, p->attrs);
	ck_assert(ip_is_zero(rib_aux(f.rib, p->aux)->gw));
	ck_assert(s->derived & ATTRSET_ROUTER_MAC);
	ck_assert(mac_equal(
	    s->router_mac, (struct mac){ { 2, 0xff, 0, 0, L3VNI >> 8, L3VNI & 0xff } }));
	ck_assert(attrset_has_rt(s, rt_from_as(65000, L3VNI)));
	ck_assert(ip_equal(s->a.nexthop, fix_vtep(5)));
	vrf_conf.af[0].redistribute = REDIST_CONNECTED;
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
	local_route(&f, "198.51.100.0/24", &p);
	ck_assert_ptr_null(p);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("l3");
	TCase *t = tcase_create("l3");
	SRunner *sr;
	int bad;

	tcase_add_test(t, test_ways);
	tcase_add_test(t, test_newest_leaf);
	tcase_add_test(t, test_mac_changes);
	tcase_add_test(t, test_not_used);
	tcase_add_test(t, test_not_imported);
	tcase_add_test(t, test_vtep6);
	tcase_add_test(t, test_hop_fails);
	tcase_add_test(t, test_originated);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	bad = srunner_ntests_failed(sr);
	srunner_free(sr);
	return bad != 0;
}
