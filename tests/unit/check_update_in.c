/* SPDX-License-Identifier: ISC */
/* check_update_in: received UPDATEs: routes, each verdict of RFC 7606, loops, noise. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/afi.h"
#include "bgpd/refresh.h"
#include "lib/util.h"
#include "tests/unit/raw_peer.h"

/* Routes. */

START_TEST(routes_come_and_go)
{
	struct msg m;
	uint8_t val[64];
	struct wbuf b = wb_init(val, sizeof val);

	up();
	announce(1, 20);
	ck_assert(node_has(n, 1) && node_has(n, 20) && !node_has(n, 21));
	ck_assert_uint_eq(peer_prefixes_in(peer(), AFI_SAFI_EVPN), 20);
	ck_assert_uint_eq(node_attrs(n, 5)->a.nexthop.len, 4);
	update_begin(&m);
	wb_u16(&b, AFI_L2VPN);
	wb_u8(&b, SAFI_EVPN);
	put_nlri(&b, 7, 1);
	update_attr(&m, 0x80, ATTR_MP_UNREACH, val, wb_len(&b));
	update_send(&m);
	ck_assert(!node_has(n, 7) && node_has(n, 8));
	ck_assert_int_eq(raw_notification(raw, NULL, NULL), 0);
	close(raw->fd);
	raw->fd = -1;
	world_run(&w, 0.1);
	ck_assert(!node_has(n, 1));
	ck_assert_str_eq(peer()->last_reset, "closed by the peer");
	ck_assert_uint_eq(rib_count(bgp_rib(n->b)), 0);
}
END_TEST

START_TEST(bytes_in_any_pieces)
{
	struct msg m;
	size_t len;

	up();
	update_begin(&m);
	put_reach(&m, 1, 3);
	put_base(&m);
	update_end(&m);
	len = wb_len(&m.w);
	for (size_t i = 0; i < len; i++) {
		raw_write(raw, m.b + i, 1);
		world_run(&w, 0.001);
		ck_assert_int_eq(node_has(n, 3), i + 1 == len);
	}
	ck_assert(node_up(n, raw));
}
END_TEST

enum outcome { KEPT, WITHDRAWN, RESET };

struct hostile {
	const char *name;	     /* shown when it fails */
	void (*make)(struct msg *m); /* writes the attributes of an UPDATE for route 1 */
	enum outcome want;	     /* of route 1, announced before */
	int notification;	     /* with RESET */
};

static void
make_origin_value(struct msg *m)
{
	put_reach(m, 1, 1);
	update_attr(m, 0x40, ATTR_ORIGIN, "\x05", 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "", 0);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
make_origin_length(struct msg *m)
{
	put_reach(m, 1, 1);
	update_attr(m, 0x40, ATTR_ORIGIN, "\0\0", 2);
	update_attr(m, 0x40, ATTR_AS_PATH, "", 0);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
make_aspath_overrun(struct msg *m)
{
	put_reach(m, 1, 1);
	update_attr(m, 0x40, ATTR_ORIGIN, "\0", 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "\x02\x09\0\0\0\x01", 6);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
make_missing_origin(struct msg *m)
{
	put_reach(m, 1, 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "", 0);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
make_communities_length(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0xc0, ATTR_COMMUNITIES, "\0\0\0", 3);
}

static void
make_ecoms_length(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0xc0, ATTR_EXT_COMMUNITIES, "\0\0\0\0\0\0\0", 7);
}

static void
make_originator_length(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x80, ATTR_ORIGINATOR_ID, "\0\0\0", 3);
}

static void
make_aggregator_length(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0xc0, ATTR_AGGREGATOR, "\0\0\0", 3);
}

static void
make_atomic_length(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x40, ATTR_ATOMIC_AGGREGATE, "\0", 1);
}

static void
make_med_twice(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x80, ATTR_MED, "\0\0\0\x01", 4);
	update_attr(m, 0x80, ATTR_MED, "\0\0\0\x02", 4);
}

static void
make_attr_overrun(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	/* Length 200, one octet there. */
	wb_bytes(&m->w, "\x80\x04\xc8\x01", 4);
}

