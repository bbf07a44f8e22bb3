/* SPDX-License-Identifier: ISC */
/* Communities as text, lists of them, and what a map does with them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "bgpd/routemap.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static const struct {
	enum comkind kind;
	const char *text;
	int n; /* -1: none */
} sets_of_text[] = {
	{ COM_STANDARD, "65000:1 no-export 0:0", 3 },
	{ COM_STANDARD, "65535:65535", 1 },
	{ COM_STANDARD, "65536:1", -1 },
	{ COM_STANDARD, "1:2:3", -1 },
	{ COM_STANDARD, "1", -1 },
	{ COM_STANDARD, "1:", -1 },
	{ COM_STANDARD, "", -1 },
	{ COM_LARGE, "4294967295:0:7 1:2:3", 2 },
	{ COM_LARGE, "1:2", -1 },
	{ COM_LARGE, "1:2:3:4", -1 },
	{ COM_EXTENDED, "rt 65000:1 10.0.0.1:5 soo 65000:2", 3 },
	{ COM_EXTENDED, "65000:1", -1 },
	{ COM_EXTENDED, "rt", -1 },
	{ COM_EXTENDED, "rt x", -1 },
};

START_TEST(text)
{
	struct comset s;
	bool ok = comset_parse(sets_of_text[_i].kind, sets_of_text[_i].text, &s);

	ck_assert_msg(ok == (sets_of_text[_i].n >= 0), "%s", sets_of_text[_i].text);
	if (ok)
		ck_assert_int_eq(s.n, sets_of_text[_i].n);
	comset_fini(&s);
}
END_TEST

START_TEST(origin_site)
{
	struct ecom soo = ecom_soo(65000, 2);
	struct comset s;

	ck_assert(comset_parse(COM_EXTENDED, "rt 65000:1 soo 65000:2", &s));
	ck_assert(ecom_is_rt(((struct ecom *)(void *)s.v)[0]));
	ck_assert_mem_eq(s.v + 8, soo.b, 8);
	comset_fini(&s);
}
END_TEST

/* A route with two communities of each kind and a path. */
static const uint32_t comms[] = { 65000u << 16 | 1, 65000u << 16 | 2 };
static const uint8_t lcomms[2][12] = { { 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3 },
	{ 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4 } };
static struct ecom ecoms[2];
static const uint8_t path[] = { AS_SEQUENCE, 2, 0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xea };

static struct attrs
route(void)
{
	ecoms[0] = rt_from_as(65000, 1);
	ecoms[1] = ecom_encap(ENCAP_VXLAN);
	return (struct attrs){ .has = HAS_ORIGIN | HAS_AS_PATH | HAS_MED,
		.med = 5,
		.comms = comms,
		.ncomms = 2,
		.lcomms = lcomms,
		.nlcomms = 2,
		.ecoms = ecoms,
		.necoms = 2,
		.aspath = path,
		.aspath_len = sizeof path };
}

static const struct {
	enum comkind kind;
	bool expanded, exact;
	const char *text;
	bool fits;
} entries[] = {
	{ COM_STANDARD, false, false, "65000:2", true },
	{ COM_STANDARD, false, false, "65000:2 65000:1", true },
	{ COM_STANDARD, false, false, "65000:2 65000:3", false },
	{ COM_STANDARD, false, true, "65000:2", false },
	{ COM_STANDARD, false, true, "65000:2 65000:1", true },
	{ COM_STANDARD, false, false, "internet", true },
	{ COM_STANDARD, true, false, "^65000:1 65000:2$", true },
	{ COM_STANDARD, true, false, "_65000:2_", true },
	{ COM_STANDARD, true, false, "_5000:2_", false },
	{ COM_LARGE, false, false, "1:2:4", true },
	{ COM_LARGE, false, false, "1:2:5", false },
	{ COM_LARGE, true, false, "1:2:[3-4]", true },
	{ COM_EXTENDED, false, false, "rt 65000:1", true },
	{ COM_EXTENDED, false, false, "soo 65000:1", false },
	{ COM_EXTENDED, true, false, "RT:65000:.*", true },
	{ COM_PATH, true, false, "^65001_", true },
	{ COM_PATH, true, false, "_65002$", true },
	{ COM_PATH, true, false, "^$", false },
	{ COM_PATH, true, false, "_6500_", false },
};

