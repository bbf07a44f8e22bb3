/* SPDX-License-Identifier: ISC */
/* check_fsm: every (state, event) pair of the BGP machine, its timers and its invariants. */
#include "config.h"

#include "bgpd/fsm.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

/* Expected: next state (I C A S O E), then the actions in the order of the RFC's words:
 * c connect, x close, o OPEN, k KEEPALIVE, n owner's NOTIFICATION, or its code:subcode in
 * digits, u up, d down, f finished.  "." = ignored. */
static const char *const expect[FSM_EVENT_MAX][FSM_STATE_MAX] = {
	/*                      Idle  Connect Active OpenSent OpenConfirm Established */
	[FSM_EV_START] = { "Cc", ".", ".", ".", ".", "." },
	[FSM_EV_STOP] = { "I", "Ix", "Ix", "Ixn", "Ixn", "Ixnd" },
	[FSM_EV_BACKOFF] = { "I", ".", ".", ".", ".", "." },
	[FSM_EV_RETRY_EXPIRED] = { ".", "Ccx", "Cc", "Ix50", "Ix50", "Ix50d" },
	[FSM_EV_HOLD_EXPIRED] = { ".", "Ix", "Ix", "Ix40", "Ix40", "Ix40d" },
	[FSM_EV_KEEP_EXPIRED] = { ".", "Ix", "Ix", "Ix50", "Ok", "Ek" },
	[FSM_EV_IDLE_EXPIRED] = { "Cc", "Ix", "Ix", "Ix50", "Ix50", "Ix50d" },
	[FSM_EV_SEND_EXPIRED] = { ".", "Ix", "Ix", "Ix", "Ix", "Ixd" },
	[FSM_EV_TCP_UP] = { ".", "So", "So", "Ix50", "Ix50", "Ix50d" },
	[FSM_EV_TCP_FAIL] = { ".", "Ax", "Ax", "Ax", "Ix", "Ixd" },
	[FSM_EV_OPEN] = { ".", "Ix", "Ix", "Ok", "Ix52", "Ix53d" },
	[FSM_EV_OPEN_ERR] = { ".", "Ix", "Ix", "Ixn", "Ixn", "Ix53d" },
	[FSM_EV_HEADER_ERR] = { ".", "Ix", "Ix", "Ixn", "Ixn", "Ixnd" },
	[FSM_EV_COLLISION] = { ".", "Ix", "Ix", "Ixn", "Ixn", "Ixnd" },
	[FSM_EV_NOTIF_VERSION] = { ".", "Ix", "Ix", "Ix", "Ix", "Ixd" },
	[FSM_EV_NOTIF] = { ".", "Ix", "Ix", "Ix", "Ix", "Ixd" },
	[FSM_EV_KEEPALIVE] = { ".", "Ix", "Ix", "Ix51", "Eu", "E" },
	[FSM_EV_UPDATE] = { ".", "Ix", "Ix", "Ix51", "Ix52", "E" },
	[FSM_EV_UPDATE_ERR] = { ".", "Ix", "Ix", "Ix51", "Ix52", "Ixnd" },
};

static const struct mono t0 = { MONO_SEC(1000) };

/* A machine brought to a state by the events that lead there. */
static struct fsm
at_state(enum fsm_state st, bool incoming)
{
	static const enum fsm_event way[] = { FSM_EV_START, FSM_EV_TCP_UP, FSM_EV_OPEN,
		FSM_EV_KEEPALIVE };
	struct fsm f;

	fsm_init(&f, incoming, false, 10, 7);
	fsm_set_hold(&f, 9, 3);
	for (size_t i = incoming; i < ARRAY_LEN(way) && f.state != st; i++) {
		if (st == FSM_IDLE)
			break;
		fsm_step(&f, way[i], t0);
		if (st == FSM_ACTIVE && f.state == FSM_CONNECT)
			fsm_step(&f, FSM_EV_TCP_FAIL, t0);
	}
	ck_assert_int_eq(f.state, st);
	return f;
}

static void
render(const struct fsm *f, struct fsm_out o, char *s)
{
	*s++ = "ICASOE"[f->state];
	if (o.actions & FSM_ACT_CONNECT)
		*s++ = 'c';
	if (o.actions & FSM_ACT_CLOSE)
		*s++ = 'x';
	if (o.actions & FSM_ACT_OPEN)
		*s++ = 'o';
	if (o.actions & FSM_ACT_KEEPALIVE)
		*s++ = 'k';
	if (o.actions & FSM_ACT_NOTIFY) {
		*s++ = o.code ? (char)('0' + o.code) : 'n';
		if (o.code)
			*s++ = (char)('0' + o.subcode);
	}
	if (o.actions & FSM_ACT_UP)
		*s++ = 'u';
	if (o.actions & FSM_ACT_DOWN)
		*s++ = 'd';
	if (o.actions & FSM_ACT_END)
		*s++ = 'f';
	*s = 0;
}

