/* SPDX-License-Identifier: ISC */
/* Random edits by lines and by drafts: what runs is what its text and its XML say, and what a fresh start makes of it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/conf_dump.h"
#include "tests/unit/run.h"

#define ROUNDS 40 /* sections that are entered */
#define SEEDS 8

/* %u: a small number, %a: an address; what does not fit is refused, which is fine. */
static const struct section {
	const char *enter[3]; /* lines that lead there */
	const char *lines[24];
} sections[] = {
	{ { NULL }, { "hostname h%u", "no hostname", "frr defaults datacenter",
			"no frr defaults", "no router bgp 65000 vrf red%u",
			"no vrf red%u", "no route-map M%u", "no route-map M%u permit %u0",
			"ip prefix-list P%u seq %u permit 10.%u.0.0/16 le 24",
			"no ip prefix-list P%u",
			"ipv6 prefix-list S%u seq %u deny 2001:db8:%u::/48",
			"bgp community-list standard C%u permit 65000:%u no-export",
			"no bgp community-list standard C%u",
			"bgp as-path access-list A%u seq %u permit _6500%u_",
			"no bgp as-path access-list A%u", "port p%u network n%u",
			"port p%u network red%u/n%u", "port p%u tagged n%u n%u",
			"no port p%u", "no port p%u network n%u", "no tenant red%u",
			"log syslog warnings", "no log syslog" } },
	{ { NULL }, { "no router bgp 65000", "no fabric", "no router bgp" } },
	{ { "router bgp 65000" },
	    { "bgp router-id %a", "no bgp router-id", "bgp cluster-id %a",
		"neighbor G%u peer-group", "no neighbor G%u peer-group",
		"neighbor %a remote-as 6500%u", "neighbor %a peer-group G%u",
		"no neighbor %a", "neighbor %a description d%u e",
		"neighbor %a timers %u 30", "no neighbor %a timers",
		"neighbor G%u remote-as internal",
		"bgp listen range 10.%u.0.0/16 peer-group G%u",
		"no bgp listen range 10.%u.0.0/16 peer-group G%u",
		"no bgp default ipv4-unicast", "bgp default ipv4-unicast",
		"neighbor %a shutdown", "no neighbor %a shutdown", "timers bgp %u 30",
		"neighbor %a password x%u" } },
	{ { "router bgp 65000", "address-family l2vpn evpn" },
	    { "neighbor %a activate", "no neighbor %a activate",
		"neighbor %a route-map M%u in", "neighbor G%u route-reflector-client",
		"no neighbor G%u route-reflector-client", "advertise-all-vni",
		"no advertise-all-vni", "advertise-svi-ip", "no advertise-svi-ip",
		"flooding disable", "no flooding disable", "no vni 10%u", "vni 10%u",
		"dup-addr-detection max-moves %u time 60", "no dup-addr-detection",
		"advertise-default-gw", "autort rfc8365-compatible" } },
	{ { "router bgp 65000", "address-family l2vpn evpn", "vni 10%u" },
	    { "rd 1:%u", "no rd", "route-target import 1:%u 2:%u",
		"no route-target import 1:%u", "route-target export 1:%u 2:%u",
		"advertise-svi-ip", "no advertise-svi-ip", "route-target both 3:%u",
		"advertise-default-gw", "no advertise-default-gw" } },
	{ { "router bgp 65000", "address-family ipv4 unicast" },
	    { "network 10.%u.0.0/16", "no network 10.%u.0.0/16",
		"network 10.%u.0.0/16 route-map M%u", "redistribute connected",
		"no redistribute connected", "redistribute static route-map M%u",
		"maximum-paths %u", "no neighbor %a activate",
		"neighbor %a route-map M%u out" } },
	{ { "vrf red%u" }, { "vni 500%u", "vni 10%u", "no vni",
			       "vni 500%u prefix-routes-only", "no unreachable-default",
			       "unreachable-default", "ip route 10.0.0.0/8 %a" } },
	{ { "router bgp 65000 vrf red%u" }, { "bgp router-id %a", "no bgp router-id" } },
	{ { "router bgp 65000 vrf red%u", "address-family ipv4 unicast" },
	    { "redistribute connected", "no redistribute connected",
		"redistribute static metric %u route-map M%u", "no redistribute static",
		"network 10.%u.0.0/16", "no network 10.%u.0.0/16",
		"network 10.%u.0.0/16 route-map M%u", "redistribute table %u metric %u",
		"aggregate-address 10.0.0.0/8 summary-only", "import vrf red%u",
		"no import vrf red%u", "import vrf route-map M%u", "maximum-paths %u" } },
	{ { "router bgp 65000 vrf red%u", "address-family l2vpn evpn" },
	    { "advertise ipv4 unicast", "advertise ipv6 unicast route-map M%u",
		"no advertise ipv4 unicast", "default-originate ipv4", "rd 1:%u", "no rd",
		"route-target import *:%u 1:%u", "route-target both auto",
		"no route-target import *:%u" } },
	{ { "route-map M%u permit %u0" },
	    { "match ip address prefix-list P%u", "no match ip address prefix-list P%u",
		"match community C%u", "match as-path A%u", "set metric %u",
		"no set metric", "set community 65000:%u additive",
		"set as-path prepend 65000 6500%u", "set local-preference %u",
		"match evpn vni 10%u", "match source-vrf red%u" } },
	{ { "route-map M%u permit %u0" },
	    { "call M%u", "no call", "on-match next", "on-match goto %u5", "continue %u0",
		"no on-match next", "match peer %a", "no match peer",
		"match mac address L%u", "match community-limit %u", "set weight %u",
		"set as-path exclude 6500%u", "set as-path replace any 6500%u",
		"no set as-path replace any", "set evpn gateway-ip ipv4 %a" } },
	{ { NULL },
	    { "mac access-list L%u permit 00:11:22:33:44:0%u", "no mac access-list L%u",
		"no mac access-list L%u permit 00:11:22:33:44:0%u",
		"ip prefix-list P%u permit 10.%u.0.0/16",
		"no ip prefix-list P%u permit 10.%u.0.0/16" } },
	{ { "router bgp 65000", "address-family ipv4 unicast" },
	    { "neighbor %a weight %u", "neighbor G%u filter-list A%u in",
		"neighbor G%u as-override", "neighbor %a remove-private-AS all",
		"no neighbor %a remove-private-AS", "neighbor %a prefix-list P%u in",
		"no neighbor %a prefix-list P%u in" } },
	{ { "router bgp 65000", "address-family l2vpn evpn", "vni 10%u" },
	    { "auto-route-target import add-always", "no auto-route-target import",
		"route-target export auto" } },
	{ { "route-map M%u deny %u0" }, { "match ipv6 address prefix-list S%u" } },
	{ { "fabric" },
	    { "asn 65000", "no asn", "vtep %a", "no vtep", "peer s%u %a",
		"peer s%u %a as 6500%u", "no peer s%u", "bridge br%u",
		"bridge br%u adopt", "vxlan per-vni", "no vxlan", "mtu 900%u",
		"no arp-suppression", "duplicate-detection max-moves %u time 60" } },
	{ { "tenant red%u vni 500%u" },
	    { "irb centralised", "rd 2:%u", "rt import 1:%u", "advertise default ipv4",
		"advertise aggregate 10.%u.0.0/16", "leak from red%u",
		"leak from red%u prefix-list P%u", "no leak from red%u",
		"external e%u interface eth%u address 10.9.%u.1/24", "no external e%u",
		"network n%u flood none", "network n%u rd 3:%u", "network n%u vni 10%u",
		"network n%u vni 20%u vlan %u",
		"network n%u vni 30%u gateway 10.%u.0.1/24 2001:db8:%u::1/64",
		"no network n%u" } },
	{ { "tenant blue%u" }, { "network n%u vni 40%u vlan 1%u", "no network n%u" } },
};

