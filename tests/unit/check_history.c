/* SPDX-License-Identifier: ISC */
/* Commits on the disk: the history, crashes at every step, what survives an engine. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/util.h"
#include "mgmt/history.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

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

int
main(void)
{
	const struct unit_test tests[] = {
		{ history, 0, 0 },
		{ before_the_first, 0, 0 },
		{ headers, 0, 0 },
		{ crash, 2, 0 },
		{ unsaved_lines, 0, 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("history", tests);
}
