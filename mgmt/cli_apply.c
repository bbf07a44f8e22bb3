/* SPDX-License-Identifier: ISC */
/* Edits of a tree from a command and its `no` form. */
#include "config.h"

#include "mgmt/cli_apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

/* One command being applied. */
struct edit {
	struct nb *nb;		    /* borrowed */
	struct lyd_node **tree;	    /* borrowed */
	const struct cli_crow *row; /* borrowed */
	struct cli_scope scope;	    /* captures of the line and of the nodes around it */
	struct err *e;		    /* first error */
};

static void
scope_fill(struct cli_scope *s, const struct cli_pos *pos, size_t level,
    const struct cli_args *args)
{
	s->n = 0;
	for (size_t i = 1; i <= level && i < pos->n; i++)
		for (size_t k = 0; k < pos->level[i].args.n; k++)
			cli_scope_add(s, pos->level[i].args.a[k].name,
			    pos->level[i].args.a[k].value);
	for (size_t k = 0; k < args->n; k++)
		cli_scope_add(s, args->a[k].name, args->a[k].value);
}

/* The value a statement gives, NULL: none. */
static const char *
stmt_value(const struct edit *ed, const struct cli_stmt *st)
{
	const char *typed;

	if (st->from == FROM_LITERAL)
		return st->text;
	typed = cli_scope_get(&ed->scope, st->text);
	if (st->from == FROM_FLAG)
		return typed ? "true" : NULL;
	return typed ? typed : st->dflt;
}

typedef bool each_fn(struct edit *ed, const struct nb_path *p, const char *word);

/* fn for each word of a list value, until one says false. */
static bool
each_word(struct edit *ed, const struct nb_path *p, const char *words, each_fn *fn)
{
	struct cli_line *l = xmalloc(sizeof *l);
	bool ok = true;

	cli_line_split(l, words);
	for (size_t i = 0; i < l->n && ok; i++) {
		char *w = xmalloc(l->w[i].len + 1);

		memcpy(w, l->w[i].s, l->w[i].len);
		w[l->w[i].len] = '\0';
		ok = fn(ed, p, w);
		free(w);
	}
	free(l);
	return ok;
}

static bool
word_check(struct edit *ed, const struct nb_path *p, const char *word)
{
	return nb_check(ed->nb, p, word, ed->e);
}

static bool
word_add(struct edit *ed, const struct nb_path *p, const char *word)
{
	return nb_add(ed->nb, ed->tree, p, word, ed->e);
}

static bool
word_del(struct edit *ed, const struct nb_path *p, const char *word)
{
	nb_del_value(ed->nb, ed->tree, p, word);
	return true;
}

static bool
stmt_path(struct edit *ed, const struct cli_stmt *st, struct nb_path *p)
{
	return cli_stmt_path(st, &ed->scope, p) || err_set(ed->e, "Command incomplete");
}

/* "10.0.0.300" is more likely an address with a slip than the name of a peer-group. */
static bool
looks_like_address(const char *s)
{
	return s[strspn(s, "0123456789.")] == '\0' || strchr(s, ':');
}

/* A peer-group is defined by its own statement, never by a slip of the pen in another one. */
static bool
check_group(struct edit *ed, const struct cli_stmt *st, const struct nb_path *p)
{
	for (unsigned i = 0; i < p->n; i++) {
		struct nb_path up = *p;
		const char *name = p->s[i].key;

		up.n = i + 1;
		if (!st->step[i].peer || strcmp(p->s[i].name, "peer-group") != 0 ||
		    nb_find(*ed->tree, &up))
			continue;
		if (looks_like_address(name))
			return err_set(ed->e, "%s is no address", name);
		return err_set(ed->e,
		    "peer-group %s is not there: \"neighbor %s peer-group\" first", name,
		    name);
	}
	return true;
}

static bool
check_set(struct edit *ed, const struct cli_stmt *st)
{
	const char *value = stmt_value(ed, st);
	struct nb_path p;

	if (!stmt_path(ed, st, &p) || !check_group(ed, st, &p))
		return false;
	if (st->op == STMT_ADD || st->op == STMT_WHOLE)
		return each_word(ed, &p, value ? value : "", word_check);
	return nb_check(ed->nb, &p, st->op == STMT_SET ? value : NULL, ed->e);
}

static bool
do_set(struct edit *ed, const struct cli_stmt *st)
{
	const char *value = stmt_value(ed, st);
	struct nb_path p;

	if (!stmt_path(ed, st, &p))
		return false;
	switch (st->op) {
	case STMT_EXISTS:
		return nb_set(ed->nb, ed->tree, &p, NULL, ed->e);
	case STMT_SET:
		if (value)
			return nb_set(ed->nb, ed->tree, &p, value, ed->e);
		if (!st->keep)
			nb_del(ed->nb, ed->tree, &p);
		return true;
	case STMT_WHOLE:
		nb_del(ed->nb, ed->tree, &p);
		return each_word(ed, &p, value ? value : "", word_add);
	case STMT_ADD:
		return each_word(ed, &p, value ? value : "", word_add);
	}
	return true;
}

/* True when every list entry on the way is there. */
static bool
entries_exist(const struct edit *ed, const struct nb_path *p)
{
	for (unsigned i = 0; i < p->n; i++) {
		struct nb_path up = *p;

		up.n = i + 1;
		if (p->s[i].key && !nb_find(*ed->tree, &up))
			return false;
	}
	return true;
}

