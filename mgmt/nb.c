/* SPDX-License-Identifier: ISC */
/* Trees of configuration data over libyang 2; the contract is in the header. */
#include "config.h"

#include "mgmt/nb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_priv.h"

/* ---- schema ---- */

bool
nb_location(const char *text, const char *what, char *to, size_t size)
{
	const char *s = text ? strstr(text, what) : NULL;
	size_t n;

	if (!s)
		return false;
	s += strlen(what);
	s += s[0] == '"';
	n = strcspn(s, "\"");
	if (n >= size)
		n = size - 1;
	memcpy(to, s, n);
	to[n] = '\0';
	return true;
}

/* "../../peer-group/name": the last list of a path, which is the noun of an operator. */
static void
target_noun(const char *path, char *to, size_t size)
{
	const char *end = strrchr(path, '/');
	const char *start = end;

	while (start && start > path && start[-1] != '/')
		start--;
	if (!start || start == end || start[0] == '.')
		start = end = NULL;
	snprintf(
	    to, size, "%.*s", start ? (int)(end - start) : 4, start ? start : "such");
}

/* What is said of a name that nothing has: the library speaks of leafrefs, which no operator has written. */
static bool
no_target(const char *msg, struct err *e)
{
	char value[128], path[256], noun[64];

	if (!msg || !strstr(msg, "no target instance") ||
	    !nb_location(msg, "leafref value ", value, sizeof value) ||
	    !nb_location(msg, "no target instance ", path, sizeof path))
		return false;
	target_noun(path, noun, sizeof noun);
	err_set(e, "%s %s is not there, but something names it", noun, value);
	return true;
}

bool
nb_failed(const struct ly_ctx *ly, struct err *e)
{
	const char *msg = ly_errmsg(ly);

	if (e && !e->text[0])
		nb_location(ly_errpath(ly), "ata location ", e->path, sizeof e->path);
	if (!no_target(msg, e))
		err_set(e, "%s", msg ? msg : "not valid");
	ly_err_clean((struct ly_ctx *)ly, NULL);
	return false;
}

struct nb *
nb_new(const char *dir, struct err *e)
{
	struct nb *nb = xcalloc(1, sizeof *nb);

	if (!dir)
		dir = getenv("EVPND_YANG_PATH");
	if (!dir || !dir[0])
		dir = EVPND_YANGDIR;
	ly_log_options(LY_LOSTORE_LAST);
	if (ly_ctx_new(
		dir, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD, &nb->ly)) {
		err_set(e, "cannot read YANG modules in %s", dir);
		free(nb);
		return NULL;
	}
	nb->mod = ly_ctx_load_module(nb->ly, NB_MODULE, NULL, NULL);
	if (!nb->mod) {
		err_set(e, "cannot load the YANG module %s from %s", NB_MODULE, dir);
		nb_free(nb);
		return NULL;
	}
	return nb;
}

void
nb_free(struct nb *nb)
{
	if (!nb)
		return;
	ly_ctx_destroy(nb->ly);
	if (nb->raw)
		ly_ctx_destroy(nb->raw);
	free(nb);
}

const struct lysc_node *
nb_schema_find(const struct nb *nb, const struct nb_path *p, unsigned n)
{
	const struct lysc_node *s = NULL;

	for (unsigned i = 0; i < n; i++) {
		s = lys_find_child(s, nb->mod, p->s[i].name, 0, 0, 0);
		if (!s)
			return NULL;
	}
	return s;
}

const char *
nb_default(const struct nb *nb, const struct nb_path *p)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	const struct lysc_node_leaf *leaf = (const struct lysc_node_leaf *)s;

	if (!s || s->nodetype != LYS_LEAF || !leaf->dflt)
		return NULL;
	return lyd_value_get_canonical(nb->ly, leaf->dflt);
}

/* The key leaf of a list. */
static const struct lysc_node *
list_key(const struct lysc_node *list)
{
	return lysc_node_child(list);
}

static void
walk_schema(const struct lysc_node *s, struct nb_path *p,
    void (*fn)(void *arg, const struct nb_path *p), void *arg)
{
	for (; s; s = s->next) {
		if (s->flags & LYS_CONFIG_R)
			continue;
		ensure(p->n < NB_STEPS_MAX);
		p->s[p->n++] = (struct nb_step){ s->name, NULL };
		if (s->nodetype & (LYS_LEAF | LYS_LEAFLIST)) {
			if (!lysc_is_key(s))
				fn(arg, p);
		} else {
			walk_schema(lysc_node_child(s), p, fn, arg);
		}
		p->n--;
	}
}

