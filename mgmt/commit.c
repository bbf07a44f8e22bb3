/* SPDX-License-Identifier: ISC */
/* The commit pipeline. */
#include "config.h"

#include "mgmt/commit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"
#include "mgmt/event_say.h"

LOG_MODULE("mgmt.commit");

#define TRIES_MAX 5 /* while others change running during the kernel's check */

struct commit {
	struct commit *next, **link; /* list of those that wait */
	struct engine *eng;	     /* borrowed */
	struct draft *draft;	     /* borrowed; NULL: nobody waits any more */
	uint64_t edits;		     /* of the draft, at the last check */
	struct ds_tree *base;	     /* running at the last check; ref */
	struct ds_tree *tree;	     /* to become running; ref */
	struct conf *conf;	     /* what it compiles to; owned */
	unsigned tries;		     /* checks so far */
	bool starting;		     /* in commit_start() */
	bool over;		     /* done was called in there */
	struct ds_user by;	     /* who; o.by points here */
	struct commit_opts o;	     /* what was asked for; its texts are owned */
	commit_done *done;	     /* tells the end */
	void *arg;		     /* for done */
};

struct commits *
commits_new(struct engine *eng)
{
	struct commits *c = xcalloc(1, sizeof *c);

	c->eng = eng;
	commit_waiting_init(c);
	commit_journal_init(c);
	return c;
}

/* ---- parts of the pipeline ---- */

void
commit_complete(const struct engine *eng, struct conf *c)
{
	char name[65] = "";

	if (eng->listen_port)
		c->bgp.listen_port = eng->listen_port;
	if (c->bgp.hostname)
		return;
	if (gethostname(name, sizeof name - 1) != 0 || !name[0])
		strcpy(name, "localhost");
	name[strcspn(name, ".")] = '\0';
	c->bgp.hostname = xstrdup(name);
}

struct conf *
commit_check_tree(struct engine *eng, const struct lyd_node *tree, struct err *e)
{
	struct lyd_node *full = NULL;
	struct conf *c;

	if (!nb_validate(eng->ds->nb, tree, &full, e))
		return NULL;
	c = conf_compile(full, e);
	nb_tree_free(full);
	if (c)
		commit_complete(eng, c);
	return c;
}

static void
count_change(void *arg, enum nb_change change, const char *path, const char *value)
{
	size_t *n = arg;

	(void)change;
	(void)value;
	log_debug("commit: %s", path); /* no values: one may be a password */
	(*n)++;
}

static void
warn_unknown_vrf(void *arg, const struct vrf_conf *v, const char *import)
{
	(void)arg;
	log_warn("configuration: VRF %s imports VRF %s, which is not configured", v->name,
	    import);
}

/* Who did it and how much; then every part of the program converges to c. */
void
commit_put_in_force(
    struct engine *eng, struct conf *c, size_t changes, const char *comment)
{
	const struct conf *old = eng->conf;
	char who[DS_USER_TEXT_MAX];

	log_info("configuration: commit %llu by %s, %zu changes",
	    (unsigned long long)eng->ds->changes,
	    ds_user_format(&eng->ds->last, who, sizeof who), changes);
	event_say_commit(eng, eng->ds->changes, &eng->ds->last, comment);

	conf_unknown_vrfs(&c->evpn, warn_unknown_vrf, NULL);
	eng->conf = c;
	if (eng->apply)
		eng->apply(eng, c);
	conf_free_rest((struct conf *)old, c);
}

void
commit_switch(struct engine *eng, struct ds_tree *tree, struct conf *c,
    const struct ds_user *by, const char *comment)
{
	size_t changes = 0;

	nb_diff(eng->ds->running, tree->root, count_change, &changes);
	datastore_switch(eng->ds, tree, by);
	commit_put_in_force(eng, c, changes, comment);
}

/* ---- a commit of a draft ---- */

static void
checked_free(struct commit *c)
{
	ds_tree_unref(c->base);
	ds_tree_unref(c->tree);
	conf_free(c->conf);
	c->base = c->tree = NULL;
	c->conf = NULL;
}

static void
commit_free(struct commit *c)
{
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	checked_free(c);
	free((char *)c->o.comment);
	free((char *)c->o.persist);
	free((char *)c->o.persist_id);
	free(c);
}

void
commits_free(struct commits *c)
{
	if (!c)
		return;
	while (c->first)
		commit_free(c->first);
	commit_waiting_fini(c);
	commit_journal_fini(c);
	history_close(c->history);
	free(c);
}

static void
end(struct commit *c, bool ok, const struct err *e)
{
	c->over = true;
	if (c->draft)
		c->done(c->arg, ok, e);
	if (!c->starting)
		commit_free(c);
}

