/* SPDX-License-Identifier: ISC */
/* Trees: editing, canonical form, comparing, parsing, pruning. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb.h"
#include "tests/unit/run.h"

static struct nb *nb;

#define BGP                                                                              \
	{                                                                                \
		"bgp", NULL                                                              \
	}
#define PEER(k)                                                                          \
	{                                                                                \
		"neighbor", k                                                            \
	}
#define LEAF(n)                                                                          \
	{                                                                                \
		n, NULL                                                                  \
	}

static void
set(struct lyd_node **t, const struct nb_path *p, const char *value)
{
	struct err e = { 0 };

	ck_assert_msg(nb_set(nb, t, p, value, &e), "%s", e.text);
}

static void
refuse(struct lyd_node **t, const struct nb_path *p, const char *value)
{
	struct err e = { 0 }, e2 = { 0 };

	ck_assert(!nb_check(nb, p, value, &e2));
	ck_assert(!nb_set(nb, t, p, value, &e));
	ck_assert_str_ne(e.text, "");
}

/* What is made is gone again when it is unmade, containers on the way included. */
START_TEST(edit)
{
	struct lyd_node *t = NULL;

	set(&t, NB_PATH(BGP, LEAF("as")), "65000");
	set(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("remote-as")), "internal");
	set(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("timers"), LEAF("connect")), "5");
	set(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("timers"), LEAF("connect")), "6");
	ck_assert_str_eq(
	    nb_get(t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("timers"), LEAF("connect"))),
	    "6");
	nb_del(nb, &t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("timers"), LEAF("connect")));
	ck_assert_ptr_null(nb_find(t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("timers"))));
	ck_assert_ptr_nonnull(nb_find(t, NB_PATH(BGP, PEER("10.0.0.1"))));
	nb_del(nb, &t, NB_PATH(BGP, PEER("10.0.0.1")));
	nb_del(nb, &t, NB_PATH(BGP, PEER("10.0.0.9")));
	ck_assert_ptr_null(nb_first(t, NB_PATH(BGP, LEAF("neighbor"))));
	nb_del(nb, &t, NB_PATH(BGP));
	ck_assert_ptr_null(t);
}
END_TEST

/* A value that is the default is not kept; keys may be spelt in other ways. */
START_TEST(canonical)
{
	struct lyd_node *t = NULL;
	const struct nb_path *dflt = NB_PATH(BGP, LEAF("default"), LEAF("ipv4-unicast"));

	set(&t, dflt, "true");
	ck_assert_ptr_null(t);
	set(&t, dflt, "false");
	ck_assert_str_eq(nb_get(t, dflt), "false");
	set(&t, dflt, "true");
	ck_assert_ptr_null(nb_find(t, dflt));
	ck_assert_str_eq(nb_default(nb, dflt), "true");
	set(&t, NB_PATH(BGP, PEER("2001:DB8:0::1"), LEAF("remote-as")), "1");
	ck_assert_str_eq(
	    nb_get(t, NB_PATH(BGP, PEER("2001:db8::1"), LEAF("remote-as"))), "1");
	ck_assert_str_eq(
	    nb_key(nb_find(t, NB_PATH(BGP, PEER("2001:db8:0:0::1")))), "2001:db8::1");
	nb_tree_free(t);
}
END_TEST

START_TEST(wrong_values)
{
	struct lyd_node *t = NULL;

	refuse(&t, NB_PATH(BGP, LEAF("as")), "0");
	refuse(&t, NB_PATH(BGP, PEER("10.0.0"), LEAF("remote-as")), "1");
	refuse(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("remote-as")), "some");
	refuse(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("description")), "two\nlines");
	refuse(&t, NB_PATH(BGP, LEAF("nonsense")), "1");
	refuse(&t, NB_PATH(BGP, LEAF("l2vpn-evpn"), { "vni", "16777216" }, LEAF("rd")),
	    "1:1");
	refuse(&t, NB_PATH(BGP, LEAF("l2vpn-evpn"), { "vni", "1" }, LEAF("rd")), "one");
	nb_tree_free(t);
}
END_TEST