START_TEST(every_pair)
{
	for (int ev = 0; ev < FSM_EVENT_MAX; ev++)
		for (int st = 0; st < FSM_STATE_MAX; st++) {
			struct fsm f = at_state(st, false), before = f;
			struct fsm_out o = fsm_step(&f, ev, t0);
			char got[16];

			render(&f, o, got);
			if (strcmp(expect[ev][st], ".") == 0) {
				ck_assert_msg(
				    memcmp(&f, &before, sizeof f) == 0 && !o.actions,
				    "%s in %s: not ignored but %s", fsm_event_name(ev),
				    fsm_state_name(st), got);
				continue;
			}
			ck_assert_msg(strcmp(got, expect[ev][st]) == 0,
			    "%s in %s: %s, not %s", fsm_event_name(ev),
			    fsm_state_name(st), got, expect[ev][st]);
		}
}
END_TEST

/* What must hold after any event in any state, for both kinds of machines. */
START_TEST(invariants)
{
	for (int kind = 0; kind < 2; kind++)
		for (int ev = 0; ev < FSM_EVENT_MAX; ev++)
			for (int st = kind ? FSM_ACTIVE : FSM_IDLE; st < FSM_STATE_MAX;
			     st++) {
				struct fsm f = at_state(st, kind);
				struct fsm_out o = fsm_step(&f, ev, t0);
				bool was = st == FSM_ESTABLISHED,
				     is = f.state == FSM_ESTABLISHED;

				ck_assert(!!(o.actions & FSM_ACT_DOWN) == (was && !is));
				ck_assert(!!(o.actions & FSM_ACT_UP) == (!was && is));
				if (st >= FSM_OPENSENT && f.state < FSM_OPENSENT)
					ck_assert(o.actions & FSM_ACT_CLOSE);
				if (kind)
					ck_assert(!!(o.actions & FSM_ACT_END) ==
						  (f.state == FSM_IDLE));
				if (o.actions & FSM_ACT_NOTIFY)
					ck_assert(
					    st >= FSM_OPENSENT && f.state == FSM_IDLE);
				if (f.state == FSM_ESTABLISHED)
					ck_assert(f.due[FSM_TIMER_HOLD].us &&
						  f.due[FSM_TIMER_KEEP].us);
				/* A stopped or finished machine never wakes by itself. */
				if (ev == FSM_EV_STOP || (kind && f.state == FSM_IDLE))
					ck_assert_int_eq(fsm_due(&f).us, 0);
				else if (f.state < FSM_OPENSENT && st != FSM_IDLE &&
					 ev != FSM_EV_COLLISION)
					ck_assert(kind || fsm_due(&f).us);
			}
}
END_TEST

START_TEST(passive_waits)
{
	struct fsm f;
	struct fsm_out o;

	fsm_init(&f, false, true, 10, 1);
	o = fsm_step(&f, FSM_EV_START, t0);
	ck_assert_int_eq(f.state, FSM_ACTIVE);
	ck_assert_int_eq(o.actions, 0);
	ck_assert_int_eq(fsm_due(&f).us, 0);
}
END_TEST

START_TEST(timers_run_and_jitter)
{
	struct fsm f = at_state(FSM_ESTABLISHED, false);
	enum fsm_event ev;
	struct mono due = fsm_due(&f);

	/* Keepalive between 0.75 and 1.0 of its interval, then again and again. */
	ck_assert(
	    mono_diff(due, t0) > MONO_MS(2249) && mono_diff(due, t0) <= MONO_SEC(3));
	ck_assert(!fsm_expired(&f, mono_add(due, -1), &ev));
	ck_assert(fsm_expired(&f, due, &ev));
	ck_assert_int_eq(ev, FSM_EV_KEEP_EXPIRED);
	ck_assert_uint_eq(fsm_step(&f, ev, due).actions, FSM_ACT_KEEPALIVE);
	ck_assert(mono_before(due, fsm_due(&f)));
	/* Hold moves with what is heard. */
	fsm_heard(&f, mono_add(t0, MONO_SEC(8)));
	ck_assert_int_eq(f.due[FSM_TIMER_HOLD].us, t0.us + MONO_SEC(17));
	/* Hold time 0: no timers at all. */
	f = at_state(FSM_OPENSENT, false);
	fsm_set_hold(&f, 0, 0);
	fsm_step(&f, FSM_EV_OPEN, t0);
	ck_assert_int_eq(fsm_due(&f).us, 0);
}
END_TEST

