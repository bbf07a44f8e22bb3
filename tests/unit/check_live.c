/* SPDX-License-Identifier: ISC */
/* Completion by what there is: neighbours, VNIs, MACs, addresses, names of the configuration. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/nlri.h"
#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "mgmt/datastore.h"
#include "mgmt/live.h"
#include "mgmt/session.h"
#include "tests/unit/run.h"
#include "tests/unit/show_fab.h"

static struct fab fab;

static void
on_word(void *arg, const char *word, bool is_value, const char *text)
{
	(void)text;
	if (!is_value || strcmp(word, SESSION_MORE) == 0)
		strbuf_printf(arg, "%s ", word);
}

/* Where this line leads, in a copy of the configuration. */
static void
enter(struct session *s, const char *line)
{
	struct lyd_node *tree = nb_dup(s->eng->ds->running);
	struct err e = { 0 };

	ck_assert_int_eq(
	    cli_line(s->eng->cli, s->eng->ds->nb, &s->pos, &tree, line, NULL, &e),
	    CLI_DONE);
	nb_tree_free(tree);
}

/* Every word that TAB offers leaf 1's operator, with a space behind each, and "..." if there are more. */
static char *
words_in(const char *line, bool config, const char *node)
{
	struct engine *eng = &fab.leaf[0].eng;
	struct datastore *ds = eng->ds ? NULL : datastore_new(NULL);
	struct session s;
	struct strbuf b;

	strbuf_init(&b);
	if (ds)
		eng->ds = ds;
	session_init(&s, eng, "test", "vtysh");
	if (config)
		cli_pos_init(&s.pos);
	if (node)
		enter(&s, node);
	session_choices(&s, line, false, on_word, &b);
	cli_pos_fini(&s.pos);
	out_fini(&s.out);
	if (ds) {
		datastore_free(ds);
		eng->ds = NULL;
	}
	return strbuf_take(&b);
}

static char *
words(const char *line, bool config)
{
	return words_in(line, config, NULL);
}

/* In the configuration, behind this line if there is one. */
static void
same_words(const char *line, const char *node, const char *want)
{
	char *got = words_in(line, true, node);

	ck_assert_msg(strcmp(got, want) == 0, "%s: \"%s\"", line, got);
	free(got);
}

static void
open_fabric(void)
{
	fab_open(&fab);
	fab.leaf[0].eng.live = live_values;
	fab.leaf[0].eng.cli = fab.cli;
	fab_wait(&fab, 2);
	fab_host(&fab, 0, 0x11, "10.1.10.11");
	fab_host(&fab, 1, 0x12, "10.1.10.12");
	fab_host(&fab, 1, 0x13, "2001:db8:10::13");
	fab_wait(&fab, 2);
}

