/* SPDX-License-Identifier: ISC */
/* Outbound rules: who hears of what, and how its attributes look then. */
#include "config.h"

#include "bgpd/policy.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/nlri.h"
#include "lib/hash.h"
#include "lib/strbuf.h"
#include "lib/util.h"

#define SELF_ID 0x0a0a0a0a

static const struct rib_peer local = { .local = true };
static const struct rib_peer client = { .ibgp = true, .rr_client = true, .router_id = 1 };
static const struct rib_peer plain = { .ibgp = true, .router_id = 2 };
static const struct rib_peer external = { .router_id = 3 };

static struct adjout_policy
to(bool ibgp, bool rr_client)
{
	return (struct adjout_policy){ .ibgp = ibgp,
		.rr_client = rr_client,
		.client_to_client = true,
		.as4 = true,
		.max_msg = 4096,
		.local_as = 65000,
		.cluster_id = SELF_ID,
		.default_local_pref = 100,
		.route_types = ~0u,
		.nexthop = ip_v4(0xc0a80001) };
}

/* RFC 4456 6, as a table. */
START_TEST(reflection)
{
	static const struct {
		const struct rib_peer *src;
		bool client, plain, external; /* does it go there? */
	} rows[] = {
		{ &local, true, true, true },
		{ &client, true, true, true },
		{ &plain, true, false, true },
		{ &external, true, true, true },
	};
	struct adjout_policy c = to(true, true), p = to(true, false),
			     e = to(false, false);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ck_assert_int_eq(policy_reflects(&c, rows[i].src), rows[i].client);
		ck_assert_int_eq(policy_reflects(&p, rows[i].src), rows[i].plain);
		ck_assert_int_eq(policy_reflects(&e, rows[i].src), rows[i].external);
	}
	c.client_to_client = false;
	ck_assert(!policy_reflects(&c, &client));
	ck_assert(policy_reflects(&c, &plain));
	ck_assert(policy_reflects(&c, &local));
}
END_TEST

struct sets {
	struct attrtab t;
	struct arena arena;
};

static const struct attrset *
intern(struct sets *s, const struct attrs *a, uint32_t *h)
{
	*h = attrset_intern(&s->t, a);
	return attrset_get(&s->t, *h);
}

static void
sets_init(struct sets *s)
{
	hash_seed_fixed(3, 4);
	attrtab_init(&s->t);
	arena_init(&s->arena);
}

static void
sets_fini(struct sets *s)
{
	attrtab_fini(&s->t);
	arena_fini(&s->arena);
}

START_TEST(communities)
{
	static const struct {
		uint32_t comm;
		bool internal, external;
	} rows[] = {
		{ 0xffffff01u, true, false },  /* NO_EXPORT */
		{ 0xffffff02u, false, false }, /* NO_ADVERTISE */
		{ 0xffffff03u, true, false },  /* NO_EXPORT_SUBCONFED */
		{ 0xfde80001u, true, true },
	};
	struct adjout_policy i = to(true, true), e = to(false, false);
	struct sets s;

	sets_init(&s);
	for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
		struct attrs a = {
			.has = HAS_ORIGIN, .comms = &rows[n].comm, .ncomms = 1
		};
		uint32_t h;
		const struct attrset *as = intern(&s, &a, &h);

		ck_assert_int_eq(
		    policy_permits(&i, &client, as, EVPN_MACIP), rows[n].internal);
		ck_assert_int_eq(
		    policy_permits(&e, &client, as, EVPN_MACIP), rows[n].external);
		attrset_unref(&s.t, h);
	}
	sets_fini(&s);
}
END_TEST

START_TEST(route_types)
{
	struct adjout_policy p = to(true, true);

	p.route_types = 1u << EVPN_MACIP | 1u << EVPN_IMET;
	ck_assert(policy_permits_type(&p, EVPN_MACIP));
	ck_assert(policy_permits_type(&p, EVPN_IMET));
	ck_assert(!policy_permits_type(&p, EVPN_PREFIX));
	ck_assert(!policy_permits_type(&p, 11));
	ck_assert(!policy_permits_type(&p, 200));
	p.route_types |= 1;
	ck_assert(policy_permits_type(&p, 200));
	ck_assert(!policy_permits_type(&p, 11));
}
END_TEST

/* A set with everything that can be touched. */
static const struct attrset *
full(struct sets *s, uint32_t *h)
{
	static const uint8_t path[] = { AS_SEQUENCE, 1, 0, 0, 0xfd, 0xe9 };
	static const uint32_t clusters[] = { 7 };
	struct ecom e[2] = { rt_from_as(65000, 1), { { 0x43, 0, 0, 0, 0, 0, 0, 1 } } };
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF | HAS_MED |
				  HAS_ORIGINATOR,
		.local_pref = 200,
		.med = 5,
		.originator = 9,
		.nexthop = ip_v4(0x0a640001),
		.aspath = path,
		.aspath_len = sizeof(path),
		.clusters = clusters,
		.nclusters = 1,
		.ecoms = e,
		.necoms = 2 };

	return intern(s, &a, h);
}

