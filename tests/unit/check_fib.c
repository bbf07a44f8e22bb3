/* SPDX-License-Identifier: ISC */
/* Wanted objects and their results: failures, retries, drift, back-pressure, restarts, the sweep. */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "evpn/evpn_show.h"
#include "tests/unit/evpn_fix.h"

#define VNI 100

static enum fib_state
mac_state(struct fix *f, unsigned n)
{
	uint32_t h = mac_find(f->e, evi_find(f->e, VNI)->id, fix_mac(n));

	return h ? (enum fib_state)mac_at(&f->e->macs, h)->obj.fib : FIB_NONE;
}

static void
announce(struct fix *f, unsigned from, unsigned to, unsigned vtep)
{
	unsigned i;

	for (i = from; i <= to; i++)
		fix_announce(
		    f, &(struct fix_route){ .n = vtep, .vni = VNI, .mac = fix_mac(i) });
}

START_TEST(test_installed_is_confirmed)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.delay = NULL;
	announce(&f, 1, 1, 1);
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_INSTALLED);
	ck_assert(evpn_idle(f.e));
	ck_assert_uint_eq(f.k.syncs, 1);
	fix_close(&f);
}
END_TEST

START_TEST(test_failure_is_kept_and_retried)
{
	struct evpn_show_failure x;
	uint32_t at = 0;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.fail_errno = ENOSPC;
	f.k.fail_count = 2;
	announce(&f, 1, 1, 1);
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_FAILED);
	ck_assert(evpn_show_failure_next(f.e, &at, &x));
	ck_assert_int_eq(x.error, ENOSPC);
	ck_assert_uint_eq(x.vni, VNI);
	ck_assert_uint_eq(x.attempts, 1);
	ck_assert(mac_equal(x.mac, fix_mac(1)));
	ck_assert(x.text[0]);
	ck_assert(!evpn_show_failure_next(f.e, &at, &x));
	fix_run_for(&f, MONO_SEC(2));
	at = 0;
	ck_assert(evpn_show_failure_next(f.e, &at, &x));
	ck_assert_uint_eq(x.attempts, 2);
	fix_run_for(&f, MONO_SEC(5));
	ck_assert_int_eq(mac_state(&f, 1), FIB_INSTALLED);
	ck_assert_uint_eq(f.e->fib.fails.live, 0);
	ck_assert_uint_eq(f.e->fib.n.retries, 2);
	fix_close(&f);
}
END_TEST

START_TEST(test_failed_and_withdrawn)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.fail_errno = ENOSPC;
	f.k.fail_count = 1000;
	fix_announce(&f, &r);
	fix_run_for(&f, MONO_SEC(100));
	ck_assert_uint_lt(f.k.sets, 12); /* backs off */
	fix_withdraw(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.e->fib.fails.live, 0);
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	fix_close(&f);
}
END_TEST

/* An operator's entry is in the way: said so, and mended when it goes. */
START_TEST(test_foreign_entry)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1), .sticky = true };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	kernel_static(&f.k, VNI, fix_mac(1), 3, false);
	fix_run(&f);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_FAILED);
	ck_assert_int_eq(kernel_fdb_find(&f.k, VNI, fix_mac(1))->owner, K_OPERATOR);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 }));
	kernel_fdb_del(&f.k, VNI, fix_mac(1));
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_INSTALLED); /* at once, without a retry */
	fix_close(&f);
}
END_TEST

START_TEST(test_drift_is_repaired)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	fix_announce(&f, &r);
	fix_run(&f);
	kernel_fdb_del(&f.k, VNI, fix_mac(1));
	kernel_neigh_del(&f.k, VNI, r.ip);
	fix_run(&f);
	ck_assert_ptr_nonnull(kernel_fdb_find(&f.k, VNI, fix_mac(1)));
	ck_assert_ptr_nonnull(kernel_neigh_find(&f.k, VNI, r.ip));
	ck_assert_uint_eq(f.e->fib.n.drift, 2);
	fix_close(&f);
}
END_TEST

static int64_t
one_second(void *arg)
{
	(void)arg;
	return MONO_SEC(1);
}

