/* SPDX-License-Identifier: ISC */
/* NETCONF's edits on a tree; the contract is in the header.
 *
 * The payload is read without our schema, so that every element keeps its attributes
 * and its namespace, and is then walked beside the schema and the tree.  An element of
 * the payload is `in` here, the node of the tree that it speaks of is `n`.
 */
#include "config.h"

#include "mgmt/nb_edit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "lib/xmlscan.h"
#include "mgmt/ctl_rpc.h"
#include "mgmt/nb_priv.h"

#define NS_NETCONF "urn:ietf:params:xml:ns:netconf:base:1.0"
#define NS_YANG "urn:ietf:params:xml:ns:yang:1"
#define NS_DEFAULTS "urn:ietf:params:xml:ns:netconf:default:1.0"
#define EDIT_DEPTH_MAX 24 /* elements inside each other; our deepest path has 8 */

struct edit {
	struct nb *nb;		 /* borrowed */
	struct lyd_node **tree;	 /* first of the top level; borrowed */
	struct nb_edit_error *e; /* borrowed */
	struct strbuf path;	 /* of the node that is being edited */
};

/* The children of one node of the tree, or its top level. */
struct place {
	struct lyd_node *parent;	 /* NULL: the top level */
	const struct lysc_node *sparent; /* its schema, NULL the same */
};

/* One element of the payload with what it speaks of. */
struct item {
	const struct lyd_node_opaq *in; /* the element */
	const struct lysc_node *s;	/* its schema */
	enum nb_edit_op op;		/* what is to be done */
	struct lyd_node *n;		/* what the tree has, NULL nothing */
};

static bool edit_children(
    struct edit *x, struct place at, const struct lyd_node *first, enum nb_edit_op op);

/* ---- errors ---- */

static bool fail(struct edit *x, const char *tag, const char *element, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

static bool
fail(struct edit *x, const char *tag, const char *element, const char *fmt, ...)
{
	va_list ap;

	x->e->tag = tag;
	if (element)
		snprintf(x->e->element, sizeof x->e->element, "%s", element);
	snprintf(x->e->path, sizeof x->e->path, "%s", x->path.s);
	va_start(ap, fmt);
	vsnprintf(x->e->text, sizeof x->e->text, fmt, ap);
	va_end(ap);
	return false;
}

static bool
fail_attr(
    struct edit *x, const char *tag, const struct lyd_node_opaq *in, const char *attr)
{
	snprintf(x->e->attribute, sizeof x->e->attribute, "%s", attr);
	return fail(x, tag, in->name.name, "the attribute %s of %s is not usable", attr,
	    in->name.name);
}

/* From libyang's last error. */
static bool
fail_value(struct edit *x, const char *name)
{
	struct err e = { 0 };

	nb_failed(x->nb->ly, &e);
	return fail(x, "invalid-value", name, "%s", e.text);
}

/* ---- attributes ---- */

static const struct lyd_attr *
attr_find(const struct lyd_node_opaq *in, const char *ns, const char *name)
{
	for (const struct lyd_attr *a = in->attr; a; a = a->next)
		if (strcmp(a->name.name, name) == 0 && a->name.module_ns &&
		    strcmp(a->name.module_ns, ns) == 0)
			return a;
	return NULL;
}

static bool
operation(struct edit *x, const struct lyd_node_opaq *in, enum nb_edit_op *op)
{
	static const char *const names[] = {
		[NB_EDIT_MERGE] = "merge",
		[NB_EDIT_REPLACE] = "replace",
		[NB_EDIT_NONE] = NULL,
		[NB_EDIT_CREATE] = "create",
		[NB_EDIT_DELETE] = "delete",
		[NB_EDIT_REMOVE] = "remove",
	};
	const struct lyd_attr *a = attr_find(in, NS_NETCONF, "operation");

	for (const struct lyd_attr *other = in->attr; other; other = other->next)
		if (other != a && other->name.module_ns &&
		    strcmp(other->name.module_ns, NS_NETCONF) == 0)
			return fail_attr(x, "unknown-attribute", in, other->name.name);
	if (!a)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i] && strcmp(a->value, names[i]) == 0) {
			*op = (enum nb_edit_op)i;
			return true;
		}
	}
	return fail_attr(x, "bad-attribute", in, "operation");
}

/* ---- the tree ---- */

static struct lyd_node *
children(const struct edit *x, struct place at)
{
	return at.parent ? lyd_child(at.parent) : *x->tree;
}

/* Takes one node out.  Empty containers above it are left to edit_container(). */
static void
node_free(struct edit *x, struct lyd_node *n)
{
	if (*x->tree == n)
		*x->tree = n->next;
	lyd_free_tree(n);
}

