/* SPDX-License-Identifier: ISC */
/* Interning of attribute sets: equal sets share a handle, different ones do not. */
#include "config.h"

#include <stddef.h>

#include "bgpd/attrset.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "tests/unit/run.h"

static struct attrtab t;

/* The parts of a set, so that a test can change one of them. */
struct parts {
	uint8_t path[10];
	uint32_t clusters[2], comms[3];
	struct ecom ecoms[3];
	uint8_t lcomms[2][12];
	uint8_t unknown[9];
	struct attrs a;
};

static void
sample(struct parts *p)
{
	*p = (struct parts){
		.path = { 2, 2, 0, 0, 0xfd, 0xe8, 0, 1, 0x11, 0x70 },
		.clusters = { 2, 1 },
		.comms = { 7, 3, 7 },
		.lcomms = { { 2 }, { 1 } },
		/* Two unknown attributes, the higher code first. */
		.unknown = { 0xe0, 99, 1, 5, 0xf0, 23, 0, 1, 6 },
	};
	p->ecoms[0] = ecom_encap(ENCAP_VXLAN);
	p->ecoms[1] = rt_from_as(65000, 100);
	p->ecoms[2] = p->ecoms[0];
	p->a = (struct attrs){
		.has = HAS_ORIGIN | HAS_AS_PATH | HAS_MED | HAS_LOCAL_PREF |
		       HAS_AGGREGATOR | HAS_ORIGINATOR | HAS_PMSI,
		.origin = ORIGIN_EGP,
		.nexthop = ip_v4(0x0a000001),
		.med = 1,
		.local_pref = 2,
		.originator = 3,
		.aggr_as = 4,
		.aggr_ip = 5,
		.aspath_len = sizeof p->path,
		.nclusters = 2,
		.ncomms = 3,
		.necoms = 3,
		.nlcomms = 2,
		.unknown_len = sizeof p->unknown,
		.aspath = p->path,
		.clusters = p->clusters,
		.comms = p->comms,
		.ecoms = p->ecoms,
		.lcomms = (const uint8_t(*)[12])p->lcomms,
		.unknown = p->unknown,
		.pmsi_type = 6,
		.pmsi_label = 100,
		.pmsi_id_len = 4,
		.pmsi_id = { 10, 0, 0, 1 },
	};
}

static void
setup(void)
{
	attrtab_init(&t);
}

START_TEST(normal_form)
{
	struct parts p;
	const struct attrs *a;
	uint32_t h;

	setup();
	sample(&p);
	h = attrset_intern(&t, &p.a);
	memset(&p.path, 0xff, offsetof(struct parts, a)); /* it keeps copies */
	a = &attrset_get(&t, h)->a;
	ck_assert_uint_eq(a->ncomms, 2);
	ck_assert(a->comms[0] == 3 && a->comms[1] == 7);
	ck_assert_uint_eq(a->necoms, 2);
	ck_assert(ecom_is_rt(a->ecoms[0]) && a->ecoms[1].b[1] == ECOM_SUB_ENCAP);
	ck_assert(a->lcomms[0][0] == 1 && a->lcomms[1][0] == 2);
	/* The cluster list is a path: its order stays. */
	ck_assert(a->clusters[0] == 2 && a->clusters[1] == 1);
	ck_assert_mem_eq(a->unknown, ((uint8_t[]){ 0xf0, 23, 0, 1, 6, 0xe0, 99, 1, 5 }),
	    a->unknown_len);
	ck_assert_uint_eq(a->aspath[1], 2);
	ck_assert(((uintptr_t)a->clusters & 3) == 0 && ((uintptr_t)a->comms & 3) == 0);
	attrset_unref(&t, h);
	attrtab_fini(&t);
}
END_TEST