/* Changes while a record is under way: the last one counts, nothing is sent twice at a time. */
START_TEST(test_changes_in_flight)
{
	struct fix_route a = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix_route b = { .n = 2, .vni = VNI, .mac = fix_mac(1), .seq = 1 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.delay = one_second;
	fix_announce(&f, &a);
	fix_run(&f);
	fix_announce(&f, &b);
	fix_run(&f);
	fix_withdraw(&f, &a);
	fix_withdraw(&f, &b);
	fix_run(&f);
	fix_announce(&f, &b);
	fix_run(&f);
	fix_run_for(&f, MONO_SEC(10));
	ck_assert(ip_equal(kernel_fdb_find(&f.k, VNI, fix_mac(1))->vtep, fix_vtep(2)));
	ck_assert_uint_eq(f.k.wants, 2);
	ck_assert_int_eq(mac_state(&f, 1), FIB_INSTALLED);
	fix_withdraw(&f, &b);
	fix_run(&f);
	fix_run_for(&f, MONO_SEC(10));
	ck_assert_ptr_null(kernel_fdb_find(&f.k, VNI, fix_mac(1)));
	ck_assert_uint_eq(f.e->macs.cells.live, 0);
	fix_close(&f);
}
END_TEST

/* 5000 entries through a window of frames and a channel that says no. */
START_TEST(test_back_pressure)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.queue_max = 2;
	announce(&f, 1, 5000, 1);
	fix_run(&f);
	ck_assert_uint_eq(f.k.nfdb, 5000);
	ck_assert(evpn_idle(f.e));
	ck_assert_uint_eq(f.k.sets, 5000);
	fix_close(&f);
}
END_TEST

START_TEST(test_vni_goes_down_and_up)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5)), down = v;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	announce(&f, 1, 2, 1);
	fix_run(&f);
	down.flags = 0;
	kernel_vni(&f.k, &down);
	fix_run(&f);
	fix_withdraw(&f, &r); /* cannot be removed now */
	announce(&f, 3, 3, 1);
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_DELETING);
	ck_assert_int_eq(mac_state(&f, 3), FIB_PENDING);
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_int_eq(mac_state(&f, 1), FIB_NONE);
	ck_assert_int_eq(mac_state(&f, 2), FIB_INSTALLED);
	ck_assert_int_eq(mac_state(&f, 3), FIB_INSTALLED);
	ck_assert_uint_eq(f.k.nfdb, 2);
	ck_assert_uint_eq(f.e->fib.fails.live, 0);
	fix_close(&f);
}
END_TEST

START_TEST(test_neigh_needs_svi)
{
	struct fix_route r = {
		.n = 1, .vni = VNI, .mac = fix_mac(1), .ip = fix_ip("192.0.2.1")
	};
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	v.svi_ifindex = 0;
	kernel_vni(&f.k, &v);
	fix_announce(&f, &r);
	fix_run(&f);
	ck_assert_uint_eq(f.k.nneigh, 0);
	ck_assert_uint_eq(f.e->fib.n.failed, 0);
	v.svi_ifindex = 77;
	kernel_vni(&f.k, &v);
	fix_run(&f);
	ck_assert_uint_eq(f.k.nneigh, 1);
	fix_close(&f);
}
END_TEST

/* The data plane restarts: all is said again, then the sweep. */
START_TEST(test_data_plane_restart)
{
	struct fix_route r = { .n = 1, .vni = VNI, .mac = fix_mac(1) };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	announce(&f, 1, 3, 1);
	kernel_frame(&f.k, VNI, fix_mac(9), 3);
	fix_run(&f);
	kernel_detach(&f.k);
	kernel_age(&f.k, VNI, fix_mac(9)); /* nobody hears of it */
	fix_withdraw(&f, &r);
	fix_run(&f);
	evpn_dp_restart(f.e);
	fix_open_dp(&f);
	fix_run(&f);
	ck_assert_uint_eq(f.k.nfdb, 2);
	ck_assert_ptr_null(kernel_fdb_find(&f.k, VNI, fix_mac(1)));
	ck_assert_int_eq(mac_state(&f, 2), FIB_INSTALLED);
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(9), (struct ip){ 0 }));
	ck_assert(evpn_idle(f.e));
	fix_close(&f);
}
END_TEST

