/* SPDX-License-Identifier: ISC */
/* Keeping and printing statements without effect; the contract is in the header. */
#include "config.h"

#include "mgmt/cli_keep.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

#define SECTION "kept-section"
#define KEPT "kept"

char *
cli_line_text(const struct cli_line *l)
{
	const char *s = l->n ? l->w[0].s : "";
	char *text = xmalloc(strlen(s) + 1), *to = text;

	for (; *s; s++)
		if (!iscntrl((unsigned char)*s) && *s != ' ')
			*to++ = *s;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	return text;
}

/* ---- keeping ---- */

/* Where the lines of the node at this level are kept; false if nowhere. */
static bool
place_of(const struct cli *c, const struct cli_pos *pos, size_t level,
    struct cli_scope *scope, struct nb_path *p)
{
	size_t real = level;

	while (real > 0 && c->place[pos->level[real].node].n == 0)
		real--;
	for (size_t i = 1; i <= real; i++)
		for (size_t k = 0; k < pos->level[i].args.n; k++)
			cli_scope_add(scope, pos->level[i].args.a[k].name,
			    pos->level[i].args.a[k].value);
	if (c->place[pos->level[real].node].n == 0 ||
	    !cli_stmt_path(&c->place[pos->level[real].node].s[0], scope, p))
		return false;
	for (size_t i = real + 1; i <= level; i++) {
		if (p->n + 2 > NB_STEPS_MAX || !pos->level[i].line)
			return false;
		p->s[p->n++] = (struct nb_step){ SECTION, pos->level[i].line };
	}
	return true;
}

static void
keep_section(
    struct nb *nb, struct lyd_node **tree, struct nb_path *p, const char *text, bool no)
{
	struct err e = { 0 };

	p->s[p->n++] = (struct nb_step){ SECTION, text };
	if (no)
		nb_del(nb, tree, p);
	else if (nb_check(nb, p, NULL, &e))
		nb_set(nb, tree, p, NULL, &e);
}

/* A value that is text or begins with it as words. */
static const char *
kept_find(const struct lyd_node *tree, const struct nb_path *p, const char *text)
{
	const size_t len = strlen(text);

	for (const struct lyd_node *n = nb_first(tree, p); n; n = nb_next(n)) {
		const char *v = nb_value(n);

		if (strncmp(v, text, len) == 0 && (v[len] == '\0' || v[len] == ' '))
			return v;
	}
	return NULL;
}

/* True if there was one. */
static bool
kept_remove(
    struct nb *nb, struct lyd_node **tree, const struct nb_path *p, const char *text)
{
	bool any = false;
	const char *v;

	while ((v = kept_find(*tree, p, text)) != NULL) {
		char *copy = xstrdup(v);

		nb_del_value(nb, tree, p, copy);
		free(copy);
		any = true;
	}
	return any;
}

static void
keep_line(
    struct nb *nb, struct lyd_node **tree, struct nb_path *p, const char *text, bool no)
{
	char *negated = xasprintf("no %s", text);
	struct err e = { 0 };

	p->s[p->n++] = (struct nb_step){ KEPT, NULL };
	if (!no)
		nb_del_value(nb, tree, p, negated);
	if (!no || !kept_remove(nb, tree, p, text))
		nb_add(nb, tree, p, no ? negated : text, &e);
	free(negated);
}

void
cli_keep(const struct cli *c, struct nb *nb, struct lyd_node **tree,
    const struct cli_pos *pos, size_t level, const struct cli_row *row,
    const struct cli_line *l, bool no)
{
	struct cli_scope scope = { .n = 0 };
	struct nb_path p;
	char *text;

	if (!place_of(c, pos, level, &scope, &p))
		return;
	text = cli_line_text(l);
	(row->enter != NODE_NONE ? keep_section : keep_line)(nb, tree, &p, text, no);
	free(text);
}

/* ---- printing ---- */

struct keeper {
	const struct cli *c; /* borrowed */
	struct strbuf *out;  /* borrowed */
};

/* The row that would keep this line in the node again, NULL if none: then it is not printed, or
 * it would mean something else. */
static const struct cli_row *
keeping_row(const struct cli *c, enum cli_node node, const char *text)
{
	const struct cli_rowset *s = &c->node[node];
	struct cli_line *l = xmalloc(sizeof *l);
	const struct cli_row *row = NULL;
	struct cli_args args;
	size_t which, bad;
	bool no;

	cli_line_split(l, text);
	no = l->n > 0 && l->w[0].len == 2 && memcmp(l->w[0].s, "no", 2) == 0;
	if (no)
		cli_line_shift(l, 1);
	if (cli_match(no ? s->pat : s->pat_yes, s->n, l, no, &which, &args, &bad) ==
	    CLI_OK) {
		row = s->row[which]->row;
		cli_args_free(&args);
	}
	free(l);
	return row && (row->flags & CLI_NOEFFECT) ? row : NULL;
}

static void
put(const struct keeper *k, unsigned depth, const char *text)
{
	for (unsigned i = 0; i < depth; i++)
		strbuf_putc(k->out, ' ');
	strbuf_printf(k->out, "%s\n", text);
}

static void
render_kept(
    const struct keeper *k, const struct lyd_node *at, enum cli_node node, unsigned depth)
{
	const struct lyd_node *n;

	for (n = nb_child_first(at, KEPT); n; n = nb_next(n)) {
		const struct cli_row *row = keeping_row(k->c, node, nb_value(n));

		if (row && row->enter == NODE_NONE)
			put(k, depth, nb_value(n));
	}
	for (n = nb_child_first(at, SECTION); n; n = nb_next(n)) {
		const struct cli_row *row = keeping_row(k->c, node, nb_key(n));

		if (!row || row->enter == NODE_NONE)
			continue;
		put(k, depth, "!");
		put(k, depth, nb_key(n));
		render_kept(k, n, row->enter, depth + 1);
		put(k, depth, cli_nodes[row->enter].exit);
	}
}

void
cli_keep_render(const struct cli *c, const struct lyd_node *tree, enum cli_node node,
    const struct cli_scope *scope, unsigned depth, struct strbuf *out)
{
	const struct keeper k = { c, out };
	struct nb_path p;

	if (c->place[node].n && cli_stmt_path(&c->place[node].s[0], scope, &p))
		render_kept(&k, nb_find(tree, &p), node, depth);
}
