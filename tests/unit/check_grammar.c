/* SPDX-License-Identifier: ISC */
/* Patterns: compiling, the better match, abbreviations, values, help, printing. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_grammar.h"
#include "mgmt/cli_table.h"
#include "tests/unit/run.h"

#define PATTERNS_MAX 16

struct set {
	struct cli_pattern *p[PATTERNS_MAX]; /* compiled */
	size_t n;			     /* of them */
};

static struct set
compile(const char *const *texts)
{
	struct set s = { .n = 0 };
	struct err e = { 0 };

	for (; *texts; texts++) {
		s.p[s.n] = cli_pattern_new(*texts, &e);
		ck_assert_msg(s.p[s.n] != NULL, "%s", e.text);
		s.n++;
	}
	return s;
}

static void
set_free(struct set *s)
{
	for (size_t i = 0; i < s->n; i++)
		cli_pattern_free(s->p[i]);
}

static const char *const words[] = {
	"neighbor <A.B.C.D|X:X::X:X|WORD>$peer remote-as "
	"<ASNUM|internal|external>$as",					/* 0 */
	"neighbor WORD$peer peer-group",				/* 1 */
	"neighbor <A.B.C.D|X:X::X:X>$peer peer-group WORD$group",	/* 2 */
	"neighbor <A.B.C.D|WORD>$peer shutdown [message LINE...$text]", /* 3 */
	"timers bgp (0-65535)$keepalive (0-65535)$hold",		/* 4 */
	"show bgp l2vpn evpn route [detail] [type <macip|2|multicast|3>$type] "
	"[json]",							       /* 5 */
	"show bgp l2vpn evpn route rd <RD|all>$rd mac X:X:X:X:X:X$mac",	       /* 6 */
	"route-target import RTLIST...$rt",				       /* 7 */
	"bgp listen range <A.B.C.D/M|X:X::X:X/M>$range peer-group WORD$group", /* 8 */
	NULL,
};

static const struct {
	const char *line;
	bool shorter; /* as behind `no` */
	enum cli_verdict verdict;
	size_t which;	  /* with CLI_OK the pattern, else the bad word */
	const char *args; /* "name=value ..." that must be there */
} lines[] = {
	{ "neighbor 10.0.0.1 remote-as 65000", false, CLI_OK, 0,
	    "peer=10.0.0.1 as=65000" },
	{ "neighbor 2001:db8::1 remote-as 1.10", false, CLI_OK, 0,
	    "peer=2001:db8::1 as=65546" },
	{ "nei FAB remo ext", false, CLI_OK, 0, "peer=FAB as=external" },
	{ "neighbor FAB remote-as in", false, CLI_OK, 0, "as=internal" },
	{ "neighbor FAB remote-as 0", false, CLI_UNKNOWN, 3, NULL },
	{ "neighbor FAB remote-as 4294967296", false, CLI_UNKNOWN, 3, NULL },
	{ "neighbor FAB peer-group", false, CLI_OK, 1, "peer=FAB" },
	{ "neighbor 10.0.0.1 peer-group FAB", false, CLI_OK, 2,
	    "peer=10.0.0.1 group=FAB" },
	{ "neighbor 10.0.0.1 peer-group", false, CLI_INCOMPLETE, 0, NULL },
	{ "neighbor 10.0.0.1 peer-group", true, CLI_OK, 2, "peer=10.0.0.1" },
	{ "neighbor 10.0.0.1 shutdown", false, CLI_OK, 3, "peer=10.0.0.1" },
	{ "neighbor 10.0.0.1 shut message  bye   and  good luck ", false, CLI_OK, 3,
	    "text=bye   and  good luck" },
	{ "neighbor 10.0.0.1 shut message", false, CLI_INCOMPLETE, 0, NULL },
	{ "timers bgp 3 9", false, CLI_OK, 4, "keepalive=3 hold=9" },
	{ "timers bgp 3", false, CLI_INCOMPLETE, 0, NULL },
	{ "timers bgp 3", true, CLI_OK, 4, "keepalive=3" },
	{ "timers bgp", true, CLI_OK, 4, NULL },
	{ "timers", true, CLI_INCOMPLETE, 0, NULL },
	{ "timers bgp 3 65536", false, CLI_UNKNOWN, 3, NULL },
	{ "timers bgp 3 9 1", false, CLI_UNKNOWN, 4, NULL },
	{ "sh bgp l2vp evpn route", false, CLI_OK, 5, NULL },
	{ "sh bgp l2vp evpn route type 2 json", false, CLI_OK, 5, "type=2 json=json" },
	{ "sh bgp l2vp evpn route detail type mu", false, CLI_OK, 5,
	    "detail=detail type=multicast" },
	{ "sh bgp l2vp evpn route type m", false, CLI_AMBIGUOUS, 6, NULL },
	{ "sh bgp l2vp evpn route json detail", false, CLI_UNKNOWN, 6, NULL },
	{ "sh bgp l2vp evpn route rd 1:2 mac 00:11:22:33:44:55", false, CLI_OK, 6,
	    "rd=1:2 mac=00:11:22:33:44:55" },
	{ "route-target import 1:2 *:3 10.0.0.1:4", false, CLI_OK, 7,
	    "rt=1:2 *:3 10.0.0.1:4" },
	{ "route-target import", false, CLI_INCOMPLETE, 0, NULL },
	{ "route-target import", true, CLI_OK, 7, NULL },
	{ "route-target import 1:2 x", false, CLI_UNKNOWN, 3, NULL },
	{ "bgp listen range 10.0.0.0/8 peer-group X", false, CLI_OK, 8,
	    "range=10.0.0.0/8 group=X" },
	{ "bgp listen range 10.0.0.0 peer-group X", false, CLI_UNKNOWN, 3, NULL },
	{ "bgp listen range 10.0.0.0/8", true, CLI_INCOMPLETE, 0, NULL },
	{ "frob", false, CLI_UNKNOWN, 0, NULL },
	{ "", false, CLI_INCOMPLETE, 0, NULL },
};