static void
link_top(struct edit *x, struct place at, struct lyd_node *n)
{
	if (!at.parent)
		ensure(lyd_insert_sibling(*x->tree, n, x->tree) == LY_SUCCESS);
}

/* True when the operation on a node that is there, or not, goes on; false with x->e filled when it is
 * an error, or with *done when there is nothing (more) to do. */
static bool
op_allowed(struct edit *x, const struct item *it, bool *done)
{
	const char *name = it->s->name;

	*done = false;
	if (it->op == NB_EDIT_CREATE && it->n)
		return fail(x, "data-exists", NULL, "%s is there already", name);
	if (it->op == NB_EDIT_DELETE && !it->n)
		return fail(x, "data-missing", NULL, "%s is not there", name);
	if (it->op == NB_EDIT_DELETE || it->op == NB_EDIT_REMOVE) {
		if (it->n)
			node_free(x, it->n);
		*done = true;
	}
	return true;
}

/* ---- order ---- */

/* The entry before or after which `insert` wants another one. */
static struct lyd_node *
anchor_find(struct edit *x, struct place at, const struct item *it)
{
	bool list = it->s->nodetype == LYS_LIST;
	const struct lyd_attr *a = attr_find(it->in, NS_YANG, list ? "key" : "value");
	struct lyd_node *found = NULL;
	const char *key;
	char *text, *end;

	if (!a) {
		fail_attr(x, "missing-attribute", it->in, list ? "key" : "value");
		return NULL;
	}
	if (!list) {
		lyd_find_sibling_val(
		    children(x, at), it->s, a->value, strlen(a->value), &found);
	} else {
		/* [p:name='value'] with one key: what is between the quotes counts. */
		text = xstrdup(a->value);
		key = strpbrk(text, "'\"");
		end = key ? strrchr(key + 1, key[0]) : NULL;
		if (end) {
			*end = '\0';
			found = nb_entry_find(children(x, at), it->s, key + 1);
		}
		free(text);
	}
	ly_err_clean(x->nb->ly, NULL);
	if (!found) {
		x->e->attribute[0] = '\0';
		/* RFC 7950 15.7 */
		fail(x, "bad-attribute", it->in->name.name,
		    "there is no entry %s to insert by", a->value);
		snprintf(x->e->attribute, sizeof x->e->attribute, "%s",
		    list ? "key" : "value");
	}
	return found;
}

static struct lyd_node *
first_of(struct edit *x, struct place at, const struct lysc_node *s)
{
	struct lyd_node *n;

	for (n = children(x, at); n && n->schema != s; n = n->next)
		;
	return n;
}

/* Puts an entry of a list or leaf-list where the attribute `insert` says (RFC 7950 7.7.9, 7.8.6). */
static bool
place_entry(struct edit *x, struct place at, const struct item *it)
{
	const struct lyd_attr *a = attr_find(it->in, NS_YANG, "insert");
	struct lyd_node *to = NULL;
	bool before;

	if (!a)
		return true;
	if (!lysc_is_userordered(it->s))
		return fail_attr(x, "unknown-attribute", it->in, "insert");
	before = strcmp(a->value, "first") == 0 || strcmp(a->value, "before") == 0;
	if (strcmp(a->value, "first") == 0) {
		to = first_of(x, at, it->s);
	} else if (strcmp(a->value, "last") == 0) {
		for (struct lyd_node *n = it->n; n; n = n->next)
			if (n->schema == it->s)
				to = n;
	} else if (before || strcmp(a->value, "after") == 0) {
		to = anchor_find(x, at, it);
		if (!to)
			return false;
	} else {
		return fail_attr(x, "bad-attribute", it->in, "insert");
	}
	if (to == it->n)
		return true;
	ensure((before ? lyd_insert_before(to, it->n) : lyd_insert_after(to, it->n)) ==
	       LY_SUCCESS);
	return true;
}

/* ---- leaves ---- */

/* RFC 6243 4.5.2: what is tagged as a default must be it. */
static bool
tag_agrees(struct edit *x, const struct item *it, bool is_default)
{
	const struct lyd_attr *a = attr_find(it->in, NS_DEFAULTS, "default");

	if (!a || (strcmp(a->value, "true") != 0 && strcmp(a->value, "1") != 0) ||
	    is_default)
		return true;
	return fail(x, "invalid-value", it->s->name,
	    "%s is tagged as a default but has another value", it->s->name);
}

static bool
is_default(const struct edit *x, const struct lysc_node *s, const char *canonical)
{
	const struct lysc_node_leaf *leaf = (const struct lysc_node_leaf *)s;

	return s->nodetype == LYS_LEAF && leaf->dflt &&
	       strcmp(lyd_value_get_canonical(x->nb->ly, leaf->dflt), canonical) == 0;
}

