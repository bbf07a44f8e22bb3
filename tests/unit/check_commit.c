/* SPDX-License-Identifier: ISC */
/* Commits: drafts that meet, locks, confirmations, the history, and crashes at every step to the disk. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/conf.h"
#include "mgmt/history.h"
#include "mgmt/session.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_config.h"
#include "mgmt/store.h"
#include "tests/unit/run.h"

static struct nb *nb;
static struct cli *cli;
static const struct show_table *const tables[] = { &show_config_table, &show_mode_table,
	&show_verb_table, &show_confirm_table, &show_history_table, NULL };

/* ---- a crash at the n-th call that touches the disk ---- */

static int steps_left = -1; /* before the process ends; -1: it does not */

static void
step(void)
{
	if (steps_left == 0)
		_exit(42);
	if (steps_left > 0)
		steps_left--;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);

int
__wrap_rename(const char *from, const char *to)
{
	step();
	return __real_rename(from, to);
}

int
__wrap_fsync(int fd)
{
	step();
	return __real_fsync(fd);
}

/* A write is torn, too. */
ssize_t
__wrap_write(int fd, const void *buf, size_t len)
{
	if (steps_left == 0)
		(void)!__real_write(fd, buf, len / 2);
	step();
	return __real_write(fd, buf, len);
}

int
__wrap_unlink(const char *path)
{
	step();
	return __real_unlink(path);
}

int
__wrap_mkdir(const char *path, mode_t mode)
{
	step();
	return __real_mkdir(path, mode);
}

/* ---- an engine with a directory of its own ---- */

struct fix {
	struct engine eng;
	char dir[64];	/* of everything */
	char conf[96];	/* the configuration file */
	unsigned asked; /* of the kernel */
	bool slow;	/* the kernel's answer comes later */
	bool refuse;	/* and is no */
	preflight_done *done;
	void *done_arg;
};

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

static void
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

static void
engine_fini(struct fix *f)
{
	commits_free(f->eng.commits);
	conf_free((struct conf *)f->eng.conf);
	datastore_free(f->eng.ds);
	loop_free(f->eng.loop);
}

