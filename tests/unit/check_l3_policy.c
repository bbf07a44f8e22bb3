/* SPDX-License-Identifier: ISC */
/* What of a VRF's table leaves as type 5, through route-maps at every place that may name one. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "bgpd/routemap.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "tests/unit/evpn_fix.h"

#define L3VNI 5001
#define TABLE 1001
#define BLUE 1002

static struct vrf_conf vrfs[2]; /* blue, red */
static struct vrf_conf *const red = &vrfs[1];
static struct vrf_af_conf *const af = &vrfs[1].af[0];
static struct fix f;

static void
open_vrfs(void)
{
	struct zl_vni v = kernel_vni_of(L3VNI, fix_vtep(5));

	fix_open(&f);
	vrfs[0] = (struct vrf_conf){ .name = "blue", .bgp = true };
	*red = (struct vrf_conf){ .name = "red", .l3vni = L3VNI, .bgp = true };
	af->advertise = true;
	f.conf.vrfs = vrfs;
	f.conf.nvrfs = ARRAY_LEN(vrfs);
	evpn_apply(f.e, &f.conf);
	kernel_attach(&f.k);
	kernel_vrf(&f.k, "red", TABLE);
	kernel_vrf(&f.k, "blue", BLUE);
	snprintf(v.vrf, sizeof v.vrf, "red");
	kernel_vni(&f.k, &v);
	evpn_rib_ready(f.e);
	fix_run(&f);
}

static struct prefix
pfx(const char *s)
{
	struct prefix p;

	ensure(prefix_parse(s, &p));
	return p;
}

static void
route(uint32_t table, const char *prefix, const char *ifname)
{
	struct zl_route r = { .op = ZL_SET, .table = table, .proto = 4 };

	r.prefix = pfx(prefix);
	snprintf(r.ifname, sizeof r.ifname, "%s", ifname);
	kernel_route(&f.k, &r);
}

/* A map of one entry, that permits what leads to the interface and sets the MED. */
static struct rmap *
map_of(const char *ifname, uint32_t metric)
{
	struct rmap *m = rmap_new();

	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0].permit = true;
	m->e[0].set = RMAP_SET_METRIC;
	m->e[0].metric = metric;
	if (ifname) {
		m->e[0].match = RMAP_IF;
		snprintf(m->e[0].ifname, sizeof m->e[0].ifname, "%s", ifname);
	}
	return m;
}

static void
apply(void)
{
	evpn_apply(f.e, &f.conf);
	fix_run(&f);
}

/* The MED of what is told of the prefix: -1 without one, -2 if nothing is told. */
static int64_t
told(const char *prefix)
{
	struct evpn_nlri n = { .type = EVPN_PREFIX, .rd = rd_from_ip(0x0a000005, L3VNI) };
	const struct rib_path *p;
	const struct attrset *s;
	struct rib_key k;
	uint32_t h;

	n.ip = pfx(prefix).ip;
	n.plen = pfx(prefix).plen;
	evpn_nlri_key(&n, &k);
	h = rib_find(f.rib, &k);
	p = h ? rib_path_of(f.rib, rib_route(f.rib, h), 0) : NULL;
	if (!p)
		return -2;
	s = attrset_get(&f.attrs, p->attrs);
	ck_assert(s->derived & ATTRSET_ROUTER_MAC && s->derived & ATTRSET_VXLAN);
	ck_assert(attrset_has_rt(s, rt_from_as(65000, L3VNI)));
	return s->a.has & HAS_MED ? (int64_t)s->a.med : -1;
}

START_TEST(test_redistribute)
{
	struct vrf_policy *r = &af->redist[__builtin_ctz(REDIST_STATIC)];

	open_vrfs();
	route(TABLE, "198.51.100.0/24", "eth1");
	route(TABLE, "203.0.113.0/24", "eth2");
	af->redistribute = REDIST_STATIC;
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	*r = (struct vrf_policy){ .has_metric = true, .metric = 7 };
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), 7);
	/* The map has the last word on the metric. */
	r->map = map_of("eth2", 9);
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	ck_assert_int_eq(told("203.0.113.0/24"), 9);
	/* Nothing moves when nothing has changed. */
	apply();
	ck_assert_int_eq(told("203.0.113.0/24"), 9);
	rmap_unref(r->map);
	r->map = rmap_new();
	apply();
	ck_assert_int_eq(told("203.0.113.0/24"), -2);
	rmap_unref(r->map);
	fix_close(&f);
}
END_TEST

