/* SPDX-License-Identifier: ISC */
/* Filters: mark what is selected, then free the rest. */
#include "config.h"

#include "netconf/filter.h"

#include <ctype.h>
#include <libyang/libyang.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"

/* In lyd_node.priv while a filter works. */
static char mark_way, mark_all;
#define WAY ((void *)&mark_way) /* something below is selected */
#define ALL ((void *)&mark_all) /* it is selected with all below */

#define OURS "urn:evpnd:evpnd"

/* ---- nodes of a filter, which may have a schema or not ---- */

static const char *
f_ns(const struct lyd_node *f)
{
	if (f->schema)
		return f->schema->module->ns;
	return ((const struct lyd_node_opaq *)f)->name.module_ns;
}

/* Its text without spaces at the ends, as a length; NULL if there is none. */
static const char *
f_value(const struct lyd_node *f, size_t *len)
{
	const char *v = lyd_child(f) ? NULL : lyd_get_value(f);

	if (!v)
		return NULL;
	while (isspace((unsigned char)*v))
		v++;
	*len = strlen(v);
	while (*len > 0 && isspace((unsigned char)v[*len - 1]))
		--*len;
	return *len ? v : NULL;
}

static bool
f_names(const struct lyd_node *f, const struct lyd_node *d)
{
	const char *ns = f_ns(f);

	/* RFC 6241 6.2.1: without a namespace any. */
	return strcmp(LYD_NAME(f), LYD_NAME(d)) == 0 &&
	       (!ns || !ns[0] || (d->schema && strcmp(ns, d->schema->module->ns) == 0));
}

static bool
values_equal(const struct lyd_node *f, const struct lyd_node *d)
{
	size_t n;
	const char *v = f_value(f, &n), *have = lyd_get_value(d);

	return v && have && strlen(have) == n && memcmp(v, have, n) == 0;
}

/* ---- marking ---- */

/* Every content match node of the level has its equal (RFC 6241 6.2.5).  *only: there is nothing but
 * such nodes. */
static bool
content_matches(const struct lyd_node *f, const struct lyd_node *d, bool *only)
{
	*only = true;
	for (; f; f = f->next) {
		const struct lyd_node *c;
		size_t n;

		if (!f_value(f, &n)) {
			*only = false;
			continue;
		}
		for (c = d; c && !(f_names(f, c) && values_equal(f, c)); c = c->next)
			;
		if (!c)
			return false;
	}
	return true;
}

static bool mark_level(const struct lyd_node *f, struct lyd_node *d);

static bool
mark_one(const struct lyd_node *f, struct lyd_node *d)
{
	size_t n;

	if (!f_names(f, d))
		return false;
	if (f_value(f, &n)) {
		if (values_equal(f, d))
			d->priv = ALL;
	} else if (!lyd_child(f)) {
		d->priv = ALL;
	} else if (lyd_child(d) && mark_level(lyd_child(f), lyd_child(d)) &&
		   d->priv != ALL) {
		d->priv = WAY;
	}
	return d->priv != NULL;
}

static bool
mark_level(const struct lyd_node *f, struct lyd_node *d)
{
	bool only, any = false;

	if (!content_matches(f, d, &only))
		return false;
	for (; d; d = d->next) {
		if (only) {
			d->priv = ALL;
			any = true;
			continue;
		}
		for (const struct lyd_node *one = f; one; one = one->next)
			any = mark_one(one, d) || any;
	}
	return any;
}

static bool
mark_xpath(struct lyd_node *tree, const char *xpath, struct err *e)
{
	struct ly_set *set = NULL;

	if (lyd_find_xpath(tree, xpath, &set) != LY_SUCCESS) {
		const char *why = ly_errmsg(LYD_CTX(tree));

		err_set(e, "%s", why ? why : "the XPath is not valid");
		ly_err_clean((struct ly_ctx *)LYD_CTX(tree), NULL);
		return false;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		struct lyd_node *n = set->dnodes[i];

		n->priv = ALL;
		for (n = lyd_parent(n); n; n = lyd_parent(n))
			if (n->priv != ALL)
				n->priv = WAY;
	}
	ly_set_free(set, NULL);
	return true;
}

/* ---- freeing ---- */

static void
sweep(struct lyd_node **tree, struct lyd_node *d)
{
	struct lyd_node *next;

	for (; d; d = next) {
		void *mark = d->priv;

		next = d->next;
		d->priv = NULL;
		if (mark == WAY) {
			sweep(tree, lyd_child(d));
		} else if (!mark && !lysc_is_key(d->schema)) {
			if (*tree == d)
				*tree = d->next;
			lyd_free_tree(d);
		}
	}
}

