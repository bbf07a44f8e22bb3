/* SPDX-License-Identifier: ISC */
/* Devices of tenants: what is wanted, the steps to it over a small fake of the kernel, and what stands in the way. */
#include "config.h"

#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"
#include "tests/unit/run.h"
#include "zebra-lite/nl_fdb.h"
#include "zebra-lite/prov_diff.h"

/* ---- a kernel ---- */

static struct iface kernel;
static struct prov_want before; /* of the last round */
static struct prov_found found;
static uint32_t next_ifindex;

static void
no_vni(void *arg, struct iface_vni *v)
{
	(void)arg;
	(void)v;
}

static void
no_change(void *arg, struct iface_vni *v, const struct zl_vni *old)
{
	(void)arg;
	(void)v;
	(void)old;
}

static void
no_addr(void *arg, const struct iface_link *l, struct prefix addr, bool del)
{
	(void)arg;
	(void)l;
	(void)addr;
	(void)del;
}

static const struct iface_ops ops = { no_vni, no_change, NULL, no_addr };

static uint32_t
link_add(const char *name, enum nl_kind kind, bool ours)
{
	struct nl_link l = { .ifindex = next_ifindex++, .kind = kind, .ours = ours };

	snprintf(l.name, sizeof l.name, "%s", name);
	l.mtu = 1500;
	iface_link_event(&kernel, &l);
	return l.ifindex;
}

static void
addr_add(uint32_t ifindex, const char *text, bool ours)
{
	struct nl_ifaddr a = { .ifindex = ifindex, .ours = ours };

	ck_assert(prefix_parse(text, &a.addr));
	ck_assert(ip_parse("10.0.0.1", &a.addr.ip));
	iface_addr_event(&kernel, &a);
}

static void
setup(void)
{
	iface_init(&kernel, &ops, NULL);
	prov_want_init(&before);
	found = (struct prov_found){ 0 };
	next_ifindex = 1;
	addr_add(link_add("lo", NL_KIND_OTHER, false), "10.0.0.1/32", false);
}

static void
teardown(void)
{
	prov_want_fini(&before);
	iface_fini(&kernel);
}

static uint32_t
index_of(const char *name)
{
	const struct iface_link *k = prov_link(&kernel, name);

	return k ? k->l.ifindex : 0;
}

/* What the kernel would have after a step. */
static void
link_new(const struct prov_dev *w)
{
	struct nl_link l = { .ifindex = next_ifindex++,
		.kind = w->d.kind,
		.ours = true,
		.mtu = w->d.mtu ? w->d.mtu : 1500,
		.mac = w->d.mac,
		.vlan_filtering = w->d.vlan_filtering,
		.vlan_id = w->d.vid,
		.vrf_table = w->d.table,
		.lower = index_of(w->lower) };

	strcpy(l.name, w->name);
	l.vxlan = (struct nl_vxlan){ .vni = w->d.vni,
		.local = w->d.local,
		.dstport = w->d.dstport,
		.external = w->d.external,
		.vnifilter = w->d.external };
	iface_link_event(&kernel, &l);
}

static void
link_set(const struct prov_step *s)
{
	struct nl_link l = prov_link(&kernel, s->subject)->l;

	if (s->what & NL_DEV_UP)
		l.flags |= IFF_UP;
	if (s->what & NL_DEV_MASTER)
		l.master = index_of(s->dev->master);
	if (s->what & NL_DEV_MAC)
		l.mac = s->dev->d.mac;
	if (s->what & NL_DEV_MTU)
		l.mtu = s->dev->d.mtu;
	iface_link_event(&kernel, &l);
}

static void
port_set(const struct prov_step *s)
{
	struct nl_link l = { .port_only = true,
		.ifindex = s->ifindex,
		.port_suppress = s->dev->flags & PROV_SUPPRESS,
		.port_tunnel = s->dev->d.external };

	iface_link_event(&kernel, &l);
}

