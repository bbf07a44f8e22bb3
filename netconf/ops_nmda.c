/* SPDX-License-Identifier: ISC */
/* get-data (RFC 8526 3.1.1). */
#include "config.h"

#include <libyang/libyang.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/defaults.h"
#include "netconf/origin.h"
#include "netconf/read.h"
#include "netconf/reply.h"

#define OPERATIONAL "ietf-datastores:operational"
#define INTENDED "ietf-datastores:intended"

static struct filter
filter_of(const struct lyd_node *rpc)
{
	const char *xpath = op_leaf(rpc, "xpath-filter");

	if (xpath)
		return (struct filter){ .is = true, .xpath = xpath };
	return op_filter(op_child(rpc, "subtree-filter"));
}

/* A parameter that does not go with the datastore; NULL: all do. */
static const char *
misplaced(const struct lyd_node *rpc, bool operational)
{
	static const char *const origins[] = { "with-origin", "origin-filter",
		"negated-origin-filter" };

	/* with-operational-defaults is not announced: what is in use is told in any case. */
	if (operational)
		return op_child(rpc, "with-defaults") ? "with-defaults" : NULL;
	for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++)
		if (op_child(rpc, origins[i]))
			return origins[i];
	return NULL;
}

static struct nc_server_reply *
get_operational(struct reading *r)
{
	const char *kind = op_leaf(r->rpc, "config-filter");
	bool state = !kind || strcmp(kind, "false") == 0;
	bool config = !kind || strcmp(kind, "true") == 0;

	if (config) {
		read_config(r, CTL_STORE_RUNNING);
		origin_complete(r);
	}
	if (state)
		filter_state_paths(&r->filter, read_state, r);
	monitor_add(r->s, &r->tree, &r->filter);
	if (read_select(r)) {
		if (kind)
			config_filter(&r->tree, config);
		origin_filter(&r->tree, r->rpc);
		origin_show(r->s->ly, r->tree, op_child(r->rpc, "with-origin"));
	}
	return read_finish(r, WD_ALL);
}

static struct nc_server_reply *
get_conventional(struct reading *r, enum ctl_store store)
{
	const char *kind = op_leaf(r->rpc, "config-filter");
	enum wd_mode mode;

	if (!wd_asked(r->rpc, &mode))
		return wd_refuse(r->s, r->rpc);
	read_config(r, store);
	if (wd_all(mode))
		read_defaults(r);
	if (read_select(r) && kind)
		config_filter(&r->tree, strcmp(kind, "true") == 0);
	return read_finish(r, mode);
}

static struct nc_server_reply *
op_get_data(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc, .filter = filter_of(rpc) };
	const char *name = op_leaf(rpc, "datastore"), *depth = op_leaf(rpc, "max-depth");
	bool operational = strcmp(name, OPERATIONAL) == 0;
	/* Nothing is expanded between running and intended. */
	enum ctl_store store =
	    strcmp(name, INTENDED) == 0 ? CTL_STORE_RUNNING : op_datastore(name);
	const char *wrong = misplaced(rpc, operational);

	if (!operational && store == CTL_STORE_NONE)
		return reply_fail(
		    s->ly, "invalid-value", NULL, "there is no datastore %s here", name);
	if (wrong)
		return reply_fail(s->ly, "invalid-value", NULL,
		    "%s is not for the datastore %s", wrong, name);
	/* "unbounded" is no number. */
	r.depth = depth ? (unsigned)strtoul(depth, NULL, 10) : 0;
	return operational ? get_operational(&r) : get_conventional(&r, store);
}

const struct op ops_nmda[] = {
	{ "ietf-netconf-nmda", "get-data", op_get_data },
	{ NULL, NULL, NULL },
};
