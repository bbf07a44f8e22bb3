/* SPDX-License-Identifier: ISC */
/* Commands that begin, end and take back edits of the configuration. */
#include "config.h"

#include "mgmt/show_commit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/history.h"
#include "mgmt/session.h"

/* ---- modes ---- */

static bool
configure(struct show_ctx *c, enum session_mode mode)
{
	struct err e = { 0 };

	if (c->session && !session_configure(c->session, mode, &e))
		return show_fail(c, "%s", e.text);
	return false;
}

static bool
do_terminal(struct show_ctx *c)
{
	return configure(c, SESSION_TERMINAL);
}

static bool
do_private(struct show_ctx *c)
{
	return configure(c, SESSION_PRIVATE);
}

static bool
do_exclusive(struct show_ctx *c)
{
	return configure(c, SESSION_EXCLUSIVE);
}

static bool
no_draft(struct show_ctx *c)
{
	return show_fail(c,
	    "each line of \"configure terminal\" applies at once; \"configure private\" "
	    "and \"configure exclusive\" have commits");
}

static bool
do_discard(struct show_ctx *c)
{
	if (!c->session->draft)
		return no_draft(c);
	draft_discard(c->session->draft);
	return false;
}

static bool
do_abort(struct show_ctx *c)
{
	session_abandon(c->session);
	return false;
}

static bool
do_update(struct show_ctx *c)
{
	struct err e = { 0 };

	if (!c->session->draft)
		return no_draft(c);
	if (!draft_rebase(c->session->draft, cli_arg(c->args, "force") != NULL, &e))
		return show_fail(c, "%s (%s)", e.text, e.path);
	return false;
}

/* ---- commits ---- */

/* A commit of this session that is under way. */
struct job {
	struct show_ctx *c;	  /* borrowed */
	struct commit *commit;	  /* of the draft, NULL none */
	struct commit_text *text; /* of a rollback, NULL none */
	struct cli_report rep;	  /* its errors */
	struct err e;		  /* why not */
	bool over;		  /* it has ended */
	bool ok;		  /* so */
};

static void
on_done(void *arg, bool ok, const struct err *e)
{
	struct job *j = arg;

	j->over = true;
	j->ok = ok;
	if (!ok && e->text[0])
		j->e = *e;
	j->commit = NULL;
	j->text = NULL;
	show_wake(j->c);
}

static void
on_error(void *arg, const struct err *e, bool error)
{
	struct job *j = arg;

	if (error && !j->e.text[0])
		j->e = *e;
}

static void
job_done(struct show_ctx *c)
{
	struct job *j = c->state;

	if (!j)
		return;
	commit_forget(j->commit);
	commit_text_forget(j->text);
	free(j);
}

static struct job *
job_new(struct show_ctx *c)
{
	struct job *j = xcalloc(1, sizeof *j);

	j->c = c;
	j->rep = (struct cli_report){ .fn = on_error, .arg = j };
	c->state = j;
	return j;
}

/* True while the commit is not over; false when it has failed, which is said. */
static bool
job_waits(struct show_ctx *c)
{
	const struct job *j = c->state;

	c->waiting = !j->over;
	if (!j->over || j->ok)
		return !j->over;
	if (j->e.path[0])
		show_fail(c, "%s (%s)", j->e.text, j->e.path);
	else
		show_fail(c, "%s", j->e.text);
	if (strncmp(j->e.text, "conflict", 8) == 0)
		out_puts(c->out, "  \"update force\" keeps what is said here, "
				 "\"discard\" gives it up\n");
	return false;
}

/* The seconds that `confirmed` asks for, 0 without it. */
static uint32_t
confirm_seconds(const struct show_ctx *c)
{
	const char *minutes = cli_arg(c->args, "minutes");
	unsigned long long n = 10;

	if (!cli_arg(c->args, "confirmed"))
		return 0;
	if (minutes)
		parse_u64(minutes, 1, COMMIT_CONFIRM_MAX / 60, &n);
	return (uint32_t)n * 60;
}

static struct commit_opts
options_of(const struct show_ctx *c)
{
	return (struct commit_opts){
		.by = &c->session->by,
		.comment = cli_arg(c->args, "comment"),
		.check_only = cli_arg(c->args, "check") != NULL,
		.confirm_s = confirm_seconds(c),
		.persist = cli_arg(c->args, "persist"),
		.persist_id = cli_arg(c->args, "id"),
	};
}

static bool
do_confirm(struct show_ctx *c)
{
	const struct commit_opts o = options_of(c);
	struct err e = { 0 };

	if (!commit_confirm(c->eng, &o, &e))
		return show_fail(c, "%s", e.text);
	out_puts(c->out, "Confirmed.\n");
	return false;
}

static bool
do_cancel(struct show_ctx *c)
{
	struct err e = { 0 };

	if (!commit_cancel(c->eng, &c->session->by, cli_arg(c->args, "id"), &e))
		return show_fail(c, "%s", e.text);
	out_puts(c->out, "Taken back.\n");
	return false;
}

