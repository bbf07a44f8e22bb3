/* SPDX-License-Identifier: ISC */
/* Reading, editing, copying and locking configuration for machines. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"
#include "mgmt/draft.h"
#include "mgmt/nb_edit.h"
#include "mgmt/rpc_priv.h"

#define STARTUP_MAX (64 << 20) /* bytes of the configuration file */

static bool
fail_edit(struct rpc *r, const struct nb_edit_error *e)
{
	rpc_fail(r, e->tag, "%s", e->text);
	snprintf(r->err.path, sizeof r->err.path, "%s", e->path);
	snprintf(r->err.element, sizeof r->err.element, "%s", e->element);
	snprintf(r->err.attribute, sizeof r->err.attribute, "%s", e->attribute);
	snprintf(r->err.ns, sizeof r->err.ns, "%s", e->ns);
	return false;
}

/* False if somebody else holds the lock of the candidate. */
static bool
may_edit(struct rpc *r)
{
	struct err e = { 0 };

	return ds_may(r->s->eng->ds, DS_CANDIDATE, &r->s->by, &e) ||
	       rpc_fail_err(r, "in-use", &e);
}

/* ---- sources ---- */

/* The text of the configuration file; NULL if there is none. */
static char *
startup_text(const struct engine *eng)
{
	FILE *f = eng->conf_file ? fopen(eng->conf_file, "re") : NULL;
	struct strbuf b;
	char buf[8192];
	size_t n;

	if (!f)
		return NULL;
	strbuf_init(&b);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0 && b.len < STARTUP_MAX &&
	       !memchr(buf, '\0', n))
		strbuf_putn(&b, buf, n);
	fclose(f);
	strbuf_put(&b, "");
	return strbuf_take(&b);
}

/* What of the file can be used: as at a start. */
static struct lyd_node *
startup_tree(struct engine *eng)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;
	char *text = startup_text(eng);

	if (text)
		cli_text_load(eng->cli, eng->ds->nb, &tree, text, NULL, &rep);
	free(text);
	return tree;
}

bool
rpc_source(struct rpc *r, enum ctl_store store, struct lyd_node **tree)
{
	struct datastore *ds = r->s->eng->ds;
	struct nb_edit_error e;

	*tree = NULL;
	switch (store) {
	case CTL_STORE_RUNNING:
		*tree = nb_dup(ds->running);
		return true;
	case CTL_STORE_CANDIDATE:
		*tree = nb_dup(draft_read(draft_candidate(ds)));
		return true;
	case CTL_STORE_STARTUP:
		*tree = startup_tree(r->s->eng);
		return true;
	case CTL_STORE_PAYLOAD:
		if (nb_edit(ds->nb, tree, r->payload.s, NB_EDIT_REPLACE, &e)) {
			cli_normalise(ds->nb, tree);
			return true;
		}
		nb_tree_free(*tree);
		*tree = NULL;
		return fail_edit(r, &e);
	default:
		return rpc_fail(r, "invalid-value", "there is no such datastore");
	}
}

bool
rpc_get(struct rpc *r)
{
	struct datastore *ds = r->s->eng->ds;
	struct err e = { 0 };
	struct lyd_node *own = NULL;
	const struct lyd_node *tree;
	bool ok;

	if (r->m.source == CTL_STORE_RUNNING) {
		tree = ds->running;
	} else if (r->m.source == CTL_STORE_CANDIDATE) {
		tree = draft_read(draft_candidate(ds));
	} else {
		if (!rpc_source(r, (enum ctl_store)r->m.source, &own))
			return false;
		tree = own;
	}
	ok = !tree || nb_print(tree, NB_XML, &r->s->out.buf, &e);
	nb_tree_free(own);
	return ok || rpc_fail_err(r, "operation-failed", &e);
}

/* ---- differences ---- */

static void
put_change(void *arg, enum nb_change c, const char *path, const char *value)
{
	static const char sign[] = {
		[NB_CREATED] = '+', [NB_CHANGED] = '~', [NB_DELETED] = '-'
	};

	(void)value;
	/* A path with a key of two lines could say something else: it is none of ours. */
	if (!strchr(path, '\n'))
		out_printf(arg, "%c%s\n", sign[c], path);
}

bool
rpc_diff(struct rpc *r)
{
	struct lyd_node *from, *to;

	if (!rpc_source(r, (enum ctl_store)r->m.source, &to))
		return false;
	if (!rpc_source(r, (enum ctl_store)r->m.target, &from)) {
		nb_tree_free(to);
		return false;
	}
	nb_diff(from, to, put_change, &r->s->out);
	nb_tree_free(from);
	nb_tree_free(to);
	return true;
}

/* ---- edit ---- */

static bool
test(struct rpc *r, const struct lyd_node *tree)
{
	struct err e = { 0 };
	struct conf *c = commit_check_tree(r->s->eng, tree, &e);

	conf_free(c);
	return c || rpc_fail_err(r, "operation-failed", &e);
}

