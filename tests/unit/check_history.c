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
#include "mgmt/store.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

/* ---- a crash at the n-th call that touches the disk ---- */

static int steps_left = -1; /* before the process ends; -1: it does not */

/* With the power goes what was not synced: what files hold, and names that were given to them. */
#define LATE_MAX 16
static bool power; /* it is the power that fails */
static char dirty[LATE_MAX][160];
static struct late_rename {
	char to[160];
	bool over; /* there was such a file: it is at TO.was */
} renamed[LATE_MAX];
static size_t ndirty, nrenamed;

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

static void
was_name(const char *path, char *buf, size_t size)
{
	snprintf(buf, size, "%s.was", path);
}

static void
lose_power(void)
{
	char was[170];

	for (size_t i = 0; i < ndirty; i++)
		(void)!truncate(dirty[i], 0);
	while (nrenamed > 0) {
		const struct late_rename *r = &renamed[--nrenamed];

		was_name(r->to, was, sizeof was);
		__real_unlink(r->to);
		if (r->over)
			__real_rename(was, r->to);
	}
}

static void
step(void)
{
	if (steps_left == 0) {
		if (power)
			lose_power();
		_exit(42);
	}
	if (steps_left > 0)
		steps_left--;
}

static void
path_of(int fd, char *buf, size_t size)
{
	char name[40];
	ssize_t n;

	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, buf, size - 1);
	buf[n < 0 ? 0 : n] = '\0';
}

static size_t
find_dirty(const char *path)
{
	size_t i = 0;

	while (i < ndirty && strcmp(dirty[i], path) != 0)
		i++;
	return i;
}

static void
set_dirty(const char *path)
{
	if (find_dirty(path) == ndirty && ndirty < LATE_MAX)
		snprintf(dirty[ndirty++], sizeof dirty[0], "%s", path);
}

static void
set_clean(const char *path)
{
	size_t i = find_dirty(path);

	if (i < ndirty)
		memmove(dirty[i], dirty[--ndirty], sizeof dirty[0]);
}

/* The directory's own sync makes its names last. */
static void
keep_names(const char *dir)
{
	size_t n = strlen(dir), kept = 0;

	for (size_t i = 0; i < nrenamed; i++)
		if (strncmp(renamed[i].to, dir, n) != 0 || renamed[i].to[n] != '/' ||
		    strchr(renamed[i].to + n + 1, '/'))
			renamed[kept++] = renamed[i];
	nrenamed = kept;
}

static void
note_rename(const char *from, const char *to)
{
	char was[170];
	struct late_rename *r;

	if (find_dirty(from) < ndirty) {
		set_clean(from);
		set_dirty(to);
	} else {
		set_clean(to);
	}
	if (nrenamed == LATE_MAX)
		return;
	r = &renamed[nrenamed++];
	snprintf(r->to, sizeof r->to, "%s", to);
	was_name(to, was, sizeof was);
	__real_unlink(was);
	r->over = link(to, was) == 0;
}

int
__wrap_rename(const char *from, const char *to)
{
	step();
	if (power)
		note_rename(from, to);
	return __real_rename(from, to);
}

int
__wrap_fsync(int fd)
{
	char path[160];

	step();
	path_of(fd, path, sizeof path);
	set_clean(path);
	keep_names(path);
	return __real_fsync(fd);
}