static void
fix_init(struct fix *f)
{
	memset(f, 0, sizeof *f);
	strcpy(f->dir, "/tmp/check_commit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	snprintf(f->conf, sizeof f->conf, "%s/e.conf", f->dir);
	engine_init(f);
}

static void
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

static void
fix_fini(struct fix *f)
{
	engine_fini(f);
	remove_dir(f->dir);
}

/* What the file has is what runs; restart: after another engine. */
static void
load(struct fix *f, bool restart)
{
	struct cli_report rep = { 0 };
	struct err e = { 0 };
	char *text = restart ? commit_rescued(&f->eng) : NULL;

	if (!text)
		text = store_read(f->conf, &e);
	commit_text(&f->eng, text ? text : "", LOAD_GOOD_LINES, NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	free(text);
}

static char *
running(struct fix *f)
{
	struct strbuf b;

	strbuf_init(&b);
	commit_running_text(&f->eng, &b);
	return strbuf_take(&b);
}

static bool
runs(struct fix *f, const char *line)
{
	char *text = running(f);
	bool yes = strstr(text, line) != NULL;

	free(text);
	return yes;
}

static bool
file_has(const char *path, const char *line)
{
	struct err e = { 0 };
	char *text = store_read(path, &e);
	bool yes = text && strstr(text, line);

	free(text);
	return yes;
}

/* ---- sessions ---- */

static void
step_all(struct session *s)
{
	while (session_step(s) && !session_waiting(s))
		;
}

/* True if it worked; the answer is in s->out. */
static bool
type(struct session *s, const char *line)
{
	strbuf_reset(&s->out.buf);
	session_start(s, line);
	step_all(s);
	return !s->failed;
}

static bool
says(const struct session *s, const char *text)
{
	return s->out.buf.s && strstr(s->out.buf.s, text);
}

static void
open_session(struct session *s, struct fix *f, const char *name)
{
	session_init(s, &f->eng, name, "vtysh");
}

/* It works. */
static void
typed(struct session *s, const char *line)
{
	ck_assert_msg(type(s, line), "%s: %s", line, s->out.buf.s ? s->out.buf.s : "");
}

/* It does not, and says why. */
static void
refused(struct session *s, const char *line, const char *why)
{
	ck_assert_msg(!type(s, line), "%s", line);
	ck_assert_msg(says(s, why), "%s: %s", line, s->out.buf.s);
}

START_TEST(gathers_until_commit)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	open_session(&s, &f, "ann");
	typed(&s, "configure private");
	typed(&s, "hostname a");
	typed(&s, "router bgp 65000");
	typed(&s, "neighbor 10.0.0.1 remote-as 65001");
	ck_assert(!runs(&f, "hostname a"));
	typed(&s, "show | compare");
	ck_assert_str_eq(s.out.buf.s, "+hostname a\n+router bgp 65000\n+ neighbor "
				      "10.0.0.1 remote-as 65001\n+exit\n");
	refused(&s, "end", "not committed");
	typed(&s, "commit check");
	ck_assert(!runs(&f, "hostname a"));
	typed(&s, "commit comment the first one");
	ck_assert(runs(&f, "hostname a") && file_has(f.conf, "hostname a"));
	ck_assert(file_has(f.conf, "comment: the first one"));
	ck_assert_uint_eq(f.asked, 2);
	typed(&s, "commit");
	ck_assert(says(&s, "nothing to commit"));
	typed(&s, "end");
	session_fini(&s);
	fix_fini(&f);
}
END_TEST

/* An error anywhere before the switch changes nothing, and says where. */
START_TEST(all_or_nothing)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	open_session(&s, &f, "ann");
	typed(&s, "configure private");
	typed(&s, "hostname a");
	typed(&s, "router bgp 65000");
	typed(&s, "neighbor 10.0.0.1 description x");
	refused(&s, "commit", "neighbor[address='10.0.0.1']");
	ck_assert(!runs(&f, "hostname a") && access(f.conf, F_OK) != 0);
	typed(&s, "no neighbor 10.0.0.1 description x");
	typed(&s, "neighbor 10.0.0.1 remote-as 1");
	f.refuse = true;
	refused(&s, "commit", "the port is in use");
	ck_assert(!runs(&f, "hostname a") && access(f.conf, F_OK) != 0);
	f.refuse = false;
	f.eng.conf_file = "/nowhere/at/all";
	refused(&s, "commit", "cannot write /nowhere/at/all");
	ck_assert(!runs(&f, "hostname a"));
	f.eng.conf_file = f.conf;
	typed(&s, "commit");
	ck_assert(runs(&f, "hostname a"));
	session_fini(&s);
	fix_fini(&f);
}
END_TEST

START_TEST(drafts_meet)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure private");
	typed(&b, "configure private");
	typed(&a, "router bgp 65000");
	typed(&a, "neighbor 10.0.0.1 remote-as 65001");
	typed(&a, "commit");
	/* Another thing: both stay. */
	typed(&b, "hostname b");
	typed(&b, "commit");
	ck_assert(runs(&f, "hostname b") && runs(&f, "remote-as 65001"));
	/* The same thing to something else: a conflict, with its path and who. */
	typed(&a, "bgp router-id 1.1.1.1");
	typed(&b, "router bgp 65000");
	typed(&b, "bgp router-id 2.2.2.2");
	typed(&a, "commit");
	refused(&b, "commit", "router-id");
	ck_assert(says(&b, "vtysh ann"));
	ck_assert(runs(&f, "router-id 1.1.1.1"));
	typed(&b, "update force");
	typed(&b, "commit");
	ck_assert(runs(&f, "router-id 2.2.2.2"));
	/* Changed here, removed there. */
	typed(&a, "neighbor 10.0.0.1 description x");
	typed(&b, "no neighbor 10.0.0.1");
	typed(&b, "commit");
	refused(&a, "commit", "10.0.0.1");
	typed(&a, "discard");
	typed(&a, "commit");
	session_fini(&a);
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

