/* SPDX-License-Identifier: ISC */
/* Lines of one operator: exec commands in slices, configuration by commits. */
#include "config.h"

#include "mgmt/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/datastore.h"

void
session_set_user(struct session *s, const char *name, const char *door)
{
	snprintf(s->by.name, sizeof s->by.name, "%s", name);
	snprintf(s->by.door, sizeof s->by.door, "%s", door);
}

void
session_init(struct session *s, struct engine *eng, const char *name, const char *door)
{
	memset(s, 0, sizeof *s);
	s->eng = eng;
	s->by.id = datastore_new_id(eng->ds);
	session_set_user(s, name, door);
	out_init(&s->out);
}

void
session_fini(struct session *s)
{
	session_cancel(s);
	commit_session_ended(s->eng, &s->by);
	cli_pos_fini(&s->pos);
	out_fini(&s->out);
}

void
session_prompt(const struct session *s, char *buf, size_t size)
{
	const struct conf *c = s->eng->conf;
	const char *name = c && c->bgp.hostname ? c->bgp.hostname : "evpnd";
	enum cli_node node = cli_pos_node(&s->pos);

	if (node == NODE_NONE)
		snprintf(buf, size, "%s# ", name);
	else
		snprintf(buf, size, "%s(%s)# ", name, cli_nodes[node].prompt);
}

static void
say_error(struct session *s, const struct err *e)
{
	out_puts(&s->out, "% ");
	if (e->line)
		out_printf(&s->out, "line %d: ", e->line);
	out_puts(&s->out, e->text);
	if (e->path[0])
		out_printf(&s->out, " (%s)", e->path);
	out_puts(&s->out, "\n");
}

static void
fail(struct session *s, const struct err *e)
{
	say_error(s, e);
	s->failed = true;
}

/* ---- exec ---- */

static void
finish(struct session *s)
{
	s->failed |= s->ctx.failed;
	if (s->cmd && s->cmd->done)
		s->cmd->done(&s->ctx);
	else
		free(s->ctx.state);
	s->cmd = NULL;
	cli_args_free(&s->args);
}

bool
session_step(struct session *s)
{
	if (!s->cmd)
		return false;
	if (s->ctx.waiting || s->cmd->fn(&s->ctx))
		return true;
	finish(s);
	return false;
}

bool
session_waiting(const struct session *s)
{
	return s->cmd && s->ctx.waiting;
}

void
session_wake(struct session *s)
{
	if (s->wake)
		s->wake(s->wake_arg);
}

void
session_cancel(struct session *s)
{
	if (!s->cmd)
		return;
	finish(s);
	s->failed = true;
}

static void
start_exec(struct session *s, const struct cli_line *l)
{
	const struct cli *c = s->eng->cli;
	size_t which, bad;
	enum cli_verdict v =
	    cli_match(c->exec_pat, c->nexec, l, false, &which, &s->args, &bad);
	struct err e = { 0 };

	if (v != CLI_OK) {
		cli_verdict_error(v, l, bad, &e);
		fail(s, &e);
		return;
	}
	s->cmd = c->exec[which];
	s->ctx = (struct show_ctx){
		.eng = s->eng,
		.session = s,
		.args = &s->args,
		.out = &s->out,
		.json = cli_arg(&s->args, "json") != NULL,
	};
	s->out.pretty = true;
}

/* ---- configuration ---- */

static void
config_line(struct session *s, const char *line)
{
	struct nb *nb = s->eng->ds->nb;
	struct lyd_node *tree = nb_dup(s->eng->ds->running);
	struct err e = { 0 };
	struct cli_pos before;
	enum cli_result res;
	bool ok;

	cli_pos_copy(&before, &s->pos);
	res = cli_line(s->eng->cli, nb, &s->pos, &tree, line, NULL, &e);
	if (res == CLI_NOTED)
		say_error(s, &e);
	if (res == CLI_FAILED) {
		nb_tree_free(tree);
		ok = false;
	} else {
		e = (struct err){ 0 };
		cli_normalise(nb, &tree);
		ok = commit_line(s->eng, tree, &s->by, &e);
	}
	if (!ok) {
		fail(s, &e);
		cli_pos_fini(&s->pos);
		s->pos = before;
		return;
	}
	cli_pos_fini(&before);
}

void
session_configure(struct session *s)
{
	if (s->pos.n == 0)
		cli_pos_init(&s->pos);
}

static bool
word_is(const struct cli_line *l, const char *word)
{
	return l->n > 0 && strlen(word) == l->w[0].len &&
	       memcmp(l->w[0].s, word, l->w[0].len) == 0;
}

/* Exec commands that are understood in the configuration, too; `do` is for the rest. */
static bool
is_exec_line(struct cli_line *l)
{
	static const char *const words[] = { "show", "write", "clear", "copy" };

	if (word_is(l, "do") && l->n > 1) {
		cli_line_shift(l, 1);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (word_is(l, words[i]))
			return true;
	return false;
}

static void
leave_node(struct session *s, bool all)
{
	do
		cli_pos_pop(&s->pos);
	while (all && s->pos.n > 0);
}

static void
start_in_config(struct session *s, struct cli_line *l)
{
	if (is_exec_line(l))
		start_exec(s, l);
	else if (l->n == 1 && word_is(l, "list"))
		session_list(s);
	else if (l->n == 1 && word_is(l, "end"))
		leave_node(s, true);
	else if (l->n == 1 && (word_is(l, "exit") || word_is(l, "quit")))
		leave_node(s, false);
	else
		config_line(s, l->text);
}

void
session_start(struct session *s, const char *line)
{
	struct cli_line *l = xmalloc(sizeof *l);

	ensure(!s->cmd);
	s->failed = false;
	line += strspn(line, " \t");
	cli_line_split(l, line);
	if (l->n > 0 && line[0] != '!' && line[0] != '#') {
		if (s->pos.n == 0)
			start_exec(s, l);
		else
			start_in_config(s, l);
	}
	free(l);
}

static void
on_load_report(void *arg, const struct err *e, bool error)
{
	(void)error;
	say_error(arg, e);
}

void
session_load(struct session *s, const char *text, enum commit_load how)
{
	struct cli_report rep = { .fn = on_load_report, .arg = s };

	s->failed = !commit_text(s->eng, text, how, &s->by, &rep);
	if (rep.errors && how != LOAD_CHECK)
		out_printf(&s->out, "%% nothing was applied: %zu error%s\n", rep.errors,
		    rep.errors == 1 ? "" : "s");
}