static bool
leaf_write(struct edit *x, struct place at, struct item *it)
{
	const char *value = it->in->value ? it->in->value : "";
	const char *canonical = NULL;
	bool dflt;
	LY_ERR rc;

	rc = lyd_value_validate(
	    x->nb->ly, it->s, value, strlen(value), NULL, NULL, &canonical);
	if (rc != LY_SUCCESS && rc != LY_EINCOMPLETE)
		return fail_value(x, it->s->name);
	dflt = canonical && is_default(x, it->s, canonical);
	lydict_remove(x->nb->ly, canonical);
	if (!tag_agrees(x, it, dflt))
		return false;
	if (dflt) {
		if (it->n)
			node_free(x, it->n);
		return true;
	}
	if (it->n && it->s->nodetype == LYS_LEAF) {
		rc = lyd_change_term(it->n, value);
		return rc == LY_SUCCESS || rc == LY_EEXIST || rc == LY_ENOT
			   ? true
			   : fail_value(x, it->s->name);
	}
	if (!it->n) {
		if (lyd_new_term(at.parent, x->nb->mod, it->s->name, value, 0, &it->n) !=
		    LY_SUCCESS)
			return fail_value(x, it->s->name);
		link_top(x, at, it->n);
	}
	return it->s->nodetype == LYS_LEAF || place_entry(x, at, it);
}

static bool
edit_leaf(struct edit *x, struct place at, struct item *it)
{
	const char *value = it->in->value ? it->in->value : "";
	bool done;

	if (it->in->child)
		return fail(x, "bad-element", it->s->name, "%s is a value", it->s->name);
	if (it->s->nodetype == LYS_LEAFLIST)
		lyd_find_sibling_val(
		    children(x, at), it->s, value, strlen(value), &it->n);
	else
		lyd_find_sibling_val(children(x, at), it->s, NULL, 0, &it->n);
	ly_err_clean(x->nb->ly, NULL);
	if (!op_allowed(x, it, &done))
		return false;
	/* RFC 6241 7.2: with none a leaf is there for its place alone. */
	if (done || it->op == NB_EDIT_NONE)
		return true;
	return leaf_write(x, at, it);
}

/* ---- containers and lists ---- */

/* What lies below: everything goes first that replace does not name again. */
static bool
edit_inner(struct edit *x, struct item *it)
{
	struct place below = { it->n, it->s };
	struct lyd_node *child, *next;

	if (it->op == NB_EDIT_REPLACE) {
		for (child = lyd_child(it->n); child; child = next) {
			next = child->next;
			if (!lysc_is_key(child->schema))
				node_free(x, child);
		}
	}
	return edit_children(x, below, it->in->child, it->op);
}

/* RFC 6241 7.2, default-operation none: a level that is not there is an error. */
static bool
level_missing(struct edit *x, const struct item *it)
{
	return fail(x, "data-missing", NULL, "%s is not there", it->s->name);
}

static bool
edit_container(struct edit *x, struct place at, struct item *it)
{
	bool done;

	lyd_find_sibling_val(children(x, at), it->s, NULL, 0, &it->n);
	if (!op_allowed(x, it, &done))
		return false;
	if (done)
		return true;
	if (!it->n) {
		if (it->op == NB_EDIT_NONE && !lysc_is_np_cont(it->s))
			return level_missing(x, it);
		if (lyd_new_inner(at.parent, x->nb->mod, it->s->name, 0, &it->n) !=
		    LY_SUCCESS)
			return fail_value(x, it->s->name);
		link_top(x, at, it->n);
	}
	if (!edit_inner(x, it))
		return false;
	if (lysc_is_np_cont(it->s) && !lyd_child(it->n))
		node_free(x, it->n);
	return true;
}

/* The text of the entry's key in the payload. */
static const char *
payload_key(const struct item *it, const char *name)
{
	for (const struct lyd_node *c = it->in->child; c; c = c->next) {
		const struct lyd_node_opaq *o = (const struct lyd_node_opaq *)c;

		if (strcmp(o->name.name, name) == 0)
			return o->value ? o->value : "";
	}
	return NULL;
}

static bool
entry_make(struct edit *x, struct place at, struct item *it, const char *key)
{
	if (it->op == NB_EDIT_NONE)
		return level_missing(x, it);
	if (lyd_new_list(at.parent, x->nb->mod, it->s->name, 0, &it->n, key) !=
	    LY_SUCCESS)
		return fail_value(x, lysc_node_child(it->s)->name);
	link_top(x, at, it->n);
	return true;
}

