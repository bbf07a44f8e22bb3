/* SPDX-License-Identifier: ISC */
/* The compiled dialect, and one line of configuration at a time. */
#include "config.h"

#include "mgmt/cli.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/util.h"
#include "mgmt/cli_apply.h"
#include "mgmt/cli_keep.h"

/* ---- compiling ---- */

static bool
compile_row(struct cli *c, const struct cli_row *row, struct err *e)
{
	struct cli_crow *r = &c->rows[c->nrows];

	*r = (struct cli_crow){ row, cli_pattern_new(row->pattern, e), { NULL, 0 } };
	if (!r->pat)
		return false;
	c->nrows++;
	return cli_stmts_parse(row->set, &r->set, e);
}

static bool
compile_rows(struct cli *c, struct err *e)
{
	size_t total = 0;

	for (size_t t = 0; cli_tables[t]; t++)
		total += cli_tables[t]->n;
	c->rows = xcalloc(total, sizeof c->rows[0]);
	for (size_t t = 0; cli_tables[t]; t++)
		for (size_t i = 0; i < cli_tables[t]->n; i++)
			if (!compile_row(c, &cli_tables[t]->rows[i], e))
				return false;
	return true;
}

static bool
compile_places(struct cli *c, struct err *e)
{
	for (size_t k = 0; k < NODE_MAX; k++)
		if (!cli_stmts_parse(cli_nodes[k].place, &c->place[k], e))
			return false;
	return true;
}

static void
index_rows(struct cli *c)
{
	for (size_t i = 0; i < c->nrows; i++)
		c->node[c->rows[i].row->node].n++;
	for (size_t k = 0; k < NODE_MAX; k++) {
		struct cli_rowset *s = &c->node[k];

		s->pat = xcalloc(s->n + 1, sizeof s->pat[0]);
		s->pat_yes = xcalloc(s->n + 1, sizeof s->pat_yes[0]);
		s->row = xcalloc(s->n + 1, sizeof s->row[0]);
		s->n = 0;
	}
	for (size_t i = 0; i < c->nrows; i++) {
		struct cli_crow *r = &c->rows[i];
		struct cli_rowset *s = &c->node[r->row->node];

		s->pat[s->n] = r->pat;
		s->pat_yes[s->n] = r->row->flags & CLI_NO_ONLY ? NULL : r->pat;
		s->row[s->n++] = r;
	}
}

static bool
compile_cmd(struct cli_pattern **pat, const struct show_cmd **cmd, size_t *n,
    const struct show_cmd *row, struct err *e)
{
	cmd[*n] = row;
	pat[*n] = cli_pattern_new(row->pattern, e);
	return pat[(*n)++] != NULL;
}

static bool
compile_exec(struct cli *c, const struct show_table *const *tables, struct err *e)
{
	struct cli_cmdset *v = &c->verbs;
	size_t total = 0;

	for (size_t t = 0; tables[t]; t++)
		total += tables[t]->n;
	c->exec_pat = xcalloc(total + 1, sizeof c->exec_pat[0]);
	c->exec = xcalloc(total + 1, sizeof c->exec[0]);
	v->pat = xcalloc(total + 1, sizeof v->pat[0]);
	v->cmd = xcalloc(total + 1, sizeof v->cmd[0]);
	for (size_t t = 0; tables[t]; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct show_cmd *cmd = &tables[t]->cmds[i];

			if (tables[t]->where != SHOW_CONFIG &&
			    !compile_cmd(c->exec_pat, c->exec, &c->nexec, cmd, e))
				return false;
			if (tables[t]->where != SHOW_EXEC &&
			    !compile_cmd(v->pat, v->cmd, &v->n, cmd, e))
				return false;
		}
	return true;
}

struct cli *
cli_new(const struct show_table *const *exec, struct err *e)
{
	struct cli *c = xcalloc(1, sizeof *c);

	if (!compile_rows(c, e) || !compile_places(c, e) || !compile_exec(c, exec, e)) {
		cli_free(c);
		return NULL;
	}
	index_rows(c);
	return c;
}

void
cli_free(struct cli *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->nrows; i++) {
		cli_pattern_free(c->rows[i].pat);
		cli_stmts_free(&c->rows[i].set);
	}
	free(c->rows);
	for (size_t k = 0; k < NODE_MAX; k++) {
		free(c->node[k].pat);
		free(c->node[k].pat_yes);
		free(c->node[k].row);
		cli_stmts_free(&c->place[k]);
	}
	for (size_t i = 0; i < c->nexec; i++)
		cli_pattern_free(c->exec_pat[i]);
	free(c->exec_pat);
	free(c->exec);
	for (size_t i = 0; i < c->verbs.n; i++)
		cli_pattern_free(c->verbs.pat[i]);
	free(c->verbs.pat);
	free(c->verbs.cmd);
	free(c);
}

/* ---- position ---- */

void
cli_pos_init(struct cli_pos *p)
{
	*p = (struct cli_pos){ .n = 1 };
	p->level[0].node = NODE_CONFIG;
}

