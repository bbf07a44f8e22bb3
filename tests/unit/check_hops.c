/* SPDX-License-Identifier: ISC */
/* hops, nl_nexthop: ids and what the kernel has under them. */
#include "config.h"

#include <netlink/netlink.h>
#include <string.h>

#include "lib/hash.h"
#include "tests/unit/run.h"
#include "zebra-lite/hops.h"
#include "zebra-lite/nl.h"

static struct ip
ip(const char *text)
{
	struct ip a;

	ck_assert(ip_parse(text, &a));
	return a;
}

static struct nl_hop
content(uint32_t oif, const char *gateway)
{
	return (struct nl_hop){ .oif = oif, .gateway = ip(gateway) };
}

/* As the engine asks for one, and the kernel takes it. */
static struct hop *
set_hop(struct hops *s, uint32_t id, const struct nl_hop *c)
{
	struct hop *p = hops_get_hop(s, id, c);

	ck_assert_ptr_nonnull(p);
	p->wanted = true;
	p->mac.b[0] = 2;
	if (!p->kid)
		hops_put_hop(s, p, hops_new_kid(s), c);
	return p;
}

static struct hop *
set_group(struct hops *s, uint32_t id, uint32_t a, uint32_t b)
{
	uint32_t m[2] = { hops_by_id(s, a)->kid, hops_by_id(s, b)->kid };
	struct hop *p = hops_get_group(s, id, m, 2);

	ck_assert_ptr_nonnull(p);
	p->wanted = true;
	if (!p->kid)
		hops_put_group(s, p, hops_new_kid(s), m, 2);
	return p;
}

static void
init(struct hops *s)
{
	hash_seed_fixed(1, 2);
	hops_init(s);
}

START_TEST(t_ids)
{
	struct nl_hop a = content(7, "10.0.0.2"), b = content(7, "10.0.0.3");
	struct hops s;
	struct hop *p;

	init(&s);
	p = set_hop(&s, 1, &a);
	ck_assert_uint_eq(p->kid, HOPS_KID_FIRST);
	ck_assert_ptr_eq(hops_by_kid(&s, p->kid), p);
	ck_assert_ptr_eq(hops_by_gateway(&s, 7, a.gateway, NULL), p);
	ck_assert_ptr_null(hops_by_gateway(&s, 7, a.gateway, p));
	ck_assert_ptr_null(hops_by_gateway(&s, 8, a.gateway, NULL));
	hops_theirs(&s, HOPS_KID_FIRST + 1);
	hops_theirs(&s, 5); /* far from ours */
	ck_assert_uint_eq(set_hop(&s, 2, &b)->kid, HOPS_KID_FIRST + 2);
	ck_assert_uint_eq(s.slab.live, 3);
	/* The same content under another id is another object. */
	ck_assert_uint_ne(set_hop(&s, 3, &a)->kid, p->kid);
	ck_assert_ptr_nonnull(hops_by_gateway(&s, 7, a.gateway, p));
	/* A host's neighbour is not the next hop's. */
	p->mac.b[0] = 0;
	hops_by_id(&s, 3)->mac.b[0] = 0;
	ck_assert_ptr_null(hops_by_gateway(&s, 7, a.gateway, NULL));
	ck_assert_ptr_null(hops_get_group(&s, 1, &p->kid, 1));
	hops_fini(&s);
}
END_TEST

START_TEST(t_groups)
{
	struct nl_hop a = content(7, "10.0.0.2"), b = content(7, "10.0.0.3");
	struct hops s;
	struct hop *g;

	init(&s);
	set_hop(&s, 1, &a);
	set_hop(&s, 2, &b);
	g = set_group(&s, 3, 1, 2);
	ck_assert_ptr_null(hops_get_hop(&s, 3, &a));
	hops_drop(&s, hops_by_id(&s, 1));
	ck_assert_ptr_null(hops_by_id(&s, 1));
	ck_assert_uint_eq(g->nmembers, 1);
	ck_assert_uint_eq(g->members[0], hops_by_id(&s, 2)->kid);
	ck_assert_uint_ne(g->kid, 0);
	/* The last one takes the group along; its id stays, for the next SET. */
	hops_gone(&s, hops_by_id(&s, 2));
	ck_assert_uint_eq(g->kid, 0);
	ck_assert_ptr_eq(hops_by_id(&s, 3), g);
	ck_assert_uint_eq(hops_by_id(&s, 2)->kid, 0);
	hops_drop(&s, hops_by_id(&s, 2));
	hops_drop(&s, g);
	ck_assert_uint_eq(s.slab.live, 0);
	hops_fini(&s);
}
END_TEST

/* What a dump tells of one object. */
static void
dump_hop(struct hops *s, uint32_t id, bool ours, struct nl_hop c)
{
	struct nl_nexthop n = { .id = id, .ours = ours, .known = true, .hop = c };

	hops_dump_seen(s, &n);
}