void
nb_schema_leaves(
    const struct nb *nb, void (*fn)(void *arg, const struct nb_path *p), void *arg)
{
	struct nb_path p = { .n = 0 };

	walk_schema(nb->mod->compiled->data, &p, fn, arg);
}

/* ---- trees ---- */

struct lyd_node *
nb_dup(const struct lyd_node *tree)
{
	struct lyd_node *copy = NULL;

	if (tree)
		ensure(
		    lyd_dup_siblings(tree, NULL, LYD_DUP_RECURSIVE, &copy) == LY_SUCCESS);
	return copy;
}

void
nb_tree_free(struct lyd_node *tree)
{
	lyd_free_all(tree);
}

struct lyd_node *
nb_entry_find(
    const struct lyd_node *first, const struct lysc_node *schema, const char *key)
{
	const struct lysc_node *k = list_key(schema);
	struct ly_ctx *ly = schema->module->ctx;
	struct lyd_node *found = NULL;
	const char *canon = NULL;
	char *predicate;

	lyd_value_validate(ly, k, key, strlen(key), NULL, NULL, &canon);
	if (canon && !strpbrk(canon, "'")) {
		predicate = xasprintf("[%s='%s']", k->name, canon);
		lyd_find_sibling_val(first, schema, predicate, strlen(predicate), &found);
		free(predicate);
	} else if (canon) {
		/* Not worth quoting: names with apostrophes are few. */
		for (found = (struct lyd_node *)first; found; found = found->next)
			if (found->schema == schema && strcmp(nb_key(found), canon) == 0)
				break;
	}
	lydict_remove(ly, canon);
	ly_err_clean(ly, NULL);
	return found;
}

/* Among `first` and its siblings. */
static struct lyd_node *
sibling_find(const struct lyd_node *first, const struct nb_step *s)
{
	const struct lysc_node *schema;
	struct lyd_node *found = NULL;

	if (!first)
		return NULL;
	if (lyd_parent(first))
		schema = lys_find_child(
		    lyd_parent(first)->schema, first->schema->module, s->name, 0, 0, 0);
	else
		schema = lys_find_child(NULL, first->schema->module, s->name, 0, 0, 0);
	if (!schema)
		return NULL;
	if (schema->nodetype == LYS_LIST && s->key)
		return nb_entry_find(first, schema, s->key);
	lyd_find_sibling_val(first, schema, NULL, 0, &found);
	return found;
}

struct lyd_node *
nb_find(const struct lyd_node *tree, const struct nb_path *p)
{
	struct lyd_node *n = NULL;

	for (unsigned i = 0; i < p->n; i++) {
		n = sibling_find(i == 0 ? tree : lyd_child(n), &p->s[i]);
		if (!n)
			return NULL;
	}
	return n;
}

const char *
nb_value(const struct lyd_node *node)
{
	return lyd_get_value(node);
}

const char *
nb_get(const struct lyd_node *tree, const struct nb_path *p)
{
	return nb_value(nb_find(tree, p));
}

struct lyd_node *
nb_child(const struct lyd_node *parent, const char *name)
{
	struct nb_step s = { name, NULL };

	return parent ? sibling_find(lyd_child(parent), &s) : NULL;
}

bool
nb_has_children(const struct lyd_node *parent)
{
	return lyd_child(parent) != NULL;
}

const char *
nb_leaf(const struct lyd_node *parent, const char *name)
{
	return nb_value(nb_child(parent, name));
}

bool
nb_is_bare(const struct lyd_node *entry)
{
	const struct lyd_node *key = lyd_child(entry);

	return key && !key->next;
}

const char *
nb_key(const struct lyd_node *entry)
{
	return nb_value(lyd_child(entry));
}

static struct lyd_node *
named_from(struct lyd_node *n, const char *name)
{
	const struct lysc_node *other = NULL;

	/* Entries of a list stand together: one look at the name serves for all of them. */
	for (; n; n = n->next) {
		if (n->schema == other)
			continue;
		if (strcmp(n->schema->name, name) == 0)
			return n;
		other = n->schema;
	}
	return NULL;
}

char *
nb_node_path(const struct lyd_node *node)
{
	char *path = node ? lyd_path(node, LYD_PATH_STD, NULL, 0) : NULL;

	return path ? path : xstrdup("");
}