/* For more than `make check` has time for: EVPND_EDITS_SEEDS of them, from EVPND_EDITS_FROM. */
static int
number_of(const char *name, int dflt)
{
	const char *v = getenv(name);
	unsigned long long n;

	return v && parse_u64(v, 0, 1000000, &n) ? (int)n : dflt;
}

static int
seeds(void)
{
	return number_of("EVPND_EDITS_SEEDS", SEEDS);
}

static int
base_seed(void)
{
	return number_of("EVPND_EDITS_FROM", 0);
}

static uint32_t
draw(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % below;
}

static void
make_line(uint32_t *seed, const char *s, char *buf, size_t size)
{
	struct strbuf b;

	strbuf_init(&b);
	for (; *s; s++)
		if (s[0] == '%' && s[1] == 'u') {
			strbuf_printf(&b, "%u", draw(seed, 4) + 1);
			s++;
		} else if (s[0] == '%' && s[1] == 'a') {
			strbuf_printf(&b, "10.0.0.%u", draw(seed, 4) + 1);
			s++;
		} else {
			strbuf_putc(&b, *s);
		}
	snprintf(buf, size, "%s", b.s);
	strbuf_fini(&b);
}

static char *
text_of(const struct lyd_node *tree)
{
	struct strbuf b;

	strbuf_init(&b);
	strbuf_put(&b, "");
	cli_text_render(cli, nb, tree, &b);
	return strbuf_take(&b);
}

