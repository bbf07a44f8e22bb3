/* SPDX-License-Identifier: ISC */
/* Random lines of the whole grammar, tenants among them: text to tree to text is the identity. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "mgmt/nb.h"
#include "tests/unit/cli_fix.h"
#include "tests/unit/run.h"

#define LINES_MAX 400  /* of one text */
#define TEXTS_MIN 60   /* texts that are drawn */
#define TEXTS_MAX 2000 /* until each row was taken in one */

static bool *taken; /* by row of cli->rows: a line of it was accepted; owned */

static unsigned
pick(unsigned n)
{
	return (unsigned)rand() % n;
}

/* ---- lines from patterns ---- */

struct text {
	struct strbuf s;			   /* so far */
	const struct cli_crow *row[LINES_MAX + 1]; /* by line, from 1; NULL: none's */
	int lines;				   /* of it */
};

/* Values of a kind, between bars; few, so that names meet each other. */
static const struct {
	const char *name; /* of the capture or the kind */
	const char *values;
} pools[] = {
	{ "session", "spine1|spine2" },
	{ "tenant", "red|blue" },
	{ "net", "web|db" },
	{ "network", "web|db|red/web" },
	{ "networks", "web|db" },
	{ "addresses", "10.1.10.1/24|2001:db8:10::1/64" },
	{ "peer", "G|H" },
	{ "group", "G|H" },
	{ "types", "1|2|3|5" },
	{ "communities", "65000:1|65000:1 65000:2|no-export additive|1:2:3|none" },
	{ "comms", "C|D" },
	{ "lcomms", "L" },
	{ "ecoms", "E" },
	{ "aspaths", "A" },
	{ "path", "/var/log/x|65000 65000" },
	{ "value", "65000:1|1:2:3|rt 65000:1|no-export|_65000_|^6" },
	{ "rt", "65000:1|65000:1 65000:2" },
	{ "soo", "65000:1" },
	{ "text", "x|a ! b # c|two  spaces" },
	{ "key", "secret|with space" },
	{ "A.B.C.D", "10.0.0.1|10.0.0.2|192.0.2.7" },
	{ "A.B.C.D/M", "10.0.0.0/8|192.0.2.0/24" },
	{ "X:X::X:X", "2001:db8::1|2001:db8::2" },
	{ "X:X::X:X/M", "2001:db8::/32|2001:db8:1::/48" },
	{ "X:X:X:X:X:X", "02:00:00:00:00:01|06:00:00:00:00:02" },
	{ "ESI", "00:01:02:03:04:05:06:07:08:09" },
	{ "RD", "65000:5|10.0.0.1:5" },
	{ "RT", "65000:5|*:5" },
	{ "RTLIST...", "65000:5|*:6|10.0.0.1:7" },
	{ "ASNUM", "65000" },
	{ "WORD", "x|y" },
	{ "WORDLIST...", "x|y" },
	{ "IFNAME", "eth1|red|blue" },
	{ "LINE...", "x|y z" },
};

/* One of "a|b|c". */
static void
put_one_of(struct strbuf *b, const char *values)
{
	unsigned n = 1;

	for (const char *p = values; *p; p++)
		n += *p == '|';
	for (n = pick(n); n > 0; n--)
		values = strchr(values, '|') + 1;
	strbuf_putn(b, values, strcspn(values, "|"));
}

static const char *
pool_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(pools); i++)
		if (strcmp(pools[i].name, name) == 0)
			return pools[i].values;
	return NULL;
}

/* "(lo-hi)": near one of its ends. */
static void
put_number(struct strbuf *b, const char *range)
{
	unsigned long long lo = 0, hi = 0;

	sscanf(range, "(%llu-%llu)", &lo, &hi);
	if (hi - lo > 5)
		lo = pick(2) ? lo + pick(6) : hi - pick(6);
	else
		lo += pick((unsigned)(hi - lo + 1));
	strbuf_printf(b, "%llu", lo);
}

/* Anything may stand here by its kind, so the name says what. */
static bool
is_free(const char *kind)
{
	return strcmp(kind, "IFNAME") == 0 || strncmp(kind, "WORD", 4) == 0 ||
	       strcmp(kind, "LINE...") == 0;
}