START_TEST(test_network)
{
	struct network_conf nets[] = { { .prefix = pfx("198.51.100.0/24") },
		{ .prefix = pfx("203.0.113.0/24") } };

	open_vrfs();
	route(TABLE, "198.51.100.0/24", "eth1");
	route(TABLE, "203.0.113.0/24", "eth2");
	af->networks = nets;
	af->nnetworks = 2;
	nets[0].map = map_of(NULL, 3);
	nets[1].map = rmap_new();
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), 3);
	ck_assert_int_eq(told("203.0.113.0/24"), -2);
	/* What `network` may not say `redistribute` says. */
	af->redistribute = REDIST_STATIC;
	apply();
	ck_assert_int_eq(told("203.0.113.0/24"), -1);
	fix_close(&f);
	rmap_unref(nets[0].map);
	rmap_unref(nets[1].map);
}
END_TEST

START_TEST(test_aggregate)
{
	struct aggregate_conf agg = { .prefix = pfx("198.51.0.0/16") };

	open_vrfs();
	route(TABLE, "198.51.100.0/24", "eth1");
	af->redistribute = REDIST_STATIC;
	af->aggregates = &agg;
	af->naggregates = 1;
	agg.map = map_of(NULL, 11);
	apply();
	ck_assert_int_eq(told("198.51.0.0/16"), 11);
	/* An aggregate stands while something inside passes. */
	af->redist[__builtin_ctz(REDIST_STATIC)].map = map_of("eth2", 1);
	apply();
	ck_assert_int_eq(told("198.51.0.0/16"), -2);
	route(TABLE, "198.51.101.0/24", "eth2");
	fix_run(&f);
	ck_assert_int_eq(told("198.51.0.0/16"), 11);
	fix_close(&f);
	rmap_unref(af->redist[__builtin_ctz(REDIST_STATIC)].map);
	rmap_unref(agg.map);
}
END_TEST

START_TEST(test_advertise)
{
	struct aggregate_conf agg = { .prefix = pfx("198.51.0.0/16") };

	open_vrfs();
	route(TABLE, "198.51.100.0/24", "eth1");
	route(TABLE, "203.0.113.0/24", "eth2");
	af->redistribute = REDIST_STATIC;
	af->redist[__builtin_ctz(REDIST_STATIC)].has_metric = true;
	af->default_originate = true;
	af->aggregates = &agg;
	af->naggregates = 1;
	af->advertise_map = map_of("eth2", 5);
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	ck_assert_int_eq(told("203.0.113.0/24"), 5);
	/* It is in the VRF's table all the same; but the aggregate leads nowhere. */
	ck_assert_int_eq(told("198.51.0.0/16"), -2);
	/* `default-originate` does not ask. */
	ck_assert_int_eq(told("0.0.0.0/0"), -1);
	rmap_unref(af->advertise_map);
	af->advertise_map = NULL;
	apply();
	ck_assert_int_eq(told("198.51.0.0/16"), -1);
	ck_assert_int_eq(told("203.0.113.0/24"), 0);
	fix_close(&f);
}
END_TEST

/* Where a prefix of the VRF leads, by the engine. */
static enum evpn_prefix_source
source(const char *prefix)
{
	struct evpn_show_prefix p;

	return evpn_show_prefix(f.e, "red", pfx(prefix), &p) ? p.source
							     : EVPN_PREFIX_NONE;
}

