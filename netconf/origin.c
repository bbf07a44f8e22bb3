/* SPDX-License-Identifier: ISC */
/* Origins: values that nobody configured, filters, metadata; the contract is in the header. */
#include "config.h"

#include "netconf/origin.h"

#include <libyang/libyang.h>
#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/read.h"

#define META "ietf-origin:origin"
#define INTENDED "ietf-origin:intended"
#define SYSTEM "ietf-origin:system"
#define LEARNED "ietf-origin:learned"
#define DEFAULT "ietf-origin:default"
#define PATH_MAX_LEN 128 /* of an entry, from its list's parent */

/* ---- what nobody configured ---- */

static void
mark(struct reading *r, struct lyd_node *n, const char *origin)
{
	if (n)
		lyd_new_meta(r->s->ly, n, NULL, META, origin, 0, NULL);
}

/* A leaf that is not there yet. */
static void
put(struct reading *r, struct lyd_node *parent, const char *name, const char *value,
    const char *origin)
{
	struct lyd_node *n = NULL;

	if (!value || op_child(parent, name))
		return;
	if (lyd_new_term(parent, NULL, name, value, 0, &n) == LY_SUCCESS)
		mark(r, n, origin);
	ly_err_clean(r->s->ly, NULL);
}

/* The values of a leaf-list, if there are none yet. */
static void
put_all(struct reading *r, struct lyd_node *parent, const struct lyd_node *from,
    const char *name)
{
	struct lyd_node *n;

	if (op_child(parent, name))
		return;
	for (const struct lyd_node *c = lyd_child(from); c; c = c->next) {
		n = NULL;
		if (strcmp(LYD_NAME(c), name) == 0 &&
		    lyd_new_term(parent, NULL, name, lyd_get_value(c), 0, &n) ==
			LY_SUCCESS)
			mark(r, n, SYSTEM);
	}
	ly_err_clean(r->s->ly, NULL);
}

/* The entry of a list, made if it is not there. */
static struct lyd_node *
entry(struct reading *r, struct lyd_node *parent, const char *list, const char *key,
    const char *value, const char *origin)
{
	char path[PATH_MAX_LEN];
	struct lyd_node *n = NULL;
	int len = snprintf(path, sizeof path, "%s[%s='%s']", list, key, value);

	if (len < 0 || (size_t)len >= sizeof path)
		return NULL;
	if (lyd_find_path(parent, path, 0, &n) != LY_SUCCESS) {
		n = NULL;
		if (lyd_new_list(parent, NULL, list, 0, &n, value) == LY_SUCCESS)
			mark(r, n, origin);
	}
	ly_err_clean(r->s->ly, NULL);
	return n;
}

static struct lyd_node *
top(struct reading *r, const char *name)
{
	struct lyd_node *n = r->tree;

	while (n && strcmp(LYD_NAME(n), name) != 0)
		n = n->next;
	return n;
}

static struct lyd_node *
container(struct lyd_node *parent, const char *name)
{
	struct lyd_node *n = op_child(parent, name);

	if (!n)
		lyd_new_inner(parent, NULL, name, 0, &n);
	return n;
}

/* The entries of a list in the state, with one of their leaves; *tree is for the caller to free. */
static const struct lyd_node *
state_entries(
    struct reading *r, const char *list, const char *path, struct lyd_node **tree)
{
	*tree = read_state_part(r, path);
	return lyd_child(op_child(*tree, list));
}

static void
add_system(struct reading *r, struct lyd_node *bgp)
{
	struct lyd_node *tree = read_state_part(r, "/evpnd:state/system");
	const struct lyd_node *state = op_child(tree, "system");
	struct lyd_node *sys = top(r, "system");

	if (!sys && state) {
		lyd_new_inner(NULL, state->schema->module, "system", 0, &sys);
		if (sys)
			lyd_insert_sibling(r->tree, sys, &r->tree);
	}
	if (sys)
		put(r, sys, "hostname", op_leaf(state, "name"), SYSTEM);
	put(r, bgp, "router-id", op_leaf(state, "router-id"), SYSTEM);
	lyd_free_all(tree);
}

/* What each VNI uses: its own entry, or one that only the machine knows. */
static void
add_vnis(struct reading *r, struct lyd_node *bgp)
{
	static const struct {
		const char *path, *list;
	} parts[] = {
		{ "/evpnd:state/vnis/vni/rd", NULL },
		{ "/evpnd:state/vnis/vni/route-target-import", "route-target-import" },
		{ "/evpnd:state/vnis/vni/route-target-export", "route-target-export" },
	};
	struct lyd_node *evpn = container(bgp, "l2vpn-evpn"), *tree, *to;

	for (size_t i = 0; evpn && i < ARRAY_LEN(parts); i++) {
		const struct lyd_node *v = state_entries(r, "vnis", parts[i].path, &tree);

		for (; v; v = v->next) {
			to = entry(r, evpn, "vni", "id", op_leaf(v, "id"), SYSTEM);
			if (to && parts[i].list)
				put_all(r, to, v, parts[i].list);
			else if (to)
				put(r, to, "rd", op_leaf(v, "rd"), SYSTEM);
		}
		lyd_free_all(tree);
	}
}

