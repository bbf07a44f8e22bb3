/* SPDX-License-Identifier: ISC */
/* `show yang [PATH] [limit N]`: what NETCONF would read, in the same names. */
#include "config.h"

#include "mgmt/show_yang.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/datastore.h"
#include "mgmt/state.h"

static bool
fail(struct show_ctx *c, const struct err *e)
{
	return show_fail(c, "%s", e->text);
}

/* The first step as XPath wants it, with our prefix; "/" is everything.  To be freed. */
static char *
whole_path(const char *path)
{
	path += path[0] == '/';
	if (!path[0])
		return xstrdup("/" NB_MODULE ":*");
	return xasprintf("/%s%s",
	    strncmp(path, NB_MODULE ":", strlen(NB_MODULE ":")) == 0 ? "" : NB_MODULE ":",
	    path);
}

/* Of the configuration: what was said, in the order of the tree. */
static bool
show_config(struct show_ctx *c, const char *path)
{
	const struct datastore *ds = c->eng->ds;
	struct err e = { 0 };
	char *xpath;
	bool ok;

	if (!ds)
		return show_fail(c, "there is no configuration");
	xpath = whole_path(path);
	ok = nb_print_part(ds->nb, ds->running, xpath, &c->out->buf, &e);
	free(xpath);
	if (!ok)
		return fail(c, &e);
	out_puts(c->out, "\n");
	return false;
}

static bool
show_yang(struct show_ctx *c)
{
	const char *path = cli_arg(c->args, "xpath");
	struct err e = { 0 };

	if (!c->state) {
		if (path && !state_path_is(path))
			return show_config(c, path);
		c->state = state_open(c->eng, path ? path : "/evpnd:state",
		    (uint32_t)cli_arg_num(c->args, "count", 0), &e);
		if (!c->state)
			return fail(c, &e);
	}
	return state_step(c->state, c->out);
}

static void
done(struct show_ctx *c)
{
	state_close(c->state);
}

static const struct show_cmd rows[] = {
	{ "show yang [WORD$xpath] [limit (1-4294967295)$count] [json]",
	    "State or configuration as JSON of the YANG module", show_yang, done },
};

const struct show_table show_yang_table = SHOW_TABLE(rows);