START_TEST(send_hold)
{
	struct fsm f = at_state(FSM_ESTABLISHED, false);
	enum fsm_event ev;

	f.due[FSM_TIMER_HOLD].us = f.due[FSM_TIMER_KEEP].us = 0;
	fsm_sending(&f, false, true, t0);
	ck_assert_int_eq(f.due[FSM_TIMER_SEND].us, t0.us + MONO_SEC(480));
	/* No progress: the timer is not moved; progress moves it; nothing waiting stops it. */
	fsm_sending(&f, false, true, mono_add(t0, MONO_SEC(5)));
	ck_assert_int_eq(f.due[FSM_TIMER_SEND].us, t0.us + MONO_SEC(480));
	fsm_sending(&f, true, true, mono_add(t0, MONO_SEC(5)));
	ck_assert_int_eq(f.due[FSM_TIMER_SEND].us, t0.us + MONO_SEC(485));
	ck_assert(fsm_expired(&f, mono_add(t0, MONO_SEC(485)), &ev));
	ck_assert_int_eq(ev, FSM_EV_SEND_EXPIRED);
	fsm_sending(&f, false, true, t0);
	fsm_sending(&f, true, false, t0);
	ck_assert_int_eq(f.due[FSM_TIMER_SEND].us, 0);
	/* RFC 9687: or twice the hold time. */
	fsm_set_hold(&f, 600, 200);
	fsm_sending(&f, false, true, t0);
	ck_assert_int_eq(f.due[FSM_TIMER_SEND].us, t0.us + MONO_SEC(1200));
}
END_TEST

START_TEST(back_off_grows_and_heals)
{
	struct fsm f;
	struct mono now = t0;
	int64_t last = 0;
	enum fsm_event ev;

	fsm_init(&f, false, false, 120, 3);
	fsm_step(&f, FSM_EV_START, now);
	for (int i = 0; i < 20; i++) {
		struct mono due;

		fsm_step(&f, FSM_EV_TCP_UP, now);
		fsm_step(&f, FSM_EV_OPEN_ERR, now);
		ck_assert_int_eq(f.state, FSM_IDLE);
		ck_assert_int_eq(fsm_refuses(&f), i >= 4);
		due = fsm_due(&f);
		if (i > 0 && i < 7)
			ck_assert_int_gt(mono_diff(due, now), last);
		last = mono_diff(due, now);
		ck_assert_int_le(last, MONO_SEC(64));
		now = due;
		ck_assert(fsm_expired(&f, now, &ev) && ev == FSM_EV_IDLE_EXPIRED);
		fsm_step(&f, ev, now);
		ck_assert_int_eq(f.state, FSM_CONNECT);
	}
	/* A session that lasted clears the past. */
	fsm_step(&f, FSM_EV_TCP_UP, now);
	fsm_step(&f, FSM_EV_OPEN, now);
	fsm_step(&f, FSM_EV_KEEPALIVE, now);
	now = mono_add(now, MONO_SEC(61));
	fsm_step(&f, FSM_EV_NOTIF, now);
	ck_assert_int_le(mono_diff(fsm_due(&f), now), MONO_MS(500));
}
END_TEST

START_TEST(connect_retry_never_longer_than_configured)
{
	struct fsm f;
	struct mono now = t0;

	fsm_init(&f, false, false, 10, 3);
	fsm_step(&f, FSM_EV_START, now);
	for (int i = 0; i < 20; i++) {
		fsm_step(&f, FSM_EV_TCP_FAIL, now);
		ck_assert_int_eq(f.state, FSM_ACTIVE);
		ck_assert_int_le(mono_diff(fsm_due(&f), now), MONO_SEC(10));
		now = fsm_due(&f);
		fsm_step(&f, FSM_EV_RETRY_EXPIRED, now);
		ck_assert_int_eq(f.state, FSM_CONNECT);
	}
}
END_TEST

START_TEST(collision)
{
	/* RFC 4271 6.8: the connection opened by the higher identifier stays. */
	ck_assert(fsm_collision_keeps_ours(2, 65000, 1, 65000));
	ck_assert(!fsm_collision_keeps_ours(1, 65000, 2, 65000));
	ck_assert(fsm_collision_keeps_ours(0x80000000, 1, 0x7fffffff, 1));
	/* RFC 6286 2.3: equal identifiers, then the higher AS. */
	ck_assert(fsm_collision_keeps_ours(5, 65001, 5, 65000));
	ck_assert(!fsm_collision_keeps_ours(5, 65000, 5, 65001));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("fsm");
	TCase *tc = tcase_create("fsm");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, every_pair);
	tcase_add_test(tc, invariants);
	tcase_add_test(tc, passive_waits);
	tcase_add_test(tc, timers_run_and_jitter);
	tcase_add_test(tc, send_hold);
	tcase_add_test(tc, back_off_grows_and_heals);
	tcase_add_test(tc, connect_retry_never_longer_than_configured);
	tcase_add_test(tc, collision);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