static bool
begin_commit(struct show_ctx *c)
{
	const struct commit_opts o = options_of(c);
	struct draft *d = c->session->draft;
	struct job *j;

	if (!d && !o.check_only && commit_pending(c->eng).is)
		return do_confirm(c);
	if (!d)
		return no_draft(c);
	if (!draft_changed(d) && !commit_pending(c->eng).is) {
		out_puts(c->out, "There is nothing to commit.\n");
		return false;
	}
	j = job_new(c);
	j->commit = commit_start(c->eng, d, &o, on_done, j);
	return true;
}

static void
say_committed(const struct show_ctx *c)
{
	const uint32_t seconds = confirm_seconds(c);

	if (cli_arg(c->args, "check"))
		out_puts(c->out, "This can be committed.\n");
	else if (seconds)
		out_printf(c->out,
		    "Committed, and taken back in %u minute%s unless \"commit\" confirms "
		    "it.\n",
		    seconds / 60, seconds == 60 ? "" : "s");
	else
		out_printf(c->out, "Committed as %llu.\n",
		    (unsigned long long)history_number(commit_history(c->eng)));
}

static bool
do_commit(struct show_ctx *c)
{
	const struct job *j;

	if (!c->state && !begin_commit(c))
		return false;
	if (job_waits(c))
		return true;
	j = c->state;
	if (j->ok)
		say_committed(c);
	return false;
}

/* ---- back ---- */

/* Into the draft: it is committed by and by. */
static bool
load_draft(struct show_ctx *c, const char *text)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;

	cli_text_load(c->eng->cli, c->eng->ds->nb, &tree, text, NULL, &rep);
	if (rep.errors) {
		nb_tree_free(tree);
		return show_fail(c,
		    "%zu lines of that commit are not understood any more", rep.errors);
	}
	draft_replace(c->session->draft, tree);
	return false;
}

static bool
begin_rollback(struct show_ctx *c)
{
	const char *arg = cli_arg(c->args, "n");
	char *comment = xasprintf("rollback %s", arg);
	const struct commit_opts o = {
		.by = &c->session->by, .comment = comment, .unsaved = true
	};
	unsigned long long n = 0;
	struct err e = { 0 };
	char *text;
	bool more = false;

	parse_u64(arg, 0, HISTORY_MAX, &n);
	text = history_text(commit_history(c->eng), (size_t)n, &e);
	if (!text) {
		show_fail(c, "%s", e.text);
	} else if (c->session->draft) {
		load_draft(c, text);
	} else {
		struct job *j = job_new(c);

		j->text = commit_text_start(
		    c->eng, text, LOAD_REPLACE, &o, &j->rep, on_done, j);
		more = true;
	}
	free(comment);
	free(text);
	return more;
}

static bool
do_rollback(struct show_ctx *c)
{
	if (!c->state && !begin_rollback(c))
		return false;
	return job_waits(c);
}

#define COMMENT "[comment LINE...$comment]"

static const struct show_cmd modes[] = {
	{ "configure [terminal]", "Change the configuration, a line at a time",
	    do_terminal, NULL },
	{ "configure private",
	    "Gather changes until commit, beside others who do the same", do_private,
	    NULL },
	{ "configure exclusive",
	    "Gather changes until commit in the candidate, locked for others",
	    do_exclusive, NULL },
};

static const struct show_cmd verbs[] = {
	{ "commit " COMMENT, "Put the changes in force and into the startup file",
	    do_commit, job_done },
	{ "commit check", "Say whether the changes could be committed", do_commit,
	    job_done },
	{ "commit confirmed [(1-10080)$minutes] [persist WORD$persist] " COMMENT,
	    "Put the changes in force, and take them back unless a commit confirms them",
	    do_commit, job_done },
	{ "commit persist-id WORD$id " COMMENT,
	    "Commit the changes, and confirm the commit that waits with this word",
	    do_commit, job_done },
	{ "rollback (0-49)$n", "Go back to that commit of the history; 0 is the last one",
	    do_rollback, job_done },
	{ "discard", "Give up the changes that are not committed", do_discard, NULL },
	{ "abort", "Give them up, and back to exec mode", do_abort, NULL },
	{ "update [force]",
	    "Bring the changes on top of what others have committed; with force they win",
	    do_update, NULL },
};

static const struct show_cmd confirms[] = {
	{ "commit confirm [persist-id WORD$id] " COMMENT,
	    "Confirm the commit that waits for it", do_confirm, NULL },
	{ "commit cancel [persist-id WORD$id]",
	    "Take back the commit that waits for its confirmation", do_cancel, NULL },
};

const struct show_table show_mode_table = SHOW_TABLE(modes);
const struct show_table show_verb_table = SHOW_TABLE_IN(verbs, SHOW_CONFIG);
const struct show_table show_confirm_table = SHOW_TABLE_IN(confirms, SHOW_BOTH);