START_TEST(equal_sets_share)
{
	struct parts p, q;
	uint32_t h, k;

	setup();
	sample(&p);
	sample(&q);
	/* Another order, repetitions elsewhere, noise in what is absent. */
	q.comms[0] = 3;
	q.comms[1] = 7;
	q.comms[2] = 3;
	q.ecoms[0] = p.ecoms[1];
	q.ecoms[1] = p.ecoms[0];
	q.a.necoms = 2;
	memcpy(q.unknown, (uint8_t[]){ 0xf0, 23, 0, 1, 6, 0xe0, 99, 1, 5 }, 9);
	p.a.has = q.a.has &= (uint32_t) ~(HAS_MED | HAS_PMSI);
	q.a.med = 77;
	q.a.pmsi_label = 78;
	h = attrset_intern(&t, &p.a);
	k = attrset_intern(&t, &q.a);
	ck_assert_uint_eq(h, k);
	ck_assert_uint_eq(attrset_get(&t, h)->refs, 2);
	attrset_ref(&t, h);
	attrset_unref(&t, h);
	attrset_unref(&t, h);
	ck_assert_uint_eq(t.cells.live, 1);
	ck_assert_uint_gt(t.bytes, 0);
	attrset_unref(&t, h);
	ck_assert_uint_eq(t.cells.live, 0);
	ck_assert_uint_eq(t.bytes, 0);
	attrtab_fini(&t);
}
END_TEST

static void
change(struct parts *p, int what)
{
	struct attrs *a = &p->a;

	switch (what) {
	case 0:
		a->origin = ORIGIN_IGP;
		break;
	case 1:
		a->nexthop.b[3] = 9;
		break;
	case 2:
		a->nexthop = (struct ip){ 16, { 0x0a, 0, 0, 1 } };
		break;
	case 3:
		a->med++;
		break;
	case 4:
		a->has &= (uint32_t)~HAS_MED;
		break;
	case 5:
		a->local_pref++;
		break;
	case 6:
		a->originator++;
		break;
	case 7:
		a->aggr_as++;
		break;
	case 8:
		a->aggr_ip++;
		break;
	case 9:
		p->path[9]++;
		break;
	case 10:
		a->aspath_len = 0;
		break;
	case 11:
		p->clusters[0]++;
		break;
	case 12:
		p->comms[1]++;
		break;
	case 13:
		a->ncomms = 0;
		break;
	case 14:
		p->ecoms[1].b[7]++;
		break;
	case 15:
		p->lcomms[0][11]++;
		break;
	case 16:
		p->unknown[3]++;
		break;
	case 17:
		a->pmsi_flags++;
		break;
	case 18:
		a->pmsi_type++;
		break;
	case 19:
		a->pmsi_label++;
		break;
	case 20:
		a->pmsi_id[3]++;
		break;
	case 21:
		a->pmsi_id_len--;
		break;
	case 22:
		a->has |= PARTIAL_COMMS;
		break;
	case 23:
		a->has |= HAS_ATOMIC;
		break;
	case 24:
		a->nclusters = 1;
		break;
	default:
		ck_abort();
	}
}
#define CHANGES 25

START_TEST(different_sets_differ)
{
	struct parts p, q;
	uint32_t h, k;

	setup();
	sample(&p);
	sample(&q);
	change(&q, _i);
	h = attrset_intern(&t, &p.a);
	k = attrset_intern(&t, &q.a);
	ck_assert_uint_ne(h, k);
	attrset_unref(&t, h);
	attrset_unref(&t, k);
	attrtab_fini(&t);
}
END_TEST

static bool
count_rt(struct ecom rt, void *arg)
{
	unsigned *n = arg;

	ck_assert(ecom_is_rt(rt));
	return ++*n < 2;
}

START_TEST(route_targets)
{
	struct ecom e[] = { rt_from_as(65000, 3), ecom_encap(8), rt_from_as(70000, 1),
		rt_from_as(65000, 1), rt_from_as(65000, 2), ecom_soo(65000, 9) };
	struct attrs a = { .necoms = 6, .ecoms = e };
	const struct attrset *s;
	unsigned n = 0;
	uint32_t h;

	setup();
	h = attrset_intern(&t, &a);
	s = attrset_get(&t, h);
	ck_assert_uint_eq(s->nrts, 4);
	for (unsigned i = 0; i < 6; i++)
		ck_assert(attrset_has_rt(s, e[i]) == ecom_is_rt(e[i]));
	ck_assert(!attrset_has_rt(s, rt_from_as(65000, 4)));
	ck_assert(!attrset_foreach_rt(s, count_rt, &n));
	ck_assert_uint_eq(n, 2);
	attrset_unref(&t, h);
	attrtab_fini(&t);
}
END_TEST

