/* SPDX-License-Identifier: ISC */
/* The dialect: text to tree to text is the identity; errors, abbreviations, `no` forms. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "mgmt/conf.h"
#include "tests/unit/cli_fix.h"
#include "tests/unit/run.h"

/* ---- helpers ---- */

struct seen {
	struct strbuf text; /* one line a report */
};

static void
on_report(void *arg, const struct err *e, bool error)
{
	struct seen *s = arg;

	strbuf_printf(&s->text, "%s%d: %s\n", error ? "E" : "N", e->line, e->text);
}

static struct lyd_node *
load(const char *text, struct seen *seen, struct cli_report *rep)
{
	struct lyd_node *tree = NULL;

	strbuf_init(&seen->text);
	*rep = (struct cli_report){ .fn = on_report, .arg = seen };
	cli_text_load(cli, nb, &tree, text, NULL, rep);
	return tree;
}

static struct lyd_node *
load_good(const char *text)
{
	struct cli_report rep;
	struct seen seen;
	struct lyd_node *tree = load(text, &seen, &rep);

	ck_assert_msg(rep.errors == 0, "%s\nin\n%s", seen.text.s, text);
	strbuf_fini(&seen.text);
	return tree;
}

/* The tree, rendered and loaded again, is the same, and so is its text. */
static void
assert_identity(const struct lyd_node *tree)
{
	char *text = tree_text(tree);
	struct lyd_node *again = load_good(text);
	char *text2 = tree_text(again);
	char *a = tree_json(tree), *b = tree_json(again);

	ck_assert_msg(
	    nb_equal(tree, again), "tree\n%s\ntext\n%s\nloaded\n%s", a, text, b);
	ck_assert_str_eq(text, text2);
	nb_tree_free(again);
	free(text);
	free(text2);
	free(a);
	free(b);
}

static char *
read_file(const char *name)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/tests/conf/%s", dir ? dir : ".", name);
	FILE *f = fopen(path, "r");
	struct strbuf b;
	int c;

	ck_assert_msg(f != NULL, "%s", path);
	strbuf_init(&b);
	while ((c = getc(f)) != EOF)
		strbuf_putc(&b, (char)c);
	fclose(f);
	free(path);
	return strbuf_take(&b);
}

static struct conf *
compile(const struct lyd_node *tree)
{
	struct lyd_node *full = NULL;
	struct err e = { 0 };
	struct conf *c;

	ck_assert_msg(nb_validate(nb, tree, &full, &e), "%s %s", e.path, e.text);
	c = conf_compile(full, &e);
	ck_assert_msg(c != NULL, "%s %s", e.path, e.text);
	nb_tree_free(full);
	return c;
}

/* ---- samples ---- */

static const char *const samples[] = { "leaf.conf", "reflector.conf", "terse.conf",
	"tenant.conf", "underlay.conf", "fabric.conf", "policy.conf" };

START_TEST(sample_files)
{
	char *text = read_file(samples[_i]);
	struct lyd_node *tree = load_good(text);

	assert_identity(tree);
	conf_free(compile(tree));
	nb_tree_free(tree);
	free(text);
}
END_TEST