START_TEST(exclusive)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure exclusive");
	refused(&b, "configure exclusive", "vtysh ann, session 1");
	typed(&b, "show configuration pending");
	ck_assert(says(&b, "The candidate is locked by vtysh ann"));
	typed(&a, "hostname gone");
	session_fini(&a);
	ck_assert(!draft_changed(draft_candidate(f.eng.ds)));
	typed(&b, "configure exclusive");
	typed(&b, "hostname b");
	typed(&b, "commit");
	ck_assert(runs(&f, "hostname b"));
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

/* The kernel takes its time: others may commit meanwhile, and a session may go. */
START_TEST(slow_kernel)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure private");
	typed(&a, "hostname a");
	f.slow = true;
	type(&a, "commit");
	ck_assert(session_waiting(&a) && !runs(&f, "hostname a"));
	typed(&b, "configure terminal");
	typed(&b, "router bgp 1");
	f.slow = false;
	f.done(f.done_arg, true, &(struct err){ 0 });
	step_all(&a);
	ck_assert(!a.failed && runs(&f, "hostname a") && runs(&f, "router bgp 1"));
	ck_assert_uint_eq(f.asked, 2);
	typed(&a, "hostname x");
	f.slow = true;
	type(&a, "commit");
	session_fini(&a);
	f.done(f.done_arg, true, &(struct err){ 0 });
	ck_assert(!runs(&f, "hostname x"));
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

/* ---- confirmations ---- */

static void
begin_confirmed(struct fix *f, struct session *s, const char *line)
{
	fix_init(f);
	open_session(s, f, "ann");
	typed(s, "configure private");
	typed(s, "hostname old");
	typed(s, "commit");
	typed(s, "hostname new");
	typed(s, line);
	ck_assert(runs(f, "hostname new") && file_has(f->conf, "hostname old"));
	ck_assert(commit_pending(&f->eng).is);
}

static void
pass(struct fix *f, int64_t seconds)
{
	loop_run_until(f->eng.loop, mono_add(loop_now(f->eng.loop), MONO_SEC(seconds)));
}

START_TEST(confirmed_in_time)
{
	struct fix f;
	struct session s, other;

	begin_confirmed(&f, &s, "commit confirmed 2 comment why");
	open_session(&other, &f, "bob");
	typed(&other, "configure terminal");
	refused(&other, "hostname x", "vtysh ann");
	refused(&other, "do write", "vtysh ann");
	refused(&other, "commit confirm", "vtysh ann");
	pass(&f, 100);
	typed(&s, "commit");
	ck_assert(file_has(f.conf, "hostname new") && file_has(f.conf, "comment: why"));
	pass(&f, 100);
	ck_assert(runs(&f, "hostname new") && !commit_pending(&f.eng).is);
	typed(&other, "hostname x");
	session_fini(&s);
	session_fini(&other);
	fix_fini(&f);
}
END_TEST

START_TEST(taken_back)
{
	struct fix f;
	struct session s, other;

	/* by time, which a second one prolongs */
	begin_confirmed(&f, &s, "commit confirmed 1");
	pass(&f, 50);
	typed(&s, "router bgp 3");
	typed(&s, "commit confirmed 1");
	pass(&f, 50);
	ck_assert(runs(&f, "router bgp 3"));
	pass(&f, 11);
	ck_assert(runs(&f, "hostname old") && !runs(&f, "router bgp 3"));
	session_fini(&s);
	fix_fini(&f);
	/* with the session */
	begin_confirmed(&f, &s, "commit confirmed 1");
	session_fini(&s);
	ck_assert(runs(&f, "hostname old"));
	fix_fini(&f);
	/* by hand */
	begin_confirmed(&f, &s, "commit confirmed");
	typed(&s, "commit cancel");
	ck_assert(runs(&f, "hostname old"));
	session_fini(&s);
	fix_fini(&f);
	/* not with the session if it persists */
	begin_confirmed(&f, &s, "commit confirmed 1 persist word");
	refused(&s, "commit", "persist-id");
	session_fini(&s);
	ck_assert(runs(&f, "hostname new"));
	open_session(&other, &f, "bob");
	refused(&other, "commit confirm persist-id other", "persist-id");
	typed(&other, "commit confirm persist-id word");
	ck_assert(file_has(f.conf, "hostname new"));
	session_fini(&other);
	fix_fini(&f);
}
END_TEST

