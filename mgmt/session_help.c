/* SPDX-License-Identifier: ISC */
/* Completion and `?` for a session: what can stand at the end of a line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/datastore.h"
#include "mgmt/live.h"
#include "mgmt/session.h"

struct choices {
	const struct session *s;	    /* borrowed */
	const struct cli_line *line;	    /* what is typed; borrowed */
	const struct cli_rowset *rows;	    /* of the node, NULL: commands */
	const struct show_cmd *const *cmds; /* then these */
	bool help;			    /* values too */
	bool no;			    /* after `no` */
	bool more;			    /* not all values were told */
	bool grammar;			    /* not what there is, but what could be */
	void (*fn)(void *arg, const char *word, bool is_value, const char *text);
	void *arg;	    /* for fn */
	struct strbuf seen; /* words told already, each between newlines */
};

/* The sentence of the command that is reached by this word alone, or of the word. */
static const char *
help_of(const struct choices *c, const char *word, bool is_value, size_t which)
{
	const char *text = is_value ? NULL : cli_word_help(word);

	if (text)
		return text;
	if (is_value && strcmp(word, "<cr>") != 0)
		return cli_value_help(word);
	return c->rows ? c->rows->row[which]->row->help : c->cmds[which]->help;
}

/* Inner nodes come first; what they have said is not said again. */
static bool
is_new(struct choices *c, const char *word)
{
	char *key = xasprintf("\n%s\n", word);
	bool fresh = !c->seen.s || !strstr(c->seen.s, key);

	if (fresh)
		strbuf_put(&c->seen, key);
	free(key);
	return fresh;
}

static void
on_choice(void *arg, const char *word, bool is_value, size_t which)
{
	struct choices *c = arg;

	if (is_value && !c->help)
		return;
	if (is_new(c, word))
		c->fn(c->arg, word, is_value, help_of(c, word, is_value, which));
}

static void
on_live_word(void *arg, const char *word, const char *text)
{
	struct choices *c = arg;

	if (is_new(c, word))
		c->fn(c->arg, word, false, text);
}

/* The configuration that this session sees. */
static const struct lyd_node *
tree_of(const struct session *s)
{
	if (s->draft)
		return draft_read(s->draft);
	return s->eng->ds ? s->eng->ds->running : NULL;
}

static void
on_value(void *arg, enum cli_type type, const char *name, const struct cli_args *args)
{
	struct choices *c = arg;
	const struct session *s = c->s;
	const struct cli_line *l = c->line;
	const struct live_ask ask = {
		.type = type,
		.name = name,
		.typed = l->open ? l->w[l->n - 1].s : "",
		.len = l->open ? l->w[l->n - 1].len : 0,
		.args = args,
		.node = s->pos.n > 0 ? &s->pos.level[s->pos.n - 1].args : NULL,
		.tree = tree_of(s),
	};

	if (s->eng->live && !c->grammar)
		c->more |= s->eng->live(s->eng, &ask, on_live_word, c);
}

/* Rows that are worth offering; the array has NULL for the others. */
static struct cli_pattern **
offered(const struct cli_rowset *rows, bool no)
{
	struct cli_pattern **p = xcalloc(rows->n + 1, sizeof *p);

	for (size_t i = 0; i < rows->n; i++) {
		unsigned f = rows->row[i]->row->flags;

		if (!(f & (CLI_HIDDEN | CLI_NOEFFECT | CLI_SILENT | CLI_REFUSE)) &&
		    (no || !(f & CLI_NO_ONLY)))
			p[i] = rows->pat[i];
	}
	return p;
}

static void
node_choices(struct choices *c, enum cli_node node, const struct cli_line *l)
{
	const struct cli_rowset *rows = &c->s->eng->cli->node[node];
	struct cli_pattern **pats = offered(rows, c->no);

	c->rows = rows;
	c->line = l;
	cli_next(pats, rows->n, l, c->no, on_choice, c);
	cli_next_values(pats, rows->n, l, on_value, c);
	free(pats);
}

static void
exec_choices(struct choices *c, const struct cli_line *l)
{
	const struct cli *cli = c->s->eng->cli;

	c->rows = NULL;
	c->cmds = cli->exec;
	c->line = l;
	cli_next(cli->exec_pat, cli->nexec, l, false, on_choice, c);
	cli_next_values(cli->exec_pat, cli->nexec, l, on_value, c);
}

static void
verb_choices(struct choices *c, const struct cli_line *l)
{
	const struct cli_cmdset *v = &c->s->eng->cli->verbs;

	c->rows = NULL;
	c->cmds = v->cmd;
	c->line = l;
	cli_next(v->pat, v->n, l, false, on_choice, c);
	cli_next_values(v->pat, v->n, l, on_value, c);
}

/* Words that every node knows and no table holds. */
static void
builtin_choices(struct choices *c, enum cli_node node, const struct cli_line *l)
{
	const struct {
		const char *word, *text;
	} words[] = {
		{ "do", "Run a command of exec mode" },
		{ "end", "Back to exec mode" },
		{ "exit", "Leave this part of the configuration" },
		{ cli_nodes[node].exit, "Leave this part of the configuration" },
		{ "list", "All commands of this part" },
		{ "no", "Take a statement back" },
	};
	size_t len = l->n ? l->w[0].len : 0;

	if (c->no || l->n > 1 || (l->n == 1 && !l->open))
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].word &&
		    (len == 0 || strncmp(words[i].word, l->w[0].s, len) == 0) &&
		    is_new(c, words[i].word))
			c->fn(c->arg, words[i].word, false, words[i].text);
}

