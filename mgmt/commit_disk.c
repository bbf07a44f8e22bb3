/* SPDX-License-Identifier: ISC */
/* Commits onto the disk: the startup file, the history. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/store.h"

LOG_MODULE("mgmt.disk");

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
	if (ok && !old)
		commit_record_keep(&r, eng, eng->ds->running);
	if (ok)
		commit_snapshot_text(eng->commits, r.text.s, r.text.len);
	commit_record_fini(&r);
	return ok;
}