START_TEST(test_table)
{
	struct table_conf tables[2] = { { .table = 300 }, { .table = 301 } };
	struct zl_route gone = { .op = ZL_DEL, .table = 300 };

	open_vrfs();
	route(300, "198.51.100.0/24", "eth1");
	route(302, "203.0.113.0/24", "eth1");
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	/* The table is asked for when the configuration names it, and not another one. */
	af->tables = tables;
	af->ntables = 2;
	tables[1].policy = (struct vrf_policy){ .has_metric = true, .metric = 5 };
	apply();
	ck_assert_uint_eq(f.k.ntables, 2);
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	ck_assert_int_eq(told("203.0.113.0/24"), -2);
	ck_assert_int_eq(source("198.51.100.0/24"), EVPN_PREFIX_TABLE);
	ck_assert_uint_eq(f.k.nroutes, 2); /* nothing of it is written */
	/* Two have it: the lower number, unless its policy denies it. */
	route(301, "198.51.100.0/24", "eth2");
	fix_run(&f);
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	tables[0].policy.map = map_of("eth2", 9);
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), 5);
	rmap_unref(tables[0].policy.map);
	tables[0].policy.map = NULL;
	apply();
	/* A route of the VRF itself is told if something says so, else the table's still is. */
	route(TABLE, "198.51.100.0/24", "eth3");
	fix_run(&f);
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	ck_assert_int_eq(source("198.51.100.0/24"), EVPN_PREFIX_KERNEL);
	gone.prefix = pfx("198.51.100.0/24");
	kernel_route(&f.k, &gone);
	fix_run(&f);
	ck_assert_int_eq(told("198.51.100.0/24"), 5);
	gone.table = TABLE;
	kernel_route(&f.k, &gone);
	gone.table = 301;
	kernel_route(&f.k, &gone);
	fix_run(&f);
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	ck_assert_uint_eq(f.e->ktables.routes.live, 0);
	/* What a new observed state does not say any more goes with it. */
	route(300, "198.51.100.0/24", "eth1");
	route(301, "203.0.113.0/24", "eth1");
	fix_run(&f);
	ck_assert_int_eq(told("203.0.113.0/24"), 5);
	f.k.routes[f.k.nroutes - 1] = f.k.routes[f.k.nroutes - 2];
	f.k.nroutes--;
	evpn_resync(f.e);
	fix_run(&f);
	ck_assert_int_eq(told("203.0.113.0/24"), -2);
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	/* Another data plane hears again which tables they are. */
	evpn_dp_restart(f.e);
	kernel_attach(&f.k);
	ck_assert_uint_eq(f.k.ntables, 0);
	fix_run(&f);
	ck_assert_uint_eq(f.k.ntables, 2);
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	af->ntables = 0;
	apply();
	ck_assert_uint_eq(f.k.ntables, 0);
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	ck_assert_uint_eq(f.e->ktables.routes.live, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_import)
{
	char from[1][16] = { "blue" };

	open_vrfs();
	route(BLUE, "198.51.100.0/24", "eth1");
	route(BLUE, "203.0.113.0/24", "eth2");
	af->import_vrfs = from;
	af->nimport_vrfs = 1;
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), -1);
	ck_assert_int_eq(told("203.0.113.0/24"), -1);
	ck_assert_uint_eq(f.k.nroutes, 4); /* two are blue's own */
	af->import_map = map_of("eth1", 4);
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), 4);
	ck_assert_int_eq(told("203.0.113.0/24"), -2);
	ck_assert_uint_eq(f.k.nroutes, 3);
	af->import_map->e[0].match = RMAP_VRF;
	snprintf(af->import_map->e[0].vrf, 16, "green");
	apply();
	ck_assert_int_eq(told("198.51.100.0/24"), -2);
	snprintf(af->import_map->e[0].vrf, 16, "blue");
	apply();
	ck_assert_int_eq(told("203.0.113.0/24"), 4);
	rmap_unref(af->import_map);
	af->import_map = NULL;
	apply();
	ck_assert_int_eq(told("203.0.113.0/24"), -1);
	ck_assert_uint_eq(f.k.nroutes, 4);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("l3_policy");
	TCase *t = tcase_create("l3_policy");
	SRunner *sr;
	int bad;

	tcase_add_test(t, test_redistribute);
	tcase_add_test(t, test_network);
	tcase_add_test(t, test_aggregate);
	tcase_add_test(t, test_advertise);
	tcase_add_test(t, test_table);
	tcase_add_test(t, test_import);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	bad = srunner_ntests_failed(sr);
	srunner_free(sr);
	return bad != 0;
}