void
cli_pos_pop(struct cli_pos *p)
{
	if (p->n == 0)
		return;
	cli_args_free(&p->level[--p->n].args);
	free(p->level[p->n].line);
}

void
cli_pos_fini(struct cli_pos *p)
{
	while (p->n > 0)
		cli_pos_pop(p);
}

void
cli_pos_copy(struct cli_pos *to, const struct cli_pos *from)
{
	*to = (struct cli_pos){ .n = from->n, .reading = from->reading };
	for (size_t i = 0; i < from->n; i++) {
		const struct cli_level *l = &from->level[i];

		to->level[i] = (struct cli_level){ l->node, cli_args_dup(&l->args),
			l->line ? xstrdup(l->line) : NULL, l->refused };
	}
}

enum cli_node
cli_pos_node(const struct cli_pos *p)
{
	return p->n ? p->level[p->n - 1].node : NODE_NONE;
}

/* ---- lines ---- */

bool
cli_verdict_error(enum cli_verdict v, const struct cli_line *l, size_t bad, struct err *e)
{
	if (v == CLI_INCOMPLETE)
		return err_set(e, "Command incomplete: %s", l->text);
	if (v == CLI_AMBIGUOUS && bad < l->n)
		return err_set(e, "Ambiguous command at \"%.*s\": %s", (int)l->w[bad].len,
		    l->w[bad].s, l->text);
	if (v == CLI_AMBIGUOUS)
		return err_set(e, "Ambiguous command: %s", l->text);
	if (bad > 0 && bad < l->n)
		return err_set(e, "Unknown command at \"%.*s\": %s", (int)l->w[bad].len,
		    l->w[bad].s, l->text);
	return err_set(e, "Unknown command: %s", l->text);
}

static bool
word_is(const struct cli_line *l, const char *word)
{
	return l->n == 1 && strlen(word) == l->w[0].len &&
	       memcmp(l->w[0].s, word, l->w[0].len) == 0;
}

/* exit, quit, end and the exit-* of a node. */
static bool
is_exit(struct cli_pos *pos, const struct cli_line *l)
{
	if (word_is(l, "exit") || word_is(l, "quit")) {
		if (pos->n > 1)
			cli_pos_pop(pos);
		return true;
	}
	if (word_is(l, "end")) {
		while (pos->n > 1)
			cli_pos_pop(pos);
		return true;
	}
	if (word_is(l, "exit-route-map")) {
		if (cli_pos_node(pos) == NODE_RMAP)
			cli_pos_pop(pos);
		return true;
	}
	for (size_t i = pos->n; i-- > 1;) {
		const char *word = cli_nodes[pos->level[i].node].exit;

		if (word && word_is(l, word)) {
			while (pos->n > i)
				cli_pos_pop(pos);
			return true;
		}
	}
	return word_is(l, "exit-address-family") || word_is(l, "exit-vni") ||
	       word_is(l, "exit-vrf");
}

/* Nothing to do: an empty line, a comment, or the words above what `show running-config` says, so that its output
 * loads as it is. */
static bool
says_nothing(const struct cli_line *l, const char *line)
{
	return l->n == 0 || line[0] == '!' || line[0] == '#' ||
	       strcmp(line, "Building configuration...") == 0 ||
	       strcmp(line, "Current configuration:") == 0;
}

/* What the search through the nodes has found. */
struct hit {
	size_t level;	      /* of the position */
	struct cli_crow *row; /* the command */
	struct cli_args args; /* its words; owned */
};

/* What could stand in a place of the line. */
struct expected {
	const char *word; /* one of them */
	unsigned n;	  /* how many there are */
	bool is_value;	  /* the one is a value */
};

static void
expect(void *arg, const char *word, bool is_value, size_t which)
{
	struct expected *x = arg;

	(void)which;
	*x = (struct expected){ word, x->n + 1, is_value };
}

/* The error of a line that the node at this level did not understand from word `bad` on: where nothing
 * but one kind of value may stand, it is named. */
static void
unknown_error(const struct cli *c, const struct cli_pos *pos, size_t level,
    const struct cli_line *l, size_t bad, bool no, struct err *e)
{
	const struct cli_rowset *s = &c->node[pos->level[level].node];
	struct cli_line *before = xmalloc(sizeof *before);
	struct expected x = { NULL, 0, false };

	*before = *l;
	before->n = bad;
	before->open = false;
	if (bad > 0 && bad < l->n)
		cli_next(no ? s->pat : s->pat_yes, s->n, before, no, expect, &x);
	free(before);
	if (x.n == 1 && x.is_value)
		err_set(e, "Unknown command at \"%.*s\", which is no %s: %s",
		    (int)l->w[bad].len, l->w[bad].s, x.word, l->text);
	else
		cli_verdict_error(CLI_UNKNOWN, l, bad, e);
}

/* From the innermost node outwards.  If no node knows the line, the error is of the one that
 * understood most of it; so it is if an outer one knows it only to refuse it. */
