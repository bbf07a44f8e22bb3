/* SPDX-License-Identifier: ISC */
/* Two edits of one tree into one tree: a merge of three ways. */
#include "config.h"

#include "mgmt/nb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_priv.h"

struct merge {
	struct lyd_node **out; /* theirs at first; borrowed */
	bool mine_wins;	       /* conflicts are decided so */
	struct err *e;	       /* the first conflict */
};

static bool siblings(struct merge *m, const struct lyd_node *base,
    const struct lyd_node *mine, struct lyd_node *at);

static bool
conflict(struct merge *m, const struct lyd_node *n)
{
	char *path;

	if (m->mine_wins)
		return true;
	if (m->e && !m->e->text[0]) {
		path = nb_node_path(n);
		snprintf(m->e->path, sizeof m->e->path, "%s", path);
		free(path);
	}
	return err_set(m->e, "changed here and by somebody else");
}

static bool
same_value(const struct lyd_node *a, const struct lyd_node *b)
{
	return strcmp(lyd_get_value(a), lyd_get_value(b)) == 0;
}

static bool
is_leaf(const struct lyd_node *n)
{
	return (n->schema->nodetype & (LYS_LEAF | LYS_LEAFLIST)) != 0;
}

static bool
same_subtree(const struct lyd_node *a, const struct lyd_node *b)
{
	return lyd_compare_single(a, b, LYD_COMPARE_FULL_RECURSION) == LY_SUCCESS;
}

/* The first child of what the output has at this place. */
static struct lyd_node *
first_of(const struct merge *m, const struct lyd_node *at)
{
	return at ? lyd_child(at) : *m->out;
}

static struct lyd_node *
insert(struct merge *m, struct lyd_node *at, const struct lyd_node *n, uint32_t options)
{
	struct lyd_node *copy = NULL;

	ensure(lyd_dup_single(n, NULL, options, &copy) == LY_SUCCESS);
	if (at)
		ensure(lyd_insert_child(at, copy) == LY_SUCCESS);
	else
		ensure(lyd_insert_sibling(*m->out, copy, m->out) == LY_SUCCESS);
	return copy;
}

/* Mine has n where base has nothing. */
static bool
created(struct merge *m, const struct lyd_node *n, struct lyd_node *at)
{
	struct lyd_node *their = nb_counterpart(first_of(m, at), n);

	if (!their) {
		insert(m, at, n, LYD_DUP_RECURSIVE);
		return true;
	}
	if (!is_leaf(n))
		return siblings(m, NULL, lyd_child(n), their);
	if (same_value(n, their))
		return true;
	if (!conflict(m, n))
		return false;
	lyd_change_term(their, lyd_get_value(n));
	return true;
}

/* Base has n where mine has nothing. */
static bool
deleted(struct merge *m, const struct lyd_node *n, struct lyd_node *at)
{
	struct lyd_node *their = nb_counterpart(first_of(m, at), n);

	if (!their)
		return true;
	if (lysc_is_np_cont(n->schema))
		return siblings(m, lyd_child(n), NULL, their);
	if (!same_subtree(n, their) && !conflict(m, n))
		return false;
	if (*m->out == their)
		*m->out = their->next;
	lyd_free_tree(their);
	return true;
}

static bool
changed_leaf(struct merge *m, const struct lyd_node *was, const struct lyd_node *n,
    struct lyd_node *at)
{
	struct lyd_node *their = nb_counterpart(first_of(m, at), n);

	if (same_value(was, n) || (their && same_value(their, n)))
		return true;
	if ((!their || !same_value(their, was)) && !conflict(m, n))
		return false;
	if (their)
		lyd_change_term(their, lyd_get_value(n));
	else
		insert(m, at, n, 0);
	return true;
}

/* Base and mine both have this container or entry. */
static bool
inner(struct merge *m, const struct lyd_node *was, const struct lyd_node *n,
    struct lyd_node *at)
{
	struct lyd_node *their = nb_counterpart(first_of(m, at), n);
	struct lyd_node *fresh;
	bool ok;