struct lyd_node *
nb_first(const struct lyd_node *tree, const struct nb_path *p)
{
	struct nb_path up = *p;

	ensure(p->n > 0);
	up.n--;
	if (up.n == 0)
		return named_from((struct lyd_node *)tree, p->s[0].name);
	return nb_child_first(nb_find(tree, &up), p->s[up.n].name);
}

struct lyd_node *
nb_child_first(const struct lyd_node *parent, const char *name)
{
	return parent ? named_from(lyd_child(parent), name) : NULL;
}

struct lyd_node *
nb_next(const struct lyd_node *node)
{
	return named_from(node->next, node->schema->name);
}

/* ---- editing ---- */

static void
link_node(struct lyd_node **tree, struct lyd_node *parent, struct lyd_node *n)
{
	if (!parent)
		ensure(lyd_insert_sibling(*tree, n, tree) == LY_SUCCESS);
}

/* The entry or container at step i, made if it is not there. */
static struct lyd_node *
step_get(struct nb *nb, struct lyd_node **tree, struct lyd_node *parent,
    const struct nb_step *s, struct err *e)
{
	struct lyd_node *n = sibling_find(parent ? lyd_child(parent) : *tree, s);
	LY_ERR rc;

	if (n)
		return n;
	if (s->key)
		rc = lyd_new_list(parent, nb->mod, s->name, 0, &n, s->key);
	else
		rc = lyd_new_inner(parent, nb->mod, s->name, 0, &n);
	if (rc != LY_SUCCESS) {
		nb_failed(nb->ly, e);
		return NULL;
	}
	link_node(tree, parent, n);
	return n;
}

/* Walks to the parent of the last step, making it; false on error.  *parent NULL: the root. */
static bool
parent_get(struct nb *nb, struct lyd_node **tree, const struct nb_path *p,
    struct lyd_node **parent, struct err *e)
{
	*parent = NULL;
	for (unsigned i = 0; i + 1 < p->n; i++) {
		*parent = step_get(nb, tree, *parent, &p->s[i], e);
		if (!*parent)
			return false;
	}
	return true;
}

void
nb_node_free(struct lyd_node **tree, struct lyd_node *n)
{
	while (n) {
		struct lyd_node *parent = lyd_parent(n);

		if (*tree == n)
			*tree = n->next;
		lyd_free_tree(n);
		if (!parent || lyd_child(parent) ||
		    parent->schema->nodetype != LYS_CONTAINER ||
		    !lysc_is_np_cont(parent->schema))
			return;
		n = parent;
	}
}

/* Removes containers that were made on the way to something that failed. */
static void
parent_tidy(struct lyd_node **tree, struct lyd_node *parent)
{
	if (parent && !lyd_child(parent) && lysc_is_np_cont(parent->schema))
		nb_node_free(tree, parent);
}

static bool
leaf_set(struct nb *nb, struct lyd_node **tree, const struct nb_path *p,
    const char *value, struct err *e)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	const char *dflt = nb_default(nb, p);
	struct lyd_node *parent, *n;
	const char *canon = NULL;
	bool is_default;
	LY_ERR rc;

	rc = lyd_value_validate(nb->ly, s, value, strlen(value), NULL, NULL, &canon);
	if (rc != LY_SUCCESS && rc != LY_EINCOMPLETE)
		return nb_failed(nb->ly, e);
	is_default = dflt && canon && strcmp(dflt, canon) == 0;
	lydict_remove(nb->ly, canon);
	if (is_default) {
		nb_del(nb, tree, p);
		return true;
	}
	if (!parent_get(nb, tree, p, &parent, e))
		return false;
	n = sibling_find(parent ? lyd_child(parent) : *tree, &p->s[p->n - 1]);
	if (n) {
		rc = lyd_change_term(n, value);
		return rc == LY_SUCCESS || rc == LY_EEXIST || rc == LY_ENOT
			   ? true
			   : nb_failed(nb->ly, e);
	}
	if (lyd_new_term(parent, nb->mod, p->s[p->n - 1].name, value, 0, &n) !=
	    LY_SUCCESS) {
		nb_failed(nb->ly, e);
		parent_tidy(tree, parent);
		return false;
	}
	link_node(tree, parent, n);
	return true;
}

static bool
no_such_path(const struct nb_path *p, struct err *e)
{
	return err_set(e, "no configuration node %s", p->n ? p->s[p->n - 1].name : "");
}

