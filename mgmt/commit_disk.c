/* SPDX-License-Identifier: ISC */
/* Commits onto the disk: the startup file, the history, and what runs for an engine that dies. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/store.h"

LOG_MODULE("mgmt.disk");

#define SAVE_DELAY MONO_MS(200) /* lines come in bursts */
#define SAVE_SHARE 20		/* writing takes at most this part of the time */
#define RUNNING_FILE "running.conf"

static void
tree_text(struct engine *eng, const struct lyd_node *tree, struct strbuf *out)
{
	strbuf_put(out, "!\n");
	cli_text_render(eng->cli, eng->ds->nb, tree, out);
	strbuf_put(out, "!\nend\n");
}

void
commit_running_text(struct engine *eng, struct strbuf *out)
{
	tree_text(eng, eng->ds->running, out);
}

struct history *
commit_history(const struct engine *eng)
{
	struct commits *c = eng->commits;

	if (!c->history)
		c->history = history_open(eng->conf_file);
	return c->history;
}

/* ---- one commit ---- */

void
commit_record_init(struct commit_record *r, struct engine *eng,
    const struct lyd_node *tree, const struct ds_user *by, const char *comment)
{
	r->entry = history_next(commit_history(eng), by, comment);
	strbuf_init(&r->text);
	history_header(&r->entry, &r->text);
	tree_text(eng, tree, &r->text);
}

void
commit_record_fini(struct commit_record *r)
{
	strbuf_fini(&r->text);
}

bool
commit_record_save(const struct commit_record *r, struct engine *eng, struct err *e)
{
	int rc;

	if (!eng->conf_file)
		return true;
	rc = store_write(eng->conf_file, r->text.s, r->text.len, true);
	return rc == 0 ||
	       err_set(e, "cannot write %s: %s", eng->conf_file, strerror(-rc));
}

static void
keep(const struct commit_record *r, struct engine *eng)
{
	struct err e = { 0 };

	if (!history_add(commit_history(eng), &r->entry, &r->text, &e))
		log_warn("history: %s", e.text);
}

void
commit_record_keep(
    const struct commit_record *r, struct engine *eng, const struct lyd_node *before)
{
	static const struct ds_user by = { .door = "file" };
	struct commit_record first;

	/* The oldest one to go back to is what ran before the first commit. */
	if (history_count(commit_history(eng)) == 0 && r->entry.number > 1) {
		commit_record_init(&first, eng, before, &by, "before the first commit");
		first.entry.number = r->entry.number - 1;
		strbuf_reset(&first.text);
		history_header(&first.entry, &first.text);
		tree_text(eng, before, &first.text);
		keep(&first, eng);
		commit_record_fini(&first);
	}
	keep(r, eng);
}

/* The configuration behind its header. */
static const char *
body_of(const char *text)
{
	while (text[0] == '!' && text[1] == ' ' && strchr(text, '\n'))
		text = strchr(text, '\n') + 1;
	return text;
}

/* The newest of the history is the same: it is written again, rather than yet another one. */
static bool
use_newest(struct commit_record *r, struct engine *eng)
{
	struct err e = { 0 };
	char *text = history_text(commit_history(eng), 0, &e);
	bool same = text && strcmp(body_of(text), body_of(r->text.s)) == 0;

	if (same) {
		strbuf_reset(&r->text);
		strbuf_put(&r->text, text);
	}
	free(text);
	return same;
}

bool
commit_write(struct engine *eng, const struct ds_user *by, struct err *e)
{
	struct commit_record r;
	bool ok, old;

	if (!eng->conf_file)
		return err_set(e, "there is no configuration file");
	if (!ds_may(eng->ds, DS_STARTUP, by, e) ||
	    !commit_waiting_allows(eng->commits, NULL, e))
		return false;
	commit_record_init(&r, eng, eng->ds->running, by, NULL);
	old = use_newest(&r, eng);
	ok = commit_record_save(&r, eng, e);
	if (ok && !old) {
		commit_record_keep(&r, eng, eng->ds->running);
		commit_save_soon(eng->commits);
	}
	commit_record_fini(&r);
	return ok;
}

/* ---- what runs, for an engine that dies ---- */

static char *
running_file(const struct engine *eng)
{
	return eng->rundir ? xasprintf("%s/" RUNNING_FILE, eng->rundir) : NULL;
}

/* The header has the number of the last commit: a startup file with a greater one is newer. */
static void
save(struct loop_timer *t)
{
	struct commits *c = container_of(t, struct commits, save);
	struct history_entry en =
	    history_next(commit_history(c->eng), &c->eng->ds->last, "not saved yet");
	char *path = running_file(c->eng);
	struct mono start = loop_clock(c->eng->loop);
	struct strbuf text;
	int rc;

	if (!path)
		return;
	en.number = history_number(commit_history(c->eng));
	strbuf_init(&text);
	history_header(&en, &text);
	commit_running_text(c->eng, &text);
	rc = store_write(path, text.s, text.len, false);
	if (rc < 0)
		log_warn("%s: cannot be written (%s)", path, strerror(-rc));
	strbuf_fini(&text);
	free(path);
	c->save_took = mono_diff(loop_clock(c->eng->loop), start);
}

void
commit_save_init(struct commits *c)
{
	loop_timer_init(&c->save, save);
}

void
commit_save_soon(struct commits *c)
{
	if (c->eng->rundir && !c->waiting.before && !loop_timer_running(&c->save))
		loop_timer_start(
		    c->eng->loop, &c->save, MAX(SAVE_DELAY, c->save_took * SAVE_SHARE));
}

void
commit_save_now(struct commits *c)
{
	if (!loop_timer_running(&c->save))
		return;
	loop_timer_stop(&c->save);
	save(&c->save);
}

char *
commit_rescued(struct engine *eng)
{
	struct err e = { 0 };
	char *path = running_file(eng), *text = NULL;
	char *startup = eng->conf_file ? store_read(eng->conf_file, &e) : NULL;

	if (path)
		text = store_read(path, &e);
	if (text && startup &&
	    history_parse(startup).number > history_parse(text).number) {
		free(text);
		text = NULL;
	}
	free(startup);
	free(path);
	return text;
}

void
commit_forget_rescued(struct engine *eng)
{
	char *path = running_file(eng);

	if (path)
		unlink(path);
	free(path);
}
