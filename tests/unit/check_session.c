/* SPDX-License-Identifier: ISC */
/* check_session: what a session says, what it takes before routes, and how it ends. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/afi.h"
#include "bgpd/refresh.h"
#include "lib/util.h"
#include "tests/unit/raw_peer.h"

/* What we say. */

START_TEST(our_open)
{
	uint8_t buf[MSG_MAX_EXTENDED];
	struct open_msg o;
	struct bgp_fault f;
	int len;

	n->draft.c.graceful_restart = true;
	n->draft.c.hostname = (char[]){ "leaf1" };
	node_apply(n);
	raw_connect(raw, n);
	world_run(&w, 0.1);
	len = raw_read(raw, buf);
	ck_assert_int_gt(len, 0);
	ck_assert_int_eq(buf[18], MSG_OPEN);
	ck_assert(open_decode(rb_init(buf + 19, (size_t)len - 19), &o, &f));
	ck_assert_uint_eq(o.as, 65000);
	ck_assert_uint_eq(o.id, 0x0a000001);
	ck_assert_uint_eq(o.hold, 9);
	ck_assert(open_has_family(&o.mp, AFI_L2VPN, SAFI_EVPN));
	ck_assert_uint_eq(o.mp.n, 1);
	ck_assert_uint_eq(o.has, OPEN_MP | OPEN_REFRESH | OPEN_ENHANCED_REFRESH |
				     OPEN_EXT_MESSAGE | OPEN_AS4 | OPEN_GR | OPEN_FQDN);
	ck_assert_str_eq(o.hostname, "leaf1");
	ck_assert_uint_eq(o.gr_time, 120);
}
END_TEST

START_TEST(hold_timer)
{
	struct peer *p = peer();

	up();
	/* The peer asked for 90 s, we for 9: the smaller one holds. */
	ck_assert_uint_eq(p->nego.hold, 9);
	ck_assert_uint_eq(p->nego.keepalive, 3);
	world_run(&w, 8);
	raw_keepalive(raw);
	world_run(&w, 8.5);
	ck_assert(node_up(n, raw));
	ck_assert_uint_ge(p->n.keepalives_out, 5);
	ck_assert_uint_le(p->n.keepalives_out, 9);
	world_run(&w, 1);
	ck_assert(!node_up(n, raw));
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), BGP_ERR_HOLD_TIMER << 8);
	ck_assert_str_eq(p->last_reset, "hold timer expired");
	ck_assert_int_eq(n->ups, 1);
	ck_assert_int_eq(n->downs, 1);
}
END_TEST

START_TEST(keepalive_passes_updates)
{
	uint8_t big[1 << 16];

	/* A peer that reads nothing: our queue fills up, yet the session sees its keepalives and
	 * stays, until the send hold timer ends it without a NOTIFICATION (RFC 9687). */
	up();
	for (unsigned i = 0; i < 60000; i++)
		node_originate(n, i, -1);
	for (int i = 0; i < 160; i++) {
		raw_keepalive(raw);
		world_run(&w, 3);
		if (i == 100)
			ck_assert(node_up(n, raw));
	}
	world_run(&w, 5);
	ck_assert(!node_up(n, raw));
	ck_assert_str_eq(peer()->last_reset, "send hold timer");
	while (read(raw->fd, big, sizeof big) > 0)
		;
}
END_TEST

/* What is wrong with an OPEN. */

struct bad_open {
	uint32_t as, id; /* said by the peer */
	uint16_t hold;	 /* seconds */
	uint32_t has;	 /* capabilities */
	int want;	 /* code * 256 + subcode */
};