static bool
edit_list(struct edit *x, struct place at, struct item *it)
{
	const char *name = lysc_node_child(it->s)->name;
	const char *key = payload_key(it, name);
	bool done;

	if (!key)
		return fail(x, "missing-element", name, "%s has no %s, its key",
		    it->s->name, name);
	strbuf_printf(&x->path, "[%s='%s']", name, key);
	if (children(x, at))
		it->n = nb_entry_find(children(x, at), it->s, key);
	if (!op_allowed(x, it, &done))
		return false;
	if (done)
		return true;
	if (!it->n && !entry_make(x, at, it, key))
		return false;
	return edit_inner(x, it) && (it->op == NB_EDIT_NONE || place_entry(x, at, it));
}

/* ---- the payload ---- */

static bool
find_schema(struct edit *x, struct place at, struct item *it)
{
	const char *name = it->in->name.name, *ns = it->in->name.module_ns;

	if (!ns || strcmp(ns, x->nb->mod->ns) != 0) {
		snprintf(x->e->ns, sizeof x->e->ns, "%s", ns ? ns : "");
		return fail(x, "unknown-namespace", name,
		    "%s is in a namespace that is not served", name);
	}
	it->s = lys_find_child(at.sparent, x->nb->mod, name, 0, 0, 0);
	if (!it->s)
		return fail(x, "unknown-element", name, "there is no %s here", name);
	if (!(it->s->flags & LYS_CONFIG_W))
		return fail(
		    x, "bad-element", name, "%s is state, not configuration", name);
	return true;
}

/* Children of an operation that makes or replaces are made with it. */
static enum nb_edit_op
inherited(enum nb_edit_op op)
{
	return op == NB_EDIT_CREATE || op == NB_EDIT_REPLACE ? NB_EDIT_MERGE : op;
}

static bool
edit_one(struct edit *x, struct place at, struct item *it)
{
	if (!find_schema(x, at, it) || !operation(x, it->in, &it->op))
		return false;
	if (lysc_is_key(it->s))
		return true; /* its entry was found by it */
	switch (it->s->nodetype) {
	case LYS_CONTAINER:
		return edit_container(x, at, it);
	case LYS_LIST:
		return edit_list(x, at, it);
	case LYS_LEAF:
	case LYS_LEAFLIST:
		return edit_leaf(x, at, it);
	default:
		return fail(x, "operation-not-supported", it->s->name,
		    "%s cannot be edited", it->s->name);
	}
}

static bool
edit_children(
    struct edit *x, struct place at, const struct lyd_node *first, enum nb_edit_op op)
{
	size_t mark = x->path.len;

	for (; first; first = first->next) {
		struct item it = { (const struct lyd_node_opaq *)first, NULL,
			inherited(op), NULL };

		strbuf_printf(
		    &x->path, at.sparent ? "/%s" : "/" NB_MODULE ":%s", it.in->name.name);
		if (!edit_one(x, at, &it))
			return false;
		x->path.len = mark;
		x->path.s[mark] = '\0';
	}
	return true;
}

/* The payload as elements that no schema has interpreted; false and *e on error. */
static bool
payload_parse(
    struct nb *nb, const char *xml, struct lyd_node **in, struct nb_edit_error *e)
{
	enum xmlscan v = xmlscan(xml, strlen(xml), EDIT_DEPTH_MAX, CTL_RPC_ITEMS_MAX);
	struct err why = { 0 };

	e->tag = v == XMLSCAN_MANY ? "too-big" : "malformed-message";
	if (v != XMLSCAN_OK) {
		snprintf(e->text, sizeof e->text, "the payload %s", xmlscan_text(v));
		return false;
	}
	if (!nb->raw)
		ensure(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIRS,
			   &nb->raw) == LY_SUCCESS);
	if (lyd_parse_data_mem(nb->raw, xml, LYD_XML, LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0,
		in) != LY_SUCCESS) {
		nb_failed(nb->raw, &why);
		snprintf(e->text, sizeof e->text, "%s", why.text);
		return false;
	}
	e->tag = NULL;
	return true;
}

bool
nb_edit(struct nb *nb, struct lyd_node **tree, const char *xml, enum nb_edit_op op,
    struct nb_edit_error *e)
{
	struct edit x = { nb, tree, e, { 0 } };
	bool blank = xml[strspn(xml, " \t\r\n")] == '\0';
	struct lyd_node *in = NULL;
	bool ok;

	memset(e, 0, sizeof *e);
	strbuf_init(&x.path);
	ok = blank || payload_parse(nb, xml, &in, e);
	/* Replacing everything begins with nothing. */
	if (ok && op == NB_EDIT_REPLACE) {
		nb_tree_free(*tree);
		*tree = NULL;
	}
	ok = ok && edit_children(&x, (struct place){ NULL, NULL }, in, op);
	lyd_free_all(in);
	strbuf_fini(&x.path);
	return ok;
}