/* Neighbors of a listen range, which are there because they came. */
static void
add_neighbors(struct reading *r, struct lyd_node *bgp)
{
	static const char *const leaves[] = { "peer-group", "remote-as" };
	struct lyd_node *came, *tree, *to;
	const struct lyd_node *n, *d;

	d = state_entries(r, "sessions", "/evpnd:state/sessions/session/dynamic", &came);
	for (; d; d = d->next) {
		const char *dynamic = op_leaf(d, "dynamic"),
			   *address = op_leaf(d, "address");
		char path[PATH_MAX_LEN];

		if (!dynamic || strcmp(dynamic, "true") != 0)
			continue;
		to = entry(r, bgp, "neighbor", "address", address, LEARNED);
		for (size_t i = 0; to && i < ARRAY_LEN(leaves); i++) {
			snprintf(path, sizeof path,
			    "/evpnd:state/sessions/session[address='%s']/%s", address,
			    leaves[i]);
			n = state_entries(r, "sessions", path, &tree);
			if (n)
				put(r, to, leaves[i], op_leaf(n, leaves[i]), LEARNED);
			lyd_free_all(tree);
		}
	}
	lyd_free_all(came);
}

void
origin_complete(struct reading *r)
{
	struct lyd_node *bgp = top(r, "bgp");

	if (!r->error && bgp) {
		add_system(r, bgp);
		add_vnis(r, bgp);
		add_neighbors(r, bgp);
	}
	read_defaults(r);
}

/* ---- origins ---- */

static const char *
meta_value(const struct lyd_node *n)
{
	const struct lyd_meta *m = lyd_find_meta(n->meta, NULL, META);

	return m ? lyd_get_meta_value(m) : NULL;
}

static const char *
origin_of(const struct lyd_node *n)
{
	if (n->flags & LYD_DEFAULT)
		return DEFAULT;
	for (; n; n = lyd_parent(n))
		if (meta_value(n))
			return meta_value(n);
	return INTENDED;
}

static void
show(struct ly_ctx *ly, struct lyd_node *n, const char *inherited)
{
	const char *own;

	if (!(n->schema->flags & LYS_CONFIG_W))
		return;
	own = inherited && lysc_is_key(n->schema) ? inherited : origin_of(n);
	if (!meta_value(n) && (!inherited || strcmp(own, inherited) != 0))
		lyd_new_meta(ly, n, NULL, META, own, 0, NULL);
	for (struct lyd_node *c = lyd_child(n); c; c = c->next)
		show(ly, c, own);
}

static void
hide(struct lyd_node *n)
{
	struct lyd_meta *m = lyd_find_meta(n->meta, NULL, META);

	if (m)
		lyd_free_meta_single(m);
	for (struct lyd_node *c = lyd_child(n); c; c = c->next)
		hide(c);
}

void
origin_show(struct ly_ctx *ly, struct lyd_node *tree, bool yes)
{
	for (; tree; tree = tree->next) {
		if (yes)
			show(ly, tree, NULL);
		else
			hide(tree);
	}
}

/* ---- filters ---- */

typedef bool wants_fn(const struct lyd_node *n, const void *arg);

/* Frees what nobody wants; the way to what somebody wants stays.  True if anything did. */
static bool
weed(struct lyd_node **tree, struct lyd_node *first, wants_fn *wants, const void *arg)
{
	struct lyd_node *c, *next;
	bool any = false;

	for (c = first; c; c = next) {
		bool stays;

		next = c->next;
		if (lysc_is_key(c->schema))
			continue;
		stays = weed(tree, lyd_child(c), wants, arg);
		/* A container that is there for order alone is nothing by itself. */
		if (!lysc_is_np_cont(c->schema) && wants(c, arg))
			stays = true;
		any = any || stays;
		if (stays)
			continue;
		if (*tree == c)
			*tree = next;
		lyd_free_tree(c);
	}
	return any;
}

static bool
wants_kind(const struct lyd_node *n, const void *arg)
{
	const bool *config = arg;

	return ((n->schema->flags & LYS_CONFIG_W) != 0) == *config;
}

void
config_filter(struct lyd_node **tree, bool config)
{
	weed(tree, *tree, wants_kind, &config);
}

/* RFC 8526 3.1.1: what is no configuration is not looked at. */
static bool
wants_origin(const struct lyd_node *n, const void *arg)
{
	const struct lyd_node *rpc = arg;
	bool plain = false, negated = false, hit = false;
	const char *own;

	if (!(n->schema->flags & LYS_CONFIG_W))
		return true;
	own = origin_of(n);
	for (const struct lyd_node *c = lyd_child(rpc); c; c = c->next) {
		bool p = strcmp(LYD_NAME(c), "origin-filter") == 0;
		bool q = strcmp(LYD_NAME(c), "negated-origin-filter") == 0;

		plain = plain || p;
		negated = negated || q;
		if ((p || q) && strcmp(lyd_get_value(c), own) == 0)
			hit = true;
	}
	return plain || negated ? hit == plain : true;
}

void
origin_filter(struct lyd_node **tree, const struct lyd_node *rpc)
{
	if (op_child(rpc, "origin-filter") || op_child(rpc, "negated-origin-filter"))
		weed(tree, *tree, wants_origin, rpc);
}