/* A value for this word of a pattern, or the word. */
static void
put_word(struct strbuf *b, const char *word, const char *name)
{
	const char *values = name[0] ? pool_of(name) : NULL;
	const char *kind = isupper((unsigned char)word[0]) ? pool_of(word) : NULL;
	bool list = strstr(word, "LIST...") != NULL;

	strbuf_put(b, " ");
	if (word[0] == '(') {
		put_number(b, word);
	} else if (!kind) {
		strbuf_put(b, word);
	} else {
		if (!values || !is_free(word))
			values = kind;
		put_one_of(b, values);
		while (list && pick(2)) {
			strbuf_put(b, " ");
			put_one_of(b, values);
		}
	}
}

static const char *put_sequence(struct strbuf *b, const char *p);

/* Behind the bracket that closes the one at p. */
static const char *
behind(const char *p)
{
	int depth = 0;

	do
		depth += (*p == '[' || *p == '<') - (*p == ']' || *p == '>');
	while (*p++ && depth > 0);
	return p;
}

/* One of the ways of a group, or none where it may be left out. */
static const char *
put_group(struct strbuf *b, const char *p)
{
	const char *way[64];
	const char *end = behind(p);
	unsigned n = 0;
	int depth = 0;

	way[n++] = p + 1;
	for (const char *s = p + 1; s < end - 1; s++) {
		depth += (*s == '[' || *s == '<') - (*s == ']' || *s == '>');
		if (*s == '|' && depth == 0)
			way[n++] = s + 1;
		ck_assert_uint_lt(n, ARRAY_LEN(way));
	}
	if (*p == '<' || pick(2))
		put_sequence(b, way[pick(n)]);
	return end;
}

/* "$name" behind a word or group. */
static const char *
read_name(const char *p, char name[32])
{
	size_t n = *p == '$' ? strcspn(p + 1, " <>[]|$") : 0;

	snprintf(name, 32, "%.*s", (int)n, p + 1);
	return *p == '$' ? p + 1 + n : p;
}

static const char *
put_sequence(struct strbuf *b, const char *p)
{
	while (*p && !strchr("]>|", *p)) {
		char word[64], name[32];

		if (*p == ' ') {
			p++;
		} else if (*p == '[' || *p == '<') {
			/* The name of a group is that of its items without one. */
			p = read_name(put_group(b, p), name);
		} else {
			size_t n = strcspn(p, " <>[]|$");

			snprintf(word, sizeof word, "%.*s", (int)n, p);
			p = read_name(p + n, name);
			put_word(b, word, name);
		}
	}
	return p;
}

/* One of these, sooner one that has not been taken yet. */
static const struct cli_crow *
pick_row(const struct cli_rowset *rows)
{
	const size_t at = pick((unsigned)rows->n);

	for (size_t i = 0; pick(2) && i < rows->n; i++) {
		const struct cli_crow *row = rows->row[(at + i) % rows->n];

		if (!taken[row - cli->rows])
			return row;
	}
	return rows->row[at];
}

static void
add_line(struct text *t, const struct cli_crow *row, const char *line)
{
	t->row[++t->lines] = row;
	strbuf_printf(&t->s, "%s\n", line);
}

/* Lines of this node, and of those that they enter. */
static void
draw_node(struct text *t, enum cli_node node, unsigned n)
{
	const struct cli_rowset *rows = &cli->node[node];

	while (n-- > 0 && t->lines < LINES_MAX - 20 && rows->n > 0) {
		const struct cli_crow *row = pick_row(rows);
		const bool no = row->row->flags & CLI_NO_ONLY || pick(12) == 0;
		struct strbuf line;

		if (row->row->flags & CLI_REFUSE)
			continue;
		strbuf_init(&line);
		strbuf_put(&line, no ? "no" : "");
		put_sequence(&line, row->row->pattern);
		add_line(t, row, line.s);
		strbuf_fini(&line);
		if (row->row->enter != NODE_NONE && !no) {
			draw_node(t, row->row->enter, 1 + pick(16));
			add_line(t, NULL, "exit");
		}
	}
}

