/* SPDX-License-Identifier: ISC */
/* The mobility state machine: every event in every reachable state, rules by name, and both orders of
 * each race between two machines. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/mobility.h"

#define SEC(n) ((struct mono){ MONO_SEC(n) })

static const struct dup_conf no_dad = { 0 };
static const struct dup_conf warn_only = {
	.dad = true, .max_moves = 5, .window_us = MONO_SEC(180)
};
static const struct dup_conf freeze = { .dad = true,
	.freeze = true,
	.max_moves = 3,
	.window_us = MONO_SEC(180),
	.freeze_us = MONO_SEC(60) };

static unsigned
learn(struct mobility *m, uint8_t flags)
{
	return mob_step(m, &(struct mob_event){ .type = MOB_EV_LEARN, .flags = flags },
	    &no_dad, SEC(1));
}

static unsigned
gone(struct mobility *m)
{
	return mob_step(
	    m, &(struct mob_event){ .type = MOB_EV_LOCAL_GONE }, &no_dad, SEC(1));
}

static unsigned
remote(struct mobility *m, uint32_t seq, uint8_t flags)
{
	return mob_step(m,
	    &(struct mob_event){ .type = MOB_EV_REMOTE, .seq = seq, .flags = flags },
	    &no_dad, SEC(1));
}

static unsigned
remote_gone(struct mobility *m)
{
	return mob_step(
	    m, &(struct mob_event){ .type = MOB_EV_REMOTE_GONE }, &no_dad, SEC(1));
}

START_TEST(test_local_life)
{
	struct mobility m = { 0 };

	ck_assert_uint_eq(learn(&m, 0), MOB_ADVERTISE);
	ck_assert_uint_eq(m.state, MOB_LOCAL);
	ck_assert_uint_eq(m.lseq, 0);
	ck_assert_uint_eq(gone(&m), MOB_WITHDRAW);
	ck_assert_uint_eq(m.state, MOB_NONE);
}
END_TEST

START_TEST(test_remote_life)
{
	struct mobility m = { 0 };

	ck_assert_uint_eq(remote(&m, 4, 0), MOB_INSTALL);
	ck_assert_uint_eq(m.state, MOB_REMOTE);
	ck_assert_uint_eq(remote_gone(&m), MOB_UNINSTALL);
	ck_assert_uint_eq(m.state, MOB_NONE);
}
END_TEST

START_TEST(test_moves_here)
{
	struct mobility m = { 0 };

	remote(&m, 4, 0);
	ck_assert_uint_eq(learn(&m, 0), MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	ck_assert_uint_eq(m.lseq, 5);
	ck_assert_uint_eq(remote_gone(&m), 0);
	ck_assert_uint_eq(m.state, MOB_LOCAL);
	ck_assert_uint_eq(m.lseq, 5);
}
END_TEST

START_TEST(test_moves_away)
{
	struct mobility m = { 0 };

	learn(&m, 0);
	ck_assert_uint_eq(remote(&m, 1, 0), MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
	/* The bridge's entry was taken over. */
	ck_assert_uint_eq(gone(&m), MOB_INSTALL);
	ck_assert_uint_eq(m.state, MOB_REMOTE);
}
END_TEST

