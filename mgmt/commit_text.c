/* SPDX-License-Identifier: ISC */
/* Configuration text through the commit pipeline. */
#include "config.h"

#include "mgmt/commit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"

static void
report_error(struct cli_report *rep, const struct cli_where *where, struct err *e)
{
	if (e->line == 0)
		e->line = cli_where_find(where, e->path);
	rep->errors++;
	if (rep->fn)
		rep->fn(rep->arg, e, true);
}

/* Takes out what is to blame, and tells it, until the rest is good. */
static struct conf *
mend(struct engine *eng, struct lyd_node **tree, const struct cli_where *where,
    struct cli_report *rep)
{
	for (;;) {
		struct err e = { 0 };
		struct conf *c = commit_check_tree(eng, *tree, &e);

		if (c)
			return c;
		report_error(rep, where, &e);
		if (!nb_prune(eng->ds->nb, tree, e.path)) {
			nb_tree_free(*tree);
			*tree = NULL;
		}
	}
}

bool
commit_text(struct engine *eng, const char *text, enum commit_load how,
    const struct ds_user *by, struct cli_report *rep)
{
	struct lyd_node *tree = NULL;
	struct cli_where where = { NULL, 0, 0 };
	struct conf *c;

	cli_text_load(eng->cli, eng->ds->nb, &tree, text, &where, rep);
	c = mend(eng, &tree, &where, rep);
	cli_where_fini(&where);
	if (how == LOAD_GOOD_LINES) {
		commit_switch(eng, ds_tree_new(tree), c, by, NULL);
	} else {
		conf_free(c);
		nb_tree_free(tree);
	}
	return rep->errors == 0;
}

/* ---- a text as a transaction ---- */

struct commit_text {
	struct draft *draft;	/* what the text makes; owned */
	struct cli_where where; /* lines of what it is about; owned */
	struct cli_report *rep; /* borrowed */
	struct commit *commit;	/* under way, NULL: in commit_start() */
	bool starting;		/* in commit_text_start() */
	bool over;		/* done was called in there */
	commit_done *done;	/* tells the end */
	void *arg;		/* for done */
};

static void
text_free(struct commit_text *t)
{
	draft_close(t->draft);
	cli_where_fini(&t->where);
	free(t);
}

static void
text_end(struct commit_text *t, bool ok)
{
	struct err none = { 0 };

	t->over = true;
	t->done(t->arg, ok, &none);
	if (!t->starting)
		text_free(t);
}

static void
on_commit(void *arg, bool ok, const struct err *e)
{
	struct commit_text *t = arg;
	struct err said = *e;

	if (!ok)
		report_error(t->rep, &t->where, &said);
	text_end(t, ok);
}

/* False when the text as a whole has mistakes; all of them are told. */
static bool
text_is_good(struct engine *eng, const struct commit_text *t)
{
	struct lyd_node *tree = nb_dup(draft_read(t->draft));

	conf_free(mend(eng, &tree, &t->where, t->rep));
	nb_tree_free(tree);
	return t->rep->errors == 0;
}

struct commit_text *
commit_text_start(struct engine *eng, const char *text, enum commit_load how,
    const struct commit_opts *o, struct cli_report *rep, commit_done *done, void *arg)
{
	struct lyd_node *tree = how == LOAD_MERGE ? nb_dup(eng->ds->running) : NULL;
	struct commit_text *t = xcalloc(1, sizeof *t);
	struct commit_opts opts = *o;

	*t = (struct commit_text){
		.rep = rep, .done = done, .arg = arg, .starting = true
	};
	t->draft = draft_open(eng->ds);
	cli_text_load(eng->cli, eng->ds->nb, &tree, text, &t->where, rep);
	draft_replace(t->draft, tree);
	opts.check_only |= how == LOAD_CHECK;
	if (text_is_good(eng, t))
		t->commit = commit_start(eng, t->draft, &opts, on_commit, t);
	else
		text_end(t, false);
	t->starting = false;
	if (!t->over)
		return t;
	text_free(t);
	return NULL;
}

void
commit_text_forget(struct commit_text *t)
{
	if (!t)
		return;
	commit_forget(t->commit);
	text_free(t);
}