/* A write is torn, too. */
ssize_t
__wrap_write(int fd, const void *buf, size_t len)
{
	char path[160];

	if (power) {
		path_of(fd, path, sizeof path);
		set_dirty(path);
	}
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

/* ---- ways to the new configuration ---- */

static void
by_commit(struct fix *f)
{
	commit_whole(f, new_text);
}

static void
by_confirmation(struct fix *f)
{
	struct cli_report rep = { 0 };
	struct session s;

	open_session(&s, f, "ann");
	typed(&s, "configure private");
	cli_text_load(cli, nb, draft_edit(s.draft), new_text, NULL, &rep);
	typed(&s, "commit confirmed 5");
	pass(f, 1);
	typed(&s, "commit");
	session_fini(&s);
}

static void
by_persist_id(struct fix *f)
{
	struct cli_report rep = { 0 };
	struct session s;

	open_session(&s, f, "ann");
	typed(&s, "configure private");
	cli_text_load(cli, nb, draft_edit(s.draft), new_text, NULL, &rep);
	typed(&s, "commit confirmed 5 persist word");
	session_fini(&s);
	open_session(&s, f, "bob");
	typed(&s, "configure private");
	typed(&s, "commit confirm persist-id word");
	session_fini(&s);
}

/* Back to what the history has: two commits ago. */
static void
by_rollback(struct fix *f)
{
	struct session s;

	open_session(&s, f, "ann");
	typed(&s, "configure private");
	typed(&s, "rollback 2");
	typed(&s, "commit");
	session_fini(&s);
}

static void
on_end(void *arg, bool ok, const struct err *e)
{
	(void)e;
	*(bool *)arg = ok;
}

/* As `vtysh -f`, SIGHUP and --reload do. */
static void
load_text(struct fix *f, enum commit_load how, const char *text)
{
	const struct ds_user by = { .door = "signal" };
	const struct commit_opts opts = { .by = &by, .unsaved = true };
	struct cli_report rep = { 0 };
	bool ok = false;

	commit_text_start(&f->eng, text, how, &opts, &rep, on_end, &ok);
	ck_assert(ok && rep.errors == 0);
}

static void
by_write(struct fix *f)
{
	struct session s;

	load_text(f, LOAD_MERGE, new_text);
	open_session(&s, f, "ann");
	typed(&s, "write");
	session_fini(&s);
}

static void
by_reload(struct fix *f)
{
	load_text(f, LOAD_REPLACE,
	    "hostname new\nrouter bgp 65000\n neighbor 10.0.0.2 remote-as 65001\n");
}

/* As NETCONF: the candidate. */
static void
by_candidate(struct fix *f)
{
	const struct ds_user by = { 7, "ann", "netconf" };
	const struct commit_opts opts = { .by = &by };
	struct draft *d = draft_candidate(f->eng.ds);
	struct cli_report rep = { 0 };
	bool ok = false;

	cli_text_load(cli, nb, draft_edit(d), new_text, NULL, &rep);
	ck_assert_ptr_null(commit_start(&f->eng, d, &opts, on_end, &ok));
	ck_assert(ok);
}

static const struct way {
	void (*go)(struct fix *f);
	bool unsaved; /* it is not saved: a machine comes back with the old one */
	bool twice;   /* the new one was committed before the old one */
} ways[] = {
	{ by_commit, false, false },
	{ by_confirmation, false, false },
	{ by_persist_id, false, false },
	{ by_rollback, false, true },
	{ by_write, false, false },
	{ by_reload, true, false },
	{ by_candidate, false, false },
};

/* What may die: the engine, the machine, the machine with what it had not synced. */
enum death { ENGINE_DIES, MACHINE_STOPS, POWER_FAILS, DEATHS };

/* Ends the process before the n-th step; false when there were fewer. */
static bool
crash_at(struct fix *f, const struct way *w, enum death d, int n)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		engine_init(f);
		load(f, false);
		power = d == POWER_FAILS;
		steps_left = n;
		w->go(f);
		pass(f, 1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert(WEXITSTATUS(status) == 42 || WEXITSTATUS(status) == 0);
	return WEXITSTATUS(status) == 42;
}

START_TEST(crash)
{
	const struct way *w = &ways[_i / DEATHS];
	const enum death d = (enum death)(_i % DEATHS);
	bool crashed = true;
	unsigned olds = 0, news = 0;

	for (int n = 0; crashed; n++) {
		struct fix f;
		bool after;

		fix_init(&f);
		if (w->twice)
			commit_whole(&f, new_text);
		commit_whole(&f, old_text);
		if (w->twice)
			commit_whole(&f, "router bgp 65000\n no neighbor 10.0.0.2\n");
		engine_fini(&f);
		crashed = crash_at(&f, w, d, n);
		after = is_new(&f, d == ENGINE_DIES);
		*(after ? &news : &olds) += 1;
		ck_assert(crashed || after || (w->unsaved && d != ENGINE_DIES));
		/* Once it is new it stays so. */
		ck_assert(after || news == 0);
		remove_dir(f.dir);
		ck_assert_int_lt(n, 200);
	}
	ck_assert_uint_gt(olds, 2);
	ck_assert(news > 2 || (w->unsaved && (news > 0 || d != ENGINE_DIES)));
}
END_TEST

/* Nobody is told of a line that an engine which dies the next moment would lose. */
START_TEST(no_line_is_lost)
{
	static const char *const lines[] = { "configure terminal", "hostname last",
		"router bgp 65000", "neighbor 10.0.0.1 description a b",
		"no neighbor 10.0.0.1", "address-family l2vpn evpn", "vni 10", "rd 1:10",
		"end" };
	struct session s;
	struct fix f;
	int status;
	pid_t pid;
	char *text, *again, want[128];

	fix_init(&f);
	snprintf(want, sizeof want, "%s/want", f.dir);
	commit_whole(&f, old_text);
	for (size_t n = 2; n <= ARRAY_LEN(lines); n++) {
		engine_fini(&f);
		pid = fork();
		if (pid == 0) {
			engine_init(&f);
			load(&f, false);
			open_session(&s, &f, "ann");
			for (size_t i = 0; i < n; i++)
				type(&s, lines[i]);
			text = running(&f);
			_exit(store_write(want, text, strlen(text), false) ? 1 : 0);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
		engine_init(&f);
		load(&f, true);
		text = store_read(want, &(struct err){ 0 });
		again = running(&f);
		ck_assert_str_eq(text, again);
		free(text);
		free(again);
	}
	fix_fini(&f);
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
		{ crash, (int)(ARRAY_LEN(ways) * DEATHS), 0 },
		{ no_line_is_lost, 0, 0 },
		{ unsaved_lines, 0, 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("history", tests);
}