static void
execute(const struct prov_step *s)
{
	struct nl_vlan v = { .del = s->op == PROV_VLAN_DEL,
		.ifindex = s->ifindex,
		.vid = s->vlan.vid,
		.last = s->vlan.vid,
		.pvid = s->vlan.untagged,
		.untagged = s->vlan.untagged,
		.tunnel_vni = s->vlan.vni };
	struct nl_vnirange r = { .del = s->op == PROV_VNI_DEL,
		.ifindex = s->ifindex,
		.vni = s->vlan.vni,
		.last = s->vlan.vni };
	struct nl_ifaddr a = { .del = s->op == PROV_ADDR_DEL,
		.ifindex = s->ifindex,
		.addr = s->addr,
		.ours = true };
	struct nl_link gone = { .del = true, .ifindex = s->ifindex };

	if (s->later || (!s->ifindex && s->op != PROV_NEW))
		return;
	if (s->op == PROV_NEW)
		link_new(s->dev);
	else if (s->op == PROV_DEL)
		iface_link_event(&kernel, &gone);
	else if (s->op == PROV_SET)
		link_set(s);
	else if (s->op == PROV_BRPORT)
		port_set(s);
	else if (s->op == PROV_VLAN || s->op == PROV_VLAN_DEL)
		iface_vlan_event(&kernel, &v);
	else if (s->op == PROV_VNI || s->op == PROV_VNI_DEL)
		iface_vnirange_event(&kernel, &r);
	else if (s->op == PROV_ADDR || s->op == PROV_ADDR_DEL)
		iface_addr_event(&kernel, &a);
}

/* ---- what is wanted ---- */

static struct zl_prov recs[16];
static size_t nrecs;

static struct zl_prov *
rec(enum zl_prov_kind kind, const char *name, const char *other, uint32_t vni)
{
	struct zl_prov *r = &recs[nrecs++];

	*r = (struct zl_prov){ .kind = (uint8_t)kind, .vni = vni };
	snprintf(r->name, sizeof r->name, "%s", name);
	snprintf(r->other, sizeof r->other, "%s", other);
	return r;
}

static void
fabric(unsigned flags)
{
	struct zl_prov *r;

	nrecs = 0;
	r = rec(ZL_PROV_FABRIC, "br-fabric", "lo", 0);
	r->flags = (uint8_t)(flags | ZL_PROV_SUPPRESS);
	r->port = 54789;
	r->mac = (struct mac){ { 2, 0, 0x5e, 0, 0, 1 } };
}

static void
red(void)
{
	struct zl_prov *r;

	rec(ZL_PROV_TENANT, "red", "", 4001)->flags = ZL_PROV_ROUTED;
	r = rec(ZL_PROV_NETWORK, "web", "red", 10010);
	r->vlan = 10;
	r->flags = ZL_PROV_ROUTED;
	r->ngw = 1;
	ck_assert(prefix_parse("10.1.10.0/24", &r->gw[0]));
	r->gw[0].ip.b[3] = 1;
	rec(ZL_PROV_NETWORK, "app", "red", 10020);
}

/* Steps of the wanted records against the kernel; had: the same records count as known. */
static void
plan(struct prov_want *w, bool known, struct prov_steps *steps)
{
	struct prov_diff d = { .want = w,
		.f = &kernel,
		.had = known ? w : NULL,
		.before = &before,
		.found = &found };

	prov_want_init(w);
	prov_want_make(w, recs, nrecs, &kernel, &before);
	*steps = (struct prov_steps){ 0 };
	prov_find(&d, &found);
	prov_diff(&d, steps);
}

static void
drop(struct prov_want *w, struct prov_steps *steps)
{
	prov_steps_fini(steps);
	prov_want_fini(w);
}

/* Rounds until nothing is to be done; their number. */
static unsigned
converge(void)
{
	for (unsigned round = 1; round < 10; round++) {
		struct prov_steps steps;
		struct prov_want w;
		bool done;

		plan(&w, true, &steps);
		done = steps.n == 0;
		for (uint32_t i = 0; i < steps.n; i++)
			execute(&steps.s[i]);
		prov_steps_fini(&steps);
		prov_want_fini(&before);
		before = w;
		if (done)
			return round;
	}
	ck_abort_msg("there is always something to do");
	return 0;
}

/* The text of the first problem with this subject, and whether it is an error; "" none. */
static bool
has_problem(bool known, const char *subject, const char *says, bool error)
{
	struct prov_steps steps;
	struct prov_want w;
	bool said = false;

	plan(&w, known, &steps);
	for (uint32_t i = 0; i < steps.n; i++)
		said |= steps.s[i].op == PROV_PROBLEM &&
			strcmp(steps.s[i].subject, subject) == 0 &&
			strstr(steps.s[i].text, says) && steps.s[i].error == error;
	drop(&w, &steps);
	return said;
}

/* ---- tests ---- */