/* ---- the property ---- */

struct seen {
	struct text *t;		 /* borrowed */
	bool bad[LINES_MAX + 1]; /* by line */
};

static void
on_report(void *arg, const struct err *e, bool error)
{
	struct seen *s = arg;

	if (e->line > 0 && e->line <= LINES_MAX)
		s->bad[e->line] |= error;
}

static struct lyd_node *
load(const char *text, struct cli_report *rep)
{
	struct lyd_node *tree = NULL;

	cli_text_load(cli, nb, &tree, text, NULL, rep);
	return tree;
}

static void
print_error(void *arg, const struct err *e, bool error)
{
	(void)arg;
	if (error)
		fprintf(stderr, "line %d: %s\n", e->line, e->text);
}

static void
check_identity(const struct text *t, const struct lyd_node *tree)
{
	struct cli_report rep = { .fn = print_error };
	char *text = tree_text(tree), *again;
	struct lyd_node *tree2 = load(text, &rep);
	bool same;

	again = tree_text(tree2);
	same = rep.errors == 0 && nb_equal(tree, tree2) && strcmp(text, again) == 0;
	if (!same) { /* longer than a message of the library may be */
		char *a = tree_json(tree), *b = tree_json(tree2);

		fprintf(stderr,
		    "typed\n%s\nrendered\n%s\nand again\n%s\nthat is\n%s\nand\n%s",
		    t->s.s, text, again, a, b);
		free(a);
		free(b);
	}
	ck_assert(same);
	nb_tree_free(tree2);
	free(text);
	free(again);
}

/* A neighbour needs an AS or a group to be one; `no` forms are no statements about others. */
static void
drop_half_neighbors(struct lyd_node **tree)
{
	const struct lyd_node *n =
	    nb_first(*tree, NB_PATH({ "bgp", NULL }, { "neighbor", NULL }));
	const struct lyd_node *next;

	for (; n; n = next) {
		next = nb_next(n);
		if (!nb_leaf(n, "remote-as") && !nb_leaf(n, "peer-group"))
			nb_del(nb, tree,
			    NB_PATH({ "bgp", NULL }, { "neighbor", nb_key(n) }));
	}
	cli_normalise(nb, tree);
}

static void
try_text(struct text *t)
{
	struct seen *seen = xcalloc(1, sizeof *seen);
	struct cli_report rep = { .fn = on_report, .arg = seen };
	struct lyd_node *tree = load(t->s.s, &rep);

	for (int i = 1; i <= t->lines; i++)
		if (t->row[i] && !seen->bad[i])
			taken[t->row[i] - cli->rows] = true;
	drop_half_neighbors(&tree);
	check_identity(t, tree);
	nb_tree_free(tree);
	free(seen);
}

static void
draw_text(void)
{
	struct text *t = xcalloc(1, sizeof *t);

	strbuf_init(&t->s);
	add_line(t, NULL, "router bgp 65000");
	add_line(t, NULL, "neighbor G peer-group");
	add_line(t, NULL, "exit");
	draw_node(t, NODE_CONFIG, 60);
	try_text(t);
	strbuf_fini(&t->s);
	free(t);
}

static unsigned
never_taken(bool say)
{
	unsigned n = 0;

	for (size_t i = 0; i < cli->nrows; i++) {
		if (taken[i] || (cli->rows[i].row->flags & CLI_REFUSE))
			continue;
		if (say)
			fprintf(stderr, "never taken: %s\n", cli->rows[i].row->pattern);
		n++;
	}
	return n;
}

/* The lines are no noise: whatever the grammar has is drawn, and taken in some text. */
START_TEST(random_lines)
{
	taken = xcalloc(cli->nrows, sizeof *taken);
	srand(104729);
	for (int i = 0; i < TEXTS_MIN || (i < TEXTS_MAX && never_taken(false)); i++)
		draw_text();
	ck_assert_uint_eq(never_taken(true), 0);
	free(taken);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ random_lines, 0, 0 },
		{ NULL, 0, 0 },
	};

	return cli_tests("cli lines", NULL, tests);
}
