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
	session_abandon(s);
	commit_session_ended(s->eng, &s->by);
	cli_pos_fini(&s->pos);
	out_fini(&s->out);
}

static const char *const modes[] = { "", "[private]", "[exclusive]" };

void
session_prompt(const struct session *s, char *buf, size_t size)
{
	const struct conf *c = s->eng->conf;
	const char *name = c && c->bgp.hostname ? c->bgp.hostname : "evpnd";
	enum cli_node node = cli_pos_node(&s->pos);

	if (node == NODE_NONE)
		snprintf(buf, size, "%s# ", name);
	else
		snprintf(buf, size, "%s%s(%s)# ", name, modes[s->mode],
		    cli_nodes[node].prompt);
}

static void
say_error(struct session *s, const struct err *e)
{
	out_tone(&s->out, OUT_BAD);
	out_puts(&s->out, "% ");
	if (e->line)
		out_printf(&s->out, "line %d: ", e->line);
	out_puts(&s->out, e->text);
	if (e->path[0])
		out_printf(&s->out, " (%s)", e->path);
	out_tone(&s->out, OUT_PLAIN);
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

/* With s->args. */
static void
run_cmd(struct session *s, const struct show_cmd *cmd)
{
	s->cmd = cmd;
	s->ctx = (struct show_ctx){
		.eng = s->eng,
		.session = s,
		.args = &s->args,
		.out = &s->out,
		.json = cli_arg(&s->args, "json") != NULL,
	};
	s->out.pretty = true;
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
		session_expected(s, l->text);
		return;
	}
	run_cmd(s, c->exec[which]);
}

/* ---- configuration ---- */

/* A line of `configure terminal`: a commit by itself. */
static bool
terminal_line(struct session *s, const char *line, struct err *e)
{
	enum cli_result res = commit_line(s->eng, &s->pos, line, &s->by, e);

	if (res == CLI_NOTED)
		say_error(s, e);
	return res != CLI_FAILED;
}

/* A line that waits in the draft for its commit. */
static bool
draft_line(struct session *s, const char *line, struct err *e)
{
	enum cli_result res = cli_line(
	    s->eng->cli, s->eng->ds->nb, &s->pos, draft_edit(s->draft), line, NULL, e);

	if (res == CLI_NOTED)
		say_error(s, e);
	return res != CLI_FAILED;
}

static void
config_line(struct session *s, const char *line)
{
	struct err e = { 0 };
	struct cli_pos before;

	cli_pos_copy(&before, &s->pos);
	if (!(s->draft ? draft_line : terminal_line)(s, line, &e)) {
		fail(s, &e);
		if (strncmp(e.text, "Unknown", 7) == 0 ||
		    strncmp(e.text, "Ambiguous", 9) == 0 ||
		    strncmp(e.text, "Command incomplete", 18) == 0)
			session_expected(s, line);
		cli_pos_fini(&s->pos);
		s->pos = before;
		return;
	}
	cli_pos_fini(&before);
}

bool
session_configure(struct session *s, enum session_mode mode, struct err *e)
{
	struct datastore *ds = s->eng->ds;
	struct err why = { 0 };

	if (s->pos.n > 0)
		return err_set(e, "this session configures already: \"end\" first");
	if (mode == SESSION_EXCLUSIVE && !ds_lock(ds, DS_CANDIDATE, &s->by, &why))
		return err_set(e, "%s; \"configure private\" needs no lock", why.text);
	s->mode = mode;
	if (mode == SESSION_PRIVATE)
		s->draft = draft_open(ds);
	else if (mode == SESSION_EXCLUSIVE)
		s->draft = draft_candidate(ds);
	cli_pos_init(&s->pos);
	return true;
}

void
session_abandon(struct session *s)
{
	cli_pos_fini(&s->pos);
	if (s->mode == SESSION_PRIVATE)
		draft_close(s->draft);
	else if (s->mode == SESSION_EXCLUSIVE)
		ds_unlock(s->eng->ds, DS_CANDIDATE, &s->by, NULL);
	s->draft = NULL;
	s->mode = SESSION_TERMINAL;
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
	/* No statement begins like these two. */
	return l->n > 0 && l->w[0].len >= 2 &&
	       (strncmp("show", l->w[0].s, l->w[0].len) == 0 ||
		   strncmp("write", l->w[0].s, l->w[0].len) == 0);
}

/* What was not committed is not lost by a word too many. */
static bool
may_leave(struct session *s)
{
	struct err e = { 0 };

	if (!s->draft || !draft_changed(s->draft))
		return true;
	err_set(&e, "there are changes that are not committed: \"commit\" them, or "
		    "\"abort\" to give them up");
	fail(s, &e);
	return false;
}