START_TEST(reflected)
{
	struct adjout_policy p = to(true, true);
	struct attrs bare = { .has = HAS_ORIGIN | HAS_AS_PATH, .nexthop = ip_v4(5) }, out;
	struct sets s;
	uint32_t h;

	sets_init(&s);
	policy_rewrite(&p, &plain, full(&s, &h), 0, &s.arena, &out);
	ck_assert_uint_eq(out.local_pref, 200);
	ck_assert_uint_eq(out.originator, 9); /* kept */
	ck_assert_uint_eq(out.nclusters, 2);
	ck_assert_uint_eq(out.clusters[0], SELF_ID);
	ck_assert_uint_eq(out.clusters[1], 7);
	ck_assert_uint_eq(out.med, 5);
	ck_assert_uint_eq(out.necoms, 2);
	ck_assert_uint_eq(out.aspath_len, 6);
	attrset_unref(&s.t, h);

	p.next_hop_self = true; /* not for what is reflected */
	policy_rewrite(&p, &plain, intern(&s, &bare, &h), 0, &s.arena, &out);
	ck_assert(out.has & HAS_ORIGINATOR);
	ck_assert_uint_eq(out.originator, plain.router_id);
	ck_assert(out.has & HAS_LOCAL_PREF);
	ck_assert_uint_eq(out.local_pref, 100);
	ck_assert(ip_equal(out.nexthop, ip_v4(5)));
	attrset_unref(&s.t, h);
	sets_fini(&s);
}
END_TEST

START_TEST(own_and_external_to_internal)
{
	struct adjout_policy p = to(true, false);
	struct attrs bare = { .has = HAS_ORIGIN, .nexthop = ip_v4(5) }, out;
	struct sets s;
	uint32_t h;

	sets_init(&s);
	p.next_hop_self = true;
	policy_rewrite(&p, &local, intern(&s, &bare, &h), 0, &s.arena, &out);
	ck_assert_uint_eq(out.nclusters, 0);
	ck_assert(!(out.has & HAS_ORIGINATOR));
	ck_assert(out.has & HAS_AS_PATH); /* mandatory, if empty */
	ck_assert(ip_equal(out.nexthop, ip_v4(5)));
	policy_rewrite(&p, &external, attrset_get(&s.t, h), 0, &s.arena, &out);
	ck_assert_uint_eq(out.nclusters, 0);
	ck_assert_uint_eq(out.local_pref, 100);
	ck_assert(ip_equal(out.nexthop, p.nexthop));
	attrset_unref(&s.t, h);
	sets_fini(&s);
}
END_TEST

START_TEST(external_peers)
{
	static const uint8_t want[] = { AS_SEQUENCE, 2, 0, 0, 0xfd, 0xe8, 0, 0, 0xfd,
		0xe9 };
	struct adjout_policy p = to(false, false);
	struct attrs out;
	struct sets s;
	uint32_t h;

	sets_init(&s);
	policy_rewrite(&p, &client, full(&s, &h), 0, &s.arena, &out);
	ck_assert(!(out.has & (HAS_LOCAL_PREF | HAS_ORIGINATOR | HAS_MED)));
	ck_assert_uint_eq(out.nclusters, 0);
	ck_assert_uint_eq(out.aspath_len, sizeof(want));
	ck_assert_mem_eq(out.aspath, want, sizeof(want));
	ck_assert_uint_eq(out.necoms, 1); /* the non-transitive one stays at home */
	ck_assert(ip_equal(out.nexthop, ip_v4(0x0a640001)));
	/* The set itself is as it was. */
	ck_assert_uint_eq(attrset_get(&s.t, h)->a.nclusters, 1);
	policy_rewrite(&p, &local, attrset_get(&s.t, h), 0, &s.arena, &out);
	ck_assert(out.has & HAS_MED);
	p.next_hop_self = true;
	policy_rewrite(&p, &client, attrset_get(&s.t, h), 0, &s.arena, &out);
	ck_assert(ip_equal(out.nexthop, p.nexthop));
	attrset_unref(&s.t, h);
	sets_fini(&s);
}
END_TEST

/* A path with no room for one AS more goes nowhere, rather than without its ASes. */
START_TEST(path_is_full)
{
	enum { SEGMENTS = 64, REST = 30, ASES = SEGMENTS * 255 + REST };
	const size_t len = 2 * (SEGMENTS + 1) + 4 * ASES;
	struct adjout_policy p = to(false, false);
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH }, out;
	uint8_t *path = xcalloc(1, len), *w = path;
	struct sets s;
	uint32_t h;

	for (unsigned i = 0; i <= SEGMENTS; i++) {
		unsigned n = i < SEGMENTS ? 255 : REST;

		*w++ = AS_SEQUENCE;
		*w++ = (uint8_t)n;
		for (unsigned k = 0; k < n; k++, w += 4)
			w[3] = 9;
	}
	ck_assert(len <= UINT16_MAX && len + 6 > UINT16_MAX);
	a.aspath = path;
	a.aspath_len = (uint16_t)len;
	sets_init(&s);
	ck_assert(!policy_rewrite(&p, &client, intern(&s, &a, &h), 0, &s.arena, &out));
	attrset_unref(&s.t, h);
	sets_fini(&s);
	free(path);
}
END_TEST

