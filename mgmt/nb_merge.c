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

static bool
siblings(struct merge *m, const struct lyd_node *base, const struct lyd_node *mine,
    struct lyd_node *at)
{
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