/* Lost with its NLRI: what it announced or withdrew nobody knows (RFC 7606 5.2, 5.3). */
static void
make_reach_runs_past(struct msg *m)
{
	wb_bytes(&m->w, "\x80\x0e\xc8\0\x19\x46\x04\x0a\0\0\x09\0", 12);
}

static void
make_unreach_runs_past(struct msg *m)
{
	wb_bytes(&m->w, "\x80\x0f\xc8\0\x19\x46", 6);
}

static void
make_unreach_runs_past_late(struct msg *m)
{
	put_reach(m, 2, 2);
	put_base(m);
	make_unreach_runs_past(m);
}

static void
make_reach_twice(struct msg *m)
{
	put_reach(m, 1, 1);
	put_reach(m, 1, 1);
	put_base(m);
}

static void
make_reach_short(struct msg *m)
{
	update_attr(m, 0x80, ATTR_MP_REACH, "\0\x19\x46\x04\x0a", 5);
	put_base(m);
}

static void
make_nlri_overrun(struct msg *m)
{
	update_attr(
	    m, 0x80, ATTR_MP_REACH, "\0\x19\x46\x04\x0a\0\0\x09\0\x02\xff\x01", 12);
	put_base(m);
}

static void
make_unknown_wellknown(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x40, 99, "\0", 1);
}

static void
make_unknown_transitive(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0xc0, 99, "\0", 1);
}

static void
make_loop_as(struct msg *m)
{
	put_reach(m, 1, 1);
	update_attr(m, 0x40, ATTR_ORIGIN, "\0", 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "\x02\x01\0\0\xfd\xe8", 6);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
make_loop_originator(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x80, ATTR_ORIGINATOR_ID, "\x0a\0\0\x01", 4);
}

static void
make_loop_cluster(struct msg *m)
{
	put_reach(m, 1, 1);
	put_base(m);
	update_attr(m, 0x80, ATTR_ORIGINATOR_ID, "\x0a\0\0\x07", 4);
	update_attr(m, 0x80, ATTR_CLUSTER_LIST, "\x0a\0\0\x02\x0a\0\0\x01", 8);
}

static void
make_nlri_body(struct msg *m)
{
	/* A type 2 with a MAC length of 47: framed, so skipped alone (RFC 7606 5.4). */
	uint8_t val[64];
	struct wbuf b = wb_init(val, sizeof val);

	wb_bytes(&b, "\0\x19\x46\x04\x0a\0\0\x09\0", 9);
	put_nlri(&b, 1, 1);
	val[9 + 2 + 22] = 47;
	update_attr(m, 0x80, ATTR_MP_REACH, val, wb_len(&b));
	put_base(m);
}

static void
make_other_family(struct msg *m)
{
	/* IPv6 multicast, not agreed on: ignored (RFC 4760 6). */
	update_attr(m, 0x80, ATTR_MP_REACH, "\0\x02\x02\x04\x0a\0\0\x09\0\x99\x99", 11);
	put_base(m);
}

/* MP_REACH_NLRI of IPv6 unicast, which we know and did not agree on, with a next hop of 7 octets. */
static void
put_deaf_reach(struct msg *m)
{
	update_attr(
	    m, 0x80, ATTR_MP_REACH, "\0\x02\x01\x07\x0a\0\0\x09\0\0\0\0\x08\x20", 14);
}

static void
make_deaf_family(struct msg *m)
{
	put_deaf_reach(m);
	put_base(m);
}

/* What is wrong in a family that is ignored does not hide what is said of another one. */
static void
make_deaf_family_hides(struct msg *m)
{
	uint8_t val[64];
	struct wbuf b = wb_init(val, sizeof val);

	put_deaf_reach(m);
	wb_bytes(&b, "\0\x19\x46", 3);
	put_nlri(&b, 1, 1);
	update_attr(m, 0x80, ATTR_MP_UNREACH, val, wb_len(&b));
	put_base(m);
}

static void
make_deaf_family_hides_fault(struct msg *m)
{
	put_deaf_reach(m);
	update_attr(m, 0x80, ATTR_MP_UNREACH, "\0\x19\x46\x02\xff\x01", 6);
	put_base(m);
}