static enum cli_verdict
find_row(const struct cli *c, const struct cli_pos *pos, const struct cli_line *l,
    bool no, struct hit *hit, struct err *e)
{
	enum cli_verdict best = CLI_UNKNOWN;
	size_t best_bad = 0, best_level = 0;

	for (size_t i = pos->n; i-- > 0;) {
		const struct cli_rowset *s = &c->node[pos->level[i].node];
		size_t which, bad;
		enum cli_verdict v = cli_match(
		    no ? s->pat : s->pat_yes, s->n, l, no, &which, &hit->args, &bad);

		if (v == CLI_OK) {
			hit->level = i;
			hit->row = s->row[which];
			if (best_bad == 0 || !(hit->row->row->flags & CLI_REFUSE))
				return v;
			cli_args_free(&hit->args);
			break;
		}
		if (bad > best_bad || (bad == best_bad && best == CLI_UNKNOWN)) {
			best = v;
			best_bad = bad;
			best_level = i;
		}
	}
	if (best == CLI_UNKNOWN)
		unknown_error(c, pos, best_level, l, best_bad, no, e);
	else
		cli_verdict_error(best, l, best_bad, e);
	return best;
}

/* The node of the row, instead of those inside of where the row was found. */
static void
enter(struct cli_pos *pos, struct hit *hit, const struct cli_line *l, bool refused)
{
	while (pos->n > hit->level + 1)
		cli_pos_pop(pos);
	ensure(pos->n < CLI_DEPTH_MAX);
	pos->level[pos->n++] = (struct cli_level){ hit->row->row->enter, hit->args,
		cli_line_text(l), refused };
	hit->args = (struct cli_args){ NULL, 0 };
}

static bool
is_refused(const struct cli_pos *pos, size_t level)
{
	for (size_t i = 0; i <= level; i++)
		if (pos->level[i].refused)
			return true;
	return false;
}

/* What a line that was applied says of itself, if anything. */
static enum cli_result
note_of(const struct cli_row *row, const char *line, struct err *e)
{
	if (!(row->flags & CLI_NOEFFECT))
		return CLI_DONE;
	err_set(e, "without effect (%s): %s", row->help, line);
	return CLI_NOTED;
}

/* One line for a row that was found. */
struct doing {
	const struct cli *c;	  /* borrowed */
	struct nb *nb;		  /* borrowed */
	struct cli_pos *pos;	  /* borrowed */
	struct lyd_node **tree;	  /* borrowed */
	const struct cli_line *l; /* without `no` */
	const char *line;	  /* whole, for messages */
	bool no;		  /* it began with that */
};

static bool
apply_row(const struct doing *d, struct hit *hit, char **touched, struct err *e)
{
	const struct cli_row *row = hit->row->row;

	if (is_refused(d->pos, hit->level))
		return err_set(e, "not applied, as its section was not: %s", d->line);
	if (!utf8_is_line(d->line))
		return err_set(
		    e, "no plain text (UTF-8 without control characters): %s", d->line);
	if (row->flags & CLI_REFUSE)
		return err_set(e, "%s: %s", row->help, d->line);
	if (!cli_apply(d->nb, d->tree, hit->row, d->pos, hit->level, &hit->args, d->no,
		touched, e))
		return false;
	if (row->flags & CLI_NOEFFECT)
		cli_keep(d->c, d->nb, d->tree, d->pos, hit->level, row, d->l, d->no);
	return true;
}

static enum cli_result
apply_hit(const struct doing *d, struct hit *hit, char **touched, struct err *e)
{
	const struct cli_row *row = hit->row->row;
	const bool enters = row->enter != NODE_NONE && !d->no;
	enum cli_result res;

	if (!apply_row(d, hit, touched, e)) {
		if (enters && d->pos->reading)
			enter(d->pos, hit, d->l, true);
		return CLI_FAILED;
	}
	res = note_of(row, d->line, e);
	if (enters)
		enter(d->pos, hit, d->l, false);
	while (!enters && d->pos->n > hit->level + 1)
		cli_pos_pop(d->pos);
	return res;
}

enum cli_result
cli_line(const struct cli *c, struct nb *nb, struct cli_pos *pos, struct lyd_node **tree,
    const char *line, char **touched, struct err *e)
{
	struct cli_line l;
	struct hit hit;
	enum cli_result res;
	bool no;

	if (touched)
		*touched = NULL;
	line += strspn(line, " \t");
	cli_line_split(&l, line);
	if (says_nothing(&l, line) || is_exit(pos, &l))
		return CLI_DONE;
	no = l.w[0].len == 2 && memcmp(l.w[0].s, "no", 2) == 0;
	if (no)
		cli_line_shift(&l, 1);
	if (find_row(c, pos, &l, no, &hit, e) != CLI_OK)
		return CLI_FAILED;
	res = apply_hit(
	    &(struct doing){ c, nb, pos, tree, &l, line, no }, &hit, touched, e);
	cli_args_free(&hit.args);
	return res;
}