/* On top of what runs now, by schema and by meaning. */
static bool
check(struct commit *c, struct err *e)
{
	struct datastore *ds = c->eng->ds;

	checked_free(c);
	c->tries++;
	if ((!c->o.check_only && !ds_may(ds, DS_RUNNING, &c->by, e)) ||
	    !commit_waiting_allows(c->eng->commits, &c->o, e) ||
	    !draft_rebase(c->draft, false, e))
		return false;
	c->edits = draft_edits(c->draft);
	c->base = ds_tree_ref(ds->now);
	c->tree = ds_tree_new(nb_dup(draft_read(c->draft)));
	cli_normalise(ds->nb, &c->tree->root);
	c->conf = commit_check_tree(c->eng, c->tree->root, e);
	return c->conf != NULL;
}

/* To the disk, into force, and into the history; false and *e before any of it. */
static bool
put_in_force(struct commit *c, struct err *e)
{
	struct engine *eng = c->eng;
	struct commits *all = eng->commits;
	struct commit_record r;
	const bool stays = !c->o.confirm_s;

	/* A lock may have come while the kernel was asked; what runs is as it was checked. */
	if (!ds_may(eng->ds, DS_RUNNING, &c->by, e) ||
	    !commit_waiting_allows(all, &c->o, e))
		return false;
	if (stays && !c->o.unsaved && !ds_may(eng->ds, DS_STARTUP, &c->by, e))
		return false;
	commit_record_init(&r, eng, c->tree->root, &c->by,
	    c->o.comment || !all->waiting.before ? c->o.comment : all->waiting.comment);
	if (stays && !c->o.unsaved && !commit_record_save(&r, eng, e)) {
		commit_record_fini(&r);
		return false;
	}
	/* An engine that dies comes back with what ran before: that is on the disk already. */
	if (!stays)
		commit_waiting_begin(all, eng->ds->now, c->o.confirm_s, c->o.persist,
		    c->o.comment, &c->by);
	commit_switch(eng, ds_tree_ref(c->tree), c->conf, &c->by, r.entry.comment);
	c->conf = NULL;
	if (stays) {
		commit_record_keep(&r, eng,
		    all->waiting.before ? all->waiting.before->root : c->base->root);
		commit_waiting_end(all);
		commit_snapshot_text(all, r.text.s, r.text.len);
	}
	commit_record_fini(&r);
	return true;
}

static void
finish(struct commit *c)
{
	const bool nothing = nb_equal(c->base->root, c->tree->root) && !c->o.confirm_s &&
			     !c->eng->commits->waiting.before;
	struct err e = { 0 };
	bool ok = c->o.check_only || nothing || put_in_force(c, &e);

	if (ok && !c->o.check_only)
		draft_committed(c->draft, c->edits);
	end(c, ok, &e);
}

static void ask_kernel(struct commit *c);

static void
on_preflight(void *arg, bool ok, const struct err *e)
{
	struct commit *c = arg;
	struct err again = { 0 };

	if (!c->draft || !ok)
		end(c, false, e);
	else if (c->base == c->eng->ds->now)
		finish(c);
	else if (c->tries == TRIES_MAX) {
		err_set(&again, "others change the configuration all the time");
		end(c, false, &again);
	} else if (check(c, &again))
		ask_kernel(c);
	else
		end(c, false, &again);
}

static void
ask_kernel(struct commit *c)
{
	if (c->eng->preflight)
		c->eng->preflight(c->eng, c->conf, on_preflight, c);
	else
		on_preflight(c, true, NULL);
}

static const char *
dup_or_null(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static struct commit *
commit_new(struct engine *eng, struct draft *d, const struct commit_opts *o,
    commit_done *done, void *arg)
{
	struct commit *c = xcalloc(1, sizeof *c);

	c->eng = eng;
	c->draft = d;
	if (o->by)
		c->by = *o->by;
	c->o = *o;
	c->o.by = &c->by;
	c->o.comment = dup_or_null(o->comment);
	c->o.persist = dup_or_null(o->persist);
	c->o.persist_id = dup_or_null(o->persist_id);
	c->done = done;
	c->arg = arg;
	c->next = eng->commits->first;
	c->link = &eng->commits->first;
	if (c->next)
		c->next->link = &c->next;
	eng->commits->first = c;
	return c;
}

struct commit *
commit_start(struct engine *eng, struct draft *d, const struct commit_opts *o,
    commit_done *done, void *arg)
{
	struct commit *c = commit_new(eng, d, o, done, arg);
	struct err e = { 0 };

	c->starting = true;
	if (check(c, &e))
		ask_kernel(c);
	else
		end(c, false, &e);
	c->starting = false;
	if (!c->over)
		return c;
	commit_free(c);
	return NULL;
}

void
commit_forget(struct commit *c)
{
	if (c)
		c->draft = NULL;
}
