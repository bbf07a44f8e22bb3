/* SPDX-License-Identifier: ISC */
/* An engine for tests of commits. */
#include "config.h"

#include "tests/unit/commit_fix.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_config.h"
#include "mgmt/store.h"
#include "tests/unit/run.h"

static const struct show_table *const tables[] = { &show_config_table, &show_mode_table,
	&show_verb_table, &show_confirm_table, &show_history_table, NULL };

static void
no_log(enum log_level lvl, const char *line, void *arg)
{
	(void)lvl;
	(void)line;
	(void)arg;
}

int
commit_tests(const char *name, const struct unit_test *tests)
{
	log_set_sink(no_log, NULL);
	return cli_tests(name, tables, tests);
}

static void
preflight(struct engine *eng, const struct conf *conf, preflight_done *done, void *arg)
{
	struct fix *f = eng->priv;
	struct err e = { 0 };

	(void)conf;
	f->asked++;
	if (f->slow) {
		f->done = done;
		f->done_arg = arg;
		return;
	}
	if (f->refuse)
		err_set(&e, "the port is in use");
	done(arg, !f->refuse, &e);
}

void
engine_init(struct fix *f)
{
	memset(&f->eng, 0, sizeof f->eng);
	f->eng.loop = loop_new_sim(1);
	f->eng.cli = cli;
	f->eng.conf_file = f->conf;
	f->eng.rundir = f->dir;
	f->eng.preflight = preflight;
	f->eng.priv = f;
	f->eng.ds = datastore_new(nb);
	f->eng.commits = commits_new(&f->eng);
}

void
engine_fini(struct fix *f)
{
	commits_free(f->eng.commits);
	conf_free((struct conf *)f->eng.conf);
	datastore_free(f->eng.ds);
	loop_free(f->eng.loop);
}

void
fix_init(struct fix *f)
{
	memset(f, 0, sizeof *f);
	strcpy(f->dir, "/tmp/check_commit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	snprintf(f->conf, sizeof f->conf, "%s/e.conf", f->dir);
	engine_init(f);
}

void
remove_dir(const char *dir)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execlp("rm", "rm", "-rf", dir, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
}

void
fix_fini(struct fix *f)
{
	engine_fini(f);
	remove_dir(f->dir);
}

/* What the file has is what runs; restart: after another engine. */
void
load(struct fix *f, bool restart)
{
	struct cli_report rep = { 0 };
	struct err e = { 0 };
	char *text = restart ? commit_rescued(&f->eng) : NULL;
	const bool rescued = text != NULL;

	if (!rescued) {
		commit_forget_rescued(&f->eng);
		text = store_read(f->conf, &e);
	}
	commit_text(&f->eng, text ? text : "", LOAD_GOOD_LINES, NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	if (rescued)
		commit_rescue_lines(&f->eng, text);
	commit_loaded(&f->eng);
	free(text);
}

char *
running(struct fix *f)
{
	struct strbuf b;

	strbuf_init(&b);
	commit_running_text(&f->eng, &b);
	return strbuf_take(&b);
}

bool
runs(struct fix *f, const char *line)
{
	char *text = running(f);
	bool yes = strstr(text, line) != NULL;

	free(text);
	return yes;
}

bool
file_has(const char *path, const char *line)
{
	struct err e = { 0 };
	char *text = store_read(path, &e);
	bool yes = text && strstr(text, line);

	free(text);
	return yes;
}

/* ---- sessions ---- */

void
step_all(struct session *s)
{
	while (session_step(s) && !session_waiting(s))
		;
}

/* True if it worked; the answer is in s->out. */
bool
type(struct session *s, const char *line)
{
	strbuf_reset(&s->out.buf);
	session_start(s, line);
	step_all(s);
	return !s->failed;
}

bool
says(const struct session *s, const char *text)
{
	return s->out.buf.s && strstr(s->out.buf.s, text);
}

void
open_session(struct session *s, struct fix *f, const char *name)
{
	session_init(s, &f->eng, name, "vtysh");
}

/* It works. */
void
typed(struct session *s, const char *line)
{
	ck_assert_msg(type(s, line), "%s: %s", line, s->out.buf.s ? s->out.buf.s : "");
}

/* It does not, and says why. */
void
refused(struct session *s, const char *line, const char *why)
{
	ck_assert_msg(!type(s, line), "%s", line);
	ck_assert_msg(says(s, why), "%s: %s", line, s->out.buf.s);
}

void
pass(struct fix *f, int64_t seconds)
{
	loop_run_until(f->eng.loop, mono_add(loop_now(f->eng.loop), MONO_SEC(seconds)));
}