/* The other way round: the fault is in EVPN's MP_REACH_NLRI. */
static void
make_fault_before_deaf_family(struct msg *m)
{
	update_attr(m, 0x80, ATTR_MP_REACH, "\0\x19\x46\x07\x0a\0\0\x09\0\0\0\0", 12);
	update_attr(m, 0x80, ATTR_MP_UNREACH, "\0\x02\x01\xff\x01", 5);
	put_base(m);
}

static const struct hostile hostiles[] = {
	{ "ORIGIN value", make_origin_value, WITHDRAWN, 0 },
	{ "ORIGIN length", make_origin_length, WITHDRAWN, 0 },
	{ "AS_PATH overrun", make_aspath_overrun, WITHDRAWN, 0 },
	{ "no ORIGIN", make_missing_origin, WITHDRAWN, 0 },
	{ "COMMUNITIES length", make_communities_length, WITHDRAWN, 0 },
	{ "EXTENDED COMMUNITIES length", make_ecoms_length, WITHDRAWN, 0 },
	{ "ORIGINATOR_ID length", make_originator_length, WITHDRAWN, 0 },
	{ "AGGREGATOR length", make_aggregator_length, KEPT, 0 },
	{ "ATOMIC_AGGREGATE length", make_atomic_length, KEPT, 0 },
	{ "MED twice", make_med_twice, KEPT, 0 },
	{ "attribute overrun", make_attr_overrun, WITHDRAWN, 0 },
	{ "MP_REACH runs past", make_reach_runs_past, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_ATTR_LIST },
	{ "MP_UNREACH runs past", make_unreach_runs_past, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_ATTR_LIST },
	{ "MP_UNREACH runs past, last", make_unreach_runs_past_late, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_ATTR_LIST },
	{ "MP_REACH twice", make_reach_twice, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_ATTR_LIST },
	{ "MP_REACH short", make_reach_short, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_OPTIONAL },
	{ "NLRI overrun", make_nlri_overrun, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_OPTIONAL },
	{ "unknown well-known", make_unknown_wellknown, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_UNKNOWN_WELL_KNOWN },
	{ "unknown transitive", make_unknown_transitive, KEPT, 0 },
	{ "own AS in AS_PATH", make_loop_as, WITHDRAWN, 0 },
	{ "own ORIGINATOR_ID", make_loop_originator, WITHDRAWN, 0 },
	{ "own cluster", make_loop_cluster, WITHDRAWN, 0 },
	{ "NLRI body", make_nlri_body, KEPT, 0 },
	{ "family not agreed on", make_other_family, KEPT, 0 },
	{ "fault in a family not agreed on", make_deaf_family, KEPT, 0 },
	{ "beside it a withdrawal", make_deaf_family_hides, WITHDRAWN, 0 },
	{ "beside it a fault", make_deaf_family_hides_fault, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_OPTIONAL },
	{ "behind a fault", make_fault_before_deaf_family, RESET,
	    BGP_ERR_UPDATE << 8 | BGP_UPDATE_OPTIONAL },
};

START_TEST(hostile_update)
{
	const struct hostile *h = &hostiles[_i];
	struct msg m;
	int note;

	up();
	announce(1, 1);
	announce(2, 1);
	update_begin(&m);
	h->make(&m);
	update_send(&m);
	note = raw_notification(raw, NULL, NULL);
	ck_assert_msg(note == (h->want == RESET ? h->notification : 0),
	    "%s: NOTIFICATION %d/%d", h->name, note >> 8, note & 0xff);
	ck_assert_msg(node_up(n, raw) == (h->want != RESET), "%s: session", h->name);
	world_run(&w, 0.1);
	ck_assert_msg(node_has(n, 1) == (h->want == KEPT), "%s: route", h->name);
	/* Others are not touched by what happened to one. */
	ck_assert_msg(node_has(n, 2) == (h->want != RESET), "%s: other route", h->name);
	if (h->want != RESET) {
		announce(3, 1);
		ck_assert_msg(node_has(n, 3), "%s: not read on", h->name);
	}
}
END_TEST

/* Good messages with octets changed at random, in pieces of random lengths: whatever comes of it, the
 * speaker goes on and takes the next session. */
