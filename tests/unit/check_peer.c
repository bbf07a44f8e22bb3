/* SPDX-License-Identifier: ISC */
/* check_peer: a peer's limits, its refreshes and its graceful restarts. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/afi.h"
#include "bgpd/refresh.h"
#include "lib/util.h"
#include "tests/unit/raw_peer.h"

/* Limits. */

START_TEST(max_prefix)
{
	uint8_t data[64];
	size_t len = 0;

	n->draft.peers[0].evpn.max_prefix = 10;
	n->draft.peers[0].evpn.max_prefix_restart = 1;
	node_apply(n);
	up();
	announce(1, 10);
	ck_assert(node_up(n, raw) && !peer()->max_prefix_hit);
	announce(11, 1);
	ck_assert_int_eq(
	    raw_notification(raw, data, &len), BGP_ERR_CEASE << 8 | BGP_CEASE_MAX_PREFIX);
	/* RFC 4486 4: AFI, SAFI and the limit. */
	ck_assert_uint_eq(len, 7);
	ck_assert(memcmp(data, "\0\x19\x46\0\0\0\x0a", 7) == 0);
	ck_assert(peer()->max_prefix_hit);
	world_run(&w, 0.5);
	ck_assert_uint_eq(rib_count(bgp_rib(n->b)), 0);
	/* Deaf until the restart timer. */
	raw_connect(raw, n);
	world_run(&w, 1);
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), -1);
	world_run(&w, 60);
	ck_assert(!peer()->max_prefix_hit);
	up();
	announce(1, 11);
	ck_assert(!node_up(n, raw));
	/* The operator's clear ends the wait. */
	bgp_clear_peer(peer(), BGP_CLEAR_HARD);
	up();
}
END_TEST

START_TEST(max_prefix_changes)
{
	n->draft.peers[0].evpn.max_prefix = 10;
	node_apply(n);
	up();
	announce(1, 11);
	ck_assert(!node_up(n, raw));
	world_run(&w, 300);
	ck_assert(peer()->max_prefix_hit);
	n->draft.peers[0].evpn.max_prefix = 20;
	node_apply(n);
	up();
	announce(1, 11);
	ck_assert(node_up(n, raw));
	n->draft.peers[0].evpn.max_prefix = 5;
	node_apply(n);
	ck_assert(!node_up(n, raw));
}
END_TEST

START_TEST(max_prefix_warning_only)
{
	n->draft.peers[0].evpn.max_prefix = 10;
	n->draft.peers[0].evpn.max_prefix_warn_only = true;
	node_apply(n);
	up();
	announce(1, 20);
	ck_assert(node_up(n, raw));
	ck_assert(peer()->max_prefix_hit);
	ck_assert_uint_eq(peer_prefixes_in(peer(), AFI_SAFI_EVPN), 20);
}
END_TEST

/* Refresh. */

START_TEST(enhanced_refresh_sweeps)
{
	up();
	announce(1, 10);
	send_refresh(REFRESH_BORR);
	ck_assert(node_path(n, 1, peer())->flags & PATH_STALE);
	announce(1, 5);
	ck_assert(!(node_path(n, 1, peer())->flags & PATH_STALE));
	ck_assert(node_has(n, 10));
	send_refresh(REFRESH_EORR);
	world_run(&w, 0.1);
	ck_assert(node_has(n, 1) && node_has(n, 5));
	ck_assert(!node_has(n, 6) && !node_has(n, 10));
	/* An EoRR alone does nothing, unknown kinds do nothing. */
	send_refresh(REFRESH_EORR);
	send_refresh(77);
	ck_assert(node_up(n, raw) && node_has(n, 1));
}
END_TEST

START_TEST(refresh_of_bad_length)
{
	uint8_t m[25];
	uint8_t data[64];
	size_t len;

	up();
	memset(m, 0xff, sizeof m);
	memcpy(m + 16, "\0\x19\x05\0\x19\x01\x46\0\0", 9);
	raw_write(raw, m, sizeof m);
	world_run(&w, 0.1);
	ck_assert_int_eq(
	    raw_notification(raw, data, &len), BGP_ERR_REFRESH << 8 | BGP_REFRESH_LENGTH);
}
END_TEST

