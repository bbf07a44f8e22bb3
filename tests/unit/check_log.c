/* SPDX-License-Identifier: ISC */
/* The log: levels by module, escaping, files, and the limit on remote-triggered lines. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "tests/unit/run.h"

LOG_MODULE("test.log");

static struct log_module other = { "testing", LOG_LVL_INFO, NULL };

static char last[2048];
static enum log_level last_level;
static int lines;

static void
collect(enum log_level lvl, const char *line, void *arg)
{
	ck_assert_ptr_eq(arg, &lines);
	snprintf(last, sizeof(last), "%s", line);
	last_level = lvl;
	lines++;
}

static void
setup(void)
{
	lines = 0;
	last[0] = '\0';
	log_set_sink(collect, &lines);
	log_set_level(NULL, LOG_LVL_INFO);
}

START_TEST(level)
{
	int evaluated = 0;

	setup();
	log_debug("%d", ++evaluated);
	ck_assert_int_eq(lines, 0);
	ck_assert_int_eq(evaluated, 0);
	log_info("VNI %d: up (link)", 100);
	ck_assert_str_eq(last, "test.log: VNI 100: up (link)");
	ck_assert_int_eq(last_level, LOG_LVL_INFO);
	log_warn("w");
	ck_assert_int_eq(last_level, LOG_LVL_WARN);
	log_error("e");
	ck_assert_int_eq(last_level, LOG_LVL_ERROR);
	ck_assert(log_set_level("test.log", LOG_LVL_ERROR));
	lines = 0;
	log_warn("w");
	ck_assert_int_eq(lines, 0);
	ck_assert(log_set_level("test.log", LOG_LVL_DEBUG));
	log_debug("%d", ++evaluated);
	ck_assert_int_eq(lines, 1);
	ck_assert_int_eq(evaluated, 1);
}
END_TEST

START_TEST(module_names)
{
	setup();
	log_register(&other);
	/* "test" is a part of "test.log" but only a beginning of "testing". */
	ck_assert(log_set_level("test", LOG_LVL_DEBUG));
	ck_assert_int_eq(log_this.level, LOG_LVL_DEBUG);
	ck_assert_int_eq(other.level, LOG_LVL_INFO);
	ck_assert(!log_set_level("tes", LOG_LVL_ERROR));
	ck_assert(!log_set_level("test.log.deeper", LOG_LVL_ERROR));
	ck_assert(!log_set_level("", LOG_LVL_ERROR));
	ck_assert(log_set_level(NULL, LOG_LVL_WARN));
	ck_assert_int_eq(log_this.level, LOG_LVL_WARN);
	ck_assert_int_eq(other.level, LOG_LVL_WARN);
}
END_TEST

START_TEST(escapes)
{
	char longer[5000];

	setup();
	log_info("peer said \"%s\"", "bye\nerror: forged\r\x1b[2J\x7f\t\xc3\xa9");
	ck_assert_str_eq(last, "test.log: peer said \"bye\\x0aerror: "
			       "forged\\x0d\\x1b[2J\\x7f\\x09\xc3\xa9\"");
	/* Too long is cut, whatever the escapes do to the length. */
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	log_info("%s", longer);
	ck_assert_int_gt((int)strlen(last), 900);
	memset(longer, '\n', sizeof(longer) - 1);
	log_info("%s", longer);
	ck_assert_int_gt((int)strlen(last), 900);
	ck_assert_ptr_null(strchr(last, '\n'));
}
END_TEST

static size_t
slurp(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(buf, 1, size - 1, f);
	fclose(f);
	buf[n] = '\0';
	return n;
}

START_TEST(file)
{
	char path[] = "/tmp/check_log.XXXXXX", text[512];
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	setup();
	log_set_sink(NULL, NULL);
	ck_assert(!log_open_file("/nonexistent/dir/file"));
	log_set_ident("tester");
	ck_assert(log_open_file(path));
	log_info("one");
	log_warn("two\nlines");
	/* Still the old file after a failure. */
	ck_assert(!log_open_file("/nonexistent/dir/file"));
	log_error("three");
	ck_assert(log_open_file(NULL));
	slurp(path, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, " tester: info: test.log: one\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, " tester: warning: test.log: two\\x0alines\n"));
	ck_assert_ptr_nonnull(strstr(text, " tester: error: test.log: three\n"));
	/* "2025-01-31 23:59:59.123 " in front of each. */
	ck_assert(
	    text[4] == '-' && text[10] == ' ' && text[19] == '.' && text[23] == ' ');
	unlink(path);
}
END_TEST

START_TEST(journal)
{
	char path[] = "/tmp/check_log.XXXXXX", text[512];
	int fd = mkstemp(path), saved = dup(STDERR_FILENO);

	setup();
	log_set_sink(NULL, NULL);
	log_set_ident(NULL);
	setenv("JOURNAL_STREAM", "8:1", 1);
	dup2(fd, STDERR_FILENO);
	log_warn("hello");
	dup2(saved, STDERR_FILENO);
	slurp(path, text, sizeof(text));
	ck_assert_str_eq(text, "<4>warning: test.log: hello\n");
	unlink(path);
}
END_TEST

static struct mono
test_clock(void *arg)
{
	return *(struct mono *)arg;
}

static int
say(struct log_rate *rl, int n)
{
	int before = lines;

	for (int i = 0; i < n; i++)
		log_warn_rl(rl, "bad message");
	return lines - before;
}

START_TEST(rate)
{
	struct mono now = { MONO_SEC(100) };
	struct log_rate rl = { 0 };

	setup();
	log_set_clock(test_clock, &now);
	ck_assert_int_eq(say(&rl, 25), 10);
	ck_assert_int_eq(say(&rl, 5), 0);
	now = mono_add(now, MONO_MS(999));
	ck_assert_int_eq(say(&rl, 1), 0);
	/* One more a second, and with it the count of what was kept back. */
	now = mono_add(now, MONO_MS(1));
	ck_assert_int_eq(say(&rl, 1), 2);
	ck_assert_str_eq(last, "test.log: 21 more such lines were not printed");
	ck_assert_int_eq(say(&rl, 3), 0);
	now = mono_add(now, MONO_SEC(2));
	ck_assert_int_eq(say(&rl, 3), 3);
	/* Halves of seconds add up. */
	now = mono_add(now, MONO_MS(1500));
	ck_assert_int_eq(say(&rl, 2), 2);
	now = mono_add(now, MONO_MS(500));
	ck_assert_int_eq(say(&rl, 2), 2);
	/* A long silence fills the bucket and no more. */
	now = mono_add(now, MONO_SEC(100000));
	ck_assert_int_eq(say(&rl, 30), 11);
	log_set_clock(NULL, NULL);
	rl = (struct log_rate){ 0 };
	ck_assert_int_ge(say(&rl, 30), 10);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ level, 0, 0 },
		{ module_names, 0, 0 },
		{ escapes, 0, 0 },
		{ file, 0, 0 },
		{ journal, 0, 0 },
		{ rate, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("log", tests);
}