START_TEST(noise)
{
	unsigned rng = (unsigned)_i * 104729 + 11;
	struct msg m;

	for (int round = 0; round < 30; round++) {
		int spoil = round % 3;

		up();
		for (int i = 0; i < 30 && node_up(n, raw); i++) {
			size_t len, at = 0;

			update_begin(&m);
			hostiles[(rng >> 9) % ARRAY_LEN(hostiles)].make(&m);
			update_end(&m);
			len = wb_len(&m.w);
			for (int k = 0; k < spoil; k++) {
				rng = rng * 1664525u + 1013904223u;
				m.b[19 + (rng >> 8) % (len - 19)] = (uint8_t)(rng >> 24);
			}
			while (at < len && raw->fd >= 0) {
				size_t piece = MIN(1 + (rng >> 10) % 60, len - at);

				rng = rng * 1664525u + 1013904223u;
				if (send(raw->fd, m.b + at, piece, MSG_NOSIGNAL) < 0)
					break;
				at += piece;
				world_run(&w, 0.001);
			}
		}
		close(raw->fd);
		raw->fd = -1;
		world_run(&w, 100);
	}
	ck_assert_uint_eq(rib_count(bgp_rib(n->b)), 0);
}
END_TEST

START_TEST(loops_are_counted)
{
	struct msg m;

	up();
	update_begin(&m);
	make_loop_as(&m);
	update_send(&m);
	update_begin(&m);
	make_loop_originator(&m);
	update_send(&m);
	update_begin(&m);
	make_loop_cluster(&m);
	update_send(&m);
	ck_assert_uint_eq(peer()->n.loops_as, 1);
	ck_assert_uint_eq(peer()->n.loops_originator, 1);
	ck_assert_uint_eq(peer()->n.loops_cluster, 1);
	/* allowas-in lets the first kind in, from the next message on; the peer is asked again. */
	n->draft.peers[0].evpn.allowas_in = 1;
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert(node_up(n, raw));
	ck_assert_uint_eq(peer()->n.refreshes_out, 1);
	update_begin(&m);
	make_loop_as(&m);
	update_send(&m);
	ck_assert(node_has(n, 1));
	/* "origin": as often as it likes, if the route began in our AS. */
	n->draft.peers[0].evpn.allowas_in = 0;
	n->draft.peers[0].evpn.allowas_in_origin = true;
	node_apply(n);
	world_run(&w, 0.1);
	ck_assert_uint_eq(peer()->n.refreshes_out, 2);
	update_begin(&m);
	make_loop_as(&m);
	update_send(&m);
	ck_assert_uint_eq(peer()->n.loops_as, 1);
	ck_assert(node_has(n, 1));
	update_begin(&m);
	put_reach(&m, 1, 1);
	update_attr(&m, 0x40, ATTR_ORIGIN, "\0", 1);
	update_attr(&m, 0x40, ATTR_AS_PATH, "\x02\x02\0\0\xfd\xe8\0\0\xfd\xe9", 10);
	update_attr(&m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
	update_send(&m);
	ck_assert_uint_eq(peer()->n.loops_as, 2);
	ck_assert(!node_has(n, 1));
}
END_TEST

START_TEST(external_needs_policy)
{
	n->draft.c.ebgp_requires_policy = true;
	node_apply(n);
	node_originate(n, 100, -1);
	up();
	announce(1, 1);
	ck_assert(!node_has(n, 1));
	ck_assert_uint_eq(peer_prefixes_out(peer(), AFI_SAFI_EVPN), 0);
	n->draft.c.ebgp_requires_policy = false;
	node_apply(n);
	world_run(&w, 2);
	up();
	announce(1, 1);
	ck_assert(node_has(n, 1));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("update_in");
	TCase *tc = tcase_create("internal");
	TCase *te = tcase_create("external");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, routes_come_and_go);
	tcase_add_test(tc, bytes_in_any_pieces);
	tcase_add_loop_test(tc, hostile_update, 0, ARRAY_LEN(hostiles));
	tcase_add_loop_test(tc, noise, 0, 8);
	tcase_add_test(tc, loops_are_counted);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(te, setup_external, teardown);
	tcase_add_test(te, external_needs_policy);
	suite_add_tcase(s, te);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