/* Graceful restart, the peer restarts. */

static void
hang_up(void)
{
	close(raw->fd);
	raw->fd = -1;
	world_run(&w, 0.2);
}

START_TEST(restart_keeps_and_sweeps)
{
	offer_gr();
	up_gr();
	announce(1, 10);
	send_eor();
	ck_assert(peer()->af[AFI_SAFI_EVPN].eor_in);
	hang_up();
	ck_assert(!node_up(n, raw));
	ck_assert(node_has(n, 1) && node_path(n, 1, peer())->flags & PATH_STALE);
	ck_assert(node_attrs(n, 1));
	up_gr();
	ck_assert(node_has(n, 10));
	announce(1, 5);
	send_eor();
	world_run(&w, 0.1);
	ck_assert(node_has(n, 5) && !(node_path(n, 5, peer())->flags & PATH_STALE));
	ck_assert(!node_has(n, 6));
}
END_TEST

START_TEST(restart_never_ends)
{
	offer_gr();
	up_gr();
	announce(1, 10);
	hang_up();
	world_run(&w, 29);
	ck_assert(node_has(n, 1));
	world_run(&w, 2);
	ck_assert(!node_has(n, 1));
}
END_TEST

START_TEST(restart_without_end_of_rib)
{
	offer_gr();
	n->draft.c.gr_stalepath_time = 5;
	n->draft.c.hold = n->draft.peers[0].hold = 90;
	node_apply(n);
	up_gr();
	announce(1, 10);
	hang_up();
	up_gr();
	announce(1, 1);
	world_run(&w, 6);
	ck_assert(node_has(n, 1) && !node_has(n, 2));
}
END_TEST

START_TEST(restart_forgotten)
{
	/* It comes back without the capability: nothing is kept (RFC 4724 4.2). */
	offer_gr();
	up_gr();
	announce(1, 10);
	hang_up();
	ck_assert(node_has(n, 1));
	up();
	world_run(&w, 0.1);
	ck_assert(!node_has(n, 1));
}
END_TEST

START_TEST(restart_notification_flushes)
{
	uint8_t m[21];

	offer_gr();
	up_gr();
	announce(1, 10);
	memset(m, 0xff, 16);
	memcpy(m + 16, "\0\x15\x03\x06\x04", 5);
	raw_write(raw, m, sizeof m);
	world_run(&w, 0.1);
	ck_assert(!node_has(n, 1));
	ck_assert_str_eq(peer()->last_reset, "received Cease: Administrative Reset");
}
END_TEST

START_TEST(restart_seen_by_new_connection)
{
	/* The old connection still looks alive: a new one with its OPEN is the end of it. */
	int old;

	offer_gr();
	up_gr();
	announce(1, 10);
	world_run(&w, 4);
	old = raw->fd;
	raw->fd = -1;
	up_gr();
	ck_assert_int_eq(n->ups, 2);
	ck_assert(node_has(n, 1) && node_path(n, 1, peer())->flags & PATH_STALE);
	close(old);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("peer");
	TCase *tc = tcase_create("internal");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, max_prefix);
	tcase_add_test(tc, max_prefix_changes);
	tcase_add_test(tc, max_prefix_warning_only);
	tcase_add_test(tc, enhanced_refresh_sweeps);
	tcase_add_test(tc, refresh_of_bad_length);
	tcase_add_test(tc, restart_keeps_and_sweeps);
	tcase_add_test(tc, restart_never_ends);
	tcase_add_test(tc, restart_without_end_of_rib);
	tcase_add_test(tc, restart_forgotten);
	tcase_add_test(tc, restart_notification_flushes);
	tcase_add_test(tc, restart_seen_by_new_connection);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