/* Lines that open a section, in whatever section they stand themselves. */
static bool
opens(const char *s, unsigned depth)
{
	static const char *const words[] = { "router ", "address-family ", "vrf ",
		"interface ", "route-map ", "line ", "bfd", "profile ", "fabric",
		"tenant " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return true;
	return depth == 2 && strncmp(s, "vni ", 4) == 0;
}

/* Each line of a configuration, negated in its place, then each section: nothing is left. */
START_TEST(no_of_everything)
{
	char *text = read_file(samples[_i]), *lines, *p;
	struct lyd_node *tree = load_good(text);
	struct cli_report rep = { 0 };
	struct strbuf undo, sections;

	free(text);
	lines = tree_text(tree);
	strbuf_init(&undo);
	strbuf_init(&sections);
	for (p = strtok(lines, "\n"); p; p = strtok(NULL, "\n")) {
		const char *s = p + strspn(p, " ");

		if (s[0] == '!')
			continue;
		if (opens(s, (unsigned)(s - p)) && s == p)
			strbuf_printf(&sections, "no %s\n", s);
		if (opens(s, (unsigned)(s - p)) || strncmp(s, "exit", 4) == 0)
			strbuf_printf(&undo, "%s\n", s);
		else if (strncmp(s, "no ", 3) == 0)
			strbuf_printf(&undo, "%s\n", s + 3);
		else
			strbuf_printf(&undo, "no %s\n", s);
	}
	strbuf_printf(&undo, "%s", sections.s ? sections.s : "");
	cli_text_load(cli, nb, &tree, undo.s, NULL, &rep);
	ck_assert_msg(rep.errors <= 4, "%s", undo.s); /* of neighbours that are gone */
	p = tree_text(tree);
	ck_assert_str_eq(p, "");
	free(p);
	free(lines);
	strbuf_fini(&undo);
	strbuf_fini(&sections);
	nb_tree_free(tree);
}
END_TEST

/* ---- random trees ---- */

static unsigned
pick(unsigned n)
{
	return (unsigned)rand() % n;
}

static const char *
one_of(const char *const *v, size_t n)
{
	return v[pick((unsigned)n)];
}

#define ONE_OF(...)                                                                      \
	one_of((const char *const[]){ __VA_ARGS__ },                                     \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static char valbuf[64];

static const char *
number(unsigned lo, unsigned hi)
{
	snprintf(valbuf, sizeof valbuf, "%u", lo + pick(hi - lo + 1));
	return valbuf;
}

static void
put(struct lyd_node **tree, const struct nb_path *p, const char *value)
{
	struct err e = { 0 };

	if (pick(3) == 0)
		return;
	ck_assert_msg(
	    nb_set(nb, tree, p, value, &e), "%s: %s", p->s[p->n - 1].name, e.text);
}

static void
add(struct lyd_node **tree, const struct nb_path *p, const char *value)
{
	struct err e = { 0 };

	if (pick(2) == 0)
		ck_assert_msg(nb_add(nb, tree, p, value, &e), "%s", e.text);
}

#define BGP                                                                              \
	{                                                                                \
		"bgp", NULL                                                              \
	}

static void
random_peer(struct lyd_node **tree, const char *list, const char *key)
{
	struct err e = { 0 };

	ck_assert(nb_set(nb, tree, NB_PATH(BGP, { list, key }), NULL, &e));
#define LEAF(name, value) put(tree, NB_PATH(BGP, { list, key }, { name, NULL }), value)
#define SUB(c, name, value)                                                              \
	put(tree, NB_PATH(BGP, { list, key }, { c, NULL }, { name, NULL }), value)
	LEAF("remote-as", ONE_OF("internal", "external", "65001", "4200000000"));
	LEAF("description",
	    ONE_OF("x", "to the spine", "a ! b # c", "tab less  two spaces"));
	LEAF("password", ONE_OF("x", "with space", "no"));
	LEAF("port", number(1, 65535));
	LEAF("passive", "true");
	LEAF("disable-connected-check", "true");
	LEAF("enforce-first-as", "true");
	LEAF("update-source", ONE_OF("lo", "10.0.0.1", "2001:db8::1", "eth0.100"));
	if (pick(2)) {
		LEAF("shutdown", "true");
		if (nb_get(*tree, NB_PATH(BGP, { list, key }, { "shutdown", NULL })))
			LEAF("shutdown-message", ONE_OF("bye", "back at noon"));
	}
	if (pick(2))
		LEAF("ebgp-multihop", ONE_OF("1", "2", "255"));
	else
		LEAF("ttl-security", number(1, 254));
	if (pick(2)) {
		ck_assert(nb_set(nb, tree,
		    NB_PATH(BGP, { list, key }, { "timers", NULL }, { "hold", NULL }),
		    number(3, 65535), &e));
		ck_assert(nb_set(nb, tree,
		    NB_PATH(
			BGP, { list, key }, { "timers", NULL }, { "keepalive", NULL }),
		    number(0, 65535), &e));
	}
	SUB("timers", "connect", number(1, 65535));
	SUB("l2vpn-evpn", "activate", "true");
	SUB("l2vpn-evpn", "route-reflector-client", "true");
	SUB("l2vpn-evpn", "next-hop-self", "true");
	SUB("l2vpn-evpn", "soft-reconfiguration-inbound", "true");
	SUB("l2vpn-evpn", "allowas-in", number(1, 10));
	SUB("l2vpn-evpn", "allowas-in-origin", "true");
	if (pick(2)) {
#define MAX_PREFIX(name)                                                                 \
	NB_PATH(BGP, { list, key }, { "l2vpn-evpn", NULL }, { "maximum-prefix", NULL },  \
	    { name, NULL })
		ck_assert(nb_set(nb, tree, MAX_PREFIX("limit"), number(1, 100000), &e));
		put(tree, MAX_PREFIX("threshold"), number(1, 100));
		if (pick(2))
			put(tree, MAX_PREFIX("warning-only"), "true");
		else
			put(tree, MAX_PREFIX("restart"), number(1, 1000));
	}
	for (unsigned t = 1; t < 12; t++)
		add(tree,
		    NB_PATH(BGP, { list, key }, { "l2vpn-evpn", NULL },
			{ "route-type", NULL }),
		    number(t, t));
#undef LEAF
#undef SUB
}

static void
random_vni(struct lyd_node **tree, const char *id)
{
	char rt[32];
	struct err e = { 0 };

#define VNI(name) NB_PATH(BGP, { "l2vpn-evpn", NULL }, { "vni", id }, { name, NULL })
	ck_assert(nb_set(
	    nb, tree, NB_PATH(BGP, { "l2vpn-evpn", NULL }, { "vni", id }), NULL, &e));
	put(tree, VNI("flooding"), ONE_OF("disable", "head-end-replication"));
	put(tree, VNI("rd"), ONE_OF("10.0.0.1:5", "65000:5", "70000:5"));
	put(tree, VNI("advertise-svi-ip"), "true");
	put(tree, VNI("advertise-default-gw"), "true");
	for (unsigned i = 0; i < 4; i++) {
		snprintf(
		    rt, sizeof rt, "%s:%u", ONE_OF("65000", "*", "70000", "10.0.0.1"), i);
		add(tree, VNI("route-target-import"), rt);
		snprintf(rt, sizeof rt, "65000:%u", i);
		add(tree, VNI("route-target-export"), rt);
	}
#undef VNI
}

static void
random_family(struct lyd_node **tree, const char *vrf, const char *af, const char *plen)
{
	char text[32];

#define IN(...) NB_PATH(BGP, { "vrf", vrf }, { af, NULL }, __VA_ARGS__)
	for (unsigned i = 0; i < 4; i++) {
		snprintf(text, sizeof text,
		    af[3] == '4' ? "10.%u.0.0/16" : "2001:%u::/48", pick(100));
		put(tree, IN({ "network", text }), NULL);
		if (pick(2) == 0)
			put(tree, IN({ "network", text }, { "route-map", NULL }), "MAP");
		put(tree, IN({ "aggregate-address", plen }), NULL);
		put(tree, IN({ "aggregate-address", plen }, { "summary-only", NULL }),
		    "true");
		if (pick(2) == 0)
			put(tree,
			    IN({ "aggregate-address", plen }, { "route-map", NULL }),
			    "summary-only");
	}
	put(tree, IN({ "import-vrf-route-map", NULL }), "route-map");
	for (unsigned i = 0; i < 3; i++) {
		const char *from =
		    ONE_OF("connected", "static", "kernel", "ospf", "ospf6", "bgp");

		put(tree, IN({ "redistribute", from }), NULL);
		put(tree, IN({ "redistribute", from }, { "metric", NULL }), number(0, 9));
		put(tree, IN({ "redistribute", from }, { "route-map", NULL }), "M");
		put(tree,
		    IN({ "redistribute-table", ONE_OF("1", "254", "65535") },
			{ "metric", NULL }),
		    number(0, 9));
		add(tree, IN({ "import-vrf", NULL }), ONE_OF("red", "blue", "vrf"));
	}
	put(tree, IN({ "maximum-paths", NULL }), number(1, 256));
#undef IN
}

static void
random_vrf(struct lyd_node **tree, const char *vrf)
{
	struct err e = { 0 };

#define IN(...) NB_PATH(BGP, { "vrf", vrf }, __VA_ARGS__)
#define EVPN(...) IN({ "l2vpn-evpn", NULL }, __VA_ARGS__)
	ck_assert(nb_set(nb, tree, IN({ "as", NULL }), "65000", &e));
	put(tree, IN({ "router-id", NULL }), "10.0.0.7");
	random_family(tree, vrf, "ipv4-unicast", "10.0.0.0/8");
	random_family(tree, vrf, "ipv6-unicast", "2001:db8::/32");
	put(tree, EVPN({ "advertise", "ipv4" }), NULL);
	put(tree, EVPN({ "advertise", "ipv6" }, { "gateway-ip", NULL }), "true");
	put(tree, EVPN({ "advertise", "ipv6" }, { "route-map", NULL }), "unicast");
	add(tree, EVPN({ "default-originate", NULL }), "ipv6");
	add(tree, EVPN({ "default-originate", NULL }), "ipv4");
	put(tree, EVPN({ "rd", NULL }), "1:1");
	add(tree, EVPN({ "route-target-import", NULL }), "*:7");
	add(tree, EVPN({ "route-target-export", NULL }), "1:7");
	put(tree, EVPN({ "auto-route-target-import", NULL }),
	    ONE_OF("add-always", "add-never", "add-if-no-manual"));
	put(tree, EVPN({ "auto-route-target-export", NULL }), "add-never");
	put(tree, NB_PATH({ "vrf", vrf }), NULL);
	put(tree, NB_PATH({ "vrf", vrf }, { "unreachable-default", NULL }),
	    ONE_OF("true", "false"));
	if (pick(2)) {
		put(tree, NB_PATH({ "vrf", vrf }, { "prefix-routes-only", NULL }),
		    "true");
		ck_assert(nb_set(
		    nb, tree, NB_PATH({ "vrf", vrf }, { "l3vni", NULL }), "7", &e));
	}
#undef EVPN
#undef IN
}

static void
random_bgp(struct lyd_node **tree)
{
#define LEAF(...) NB_PATH(BGP, __VA_ARGS__)
	static const char *const groups[] = { "FAB", "LEAF", "activate", "10" };
	struct err e = { 0 };
	const char *used = groups[pick(4)];

	ck_assert(nb_set(nb, tree, LEAF({ "as", NULL }), "65000", &e));
	put(tree, LEAF({ "router-id", NULL }), "10.0.0.1");
	put(tree, LEAF({ "cluster-id", NULL }), ONE_OF("1.2.3.4", "77"));
	put(tree, LEAF({ "log-neighbor-changes", NULL }), "true");
	put(tree, LEAF({ "always-compare-med", NULL }), "true");
	put(tree, LEAF({ "ebgp-requires-policy", NULL }), "true");
	put(tree, LEAF({ "client-to-client-reflection", NULL }), ONE_OF("true", "false"));
	put(tree, LEAF({ "deterministic-med", NULL }), "true");
	put(tree, LEAF({ "default", NULL }, { "ipv4-unicast", NULL }),
	    ONE_OF("true", "false"));
	put(tree, LEAF({ "default", NULL }, { "l2vpn-evpn", NULL }),
	    ONE_OF("true", "false"));
	put(tree, LEAF({ "default", NULL }, { "local-preference", NULL }),
	    number(0, 1000));
	put(tree, LEAF({ "graceful-restart", NULL }, { "mode", NULL }),
	    ONE_OF("enabled", "disabled"));
	put(tree, LEAF({ "graceful-restart", NULL }, { "restart-time", NULL }),
	    number(1, 4095));
	put(tree, LEAF({ "bestpath", NULL }, { "compare-routerid", NULL }), "true");
	put(tree, LEAF({ "listen", NULL }, { "limit", NULL }), number(1, 65535));
	random_peer(tree, "peer-group", used);
	for (unsigned i = 0; i < 3; i++) {
		char key[32];

		snprintf(key, sizeof key, i == 2 ? "2001:db8::%u" : "10.%u.0.1",
		    1 + pick(200));
		random_peer(tree, "neighbor", key);
		put(tree, LEAF({ "neighbor", key }, { "peer-group", NULL }), used);
	}
	put(tree,
	    LEAF({ "listen", NULL }, { "range", "10.9.0.0/16" }, { "peer-group", NULL }),
	    used);
	put(tree,
	    LEAF({ "listen", NULL }, { "range", "2001:db8:9::/48" },
		{ "peer-group", NULL }),
	    used);
	put(tree, LEAF({ "l2vpn-evpn", NULL }, { "advertise-all-vni", NULL }), "true");
	put(tree, LEAF({ "l2vpn-evpn", NULL }, { "advertise-svi-ip", NULL }), "true");
	put(tree, LEAF({ "l2vpn-evpn", NULL }, { "autort-rfc8365", NULL }), "true");
	put(tree, LEAF({ "l2vpn-evpn", NULL }, { "autort-as", NULL }), number(1, 70000));
	put(tree, LEAF({ "l2vpn-evpn", NULL }, { "flooding", NULL }), "disable");
#define DAD(name)                                                                        \
	LEAF({ "l2vpn-evpn", NULL }, { "dup-addr-detection", NULL }, { name, NULL })
	put(tree, DAD("enabled"), ONE_OF("true", "false"));
	put(tree, DAD("max-moves"), number(2, 1000));
	put(tree, DAD("time"), number(2, 1800));
	put(tree, DAD("freeze"), ONE_OF("permanent", "30", "3600"));
	for (unsigned i = 0; i < 3; i++) {
		char id[16];

		snprintf(id, sizeof id, "%u", 1 + pick(16777215));
		random_vni(tree, id);
	}
#define EVPN(...) LEAF({ "l2vpn-evpn", NULL }, __VA_ARGS__)
	put(tree, EVPN({ "enable-resolve-overlay-index", NULL }), "true");
	put(tree, EVPN({ "probe", NULL }, { "enabled", NULL }), ONE_OF("true", "false"));
	put(tree, EVPN({ "probe", NULL }, { "rate", NULL }), number(1, 1000));
#undef EVPN
	random_vrf(tree, "red");
	random_vrf(tree, ONE_OF("a'b", "vrf", "10"));
#undef LEAF
#undef DAD
}

static struct lyd_node *
random_tree(void)
{
	struct lyd_node *tree = NULL;

#define LOG(...) NB_PATH({ "system", NULL }, { "log", NULL }, __VA_ARGS__)
	put(&tree, NB_PATH({ "system", NULL }, { "defaults", NULL }),
	    ONE_OF("traditional", "datacenter"));
	put(&tree, NB_PATH({ "system", NULL }, { "hostname", NULL }),
	    ONE_OF("leaf1", "a.b-c"));
	if (pick(2)) {
		put(&tree, LOG({ "file", NULL }, { "path", NULL }), "/tmp/x.log");
		if (tree && nb_find(tree, LOG({ "file", NULL })))
			put(&tree, LOG({ "file", NULL }, { "level", NULL }), "debugging");
	}
	put(&tree, LOG({ "stdout", NULL }, { "level", NULL }),
	    ONE_OF("errors", "alerts"));
	put(&tree, LOG({ "syslog", NULL }), NULL);
	if (pick(5))
		random_bgp(&tree);
#undef LOG
	return tree;
}

START_TEST(random_trees)
{
	srand((unsigned)_i * 7919 + 1);
	for (int i = 0; i < 20; i++) {
		struct lyd_node *tree = random_tree();

		assert_identity(tree);
		nb_tree_free(tree);
	}
}
END_TEST

/* ---- errors ---- */

static const struct {
	const char *text, *report;
} bad_lines[] = {
	{ "Building configuration...\n\nCurrent configuration:\n!\nhostname a\nend\n",
	    "" },
	{ "hostname a\nBuilding bridges\n", "E2: Unknown command: Building bridges\n" },
	{ "hostname a\nfoo bar\n", "E2: Unknown command: foo bar\n" },
	{ "router bgp 1\n neighbor 10.0.0.1 frob\n",
	    "E2: Unknown command at \"frob\": neighbor 10.0.0.1 frob\n" },
	{ "router bgp 1\n neighbor 10.0.0.1\n",
	    "E2: Command incomplete: neighbor 10.0.0.1\n" },
	{ "router bgp 1\n neighbor 10.0.0.1 p 5\n",
	    "E2: Ambiguous command at \"p\": neighbor 10.0.0.1 p 5\n" },
	{ "router bgp 1\n neighbor FAB remote-as 1\n",
	    "E2: peer-group FAB is not there: \"neighbor FAB peer-group\" first\n" },
	{ "router bgp 1\n neighbor 10.0.0.1 distribute-list X in\n",
	    "E2: Access lists of prefixes are not read; say it with a prefix-list: "
	    "neighbor 10.0.0.1 distribute-list X in\n" },
	{ "route-map X permit 10\n match tag 5\n",
	    "E2: Routes have no tags here: the kernel knows none: match tag 5\n" },
	{ "route-map X permit 10\n match probability 5\n",
	    "E2: This is not looked at, so the policy would say something else: match "
	    "probability 5\n" },
	{ "router bgp 1\n timers bgp 1 2\n",
	    "E2: Unsatisfied range - value \"2\" is out of the allowed range.\n" },
	{ "router bgp 1\nrouter bgp 2\n",
	    "E2: BGP is already configured with AS 1; \"no router bgp\" first\n" },
	/* What is in a section that was refused is not applied to the one before. */
	{ "router bgp 1\nvrf a\nrouter bgp 2\naddress-family l2vpn evpn\nvni 7\nexit\n"
	  "exit\nexit\nhostname x\n",
	    "E3: BGP is already configured with AS 1; \"no router bgp\" first\n"
	    "E4: not applied, as its section was not: address-family l2vpn evpn\n"
	    "E5: not applied, as its section was not: vni 7\n" },
	{ "router bgp 1\nrouter bgp 1 vrf red\naddress-family ipv4\n"
	  "network 2001:db8::/32\nredistribute static route-map X\n",
	    "E4: Unknown command at \"2001:db8::/32\", which is no A.B.C.D/M: network "
	    "2001:db8::/32\n" },
	{ "router bgp 0\n",
	    "E1: Unknown command at \"0\", which is no ASNUM: router bgp 0\n" },
	/* An outer node refuses the word, but the inner one has it. */
	{ "router bgp 1\naddress-family l2vpn evpn\nvni 5\nrd 1:2:3\n",
	    "E4: Unknown command at \"1:2:3\", which is no RD: rd 1:2:3\n" },
	{ "interface eth0\n frobnicate\n", "N1: without effect (Interfaces are "
					   "configured in the kernel): interface eth0\n"
					   "E2: Unknown command: frobnicate\n" },
	{ "bfd\n profile X\n detect-multiplier 3\n",
	    "N1: without effect (BFD is not spoken): bfd\n"
	    "N2: without effect (BFD is not spoken): profile X\n"
	    "N3: without effect (BFD is not spoken): detect-multiplier 3\n" },
};

START_TEST(bad_line)
{
	struct cli_report rep;
	struct seen seen;
	struct lyd_node *tree = load(bad_lines[_i].text, &seen, &rep);

	ck_assert_str_eq(seen.text.s, bad_lines[_i].report);
	strbuf_fini(&seen.text);
	nb_tree_free(tree);
}
END_TEST

/* What has no effect here is kept, and taken back. */
START_TEST(kept)
{
	static const char text[] =
	    "!\nrouter bgp 1\n distance bgp 20 200 200\n !\n"
	    " address-family ipv4 multicast\n  network 10.0.0.0/8\n"
	    " exit-address-family\nexit\nip nht resolve-via-default\n"
	    "!\nbfd\n !\n profile a b'\n  no echo-mode\n exit\nexit\n"
	    "!\ninterface x\n no ip ospf area 1\nexit\n";
	struct lyd_node *tree = load_good(text);
	struct cli_report rep = { 0 };
	char *out = tree_text(tree);

	ck_assert_str_eq(out, text);
	assert_identity(tree);
	free(out);
	cli_text_load(cli, nb, &tree,
	    "no ip nht\nbfd\nprofile  a\tb'\nno echo-mode\necho-mode\nexit\n"
	    "no profile a c\nexit\nno interface x\nrouter bgp 1\nno distance bgp\n",
	    NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	out = tree_text(tree);
	ck_assert_str_eq(out, "!\nrouter bgp 1\n !\n address-family ipv4 multicast\n"
			      "  network 10.0.0.0/8\n exit-address-family\nexit\n"
			      "!\nbfd\n !\n profile a b'\n  echo-mode\n exit\nexit\n");
	free(out);
	nb_tree_free(tree);
}
END_TEST

/* By NETCONF anything may stand there: the text says only what would be kept again. */
START_TEST(kept_is_no_back_door)
{
	struct lyd_node *tree = NULL;
	struct err e = { 0 };
	char *text;

#define KEPT(name) NB_PATH({ "system", NULL }, { name, NULL })
	ck_assert(nb_add(nb, &tree, KEPT("kept"), "hostname mallory", &e));
	ck_assert(nb_add(nb, &tree, KEPT("kept"), "interface x", &e));
	ck_assert(nb_add(nb, &tree, KEPT("kept"), "frobnicate", &e));
	ck_assert(nb_set(nb, &tree,
	    NB_PATH({ "system", NULL }, { "kept-section", "router bgp 5" }), NULL, &e));
#undef KEPT
	text = tree_text(tree);
	ck_assert_str_eq(text, "");
	free(text);
	nb_tree_free(tree);
}
END_TEST

/* ---- the whole schema ---- */

static bool
step_fits(const struct stmt_step *st, const char *name)
{
	if (st->peer)
		return strcmp(name, "neighbor") == 0 || strcmp(name, "peer-group") == 0;
	return strcmp(st->name, name) == 0;
}

static bool
stmt_is(const struct cli_stmt *st, const struct nb_path *p)
{
	for (unsigned i = 0; i < st->n && i < p->n; i++)
		if (!step_fits(&st->step[i], p->s[i].name))
			return false;
	return st->n == p->n;
}

static void
need_row(void *arg, const struct nb_path *p)
{
	unsigned *missing = arg;

	if (strcmp(p->s[p->n - 1].name, "kept") == 0) /* as typed */
		return;
	for (size_t i = 0; i < cli->nrows; i++)
		for (size_t k = 0; k < cli->rows[i].set.n; k++)
			if (stmt_is(&cli->rows[i].set.s[k], p))
				return;
	fprintf(stderr, "no command for .../%s\n", p->s[p->n - 1].name);
	(*missing)++;
}

/* What the tree can hold the text can say. */
START_TEST(every_leaf_has_a_command)
{
	unsigned missing = 0;

	nb_schema_leaves(nb, need_row, &missing);
	ck_assert_uint_eq(missing, 0);
}
END_TEST

/* A value for the key of a list. */
static const char *
sample_key(const char *capture)
{
	static const char *const keys[][2] = {
		{ "vni", "1" },
		{ "range", "10.0.0.0/8" },
		{ "network", "10.0.0.0/8" },
		{ "aggregate", "10.0.0.0/8" },
		{ "prefix", "10.0.0.0/8" },
		{ "source", "static" },
		{ "family", "ipv4" },
		{ "place", "5" },
		{ "seq", "5" },
		{ "table", "5" },
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(keys[i][0], capture) == 0)
			return keys[i][1];
	return "10.0.0.1";
}

/* And every statement is about something that is in the schema. */
START_TEST(every_statement_has_a_leaf)
{
	for (size_t i = 0; i < cli->nrows; i++)
		for (size_t k = 0; k < cli->rows[i].set.n; k++) {
			const struct cli_stmt *st = &cli->rows[i].set.s[k];
			struct cli_scope scope = { .n = 0 };
			struct nb_path p;
			struct err e = { 0 };

			for (unsigned j = 0; j < st->n; j++)
				if (st->step[j].key)
					cli_scope_add(&scope, st->step[j].key,
					    sample_key(st->step[j].key));
			ck_assert(cli_stmt_path(st, &scope, &p));
			ck_assert_msg(nb_check(nb, &p, NULL, &e), "%s: %s",
			    cli->rows[i].row->pattern, e.text);
		}
}
END_TEST

/* `no` in a member of a peer-group outlives the loader only where it says something. */
START_TEST(no_against_group)
{
	struct lyd_node *tree =
	    load_good("router bgp 1\n neighbor G peer-group\n neighbor G remote-as 1\n "
		      "neighbor G passive\n"
		      " neighbor 10.0.0.1 peer-group G\n no neighbor 10.0.0.1 passive\n"
		      " no neighbor 10.0.0.1 shutdown\n");
	char *text = tree_text(tree);

	ck_assert_ptr_nonnull(strstr(text, "no neighbor 10.0.0.1 passive\n"));
	ck_assert_ptr_null(strstr(text, "shutdown"));
	assert_identity(tree);
	free(text);
	nb_tree_free(tree);
}
END_TEST

START_TEST(no_remote_as_drops)
{
	struct lyd_node *tree = load_good("router bgp 1\n neighbor 10.0.0.1 remote-as 1\n"
					  " neighbor 10.0.0.1 description x\n"
					  " no neighbor 10.0.0.1 remote-as 1\n");

	ck_assert_ptr_null(nb_find(tree, NB_PATH(BGP, { "neighbor", "10.0.0.1" })));
	nb_tree_free(tree);
}
END_TEST

/* What a statement made with another one's help goes with it. */
START_TEST(no_leaves_nothing)
{
	static const char *const texts[] = {
		"router bgp 1 vrf a\nno router bgp 1 vrf a\n",
		"router bgp 1\nneighbor G peer-group\nbgp listen range 10.0.0.0/8 "
		"peer-group G\nno bgp listen range 10.0.0.0/8 peer-group G\n"
		"no neighbor G\nno router bgp\n",
		"ip prefix-list P seq 7 permit 10.0.0.0/8 le 24\n"
		"no ip prefix-list P permit 10.0.0.0/8\n" /* another one */
		"no ip prefix-list P permit 10.0.0.0/8 le 24\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct lyd_node *tree = load_good(texts[i]);

		ck_assert_ptr_null(tree);
	}
}
END_TEST

START_TEST(no_listen_range)
{
	struct lyd_node *tree =
	    load_good("router bgp 1\nneighbor G peer-group\nneighbor G remote-as 1\n"
		      "bgp listen range 10.0.0.0/8 peer-group G\n"
		      "no bgp listen range 10.0.0.0/8 peer-group G\n");

	conf_free(compile(tree));
	nb_tree_free(tree);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ sample_files, ARRAY_LEN(samples), 0 },
		{ no_of_everything, ARRAY_LEN(samples), 0 },
		{ random_trees, 10, 0 },
		{ bad_line, ARRAY_LEN(bad_lines), 0 },
		{ kept, 0, 0 },
		{ kept_is_no_back_door, 0, 0 },
		{ every_leaf_has_a_command, 0, 0 },
		{ every_statement_has_a_leaf, 0, 0 },
		{ no_against_group, 0, 0 },
		{ no_remote_as_drops, 0, 0 },
		{ no_leaves_nothing, 0, 0 },
		{ no_listen_range, 0, 0 },
		{ NULL, 0, 0 },
	};

	return cli_tests("cli", NULL, tests);
}
