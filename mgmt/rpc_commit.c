/* SPDX-License-Identifier: ISC */
/* Validation and commits that machines ask for. */
#include "config.h"

#include <string.h>

#include "lib/util.h"
#include "mgmt/draft.h"
#include "mgmt/rpc_priv.h"

static void
tidy(struct rpc *r)
{
	draft_close(r->draft);
	r->draft = NULL;
}

static void
on_done(void *arg, bool ok, const struct err *e)
{
	struct rpc *r = arg;

	r->commit = NULL;
	tidy(r);
	if (!ok)
		rpc_fail_err(r, "operation-failed", e);
	if (r->s->wake)
		r->s->wake(r->s->wake_arg);
}

void
rpc_commit_end(struct rpc *r)
{
	commit_forget(r->commit);
	r->commit = NULL;
	tidy(r);
}

static void
start(struct rpc *r, struct draft *d, const struct commit_opts *o)
{
	r->commit = commit_start(r->s->eng, d, o, on_done, r);
}

bool
rpc_validate(struct rpc *r)
{
	struct commit_opts o = { .by = &r->s->by, .check_only = true };
	struct datastore *ds = r->s->eng->ds;
	struct lyd_node *tree;

	if (r->m.source == CTL_STORE_CANDIDATE) {
		start(r, draft_candidate(ds), &o);
		return true;
	}
	if (!rpc_source(r, (enum ctl_store)r->m.source, &tree))
		return false;
	r->draft = draft_open(ds);
	draft_replace(r->draft, tree);
	start(r, r->draft, &o);
	return true;
}

bool
rpc_commit(struct rpc *r)
{
	struct commit_opts o = { .by = &r->s->by,
		.persist = r->m.text[0] ? r->m.text : NULL,
		.persist_id = r->m.text2[0] ? r->m.text2 : NULL };
	struct datastore *ds = r->s->eng->ds;
	struct err e = { 0 };

	if (!ds_may(ds, DS_CANDIDATE, &r->s->by, &e) ||
	    !ds_may(ds, DS_RUNNING, &r->s->by, &e))
		return rpc_fail_err(r, "in-use", &e);
	if (r->m.flags & CTL_RPC_CONFIRMED)
		o.confirm_s = r->m.number;
	/* RFC 6241 8.4.5.1: persist goes with confirmed alone. */
	if (o.persist && !o.confirm_s)
		return rpc_fail(r, "invalid-value", "persist is for confirmed commits");
	start(r, draft_candidate(ds), &o);
	return true;
}

bool
rpc_cancel_commit(struct rpc *r)
{
	struct err e = { 0 };

	/* RFC 6241 8.4.4.1 */
	return commit_cancel(
		   r->s->eng, &r->s->by, r->m.text2[0] ? r->m.text2 : NULL, &e) ||
	       rpc_fail_err(r, r->m.text2[0] ? "invalid-value" : "operation-failed", &e);
}