/* An engine that dies, or everything, comes back with what ran before. */
START_TEST(death_takes_back)
{
	struct fix f;
	struct session s;
	int status;
	pid_t pid;

	fix_init(&f);
	pid = fork();
	if (pid == 0) {
		open_session(&s, &f, "ann");
		type(&s, "configure private");
		type(&s, "hostname old");
		type(&s, "commit");
		type(&s, "hostname new");
		type(&s, "commit confirmed 1 persist word");
		pass(&f, 5);
		_exit(runs(&f, "hostname new") ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	load(&f, _i == 0);
	ck_assert(runs(&f, "hostname old"));
	fix_fini(&f);
}
END_TEST

/* ---- history ---- */

START_TEST(history)
{
	struct fix f;
	struct session s;
	char line[64];

	fix_init(&f);
	load(&f, false);
	open_session(&s, &f, "ann");
	typed(&s, "configure private");
	for (int i = 1; i <= 53; i++) {
		snprintf(line, sizeof line, "hostname h%d", i);
		typed(&s, line);
		snprintf(line, sizeof line, "commit comment c%d", i);
		typed(&s, line);
	}
	ck_assert_uint_eq(history_count(commit_history(&f.eng)), HISTORY_MAX);
	refused(&s, "rollback 50", "");
	typed(&s, "rollback 3");
	typed(&s, "show | compare");
	ck_assert_str_eq(s.out.buf.s, "-hostname h53\n+hostname h50\n");
	typed(&s, "show configuration compare rollback 1");
	ck_assert_str_eq(s.out.buf.s, "-hostname h52\n+hostname h50\n");
	typed(&s, "commit");
	ck_assert(runs(&f, "hostname h50"));
	typed(&s, "show configuration history");
	ck_assert(says(&s, "c53") && says(&s, "vtysh") && says(&s, "ann"));
	typed(&s, "show configuration commit 1");
	ck_assert(says(&s, "hostname h53"));
	typed(&s, "end");
	/* In `configure terminal` it applies at once, and only writing saves it. */
	typed(&s, "configure terminal");
	typed(&s, "rollback 2");
	ck_assert(runs(&f, "hostname h52") && file_has(f.conf, "hostname h50"));
	typed(&s, "do write");
	ck_assert(file_has(f.conf, "hostname h52"));
	session_fini(&s);
	engine_fini(&f);
	engine_init(&f);
	ck_assert_uint_eq(history_count(commit_history(&f.eng)), HISTORY_MAX);
	ck_assert_str_eq(history_get(commit_history(&f.eng), 2)->comment, "c53");
	fix_fini(&f);
}
END_TEST

/* The oldest to go back to is what ran before the first commit. */
START_TEST(before_the_first)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	open_session(&s, &f, "ann");
	typed(&s, "configure terminal");
	typed(&s, "hostname first");
	typed(&s, "end");
	typed(&s, "configure private");
	typed(&s, "hostname second");
	typed(&s, "commit");
	typed(&s, "rollback 1");
	typed(&s, "commit");
	ck_assert(runs(&f, "hostname first"));
	session_fini(&s);
	fix_fini(&f);
}
END_TEST

START_TEST(headers)
{
	struct history_entry en = { .number = 7,
		.when = 1795358640,
		.by = { 3, "ann b", "netconf" },
		.comment = "a, b: c" },
			     back;
	struct strbuf b;

	strbuf_init(&b);
	history_header(&en, &b);
	strbuf_put(&b, "!\nhostname x\n");
	back = history_parse(b.s);
	ck_assert_uint_eq(back.number, 7);
	ck_assert_int_eq(back.when, en.when);
	ck_assert_str_eq(back.by.name, "ann b");
	ck_assert_str_eq(back.by.door, "netconf");
	ck_assert_uint_eq(back.by.id, 3);
	ck_assert_str_eq(back.comment, "a, b: c");
	strbuf_fini(&b);
	ck_assert_uint_eq(history_parse("hostname x\n").number, 0);
	ck_assert_uint_eq(history_parse("! commit x\n!\n").number, 0);
}
END_TEST

/* ---- crashes ---- */

static const char old_text[] = "hostname old\nrouter bgp 65000\n neighbor 10.0.0.1 "
			       "remote-as 65001\n";
static const char new_text[] =
    "hostname new\nrouter bgp 65000\n no neighbor 10.0.0.1\n neighbor 10.0.0.2 "
    "remote-as 65001\n";

static void
commit_whole(struct fix *f, const char *text)
{
	struct cli_report rep = { 0 };
	struct session s;

	open_session(&s, f, "ann");
	typed(&s, "configure private");
	cli_text_load(cli, nb, draft_edit(s.draft), text, NULL, &rep);
	typed(&s, "commit");
	session_fini(&s);
}

/* What a fresh engine makes of the directory: the old, or the new, never something else. */
static bool
is_new(struct fix *f, bool restart)
{
	char *text;
	bool new;

	engine_init(f);
	load(f, restart);
	text = running(f);
	new = strstr(text, "hostname new") != NULL;
	ck_assert_msg(strstr(text, new ? "10.0.0.2" : "10.0.0.1") &&
			  !strstr(text, new ? "10.0.0.1" : "10.0.0.2"),
	    "%s", text);
	engine_fini(f);
	free(text);
	return new;
}

/* Ends the process before the n-th step; false when there were fewer. */
static bool
crash_at(struct fix *f, int n)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		engine_init(f);
		load(f, false);
		pass(f, 1); /* what runs is written down */
		steps_left = n;
		commit_whole(f, new_text);
		pass(f, 1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status) == 42;
}