static uint16_t
derived(const struct ecom *e, uint16_t n, struct attrset *out)
{
	struct attrs a = { .necoms = n, .ecoms = e };
	uint32_t h = attrset_intern(&t, &a);

	*out = *attrset_get(&t, h);
	attrset_unref(&t, h);
	return out->derived;
}

START_TEST(derived_evpn)
{
	const struct mac rmac = { { 2, 0, 0, 0, 0, 9 } };
	const struct ecom_mobility m1 = { false, 4 }, m2 = { true, 0 };
	struct ecom two[2] = { ecom_mobility(&m1), ecom_mobility(&m2) };
	struct attrset s;
	struct ecom e;

	setup();
	ck_assert_uint_eq(derived(NULL, 0, &s), 0);
	ck_assert_uint_eq(derived(two, 1, &s), ATTRSET_MM);
	ck_assert_uint_eq(s.mm_seq, 4);
	ck_assert_uint_eq(derived(two, 2, &s), ATTRSET_MM | ATTRSET_STICKY);
	ck_assert_uint_eq(s.mm_seq, 4);
	e = ecom_encap(7);
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_ENCAP);
	e = ecom_encap(ENCAP_VXLAN);
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_ENCAP | ATTRSET_VXLAN);
	e = ecom_default_gw();
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_DEFAULT_GW);
	e = ecom_router_mac(rmac);
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_ROUTER_MAC);
	ck_assert(mac_equal(s.router_mac, rmac));
	e = ecom_nd(ECOM_ND_ROUTER);
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_ND_ROUTER);
	e = ecom_nd(ECOM_ND_OVERRIDE | ECOM_ND_IMMUTABLE);
	ck_assert_uint_eq(derived(&e, 1, &s), ATTRSET_ND_OVERRIDE | ATTRSET_ND_IMMUTABLE);
	attrtab_fini(&t);
}
END_TEST

START_TEST(derived_base)
{
	const uint32_t comms[] = { COMM_NO_EXPORT, COMM_NO_ADVERTISE,
		COMM_NO_EXPORT_SUBCONFED, COMM_NO_LLGR, COMM_LLGR_STALE };
	static const uint16_t bits[] = { ATTRSET_NO_EXPORT, ATTRSET_NO_ADVERTISE,
		ATTRSET_NO_EXPORT_SUBCONFED, ATTRSET_NO_LLGR, ATTRSET_LLGR_STALE };
	struct parts p;
	uint32_t h;

	setup();
	for (unsigned i = 0; i < 5; i++) {
		struct attrs a = { .ncomms = 1, .comms = &comms[i] };

		h = attrset_intern(&t, &a);
		ck_assert_uint_eq(attrset_get(&t, h)->derived, bits[i]);
		attrset_unref(&t, h);
	}
	sample(&p);
	h = attrset_intern(&t, &p.a);
	ck_assert_uint_eq(attrset_get(&t, h)->aspath_hops, 2);
	ck_assert_uint_eq(attrset_get(&t, h)->neighbor_as, 65000);
	attrset_unref(&t, h);
	attrtab_fini(&t);
}
END_TEST

/* Many sets at once: handles stay good while others come and go. */
START_TEST(many)
{
	static uint32_t h[20000];
	struct attrs a = { .has = HAS_MED };

	setup();
	for (uint32_t i = 0; i < 20000; i++) {
		a.med = i;
		h[i] = attrset_intern(&t, &a);
	}
	for (uint32_t i = 0; i < 20000; i += 2)
		attrset_unref(&t, h[i]);
	for (uint32_t i = 1; i < 20000; i += 2) {
		a.med = i;
		must(attrset_intern(&t, &a) == h[i]);
		must(attrset_get(&t, h[i])->a.med == i);
		attrset_unref(&t, h[i]);
		attrset_unref(&t, h[i]);
	}
	attrtab_fini(&t);
}
END_TEST

int
main(void)
{
	return run_tests("attrset",
	    (const struct unit_test[]){ { normal_form, 0, 0 }, { equal_sets_share, 0, 0 },
		{ different_sets_differ, CHANGES, 0 }, { route_targets, 0, 0 },
		{ derived_evpn, 0, 0 }, { derived_base, 0, 0 }, { many, 0, 0 },
		{ NULL, 0, 0 } });
}