START_TEST(single)
{
	const struct iface_link *vx;

	fabric(0);
	red();
	rec(ZL_PROV_PORT, "tap0", "", 10010);
	link_add("tap0", NL_KIND_OTHER, false);
	converge();
	vx = prov_link(&kernel, "vx-fabric");
	ck_assert(vx && vx->l.vxlan.external && vx->nvlans == 3 && vx->nvnis == 3);
	ck_assert(vx->vlans[0].vid == 10 && vx->vlans[0].vni == 10010);
	ck_assert_uint_eq(prov_link(&kernel, "svi10010")->l.master, index_of("red"));
	ck_assert_uint_eq(prov_link(&kernel, "svi10010")->naddrs, 1);
	ck_assert_uint_eq(prov_link(&kernel, "svi4001")->l.master, index_of("red"));
	/* No gateway, no interface. */
	ck_assert_ptr_null(prov_link(&kernel, "svi10020"));
	ck_assert_uint_eq(prov_link(&kernel, "tap0")->l.master, index_of("br-fabric"));
	ck_assert(prov_link(&kernel, "tap0")->vlans[0].untagged);
}
END_TEST

START_TEST(per_vni)
{
	fabric(ZL_PROV_PER_VNI);
	red();
	converge();
	ck_assert_uint_eq(prov_link(&kernel, "vx10010")->l.master, index_of("br10010"));
	ck_assert_uint_eq(prov_link(&kernel, "br10010")->l.master, index_of("red"));
	ck_assert_uint_eq(prov_link(&kernel, "vx4001")->l.vxlan.vni, 4001);
	ck_assert_ptr_null(prov_link(&kernel, "br-fabric"));
}
END_TEST

/* From one shape to the other, and to nothing: what is not ours stays. */
START_TEST(removal)
{
	link_add("br7", NL_KIND_BRIDGE, false);
	fabric(0);
	red();
	converge();
	fabric(ZL_PROV_PER_VNI);
	red();
	converge();
	ck_assert_ptr_null(prov_link(&kernel, "svi10010"));
	nrecs = 0;
	converge();
	ck_assert_uint_eq(kernel.links.live, 2);
	ck_assert_ptr_nonnull(prov_link(&kernel, "br7"));
}
END_TEST

/* Every change behind our back is undone. */
START_TEST(heals)
{
	struct nl_vlan v = { .del = true, .vid = 10, .last = 10 };
	struct nl_link l;

	fabric(0);
	red();
	converge();
	v.ifindex = index_of("vx-fabric");
	iface_vlan_event(&kernel, &v);
	l = prov_link(&kernel, "svi10010")->l;
	l.flags = 0;
	l.mac.b[5] ^= 1;
	iface_link_event(&kernel, &l);
	l = prov_link(&kernel, "svi4001")->l;
	l.del = true;
	iface_link_event(&kernel, &l);
	ck_assert_uint_gt(converge(), 1);
	ck_assert_uint_eq(prov_link(&kernel, "svi10010")->l.flags, IFF_UP);
	ck_assert_ptr_nonnull(prov_link(&kernel, "svi4001"));
}
END_TEST

/* A VLAN that was chosen stays, whatever comes or goes beside it. */
START_TEST(vlans_stay)
{
	const struct iface_link *vx;
	uint16_t vid = 0;

	fabric(0);
	red();
	converge();
	vx = prov_link(&kernel, "vx-fabric");
	for (uint32_t i = 0; i < vx->nvlans; i++)
		if (vx->vlans[i].vni == 10020)
			vid = vx->vlans[i].vid;
	fabric(0);
	rec(ZL_PROV_TENANT, "aaa", "", 3000)->flags = ZL_PROV_ROUTED;
	rec(ZL_PROV_NETWORK, "early", "red", 10000);
	red();
	converge();
	vx = prov_link(&kernel, "vx-fabric");
	for (uint32_t i = 0; i < vx->nvlans; i++)
		if (vx->vlans[i].vni == 10020)
			ck_assert_uint_eq(vx->vlans[i].vid, vid);
	ck_assert_uint_eq(vx->nvlans, 5);
}
END_TEST

