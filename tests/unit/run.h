/* SPDX-License-Identifier: ISC */
/* tests/unit/run.h: the main() of a unit test program.
 *
 * What    run_tests("name", tests) runs a table of Check test functions, each
 *         `loops` times with _i counting from 0 (0 = once).  CK_FORK and the
 *         other variables of Check hold.  The result is the exit status.
 */
#ifndef EVPND_TESTS_UNIT_RUN_H
#define EVPND_TESTS_UNIT_RUN_H

#include <check.h>
#include <stdlib.h>

/* For inner loops: ck_assert() reports each success to the parent, which takes longer than
 * the work between two of them. */
#define must(x) ((x) ? (void)0 : ck_abort_msg("%s", #x))

struct unit_test {
	const TTest *fn; /* from START_TEST */
	int loops;	 /* runs, 0 = one */
	int signo;	 /* it must end with this signal, 0 = none */
};

/* The table ends with an entry of zeros. */
static inline int
run_tests(const char *name, const struct unit_test *tests)
{
	Suite *s = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *sr = srunner_create(s);
	int failed;

	/* No test here measures time; the limit is for endless loops on a busy machine. */
	tcase_set_timeout(tc, 120);
	for (; tests->fn; tests++) {
		/* A test that ends its process needs one of its own. */
		if (tests->signo && srunner_fork_status(sr) != CK_FORK)
			continue;
		tcase_add_loop_test_raise_signal(
		    tc, tests->fn, tests->signo, 0, tests->loops ? tests->loops : 1);
	}
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
