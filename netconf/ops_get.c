/* SPDX-License-Identifier: ISC */
/* Operations that read: get, get-config (RFC 6241 7.1, 7.7), get-data (RFC 8526 3.1). */
#include "config.h"

#include <libyang/libyang.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

/* One read: what was asked for, and what came so far. */
struct reading {
	struct netconf *s;	       /* borrowed */
	const struct lyd_node *rpc;    /* borrowed */
	struct filter filter;	       /* borrowed from rpc */
	struct lyd_node *tree;	       /* owned */
	struct nc_server_reply *error; /* the first one, NULL none */
};

static void
fail(struct reading *r, const char *what)
{
	const char *why = ly_errmsg(r->s->ly);

	if (!r->error)
		r->error = reply_fail(r->s->ly, "operation-failed", NULL,
		    "cannot read %s: %s", what, why ? why : "no word on it");
	ly_err_clean(r->s->ly, NULL);
}

static void
add(struct reading *r, struct lyd_node *more)
{
	if (more && lyd_merge_siblings(&r->tree, more, LYD_MERGE_DESTRUCT) != LY_SUCCESS)
		fail(r, "what the engine says");
}

/* Parses an answer of the engine; d: a configuration in XML, or state in JSON. */
static void
add_text(struct reading *r, const char *text, LYD_FORMAT format, const char *what)
{
	struct lyd_node *t = NULL;

	if (!text[0])
		return;
	if (lyd_parse_data_mem(r->s->ly, text, format, LYD_PARSE_ONLY | LYD_PARSE_STRICT,
		0, &t) != LY_SUCCESS) {
		fail(r, what);
		return;
	}
	add(r, t);
}

static void
read_question(
    struct reading *r, const struct ctl_rpc *m, LYD_FORMAT format, const char *what)
{
	struct strbuf b;

	if (r->error)
		return;
	strbuf_init(&b);
	if (engine_ask(&r->s->eng, m, NULL, &b))
		add_text(r, b.s, format, what);
	else
		r->error = op_engine_error(r->s);
	strbuf_fini(&b);
}

static bool
wants_all_defaults(const struct lyd_node *rpc)
{
	const char *wd = op_leaf(rpc, "with-defaults");

	return wd && strncmp(wd, "report-all", strlen("report-all")) == 0;
}

static void
read_config(struct reading *r, enum ctl_store store)
{
	struct ctl_rpc m = { .op = CTL_OP_GET, .source = store };

	if (!filter_may(&r->filter, "evpnd", "urn:evpnd:evpnd"))
		return;
	read_question(r, &m, LYD_XML, "the configuration");
	if (!r->error && wants_all_defaults(r->rpc))
		lyd_new_implicit_all(&r->tree, r->s->ly, LYD_IMPLICIT_NO_STATE, NULL);
}

static void
read_state(void *arg, const char *path)
{
	struct reading *r = arg;
	struct ctl_rpc m = { .op = CTL_OP_STATE, .number = r->s->opts->state_limit };

	if (r->error)
		return;
	if (strlen(path) < sizeof m.text)
		strcpy(m.text, path);
	else
		strcpy(m.text, "/evpnd:state");
	read_question(r, &m, LYD_JSON, "the state");
	/* A filter may ask for what the engine cannot pick out: then all of it is read. */
	if (r->error && strcmp(m.text, "/evpnd:state") != 0) {
		r->error = NULL;
		strcpy(m.text, "/evpnd:state");
		read_question(r, &m, LYD_JSON, "the state");
	}
}

/* Rights, filter, depth: then it goes out. */
static struct nc_server_reply *
finish(struct reading *r, unsigned depth)
{
	struct err e = { 0 };

	if (!r->error && !nacm_all(r->s->nacm, NACM_READ))
		nacm_prune(r->s->nacm, &r->tree);
	if (!r->error && !filter_apply(&r->tree, &r->filter, &e))
		r->error =
		    reply_fail(r->s->ly, "invalid-value", NULL, "the filter: %s", e.text);
	if (r->error) {
		lyd_free_all(r->tree);
		return r->error;
	}
	filter_depth(r->tree, depth);
	return op_data(r->s, r->rpc, r->tree);
}

static struct nc_server_reply *
op_get_config(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc };
	enum ctl_store store = op_store(rpc, "source");

	if (store == CTL_STORE_NONE || store == CTL_STORE_PAYLOAD)
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "this source is not supported");
	r.filter = op_filter(op_child(rpc, "filter"));
	read_config(&r, store);
	return finish(&r, 0);
}

