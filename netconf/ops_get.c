/* SPDX-License-Identifier: ISC */
/* Operations that read: get and get-config (RFC 6241 7.1, 7.7). */
#include "config.h"

#include <libyang/libyang.h>

#include "netconf/defaults.h"
#include "netconf/read.h"
#include "netconf/reply.h"

static struct nc_server_reply *
read_all(struct reading *r, enum ctl_store store, bool state)
{
	enum wd_mode mode;

	if (!wd_asked(r->rpc, &mode))
		return wd_refuse(r->s, r->rpc);
	r->filter = op_filter(op_child(r->rpc, "filter"));
	read_config(r, store);
	if (wd_all(mode))
		read_defaults(r);
	if (state) {
		filter_state_paths(&r->filter, read_state, r);
		monitor_add(r->s, &r->tree, &r->filter);
	}
	read_select(r);
	return read_finish(r, mode);
}

static struct nc_server_reply *
op_get_config(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc };
	enum ctl_store store = op_store(rpc, "source");

	if (store == CTL_STORE_NONE || store == CTL_STORE_PAYLOAD)
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "this source is not supported");
	return read_all(&r, store, false);
}

static struct nc_server_reply *
op_get(struct netconf *s, const struct lyd_node *rpc)
{
	struct reading r = { .s = s, .rpc = rpc };

	return read_all(&r, CTL_STORE_RUNNING, true);
}

const struct op ops_get[] = {
	{ "ietf-netconf", "get-config", op_get_config },
	{ "ietf-netconf", "get", op_get },
	{ NULL, NULL, NULL },
};