static void
same_by_text(const struct lyd_node *tree)
{
	struct cli_report rep = { 0 };
	struct lyd_node *again = NULL;
	char *a = text_of(tree), *b;

	cli_text_load(cli, nb, &again, a, NULL, &rep);
	ck_assert_msg(
	    rep.errors == 0 && nb_equal(tree, again), "not the same tree:\n%s", a);
	b = text_of(again);
	ck_assert_str_eq(a, b);
	nb_tree_free(again);
	free(a);
	free(b);
}

static void
same_by_xml(const struct lyd_node *tree)
{
	struct lyd_node *again = NULL;
	struct strbuf a, b;
	struct err e = { 0 };

	if (!tree)
		return;
	strbuf_init(&a);
	strbuf_init(&b);
	ck_assert(nb_print(tree, NB_XML, &a, &e));
	ck_assert_msg(nb_parse(nb, a.s, NB_XML, &again, &e), "%s", e.text);
	ck_assert(nb_equal(tree, again));
	ck_assert(nb_print(again, NB_XML, &b, &e));
	ck_assert_str_eq(a.s, b.s);
	nb_tree_free(again);
	strbuf_fini(&a);
	strbuf_fini(&b);
}

static char *
dump_of(const struct conf *c)
{
	struct strbuf b;

	strbuf_init(&b);
	conf_dump(c, &b);
	return strbuf_take(&b);
}

/* Both say the same; else where they part. */
static void
same_dumps(const char *what, const char *a, const char *b)
{
	size_t at = 0;

	while (a[at] && a[at] == b[at])
		at++;
	ck_assert_msg(a[at] == b[at], "%s: ...%.300s\nis not\n...%.300s", what,
	    a + at - MIN(at, 100), b + at - MIN(at, 100));
}

/* What a start from the written file makes of it. */
static void
same_by_start(struct fix *f, struct session *s)
{
	struct lyd_node *was = nb_dup(f->eng.ds->running);
	char *a = dump_of(f->eng.conf), *b;

	typed(s, "do write");
	session_fini(s);
	engine_fini(f);
	engine_init(f);
	load(f, false);
	ck_assert(nb_equal(was, f->eng.ds->running));
	b = dump_of(f->eng.conf);
	same_dumps("a fresh start", a, b);
	nb_tree_free(was);
	free(a);
	free(b);
}