static void
leave_node(struct session *s, bool all)
{
	if ((all || s->pos.n == 1) && !may_leave(s))
		return;
	do
		cli_pos_pop(&s->pos);
	while (all && s->pos.n > 0);
	if (s->pos.n == 0)
		session_abandon(s);
}

/* True if it was a command of the configuration mode, even a wrong one. */
static bool
start_verb(struct session *s, const struct cli_line *l)
{
	const struct cli_cmdset *v = &s->eng->cli->verbs;
	size_t which, bad;
	enum cli_verdict verdict =
	    cli_match(v->pat, v->n, l, false, &which, &s->args, &bad);
	struct err e = { 0 };

	if (verdict == CLI_OK) {
		run_cmd(s, v->cmd[which]);
		return true;
	}
	if (bad == 0)
		return false;
	cli_verdict_error(verdict, l, bad, &e);
	fail(s, &e);
	return true;
}

static bool
is_verb(const struct session *s, const struct cli_line *l)
{
	const struct cli_cmdset *v = &s->eng->cli->verbs;

	for (size_t i = 0; i < v->n; i++) {
		size_t n = strcspn(v->cmd[i]->pattern, " ");

		if (l->w[0].len == n && memcmp(l->w[0].s, v->cmd[i]->pattern, n) == 0)
			return true;
	}
	return false;
}

static void
start_in_config(struct session *s, struct cli_line *l)
{
	if (is_verb(s, l) && start_verb(s, l))
		return;
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

/* `show | compare` reads as `show configuration compare`; a bar is no word of the grammar. */
static char *
without_bar(const char *line)
{
	static const char show[] = "show", compare[] = "compare";
	const char *s = line;
	size_t n;

	if (strncmp(s, show, 4) != 0)
		return NULL;
	s += 4 + strspn(s + 4, " ");
	if (*s != '|')
		return NULL;
	s += 1 + strspn(s + 1, " ");
	n = strcspn(s, " ");
	if (n < 4 || n >= sizeof compare || strncmp(s, compare, n) != 0)
		return NULL;
	return xasprintf("show configuration compare%s", s + n);
}

void
session_start(struct session *s, const char *line)
{
	struct cli_line *l = xmalloc(sizeof *l);
	char *other;

	ensure(!s->cmd);
	s->failed = false;
	line += strspn(line, " \t");
	other = without_bar(line);
	if (other)
		line = other;
	cli_line_split(l, line);
	if (l->n > 0 && line[0] != '!' && line[0] != '#') {
		if (s->pos.n == 0)
			start_exec(s, l);
		else
			start_in_config(s, l);
	}
	free(l);
	free(other);
}

/* ---- a whole text ---- */

struct load_job {
	struct commit_text *text; /* under way, NULL none */
	struct cli_report rep;	  /* into the output */
	struct session *s;	  /* borrowed */
	bool check;		  /* nothing is to be applied anyway */
	bool over;		  /* it has ended */
	bool ok;		  /* so */
};

static void
on_load_report(void *arg, const struct err *e, bool error)
{
	(void)error;
	say_error(arg, e);
}

static void
on_loaded(void *arg, bool ok, const struct err *e)
{
	struct load_job *j = arg;

	(void)e;
	j->over = true;
	j->ok = ok;
	j->text = NULL;
	show_wake(&j->s->ctx);
}

static bool
load_step(struct show_ctx *c)
{
	const struct load_job *j = c->state;

	c->waiting = !j->over;
	if (!j->over)
		return true;
	c->failed = !j->ok;
	if (j->rep.errors && !j->check)
		out_printf(c->out, "%% nothing was applied: %zu error%s\n", j->rep.errors,
		    j->rep.errors == 1 ? "" : "s");
	return false;
}

static void
load_done(struct show_ctx *c)
{
	struct load_job *j = c->state;

	commit_text_forget(j->text);
	free(j);
}

static const struct show_cmd load_cmd = { "load", "", load_step, load_done };

void
session_load(struct session *s, const char *text, enum commit_load how)
{
	const struct commit_opts opts = { .by = &s->by, .unsaved = true };
	struct load_job *j = xcalloc(1, sizeof *j);

	ensure(!s->cmd);
	s->failed = false;
	*j = (struct load_job){ .rep = { .fn = on_load_report, .arg = s },
		.s = s,
		.check = how == LOAD_CHECK };
	s->cmd = &load_cmd;
	s->ctx = (struct show_ctx){
		.eng = s->eng, .session = s, .args = &s->args, .out = &s->out, .state = j
	};
	s->args = (struct cli_args){ NULL, 0 };
	j->text = commit_text_start(s->eng, text, how, &opts, &j->rep, on_loaded, j);
}