/* Another layer-3 VNI: the VRF stays, and its table is nobody else's. */
START_TEST(tables_stay)
{
	uint32_t was;

	fabric(0);
	red();
	converge();
	was = index_of("red");
	fabric(0);
	red();
	recs[1].vni = 4009;
	rec(ZL_PROV_TENANT, "blue", "", 4001)->flags = ZL_PROV_ROUTED;
	converge();
	ck_assert_uint_eq(index_of("red"), was);
	ck_assert_uint_eq(prov_link(&kernel, "red")->l.vrf_table, 4001);
	ck_assert_uint_eq(prov_link(&kernel, "blue")->l.vrf_table, 0x1000000 + 4001);
	ck_assert_ptr_nonnull(prov_link(&kernel, "svi4009"));
	ck_assert_uint_eq(index_of("blue"), prov_link(&kernel, "svi4001")->l.master);
}
END_TEST

/* A VRF without a layer-3 VNI, and a way out of it: its address goes with it. */
START_TEST(ways_out)
{
	const struct iface_link *k;
	struct zl_prov *x;

	link_add("eth3", NL_KIND_OTHER, false);
	fabric(0);
	red();
	recs[1].vni = 0;
	x = rec(ZL_PROV_EXTERNAL, "eth3", "red", 0);
	x->ngw = 1;
	ck_assert(prefix_parse("192.0.2.0/24", &x->gw[0]));
	x->gw[0].ip.b[3] = 2;
	converge();
	k = prov_link(&kernel, "eth3");
	ck_assert(k->l.master == index_of("red") && k->naddrs == 1);
	ck_assert_uint_eq(prov_link(&kernel, "red")->l.vrf_table, 10010);
	ck_assert_ptr_null(prov_link(&kernel, "svi4001"));
	fabric(0);
	red();
	converge();
	ck_assert_uint_eq(prov_link(&kernel, "eth3")->naddrs, 0);
}
END_TEST

/* What is in the way is an error if it is new, and a note if it was there before. */
START_TEST(in_the_way)
{
	uint32_t other;

	fabric(0);
	red();
	rec(ZL_PROV_PORT, "tap0", "", 10010);
	ck_assert(has_problem(false, "tap0", "not there", true));
	ck_assert(has_problem(true, "tap0", "not there", false));
	other = link_add("br9", NL_KIND_BRIDGE, false);
	iface_link_event(
	    &kernel, &(struct nl_link){ .ifindex = link_add("tap0", NL_KIND_OTHER, false),
			 .name = "tap0",
			 .master = other });
	ck_assert(has_problem(false, "tap0", "is in br9", true));
	link_add("svi10010", NL_KIND_VLAN, false);
	ck_assert(has_problem(false, "svi10010", "not evpnd's", true));
	iface_link_event(&kernel, &(struct nl_link){ .ifindex = next_ifindex++,
				      .name = "green",
				      .kind = NL_KIND_VRF,
				      .vrf_table = 4001 });
	ck_assert(has_problem(false, "red", "VRF green", true));
	recs[0].flags |= ZL_PROV_ADOPT;
	ck_assert(has_problem(false, "br-fabric", "not there", true));
	link_add("br-fabric", NL_KIND_BRIDGE, false);
	ck_assert(has_problem(false, "br-fabric", "does not filter", true));
}
END_TEST

/* What others have of the bridge, the VRF and the UDP port that are used with them. */
START_TEST(of_others)
{
	struct nl_link l = { .ifindex = next_ifindex++,
		.name = "br-fabric",
		.kind = NL_KIND_BRIDGE,
		.flags = IFF_UP,
		.vlan_filtering = true };
	struct nl_vlan v = { .vid = 10, .last = 10 };
	struct nl_link vrf = { .ifindex = next_ifindex++,
		.name = "red",
		.kind = NL_KIND_VRF,
		.flags = IFF_UP,
		.vrf_table = 77 };

	iface_link_event(&kernel, &l);
	iface_link_event(&kernel, &vrf);
	fabric(ZL_PROV_ADOPT);
	red();
	recs[1].flags |= ZL_PROV_ADOPT;
	ck_assert(!has_problem(false, "svi10010", "", true));
	iface_link_event(&kernel, &(struct nl_link){ .ifindex = next_ifindex++,
				      .name = "br0.10",
				      .kind = NL_KIND_VLAN,
				      .lower = l.ifindex,
				      .vlan_id = 10 });
	ck_assert(has_problem(false, "svi10010", "interface br0.10 already", true));
	v.ifindex = next_ifindex++;
	iface_link_event(&kernel, &(struct nl_link){ .ifindex = v.ifindex,
				      .name = "theirs",
				      .kind = NL_KIND_VXLAN,
				      .master = l.ifindex,
				      .vxlan = { .vni = 9, .dstport = 54789 } });
	iface_vlan_event(&kernel, &v);
	ck_assert(has_problem(false, "br-fabric", "VXLAN device theirs", true));
	ck_assert(has_problem(false, "vx-fabric", "in another way", true));
	iface_link_event(&kernel,
	    &(struct nl_link){
		.ifindex = next_ifindex++, .name = "eth3", .master = vrf.ifindex });
	addr_add(next_ifindex - 1, "10.0.0.1/32", false);
	recs[2].gw[0].ip = (struct ip){ .len = 4, .b = { 10, 0, 0, 1 } };
	ck_assert(has_problem(false, "svi10010", "eth3 has the address 10.0.0.1", true));
}
END_TEST