START_TEST(leaf_lists)
{
	struct lyd_node *t = NULL;
	const struct nb_path *p =
	    NB_PATH(BGP, LEAF("l2vpn-evpn"), { "vni", "5" }, LEAF("route-target-import"));
	struct err e = { 0 };

	ck_assert(nb_add(nb, &t, p, "1:1", &e) && nb_add(nb, &t, p, "*:2", &e));
	ck_assert(nb_add(nb, &t, p, "1:1", &e));
	ck_assert(!nb_add(nb, &t, p, "x", &e));
	ck_assert_str_eq(nb_value(nb_first(t, p)), "1:1");
	ck_assert_str_eq(nb_value(nb_next(nb_first(t, p))), "*:2");
	ck_assert_ptr_null(nb_next(nb_next(nb_first(t, p))));
	nb_del_value(nb, &t, p, "1:1");
	nb_del_value(nb, &t, p, "9:9");
	ck_assert_str_eq(nb_value(nb_first(t, p)), "*:2");
	nb_del(nb, &t, p);
	ck_assert_ptr_null(nb_first(t, p));
	nb_tree_free(t);
}
END_TEST

static void
on_change(void *arg, enum nb_change c, const char *path, const char *value)
{
	char *out = arg;

	sprintf(out + strlen(out), "%c%s=%s\n", "+~-"[c], path, value ? value : "");
}

START_TEST(difference)
{
	struct lyd_node *a = NULL, *b;
	char out[1024] = "";

	set(&a, NB_PATH(BGP, LEAF("as")), "1");
	set(&a, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("remote-as")), "1");
	b = nb_dup(a);
	ck_assert(nb_equal(a, b) && nb_equal(NULL, NULL) && !nb_equal(a, NULL));
	set(&b, NB_PATH(BGP, LEAF("as")), "2");
	nb_del(nb, &b, NB_PATH(BGP, PEER("10.0.0.1")));
	set(&b, NB_PATH(BGP, PEER("10.0.0.2"), LEAF("passive")), "true");
	ck_assert(!nb_equal(a, b));
	nb_diff(a, b, on_change, out);
	ck_assert_str_eq(out, "~/evpnd:bgp/as=2\n"
			      "-/evpnd:bgp/neighbor[address='10.0.0.1']=\n"
			      "-/evpnd:bgp/neighbor[address='10.0.0.1']/remote-as=1\n"
			      "+/evpnd:bgp/neighbor[address='10.0.0.2']=\n"
			      "+/evpnd:bgp/neighbor[address='10.0.0.2']/passive=true\n");
	nb_tree_free(a);
	nb_tree_free(b);
}
END_TEST

/* Printed and parsed again it is the same tree; explicit defaults fall out. */
START_TEST(formats)
{
	static const char text[] =
	    "{\"evpnd:bgp\":{\"as\":1,\"default\":{\"ipv4-unicast\":true},"
	    "\"timers\":{},\"neighbor\":[{\"address\":\"10.0.0.1\"}]}}";
	enum nb_format f = _i ? NB_XML : NB_JSON;
	struct lyd_node *t = NULL, *again = NULL;
	struct err e = { 0 };
	struct strbuf b;

	ck_assert_msg(nb_parse(nb, text, NB_JSON, &t, &e), "%s", e.text);
	ck_assert_ptr_null(nb_find(t, NB_PATH(BGP, LEAF("default"))));
	ck_assert_ptr_null(nb_find(t, NB_PATH(BGP, LEAF("timers"))));
	strbuf_init(&b);
	ck_assert(nb_print(t, f, &b, &e));
	ck_assert_msg(nb_parse(nb, b.s, f, &again, &e), "%s", e.text);
	ck_assert(nb_equal(t, again));
	nb_tree_free(again);
	ck_assert(!nb_parse(nb, "{\"evpnd:bgp\":{\"what\":1}}", NB_JSON, &again, &e));
	ck_assert_ptr_null(again);
	strbuf_fini(&b);
	nb_tree_free(t);
}
END_TEST

