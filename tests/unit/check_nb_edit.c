/* SPDX-License-Identifier: ISC */
/* Edits of NETCONF: every operation on every kind of node, order, and what is refused with which tag. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_edit.h"
#include "tests/unit/run.h"

#define D                                                                                \
	"xmlns=\"urn:evpnd:evpnd\" "                                                     \
	"xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" "                          \
	"xmlns:y=\"urn:ietf:params:xml:ns:yang:1\" "                                     \
	"xmlns:wd=\"urn:ietf:params:xml:ns:netconf:default:1.0\""
#define BGP(x) "<bgp " D "><as>65000</as>" x "</bgp>"
#define IN(x) "<bgp " D ">" x "</bgp>"
#define OP(o) " nc:operation=\"" o "\""
#define PEER(a, x) "<neighbor><address>" a "</address>" x "</neighbor>"
#define PEER_OP(a, o, x) "<neighbor" OP(o) "><address>" a "</address>" x "</neighbor>"
#define P1 "10.0.0.1"
#define P2 "10.0.0.2"
#define VNI(x) "<l2vpn-evpn><vni><id>5</id>" x "</vni></l2vpn-evpn>"
#define RT(v) "<route-target-import>" v "</route-target-import>"
#define RT_OP(v, o) "<route-target-import" OP(o) ">" v "</route-target-import>"
#define SYSTEM(x) "<system " D ">" x "</system>"
#define KEPT(v) "<kept>" v "</kept>"
#define KEPT_AT(v, at) "<kept " at ">" v "</kept>"
#define VRF(x)                                                                           \
	"<bgp " D "><as>65000</as><vrf><name>red</name><ipv4-unicast>" x                 \
	"</ipv4-unicast></vrf></bgp>"
#define NET(p) "<network><prefix>" p "</prefix></network>"

struct edit_case {
	const char *before, *edit, *after; /* XML; after NULL: refused */
	enum nb_edit_op op;
	const char *tag, *path; /* of the error */
	const char *element;
};