START_TEST(t_adopt)
{
	struct nl_hop a = content(7, "10.0.0.2"), b = content(7, "10.0.0.3");
	struct nl_nexthop g = { .id = HOPS_KID_FIRST + 9,
		.ours = true,
		.known = true,
		.nmembers = 2,
		.members = { HOPS_KID_FIRST + 5, HOPS_KID_FIRST + 3 } };
	struct hops s;

	init(&s);
	hops_dump_begin(&s);
	dump_hop(&s, HOPS_KID_FIRST + 3, true, a);
	dump_hop(&s, HOPS_KID_FIRST + 5, true, b);
	dump_hop(&s, HOPS_KID_FIRST, false, b);
	dump_hop(&s, 77, false, b);
	hops_dump_seen(&s, &g);
	ck_assert(!hops_dump_end(&s));
	ck_assert_uint_eq(s.slab.live, 4);
	ck_assert_uint_eq(set_hop(&s, 100, &b)->kid, HOPS_KID_FIRST + 5);
	ck_assert_uint_eq(set_hop(&s, 101, &a)->kid, HOPS_KID_FIRST + 3);
	ck_assert_uint_eq(set_group(&s, 102, 101, 100)->kid, HOPS_KID_FIRST + 9);
	/* Each only once. */
	ck_assert_uint_eq(set_hop(&s, 103, &a)->kid, HOPS_KID_FIRST + 1);
	/* The next engine. */
	hops_forget_ids(&s);
	ck_assert_ptr_null(hops_by_id(&s, 100));
	ck_assert_uint_eq(set_hop(&s, 1, &b)->kid, HOPS_KID_FIRST + 5);
	/* A dump without them. */
	hops_dump_begin(&s);
	ck_assert(!hops_by_id(&s, 1)->wanted);
	ck_assert(hops_dump_end(&s));
	ck_assert_uint_eq(s.slab.live, 1);
	ck_assert_uint_eq(hops_by_id(&s, 1)->kid, 0);
	hops_fini(&s);
}
END_TEST

START_TEST(t_blur)
{
	struct nl_hop a = content(7, "10.0.0.2");
	struct hops s;
	struct hop *p;

	init(&s);
	p = set_hop(&s, 1, &a);
	hops_blur(&s, p);
	ck_assert_uint_ne(p->kid, 0);
	ck_assert(!nl_hop_equal(&p->hop, &a));
	ck_assert_ptr_null(hops_by_gateway(&s, 7, a.gateway, NULL));
	hops_fini(&s);
}
END_TEST

static struct nl_nexthop
reparse(struct nl_batch *b)
{
	struct nl_nexthop n;

	ck_assert(nl_nexthop_parse((const struct nlmsghdr *)b->buf, &n));
	nl_batch_reset(b);
	return n;
}

START_TEST(t_messages)
{
	struct nl_hop plain = content(7, "::ffff:10.0.0.2"),
		      tunnel = content(8, "10.0.0.3"), tunnel6 = content(8, "10.0.0.3");
	uint32_t many[NL_NEXTHOP_MEMBERS];
	struct nl_nexthop n;
	struct nl_batch b;

	nl_batch_init(&b);
	nl_nexthop_put_hop(&b, 5, &plain, false);
	n = reparse(&b);
	ck_assert(n.ours && n.known && !n.del && n.id == 5 && n.nmembers == 0);
	ck_assert(nl_hop_equal(&n.hop, &plain));
	tunnel.label = 0xabcdef;
	tunnel.dst = ip("10.0.0.3");
	tunnel.src = ip("10.0.0.1");
	nl_nexthop_put_hop(&b, 6, &tunnel, true);
	n = reparse(&b);
	ck_assert(n.known && nl_hop_equal(&n.hop, &tunnel));
	tunnel6.label = 1;
	tunnel6.dst = ip("fd00::3");
	nl_nexthop_put_hop(&b, 6, &tunnel6, true);
	n = reparse(&b);
	ck_assert(n.known && nl_hop_equal(&n.hop, &tunnel6));
	for (uint32_t i = 0; i < NL_NEXTHOP_MEMBERS; i++)
		many[i] = i + 1;
	nl_nexthop_put_group(&b, 7, many, NL_NEXTHOP_MEMBERS, false);
	n = reparse(&b);
	ck_assert(n.known && n.nmembers == NL_NEXTHOP_MEMBERS);
	ck_assert_mem_eq(n.members, many, sizeof many);
	nl_nexthop_put_del(&b, 7);
	n = reparse(&b);
	ck_assert(n.del && n.id == 7);
	nl_batch_fini(&b);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_ids, 0, 0 },
		{ t_groups, 0, 0 },
		{ t_adopt, 0, 0 },
		{ t_blur, 0, 0 },
		{ t_messages, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("hops", tests);
}