START_TEST(live)
{
	static const struct {
		const char *line, *want;
	} t[] = {
		{ "show bgp neighbors 10.", "10.0.0.2 " },
		{ "clear bgp 1", "10.0.0.2 " },
		{ "show evpn vni ", "detail json 10010 " },
		{ "show evpn vni 2", "" },
		{ "show evpn mac vni ", "all 10010 " },
		{ "show evpn mac vni 10010 mac 02:00:00:00:00:12", "02:00:00:00:00:12 " },
		{ "show evpn mac vni 77 mac 02", "" },
		{ "show evpn arp-cache vni 10010 ip 2", "2001:db8:10::13 " },
		{ "sh ev mac vn 10010 mac 02:00:00:00:00:12", "02:00:00:00:00:12 " },
		{ "show evpn mac vni 10010 vtep ", "10.0.0.2 " },
		{ "clear evpn dup-addr vni 10010 mac 02:00:00:00:00:13",
		    "02:00:00:00:00:13 " },
		{ "show evpn trace vni 10010 mac 02:00:00:00:00:1",
		    "02:00:00:00:00:13 02:00:00:00:00:12 02:00:00:00:00:11 " },
		{ "show bgp nexthop ", "json 10.0.0.2 " },
		{ "show bgp l2vpn evpn rt 65000:1", "65000:10010 " },
		{ "show bgp l2vpn evpn route rd ", "all 10.0.0.2:10010 10.0.0.1:10010 " },
		{ "show bgp l2vpn evpn route rd 10.0.0.2:10010 mac ",
		    "02:00:00:00:00:12 02:00:00:00:00:13 " },
		{ "show bgp l2vpn evpn route rd 10.0.0.2:10010 mac 02:00:00:00:00:12 ip ",
		    "10.1.10.12 " },
		{ "show bgp l2vpn evpn route esi ", "" },
		{ "debug mgmt.n", "" },
		{ "show yang /", "/evpnd:state " },
		{ "show yang /evpnd:state/v", "/evpnd:state/vnis /evpnd:state/vrfs " },
		{ "show yang /evpnd:state/vnis/vni[id='10010']/m",
		    "/evpnd:state/vnis/vni[id='10010']/macs " },
		{ "show yang /evpnd:state/nothing/", "" },
		{ "show yang /evpnd:state/vnis/vni[id='", "" },
		{ "show yang state/routes/l", "" },
	};

	open_fabric();
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char *got = words(t[i].line, false);

		ck_assert_msg(strcmp(got, t[i].want) == 0, "%s: \"%s\"", t[i].line, got);
		free(got);
	}
	fab_close(&fab);
}
END_TEST

/* A path of leaf 1's own, of this segment: in the key of types 1 and 4, beside it else. */
static void
originate(uint8_t type, uint8_t esi)
{
	struct evpn_nlri n = { .type = type,
		.rd = rd_from_ip(0x0a000009, 1),
		.esi = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, esi } },
		.mac = { { 2, 0, 0, 0, 1, esi } },
		.ip = type == EVPN_EAD ? (struct ip){ .len = 0 } : ip_v4(0x0a000009) };
	struct node *node = fab.leaf[0].n;
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_NEXT_HOP,
		.nexthop = ip_v4(0x0a000009) };
	struct rib_path_in in = { .label = { 100 }, .nlabels = 1 };
	struct rib_key k;

	evpn_nlri_key(&n, &k);
	if (type == EVPN_MACIP)
		in.aux.esi = n.esi;
	in.attrs = attrset_intern(bgp_attrtab(node->b), &a);
	rib_update(bgp_rib(node->b), &k, 0, &in);
}

/* Ethernet segments are known from received routes, whichever of them names it. */
START_TEST(segments)
{
	static const char *const t[] = {
		"show bgp l2vpn evpn route esi ",
		"show bgp l2vpn evpn route esi 00:01",
		"sh bgp l2vpn evpn route esi 00:01:02:03:04:05:06:07:08:0",
	};
	struct fab_run r;
	char *got;

	open_fabric();
	originate(EVPN_EAD, 1);
	originate(EVPN_ES, 1);
	originate(EVPN_MACIP, 2);
	originate(EVPN_ES, 3);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		got = words(t[i], false);
		ck_assert_str_eq(got, "00:01:02:03:04:05:06:07:08:01 "
				      "00:01:02:03:04:05:06:07:08:02 "
				      "00:01:02:03:04:05:06:07:08:03 ");
		free(got);
	}
	r = fab_run(
	    &fab, 0, "show bgp l2vpn evpn route esi 00:01:02:03:04:05:06:07:08:01");
	ck_assert_ptr_nonnull(strstr(r.text, "[1]:[0]:[00:01:"));
	ck_assert_ptr_nonnull(strstr(r.text, "[4]:[00:01:"));
	ck_assert_ptr_null(strstr(r.text, "[02:00:00:00:01:02]"));
	free(r.text);
	fab_close(&fab);
}
END_TEST

/* However many there are, so many are looked at, and the answer says that it is not all. */
START_TEST(crowd)
{
	static const char *const t[] = {
		"show bgp l2vpn evpn route esi ",
		"show bgp l2vpn evpn route rd 10.0.0.1:100 mac ",
	};

	open_fabric();
	for (unsigned i = 0; i < 2 * LIVE_WALK_MAX; i++)
		node_originate(fab.leaf[0].n, i, -1);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char *got = words(t[i], false);
		const char *more = strstr(got, SESSION_MORE " ");

		ck_assert_msg(more && more[4] == '\0', "%s: \"%s\"", t[i], got);
		free(got);
	}
	fab_close(&fab);
}
END_TEST