START_TEST(validation)
{
	struct lyd_node *t = NULL, *full = NULL;
	struct err e = { 0 };

	ck_assert(nb_validate(nb, NULL, &full, &e));
	ck_assert_ptr_null(full);
	set(&t,
	    NB_PATH(BGP, LEAF("listen"), { "range", "10.0.0.0/8" }, LEAF("peer-group")),
	    "G");
	ck_assert(!nb_validate(nb, t, &full, &e));
	ck_assert_str_ne(e.path, "");
	/* First the AS is missing or the group is; what is left in the end is nothing. */
	for (int i = 0; t && i < 10; i++) {
		ck_assert_msg(nb_prune(nb, &t, e.path), "%s", e.path);
		e = (struct err){ 0 };
		if (nb_validate(nb, t, &full, &e))
			break;
	}
	ck_assert_str_eq(e.text, "");
	nb_tree_free(full);
	nb_tree_free(t);
}
END_TEST

/* A name that nothing has is told in the words of the dialect, not in those of YANG. */
START_TEST(no_such_name)
{
	struct lyd_node *t = NULL, *full = NULL;
	struct err e = { 0 };

	set(&t, NB_PATH(BGP, LEAF("as")), "65000");
	set(&t, NB_PATH(BGP, PEER("10.0.0.1"), LEAF("peer-group")), "G");
	ck_assert(!nb_validate(nb, t, &full, &e));
	ck_assert_str_eq(e.text, "peer-group G is not there, but something names it");
	ck_assert_str_eq(e.path, "/evpnd:bgp/neighbor[address='10.0.0.1']/peer-group");
	nb_tree_free(full);
	nb_tree_free(t);
}
END_TEST

/* The order counts where the schema gives it to the user, and there alone. */
START_TEST(equality)
{
	static const char *const words[][2] = { { "a", "b" }, { "b", "a" } };
	struct lyd_node *tree[2] = { NULL, NULL };
	struct err e = { 0 };

	for (int t = 0; t < 2; t++)
		for (int i = 0; i < 2; i++)
			ck_assert(nb_set(
			    nb, &tree[t], NB_PATH({ "vrf", words[t][i] }), NULL, &e));
	ck_assert(nb_equal(tree[0], tree[1]));
	ck_assert(!nb_equal(tree[0], NULL) && nb_equal(NULL, NULL));
	for (int t = 0; t < 2; t++)
		for (int i = 0; i < 2; i++)
			ck_assert(nb_add(nb, &tree[t],
			    NB_PATH({ "vrf", "a" }, { "kept", NULL }), words[t][i], &e));
	ck_assert(!nb_equal(tree[0], tree[1]));
	nb_del_value(nb, &tree[1], NB_PATH({ "vrf", "a" }, { "kept", NULL }), "b");
	ck_assert(!nb_equal(tree[0], tree[1]));
	ck_assert(
	    nb_add(nb, &tree[1], NB_PATH({ "vrf", "a" }, { "kept", NULL }), "b", &e));
	ck_assert(nb_equal(tree[0], tree[1]));
	nb_tree_free(tree[0]);
	nb_tree_free(tree[1]);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ edit, 0, 0 },
		{ canonical, 0, 0 },
		{ wrong_values, 0, 0 },
		{ leaf_lists, 0, 0 },
		{ difference, 0, 0 },
		{ formats, 2, 0 },
		{ validation, 0, 0 },
		{ no_such_name, 0, 0 },
		{ equality, 0, 0 },
		{ NULL, 0, 0 },
	};
	struct err e = { 0 };
	int rc;

	nb = nb_new(NULL, &e);
	if (!nb) {
		fprintf(stderr, "%s\n", e.text);
		return EXIT_FAILURE;
	}
	rc = run_tests("nb", tests);
	nb_free(nb);
	return rc;
}