	if (their)
		return siblings(m, lyd_child(was), lyd_child(n), their);
	if (same_subtree(was, n))
		return true;
	if (!lysc_is_np_cont(n->schema)) {
		if (!conflict(m, n))
			return false;
		insert(m, at, n, LYD_DUP_RECURSIVE);
		return true;
	}
	/* They have emptied it; what I did in it is looked at leaf by leaf. */
	fresh = insert(m, at, n, 0);
	ok = siblings(m, lyd_child(was), lyd_child(n), fresh);
	if (!lyd_child(fresh))
		nb_node_free(m->out, fresh);
	return ok;
}

/* ---- the user's order ---- */

static const struct lyd_node *
instance(const struct lyd_node *n, const struct lysc_node *s)
{
	while (n && n->schema != s)
		n = n->next;
	return n;
}

static const char *
name_of(const struct lyd_node *n)
{
	return is_leaf(n) ? lyd_get_value(n) : nb_key(n);
}

static bool
same_order(const struct lyd_node *a, const struct lyd_node *b, const struct lysc_node *s)
{
	a = instance(a, s);
	b = instance(b, s);
	while (a && b && strcmp(name_of(a), name_of(b)) == 0) {
		a = instance(a->next, s);
		b = instance(b->next, s);
	}
	return !a && !b;
}

/* The next kind of node in the user's order; each comes once. */
static const struct lyd_node *
next_ordered(const struct lyd_node *first, const struct lyd_node *n)
{
	while (n && (!lysc_is_userordered(n->schema) || instance(first, n->schema) != n))
		n = n->next;
	return n;
}

/* A bit for each kind that mine has put into another order than base, and they have not. */
static uint32_t
moved(const struct merge *m, const struct lyd_node *base, const struct lyd_node *mine,
    const struct lyd_node *at)
{
	const struct lyd_node *n = mine;
	uint32_t bits = 0;

	for (uint32_t bit = 1; (n = next_ordered(mine, n)); n = n->next, bit <<= 1)
		if (!same_order(base, mine, n->schema) &&
		    same_order(base, first_of(m, at), n->schema))
			bits |= bit;
	return bits;
}

/* The output's entries follow mine. */
static void
reorder(struct merge *m, const struct lyd_node *mine, uint32_t bits, struct lyd_node *at)
{
	for (const struct lyd_node *n = mine; bits && (n = next_ordered(mine, n));
	     n = n->next, bits >>= 1) {
		struct lyd_node *last = NULL;

		for (const struct lyd_node *i = n; i && bits & 1;
		     i = instance(i->next, n->schema)) {
			struct lyd_node *their = nb_counterpart(first_of(m, at), i);

			if (last && their)
				ensure(lyd_insert_after(last, their) == LY_SUCCESS);
			last = their ? their : last;
			if (!at)
				*m->out = lyd_first_sibling(*m->out);
		}
	}
}

static bool
siblings(struct merge *m, const struct lyd_node *base, const struct lyd_node *mine,
    struct lyd_node *at)
{
	const uint32_t bits = moved(m, base, mine, at);
	const struct lyd_node *n;

	for (n = base; n; n = n->next)
		if (!lysc_is_key(n->schema) && !nb_counterpart(mine, n) &&
		    !deleted(m, n, at))
			return false;
	for (n = mine; n; n = n->next) {
		const struct lyd_node *was = nb_counterpart(base, n);

		if (lysc_is_key(n->schema))
			continue;
		if (!(!was	     ? created(m, n, at)
			: is_leaf(n) ? changed_leaf(m, was, n, at)
				     : inner(m, was, n, at)))
			return false;
	}
	reorder(m, mine, bits, at);
	return true;
}

/* Containers that have lost their last child. */
static void
tidy(struct lyd_node **out, struct lyd_node *n)
{
	struct lyd_node *next;

	for (; n; n = next) {
		next = n->next;
		if (lyd_child(n))
			tidy(out, lyd_child(n));
		else if (lysc_is_np_cont(n->schema))
			nb_node_free(out, n);
	}
}

bool
nb_merge(struct nb *nb, const struct lyd_node *base, const struct lyd_node *mine,
    const struct lyd_node *theirs, bool mine_wins, struct lyd_node **out, struct err *e)
{
	struct merge m = { out, mine_wins, e };

	(void)nb;
	*out = nb_dup(theirs);
	if (siblings(&m, base, mine, NULL)) {
		tidy(out, *out);
		return true;
	}
	nb_tree_free(*out);
	*out = NULL;
	return false;
}
