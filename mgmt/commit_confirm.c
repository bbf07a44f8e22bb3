/* SPDX-License-Identifier: ISC */
/* Commits that are taken back unless somebody confirms them (RFC 6241 8.4). */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit_priv.h"

LOG_MODULE("mgmt.confirm");

static void
forget(struct commits *c)
{
	struct waiting *w = &c->waiting;

	loop_timer_stop(&w->timer);
	ds_tree_unref(w->before);
	free(w->persist);
	free(w->comment);
	w->before = NULL;
	w->persist = w->comment = NULL;
}

/* What ran before it was good then, and so it is now. */
static void
take_back(struct commits *c, const char *why)
{
	struct waiting *w = &c->waiting;
	struct err e = { 0 };
	struct conf *conf = commit_check_tree(c->eng, w->before->root, &e);
	char who[DS_USER_TEXT_MAX];

	log_warn("configuration: the commit of %s is taken back (%s)",
	    ds_user_format(&w->by, who, sizeof who), why);
	if (conf)
		commit_switch(c->eng, ds_tree_ref(w->before), conf, NULL,
		    "not confirmed: taken back");
	else
		log_error(
		    "configuration: what ran before is not valid any more (%s)", e.text);
	forget(c);
}

static void
on_timer(struct loop_timer *t)
{
	take_back(
	    container_of(t, struct commits, waiting.timer), "not confirmed in its time");
}

void
commit_waiting_init(struct commits *c)
{
	loop_timer_init(&c->waiting.timer, on_timer);
}

void
commit_waiting_fini(struct commits *c)
{
	forget(c);
}

static bool
is_owner(const struct waiting *w, const struct ds_user *by, const char *persist_id,
    struct err *e)
{
	char who[DS_USER_TEXT_MAX];

	ds_user_format(&w->by, who, sizeof who);
	if (w->persist && !persist_id)
		return err_set(e,
		    "a commit of %s waits for its confirmation, which needs its "
		    "persist-id",
		    who);
	if (persist_id && (!w->persist || strcmp(w->persist, persist_id) != 0))
		return err_set(e,
		    "the commit that waits for its confirmation has not this persist-id");
	if (!w->persist && (!by || by->id != w->by.id))
		return err_set(e,
		    "a commit of %s waits for its confirmation; nobody else changes what "
		    "runs until then",
		    who);
	return true;
}

bool
commit_waiting_allows(const struct commits *c, const struct commit_opts *o, struct err *e)
{
	const struct waiting *w = &c->waiting;
	char who[DS_USER_TEXT_MAX];

	if (o && o->check_only)
		return true;
	if (!w->before)
		return !o || !o->persist_id ||
		       err_set(e, "no commit waits for its confirmation");
	if (!o || o->unsaved)
		return err_set(e,
		    "a commit of %s waits for its confirmation: commit or cancel it "
		    "first",
		    ds_user_format(&w->by, who, sizeof who));
	return is_owner(w, o->by, o->persist_id, e);
}

void
commit_waiting_begin(struct commits *c, struct ds_tree *before, uint32_t seconds,
    const char *persist, const char *comment, const struct ds_user *by)
{
	struct waiting *w = &c->waiting;

	if (!w->before)
		w->before = ds_tree_ref(before);
	w->by = *by;
	free(w->persist);
	free(w->comment);
	w->persist = persist ? xstrdup(persist) : NULL;
	w->comment = comment ? xstrdup(comment) : NULL;
	loop_timer_start(c->eng->loop, &w->timer, MONO_SEC(seconds));
}

void
commit_waiting_end(struct commits *c)
{
	forget(c);
}

/* ---- the contract's part ---- */

bool
commit_confirm(struct engine *eng, const struct commit_opts *o, struct err *e)
{
	struct commits *c = eng->commits;
	struct commit_record r;
	bool ok;

	if (!c->waiting.before)
		return err_set(e, "no commit waits for its confirmation");
	if (!commit_waiting_allows(c, o, e) || !ds_may(eng->ds, DS_STARTUP, o->by, e))
		return false;
	commit_record_init(&r, eng, eng->ds->running, o->by,
	    o->comment ? o->comment : c->waiting.comment);
	ok = commit_record_save(&r, eng, e);
	if (ok) {
		commit_record_keep(&r, eng, c->waiting.before->root);
		commit_waiting_end(c);
		commit_snapshot_text(c, r.text.s, r.text.len);
	}
	commit_record_fini(&r);
	return ok;
}

bool
commit_cancel(
    struct engine *eng, const struct ds_user *by, const char *persist_id, struct err *e)
{
	struct commits *c = eng->commits;

	if (!c->waiting.before)
		return err_set(e, "no commit waits for its confirmation");
	if (!is_owner(&c->waiting, by, persist_id, e) ||
	    !ds_may(eng->ds, DS_RUNNING, by, e))
		return false;
	take_back(c, "cancelled");
	return true;
}

void
commit_session_ended(struct engine *eng, const struct ds_user *by)
{
	struct commits *c = eng->commits;

	datastore_forget(eng->ds, by);
	if (c->waiting.before && !c->waiting.persist && c->waiting.by.id == by->id)
		take_back(c, "its session has ended");
}

struct commit_pending
commit_pending(const struct engine *eng)
{
	const struct waiting *w = &eng->commits->waiting;

	return (struct commit_pending){ .by = w->by,
		.persist = w->persist != NULL,
		.left_us = loop_timer_left(&w->timer),
		.is = w->before != NULL };
}