/* What is below a node that is selected whole may be marked too. */
static void
unmark(struct lyd_node *d)
{
	struct lyd_node *n;

	LY_LIST_FOR(d, d)
	{
		LYD_TREE_DFS_BEGIN(d, n)
		{
			n->priv = NULL;
			LYD_TREE_DFS_END(d, n);
		}
	}
}

/* left levels of d stay, itself among them.  What is selected by itself below it begins anew. */
static void
cut_below(struct lyd_node *d, unsigned left, unsigned depth)
{
	struct lyd_node *c, *next;

	for (c = lyd_child(d); c; c = next) {
		next = c->next;
		if (c->priv == ALL)
			cut_below(c, depth, depth);
		else if (left > 1 || c->priv == WAY)
			cut_below(c, left > 1 ? left - 1 : 1, depth);
		else if (!lysc_is_key(c->schema))
			lyd_free_tree(c);
	}
}

/* Goes down to what is selected, and cuts there. */
static void
cut(struct lyd_node *d, unsigned depth)
{
	for (; d; d = d->next) {
		if (d->priv == ALL)
			cut_below(d, depth, depth);
		else if (d->priv == WAY)
			cut(lyd_child(d), depth);
	}
}

bool
filter_apply(
    struct lyd_node **tree, const struct filter *f, unsigned depth, struct err *e)
{
	bool ok = true;

	if (!*tree || (!f->is && !depth))
		return true;
	if (!f->is)
		for (struct lyd_node *d = *tree; d; d = d->next)
			d->priv = ALL;
	else if (f->xpath)
		ok = mark_xpath(*tree, f->xpath, e);
	else if (f->subtree)
		mark_level(f->subtree, *tree);
	if (depth)
		cut(*tree, depth);
	sweep(tree, *tree);
	unmark(*tree);
	return ok;
}

/* ---- hints ---- */

/* Adds [key='value'] for each content match that is not hard to quote. */
static void
add_predicates(struct strbuf *path, const struct lyd_node *f)
{
	for (const struct lyd_node *c = lyd_child(f); c; c = c->next) {
		size_t n;
		const char *v = f_value(c, &n);

		if (v && !memchr(v, '\'', n))
			strbuf_printf(path, "[%s='%.*s']", LYD_NAME(c), (int)n, v);
	}
}

/* The children that go on below, NULL if the node is wanted whole. */
static bool
goes_on(const struct lyd_node *f)
{
	size_t n;

	for (f = lyd_child(f); f; f = f->next)
		if (!f_value(f, &n))
			return true;
	return false;
}

static void
walk_state(struct strbuf *path, const struct lyd_node *f, unsigned depth,
    void (*fn)(void *arg, const char *path), void *arg)
{
	size_t mark = path->len, n;

	strbuf_printf(path, depth == 0 ? "/evpnd:%s" : "/%s", LYD_NAME(f));
	add_predicates(path, f);
	if (goes_on(f) && depth < 8) {
		for (const struct lyd_node *c = lyd_child(f); c; c = c->next)
			if (!f_value(c, &n))
				walk_state(path, c, depth + 1, fn, arg);
	} else {
		fn(arg, path->s);
	}
	path->len = mark;
	path->s[mark] = '\0';
}

/* It may select anything; one that only seems so costs a look more. */
static bool
xpath_is_wide(const char *xpath)
{
	return strchr(xpath, '*') || strstr(xpath, "//") || strstr(xpath, "node") ||
	       strcmp(xpath, "/") == 0;
}

void
filter_state_paths(
    const struct filter *f, void (*fn)(void *arg, const char *path), void *arg)
{
	struct strbuf path;

	if (!f->is) {
		fn(arg, "/evpnd:state");
		return;
	}
	if (f->xpath) {
		if (strncmp(f->xpath, "/evpnd:state", 12) == 0)
			fn(arg, f->xpath);
		else if (strstr(f->xpath, "state") || xpath_is_wide(f->xpath))
			fn(arg, "/evpnd:state");
		return;
	}
	strbuf_init(&path);
	for (const struct lyd_node *t = f->subtree; t; t = t->next) {
		const char *ns = f_ns(t);

		if (strcmp(LYD_NAME(t), "state") == 0 &&
		    (!ns || !ns[0] || strcmp(ns, OURS) == 0))
			walk_state(&path, t, 0, fn, arg);
	}
	strbuf_fini(&path);
}

bool
filter_may(const struct filter *f, const char *module, const char *ns)
{
	if (!f->is)
		return true;
	if (f->xpath)
		return strstr(f->xpath, module) || xpath_is_wide(f->xpath);
	for (const struct lyd_node *t = f->subtree; t; t = t->next) {
		const char *has = f_ns(t);

		if (!has || !has[0] || strcmp(has, ns) == 0)
			return true;
	}
	return false;
}
