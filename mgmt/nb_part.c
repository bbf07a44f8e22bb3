/* SPDX-License-Identifier: ISC */
/* Parts of a tree, and what was changed in a part done to the whole; the contract is in mgmt/nb.h. */
#include "config.h"

#include "mgmt/nb.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_priv.h"

/* ---- a part ---- */

struct copy {
	const struct lysc_node **lists; /* that are thinned; owned */
	size_t nlists;			/* of them */
	const struct lyd_node **keep;	/* their entries that stay; owned */
	size_t nkeep;			/* of them */
	struct lyd_node *out;		/* the part; the caller's */
};

static bool
is_thinned(const struct copy *p, const struct lysc_node *s)
{
	for (size_t i = 0; i < p->nlists; i++)
		if (p->lists[i] == s)
			return true;
	return false;
}

static bool
is_kept(const struct copy *p, const struct lyd_node *n)
{
	for (size_t i = 0; i < p->nkeep; i++)
		if (p->keep[i] == n)
			return true;
	return false;
}

/* A thinned list is somewhere below. */
static bool
leads_to_one(const struct copy *p, const struct lysc_node *s)
{
	for (size_t i = 0; i < p->nlists; i++)
		for (const struct lysc_node *up = p->lists[i]->parent; up;
		     up = up->parent)
			if (up == s)
				return true;
	return false;
}

static void copy_siblings(
    struct copy *p, const struct lyd_node *n, struct lyd_node *parent);

static void
copy_node(struct copy *p, const struct lyd_node *n, struct lyd_node *parent)
{
	const bool thin = !is_thinned(p, n->schema) && leads_to_one(p, n->schema);
	struct lyd_node *copy = NULL;

	ensure(lyd_dup_single(n, (struct lyd_node_inner *)parent,
		   thin ? 0 : LYD_DUP_RECURSIVE, &copy) == LY_SUCCESS);
	if (!parent)
		ensure(lyd_insert_sibling(p->out, copy, &p->out) == LY_SUCCESS);
	if (!thin)
		return;
	copy_siblings(p, lyd_child(n), copy);
}

static void
copy_siblings(struct copy *p, const struct lyd_node *n, struct lyd_node *parent)
{
	const struct lysc_node *s = NULL;
	bool thinned = false;

	for (; n; n = n->next) {
		if (n->schema != s) {
			s = n->schema;
			thinned = is_thinned(p, s);
		}
		if (!lysc_is_key(s) && (!thinned || is_kept(p, n)))
			copy_node(p, n, parent);
	}
}

struct lyd_node *
nb_part(const struct nb *nb, const struct lyd_node *tree, const struct nb_keep *keep,
    size_t n)
{
	struct copy p = { .lists = xcalloc(n, sizeof p.lists[0]) };

	for (size_t i = 0; i < n; i++) {
		const struct lyd_node *first = nb_first(tree, &keep[i].list);

		p.lists[p.nlists++] = nb_schema_find(nb, &keep[i].list, keep[i].list.n);
		p.keep = xrealloc(p.keep, (p.nkeep + keep[i].n + 1) * sizeof p.keep[0]);
		for (size_t k = 0; first && k < keep[i].n; k++) {
			const struct lyd_node *e =
			    nb_entry_find(first, first->schema, keep[i].keys[k]);

			if (e)
				p.keep[p.nkeep++] = e;
		}
	}
	copy_siblings(&p, tree, NULL);
	free(p.lists);
	free(p.keep);
	return p.out;
}

/* ---- the same change in the whole ---- */

struct patch {
	struct lyd_node **tree; /* the whole; borrowed */
};

static struct lyd_node *
first_at(const struct patch *p, const struct lyd_node *at)
{
	return at ? lyd_child(at) : *p->tree;
}

static void
add(struct patch *p, struct lyd_node *at, const struct lyd_node *n)
{
	struct lyd_node *copy = NULL;

	ensure(lyd_dup_single(n, NULL, LYD_DUP_RECURSIVE, &copy) == LY_SUCCESS);
	if (at)
		ensure(lyd_insert_child(at, copy) == LY_SUCCESS);
	else
		ensure(lyd_insert_sibling(*p->tree, copy, p->tree) == LY_SUCCESS);
}

static void
cut(struct patch *p, struct lyd_node *n)
{
	if (*p->tree == n)
		*p->tree = n->next;
	lyd_free_tree(n);
}

static const struct lyd_node *
instance(const struct lyd_node *n, const struct lysc_node *s)
{
	while (n && n->schema != s)
		n = n->next;
	return n;
}

static bool
same_subtree(const struct lyd_node *a, const struct lyd_node *b)
{
	return lyd_compare_single(a, b, LYD_COMPARE_FULL_RECURSION) == LY_SUCCESS;
}

/* What is in the user's order is taken over as a whole, when it differs at all. */
static void
patch_ordered(struct patch *p, const struct lysc_node *s, const struct lyd_node *from,
    const struct lyd_node *to, struct lyd_node *at)
{
	const struct lyd_node *a = instance(from, s), *b = instance(to, s);

	while (a && b && same_subtree(a, b)) {
		a = instance(a->next, s);
		b = instance(b->next, s);
	}
	if (!a && !b)
		return;
	while ((a = instance(first_at(p, at), s)))
		cut(p, (struct lyd_node *)a);
	for (b = instance(to, s); b; b = instance(b->next, s))
		add(p, at, b);
}

/* Each kind of node in the user's order among these siblings, once. */
static void
patch_all_ordered(struct patch *p, const struct lyd_node *which,
    const struct lyd_node *from, const struct lyd_node *to, struct lyd_node *at)
{
	for (const struct lyd_node *n = which; n; n = n->next)
		if (lysc_is_userordered(n->schema) && instance(which, n->schema) == n)
			patch_ordered(p, n->schema, from, to, at);
}

static void
patch_siblings(struct patch *p, const struct lyd_node *from, const struct lyd_node *to,
    struct lyd_node *at)
{
	const struct lyd_node *n;

	patch_all_ordered(p, from, from, to, at);
	patch_all_ordered(p, to, from, to, at);
	for (n = from; n; n = n->next)
		if (!lysc_is_key(n->schema) && !lysc_is_userordered(n->schema) &&
		    !nb_counterpart(to, n))
			cut(p, nb_counterpart(first_at(p, at), n));
	for (n = to; n; n = n->next) {
		const struct lyd_node *was = nb_counterpart(from, n);

		if (lysc_is_key(n->schema) || lysc_is_userordered(n->schema))
			continue;
		if (!was)
			add(p, at, n);
		else if (!lyd_get_value(n))
			patch_siblings(p, lyd_child(was), lyd_child(n),
			    nb_counterpart(first_at(p, at), n));
		else if (strcmp(lyd_get_value(was), lyd_get_value(n)) != 0)
			lyd_change_term(
			    nb_counterpart(first_at(p, at), n), lyd_get_value(n));
	}
}

void
nb_patch(struct lyd_node **tree, const struct lyd_node *from, const struct lyd_node *to)
{
	struct patch p = { tree };

	patch_siblings(&p, from, to, NULL);
}
