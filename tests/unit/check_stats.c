/* SPDX-License-Identifier: ISC */
/* Counters: listed in order of name, counted where they are used. */
#include "config.h"

#include <string.h>

#include "lib/stats.h"
#include "tests/unit/run.h"

COUNTER(test_middle);
COUNTER(test_a);
COUNTER(test_z);

struct seen {
	char names[256]; /* those of this file, each followed by a space */
	char last[64];	 /* the name before */
	uint64_t sum;	 /* of this file's counts */
};

static void
see(const char *name, uint64_t n, void *arg)
{
	struct seen *s = arg;

	ck_assert_int_le(strcmp(s->last, name), 0);
	strcpy(s->last, name);
	if (strncmp(name, "test_", 5) != 0)
		return;
	strcat(strcat(s->names, name), " ");
	s->sum += n;
}

START_TEST(counts)
{
	struct seen s = { "", "", 0 };

	stats_foreach(see, &s);
	ck_assert_str_eq(s.names, "test_a test_middle test_z ");
	ck_assert_uint_eq(s.sum, 0);
	COUNT(test_a);
	COUNT(test_a);
	COUNT_ADD(test_z, 40);
	ck_assert_uint_eq(counter_test_a.n, 2);
	ck_assert_uint_eq(counter_test_middle.n, 0);
	s = (struct seen){ "", "", 0 };
	stats_foreach(see, &s);
	ck_assert_uint_eq(s.sum, 42);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ counts, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("stats", tests);
}
