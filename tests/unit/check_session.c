/* SPDX-License-Identifier: ISC */
/* check_session: one speaker against a hand-made peer: what it says, what it takes, how it ends. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/afi.h"
#include "bgpd/refresh.h"
#include "lib/util.h"
#include "tests/unit/bgp_world.h"

static struct world w;
static struct node *n, *raw;

/* One speaker (AS 65000, hold 9) and one raw peer of the given AS. */
static void
start(uint32_t as)
{
	world_init(&w, 1);
	n = node_new(&w, 1, 65000);
	raw = node_new_raw(&w, 9);
	raw->refuse = true;
	node_add_peer(n, raw, as);
}

static void
setup(void)
{
	start(65000);
	node_apply(n);
}

static void
setup_external(void)
{
	start(65001);
	node_apply(n);
}

static void
teardown(void)
{
	world_fini(&w);
}

/* A made-up UPDATE. */
struct msg {
	uint8_t b[MSG_MAX]; /* the whole message */
	struct wbuf w;	    /* over b */
	size_t attrs;	    /* mark of the attribute length */
	size_t start;	    /* mark of the message length */
};

static void
update_begin(struct msg *m)
{
	m->w = wb_init(m->b, sizeof m->b);
	m->start = msg_begin(&m->w, MSG_UPDATE);
	wb_u16(&m->w, 0);
	m->attrs = wb_len16_begin(&m->w);
}

static void
update_attr(struct msg *m, uint8_t flags, uint8_t code, const void *val, size_t len)
{
	wb_u8(&m->w, flags);
	wb_u8(&m->w, code);
	if (flags & 0x10)
		wb_u16(&m->w, (uint16_t)len);
	else
		wb_u8(&m->w, (uint8_t)len);
	wb_bytes(&m->w, val, len);
}

static void
update_end(struct msg *m)
{
	wb_len16_end(&m->w, m->attrs);
	msg_end(&m->w, m->start);
	ck_assert(!m->w.failed);
}

static void
update_send(struct msg *m)
{
	update_end(m);
	raw_write(raw, m->b, wb_len(&m->w));
	world_run(&w, 0.01);
}

static void
put_nlri(struct wbuf *b, unsigned first, unsigned count)
{
	struct rib_path path = { .flags = PATH_LABEL1, .label1 = { 0, 0, 100 } };
	struct rib_key k;

	for (unsigned i = first; i < first + count; i++) {
		route_key(i, &k);
		afi_encode(afi_evpn(), b, &k, &path, NULL);
	}
}

static void
put_reach(struct msg *m, unsigned first, unsigned count)
{
	uint8_t val[2048];
	struct wbuf b = wb_init(val, sizeof val);

	wb_u16(&b, AFI_L2VPN);
	wb_u8(&b, SAFI_EVPN);
	wb_u8(&b, 4);
	wb_u32(&b, 0x0a000009);
	wb_u8(&b, 0);
	put_nlri(&b, first, count);
	ck_assert(!b.failed);
	update_attr(m, 0x90, ATTR_MP_REACH, val, wb_len(&b));
}

static void
put_base(struct msg *m)
{
	update_attr(m, 0x40, ATTR_ORIGIN, "\0", 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "", 0);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

static void
announce(unsigned first, unsigned count)
{
	struct msg m;

	update_begin(&m);
	put_reach(&m, first, count);
	put_base(&m);
	update_send(&m);
}

static void
send_eor(void)
{
	struct msg m;

	update_begin(&m);
	update_attr(&m, 0x80, ATTR_MP_UNREACH, "\0\x19\x46", 3);
	update_send(&m);
}

static void
send_refresh(uint8_t type)
{
	uint8_t b[64];
	struct wbuf x = wb_init(b, sizeof b);

	refresh_encode(&x, &(struct refresh){ AFI_L2VPN, SAFI_EVPN, type });
	raw_write(raw, b, wb_len(&x));
	world_run(&w, 0.01);
}

static struct peer *
peer(void)
{
	return node_peer(n, raw);
}

static void
up(void)
{
	raw_establish(
	    raw, n, peer()->conf->remote_as, OPEN_REFRESH | OPEN_ENHANCED_REFRESH);
}

static void
up_gr(void)
{
	raw_establish(raw, n, 65000, OPEN_GR);
}

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

/* Routes. */

START_TEST(routes_come_and_go)
{
	struct msg m;
	uint8_t val[64];
	struct wbuf b = wb_init(val, sizeof val);

	up();
	announce(1, 20);
	ck_assert(node_has(n, 1) && node_has(n, 20) && !node_has(n, 21));
	ck_assert_uint_eq(peer_prefixes_in(peer()), 20);
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
	ck_assert_uint_eq(peer_prefixes_out(peer()), 0);
	n->draft.c.ebgp_requires_policy = false;
	node_apply(n);
	world_run(&w, 2);
	up();
	announce(1, 1);
	ck_assert(node_has(n, 1));
}
END_TEST

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
	ck_assert_uint_eq(peer_prefixes_in(peer()), 20);
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

static void
offer_gr(void)
{
	n->draft.c.graceful_restart = true;
	node_apply(n);
}

START_TEST(restart_keeps_and_sweeps)
{
	offer_gr();
	up_gr();
	announce(1, 10);
	send_eor();
	ck_assert(peer()->eor_in);
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
	TCase *te = tcase_create("external");
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
	tcase_add_test(tc, routes_come_and_go);
	tcase_add_test(tc, bytes_in_any_pieces);
	tcase_add_loop_test(tc, hostile_update, 0, ARRAY_LEN(hostiles));
	tcase_add_loop_test(tc, noise, 0, 8);
	tcase_add_test(tc, loops_are_counted);
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
	tcase_add_test(tc, shutdown_says_why);
	tcase_add_test(tc, what_a_change_costs);
	tcase_add_test(tc, instance_shutdown);
	tcase_add_test(tc, instance_shutdown_keeps_routes);
	tcase_add_test(tc, strangers_are_refused);
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
