/* SPDX-License-Identifier: ISC */
/* Silent hosts: the table of probe.h over every state and event, and the prober between an engine and a
 * fake kernel: who is asked, how often, how fast, and what becomes of those who do not answer. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

/* --- the table --- */

/* Is it in a queue, or does it wait, after this action? */
static bool
waits(enum probe_act a, bool before)
{
	return a == PROBE_NOTHING ? before : a != PROBE_STOP && a != PROBE_DROP;
}

/* From every state that can be reached, every event: a state that waits for something is in some list,
 * nobody is asked more than PROBE_TRIES times, and only what was held, or asked so often, is dropped. */
START_TEST(test_table)
{
	struct {
		struct probe p;
		bool listed;
	} todo[PROBE_STATES * (PROBE_TRIES + 1) * 2];
	bool seen[PROBE_STATES][PROBE_TRIES + 1][2] = { { { false } } };
	unsigned n = 0, at, ev, reached[PROBE_STATES] = { 0 };

	todo[n].p = (struct probe){ 0 };
	todo[n++].listed = false;
	seen[0][0][0] = true;
	for (at = 0; at < n; at++) {
		reached[todo[at].p.state]++;
		for (ev = 0; ev < PROBE_EVENTS; ev++) {
			struct probe p = todo[at].p;
			enum probe_act a;
			bool listed;

			/* A question leaves only from a queue, a time ends only on the wheel. */
			if ((ev == PROBE_EV_SENT || ev == PROBE_EV_DUE) &&
			    !todo[at].listed)
				continue;
			if (ev == PROBE_EV_SPENT ||
			    (ev == PROBE_EV_SENT && p.tries == PROBE_TRIES))
				continue;
			a = probe_step(&p, ev);
			listed = waits(a, todo[at].listed);
			ck_assert_uint_le(p.tries, PROBE_TRIES);
			ck_assert(listed == (p.state != PROBE_NONE));
			if (a == PROBE_DROP)
				ck_assert(todo[at].p.state == PROBE_HELD ||
					  todo[at].p.state == PROBE_OVER ||
					  (ev == PROBE_EV_GONE &&
					      todo[at].p.tries == PROBE_TRIES));
			if (ev == PROBE_EV_FRESH)
				ck_assert_uint_eq(p.state, PROBE_NONE);
			if (ev == PROBE_EV_END)
				ck_assert(
				    p.state == PROBE_NONE || p.state == PROBE_CALLED);
			if (seen[p.state][p.tries][listed])
				continue;
			seen[p.state][p.tries][listed] = true;
			todo[n].p = p;
			todo[n++].listed = listed;
		}
	}
	for (at = 0; at < PROBE_STATES; at++)
		ck_assert_uint_gt(reached[at], 0);
}
END_TEST

/* --- with a kernel --- */

/* Hosts: MAC fix_mac(n) at port n has 192.0.2.n, as long as it is on. */
static bool on[256];

static bool
answers(void *arg, uint32_t vni, struct ip ip, struct mac mac, uint32_t *port)
{
	(void)arg;
	*port = mac.b[5];
	return vni == VNI && on[mac.b[5]] && ip.len == 4 && ip.b[3] == mac.b[5];
}

static struct ip
ip_of(unsigned n)
{
	return ip_v4(0xc0000200 + n);
}

static void
open_with(struct fix *f, unsigned hosts, uint32_t rate)
{
	unsigned i;

	fix_open(f);
	f->k.answers = answers;
	f->conf.probe = true;
	f->conf.probe_rate = rate;
	evpn_apply(f->e, &f->conf);
	fix_ready(f, VNI);
	for (i = 1; i <= hosts; i++) {
		on[i] = true;
		kernel_frame(&f->k, VNI, fix_mac(i), i);
		kernel_arp(&f->k, VNI, ip_of(i), fix_mac(i));
	}
	fix_run(f);
}

static bool
exported(struct fix *f, unsigned n)
{
	return fix_local(f, VNI, fix_mac(n), ip_of(n)) != NULL;
}

START_TEST(test_refresh)
{
	struct fix f;
	unsigned i;

	open_with(&f, 100, 0);
	for (i = 1; i <= 100; i++)
		kernel_stale(&f.k, VNI, ip_of(i));
	fix_run_for(&f, MONO_SEC(59));
	ck_assert_uint_eq(f.k.probes, 0);
	/* Spread: some in the first half of the minute, some in the second. */
	fix_run_for(&f, MONO_SEC(33));
	ck_assert_uint_gt(f.k.probes, 20);
	ck_assert_uint_lt(f.k.probes, 80);
	fix_run_for(&f, MONO_SEC(40));
	ck_assert_uint_eq(f.k.probes, 100);
	/* All have answered: nobody is asked again until the kernel doubts again. */
	fix_run_for(&f, MONO_SEC(600));
	ck_assert_uint_eq(f.k.probes, 100);
	fix_close(&f);
}
END_TEST

