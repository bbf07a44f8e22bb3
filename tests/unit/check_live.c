/* SPDX-License-Identifier: ISC */
/* Completion by what there is: neighbours, VNIs, MACs, addresses, names of the configuration. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"
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
	if (!is_value)
		strbuf_printf(arg, "%s ", word);
}

/* Every word that TAB offers leaf 1's operator, with a space behind each. */
static char *
words(const char *line, bool config)
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
	session_choices(&s, line, false, on_word, &b);
	cli_pos_fini(&s.pos);
	out_fini(&s.out);
	if (ds) {
		datastore_free(ds);
		eng->ds = NULL;
	}
	return strbuf_take(&b);
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

/* Too many are none: what is typed more narrows them. */
START_TEST(bound)
{
	char *got;

	open_fabric();
	for (unsigned i = 0; i < LIVE_MAX; i++)
		fab_host(&fab, 0, 0x2000 + i, NULL);
	fab_wait(&fab, 2);
	got = words("show evpn mac vni 10010 mac 02", false);
	ck_assert_str_eq(got, "");
	free(got);
	got = words("show evpn mac vni 10010 mac 02:00:00:00:00:11", false);
	ck_assert_str_eq(got, "02:00:00:00:00:11 ");
	free(got);
	fab_close(&fab);
}
END_TEST

START_TEST(names)
{
	static const char *const lines[][2] = { { "route-map", "OUT" },
		{ "route-map", "IN" } };
	struct err e = { 0 };
	struct nb *nb = nb_new(NULL, &e);
	struct datastore *ds = datastore_new(nb);
	struct lyd_node *root = NULL;
	char *got;

	ck_assert_msg(nb != NULL, "%s", e.text);
	open_fabric();
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		ck_assert(
		    nb_set(nb, &root, NB_PATH({ lines[i][0], lines[i][1] }), NULL, &e));
	datastore_switch(ds, ds_tree_new(root), NULL);
	fab.leaf[0].eng.ds = ds;
	got = words("no route-map ", true);
	ck_assert_str_eq(got, "OUT IN ");
	free(got);
	got = words("no route-map O", true);
	ck_assert_str_eq(got, "OUT ");
	free(got);
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
		{ names, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("live", tests);
}
