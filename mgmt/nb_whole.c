/* SPDX-License-Identifier: ISC */
/* Whole trees: validating, comparing, pruning, printing, parsing; the contract is in mgmt/nb.h. */
#include "config.h"

#include "mgmt/nb.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_priv.h"

/* A missing node is told by its place in the schema alone: the instance that lacks it is sought. */
static void
find_lacking(const struct ly_ctx *ly, const struct lyd_node *tree, struct err *e)
{
	char schema[256], *slash, *xpath;
	struct ly_set *set = NULL;
	const char *text = ly_errpath(ly);

	if (!text || strstr(text, "ata location ") ||
	    !nb_location(text, "Schema location ", schema, sizeof schema))
		return;
	slash = strrchr(schema, '/');
	if (!slash || slash == schema)
		return;
	*slash = '\0';
	xpath = xasprintf("%s[not(%s)]", schema, slash + 1);
	if (lyd_find_xpath(tree, xpath, &set) == LY_SUCCESS && set->count > 0)
		lyd_path(set->dnodes[0], LYD_PATH_STD, e->path, sizeof e->path);
	ly_set_free(set, NULL);
	free(xpath);
}

bool
nb_validate(
    struct nb *nb, const struct lyd_node *tree, struct lyd_node **full, struct err *e)
{
	*full = nb_dup(tree);
	if (!*full)
		return true;
	if (lyd_validate_all(full, nb->ly, LYD_VALIDATE_NO_STATE, NULL) == LY_SUCCESS)
		return true;
	if (!e->text[0])
		find_lacking(nb->ly, *full, e);
	nb_failed(nb->ly, e);
	nb_tree_free(*full);
	*full = NULL;
	return false;
}

bool
nb_prune(struct nb *nb, struct lyd_node **tree, const char *xpath)
{
	char *path = xstrdup(xpath);
	bool done = false;

	while (!done && *tree && path[0] == '/' && path[1]) {
		struct ly_set *set = NULL;
		char *slash;

		if (lyd_find_xpath(*tree, path, &set) == LY_SUCCESS && set->count > 0) {
			struct lyd_node *n = set->dnodes[0];

			nb_node_free(tree, lysc_is_key(n->schema) ? lyd_parent(n) : n);
			done = true;
		}
		ly_set_free(set, NULL);
		/* Not there (a missing mandatory leaf): what should have it is at fault. */
		slash = strrchr(path, '/');
		if (slash)
			*slash = '\0';
	}
	ly_err_clean(nb->ly, NULL);
	free(path);
	return done;
}

struct diff_ctx {
	void (*fn)(void *arg, enum nb_change c, const char *path, const char *value);
	void *arg; /* for fn */
};

static void
diff_report(const struct diff_ctx *d, enum nb_change c, const struct lyd_node *n)
{
	char *path = lyd_path(n, LYD_PATH_STD, NULL, 0);

	d->fn(d->arg, c, path ? path : "", lyd_get_value(n));
	free(path);
}

/* Every leaf, and every list entry and presence container, below n and n itself. */
static void
diff_subtree(const struct diff_ctx *d, enum nb_change c, const struct lyd_node *n)
{
	const struct lyd_node *child;

	if (lysc_is_key(n->schema))
		return;
	if (!lysc_is_np_cont(n->schema))
		diff_report(d, c, n);
	for (child = lyd_child(n); child; child = child->next)
		diff_subtree(d, c, child);
}

struct lyd_node *
nb_counterpart(const struct lyd_node *first, const struct lyd_node *n)
{
	struct lyd_node *found = NULL;

	if (!first)
		return NULL;
	if (n->schema->nodetype & (LYS_LIST | LYS_LEAFLIST))
		lyd_find_sibling_first(first, n, &found);
	else
		lyd_find_sibling_val(first, n->schema, NULL, 0, &found);
	return found;
}

static size_t
count_siblings(const struct lyd_node *n)
{
	size_t count = 0;

	for (; n; n = n->next)
		count++;
	return count;
}