/* Of too many a few are told, and that there are more: what is typed more narrows them. */
START_TEST(bound)
{
	char *got;

	open_fabric();
	for (unsigned i = 0; i < LIVE_MAX; i++)
		fab_host(&fab, 0, 0x2000 + i, NULL);
	fab_wait(&fab, 2);
	got = words("show evpn mac vni 10010 mac 02", false);
	ck_assert_uint_eq(
	    strlen(got), LIVE_SOME * (MAC_STRLEN) + strlen(SESSION_MORE " "));
	ck_assert_ptr_nonnull(strstr(got, " " SESSION_MORE " "));
	free(got);
	got = words("show evpn mac vni 10010 mac 02:00:00:00:00:11", false);
	ck_assert_str_eq(got, "02:00:00:00:00:11 ");
	free(got);
	fab_close(&fab);
}
END_TEST

START_TEST(names)
{
	static const struct {
		const char *line, *want;
	} t[] = {
		{ "no route-map ", "OUT IN " },
		{ "no route-map O", "OUT " },
		{ "route-map OUT permit ", "10 20 " },
		{ "no ip prefix-list ", "FOUR " },
		{ "no ipv6 prefix-list ", "SIX " },
		{ "no bgp community-list standard ", "C " },
		{ "no bgp large-community-list expanded ", "L " },
		{ "no bgp extcommunity-list standard ", "E " },
		{ "no bgp as-path access-list ", "A " },
		{ "no tenant ", "blue red " },
		{ "port eth0 network ", "web db " },
		{ "no port ", "eth5 vx10 br10 " },
	};
	static const struct {
		const char *line, *want;
	} in_entry[] = {
		{ "match ip address prefix-list ", "FOUR " },
		{ "match ipv6 address prefix-list ", "SIX " },
		{ "match community ", "C " },
		{ "match large-community ", "L " },
		{ "match extcommunity ", "E " },
		{ "match as-path ", "A " },
		{ "set comm-list ", "C " },
	};
	static const char conf[] =
	    "route-map OUT permit 10\nroute-map OUT deny 20\nroute-map IN permit 10\n"
	    "ip prefix-list FOUR seq 5 permit 10.0.0.0/8\n"
	    "ipv6 prefix-list SIX seq 5 permit 2001:db8::/32\n"
	    "bgp community-list standard C seq 5 permit 1:1\n"
	    "bgp large-community-list expanded L seq 5 permit 1\n"
	    "bgp extcommunity-list standard E seq 5 permit rt 1:1\n"
	    "bgp as-path access-list A seq 5 permit 1\n"
	    "tenant blue\nnetwork web vni 5\ntenant red\nnetwork db vni 6\n"
	    "port eth5 network db\n";
	struct cli_report rep = { 0 };
	struct err e = { 0 };
	struct nb *nb = nb_new(NULL, &e);
	struct datastore *ds = datastore_new(nb);
	struct lyd_node *root = NULL;

	ck_assert_msg(nb != NULL, "%s", e.text);
	open_fabric();
	cli_text_load(fab.cli, nb, &root, conf, NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	datastore_switch(ds, ds_tree_new(root), NULL);
	fab.leaf[0].eng.ds = ds;
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		same_words(t[i].line, NULL, t[i].want);
	for (size_t i = 0; i < ARRAY_LEN(in_entry); i++)
		same_words(in_entry[i].line, "route-map OUT permit 10", in_entry[i].want);
	same_words("no network ", "tenant red", "db ");
	fab_close(&fab);
	datastore_free(ds);
	nb_free(nb);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ live, 0, 0 },
		{ bound, 0, 0 },
		{ segments, 0, 0 },
		{ crowd, 0, 0 },
		{ names, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("live", tests);
}
