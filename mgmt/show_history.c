/* SPDX-License-Identifier: ISC */
/* What was committed, by whom, and what would be. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/history.h"
#include "mgmt/session.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_text.h"
#include "mgmt/show_tree.h"
#include "mgmt/store.h"
#include "mgmt/text_diff.h"

static void
history_json(struct show_ctx *c)
{
	const struct history *h = commit_history(c->eng);
	const struct history_entry *en;
	char when[32];

	out_arr_begin(c->out, NULL);
	for (size_t i = 0; (en = history_get(h, i)); i++) {
		out_obj_begin(c->out, NULL);
		out_uint(c->out, "rollback", i);
		out_uint(c->out, "commit", en->number);
		out_str(c->out, "time", history_time(en->when, when));
		out_int(c->out, "epoch", en->when);
		out_str(c->out, "user", en->by.name);
		out_str(c->out, "door", en->by.door);
		out_uint(c->out, "session", en->by.id);
		out_str(c->out, "comment", en->comment);
		out_obj_end(c->out);
	}
	out_arr_end(c->out);
}

static bool
show_history(struct show_ctx *c)
{
	const struct history *h = commit_history(c->eng);
	const struct history_entry *en;
	char when[32];

	if (c->json) {
		history_json(c);
		return false;
	}
	out_puts(c->out, "Rollback  Commit  When                  Door     Who           "
			 "   Comment\n");
	for (size_t i = 0; (en = history_get(h, i)); i++)
		out_printf(c->out, "%8zu  %6llu  %s  %-7s  %-15s  %s\n", i,
		    (unsigned long long)en->number, history_time(en->when, when),
		    en->by.door, en->by.name, en->comment);
	return false;
}

static bool
history_arg(struct show_ctx *c, char **text)
{
	const char *arg = cli_arg(c->args, "n");
	unsigned long long n = 0;
	struct err e = { 0 };

	parse_u64(arg, 0, HISTORY_MAX, &n);
	*text = history_text(commit_history(c->eng), (size_t)n, &e);
	return *text || show_fail(c, "%s", e.text);
}

static bool
show_one(struct show_ctx *c)
{
	char *text;

	if (c->state)
		return show_text_slice(c);
	if (!history_arg(c, &text))
		return false;
	return show_tree_text(c, text);
}

/* ---- what would be committed ---- */

static void
render(const struct engine *eng, const struct lyd_node *tree, struct strbuf *out)
{
	struct lyd_node *copy = nb_dup(tree);

	cli_normalise(eng->ds->nb, &copy);
	cli_text_render(eng->cli, eng->ds->nb, copy, out);
	nb_tree_free(copy);
	strbuf_put(out, "");
}

/* As the program would print a text. */
static void
render_text(const struct engine *eng, const char *text, struct strbuf *out)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;

	cli_text_load(eng->cli, eng->ds->nb, &tree, text, NULL, &rep);
	render(eng, tree, out);
	nb_tree_free(tree);
}

static const struct draft *
draft_of(const struct show_ctx *c)
{
	return c->session ? c->session->draft : NULL;
}

/* What this session sees as the configuration. */
static const struct lyd_node *
tree_of(const struct show_ctx *c)
{
	const struct draft *d = draft_of(c);

	return d ? draft_read(d) : c->eng->ds->running;
}

static bool
show_draft(struct show_ctx *c)
{
	if (c->state)
		return show_text_slice(c);
	if (c->json)
		return show_tree_json(c, tree_of(c));
	render(c->eng, tree_of(c), show_text_new(c));
	return show_text_slice(c);
}

/* From what: a commit of the history; for a draft what runs, else the startup file. */
static bool
from_text(struct show_ctx *c, struct strbuf *from)
{
	struct err e = { 0 };
	char *text;

	if (!cli_arg(c->args, "n") && draft_of(c)) {
		render(c->eng, c->eng->ds->running, from);
		return true;
	}
	if (cli_arg(c->args, "n")) {
		if (!history_arg(c, &text))
			return false;
	} else {
		text = c->eng->conf_file ? store_read(c->eng->conf_file, &e) : NULL;
		if (!text)
			return show_fail(c, "%s",
			    e.text[0] ? e.text : "there is no configuration file");
	}
	render_text(c->eng, text, from);
	free(text);
	return true;
}