/* "a=b c=d": each is among the arguments; a value goes to the next " name=" or the end. */
static void
check_args(const struct cli_args *args, const char *want)
{
	while (want && *want) {
		char name[32];
		const char *eq = strchr(want, '='), *value, *end = eq + 1;

		snprintf(name, sizeof name, "%.*s", (int)(eq - want), want);
		value = cli_arg(args, name);
		ck_assert_msg(value != NULL, "%s", name);
		ck_assert_msg(
		    strncmp(eq + 1, value, strlen(value)) == 0, "%s is %s", name, value);
		end += strlen(value);
		ck_assert(*end == '\0' || *end == ' ');
		want = *end ? end + 1 : end;
	}
}

START_TEST(match)
{
	struct set s = compile(words);
	struct cli_line l;
	struct cli_args args;
	size_t which = 0, bad = 0;
	enum cli_verdict v;

	cli_line_split(&l, lines[_i].line);
	v = cli_match(s.p, s.n, &l, lines[_i].shorter, &which, &args, &bad);
	ck_assert_msg(v == lines[_i].verdict, "%s: %d", lines[_i].line, v);
	if (v == CLI_OK) {
		ck_assert_uint_eq(which, lines[_i].which);
		check_args(&args, lines[_i].args);
	} else if (v != CLI_INCOMPLETE) {
		ck_assert_uint_eq(bad, lines[_i].which);
	}
	cli_args_free(&args);
	set_free(&s);
}
END_TEST

/* More words than a line may have are refused, not forgotten. */
START_TEST(too_many_words)
{
	static const char *const patterns[] = { "import RTLIST...$rt",
		"text LINE...$text", NULL };
	struct set s = compile(patterns);
	struct cli_line l;
	struct cli_args args;
	struct strbuf b;
	size_t which, bad;

	strbuf_init(&b);
	strbuf_put(&b, _i ? "text" : "import");
	for (int i = 0; i < CLI_WORDS_MAX; i++)
		strbuf_put(&b, " 1:1");
	cli_line_split(&l, b.s);
	ck_assert_int_eq(cli_match(s.p, s.n, &l, false, &which, &args, &bad),
	    _i ? CLI_OK : CLI_UNKNOWN);
	if (_i)
		ck_assert_uint_eq(strlen(cli_arg(&args, "text")), 4 * CLI_WORDS_MAX - 1);
	cli_args_free(&args);
	strbuf_fini(&b);
	set_free(&s);
}
END_TEST

static const char *const bad_patterns[] = {
	"",
	"[a]",
	"a [b",
	"a b]",
	"a <b|c",
	"(5-1)",
	"(x-y)",
	"A.B.C",
	"a $x",
	"a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n "
	"o p q r s t u v w x y z"
	" a b c d e f g h i j k l m n o p q r s t u v w x y z",
};

START_TEST(bad_pattern)
{
	struct err e = { 0 };

	ck_assert_ptr_null(cli_pattern_new(bad_patterns[_i], &e));
	ck_assert_str_ne(e.text, "");
}
END_TEST

/* ---- what may come next ---- */

static void
on_next(void *arg, const char *word, bool is_value, size_t which)
{
	char *out = arg;

	(void)which;
	sprintf(out + strlen(out), "%s%s ", word, is_value ? "!" : "");
}