START_TEST(test_held_and_answers)
{
	struct fix f;

	open_with(&f, 1, 0);
	kernel_neigh_del(&f.k, VNI, ip_of(1));
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 1);
	ck_assert(exported(&f, 1));
	ck_assert_uint_eq(f.e->prober.answered, 1);
	ck_assert(evpn_idle(f.e));
	fix_close(&f);
}
END_TEST

/* Nobody answers, not even the data plane: three questions, three seconds after the last it is over. */
START_TEST(test_held_in_vain)
{
	struct fix f;

	open_with(&f, 1, 0);
	f.k.mute = true;
	kernel_neigh_del(&f.k, VNI, ip_of(1));
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 1);
	ck_assert(!evpn_idle(f.e));
	fix_run_for(&f, MONO_SEC(9));
	ck_assert(exported(&f, 1));
	ck_assert_uint_eq(f.k.probes, 3);
	fix_run_for(&f, MONO_SEC(4));
	ck_assert(!exported(&f, 1));
	ck_assert_uint_eq(f.k.probes, 3);
	ck_assert_uint_eq(f.e->prober.lost, 1);
	ck_assert(evpn_idle(f.e));
	fix_close(&f);
}
END_TEST

/* The data plane has said that the VNI is down: nothing is held. */
START_TEST(test_not_held_when_down)
{
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct fix f;

	open_with(&f, 1, 0);
	v.flags = 0;
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert(!exported(&f, 1));
	ck_assert(evpn_idle(f.e));
	fix_close(&f);
}
END_TEST

/* An operator's entry is his affair, and so is everything without `probe`. */
START_TEST(test_not_asked)
{
	struct fix f;

	open_with(&f, 2, 0);
	kernel_neigh_static(&f.k, VNI, ip_of(1), fix_mac(1), false);
	fix_run(&f);
	kernel_neigh_del(&f.k, VNI, ip_of(1));
	fix_run(&f);
	ck_assert(!exported(&f, 1));
	f.conf.probe = false;
	evpn_apply(f.e, &f.conf);
	kernel_neigh_del(&f.k, VNI, ip_of(2));
	fix_run(&f);
	ck_assert(!exported(&f, 2));
	ck_assert_uint_eq(f.k.probes, 0);
	fix_close(&f);
}
END_TEST

/* Switched off while some are held: the kernel's word counts. */
START_TEST(test_switched_off)
{
	struct fix f;

	open_with(&f, 1, 0);
	f.k.mute = true;
	kernel_neigh_del(&f.k, VNI, ip_of(1));
	fix_run(&f);
	f.conf.probe = false;
	evpn_apply(f.e, &f.conf);
	fix_run_for(&f, MONO_SEC(5));
	ck_assert(!exported(&f, 1));
	ck_assert(evpn_idle(f.e));
	fix_close(&f);
}
END_TEST

/* Ten questions a second; what is held comes before what is stale. */
START_TEST(test_rate)
{
	unsigned i, before;
	struct fix f;

	open_with(&f, 200, 10);
	for (i = 1; i <= 100; i++)
		kernel_stale(&f.k, VNI, ip_of(i));
	fix_run_for(&f, MONO_SEC(100));
	for (i = 101; i <= 200; i++)
		kernel_neigh_del(&f.k, VNI, ip_of(i));
	for (i = 0; i < 12; i++) {
		before = f.k.probes;
		fix_run_for(&f, MONO_SEC(1));
		ck_assert_uint_le(f.k.probes - before, 20);
	}
	fix_run_for(&f, MONO_SEC(60));
	ck_assert_uint_eq(f.k.probes, 200);
	for (i = 1; i <= 200; i++)
		ck_assert(exported(&f, i));
	fix_close(&f);
}
END_TEST

/* The channel is full: questions wait as state, and leave once when there is room. */
START_TEST(test_back_pressure)
{
	struct fix f;
	unsigned i;

	open_with(&f, 50, 0);
	f.k.queue_max = 1;
	for (i = 1; i <= 50; i++) {
		kernel_neigh_del(&f.k, VNI, ip_of(i));
		kernel_frame(&f.k, VNI, fix_mac(i), i + 1);
	}
	fix_run_for(&f, MONO_SEC(20));
	ck_assert_uint_eq(f.k.probes, 50);
	for (i = 1; i <= 50; i++)
		ck_assert(exported(&f, i));
	fix_close(&f);
}
END_TEST

