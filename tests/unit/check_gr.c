/* SPDX-License-Identifier: ISC */
/* check_gr: every (state, event) pair of graceful restart, and what ends keep paths. */
#include "config.h"

#include "bgpd/gr.h"

#include <check.h>
#include <stdlib.h>

static const struct mono t0 = { MONO_SEC(100) };

struct want {
	enum gr_state next; /* state after */
	unsigned act;	    /* GR_ACT_* */
	int64_t timer;	    /* seconds, 0 = stopped */
};

enum { R = 30, S = 200 };

static const struct want want[GR_STATE_MAX][GR_EVENT_MAX] = {
	/* LOST_KEEP, LOST, UP_KEEP, UP, EOR, TIMER */
	[GR_OFF] = { { GR_DOWN, GR_ACT_MARK, R }, { GR_OFF, GR_ACT_FLUSH, 0 },
	    { GR_OFF, 0, 0 }, { GR_OFF, 0, 0 }, { GR_OFF, 0, 0 }, { GR_OFF, 0, 0 } },
	[GR_DOWN] = { { GR_DOWN, 0, R }, { GR_OFF, GR_ACT_FLUSH, 0 }, { GR_SYNC, 0, S },
	    { GR_OFF, GR_ACT_FLUSH_STALE, 0 }, { GR_DOWN, 0, R },
	    { GR_OFF, GR_ACT_FLUSH, 0 } },
	[GR_SYNC] = { { GR_DOWN, GR_ACT_FLUSH_STALE | GR_ACT_MARK, R },
	    { GR_OFF, GR_ACT_FLUSH, 0 }, { GR_SYNC, 0, S },
	    { GR_OFF, GR_ACT_FLUSH_STALE, 0 }, { GR_OFF, GR_ACT_FLUSH_STALE, 0 },
	    { GR_OFF, GR_ACT_FLUSH_STALE, 0 } },
};

START_TEST(every_pair)
{
	for (int st = 0; st < GR_STATE_MAX; st++)
		for (int ev = 0; ev < GR_EVENT_MAX; ev++) {
			struct gr g = { st, R, S, { 1 } };
			unsigned act = gr_step(&g, ev, t0);
			const struct want *w = &want[st][ev];

			ck_assert_int_eq(g.state, w->next);
			ck_assert_uint_eq(act, w->act);
			ck_assert_int_eq(
			    g.due.us, w->timer ? t0.us + MONO_SEC(w->timer) : 0);
			/* Nothing stale outlives the machine. */
			if (st != GR_OFF && g.state == GR_OFF)
				ck_assert(act & (GR_ACT_FLUSH | GR_ACT_FLUSH_STALE));
		}
}
END_TEST

START_TEST(what_keeps)
{
	/* RFC 4724: a lost connection keeps, any NOTIFICATION does not. */
	ck_assert(gr_keeps(&(struct gr_end){ false, 0, 0, false }));
	ck_assert(!gr_keeps(&(struct gr_end){ true, 4, 0, false }));
	/* RFC 8538: with the N bit all but a Hard Reset keep. */
	ck_assert(gr_keeps(&(struct gr_end){ true, 4, 0, true }));
	ck_assert(gr_keeps(&(struct gr_end){ true, 6, 2, true }));
	ck_assert(!gr_keeps(&(struct gr_end){ true, 6, 9, true }));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("gr");
	TCase *tc = tcase_create("gr");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, every_pair);
	tcase_add_test(tc, what_keeps);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