START_TEST(lists)
{
	struct comlist_entry e = { .permit = true };
	struct comlist l = { &e, 1 }, none = { NULL, 0 };
	const struct attrs a = route();

	ck_assert(comlist_entry_parse(
	    &e, entries[_i].kind, entries[_i].text, entries[_i].expanded));
	ck_assert_msg(comlist_permits(&l, entries[_i].kind, &a, entries[_i].exact) ==
			  entries[_i].fits,
	    "%s", entries[_i].text);
	ck_assert(!comlist_permits(&none, entries[_i].kind, &a, false));
	ck_assert(comlist_equal(&l, &l) && !comlist_equal(&l, &none));
	l.e = xmemdup(&e, sizeof e);
	comlist_fini(&l);
}
END_TEST

START_TEST(bad_entries)
{
	struct comlist_entry e = { .permit = true };

	ck_assert(!comlist_entry_parse(&e, COM_STANDARD, "(", true));
	ck_assert(!comlist_entry_parse(&e, COM_STANDARD, "x", false));
	ck_assert(!comlist_entry_parse(&e, COM_LARGE, "internet", false));
}
END_TEST

/* --- in a map --- */

static struct rmap *
map_of(const struct rmap_entry *e)
{
	struct rmap *m = rmap_new();

	m->e = xmemdup(e, sizeof *e);
	m->n = 1;
	return m;
}

static struct comlist
list_of(enum comkind kind, const char *t, bool expanded)
{
	struct comlist l = { xcalloc(1, sizeof *l.e), 1 };

	l.e[0].permit = true;
	ck_assert(comlist_entry_parse(l.e, kind, t, expanded));
	return l;
}

static unsigned
permits(struct rmap_entry e, const struct rmap_route *r)
{
	struct rmap *m;
	unsigned n;

	e.permit = true;
	m = map_of(&e);
	n = rmap_permits(m, r);
	rmap_unref(m);
	return n;
}

START_TEST(matches)
{
	const struct attrs a = route();
	struct rmap_route r = { .family = AFI_SAFI_EVPN,
		.type = EVPN_PREFIX,
		.prefix = { .ip.len = 4 },
		.rd = rd_from_ip(1, 2),
		.attrs = &a };

	ck_assert(permits((struct rmap_entry){ .match = RMAP_DEFAULT }, &r));
	r.prefix.plen = 24;
	ck_assert(!permits((struct rmap_entry){ .match = RMAP_DEFAULT }, &r));
	ck_assert(permits((struct rmap_entry){ .match = RMAP_LEN4, .plen = { 24 } }, &r));
	ck_assert(
	    !permits((struct rmap_entry){ .match = RMAP_LEN4, .plen = { 25 } }, &r));
	ck_assert(
	    !permits((struct rmap_entry){ .match = RMAP_LEN6, .plen = { 0, 24 } }, &r));
	ck_assert(
	    permits((struct rmap_entry){ .match = RMAP_RD, .rd = rd_from_ip(1, 2) }, &r));
	ck_assert(!permits(
	    (struct rmap_entry){ .match = RMAP_RD, .rd = rd_from_ip(1, 3) }, &r));
	ck_assert(
	    permits((struct rmap_entry){ .match = RMAP_METRIC, .match_metric = 5 }, &r));
	ck_assert(
	    !permits((struct rmap_entry){ .match = RMAP_METRIC, .match_metric = 6 }, &r));
	ck_assert(!permits((struct rmap_entry){ .match = RMAP_LOCAL_PREF }, &r));
	ck_assert(permits(
	    (struct rmap_entry){ .match = RMAP_ORIGIN, .origin = ORIGIN_IGP }, &r));
	ck_assert(permits(
	    (struct rmap_entry){ .match = RMAP_LIST << COM_EXTENDED,
		.lists[COM_EXTENDED] = list_of(COM_EXTENDED, "rt 65000:1", false) },
	    &r));
	ck_assert(!permits((struct rmap_entry){ .match = RMAP_LIST << COM_PATH,
			       .lists[COM_PATH] = list_of(COM_PATH, "^$", true) },
	    &r));
	/* A list that is not there fits nothing. */
	ck_assert(!permits((struct rmap_entry){ .match = RMAP_LIST << COM_LARGE }, &r));
}
END_TEST

