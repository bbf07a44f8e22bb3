/* SPDX-License-Identifier: ISC */
/* Filters behind a command of vtysh. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "tests/unit/run.h"
#include "vtysh/filter.h"

static bool
keep(void *arg, const char *text, size_t len)
{
	strbuf_putn(arg, text, len);
	return true;
}

/* The answer of a typed line, in pieces of `step` bytes; *command (owned) as the engine hears it. */
static char *
run(const char *typed, const char *answer, size_t step, char **command)
{
	struct err e = { 0 };
	struct filter f;
	struct strbuf got;

	strbuf_init(&got);
	*command = filter_split(&f, typed, &e);
	ck_assert_msg(*command != NULL, "%s: %s", typed, e.text);
	filter_to(&f, keep, &got);
	for (size_t i = 0, len = strlen(answer); i < len; i += step)
		ck_assert(filter_write(&f, answer + i, MIN(step, len - i)));
	ck_assert(filter_end(&f));
	filter_fini(&f);
	return strbuf_take(&got);
}

static const char answer[] = "alpha 1\nbeta 2\n% no such thing\nalpha 3\n\nlast";

START_TEST(test_filters)
{
	static const struct {
		const char *typed, *command, *want;
	} t[] = {
		{ "show x", "show x", answer },
		{ " show x  | include ^alpha", "show x",
		    "alpha 1\n% no such thing\nalpha 3\n" },
		{ "show x | inc a|st$", "show x",
		    "alpha 1\nbeta 2\n% no such thing\nalpha 3\nlast" },
		{ "show x | exclude a", "show x", "% no such thing\n\n" },
		{ "show x|begin beta", "show x",
		    "beta 2\n% no such thing\nalpha 3\n\nlast" },
		{ "show x | count", "show x", "% no such thing\n5 lines\n" },
		{ "show x | include alpha | exclude 1 | count", "show x",
		    "% no such thing\n1 lines\n" },
		{ "show x | count | include 5", "show x", "% no such thing\n5 lines\n" },
		{ "show x | json | include beta", "show x json",
		    "beta 2\n% no such thing\n" },
		{ "show x | no-more", "show x", answer },
		{ "show x | compare", "show x | compare", answer },
		{ "neighbor 10.0.0.1 description a | count",
		    "neighbor 10.0.0.1 description a | count", answer },
		{ "do show x | count", "do show x", "% no such thing\n5 lines\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		for (size_t step = 1; step < 40; step += 7) {
			char *command;
			char *got = run(t[i].typed, answer, step, &command);

			ck_assert_str_eq(command, t[i].command);
			ck_assert_str_eq(got, t[i].want);
			free(command);
			free(got);
		}
	}
}
END_TEST

/* An expression sees what is read; the marks stay with the line. */
START_TEST(test_marks)
{
	static const char marked[] = "a \024Idle\021\n\024% no\021\nb \0227\021 x\n";
	static const struct {
		const char *typed, *want;
	} t[] = {
		{ "show x | include Idle$", "a \024Idle\021\n\024% no\021\n" },
		{ "show x | include b 7 x", "\024% no\021\nb \0227\021 x\n" },
		{ "show x | count", "\024% no\021\n2 lines\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char *command;
		char *got = run(t[i].typed, marked, 3, &command);

		ck_assert_str_eq(got, t[i].want);
		free(command);
		free(got);
	}
}
END_TEST

START_TEST(test_wrong)
{
	static const char *const t[] = { "show x | include", "show x | include (",
		"show x | count 3", "show x | json now",
		"show x | inc a | inc a | inc a | inc a | inc a | inc a | inc a | inc a "
		"| inc a" };

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct err e = { 0 };
		struct filter f;

		ck_assert_ptr_null(filter_split(&f, t[i], &e));
		ck_assert(e.text[0]);
		filter_fini(&f);
	}
}
END_TEST

START_TEST(test_stop)
{
	struct err e = { 0 };
	struct filter f;
	char *command = filter_split(&f, "show x | no-more", &e);

	ck_assert(f.no_more);
	filter_fini(&f);
	free(command);
}
END_TEST

START_TEST(test_cursor)
{
	ck_assert_str_eq(filter_cursor("show x | "), "");
	ck_assert_str_eq(filter_cursor("show x | inc"), "inc");
	ck_assert_str_eq(filter_cursor("show x | inc a | "), "");
	ck_assert_ptr_null(filter_cursor("show x | inc a"));
	ck_assert_ptr_null(filter_cursor("show x"));
	ck_assert_ptr_null(filter_cursor("show x | inc a|b"));
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ .fn = test_filters },
		{ .fn = test_marks },
		{ .fn = test_wrong },
		{ .fn = test_stop },
		{ .fn = test_cursor },
		{ .fn = NULL },
	};

	return run_tests("filter", tests);
}