/* What a line would do to the whole tree, compiled from nothing. */
struct whole {
	struct lyd_node *tree; /* afterwards */
	struct conf *conf;     /* NULL: refused */
};

static struct whole
on_the_whole(struct fix *f, const struct session *s, const char *line)
{
	struct whole w = { nb_dup(f->eng.ds->running), NULL };
	struct cli_pos pos;
	struct err e = { 0 };

	cli_pos_copy(&pos, &s->pos);
	if (cli_line(cli, nb, &pos, &w.tree, line, NULL, &e) != CLI_FAILED) {
		cli_normalise(nb, &w.tree);
		e = (struct err){ 0 };
		w.conf = commit_check_tree(&f->eng, w.tree, &e);
	}
	cli_pos_fini(&pos);
	return w;
}

/* A line of `configure terminal` is done to a part: that must be what it is to the whole. */
static unsigned
terminal_line(struct fix *f, struct session *s, const char *line)
{
	struct whole w = on_the_whole(f, s, line);
	bool ok = type(s, line);
	char *a, *b;

	ck_assert_msg(
	    ok == (w.conf != NULL), "%s: %s", line, s->out.buf.s ? s->out.buf.s : "");
	if (ok) {
		ck_assert_msg(nb_equal(w.tree, f->eng.ds->running), "%s", line);
		a = dump_of(w.conf);
		b = dump_of(f->eng.conf);
		same_dumps(line, a, b);
		free(a);
		free(b);
	}
	nb_tree_free(w.tree);
	conf_free(w.conf);
	return ok;
}

static unsigned
random_line(struct fix *f, struct session *s, uint32_t *seed, const char *pattern)
{
	char line[128];

	make_line(seed, pattern, line, sizeof line);
	return s->draft ? type(s, line) : terminal_line(f, s, line);
}

static unsigned
random_section(struct fix *f, struct session *s, uint32_t *seed)
{
	const struct section *x = &sections[draw(seed, ARRAY_LEN(sections))];
	unsigned done = 0, n = draw(seed, 6);
	size_t nlines = 0;

	while (nlines < ARRAY_LEN(x->lines) && x->lines[nlines])
		nlines++;
	for (size_t i = 0; i < ARRAY_LEN(x->enter) && x->enter[i]; i++)
		if (!random_line(f, s, seed, x->enter[i]))
			n = 0;
	for (unsigned i = 0; i < n; i++)
		done += random_line(f, s, seed, x->lines[draw(seed, (uint32_t)nlines)]);
	while (s->pos.n > 1)
		typed(s, "exit");
	return done;
}

/* By the other door, after a commit of what can be committed. */
static void
other_door(struct session *s)
{
	const bool gathers = s->draft != NULL;

	if (gathers && !type(s, "commit"))
		typed(s, "discard");
	typed(s, "abort");
	typed(s, gathers ? "configure terminal" : "configure private");
}

START_TEST(random_edits)
{
	uint32_t seed = (uint32_t)(_i + base_seed()) * 7919 + 1;
	unsigned done = 0;
	struct session s;
	struct fix f;

	fix_init(&f);
	load(&f, false);
	open_session(&s, &f, "ann");
	typed(&s, "configure terminal");
	for (unsigned i = 0; i < ROUNDS; i++) {
		done += random_section(&f, &s, &seed);
		if (draw(&seed, 8) == 0)
			other_door(&s);
		if (draw(&seed, 4) == 0) {
			same_by_text(f.eng.ds->running);
			same_by_xml(f.eng.ds->running);
		}
	}
	ck_assert_uint_gt(done, ROUNDS / 2);
	if (s.draft)
		other_door(&s);
	same_by_text(f.eng.ds->running);
	same_by_xml(f.eng.ds->running);
	same_by_start(&f, &s);
	fix_fini(&f);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ random_edits, seeds(), 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("edits", tests);
}