static const struct bad_open bad_opens[] = {
	{ 65002, 9, 90, OPEN_MP | OPEN_AS4, BGP_ERR_OPEN << 8 | BGP_OPEN_PEER_AS },
	{ 65000, 0, 90, OPEN_MP | OPEN_AS4, BGP_ERR_OPEN << 8 | BGP_OPEN_ID },
	/* RFC 6286: an internal peer with our own identifier. */
	{ 65000, 0x0a000001, 90, OPEN_MP | OPEN_AS4, BGP_ERR_OPEN << 8 | BGP_OPEN_ID },
	{ 65000, 9, 1, OPEN_MP | OPEN_AS4, BGP_ERR_OPEN << 8 | BGP_OPEN_HOLD_TIME },
	{ 65000, 9, 90, OPEN_AS4, BGP_ERR_OPEN << 8 | BGP_OPEN_CAPABILITY },
};

START_TEST(bad_open)
{
	const struct bad_open *b = &bad_opens[_i];

	raw_connect(raw, n);
	world_run(&w, 0.1);
	raw_open(raw, b->as, b->id, b->hold, b->has);
	world_run(&w, 0.1);
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), b->want);
	world_run(&w, 2);
	/* It is willing again. */
	up();
}
END_TEST

START_TEST(unsupported_capability_data)
{
	uint8_t data[64];
	size_t len = 0;

	raw_connect(raw, n);
	world_run(&w, 0.1);
	raw_open(raw, 65000, 9, 90, OPEN_AS4);
	world_run(&w, 0.1);
	raw_notification(raw, data, &len);
	ck_assert_uint_eq(len, 6);
	ck_assert(memcmp(data, "\x01\x04\x00\x19\x00\x46", 6) == 0);
}
END_TEST

/* Header errors in Established. */

struct bad_header {
	uint8_t marker;	 /* first octet */
	uint16_t length; /* field */
	uint8_t type;	 /* field */
	int want;	 /* code * 256 + subcode */
};

static const struct bad_header bad_headers[] = {
	{ 0xfe, 19, 4, BGP_ERR_HEADER << 8 | BGP_HEADER_SYNC },
	{ 0xff, 18, 4, BGP_ERR_HEADER << 8 | BGP_HEADER_LENGTH },
	{ 0xff, 20, 4, BGP_ERR_HEADER << 8 | BGP_HEADER_LENGTH },
	{ 0xff, 22, 2, BGP_ERR_HEADER << 8 | BGP_HEADER_LENGTH },
	{ 0xff, 19, 9, BGP_ERR_HEADER << 8 | BGP_HEADER_TYPE },
};

START_TEST(bad_header)
{
	const struct bad_header *b = &bad_headers[_i];
	uint8_t m[64];

	up();
	memset(m, 0xff, sizeof m);
	m[0] = b->marker;
	m[16] = (uint8_t)(b->length >> 8);
	m[17] = (uint8_t)b->length;
	m[18] = b->type;
	raw_write(raw, m, MAX(b->length, (uint16_t)19));
	world_run(&w, 0.1);
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), b->want);
	ck_assert(!node_up(n, raw));
}
END_TEST

/* Messages out of turn (RFC 6608). */

START_TEST(out_of_turn)
{
	raw_connect(raw, n);
	world_run(&w, 0.1);
	announce(1, 1);
	ck_assert_int_eq(
	    raw_notification(raw, NULL, NULL), BGP_ERR_FSM << 8 | BGP_FSM_OPENSENT);
	world_run(&w, 5);
	raw_connect(raw, n);
	world_run(&w, 0.1);
	raw_open(raw, 65000, 9, 90, OPEN_MP | OPEN_AS4);
	announce(1, 1);
	ck_assert_int_eq(
	    raw_notification(raw, NULL, NULL), BGP_ERR_FSM << 8 | BGP_FSM_OPENCONFIRM);
	world_run(&w, 5);
	up();
	raw_open(raw, 65000, 9, 90, OPEN_MP | OPEN_AS4);
	world_run(&w, 0.1);
	ck_assert_int_eq(
	    raw_notification(raw, NULL, NULL), BGP_ERR_FSM << 8 | BGP_FSM_ESTABLISHED);
}
END_TEST

/* Stopping. */