/* A new engine: what the old one installed stays until the RIB is filled again. */
START_TEST(test_sweep_waits_for_the_rib)
{
	struct zl_vni v = kernel_vni_of(VNI, fix_vtep(5));
	struct zl_want w = { .op = ZL_SET, .kind = ZL_KIND_MAC, .vni = VNI };
	struct evpn *e;
	struct fix f;
	unsigned i;

	fix_open(&f);
	e = f.e;
	kernel_vni(&f.k, &v);
	fix_run(&f);
	for (i = 1; i <= 3; i++) { /* by an engine before */
		uint8_t buf[64];
		struct wbuf b = wb_init(buf, sizeof buf);

		w.mac = fix_mac(i);
		w.vtep = fix_vtep(1);
		zl_want_head_encode(&b, &(struct zl_want_head){ .seq = i });
		zl_want_encode(&b, &w);
		f.k.deliver = NULL;
		kernel_send(&f.k, ZL_WANT, buf, wb_len(&b));
		fix_run(&f);
	}
	fix_open_dp(&f);
	fix_run_for(&f, MONO_SEC(5));
	ck_assert_uint_eq(f.k.nfdb, 3);
	ck_assert_uint_eq(f.k.syncs, 0);
	announce(&f, 2, 3, 1);
	evpn_rib_ready(e);
	fix_run(&f);
	ck_assert_uint_eq(f.k.syncs, 1);
	ck_assert_uint_eq(f.k.swept, 1);
	ck_assert_uint_eq(f.k.nfdb, 2);
	fix_close(&f);
}
END_TEST

static int64_t
late(void *arg)
{
	(void)arg;
	return 1000;
}

/* The remote entry is on its way when the host speaks here: it does not take him over, and the engine,
 * which hears of him a moment later, does not want it any more. */
START_TEST(test_decided_too_early)
{
	const struct k_fdb *m;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.delay = late;
	announce(&f, 1, 1, 1);
	fix_run(&f);
	ck_assert(!kernel_idle(&f.k));
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run_for(&f, MONO_SEC(1));
	ck_assert_uint_eq(f.k.late, 1);
	ck_assert_uint_eq(f.e->fib.n.late, 1);
	ck_assert_uint_eq(f.e->fib.fails.live, 0);
	ck_assert_int_eq(mac_state(&f, 1), FIB_NONE);
	m = kernel_fdb_find(&f.k, VNI, fix_mac(1));
	ck_assert(m && m->owner == K_LEARNT && m->port == 3);
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(1), (struct ip){ 0 }));
	fix_close(&f);
}
END_TEST

/* What it has heard of is taken over, if the remote leaf is right nevertheless. */
START_TEST(test_decided_knowing)
{
	const struct k_fdb *m;
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	f.k.delay = late;
	kernel_frame(&f.k, VNI, fix_mac(1), 3);
	fix_run_for(&f, MONO_SEC(1));
	fix_announce(
	    &f, &(struct fix_route){ .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 1 });
	/* It speaks again at another port while that is on its way: refused, heard, and decided anew. */
	fix_run(&f);
	ck_assert(!kernel_idle(&f.k));
	kernel_frame(&f.k, VNI, fix_mac(1), 4);
	fix_run_for(&f, MONO_SEC(1));
	ck_assert_uint_eq(f.k.late, 1);
	m = kernel_fdb_find(&f.k, VNI, fix_mac(1));
	ck_assert(m && m->owner == K_LEARNT);
	fix_announce(
	    &f, &(struct fix_route){ .n = 1, .vni = VNI, .mac = fix_mac(1), .seq = 9 });
	fix_run_for(&f, MONO_SEC(1));
	ck_assert_uint_eq(f.k.late, 1);
	m = kernel_fdb_find(&f.k, VNI, fix_mac(1));
	ck_assert(m && m->owner == K_OURS);
	ck_assert_int_eq(mac_state(&f, 1), FIB_INSTALLED);
	fix_close(&f);
}
END_TEST

START_TEST(test_resync)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	announce(&f, 1, 3, 1);
	kernel_frame(&f.k, VNI, fix_mac(9), 3);
	fix_run(&f);
	/* A notification was lost: the kernel has other things than we think. */
	f.k.deliver = NULL;
	kernel_age(&f.k, VNI, fix_mac(9));
	kernel_fdb_del(&f.k, VNI, fix_mac(2));
	kernel_frame(&f.k, VNI, fix_mac(10), 4);
	fix_reconnect(&f);
	evpn_resync(f.e);
	fix_run(&f);
	ck_assert_ptr_nonnull(kernel_fdb_find(&f.k, VNI, fix_mac(2)));
	ck_assert_ptr_null(fix_local(&f, VNI, fix_mac(9), (struct ip){ 0 }));
	ck_assert_ptr_nonnull(fix_local(&f, VNI, fix_mac(10), (struct ip){ 0 }));
	ck_assert_uint_eq(f.k.syncs, 2);
	fix_close(&f);
}
END_TEST

