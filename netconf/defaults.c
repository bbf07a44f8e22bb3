/* SPDX-License-Identifier: ISC */
/* with-defaults; the contract is in the header. */
#include "config.h"

#include "netconf/defaults.h"

#include <libnetconf2/messages_server.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

#define TAG_MODULE "evpnd-default-tag"

/* An annotation (RFC 7952) is how libyang writes an attribute. */
static const char tag_module[] =
    "module " TAG_MODULE " {\n"
    "  yang-version 1.1;\n"
    "  namespace \"urn:ietf:params:xml:ns:netconf:default:1.0\";\n"
    "  prefix wd;\n"
    "  import ietf-yang-metadata { prefix md; }\n"
    "  organization \"evpnd\";\n"
    "  contact \"See README.\";\n"
    "  description \"The XML attribute of RFC 6243, section 6.\";\n"
    "  revision 2026-11-22 { description \"First.\"; }\n"
    "  md:annotation default {\n"
    "    type boolean;\n"
    "    description \"The value is the default of the schema.\";\n"
    "  }\n"
    "}\n";

static const struct {
	const char *name;
	enum wd_mode mode;
} modes[] = {
	{ "trim", WD_TRIM },
	{ "report-all", WD_ALL },
	{ "report-all-tagged", WD_TAGGED },
};

bool
wd_asked(const struct lyd_node *rpc, enum wd_mode *mode)
{
	const char *asked = op_leaf(rpc, "with-defaults");

	*mode = WD_TRIM;
	for (size_t i = 0; asked && i < ARRAY_LEN(modes); i++) {
		if (strcmp(asked, modes[i].name) == 0) {
			*mode = modes[i].mode;
			return true;
		}
	}
	return !asked;
}

struct nc_server_reply *
wd_refuse(struct netconf *s, const struct lyd_node *rpc)
{
	/* RFC 6243 4.3 */
	return reply_fail(s->ly, "invalid-value", NULL, "with-defaults %s is not offered",
	    op_leaf(rpc, "with-defaults"));
}

bool
wd_all(enum wd_mode mode)
{
	return mode != WD_TRIM;
}

bool
wd_load(struct ly_ctx *ly, struct err *e)
{
	if (lys_parse_mem(ly, tag_module, LYS_IN_YANG, NULL) == LY_SUCCESS)
		return true;
	return err_set(e, "the tag of default values: %s",
	    ly_errmsg(ly) ? ly_errmsg(ly) : "not read");
}

void
wd_tag(struct ly_ctx *ly, struct lyd_node *tree)
{
	struct lyd_node *top, *n;

	LY_LIST_FOR(tree, top)
	{
		LYD_TREE_DFS_BEGIN(top, n)
		{
			if ((n->flags & LYD_DEFAULT) && n->schema &&
			    (n->schema->nodetype & LYD_NODE_TERM))
				lyd_new_meta(
				    ly, n, NULL, TAG_MODULE ":default", "true", 0, NULL);
			LYD_TREE_DFS_END(top, n);
		}
	}
}

void
wd_announce(void)
{
	nc_server_set_capab_withdefaults(NC_WD_TRIM, NC_WD_ALL | NC_WD_ALL_TAG);
}
