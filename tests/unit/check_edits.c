/* SPDX-License-Identifier: ISC */
/* Random edits by lines and by drafts: what runs is what its text and its XML say, and what a fresh start makes of it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/store.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

#define EDITS 120
#define SEEDS 8

/* %u: a small number, %a: an address; a line that does not fit is refused, which is fine. */
static const char *const lines[] = {
	"hostname h%u",
	"no hostname",
	"router bgp 65000",
	"router bgp 65000",
	"router bgp 65000",
	"bgp router-id %a",
	"no bgp router-id",
	"bgp cluster-id %a",
	"neighbor G%u peer-group",
	"no neighbor G%u peer-group",
	"neighbor %a remote-as 6500%u",
	"neighbor %a peer-group G%u",
	"no neighbor %a",
	"neighbor %a description d%u e",
	"neighbor %a timers %u 30",
	"no neighbor %a timers",
	"neighbor G%u remote-as internal",
	"neighbor G%u route-reflector-client",
	"address-family l2vpn evpn",
	"address-family l2vpn evpn",
	"neighbor %a activate",
	"no neighbor %a activate",
	"neighbor %a route-map M%u in",
	"advertise-all-vni",
	"no advertise-all-vni",
	"advertise-svi-ip",
	"vni 10%u",
	"no vni 10%u",
	"rd 1:%u",
	"no rd",
	"route-target import 1:%u",
	"no route-target import 1:%u",
	"route-target export 1:%u 2:%u",
	"exit-vni",
	"exit-address-family",
	"vrf red%u",
	"vni 500%u",
	"no vni",
	"exit-vrf",
	"router bgp 65000 vrf red%u",
	"no router bgp 65000 vrf red%u",
	"address-family ipv4 unicast",
	"redistribute connected",
	"no redistribute connected",
	"network 10.%u.0.0/16",
	"no network 10.%u.0.0/16",
	"route-map M%u permit %u0",
	"no route-map M%u",
	"match ip address prefix-list P%u",
	"set metric %u",
	"exit",
	"ip prefix-list P%u seq %u permit 10.%u.0.0/16 le 24",
	"no ip prefix-list P%u",
	"frr defaults datacenter",
	"no frr defaults",
	"end",
};

static uint32_t
draw(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % below;
}

static void
make_line(uint32_t *seed, char *buf, size_t size)
{
	const char *s = lines[draw(seed, ARRAY_LEN(lines))];
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

/* What a start from the written file makes of it. */
static void
same_by_start(struct fix *f, struct session *s)
{
	struct lyd_node *was = nb_dup(f->eng.ds->running);

	typed(s, "do write");
	session_fini(s);
	engine_fini(f);
	engine_init(f);
	load(f, false);
	ck_assert(nb_equal(was, f->eng.ds->running));
	nb_tree_free(was);
}

START_TEST(random_edits)
{
	uint32_t seed = (uint32_t)_i * 7919 + 1;
	unsigned done = 0;
	struct session s;
	char line[128];
	struct fix f;

	fix_init(&f);
	load(&f, false);
	open_session(&s, &f, "ann");
	typed(&s, "configure terminal");
	for (unsigned i = 0; i < EDITS; i++) {
		bool gathers = s.draft != NULL;

		make_line(&seed, line, sizeof line);
		if (strcmp(line, "end") != 0) {
			done += type(&s, line);
			if (s.pos.n == 0) /* "exit" at the top */
				typed(&s, "configure terminal");
			continue;
		}
		/* By the other door now, with what could be committed. */
		if (gathers && !type(&s, "commit"))
			typed(&s, "discard");
		typed(&s, "abort");
		typed(&s, gathers ? "configure terminal" : "configure private");
		same_by_text(f.eng.ds->running);
		same_by_xml(f.eng.ds->running);
	}
	ck_assert_uint_gt(done, EDITS / 8);
	typed(&s, "abort");
	typed(&s, "configure terminal");
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
		{ random_edits, SEEDS, 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("edits", tests);
}