static struct comset
set_of(enum comkind kind, const char *t)
{
	struct comset s;

	ck_assert(comset_parse(kind, t, &s));
	return s;
}

START_TEST(sets)
{
	const uint32_t as[] = { 65010, 65011 };
	struct rmap_entry e = { .permit = true,
		.set = RMAP_SET_COM << COM_STANDARD | RMAP_SET_COM << COM_LARGE |
		       RMAP_SET_COM << COM_EXTENDED | RMAP_SET_DELETE << COM_LARGE |
		       RMAP_SET_PREPEND | RMAP_SET_LAST_AS | RMAP_SET_ORIGIN,
		.set_origin = ORIGIN_INCOMPLETE,
		.prepend = xmemdup(as, sizeof as),
		.nprepend = 2,
		.last_as = 2,
		.com = { set_of(COM_STANDARD, "65000:2 65000:9"), { NULL, 0 },
		    set_of(COM_EXTENDED, "rt 65000:7") },
		.additive = { true, true, true },
		.del[COM_LARGE] = list_of(COM_LARGE, "1:2:3", false) };
	struct rmap *m = map_of(&e);
	struct attrs a = route();
	struct arena arena;
	struct strbuf s;

	arena_init(&arena);
	strbuf_init(&s);
	rmap_set(m, 1, &arena, &a);
	comms_format(&s, a.comms, a.ncomms);
	strbuf_put(&s, " | ");
	lcomms_format(&s, a.lcomms, a.nlcomms);
	strbuf_put(&s, " | ");
	ecoms_format(&s, a.ecoms, a.necoms);
	strbuf_put(&s, " | ");
	aspath_format(&s, a.aspath, a.aspath_len);
	ck_assert_str_eq(s.s, "65000:1 65000:2 65000:9 | 1:2:4 | RT:65000:1 ET:8 "
			      "RT:65000:7 | 65010 65010 65010 65011 65001 65002");
	ck_assert_uint_eq(a.origin, ORIGIN_INCOMPLETE);
	/* "none" */
	m->e[0].additive[COM_EXTENDED] = false;
	comset_fini(&m->e[0].com[COM_EXTENDED]);
	rmap_set(m, 1, &arena, &a);
	ck_assert_uint_eq(a.necoms, 0);
	strbuf_fini(&s);
	arena_fini(&arena);
	rmap_unref(m);
}
END_TEST

START_TEST(equality)
{
	struct rmap_entry e = { .permit = true, .set = RMAP_SET_COM << COM_STANDARD };
	struct rmap *a, *b, *c;

	e.com[0] = set_of(COM_STANDARD, "1:1");
	a = map_of(&e);
	e.com[0] = set_of(COM_STANDARD, "1:1");
	b = map_of(&e);
	e.com[0] = set_of(COM_STANDARD, "1:2");
	c = map_of(&e);
	ck_assert(rmap_equal(a, b));
	ck_assert(!rmap_equal(a, c));
	rmap_unref(a);
	rmap_unref(b);
	rmap_unref(c);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = { { text, ARRAY_LEN(sets_of_text), 0 },
		{ origin_site, 0, 0 }, { lists, ARRAY_LEN(entries), 0 },
		{ bad_entries, 0, 0 }, { matches, 0, 0 }, { sets, 0, 0 },
		{ equality, 0, 0 }, { NULL, 0, 0 } };

	return run_tests("comlist", tests);
}