/* RFC 7432 15: same number, the lower VTEP address has it. */
START_TEST(test_ties)
{
	struct mobility m = { 0 };

	learn(&m, 0);
	ck_assert_uint_eq(remote(&m, 0, 0), 0);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	m = (struct mobility){ 0 };
	learn(&m, 0);
	ck_assert_uint_eq(
	    remote(&m, 0, MOB_LOWER), MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
}
END_TEST

START_TEST(test_lower_number_loses)
{
	struct mobility m = { 0 };

	remote(&m, 6, 0);
	learn(&m, 0);
	ck_assert_uint_eq(remote(&m, 6, MOB_LOWER), 0);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
}
END_TEST

START_TEST(test_local_age_out_falls_back)
{
	struct mobility m = { 0 };

	remote(&m, 1, 0);
	learn(&m, 0);
	ck_assert_uint_eq(gone(&m), MOB_WITHDRAW | MOB_INSTALL);
	ck_assert_uint_eq(m.state, MOB_REMOTE);
	/* Back again: above both what the other says and what we said. */
	learn(&m, 0);
	ck_assert_uint_eq(m.lseq, 2);
}
END_TEST

START_TEST(test_static_stays)
{
	struct mobility m = { 0 };

	learn(&m, MOB_STATIC);
	ck_assert_uint_eq(remote(&m, 9, MOB_LOWER), 0);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	ck_assert_uint_eq(m.lseq, 0);
	/* A static entry that comes later claims it, like a learn. */
	m = (struct mobility){ 0 };
	remote(&m, 9, 0);
	ck_assert_uint_eq(
	    learn(&m, MOB_STATIC), MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.lseq, 10);
	/* And when it turns into a learnt one, numbers count again. */
	m = (struct mobility){ 0 };
	learn(&m, MOB_STATIC);
	remote(&m, 9, 0);
	ck_assert_uint_eq(learn(&m, 0), MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
}
END_TEST

START_TEST(test_sticky_remote)
{
	struct mobility m = { 0 };

	remote(&m, 0, MOB_STICKY);
	ck_assert_uint_eq(learn(&m, 0), MOB_INSTALL | MOB_WARN_STICKY);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
	m = (struct mobility){ 0 };
	learn(&m, 0);
	ck_assert_uint_eq(remote(&m, 0, MOB_STICKY),
	    MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED | MOB_WARN_STICKY);
	/* Also over an operator's plain entry. */
	m = (struct mobility){ 0 };
	learn(&m, MOB_STATIC);
	remote(&m, 0, MOB_STICKY);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
	/* No longer sticky: the operator's entry is heard again. */
	ck_assert_uint_eq(remote(&m, 0, 0), MOB_ADVERTISE | MOB_UNINSTALL);
}
END_TEST

START_TEST(test_sticky_local)
{
	struct mobility m = { 0 };

	learn(&m, MOB_STICKY);
	ck_assert_uint_eq(remote(&m, 9, MOB_LOWER), 0);
	ck_assert_uint_eq(remote(&m, 9, MOB_STICKY), MOB_WARN_STICKY);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	m = (struct mobility){ 0 };
	remote(&m, 9, MOB_STICKY);
	ck_assert_uint_eq(learn(&m, MOB_STICKY),
	    MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED | MOB_WARN_STICKY);
}
END_TEST

START_TEST(test_number_never_wraps)
{
	struct mobility m = { 0 };

	remote(&m, UINT32_MAX, 0);
	learn(&m, 0);
	ck_assert_uint_eq(m.lseq, UINT32_MAX);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
}
END_TEST

START_TEST(test_raise)
{
	struct mobility m = { 0 };
	struct mob_event ev = { .type = MOB_EV_RAISE, .seq = 7 };

	ck_assert_uint_eq(mob_step(&m, &ev, &no_dad, SEC(1)), 0);
	learn(&m, 0);
	ck_assert_uint_eq(mob_step(&m, &ev, &no_dad, SEC(1)), MOB_ADVERTISE);
	ck_assert_uint_eq(m.lseq, 7);
	ev.seq = 3;
	ck_assert_uint_eq(mob_step(&m, &ev, &no_dad, SEC(1)), 0);
	ck_assert_uint_eq(m.lseq, 7);
}
END_TEST

/* --- duplicates --- */

static unsigned
step_at(struct mobility *m, const struct dup_conf *c, enum mob_event_type t, uint32_t seq,
    int at)
{
	return mob_step(m, &(struct mob_event){ .type = t, .seq = seq }, c, SEC(at));
}

START_TEST(test_duplicate_warns)
{
	struct mobility m = { 0 };
	unsigned a = 0;
	int i;

	step_at(&m, &warn_only, MOB_EV_LEARN, 0, 1);
	for (i = 1; i <= 5; i++) {
		ck_assert(!m.dup.duplicate);
		a = i & 1 ? step_at(&m, &warn_only, MOB_EV_REMOTE, m.lseq + 1, i)
			  : step_at(&m, &warn_only, MOB_EV_LEARN, 0, i);
	}
	ck_assert(m.dup.duplicate);
	ck_assert(a & MOB_WARN_DUPLICATE);
	ck_assert(!m.dup.frozen);
	/* It still moves, and says so once only. */
	a = step_at(&m, &warn_only, MOB_EV_LEARN, 0, 7);
	ck_assert_uint_eq(a, MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED);
}
END_TEST

START_TEST(test_window)
{
	struct mobility m = { 0 };
	int i;

	step_at(&m, &warn_only, MOB_EV_LEARN, 0, 1);
	for (i = 1; i <= 20; i++) {
		if (i & 1)
			step_at(&m, &warn_only, MOB_EV_REMOTE, m.lseq + 1, i * 60);
		else
			step_at(&m, &warn_only, MOB_EV_LEARN, 0, i * 60);
	}
	ck_assert(!m.dup.duplicate); /* four in any window of 180 s */
}
END_TEST

static void
freeze_it(struct mobility *m)
{
	step_at(m, &freeze, MOB_EV_LEARN, 0, 1);
	step_at(m, &freeze, MOB_EV_REMOTE, 1, 2);
	step_at(m, &freeze, MOB_EV_LEARN, 0, 3);
	ck_assert_uint_eq(m->state, MOB_LOCAL_WINS);
	ck_assert_uint_eq(
	    step_at(m, &freeze, MOB_EV_REMOTE, 3, 4), MOB_WARN_DUPLICATE | MOB_FROZE);
	ck_assert(m->dup.frozen);
	ck_assert_int_eq(m->dup.frozen_until.us, MONO_SEC(64));
}

START_TEST(test_freeze)
{
	struct mobility m = { 0 };

	freeze_it(&m);
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	ck_assert_uint_eq(step_at(&m, &freeze, MOB_EV_REMOTE, 9, 5), 0);
	/* The winner gives up: the other one is heard, frozen or not. */
	ck_assert_uint_eq(
	    step_at(&m, &freeze, MOB_EV_LOCAL_GONE, 0, 6), MOB_WITHDRAW | MOB_INSTALL);
	ck_assert_uint_eq(step_at(&m, &freeze, MOB_EV_LEARN, 0, 7), 0);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
	/* Thaw: the local learn was the later claim. */
	ck_assert_uint_eq(step_at(&m, &freeze, MOB_EV_THAW, 0, 64),
	    MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.lseq, 10);
	ck_assert(!m.dup.duplicate);
}
END_TEST

START_TEST(test_thaw_to_remote)
{
	struct mobility m = { 0 };

	freeze_it(&m);
	ck_assert_uint_eq(step_at(&m, &freeze, MOB_EV_THAW, 0, 64),
	    MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED);
	ck_assert_uint_eq(m.state, MOB_REMOTE_WINS);
}
END_TEST

/* --- everything --- */

/* Like ck_assert, but free when it holds: these run millions of times. */
#define CHECK(x)                                                                         \
	do {                                                                             \
		if (!(x))                                                                \
			ck_abort_msg("%s", #x);                                          \
	} while (0)

/* Actions and state agree, whatever happened before. */
static void
check_step(const struct mobility *b, const struct mob_event *ev, const struct mobility *a,
    unsigned act)
{
	bool adv = act & MOB_ADVERTISE, wd = act & MOB_WITHDRAW;
	bool in = act & MOB_INSTALL, un = act & MOB_UNINSTALL;

	CHECK(a->state < MOB_STATES);
	CHECK(!(adv && wd));
	CHECK(!(in && un));
	/* A route of ours stands exactly while the MAC is local; an entry exactly while remote. */
	if (!mob_is_local(b->state) && mob_is_local(a->state))
		CHECK(adv);
	if (mob_is_local(b->state) && !mob_is_local(a->state))
		CHECK(wd);
	if (adv)
		CHECK(mob_is_local(a->state));
	if (wd)
		CHECK(!mob_is_local(a->state));
	if (!mob_is_remote(b->state) && mob_is_remote(a->state))
		CHECK(in);
	if (mob_is_remote(b->state) && !mob_is_remote(a->state))
		CHECK(un);
	if (in)
		CHECK(mob_is_remote(a->state));
	if (un)
		CHECK(!mob_is_remote(a->state));
	/* A change of number while local is said. */
	if (mob_is_local(a->state) && a->lseq != b->lseq)
		CHECK(adv);
	/* Claims follow the events. */
	if (ev->type == MOB_EV_LEARN)
		CHECK(mob_has_local(a->state));
	if (ev->type == MOB_EV_LOCAL_GONE)
		CHECK(!mob_has_local(a->state));
	if (ev->type == MOB_EV_REMOTE)
		CHECK(mob_has_remote(a->state));
	if (ev->type == MOB_EV_REMOTE_GONE)
		CHECK(!mob_has_remote(a->state));
	if (ev->type == MOB_EV_RAISE || ev->type == MOB_EV_THAW) {
		CHECK((mob_has_local(a->state)) == (mob_has_local(b->state)));
		CHECK((mob_has_remote(a->state)) == (mob_has_remote(b->state)));
	}
	/* A sticky remote MAC is never claimed by a host that is not. */
	if (a->state == MOB_LOCAL_WINS && !a->dup.frozen && a->rflags & MOB_STICKY)
		CHECK(a->lflags & (MOB_STICKY | MOB_OWN));
	/* A local MAC that wins against a plain remote one has the better number, unless the
	 * operator put it there. */
	if (a->state == MOB_LOCAL_WINS && !a->dup.frozen &&
	    !(a->lflags & (MOB_STATIC | MOB_STICKY | MOB_OWN)))
		CHECK(a->lseq > a->rseq ||
		      (a->lseq == a->rseq && !(a->rflags & MOB_LOWER)) ||
		      a->rseq == UINT32_MAX);
	/* What is the machine's own is here. */
	if (a->lflags & MOB_OWN)
		CHECK(mob_is_local(a->state));
	/* Frozen means no contest changes the winner. */
	if (b->dup.frozen && a->dup.frozen && !(a->lflags & MOB_OWN) &&
	    mob_has_local(b->state) && mob_has_remote(b->state) &&
	    mob_has_local(a->state) && mob_has_remote(a->state))
		CHECK((mob_is_local(b->state)) == (mob_is_local(a->state)));
}

/* An anycast gateway: every leaf has the same MAC and says so; nobody has moved. */
START_TEST(test_own_is_no_host)
{
	struct mobility m = { 0 };
	unsigned i;

	remote(&m, 9, MOB_LOWER);
	for (i = 0; i < 10; i++) {
		ck_assert_uint_eq(
		    mob_step(&m,
			&(struct mob_event){ .type = MOB_EV_LEARN, .flags = MOB_OWN },
			&freeze, SEC(1 + i)) &
			~(unsigned)MOB_UNINSTALL,
		    MOB_ADVERTISE);
		ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
		ck_assert_uint_eq(mob_step(&m,
				      &(struct mob_event){ .type = MOB_EV_REMOTE,
					  .seq = 20 + i,
					  .flags = MOB_LOWER | MOB_STICKY },
				      &freeze, SEC(1 + i)),
		    0);
		ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
	}
	ck_assert_uint_eq(m.lseq, 0);
	ck_assert_uint_eq(m.dup.moves, 0);
	/* What was taken for a host and frozen elsewhere is ours all the same. */
	m = (struct mobility){ .state = MOB_REMOTE_WINS,
		.rseq = 7,
		.dup = { .duplicate = true, .frozen = true } };
	mob_step(&m, &(struct mob_event){ .type = MOB_EV_LEARN, .flags = MOB_OWN },
	    &freeze, SEC(60));
	ck_assert_uint_eq(m.state, MOB_LOCAL_WINS);
}
END_TEST

#define SEQS 4u

/* What a state is, for the search: small numbers only. */
static unsigned
state_key(const struct mobility *m)
{
	return ((((((unsigned)m->state * 16 + m->lflags) * 8 + m->rflags) * SEQS +
		     m->lseq) *
			SEQS +
		    m->rseq) *
		       2 +
		   m->local_newer) *
		   4 +
	       (m->dup.frozen ? 3 : m->dup.moves);
}

#define KEYS (MOB_STATES * 16 * 8 * SEQS * SEQS * 2 * 4)

static unsigned
all_events(struct mob_event *ev)
{
	unsigned n = 0, f, s;

	for (f = 0; f < 4; f++)
		ev[n++] = (struct mob_event){ .type = MOB_EV_LEARN, .flags = (uint8_t)f };
	ev[n++] = (struct mob_event){ .type = MOB_EV_LEARN, .flags = MOB_OWN };
	ev[n++] = (struct mob_event){ .type = MOB_EV_LOCAL_GONE };
	for (f = 0; f < 8; f += 2)
		for (s = 0; s < SEQS; s++)
			ev[n++] = (struct mob_event){
				.type = MOB_EV_REMOTE, .flags = (uint8_t)f, .seq = s
			};
	ev[n++] = (struct mob_event){ .type = MOB_EV_REMOTE_GONE };
	for (s = 1; s < SEQS; s++)
		ev[n++] = (struct mob_event){ .type = MOB_EV_RAISE, .seq = s };
	ev[n++] = (struct mob_event){ .type = MOB_EV_THAW };
	return n;
}

/* Every event in every state that can be reached, with and without freezing. */
START_TEST(test_exhaustive)
{
	static struct mobility todo[KEYS];
	static bool seen[KEYS];
	struct mob_event ev[64];
	unsigned nev = all_events(ev), n = 0, at, i, by_state[MOB_STATES] = { 0 };
	const struct dup_conf *c = _i ? &freeze : &no_dad;

	memset(seen, 0, sizeof seen);
	todo[n++] = (struct mobility){ 0 };
	seen[state_key(&todo[0])] = true;
	for (at = 0; at < n; at++) {
		by_state[todo[at].state]++;
		for (i = 0; i < nev; i++) {
			struct mobility m = todo[at];
			unsigned act = mob_step(&m, &ev[i], c, SEC(1));

			check_step(&todo[at], &ev[i], &m, act);
			if (m.lseq >= SEQS || seen[state_key(&m)])
				continue;
			seen[state_key(&m)] = true;
			todo[n++] = m;
		}
	}
	for (i = 0; i < MOB_STATES; i++)
		ck_assert_uint_gt(by_state[i], 0);
	ck_assert_uint_gt(n, 500);
}
END_TEST

/* --- two machines, each hearing the other late --- */

/* A message: what a leaf said last, on its way to the other. */
struct wire {
	bool full, there;
	uint32_t seq;
	uint8_t flags;
};

struct leaf {
	struct mobility m;
	struct wire out; /* to the other */
	uint8_t lower;	 /* MOB_LOWER if the other's address is lower */
	bool host;	 /* the bridge's entry is local */
};

static void
leaf_act(struct leaf *l, unsigned act)
{
	if (act & MOB_ADVERTISE)
		l->out = (struct wire){ true, true, l->m.lseq, l->m.lflags & MOB_STICKY };
	if (act & MOB_WITHDRAW)
		l->out = (struct wire){ .full = true };
	if (act & MOB_INSTALL &&
	    l->host) { /* the kernel takes the entry over and says so */
		l->host = false;
		leaf_act(
		    l, mob_step(&l->m, &(struct mob_event){ .type = MOB_EV_LOCAL_GONE },
			   &no_dad, SEC(1)));
	}
}

static void
leaf_frame(struct leaf *l)
{
	if (l->host)
		return;
	l->host = true;
	leaf_act(l, mob_step(&l->m, &(struct mob_event){ .type = MOB_EV_LEARN }, &no_dad,
			SEC(1)));
}

static void
leaf_age(struct leaf *l)
{
	if (!l->host)
		return;
	l->host = false;
	leaf_act(l, mob_step(&l->m, &(struct mob_event){ .type = MOB_EV_LOCAL_GONE },
			&no_dad, SEC(1)));
}

static void
leaf_hear(struct leaf *l, struct leaf *from)
{
	struct wire w = from->out;

	if (!w.full)
		return;
	from->out.full = false;
	if (w.there)
		leaf_act(l, mob_step(&l->m,
				&(struct mob_event){ .type = MOB_EV_REMOTE,
				    .seq = w.seq,
				    .flags = (uint8_t)(w.flags | l->lower) },
				&no_dad, SEC(1)));
	else
		leaf_act(
		    l, mob_step(&l->m, &(struct mob_event){ .type = MOB_EV_REMOTE_GONE },
			   &no_dad, SEC(1)));
}

/* The host is with `at`; it spoke there last.  Both leaves must end up knowing it. */
static void
check_agreement(const struct leaf *l, unsigned at)
{
	if (!(mob_is_local(l[at].m.state)))
		ck_abort_msg("the host's leaf lost it");
	if (!(mob_is_remote(l[!at].m.state)))
		ck_abort_msg("the other leaf does not know");
	if (!(l[at].host && !l[!at].host))
		ck_abort_msg("the bridges differ");
}

/* All interleavings of seven steps: frames and ageing at either leaf, either message delivered.  Then the
 * network is quiet, the host speaks once where it is, and again once that was heard. */
START_TEST(test_two_leaves)
{
	unsigned code, steps = 7, at;

	for (code = 0; code < 279936; code++) { /* 6^7 */
		struct leaf l[2] = { { .lower = 0 }, { .lower = MOB_LOWER } };
		unsigned c = code, i, round;

		at = code & 1;
		for (i = 0; i < steps; i++, c /= 6) {
			unsigned what = c % 6, who = what & 1;

			if (what < 2)
				leaf_frame(&l[who]);
			else if (what < 4)
				leaf_hear(&l[who], &l[!who]);
			else
				leaf_age(&l[who]);
		}
		for (round = 0; round < 3; round++) {
			leaf_frame(&l[at]);
			for (i = 0; i < 8; i++)
				leaf_hear(&l[i & 1], &l[!(i & 1)]);
		}
		CHECK(!l[0].out.full && !l[1].out.full);
		check_agreement(l, at);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn mobility");
	TCase *t = tcase_create("mobility");
	SRunner *sr;
	int failed;

	tcase_add_test(t, test_own_is_no_host);
	tcase_add_test(t, test_local_life);
	tcase_add_test(t, test_remote_life);
	tcase_add_test(t, test_moves_here);
	tcase_add_test(t, test_moves_away);
	tcase_add_test(t, test_ties);
	tcase_add_test(t, test_lower_number_loses);
	tcase_add_test(t, test_local_age_out_falls_back);
	tcase_add_test(t, test_static_stays);
	tcase_add_test(t, test_sticky_remote);
	tcase_add_test(t, test_sticky_local);
	tcase_add_test(t, test_number_never_wraps);
	tcase_add_test(t, test_raise);
	tcase_add_test(t, test_duplicate_warns);
	tcase_add_test(t, test_window);
	tcase_add_test(t, test_freeze);
	tcase_add_test(t, test_thaw_to_remote);
	tcase_add_loop_test(t, test_exhaustive, 0, 2);
	tcase_add_test(t, test_two_leaves);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