static const struct edit_case cases[] = {
	/* Leaves. */
	{ BGP(""), IN("<router-id>1.1.1.1</router-id>"),
	    BGP("<router-id>1.1.1.1</router-id>"), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"), IN("<router-id>2.2.2.2</router-id>"),
	    BGP("<router-id>2.2.2.2</router-id>"), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"), IN("<router-id>1.1.1.1</router-id>"),
	    BGP("<router-id>1.1.1.1</router-id>"), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"),
	    IN("<router-id" OP("replace") ">2.2.2.2</router-id>"),
	    BGP("<router-id>2.2.2.2</router-id>"), NB_EDIT_NONE, NULL, NULL, NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"), IN("<router-id>2.2.2.2</router-id>"),
	    BGP("<router-id>1.1.1.1</router-id>"), NB_EDIT_NONE, NULL, NULL, NULL },
	{ BGP(""), IN("<router-id" OP("create") ">1.1.1.1</router-id>"),
	    BGP("<router-id>1.1.1.1</router-id>"), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"),
	    IN("<router-id" OP("create") ">1.1.1.1</router-id>"), NULL, NB_EDIT_MERGE,
	    "data-exists", "/evpnd:bgp/router-id", NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"), IN("<router-id" OP("delete") "/>"),
	    BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""), IN("<router-id" OP("delete") "/>"), NULL, NB_EDIT_MERGE,
	    "data-missing", "/evpnd:bgp/router-id", NULL },
	{ BGP(""), IN("<router-id" OP("remove") "/>"), BGP(""), NB_EDIT_MERGE, NULL, NULL,
	    NULL },
	{ BGP("<router-id>1.1.1.1</router-id>"), IN("<router-id" OP("remove") "/>"),
	    BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""), IN("<router-id>1.1.1</router-id>"), NULL, NB_EDIT_MERGE,
	    "invalid-value", "/evpnd:bgp/router-id", "router-id" },
	{ BGP(""), IN("<as>0</as>"), NULL, NB_EDIT_MERGE, "invalid-value",
	    "/evpnd:bgp/as", "as" },
	{ BGP(""), IN("<as><b/></as>"), NULL, NB_EDIT_MERGE, "bad-element",
	    "/evpnd:bgp/as", "as" },
	/* A leaf set to its default is a leaf that is not there (RFC 6243, trim). */
	{ BGP("<always-compare-med>true</always-compare-med>"),
	    IN("<always-compare-med>false</always-compare-med>"), BGP(""), NB_EDIT_MERGE,
	    NULL, NULL, NULL },
	{ BGP(""), IN("<always-compare-med" OP("create") ">false</always-compare-med>"),
	    BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<always-compare-med>true</always-compare-med>"),
	    IN("<always-compare-med wd:default=\"true\">false</always-compare-med>"),
	    BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""),
	    IN("<always-compare-med wd:default=\"true\">true</always-compare-med>"), NULL,
	    NB_EDIT_MERGE, "invalid-value", "/evpnd:bgp/always-compare-med",
	    "always-compare-med" },
	/* Containers. */
	{ BGP(""), IN("<default><local-preference>7</local-preference></default>"),
	    BGP("<default><local-preference>7</local-preference></default>"),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<default><l2vpn-evpn>true</l2vpn-evpn></default>"),
	    IN("<default" OP(
		"replace") "><local-preference>7</local-preference></default>"),
	    BGP("<default><local-preference>7</local-preference></default>"),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<default><l2vpn-evpn>true</l2vpn-evpn></default>"),
	    IN("<default" OP(
		"create") "><local-preference>7</local-preference></default>"),
	    NULL, NB_EDIT_MERGE, "data-exists", "/evpnd:bgp/default", NULL },
	{ BGP(""),
	    IN("<default" OP(
		"create") "><local-preference>7</local-preference></default>"),
	    BGP("<default><local-preference>7</local-preference></default>"),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<default><l2vpn-evpn>true</l2vpn-evpn></default>"),
	    IN("<default" OP("delete") "/>"), BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP("<default><l2vpn-evpn>true</l2vpn-evpn></default>"),
	    IN("<default><l2vpn-evpn" OP("delete") "/></default>"), BGP(""),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""), IN("<default" OP("delete") "/>"), NULL, NB_EDIT_MERGE, "data-missing",
	    "/evpnd:bgp/default", NULL },
	{ BGP(""), IN("<default" OP("remove") "/>"), BGP(""), NB_EDIT_NONE, NULL, NULL,
	    NULL },
	{ BGP(""), IN("<default/>"), BGP(""), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""), IN("<default><l2vpn-evpn" OP("create") ">true</l2vpn-evpn></default>"),
	    BGP("<default><l2vpn-evpn>true</l2vpn-evpn></default>"), NB_EDIT_NONE, NULL,
	    NULL, NULL },
	{ BGP(""), "<bgp " D OP("delete") "/>", "", NB_EDIT_MERGE, NULL, NULL, NULL },
	{ "", "<bgp " D OP("delete") "/>", NULL, NB_EDIT_MERGE, "data-missing",
	    "/evpnd:bgp", NULL },
	/* Containers with presence. */
	{ "", SYSTEM("<log><syslog/></log>"), SYSTEM("<log><syslog/></log>"),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM("<log><syslog/></log>"), SYSTEM("<log><syslog" OP("delete") "/></log>"),
	    "", NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM("<log><syslog/></log>"), SYSTEM("<log><syslog" OP("create") "/></log>"),
	    NULL, NB_EDIT_MERGE, "data-exists", "/evpnd:system/log/syslog", NULL },
	{ "", SYSTEM("<log><syslog><level>errors</level></syslog></log>"), NULL,
	    NB_EDIT_NONE, "data-missing", "/evpnd:system/log/syslog", NULL },
	/* Lists. */
	{ BGP(""), IN(PEER(P1, "<description>x</description>")),
	    BGP(PEER(P1, "<description>x</description>")), NB_EDIT_MERGE, NULL, NULL,
	    NULL },
	{ BGP(PEER(P1, "<description>x</description>")),
	    IN(PEER(P1, "<shutdown>true</shutdown>") PEER(P2, "")),
	    BGP(PEER(P1, "<description>x</description><shutdown>true</shutdown>")
		    PEER(P2, "")),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(PEER(P1, "<description>x</description>")),
	    IN(PEER_OP(P1, "replace", "<shutdown>true</shutdown>")),
	    BGP(PEER(P1, "<shutdown>true</shutdown>")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(PEER(P1, "")), IN(PEER_OP(P1, "create", "")), NULL, NB_EDIT_MERGE,
	    "data-exists", "/evpnd:bgp/neighbor[address='10.0.0.1']", NULL },
	{ BGP(PEER(P1, "") PEER(P2, "")), IN(PEER_OP(P1, "delete", "")),
	    BGP(PEER(P2, "")), NB_EDIT_NONE, NULL, NULL, NULL },
	{ BGP(PEER(P1, "")), IN(PEER_OP(P2, "delete", "")), NULL, NB_EDIT_NONE,
	    "data-missing", "/evpnd:bgp/neighbor[address='10.0.0.2']", NULL },
	{ BGP(PEER(P1, "")), IN(PEER_OP(P2, "remove", "")), BGP(PEER(P1, "")),
	    NB_EDIT_NONE, NULL, NULL, NULL },
	{ BGP(""), IN(PEER(P1, "<description" OP("create") ">x</description>")), NULL,
	    NB_EDIT_NONE, "data-missing", "/evpnd:bgp/neighbor[address='10.0.0.1']",
	    NULL },
	{ BGP(""), IN("<neighbor><description>x</description></neighbor>"), NULL,
	    NB_EDIT_MERGE, "missing-element", "/evpnd:bgp/neighbor", "address" },
	{ BGP(""), IN("<l2vpn-evpn><vni><id>0</id></vni></l2vpn-evpn>"), NULL,
	    NB_EDIT_MERGE, "invalid-value", "/evpnd:bgp/l2vpn-evpn/vni[id='0']", "id" },
	/* The key may come last, and in another spelling. */
	{ BGP(PEER("2001:db8::1", "")),
	    IN("<neighbor><description>x</description>"
	       "<address>2001:DB8:0::1</address></neighbor>"),
	    BGP(PEER("2001:db8::1", "<description>x</description>")), NB_EDIT_MERGE, NULL,
	    NULL, NULL },
	/* Leaf-lists. */
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT("1:2"))), BGP(VNI(RT("1:1") RT("1:2"))),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT("1:1"))), BGP(VNI(RT("1:1"))), NB_EDIT_MERGE,
	    NULL, NULL, NULL },
	{ BGP(VNI(RT("1:1") RT("1:2"))), IN(VNI(RT_OP("1:1", "delete"))),
	    BGP(VNI(RT("1:2"))), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT_OP("1:1", "create"))), NULL, NB_EDIT_MERGE,
	    "data-exists", "/evpnd:bgp/l2vpn-evpn/vni[id='5']/route-target-import",
	    NULL },
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT_OP("1:2", "delete"))), NULL, NB_EDIT_MERGE,
	    "data-missing", "/evpnd:bgp/l2vpn-evpn/vni[id='5']/route-target-import",
	    NULL },
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT_OP("1:2", "remove"))), BGP(VNI(RT("1:1"))),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(VNI(RT("1:1"))), IN(VNI(RT("x"))), NULL, NB_EDIT_MERGE, "invalid-value",
	    "/evpnd:bgp/l2vpn-evpn/vni[id='5']/route-target-import",
	    "route-target-import" },
	/* Order. */
	{ SYSTEM(KEPT("a") KEPT("b")), SYSTEM(KEPT("c")),
	    SYSTEM(KEPT("a") KEPT("b") KEPT("c")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM(KEPT("a") KEPT("b")), SYSTEM(KEPT_AT("c", "y:insert=\"first\"")),
	    SYSTEM(KEPT("c") KEPT("a") KEPT("b")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM(KEPT("a") KEPT("b")), SYSTEM(KEPT_AT("a", "y:insert=\"last\"")),
	    SYSTEM(KEPT("b") KEPT("a")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM(KEPT("a") KEPT("b")),
	    SYSTEM(KEPT_AT("c", "y:insert=\"before\" y:value=\"b\"")),
	    SYSTEM(KEPT("a") KEPT("c") KEPT("b")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM(KEPT("a") KEPT("b")),
	    SYSTEM(KEPT_AT("c", "y:insert=\"after\" y:value=\"a\"")),
	    SYSTEM(KEPT("a") KEPT("c") KEPT("b")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ SYSTEM(KEPT("a")), SYSTEM(KEPT_AT("c", "y:insert=\"after\" y:value=\"x\"")),
	    NULL, NB_EDIT_MERGE, "bad-attribute", "/evpnd:system/kept", NULL },
	{ SYSTEM(KEPT("a")), SYSTEM(KEPT_AT("c", "y:insert=\"after\"")), NULL,
	    NB_EDIT_MERGE, "missing-attribute", "/evpnd:system/kept", NULL },
	{ SYSTEM(KEPT("a")), SYSTEM(KEPT_AT("c", "y:insert=\"middle\"")), NULL,
	    NB_EDIT_MERGE, "bad-attribute", "/evpnd:system/kept", NULL },
	{ SYSTEM("<kept-section><line>a</line></kept-section>"),
	    SYSTEM("<kept-section y:insert=\"before\" y:key=\"[line='a']\">"
		   "<line>b</line></kept-section>"),
	    SYSTEM("<kept-section><line>b</line></kept-section>"
		   "<kept-section><line>a</line></kept-section>"),
	    NB_EDIT_MERGE, NULL, NULL, NULL },
	{ BGP(""),
	    IN("<neighbor y:insert=\"first\"><address>10.0.0.1</address></neighbor>"),
	    NULL, NB_EDIT_MERGE, "unknown-attribute",
	    "/evpnd:bgp/neighbor[address='10.0.0.1']", NULL },
	/* The whole. */
	{ BGP(PEER(P1, "")), SYSTEM("<hostname>h</hostname>"),
	    SYSTEM("<hostname>h</hostname>"), NB_EDIT_REPLACE, NULL, NULL, NULL },
	{ BGP(PEER(P1, "")), "", "", NB_EDIT_REPLACE, NULL, NULL, NULL },
	{ BGP(PEER(P1, "")), " \n", BGP(PEER(P1, "")), NB_EDIT_MERGE, NULL, NULL, NULL },
	{ VRF(NET("10.0.0.0/8")), "<bgp " D OP("replace") "><as>1</as></bgp>",
	    "<bgp " D "><as>1</as></bgp>", NB_EDIT_MERGE, NULL, NULL, NULL },
	/* What nobody can mean. */
	{ "", "<bgp " D "><as nc:operation=\"destroy\">1</as></bgp>", NULL, NB_EDIT_MERGE,
	    "bad-attribute", "/evpnd:bgp/as", "as" },
	{ "", "<bgp " D " nc:select=\"x\"/>", NULL, NB_EDIT_MERGE, "unknown-attribute",
	    "/evpnd:bgp", "bgp" },
	{ "", "<bgp " D "><colour>red</colour></bgp>", NULL, NB_EDIT_MERGE,
	    "unknown-element", "/evpnd:bgp/colour", "colour" },
	{ "", "<bgp xmlns=\"urn:x\"/>", NULL, NB_EDIT_MERGE, "unknown-namespace",
	    "/evpnd:bgp", "bgp" },
	{ "", "<bgp/>", NULL, NB_EDIT_MERGE, "malformed-message", "", NULL },
	{ "", "<bgp>", NULL, NB_EDIT_MERGE, "malformed-message", "", NULL },
	{ "", "bgp", NULL, NB_EDIT_MERGE, "malformed-message", "", NULL },
	{ "", "<bgp a=b/>", NULL, NB_EDIT_MERGE, "malformed-message", "", NULL },
	{ "", "<!DOCTYPE a [<!ENTITY b \"c\">]><bgp " D ">&b;</bgp>", NULL, NB_EDIT_MERGE,
	    "malformed-message", "", NULL },
};

static struct lyd_node *
parse(struct nb *nb, const char *xml)
{
	struct lyd_node *t = NULL;
	struct err e = { 0 };

	if (xml[0])
		ck_assert_msg(nb_parse(nb, xml, NB_XML, &t, &e), "%s: %s", xml, e.text);
	return t;
}

/* The text of a tree, "" for an empty one. */
static char *
print(const struct lyd_node *t)
{
	struct strbuf b;
	struct err e = { 0 };

	strbuf_init(&b);
	if (t)
		ck_assert(nb_print(t, NB_XML, &b, &e));
	return strbuf_take(&b);
}

START_TEST(edit)
{
	const struct edit_case *c = &cases[_i];
	struct nb *nb = nb_new(NULL, NULL);
	struct lyd_node *t = parse(nb, c->before), *after;
	struct nb_edit_error e;
	bool ok = nb_edit(nb, &t, c->edit, c->op, &e);

	if (c->after) {
		char *want, *got;

		ck_assert_msg(ok, "%s: %s %s", c->edit, e.tag, e.text);
		after = parse(nb, c->after);
		want = print(after);
		got = print(t);
		ck_assert_str_eq(got, want);
		nb_tree_free(after);
		free(want);
		free(got);
	} else {
		ck_assert_msg(!ok, "%s was taken", c->edit);
		ck_assert_str_eq(e.tag, c->tag);
		ck_assert_str_eq(e.path, c->path);
		ck_assert_str_ne(e.text, "");
		if (c->element)
			ck_assert_str_eq(e.element, c->element);
	}
	nb_tree_free(t);
	nb_free(nb);
}
END_TEST

/* Deep nesting ends at the first look. */
START_TEST(deep)
{
	struct nb *nb = nb_new(NULL, NULL);
	struct lyd_node *t = NULL;
	struct nb_edit_error e;
	struct strbuf b;

	strbuf_init(&b);
	for (int i = 0; i < 100000; i++)
		strbuf_put(&b, "<a>");
	ck_assert(!nb_edit(nb, &t, b.s, NB_EDIT_MERGE, &e));
	ck_assert_str_eq(e.tag, "malformed-message");
	ck_assert_ptr_null(t);
	strbuf_fini(&b);
	nb_free(nb);
}
END_TEST

/* Thousands of entries in one edit, and again as a replacement. */
START_TEST(many)
{
	struct nb *nb = nb_new(NULL, NULL);
	struct lyd_node *t = NULL;
	struct nb_edit_error e;
	struct strbuf b;

	strbuf_init(&b);
	strbuf_put(&b, "<bgp " D "><as>1</as><l2vpn-evpn>");
	for (int i = 1; i <= 4000; i++)
		strbuf_printf(&b, "<vni><id>%d</id>" RT("1:%d") "</vni>", i, i);
	strbuf_put(&b, "</l2vpn-evpn></bgp>");
	ck_assert(nb_edit(nb, &t, b.s, NB_EDIT_MERGE, &e));
	ck_assert(nb_edit(nb, &t, b.s, NB_EDIT_MERGE, &e));
	ck_assert(nb_edit(nb, &t, b.s, NB_EDIT_REPLACE, &e));
	ck_assert_ptr_nonnull(nb_find(
	    t, NB_PATH({ "bgp", NULL }, { "l2vpn-evpn", NULL }, { "vni", "4000" })));
	strbuf_fini(&b);
	nb_tree_free(t);
	nb_free(nb);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ edit, ARRAY_LEN(cases), 0 },
		{ deep, 0, 0 },
		{ many, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("nb_edit", tests);
}
