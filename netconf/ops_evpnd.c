/* SPDX-License-Identifier: ISC */
/* The operations and actions of our own module, passed on to the engine by path. */
#include "config.h"

#include <libnetconf2/messages_server.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

/* Lines NAME=VALUE: the keys of the entries on the way, then the input.  False if a value has more than
 * one line. */
static bool
put_leaves(struct strbuf *b, const struct lyd_node *first, bool keys)
{
	for (const struct lyd_node *n = first; n; n = n->next) {
		const char *v = lyd_get_value(n);

		if (lyd_child(n) && !keys && !put_leaves(b, lyd_child(n), false))
			return false;
		if (!v || (keys && !lysc_is_key(n->schema)))
			continue;
		if (strchr(v, '\n'))
			return false;
		strbuf_printf(b, "%s=%s\n", LYD_NAME(n), v);
	}
	return true;
}

static bool
put_way(struct strbuf *b, const struct lyd_node *op)
{
	const struct lyd_node *up = lyd_parent(op);

	return !up || (put_way(b, up) && put_leaves(b, lyd_child(up), true));
}

/* The output as leaves of the operation, or <ok/> if it has none. */
static struct nc_server_reply *
answer(struct netconf *s, const struct lyd_node *op, const char *json)
{
	struct lyd_node *out = NULL;
	struct ly_in *in = NULL;
	LY_ERR rc;

	if (strcspn(json, ":") == strlen(json))
		return nc_server_reply_ok();
	if (lyd_dup_single(op, NULL, LYD_DUP_WITH_PARENTS, &out) != LY_SUCCESS ||
	    ly_in_new_memory(json, &in) != LY_SUCCESS)
		return reply_fail(s->ly, "operation-failed", NULL, "no memory");
	rc = lyd_parse_op(s->ly, out, in, LYD_JSON, LYD_TYPE_REPLY_YANG, NULL, NULL);
	ly_in_free(in, 0);
	if (rc != LY_SUCCESS) {
		struct nc_server_reply *r = reply_fail(s->ly, "operation-failed", NULL,
		    "the answer of the engine: %s",
		    ly_errmsg(s->ly) ? ly_errmsg(s->ly) : "not valid");

		lyd_free_all(out);
		return r;
	}
	return nc_server_reply_data(out, NC_WD_EXPLICIT, NC_PARAMTYPE_FREE);
}

/* A configuration of the history becomes the whole candidate: anything may be different. */
static bool
writes_all(const struct lyd_node *op)
{
	return strcmp(LYD_NAME(op), "rollback") == 0;
}

static struct nc_server_reply *
op_evpnd(struct netconf *s, const struct lyd_node *op)
{
	struct ctl_rpc m = { .op = CTL_OP_ACTION };
	struct nc_server_reply *reply;
	struct strbuf in, out;
	char *path = lysc_path(op->schema, LYSC_PATH_DATA, NULL, 0);
	bool ok;

	if (writes_all(op) &&
	    !nacm_all(s->nacm, NACM_CREATE | NACM_UPDATE | NACM_DELETE)) {
		free(path);
		return reply_fail(s->ly, "access-denied", NULL,
		    "%s may not change all of the candidate (NACM)", s->opts->user);
	}
	snprintf(m.text, sizeof m.text, "%s", path ? path : "");
	free(path);
	strbuf_init(&in);
	strbuf_init(&out);
	ok = put_way(&in, op) && put_leaves(&in, lyd_child(op), false);
	if (!ok)
		reply = reply_fail(
		    s->ly, "invalid-value", NULL, "a value has more than one line");
	else if (engine_ask(&s->eng, &m, in.s, &out))
		reply = answer(s, op, out.s);
	else
		reply = op_engine_error(s);
	strbuf_fini(&in);
	strbuf_fini(&out);
	return reply;
}

const struct op ops_evpnd[] = {
	{ "evpnd", "*", op_evpnd },
	{ NULL, NULL, NULL },
};