/* The next instance of what n is an instance of. */
static const struct lyd_node *
next_instance(const struct lyd_node *n)
{
	const struct lysc_node *schema = n->schema;

	for (n = n->next; n && n->schema != schema;)
		n = n->next;
	return n;
}

/* libyang's own comparison makes a whole tree of differences, which takes ten times as long. */
bool
nb_equal(const struct lyd_node *a, const struct lyd_node *b)
{
	const struct lyd_node *turn = NULL, *last = NULL; /* in a user's order */

	if (count_siblings(a) != count_siblings(b))
		return false;
	for (; a; a = a->next) {
		const struct lyd_node *peer = nb_counterpart(b, a);

		if (!peer)
			return false;
		if (lysc_is_userordered(a->schema)) {
			if (last && last->schema == a->schema && turn != peer)
				return false;
			turn = next_instance(peer);
			last = a;
		}
		if (lyd_get_value(a) ? strcmp(lyd_get_value(a), lyd_get_value(peer)) != 0
				     : !nb_equal(lyd_child(a), lyd_child(peer)))
			return false;
	}
	return true;
}

static void
diff_siblings(
    const struct diff_ctx *d, const struct lyd_node *from, const struct lyd_node *to)
{
	const struct lyd_node *n;
	struct lyd_node *peer;

	for (n = from; n; n = n->next) {
		peer = nb_counterpart(to, n);
		if (!peer)
			diff_subtree(d, NB_DELETED, n);
		else if (lyd_get_value(n) &&
			 strcmp(lyd_get_value(n), lyd_get_value(peer)) != 0)
			diff_report(d, NB_CHANGED, peer);
		else
			diff_siblings(d, lyd_child(n), lyd_child(peer));
	}
	for (n = to; n; n = n->next)
		if (!nb_counterpart(from, n))
			diff_subtree(d, NB_CREATED, n);
}

void
nb_diff(const struct lyd_node *from, const struct lyd_node *to,
    void (*fn)(void *arg, enum nb_change c, const char *path, const char *value),
    void *arg)
{
	struct diff_ctx d = { fn, arg };

	diff_siblings(&d, from, to);
}

bool
nb_print(const struct lyd_node *tree, enum nb_format f, struct strbuf *out, struct err *e)
{
	char *text = NULL;

	if (lyd_print_mem(&text, tree, f == NB_JSON ? LYD_JSON : LYD_XML,
		LYD_PRINT_WITHSIBLINGS | LYD_PRINT_WD_EXPLICIT) != LY_SUCCESS)
		return err_set(e, "cannot print the configuration");
	strbuf_put(out, text ? text : "");
	free(text);
	return true;
}

/* Removes what equals its default, and containers that say nothing: the canonical tree. */
static void
canonicalise(struct lyd_node **tree, struct lyd_node *n)
{
	struct lyd_node *next;

	for (; n; n = next) {
		next = n->next;
		if (lyd_child(n)) {
			canonicalise(tree, lyd_child(n));
			/* Deleting the last child of a container deletes the container. */
			continue;
		}
		if (lysc_is_np_cont(n->schema) ||
		    (n->schema->nodetype == LYS_LEAF && lyd_is_default(n)))
			nb_node_free(tree, n);
	}
}

bool
nb_parse(struct nb *nb, const char *text, enum nb_format f, struct lyd_node **tree,
    struct err *e)
{
	*tree = NULL;
	if (lyd_parse_data_mem(nb->ly, text, f == NB_JSON ? LYD_JSON : LYD_XML,
		LYD_PARSE_ONLY | LYD_PARSE_STRICT | LYD_PARSE_NO_STATE, 0,
		tree) != LY_SUCCESS) {
		nb_failed(nb->ly, e);
		nb_tree_free(*tree);
		*tree = NULL;
		return false;
	}
	canonicalise(tree, *tree);
	return true;
}