/* What a map sets is there in the end, and our own AS stands in front of what it prepends. */
START_TEST(through_a_map)
{
	static const uint8_t want[] = { AS_SEQUENCE, 3, 0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 0,
		0, 0xfd, 0xe9 };
	struct adjout_policy p = to(false, false);
	struct rmap *m = rmap_new();
	struct attrs out;
	struct sets s;
	uint32_t h;

	sets_init(&s);
	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0] = (struct rmap_entry){ .permit = true,
		.set = RMAP_SET_METRIC | RMAP_SET_PREPEND,
		.metric = 9,
		.prepend = xcalloc(1, sizeof(uint32_t)),
		.nprepend = 1 };
	m->e[0].prepend[0] = 7;
	p.map = m;
	policy_rewrite(&p, &client, full(&s, &h), 1, &s.arena, &out);
	ck_assert(out.has & HAS_MED && out.med == 9);
	ck_assert_uint_eq(out.aspath_len, sizeof(want));
	ck_assert_mem_eq(out.aspath, want, sizeof(want));
	rmap_unref(m);
	attrset_unref(&s.t, h);
	sets_fini(&s);
}
END_TEST

/* A member left out of policy_equal() would send one peer's messages to another. */
/* What an external peer sees in place of its own AS, and of private ones. */
START_TEST(other_paths)
{
	/* 64600 65010 100; and without 100 */
	static const uint8_t path[] = { AS_SEQUENCE, 3, 0, 0, 0xfc, 0x58, 0, 0, 0xfd,
		0xf2, 0, 0, 0, 100 };
	static const uint8_t private[] = { AS_SEQUENCE, 2, 0, 0, 0xfc, 0x58, 0, 0, 0xfd,
		0xf2 };
	static const struct {
		bool override, remove, all, replace, mixed;
		const char *is;
	} rows[] = {
		{ true, false, false, false, true, "65000 64600 65000 100" },
		{ false, true, false, false, true, "65000 64600 65010 100" },
		{ false, true, false, false, false, "65000 65010" }, /* its own stays */
		{ false, true, true, false, true, "65000 65010 100" },
		{ false, true, true, true, true, "65000 65000 65010 100" },
		{ true, true, true, false, true, "65000 65000 100" },
	};
	struct sets s;

	sets_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH,
			.aspath = rows[i].mixed ? path : private,
			.aspath_len = rows[i].mixed ? sizeof path : sizeof private };
		struct adjout_policy p = to(false, false), other = p;
		struct attrs out;
		struct strbuf b;
		uint32_t h;

		p.peer_as = 65010;
		p.as_override = rows[i].override;
		p.remove_private = rows[i].remove;
		p.remove_private_all = rows[i].all;
		p.replace_private = rows[i].replace;
		ck_assert(!policy_equal(&p, &other));
		policy_rewrite(&p, &external, intern(&s, &a, &h), 0, &s.arena, &out);
		strbuf_init(&b);
		aspath_format(&b, out.aspath, out.aspath_len);
		ck_assert_str_eq(b.s, rows[i].is);
		strbuf_fini(&b);
		attrset_unref(&s.t, h);
	}
	sets_fini(&s);
}
END_TEST

START_TEST(equality)
{
	struct adjout_policy a = to(true, true), b[11];

	for (size_t i = 0; i < ARRAY_LEN(b); i++)
		b[i] = a;
	b[0].ibgp = false;
	b[1].rr_client = false;
	b[2].client_to_client = false;
	b[3].next_hop_self = true;
	b[4].as4 = false;
	b[5].max_msg = 65535;
	b[6].local_as = 1;
	b[7].cluster_id = 1;
	b[8].default_local_pref = 1;
	b[9].route_types = 1;
	b[10].nexthop = ip_v4(1);
	for (size_t i = 0; i < ARRAY_LEN(b); i++)
		ck_assert(!policy_equal(&a, &b[i]));
	b[0] = a;
	ck_assert(policy_equal(&a, &b[0]));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("policy");
	TCase *tc = tcase_create("policy");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, reflection);
	tcase_add_test(tc, communities);
	tcase_add_test(tc, route_types);
	tcase_add_test(tc, reflected);
	tcase_add_test(tc, own_and_external_to_internal);
	tcase_add_test(tc, external_peers);
	tcase_add_test(tc, path_is_full);
	tcase_add_test(tc, through_a_map);
	tcase_add_test(tc, other_paths);
	tcase_add_test(tc, equality);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