static struct nc_server_reply *
op_get(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc };

	r.filter = op_filter(op_child(rpc, "filter"));
	read_config(&r, CTL_STORE_RUNNING);
	filter_state_paths(&r.filter, read_state, &r);
	monitor_add(s, &r.tree, &r.filter);
	return finish(&r, 0);
}

/* ---- get-data ---- */

static enum ctl_store
nmda_source(const char *name)
{
	static const struct {
		const char *name;
		enum ctl_store store;
	} stores[] = {
		{ "running", CTL_STORE_RUNNING },
		{ "intended",
		    CTL_STORE_RUNNING }, /* nothing is expanded between the two */
		{ "candidate", CTL_STORE_CANDIDATE },
		{ "startup", CTL_STORE_STARTUP },
	};

	for (size_t i = 0; i < ARRAY_LEN(stores); i++)
		if (strcmp(stores[i].name, name) == 0)
			return stores[i].store;
	return CTL_STORE_NONE;
}

static struct filter
nmda_filter(const struct lyd_node *rpc)
{
	const char *xpath = op_leaf(rpc, "xpath-filter");

	if (xpath)
		return (struct filter){ .is = true, .xpath = xpath };
	return op_filter(op_child(rpc, "subtree-filter"));
}

/* Leaves only nodes that are configuration, or that are not, with the way to them. */
static void
keep_kind(struct lyd_node **tree, struct lyd_node *first, bool config)
{
	struct lyd_node *c, *next;

	for (c = first; c; c = next) {
		bool is = (c->schema->flags & LYS_CONFIG_W) != 0;
		bool inner = (c->schema->nodetype & LYD_NODE_INNER) != 0;

		next = c->next;
		if (lysc_is_key(c->schema) || (!config && !is))
			continue;
		if (config ? !is : !inner) {
			if (*tree == c)
				*tree = c->next;
			lyd_free_tree(c);
			continue;
		}
		keep_kind(tree, lyd_child(c), config);
		/* A way that leads nowhere. */
		if (!config && (!lyd_child(c) || lysc_is_key(lyd_child(c)->schema)) &&
		    lyd_child_no_keys(c) == NULL) {
			if (*tree == c)
				*tree = c->next;
			lyd_free_tree(c);
		}
	}
}

/* RFC 8342 5.3.4: what the operator configured is intended. */
static void
add_origin(struct netconf *s, struct lyd_node *tree)
{
	for (struct lyd_node *n = tree; n; n = n->next)
		if (n->schema->flags & LYS_CONFIG_W)
			lyd_new_meta(s->ly, n, NULL, "ietf-origin:origin",
			    "ietf-origin:intended", 0, NULL);
}

static struct nc_server_reply *
op_get_data(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc };
	const char *name = op_leaf(rpc, "datastore"), *kind, *depth;
	bool operational;

	name = strchr(name, ':') ? strchr(name, ':') + 1 : name;
	operational = strcmp(name, "operational") == 0;
	kind = op_leaf(rpc, "config-filter");
	depth = op_leaf(rpc, "max-depth");
	if (!operational && nmda_source(name) == CTL_STORE_NONE)
		return reply_fail(
		    s->ly, "invalid-value", NULL, "there is no datastore %s here", name);
	if (op_child(rpc, "origin-filter") || op_child(rpc, "negated-origin-filter"))
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "filters by origin are not supported");
	r.filter = nmda_filter(rpc);
	read_config(&r, operational ? CTL_STORE_RUNNING : nmda_source(name));
	if (operational) {
		filter_state_paths(&r.filter, read_state, &r);
		monitor_add(s, &r.tree, &r.filter);
	}
	if (kind)
		keep_kind(&r.tree, r.tree, strcmp(kind, "true") == 0);
	if (operational && op_child(rpc, "with-origin"))
		add_origin(s, r.tree);
	return finish(&r, depth ? (unsigned)strtoul(depth, NULL, 10) : 0);
}

const struct op ops_get[] = {
	{ "ietf-netconf", "get-config", op_get_config },
	{ "ietf-netconf", "get", op_get },
	{ "ietf-netconf-nmda", "get-data", op_get_data },
	{ NULL, NULL, NULL },
};