/* A host comes with one frame: its addresses, known from the old place, are asked for at once, but not before our
 * entries are away, which are in the way of the answers; also where the engine has no time for both in one turn. */
START_TEST(test_arrives)
{
	struct fix f;
	unsigned i;

	open_with(&f, 0, 0);
	loop_sim_hurry(f.loop, (unsigned)_i);
	for (i = 1; i <= 16; i++) {
		struct fix_route r = {
			.n = 1, .vni = VNI, .mac = fix_mac(i), .ip = ip_of(i), .seq = 2
		};

		on[i] = true;
		fix_announce(&f, &r);
		fix_run(&f);
		kernel_frame(&f.k, VNI, fix_mac(i), i);
		fix_run(&f);
		ck_assert_uint_eq(f.k.probes, i);
		ck_assert(exported(&f, i));
		ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(i), ip_of(i))->mm_seq, 3);
	}
	fix_close(&f);
}
END_TEST

/* A remote leaf takes a host over: he is asked once; if he is still here, he is claimed back. */
START_TEST(test_taken)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip_of(1), .seq = 2
	};
	struct fix f;

	open_with(&f, 1, 0);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_ge(f.k.probes, 1);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 })->mm_seq, 3);
	ck_assert(exported(&f, 1));
	/* Gone for good: asked once, and left where it is. */
	on[1] = false;
	f.k.probes = 0;
	r.seq = 4;
	fix_announce(&f, &r);
	fix_run_for(&f, MONO_SEC(20));
	ck_assert_uint_eq(f.k.probes, 1);
	ck_assert(!exported(&f, 1));
	ck_assert_int_eq(kernel_neigh_find(&f.k, VNI, ip_of(1))->owner, K_OURS);
	fix_close(&f);
}
END_TEST

/* An entry of ours that is written again may drive out what an answer has just taught the bridge: each is
 * followed by a question, as long as the loss is fresh. */
START_TEST(test_written_again)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = ip_of(1), .seq = 2
	};
	struct fix f;

	open_with(&f, 1, 0);
	f.k.mute = true;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 1);
	r.n = 2;
	r.seq = 3;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 2);
	fix_run_for(&f, MONO_SEC(15));
	r.n = 1;
	r.seq = 4;
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 2);
	fix_close(&f);
}
END_TEST

/* The MAC was lost before anybody said which addresses it has. */
START_TEST(test_told_after_the_loss)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 2 };
	struct fix f;

	open_with(&f, 0, 0);
	on[1] = true;
	kernel_frame(&f.k, VNI, fix_mac(1), 1);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 0);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 }));
	r.ip = ip_of(1);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_ge(f.k.probes, 1);
	ck_assert_uint_eq(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 })->mm_seq, 3);
	fix_close(&f);
}
END_TEST

/* Its MAC ages in the bridge although it is there: the answer teaches the bridge again. */
START_TEST(test_mac_aged)
{
	struct fix f;

	open_with(&f, 1, 0);
	kernel_age(&f.k, VNI, fix_mac(1));
	fix_run(&f);
	ck_assert_uint_eq(f.k.probes, 1);
	ck_assert(exported(&f, 1));
	fix_close(&f);
}
END_TEST

/* The whole engine goes while questions wait. */
START_TEST(test_closes)
{
	struct fix f;
	unsigned i;

	open_with(&f, 50, 1);
	for (i = 1; i <= 50; i++)
		kernel_neigh_del(&f.k, VNI, ip_of(i));
	fix_run(&f);
	kernel_vni_gone(&f.k, VNI);
	fix_run(&f);
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn prober");
	TCase *t = tcase_create("prober");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_table);
	tcase_add_test(t, test_refresh);
	tcase_add_test(t, test_held_and_answers);
	tcase_add_test(t, test_held_in_vain);
	tcase_add_test(t, test_not_held_when_down);
	tcase_add_test(t, test_not_asked);
	tcase_add_test(t, test_switched_off);
	tcase_add_test(t, test_rate);
	tcase_add_test(t, test_back_pressure);
	tcase_add_loop_test(t, test_arrives, 0, 4);
	tcase_add_test(t, test_taken);
	tcase_add_test(t, test_written_again);
	tcase_add_test(t, test_told_after_the_loss);
	tcase_add_test(t, test_mac_aged);
	tcase_add_test(t, test_closes);
	suite_add_tcase(s, t);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