static bool
value_check(struct nb *nb, const struct lysc_node *s, const char *value, struct err *e)
{
	LY_ERR rc = lyd_value_validate(nb->ly, s, value, strlen(value), NULL, NULL, NULL);

	return rc == LY_SUCCESS || rc == LY_EINCOMPLETE ? true : nb_failed(nb->ly, e);
}

bool
nb_check(struct nb *nb, const struct nb_path *p, const char *value, struct err *e)
{
	const struct lysc_node *s = NULL;

	for (unsigned i = 0; i < p->n; i++) {
		s = nb_schema_find(nb, p, i + 1);
		if (!s)
			return no_such_path(p, e);
		if (p->s[i].key && !value_check(nb, list_key(s), p->s[i].key, e))
			return false;
	}
	return !value || value_check(nb, s, value, e);
}

char *
nb_path_format(const struct nb *nb, const struct nb_path *p)
{
	struct strbuf b;

	strbuf_init(&b);
	for (unsigned i = 0; i < p->n; i++) {
		const struct lysc_node *s = nb_schema_find(nb, p, i + 1);

		strbuf_printf(&b, i == 0 ? "/" NB_MODULE ":%s" : "/%s", p->s[i].name);
		if (s && p->s[i].key)
			strbuf_printf(&b, "[%s='%s']", list_key(s)->name, p->s[i].key);
	}
	return strbuf_take(&b);
}

bool
nb_set(struct nb *nb, struct lyd_node **tree, const struct nb_path *p, const char *value,
    struct err *e)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	struct lyd_node *parent;

	if (!s)
		return no_such_path(p, e);
	if (value)
		return s->nodetype == LYS_LEAF ? leaf_set(nb, tree, p, value, e)
					       : no_such_path(p, e);
	if (s->nodetype != LYS_CONTAINER && s->nodetype != LYS_LIST)
		return no_such_path(p, e);
	return parent_get(nb, tree, p, &parent, e) &&
	       step_get(nb, tree, parent, &p->s[p->n - 1], e);
}

bool
nb_put(struct lyd_node **tree, const struct nb_path *p, const char *value, struct err *e)
{
	struct nb nb = { (struct ly_ctx *)LYD_CTX(*tree), lyd_owner_module(*tree) };
	const struct lysc_node *s = nb_schema_find(&nb, p, p->n);

	if (s && s->nodetype == LYS_LEAFLIST)
		return nb_add(&nb, tree, p, value, e);
	return nb_set(&nb, tree, p, value, e);
}

/* The instance of a leaf-list that has this value, in whatever spelling. */
static struct lyd_node *
leaflist_find(const struct lyd_node *parent, const struct lysc_node *s, const char *value)
{
	struct lyd_node *n = NULL;

	if (parent)
		lyd_find_sibling_val(lyd_child(parent), s, value, strlen(value), &n);
	return n;
}

bool
nb_add(struct nb *nb, struct lyd_node **tree, const struct nb_path *p, const char *value,
    struct err *e)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	struct lyd_node *parent;
	LY_ERR rc;

	if (!s || s->nodetype != LYS_LEAFLIST)
		return no_such_path(p, e);
	rc = lyd_value_validate(nb->ly, s, value, strlen(value), NULL, NULL, NULL);
	if (rc != LY_SUCCESS && rc != LY_EINCOMPLETE)
		return nb_failed(nb->ly, e);
	if (!parent_get(nb, tree, p, &parent, e))
		return false;
	if (leaflist_find(parent, s, value))
		return true;
	if (lyd_new_term(parent, nb->mod, s->name, value, 0, NULL) == LY_SUCCESS)
		return true;
	nb_failed(nb->ly, e);
	parent_tidy(tree, parent);
	return false;
}

void
nb_del(struct nb *nb, struct lyd_node **tree, const struct nb_path *p)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	struct lyd_node *n;

	if (!s)
		return;
	if (s->nodetype != LYS_LEAFLIST) {
		nb_node_free(tree, nb_find(*tree, p));
		return;
	}
	while ((n = nb_first(*tree, p)))
		nb_node_free(tree, n);
}

void
nb_del_value(
    struct nb *nb, struct lyd_node **tree, const struct nb_path *p, const char *value)
{
	const struct lysc_node *s = nb_schema_find(nb, p, p->n);
	struct nb_path up = *p;

	up.n--;
	if (s && s->nodetype == LYS_LEAFLIST)
		nb_node_free(tree, leaflist_find(nb_find(*tree, &up), s, value));
}
