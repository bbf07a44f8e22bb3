/* SPDX-License-Identifier: ISC */
/* From libnetconf2's callback to the operations, and what they share. */
#include "config.h"

#include <libnetconf2/messages_server.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

static const struct op *const tables[] = { ops_config, ops_get, ops_nmda, ops_notif,
	ops_evpnd, ops_monitor };

static op_fn *
op_find(const struct lysc_node *s)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct op *o = tables[i]; o->module; o++)
			if (strcmp(o->module, s->module->name) == 0 &&
			    (strcmp(o->name, "*") == 0 || strcmp(o->name, s->name) == 0))
				return o->fn;
	return NULL;
}

/* libnetconf2's own, which is asked for through ours. */
static nc_rpc_clb close_session;

/* RFC 6241 8.9.5.1 */
static bool
lacks_select(const struct lyd_node *filter)
{
	struct filter f = op_filter(filter);

	return f.xpath && !f.xpath[0];
}

static const struct ctl_rpc_error no_select = { .tag = "missing-attribute",
	.element = "filter",
	.attribute = "select",
	.text = "an XPath filter needs the attribute select" };

static struct nc_server_reply *
on_rpc(struct lyd_node *rpc, struct nc_session *nc)
{
	struct netconf *s = nc_session_get_data(nc);
	op_fn *fn = op_find(rpc->schema);

	/* There was a hello to be said, so that the client hears why. */
	if (s->eng.refused && strcmp(rpc->schema->name, "close-session") != 0)
		return op_engine_error(s);
	if (!nacm_exec(s->nacm, rpc))
		return reply_fail(s->ly, "access-denied", NULL,
		    "%s may not use %s (NACM)", s->opts->user, rpc->schema->name);
	if (strcmp(rpc->schema->name, "close-session") == 0)
		return close_session(rpc, nc);
	if (!fn)
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "%s is not supported", rpc->schema->name);
	if (lacks_select(op_child(rpc, "filter")))
		return reply_error(s->ly, &no_select);
	return fn(s, rpc);
}

/* Takes a callback of libnetconf2's over. */
static nc_rpc_clb
take_over(struct ly_ctx *ly, const char *path)
{
	struct lysc_node *n = (struct lysc_node *)lys_find_path(ly, NULL, path, 0);
	nc_rpc_clb own;

	ensure(n);
	own = (nc_rpc_clb)n->priv;
	ensure(own);
	n->priv = NULL;
	return own;
}

void
ops_init(struct ly_ctx *ly)
{
	close_session = take_over(ly, "/ietf-netconf:close-session");
	/* Its own one prints from memory that it has freed (2.0.24). */
	take_over(ly, "/ietf-netconf-monitoring:get-schema");
	nc_set_global_rpc_clb(on_rpc);
}

/* ---- shared ---- */

struct nc_server_reply *
op_engine_error(struct netconf *s)
{
	return reply_error(s->ly, &s->eng.err);
}

struct nc_server_reply *
op_ask(struct netconf *s, const struct ctl_rpc *m, const char *payload)
{
	return engine_ask(&s->eng, m, payload, NULL) ? nc_server_reply_ok()
						     : op_engine_error(s);
}

struct lyd_node *
op_child(const struct lyd_node *parent, const char *name)
{
	struct lyd_node *c = parent ? lyd_child(parent) : NULL;

	while (c && strcmp(LYD_NAME(c), name) != 0)
		c = c->next;
	return c;
}

const char *
op_leaf(const struct lyd_node *parent, const char *name)
{
	struct lyd_node *c = op_child(parent, name);

	return c ? lyd_get_value(c) : NULL;
}

/* Of RFC 8342, by its identity. */
enum ctl_store
op_datastore(const char *identity)
{
	static const struct {
		const char *name;
		enum ctl_store store;
	} stores[] = {
		{ "ietf-datastores:running", CTL_STORE_RUNNING },
		{ "ietf-datastores:candidate", CTL_STORE_CANDIDATE },
		{ "ietf-datastores:startup", CTL_STORE_STARTUP },
	};

	for (size_t i = 0; identity && i < ARRAY_LEN(stores); i++)
		if (strcmp(stores[i].name, identity) == 0)
			return stores[i].store;
	return CTL_STORE_NONE;
}

enum ctl_store
op_store(const struct lyd_node *rpc, const char *name)
{
	static const struct {
		const char *name;
		enum ctl_store store;
	} stores[] = {
		{ "running", CTL_STORE_RUNNING },
		{ "candidate", CTL_STORE_CANDIDATE },
		{ "startup", CTL_STORE_STARTUP },
		{ "config", CTL_STORE_PAYLOAD },
	};
	const struct lyd_node *which = op_child(rpc, name);

	for (size_t i = 0; i < ARRAY_LEN(stores); i++)
		if (op_child(which, stores[i].name))
			return stores[i].store;
	/* The leaf that RFC 8526 3.1 adds. */
	return op_datastore(op_leaf(which, "datastore"));
}

static const struct lyd_node *
any_tree(const struct lyd_node *any)
{
	const struct lyd_node_any *a = (const struct lyd_node_any *)any;

	if (!any || !any->schema || !(any->schema->nodetype & LYD_NODE_ANY) ||
	    a->value_type != LYD_ANYDATA_DATATREE)
		return NULL;
	return a->value.tree;
}

char *
op_payload(const struct lyd_node *any)
{
	const struct lyd_node *tree = any_tree(any);
	char *text = NULL;

	if (tree)
		lyd_print_mem(&text, tree, LYD_XML,
		    LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | LYD_PRINT_KEEPEMPTYCONT);
	return text ? text : xstrdup("");
}

struct filter
op_filter(const struct lyd_node *any)
{
	const struct lyd_meta *type, *select;

	if (!any)
		return (struct filter){ 0 };
	type = lyd_find_meta(any->meta, NULL, "ietf-netconf:type");
	select = lyd_find_meta(any->meta, NULL, "ietf-netconf:select");
	if (type && strcmp(lyd_get_meta_value(type), "xpath") == 0)
		return (struct filter){ .is = true,
			.xpath = select ? lyd_get_meta_value(select) : "" };
	return (struct filter){ .is = true, .subtree = any_tree(any) };
}

struct nc_server_reply *
op_data(struct netconf *s, const struct lyd_node *rpc, struct lyd_node *tree,
    enum wd_mode mode)
{
	struct lyd_node *out = NULL, *data = NULL;

	if (mode == WD_TAGGED)
		wd_tag(s->ly, tree);
	if (lyd_dup_single(rpc, NULL, 0, &out) != LY_SUCCESS ||
	    lyd_new_any(out, NULL, "data", tree, 1, LYD_ANYDATA_DATATREE, 1, &data) !=
		LY_SUCCESS) {
		lyd_free_all(tree);
		lyd_free_all(out);
		return reply_fail(s->ly, "operation-failed", NULL, "no memory");
	}
	return nc_server_reply_data(
	    out, wd_all(mode) ? NC_WD_ALL : NC_WD_TRIM, NC_PARAMTYPE_FREE);
}