START_TEST(crash)
{
	bool crashed = true;
	unsigned olds = 0, news = 0;

	for (int n = 0; crashed; n++) {
		struct fix f;
		bool after;

		fix_init(&f);
		commit_whole(&f, old_text);
		engine_fini(&f);
		crashed = crash_at(&f, n);
		after = is_new(&f, _i == 1);
		*(after ? &news : &olds) += 1;
		ck_assert(crashed || after);
		/* Once it is new it stays so. */
		ck_assert(after || news == 0);
		remove_dir(f.dir);
		ck_assert_int_lt(n, 200);
	}
	ck_assert_uint_gt(olds, 3);
	ck_assert_uint_gt(news, 3);
}
END_TEST

/* Lines that nobody wrote survive an engine, not a machine. */
START_TEST(unsaved_lines)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	commit_whole(&f, old_text);
	open_session(&s, &f, "ann");
	typed(&s, "configure terminal");
	typed(&s, "hostname unsaved");
	typed(&s, "do show configuration compare");
	ck_assert_str_eq(s.out.buf.s, "-hostname old\n+hostname unsaved\n");
	session_fini(&s);
	pass(&f, 1);
	engine_fini(&f);
	engine_init(&f);
	load(&f, true);
	ck_assert(runs(&f, "hostname unsaved"));
	engine_fini(&f);
	engine_init(&f);
	load(&f, false);
	ck_assert(runs(&f, "hostname old"));
	fix_fini(&f);
}
END_TEST

static void
no_log(enum log_level lvl, const char *line, void *arg)
{
	(void)lvl;
	(void)line;
	(void)arg;
}

int
main(void)
{
	const struct unit_test tests[] = {
		{ gathers_until_commit, 0, 0 },
		{ all_or_nothing, 0, 0 },
		{ drafts_meet, 0, 0 },
		{ exclusive, 0, 0 },
		{ slow_kernel, 0, 0 },
		{ confirmed_in_time, 0, 0 },
		{ taken_back, 0, 0 },
		{ death_takes_back, 2, 0 },
		{ history, 0, 0 },
		{ before_the_first, 0, 0 },
		{ headers, 0, 0 },
		{ crash, 2, 0 },
		{ unsaved_lines, 0, 0 },
		{ NULL, 0, 0 },
	};
	struct err e = { 0 };
	int rc;

	log_set_sink(no_log, NULL);
	nb = nb_new(NULL, &e);
	cli = nb ? cli_new(tables, &e) : NULL;
	if (!cli) {
		fprintf(stderr, "%s\n", e.text);
		return EXIT_FAILURE;
	}
	rc = run_tests("commit", tests);
	cli_free(cli);
	nb_free(nb);
	return rc;
}