START_TEST(shutdown_says_why)
{
	uint8_t data[64];
	size_t len = 0;

	up();
	n->draft.peers[0].shutdown = true;
	n->draft.peers[0].shutdown_msg = (char[]){ "new spine" };
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert_int_eq(
	    raw_notification(raw, data, &len), BGP_ERR_CEASE << 8 | BGP_CEASE_SHUTDOWN);
	ck_assert_uint_eq(len, 10);
	ck_assert(memcmp(data, "\x09new spine", 10) == 0);
	raw_connect(raw, n);
	world_run(&w, 1);
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), -1);
	n->draft.peers[0].shutdown = false;
	node_apply(n);
	up();
}
END_TEST

START_TEST(what_a_change_costs)
{
	up();
	announce(1, 1);
	/* Nothing. */
	n->draft.peers[0].description = (char[]){ "leaf" };
	n->draft.peers[0].keepalive = 2;
	n->draft.peers[0].evpn.max_prefix = 100;
	n->draft.c.hostname = (char[]){ "other" };
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert(node_up(n, raw) && n->downs == 0);
	/* A session. */
	n->draft.peers[0].password = (char[]){ "secret" };
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert_int_eq(
	    raw_notification(raw, NULL, NULL), BGP_ERR_CEASE << 8 | BGP_CEASE_CONFIG);
	ck_assert_int_eq(n->downs, 1);
	world_run(&w, 2);
	up();
	n->draft.c.router_id = 0x01010101;
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert_int_eq(n->downs, 2);
	world_run(&w, 2);
	up();
	/* The neighbour itself. */
	n->draft.c.npeers = 0;
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert_int_eq(raw_notification(raw, NULL, NULL),
	    BGP_ERR_CEASE << 8 | BGP_CEASE_DECONFIGURED);
	ck_assert_ptr_null(peer());
	ck_assert_uint_eq(rib_count(bgp_rib(n->b)), 0);
}
END_TEST

static void
note_done(void *arg)
{
	++*(int *)arg;
}

START_TEST(instance_shutdown)
{
	int done = 0;

	up();
	bgp_shutdown(n->b, false, note_done, &done);
	world_run(&w, 0.1);
	ck_assert_int_eq(
	    raw_notification(raw, NULL, NULL), BGP_ERR_CEASE << 8 | BGP_CEASE_SHUTDOWN);
	close(raw->fd);
	raw->fd = -1;
	world_run(&w, 0.1);
	ck_assert_int_eq(done, 1);
}
END_TEST

START_TEST(instance_shutdown_keeps_routes)
{
	int done = 0;

	offer_gr();
	up_gr();
	bgp_shutdown(n->b, true, note_done, &done);
	world_run(&w, 0.1);
	/* No NOTIFICATION: the peer keeps what we told it (RFC 4724 4). */
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), -1);
	ck_assert_int_eq(done, 1);
}
END_TEST

START_TEST(strangers_are_refused)
{
	struct node *other = node_new_raw(&w, 77);

	raw_connect(other, n);
	world_run(&w, 1);
	ck_assert_int_eq(raw_notification(other, NULL, NULL), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("session");
	TCase *tc = tcase_create("internal");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, our_open);
	tcase_add_test(tc, hold_timer);
	tcase_add_test(tc, keepalive_passes_updates);
	tcase_add_loop_test(tc, bad_open, 0, ARRAY_LEN(bad_opens));
	tcase_add_test(tc, unsupported_capability_data);
	tcase_add_loop_test(tc, bad_header, 0, ARRAY_LEN(bad_headers));
	tcase_add_test(tc, out_of_turn);
	tcase_add_test(tc, shutdown_says_why);
	tcase_add_test(tc, what_a_change_costs);
	tcase_add_test(tc, instance_shutdown);
	tcase_add_test(tc, instance_shutdown_keeps_routes);
	tcase_add_test(tc, strangers_are_refused);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