static const struct {
	const char *line, *next;
} nexts[] = {
	{ "", "bgp neighbor route-target show timers " },
	{ "t", "timers " },
	{ "neighbor ", "A.B.C.D! WORD! X:X::X:X! " },
	{ "neighbor 10.0.0.1 ", "peer-group remote-as shutdown " },
	{ "neighbor 10.0.0.1 re", "remote-as " },
	{ "neighbor FAB peer-group ", "<cr>! " },
	{ "neighbor 10.0.0.1 remote-as ", "external internal ASNUM! " },
	{ "neighbor 10.0.0.1 shutdown ", "message <cr>! " },
	{ "neighbor 10.0.0.1 shutdown message x y ", "<cr>! " },
	{ "timers bgp 1 ", "(0-65535)! " },
	{ "timers frob ", "" },
	{ "route-target import 1:1 ", "<cr>! RTLIST...! " },
};

START_TEST(next)
{
	struct set s = compile(words);
	struct cli_line l;
	char out[512] = "";

	cli_line_split(&l, nexts[_i].line);
	cli_next(s.p, s.n, &l, false, on_next, out);
	ck_assert_str_eq(out, nexts[_i].next);
	set_free(&s);
}
END_TEST

/* ---- printing ---- */

static const char *
value_of(void *arg, const char *name)
{
	const struct cli_args *args = arg;

	return cli_arg(args, name);
}

/* A line that was matched is printed again from its values, with keywords in full. */
static const struct {
	const char *pattern, *typed, *printed;
} prints[] = {
	{ "neighbor <A.B.C.D|WORD>$peer remote-as <ASNUM|internal>$as", "nei X rem int",
	    "neighbor X remote-as internal" },
	{ "max (1-99)$n [(1-100)$p] [warning-only$w|restart (1-9)$r]", "max 5", "max 5" },
	{ "max (1-99)$n [(1-100)$p] [warning-only$w|restart (1-9)$r]", "max 5 80",
	    "max 5 80" },
	{ "max (1-99)$n [(1-100)$p] [warning-only$w|restart (1-9)$r]", "max 5 80 warn",
	    "max 5 80 warning-only" },
	{ "max (1-99)$n [(1-100)$p] [warning-only$w|restart (1-9)$r]", "max 5 res 3",
	    "max 5 restart 3" },
	{ "shutdown [message LINE...$text]", "shut", "shutdown" },
	{ "shutdown [message LINE...$text]", "shut mess  a  b ",
	    "shutdown message a  b" },
	{ "import RTLIST...$rt", "import 1:1 *:2", "import 1:1 *:2" },
};

START_TEST(print)
{
	struct err e = { 0 };
	struct cli_pattern *p = cli_pattern_new(prints[_i].pattern, &e);
	struct cli_args args;
	struct cli_line l;
	struct strbuf out;
	size_t which, bad;

	ck_assert_ptr_nonnull(p);
	cli_line_split(&l, prints[_i].typed);
	ck_assert_int_eq(cli_match(&p, 1, &l, false, &which, &args, &bad), CLI_OK);
	strbuf_init(&out);
	ck_assert(cli_pattern_print(p, value_of, &args, &out));
	ck_assert_str_eq(out.s, prints[_i].printed);
	strbuf_fini(&out);
	cli_args_free(&args);
	cli_pattern_free(p);
}
END_TEST

/* ---- help ---- */

static void
need_help(void *arg, const char *word)
{
	unsigned *missing = arg;

	if (cli_word_help(word))
		return;
	fprintf(stderr, "mgmt/cli_words.c: no help for \"%s\"\n", word);
	(*missing)++;
}

/* Every keyword that is offered has its sentence. */
START_TEST(help_of_words)
{
	unsigned missing = 0;

	for (size_t t = 0; cli_tables[t]; t++)
		for (size_t i = 0; i < cli_tables[t]->n; i++) {
			const struct cli_row *row = &cli_tables[t]->rows[i];
			struct err e = { 0 };
			struct cli_pattern *p = cli_pattern_new(row->pattern, &e);

			ck_assert_msg(p != NULL, "%s", e.text);
			ck_assert_msg(row->help && row->help[0], "%s", row->pattern);
			if (!(row->flags &
				(CLI_HIDDEN | CLI_NOEFFECT | CLI_SILENT | CLI_REFUSE)))
				cli_pattern_words(p, need_help, &missing);
			cli_pattern_free(p);
		}
	ck_assert_uint_eq(missing, 0);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ match, ARRAY_LEN(lines), 0 },
		{ too_many_words, 2, 0 },
		{ bad_pattern, ARRAY_LEN(bad_patterns), 0 },
		{ next, ARRAY_LEN(nexts), 0 },
		{ print, ARRAY_LEN(prints), 0 },
		{ help_of_words, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("grammar", tests);
}