/* The lines of a difference: what came, what is gone, and the sections that they are in. */
static void
compare_json(struct show_ctx *c, const char *diff)
{
	struct out *o = c->out;

	out_arr_begin(o, NULL);
	while (*diff) {
		const size_t len = strcspn(diff, "\n");

		out_obj_begin(o, NULL);
		out_str(o, "change",
		    diff[0] == '+'   ? "added"
		    : diff[0] == '-' ? "removed"
				     : "section");
		out_strf(o, "line", "%.*s", (int)len - 1, diff + 1);
		out_obj_end(o);
		diff += len + (diff[len] == '\n');
	}
	out_arr_end(o);
}

/* What came is green and what is gone red, as everywhere. */
static void
compare_text(struct show_ctx *c, const char *diff)
{
	while (*diff) {
		const size_t len = strcspn(diff, "\n");

		out_toned(c->out,
		    diff[0] == '+'   ? OUT_GOOD
		    : diff[0] == '-' ? OUT_BAD
				     : OUT_PLAIN,
		    "%.*s", (int)len, diff);
		out_puts(c->out, "\n");
		diff += len + (diff[len] == '\n');
	}
}

static bool
show_compare(struct show_ctx *c)
{
	struct strbuf from, to, diff;

	strbuf_init(&from);
	strbuf_init(&to);
	strbuf_init(&diff);
	if (from_text(c, &from)) {
		render(c->eng, tree_of(c), &to);
		text_diff(from.s, to.s, &diff);
		strbuf_put(&diff, "");
		(c->json ? compare_json : compare_text)(c, diff.s);
	}
	strbuf_fini(&from);
	strbuf_fini(&to);
	strbuf_fini(&diff);
	return false;
}

static const struct {
	const char *text; /* for people */
	const char *key;  /* in JSON */
} locks[DS_NAMES] = {
	[DS_RUNNING] = { "running configuration", "running" },
	[DS_CANDIDATE] = { "candidate", "candidate" },
	[DS_STARTUP] = { "startup configuration", "startup" },
};

static void
user_json(struct out *o, const char *key, const struct ds_user *by)
{
	out_obj_begin(o, key);
	out_str(o, "user", by->name);
	out_str(o, "door", by->door);
	out_uint(o, "session", by->id);
}

static void
pending_json(struct show_ctx *c, const struct commit_pending *p)
{
	out_obj_begin(c->out, NULL);
	if (p->is) {
		user_json(c->out, "commit", &p->by);
		out_int(c->out, "secondsLeft", p->left_us / 1000000);
		out_bool(c->out, "persist", p->persist);
		out_obj_end(c->out);
	}
	out_obj_begin(c->out, "locks");
	for (int d = 0; d < DS_NAMES; d++) {
		const struct ds_user *by = ds_locked_by(c->eng->ds, (enum ds_name)d);

		if (!by)
			continue;
		user_json(c->out, locks[d].key, by);
		out_obj_end(c->out);
	}
	out_obj_end(c->out);
	out_obj_end(c->out);
}

static bool
show_pending(struct show_ctx *c)
{
	const struct commit_pending p = commit_pending(c->eng);
	char who[DS_USER_TEXT_MAX];

	if (c->json) {
		pending_json(c, &p);
		return false;
	}
	if (p.is)
		out_printf(c->out,
		    "A commit of %s waits for its confirmation: %lld s are left%s.\n",
		    ds_user_format(&p.by, who, sizeof who),
		    (long long)(p.left_us / 1000000),
		    p.persist ? ", also without its session" : "");
	for (int d = 0; d < DS_NAMES; d++) {
		const struct ds_user *by = ds_locked_by(c->eng->ds, (enum ds_name)d);

		if (by)
			out_printf(c->out, "The %s is locked by %s.\n", locks[d].text,
			    ds_user_format(by, who, sizeof who));
	}
	return false;
}

static const struct show_cmd rows[] = {
	{ "show configuration [json]",
	    "The configuration with the changes of this session", show_draft,
	    show_text_done },
	{ "show configuration history [json]", "The last commits: who, when, why",
	    show_history, NULL },
	{ "show configuration commit (0-49)$n [json]", "The configuration of that commit",
	    show_one, show_text_done },
	{ "show configuration compare [rollback (0-49)$n] [json]",
	    "What the changes of this session change; outside of an edit what is not "
	    "saved",
	    show_compare, NULL },
	{ "show configuration pending [json]",
	    "Locks, and a commit that waits for its confirmation", show_pending, NULL },
};

const struct show_table show_history_table = SHOW_TABLE(rows);