static void
config_choices(struct choices *c, struct cli_line *l)
{
	const struct cli_pos *pos = &c->s->pos;
	bool more = l->n > 1 || !l->open;

	if (l->n > 0 && more && l->w[0].len == 2 && memcmp(l->w[0].s, "do", 2) == 0) {
		cli_line_shift(l, 1);
		exec_choices(c, l);
		return;
	}
	if (l->n > 0 && more && l->w[0].len == 2 && memcmp(l->w[0].s, "no", 2) == 0) {
		cli_line_shift(l, 1);
		c->no = true;
	}
	/* At an empty line only the commands of this node; further out with a word to go by. */
	for (size_t i = pos->n; i-- > 0 && (l->n > 0 || i + 1 == pos->n);)
		node_choices(c, pos->level[i].node, l);
	builtin_choices(c, cli_pos_node(pos), l);
	if (!c->no)
		verb_choices(c, l);
	if (l->n > 0 && !c->no && (l->w[0].s[0] == 's' || l->w[0].s[0] == 'w'))
		exec_choices(c, l);
}

static void
find_choices(struct choices *c, const char *line)
{
	struct cli_line *l = xmalloc(sizeof *l);

	strbuf_init(&c->seen);
	cli_line_split(l, line);
	if (c->s->pos.n == 0)
		exec_choices(c, l);
	else
		config_choices(c, l);
	if (c->more)
		c->fn(
		    c->arg, SESSION_MORE, true, "There are more: type more of the word");
	strbuf_fini(&c->seen);
	free(l);
}

void
session_choices(const struct session *s, const char *line, bool help,
    void (*fn)(void *arg, const char *word, bool is_value, const char *text), void *arg)
{
	struct choices c = { .s = s, .help = help, .fn = fn, .arg = arg };

	find_choices(&c, line);
}

/* ---- what would have been right ---- */

#define EXPECTED_MAX 12 /* words; of more there is `?` */

struct expected {
	struct strbuf words; /* each behind a space */
	unsigned n;	     /* of them */
};

static void
on_expected(void *arg, const char *word, bool is_value, const char *text)
{
	struct expected *x = arg;

	(void)is_value;
	(void)text;
	if (x->n++ < EXPECTED_MAX)
		strbuf_printf(
		    &x->words, " %s", strcmp(word, "<cr>") == 0 ? "the end" : word);
}

/* What could stand behind the first `n` words of the line; with open, what the last of them could
 * be short for. */
static void
look_behind(const struct session *s, const struct cli_line *l, size_t n, bool open,
    struct expected *x)
{
	const struct cli_word *last = &l->w[n - 1];
	char *head = xasprintf(
	    "%.*s%s", (int)(last->s + last->len - l->text), l->text, open ? "" : " ");
	struct choices c = {
		.s = s, .help = true, .grammar = true, .fn = on_expected, .arg = x
	};

	find_choices(&c, head);
	free(head);
}

/* Whether a line of this beginning is a statement of the configuration. */
static bool
is_statement(const struct session *s, const struct cli_line *l)
{
	const struct cli_rowset *rows = &s->eng->cli->node[NODE_CONFIG];
	struct cli_args args;
	size_t which, bad;

	cli_match(rows->pat, rows->n, l, false, &which, &args, &bad);
	cli_args_free(&args);
	return bad > 0;
}

void
session_expected(struct session *s, const char *line)
{
	struct cli_line *l = xmalloc(sizeof *l);
	struct expected x = { .n = 0 };

	strbuf_init(&x.words);
	cli_line_split(l, line);
	/* Back to where the grammar still goes on; the word behind that may be too short. */
	for (size_t n = l->n; n > 0 && x.n == 0; n--) {
		look_behind(s, l, n, false, &x);
		if (x.n == 0)
			look_behind(s, l, n, true, &x);
	}
	if (x.n > 0)
		out_printf(&s->out, "  expected:%s%s\n", x.words.s,
		    x.n > EXPECTED_MAX ? " ..." : "");
	else if (s->pos.n == 0 && l->n > 0 && is_statement(s, l))
		out_puts(&s->out, "  it is a statement of the configuration: "
				  "\"configure terminal\" first\n");
	strbuf_fini(&x.words);
	free(l);
}

static void
put_pattern(struct out *o, const char *prefix, const char *pattern)
{
	struct strbuf b;

	strbuf_init(&b);
	cli_pattern_read(pattern, &b);
	out_printf(o, "  %s%s\n", prefix, b.s);
	strbuf_fini(&b);
}

void
session_list(struct session *s)
{
	const struct cli *c = s->eng->cli;
	const struct cli_rowset *rows = &c->node[cli_pos_node(&s->pos)];
	struct cli_pattern **pats;

	if (s->pos.n == 0) {
		for (size_t i = 0; i < c->nexec; i++)
			put_pattern(&s->out, "", c->exec[i]->pattern);
		return;
	}
	pats = offered(rows, false);
	for (size_t i = 0; i < rows->n; i++)
		if (pats[i])
			put_pattern(&s->out, "[no] ", rows->row[i]->row->pattern);
	for (size_t i = 0; i < c->verbs.n; i++)
		put_pattern(&s->out, "", c->verbs.cmd[i]->pattern);
	free(pats);
}