/* A slice of sending all again has ended behind the MACs when the data plane has said all once more. */
static bool
deliver_in_mid_walk(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	struct evpn *e = arg;
	struct evi *evi = evi_find(e, VNI);

	if (type == ZL_OBSERVED_END) {
		evi_job(e, evi, EVI_JOB_RESEND);
		evi->job_running = true;
		evi->job_kind = ZL_KIND_NEIGH;
		obj_walk_begin(e, &evi->walk, evi, ZL_KIND_NEIGH);
	}
	return evpn_dp_message(e, type, body, len);
}

START_TEST(test_resync_while_sending_again)
{
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	announce(&f, 1, 3, 1);
	fix_run(&f);
	ck_assert_uint_eq(f.k.nfdb, 3);
	f.k.deliver = deliver_in_mid_walk;
	evpn_resync(f.e);
	fix_run(&f);
	ck_assert_uint_eq(f.k.syncs, 2);
	ck_assert_uint_eq(f.k.nfdb, 3);
	fix_close(&f);
}
END_TEST

/* What a malformed message would have said is asked for again, not more often than now and then. */
START_TEST(test_malformed_resync)
{
	uint8_t body[] = { 0, 0, 0, 9, 0, 0 };
	struct fix f;
	uint64_t syncs;

	fix_open(&f);
	fix_ready(&f, VNI);
	syncs = f.k.syncs;
	ck_assert(!evpn_dp_message(f.e, ZL_MAC, body, sizeof body));
	fix_run(&f);
	ck_assert_uint_eq(f.k.syncs, syncs + 1);
	for (int i = 0; i < 5; i++)
		ck_assert(!evpn_dp_message(f.e, ZL_NEIGH, body, sizeof body));
	fix_run_for(&f, MONO_SEC(5));
	ck_assert_uint_eq(f.k.syncs, syncs + 1);
	fix_run_for(&f, MONO_SEC(30));
	ck_assert_uint_eq(f.k.syncs, syncs + 2);
	fix_close(&f);
}
END_TEST

START_TEST(test_malformed_result)
{
	uint8_t body[] = { 0, 0, 0, 9, 0, 0 };
	struct fix f;

	fix_open(&f);
	fix_ready(&f, VNI);
	ck_assert(
	    !evpn_dp_message(f.e, ZL_RESULT, body, sizeof body)); /* nothing in flight */
	ck_assert(!evpn_dp_message(f.e, ZL_RESULT, body, 3));
	ck_assert(
	    !evpn_dp_message(f.e, ZL_OBSERVED_END, NULL, 0)); /* without a beginning */
	ck_assert(!evpn_dp_message(f.e, 999, NULL, 0));
	ck_assert(!evpn_dp_message(f.e, ZL_MAC, body, sizeof body));
	fix_close(&f);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("evpn fib");
	TCase *t = tcase_create("fib");
	SRunner *sr;
	int failed;

	tcase_add_test(t, test_installed_is_confirmed);
	tcase_add_test(t, test_failure_is_kept_and_retried);
	tcase_add_test(t, test_failed_and_withdrawn);
	tcase_add_test(t, test_foreign_entry);
	tcase_add_test(t, test_drift_is_repaired);
	tcase_add_test(t, test_changes_in_flight);
	tcase_add_test(t, test_back_pressure);
	tcase_add_test(t, test_vni_goes_down_and_up);
	tcase_add_test(t, test_neigh_needs_svi);
	tcase_add_test(t, test_data_plane_restart);
	tcase_add_test(t, test_sweep_waits_for_the_rib);
	tcase_add_test(t, test_decided_too_early);
	tcase_add_test(t, test_decided_knowing);
	tcase_add_test(t, test_resync);
	tcase_add_test(t, test_resync_while_sending_again);
	tcase_add_test(t, test_malformed_resync);
	tcase_add_test(t, test_malformed_result);
	tcase_set_timeout(t, 30);
	suite_add_tcase(s, t);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