/* `no` of a statement with a literal: a switch is turned off, another value is removed. */
static bool
undo_literal(struct edit *ed, const struct cli_stmt *st, const struct nb_path *p)
{
	const char *now = nb_get(*ed->tree, p);

	if (strcmp(st->text, "true") == 0 && entries_exist(ed, p))
		return nb_set(ed->nb, ed->tree, p, "false", ed->e);
	if (now && strcmp(now, st->text) == 0)
		nb_del(ed->nb, ed->tree, p);
	return true;
}

static bool
do_undo(struct edit *ed, const struct cli_stmt *st)
{
	const char *value = stmt_value(ed, st);
	struct nb_path p;

	if (!stmt_path(ed, st, &p))
		return false;
	if (st->op == STMT_SET && st->from == FROM_LITERAL)
		return undo_literal(ed, st, &p);
	if (st->op == STMT_ADD && value)
		return each_word(ed, &p, value, word_del);
	nb_del(ed->nb, ed->tree, &p);
	return true;
}

/* A neighbour of which neither AS nor peer-group is left is meant to go. */
static void
drop_entry(struct edit *ed)
{
	const char *peer = cli_scope_get(&ed->scope, "peer");
	struct nb_path p = { .s = { { "bgp", NULL }, { "neighbor", peer } }, .n = 2 };
	struct lyd_node *n = peer ? nb_find(*ed->tree, &p) : NULL;

	if (n && !nb_leaf(n, "remote-as") && !nb_leaf(n, "peer-group"))
		nb_del(ed->nb, ed->tree, &p);
}

static bool
run_statements(struct edit *ed, bool no)
{
	const struct cli_stmts *s = &ed->row->set;

	for (size_t i = 0; !no && i < s->n; i++)
		if (!check_set(ed, &s->s[i]))
			return false;
	for (size_t i = 0; i < s->n; i++)
		if (!(no ? do_undo : do_set)(ed, &s->s[i]))
			return false;
	if (no && (ed->row->row->flags & CLI_DROPS))
		drop_entry(ed);
	return true;
}

/* The list of entries that have numbers, in which the line writes. */
static struct nb_path
places(const struct edit *ed)
{
	const struct cli_stmt *st = &ed->row->set.s[0];
	struct nb_path p = { .n = st->n };

	for (unsigned i = 0; i < st->n; i++) {
		p.s[i].name = st->step[i].name;
		p.s[i].key = i + 1 < st->n && st->step[i].key
				 ? cli_scope_get(&ed->scope, st->step[i].key)
				 : NULL;
	}
	return p;
}

/* The number of an entry that was not given one: the next multiple of five. */
static const char *
next_place(const struct edit *ed, char buf[16])
{
	const struct nb_path p = places(ed);
	unsigned long long last = 0, n;

	for (const struct lyd_node *e = nb_first(*ed->tree, &p); e; e = nb_next(e))
		if (parse_u64(nb_key(e), 0, UINT32_MAX, &n) && n > last)
			last = n;
	snprintf(buf, 16, "%llu", (last / 5 + 1) * 5);
	return buf;
}

/* Whether the entry `place` says what the line says. */
static bool
says_the_same(const struct edit *ed, const char *place)
{
	const struct cli_stmts *s = &ed->row->set;

	for (size_t i = 1; i < s->n; i++) {
		struct edit at = *ed;
		const char *want, *is;
		struct nb_path p;

		cli_scope_add(&at.scope, "place", place);
		want = stmt_value(&at, &s->s[i]);
		if (!cli_stmt_path(&s->s[i], &at.scope, &p))
			return false;
		is = nb_get(*ed->tree, &p);
		if (!want != !is || (want && strcmp(want, is) != 0))
			return false;
	}
	return true;
}

/* The entry that a line without its number takes back; NULL if there is none. */
static const char *
same_place(const struct edit *ed)
{
	const struct nb_path p = places(ed);

	for (const struct lyd_node *e = nb_first(*ed->tree, &p); e; e = nb_next(e))
		if (says_the_same(ed, nb_key(e)))
			return nb_key(e);
	return NULL;
}

/* A line may leave out the number of its entry; false: it takes back what is not there. */
static bool
find_place(struct edit *ed, bool no, char buf[16])
{
	const char *place;

	if (!(ed->row->row->flags & CLI_SEQUENCE) || cli_scope_get(&ed->scope, "place"))
		return true;
	place = no ? same_place(ed) : next_place(ed, buf);
	if (!place)
		return false;
	if (place != buf)
		snprintf(buf, 16, "%s", place);
	cli_scope_add(&ed->scope, "place", buf);
	return true;
}

bool
cli_apply(struct nb *nb, struct lyd_node **tree, const struct cli_crow *row,
    const struct cli_pos *pos, size_t level, const struct cli_args *args, bool no,
    char **touched, struct err *e)
{
	struct edit ed = { .nb = nb, .tree = tree, .row = row, .e = e };
	char place[16];
	struct nb_path p;

	if (!no && row->row->check && !row->row->check(*tree, args, e))
		return false;
	scope_fill(&ed.scope, pos, level, args);
	if (!find_place(&ed, no, place))
		return true;
	if (!run_statements(&ed, no))
		return false;
	if (touched && row->set.n > 0 &&
	    cli_stmt_path(&row->set.s[row->set.n - 1], &ed.scope, &p))
		*touched = nb_path_format(nb, &p);
	return true;
}
