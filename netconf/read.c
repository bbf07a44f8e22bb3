/* SPDX-License-Identifier: ISC */
/* Reading: questions to the engine, one tree, rights and filter. */
#include "config.h"

#include "netconf/read.h"

#include <libnetconf2/messages_server.h>
#include <libyang/libyang.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/reply.h"

#define STATE "/evpnd:state"

static void
fail(struct reading *r, const char *what)
{
	const char *why = ly_errmsg(r->s->ly);

	if (!r->error)
		r->error = reply_fail(r->s->ly, "operation-failed", NULL,
		    "cannot read %s: %s", what, why ? why : "no word on it");
	ly_err_clean(r->s->ly, NULL);
}

/* Asks and parses: a configuration in XML, or state in JSON.  NULL: nothing, or an error. */
static struct lyd_node *
ask(struct reading *r, const struct ctl_rpc *m, LYD_FORMAT format, const char *what)
{
	struct lyd_node *t = NULL;
	struct strbuf b;

	if (r->error)
		return NULL;
	strbuf_init(&b);
	if (!engine_ask(&r->s->eng, m, NULL, &b))
		r->error = op_engine_error(r->s);
	else if (b.s[0] && lyd_parse_data_mem(r->s->ly, b.s, format,
			       LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &t) != LY_SUCCESS)
		fail(r, what);
	strbuf_fini(&b);
	return t;
}

static void
add(struct reading *r, struct lyd_node *more)
{
	if (more && lyd_merge_siblings(&r->tree, more, LYD_MERGE_DESTRUCT) != LY_SUCCESS)
		fail(r, "what the engine says");
}

void
read_config(struct reading *r, enum ctl_store store)
{
	struct ctl_rpc m = { .op = CTL_OP_GET, .source = store };

	if (filter_may(&r->filter, "evpnd", "urn:evpnd:evpnd"))
		add(r, ask(r, &m, LYD_XML, "the configuration"));
}

void
read_defaults(struct reading *r)
{
	const struct lys_module *mod = ly_ctx_get_module_implemented(r->s->ly, "evpnd");

	if (!r->error && filter_may(&r->filter, "evpnd", "urn:evpnd:evpnd") &&
	    lyd_new_implicit_module(&r->tree, mod, LYD_IMPLICIT_NO_STATE, NULL) !=
		LY_SUCCESS)
		fail(r, "the default values");
}

struct lyd_node *
read_state_part(struct reading *r, const char *path)
{
	struct ctl_rpc m = { .op = CTL_OP_STATE, .number = r->s->opts->state_limit };

	if (strlen(path) < sizeof m.text)
		strcpy(m.text, path);
	else
		strcpy(m.text, STATE);
	return ask(r, &m, LYD_JSON, "the state");
}

void
read_state(void *arg, const char *path)
{
	struct reading *r = arg;
	bool had = r->error != NULL;

	add(r, read_state_part(r, path));
	/* A filter may ask for what the engine cannot pick out: then all of it is read. */
	if (!had && r->error && strcmp(path, STATE) != 0) {
		nc_server_reply_free(r->error);
		r->error = NULL;
		add(r, read_state_part(r, STATE));
	}
}

bool
read_select(struct reading *r)
{
	struct err e = { 0 };

	if (!r->error && !nacm_all(r->s->nacm, NACM_READ))
		nacm_prune(r->s->nacm, &r->tree);
	if (!r->error && !filter_apply(&r->tree, &r->filter, r->depth, &e))
		r->error =
		    reply_fail(r->s->ly, "invalid-value", NULL, "the filter: %s", e.text);
	return !r->error;
}

struct nc_server_reply *
read_finish(struct reading *r, enum wd_mode mode)
{
	if (r->error) {
		lyd_free_all(r->tree);
		return r->error;
	}
	return op_data(r->s, r->rpc, r->tree, mode);
}