/* An adopted bridge keeps its VLANs and itself. */
START_TEST(adopted)
{
	struct nl_link br = { .ifindex = next_ifindex++,
		.name = "br-fabric",
		.kind = NL_KIND_BRIDGE,
		.flags = IFF_UP,
		.vlan_filtering = true };
	struct nl_vlan v = { .ifindex = br.ifindex, .vid = 4094, .last = 4094 };
	struct nl_vlan ten = { .ifindex = br.ifindex, .vid = 10, .last = 10 };

	iface_link_event(&kernel, &br);
	iface_vlan_event(&kernel, &v);
	/* That of a network is there, too. */
	iface_vlan_event(&kernel, &ten);
	fabric(ZL_PROV_ADOPT);
	red();
	converge();
	/* Somebody has the highest one. */
	ck_assert_uint_eq(prov_link(&kernel, "svi4001")->l.vlan_id, 4093);
	nrecs = 0;
	converge();
	ck_assert_ptr_nonnull(prov_link(&kernel, "br-fabric"));
	ck_assert_ptr_null(prov_link(&kernel, "vx-fabric"));
	ck_assert_uint_eq(prov_link(&kernel, "br-fabric")->nvlans, 2);
	ck_assert_uint_eq(prov_link(&kernel, "br-fabric")->vlans[0].vid, 10);
	ck_assert_uint_eq(prov_link(&kernel, "br-fabric")
			      ->vlans[prov_link(&kernel, "br-fabric")->nvlans - 1]
			      .vid,
	    4094);
}
END_TEST

/* The VTEP's address is lost: nothing is torn down for it. */
START_TEST(no_vtep)
{
	struct nl_ifaddr a = { .del = true, .ifindex = 1, .addr = { .plen = 32 } };
	struct prov_steps steps;
	struct prov_want w;

	fabric(0);
	red();
	converge();
	ck_assert(ip_parse("10.0.0.1", &a.addr.ip));
	iface_addr_event(&kernel, &a);
	plan(&w, true, &steps);
	ck_assert(w.waits);
	for (uint32_t i = 0; i < steps.n; i++)
		ck_assert_int_eq(steps.s[i].op, PROV_PROBLEM);
	drop(&w, &steps);
}
END_TEST

/* Names and steps survive the wire; a name that is none does not. */
START_TEST(wire)
{
	struct zl_prov m;
	uint8_t mem[512];
	struct wbuf b = wb_init(mem, sizeof mem);
	struct rbuf r;

	fabric(0);
	red();
	zl_prov_encode(&b, &recs[2]);
	r = rb_init(mem, wb_len(&b));
	ck_assert(zl_prov_decode(&r, &m) && rb_done(&r));
	ck_assert_mem_eq(&m, &recs[2], sizeof m);
	for (size_t n = 0; n < wb_len(&b); n++) {
		r = rb_init(mem, n);
		ck_assert(!zl_prov_decode(&r, &m));
	}
	strcpy(recs[0].name, "../x");
	b = wb_init(mem, sizeof mem);
	zl_prov_encode(&b, &recs[0]);
	r = rb_init(mem, wb_len(&b));
	ck_assert(!zl_prov_decode(&r, &m));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("prov");
	TCase *t = tcase_create("prov");
	SRunner *sr = srunner_create(s);
	int failed;

	hash_seed_fixed(1, 2);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, single);
	tcase_add_test(t, per_vni);
	tcase_add_test(t, removal);
	tcase_add_test(t, heals);
	tcase_add_test(t, vlans_stay);
	tcase_add_test(t, tables_stay);
	tcase_add_test(t, ways_out);
	tcase_add_test(t, in_the_way);
	tcase_add_test(t, of_others);
	tcase_add_test(t, adopted);
	tcase_add_test(t, no_vtep);
	tcase_add_test(t, wire);
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