bool
rpc_edit(struct rpc *r)
{
	static const enum nb_edit_op defaults[] = { NB_EDIT_MERGE, NB_EDIT_REPLACE,
		NB_EDIT_NONE };
	struct datastore *ds = r->s->eng->ds;
	struct draft *d = draft_candidate(ds);
	bool keep = !(r->m.flags & (CTL_RPC_DRY | CTL_RPC_TEST_ONLY));
	struct lyd_node *tree;
	struct nb_edit_error e;

	if (!may_edit(r))
		return false;
	if ((r->m.flags & CTL_RPC_GENERATION) && r->m.number != (uint32_t)draft_edits(d))
		return rpc_fail(r, "in-use",
		    "the candidate was changed meanwhile by another session");
	tree = nb_dup(draft_read(d));
	if (!nb_edit(ds->nb, &tree, r->payload.s, defaults[r->m.edit], &e)) {
		nb_tree_free(tree);
		return fail_edit(r, &e);
	}
	cli_normalise(ds->nb, &tree);
	if (r->m.flags & CTL_RPC_DRY) {
		out_printf(&r->s->out, "=%u\n", (uint32_t)draft_edits(d));
		nb_diff(draft_read(d), tree, put_change, &r->s->out);
	}
	if ((r->m.flags & (CTL_RPC_TEST | CTL_RPC_TEST_ONLY)) && !test(r, tree)) {
		nb_tree_free(tree);
		return false;
	}
	if (keep)
		draft_replace(d, tree);
	else
		nb_tree_free(tree);
	return true;
}

bool
rpc_discard(struct rpc *r)
{
	if (!may_edit(r))
		return false;
	draft_discard(draft_candidate(r->s->eng->ds));
	return true;
}

/* ---- whole datastores ---- */

static bool
write_startup(struct rpc *r)
{
	struct err e = { 0 };

	if (!ds_may(r->s->eng->ds, DS_STARTUP, &r->s->by, &e))
		return rpc_fail_err(r, "in-use", &e);
	return commit_write(r->s->eng, &r->s->by, &e) ||
	       rpc_fail_err(r, "operation-failed", &e);
}

bool
rpc_copy(struct rpc *r)
{
	struct datastore *ds = r->s->eng->ds;
	struct lyd_node *tree;

	if (r->m.target == CTL_STORE_STARTUP && r->m.source == CTL_STORE_RUNNING)
		return write_startup(r);
	if (r->m.target != CTL_STORE_CANDIDATE)
		return rpc_fail(r, "operation-not-supported",
		    "startup is a copy of running, and running changes by commits alone");
	/* RFC 6241 7.3 */
	if (r->m.source == CTL_STORE_CANDIDATE)
		return rpc_fail(
		    r, "invalid-value", "source and target are one datastore");
	if (!may_edit(r))
		return false;
	if (r->m.source == CTL_STORE_RUNNING) {
		draft_discard(draft_candidate(ds));
		return true;
	}
	if (!rpc_source(r, (enum ctl_store)r->m.source, &tree))
		return false;
	draft_replace(draft_candidate(ds), tree);
	return true;
}

/* The next start begins with nothing; what there was stays as FILE.sav. */
bool
rpc_delete(struct rpc *r)
{
	struct engine *eng = r->s->eng;
	struct err e = { 0 };
	char *saved;
	FILE *f;

	if (r->m.target != CTL_STORE_STARTUP || !eng->conf_file)
		return rpc_fail(
		    r, "operation-not-supported", "only startup can be deleted");
	if (!ds_may(eng->ds, DS_STARTUP, &r->s->by, &e))
		return rpc_fail_err(r, "in-use", &e);
	saved = xasprintf("%s.sav", eng->conf_file);
	f = rename(eng->conf_file, saved) == 0 || errno == ENOENT
		? fopen(eng->conf_file, "we")
		: NULL;
	free(saved);
	if (!f)
		return rpc_fail(
		    r, "operation-failed", "%s: %s", eng->conf_file, strerror(errno));
	fclose(f);
	return true;
}

/* ---- locks ---- */

static enum ds_name
lock_name(const struct rpc *r)
{
	switch (r->m.target) {
	case CTL_STORE_RUNNING:
		return DS_RUNNING;
	case CTL_STORE_CANDIDATE:
		return DS_CANDIDATE;
	case CTL_STORE_STARTUP:
		return DS_STARTUP;
	default:
		return DS_NAMES;
	}
}

bool
rpc_lock(struct rpc *r)
{
	struct datastore *ds = r->s->eng->ds;
	enum ds_name d = lock_name(r);
	const struct ds_user *holder;
	struct err e = { 0 };

	if (d == DS_NAMES)
		return rpc_fail(r, "invalid-value", "there is no such datastore");
	if (!ds_lock(ds, d, &r->s->by, &e)) {
		holder = ds_locked_by(ds, d);
		r->err.session = holder ? holder->id : 0;
		return rpc_fail_err(r, "lock-denied", &e);
	}
	if (r->host)
		r->host->lock_ms[d] = rpc_wall_ms();
	return true;
}

bool
rpc_unlock(struct rpc *r)
{
	enum ds_name d = lock_name(r);
	struct err e = { 0 };

	if (d == DS_NAMES)
		return rpc_fail(r, "invalid-value", "there is no such datastore");
	return ds_unlock(r->s->eng->ds, d, &r->s->by, &e) ||
	       rpc_fail_err(r, "operation-failed", &e);
}
