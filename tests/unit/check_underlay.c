/* SPDX-License-Identifier: ISC */
/* The underlay between RIBs and main table: what is told, what is wanted, and what became of it. */
#include "config.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/hash.h"
#include "lib/util.h"
#include "tests/unit/run.h"
#include "underlay/core.h"

/* Two RIBs with two neighbours; the tests play the data plane. */
struct world {
	struct loop *loop;
	struct attrtab attrs;
	struct rib *rib[2];
	uint16_t peer[2]; /* in the IPv4 RIB */
	struct underlay *u;
	struct underlay_conf conf;
	struct zl_want want[64]; /* all records that came, in order */
	unsigned nwant;
	unsigned answered; /* of them */
	uint32_t seq;	   /* of the last frame */
	bool busy;
};

static bool
on_send(void *arg, uint16_t type, const void *body, size_t len)
{
	struct world *w = arg;
	struct rbuf r = rb_init(body, len);
	struct zl_want_head head;

	ck_assert_uint_eq(type, ZL_WANT);
	ck_assert(zl_want_head_decode(&r, &head));
	w->seq = head.seq;
	ck_assert(w->seq & UL_MARK);
	while (rb_left(&r) > 0) {
		ck_assert_uint_lt(w->nwant, ARRAY_LEN(w->want));
		ck_assert(zl_want_decode(&r, &w->want[w->nwant++]));
	}
	return true;
}

static void
on_busy(void *arg, bool busy)
{
	((struct world *)arg)->busy = busy;
}

static void
message(struct world *w, uint16_t type, const struct wbuf *b)
{
	underlay_dp_message(w->u, type, b->start, wb_len(b));
	loop_run_idle(w->loop);
}

/* Of the last frame this record has failed (-1: none), all others have not. */
static void
answer(struct world *w, int failed)
{
	uint8_t body[512];
	struct wbuf b = wb_init(body, sizeof body);
	struct zl_result head = { .seq = w->seq, .nfailures = failed >= 0 };
	struct zl_failure f = {
		.index = (uint16_t)failed, .error = EHOSTUNREACH, .text = "no way"
	};

	zl_result_encode(&b, &head);
	if (failed >= 0)
		zl_failure_encode(&b, &f);
	w->answered = w->nwant;
	message(w, ZL_RESULT, &b);
}

/* Answers until nothing is asked any more. */
static void
answer_all(struct world *w)
{
	while (w->answered < w->nwant)
		answer(w, -1);
}

static void
apply(struct world *w)
{
	underlay_apply(w->u, &w->conf);
	loop_run_idle(w->loop);
}

static struct world *
world_new(void)
{
	const struct rib_peer peers[2] = { { .router_id = 1,
					       .addr = { 4, { 10, 0, 0, 1 } } },
		{ .router_id = 2, .addr = { 4, { 10, 0, 0, 2 } } } };
	struct world *w = xcalloc(1, sizeof *w);
	struct underlay_ops ops = { on_send, on_busy, w };
	uint8_t epoch[4] = { 0, 0, 0, 1 };
	struct wbuf b = wb_init(epoch, sizeof epoch);

	hash_seed_fixed(1, 2);
	w->loop = loop_new_sim(1);
	attrtab_init(&w->attrs);
	for (int af = 0; af < 2; af++)
		w->rib[af] = rib_new(w->loop, &w->attrs);
	w->peer[0] = rib_peer_add(w->rib[0], &peers[0]);
	w->peer[1] = rib_peer_add(w->rib[0], &peers[1]);
	w->u = underlay_new(w->loop, w->rib, &ops);
	w->conf.af[0].paths_ebgp = w->conf.af[1].paths_ebgp = 2;
	apply(w);
	wb_u32(&b, 1);
	message(w, ZL_OBSERVED_BEGIN, &b);
	b.pos = b.start;
	message(w, ZL_OBSERVED_END, &b);
	return w;
}

static void
world_free(struct world *w)
{
	underlay_free(w->u);
	for (int af = 0; af < 2; af++)
		rib_free(w->rib[af]);
	attrtab_fini(&w->attrs);
	loop_free(w->loop);
	free(w);
}

static struct prefix
pfx(const char *text)
{
	struct prefix p;

	ck_assert(prefix_parse(text, &p));
	return p;
}

/* Somebody's route in the main table. */
static void
route(struct world *w, uint8_t op, const char *prefix, uint8_t proto, const char *ifname)
{
	struct zl_route r = { .op = op,
		.flags = proto == RTPROT_KERNEL ? ZL_ROUTE_CONNECTED : 0,
		.table = UL_TABLE,
		.prefix = pfx(prefix),
		.proto = proto };
	uint8_t body[128];
	struct wbuf b = wb_init(body, sizeof body);

	snprintf(r.ifname, sizeof r.ifname, "%s", ifname);
	zl_route_encode(&b, &r);
	message(w, ZL_ROUTE, &b);
}

/* The MED of what BGP is told of the prefix: -1 without, -2 if it is told nothing. */
static int64_t
told(struct world *w, const char *prefix)
{
	const struct rib_path *p = NULL;
	const struct attrset *s;
	struct rib_key k;
	uint32_t h;

	ul_key(pfx(prefix), &k);
	h = rib_find(w->rib[ul_af(pfx(prefix))], &k);
	if (h)
		p = rib_path_of(w->rib[ul_af(pfx(prefix))],
		    rib_route(w->rib[ul_af(pfx(prefix))], h), 0);
	if (!p)
		return -2;
	s = attrset_get(&w->attrs, p->attrs);
	return s->a.has & HAS_MED ? (int64_t)s->a.med : -1;
}

START_TEST(redistribute)
{
	struct world *w = world_new();
	struct underlay_redist *d = w->conf.af[0].redist;
	struct rmap *m = rmap_new();

	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0] = (struct rmap_entry){ .permit = true,
		.match = RMAP_IF,
		.ifname = "lo",
		.set = RMAP_SET_METRIC,
		.metric = 9 };
	route(w, ZL_SET, "10.1.0.0/24", RTPROT_KERNEL, "eth0");
	route(w, ZL_SET, "10.2.0.0/24", RTPROT_STATIC, "lo");
	route(w, ZL_SET, "10.3.0.0/24", RTPROT_DHCP, "eth0");
	route(w, ZL_SET, "2001:db8::/64", RTPROT_KERNEL, "eth0");
	ck_assert_int_eq(told(w, "10.1.0.0/24"), -2);
	d[UL_CONNECTED] = (struct underlay_redist){ .on = true };
	d[UL_STATIC] =
	    (struct underlay_redist){ .on = true, .has_metric = true, .metric = 5 };
	apply(w);
	ck_assert_int_eq(told(w, "10.1.0.0/24"), -1);
	ck_assert_int_eq(told(w, "10.2.0.0/24"), 5);
	ck_assert_int_eq(told(w, "10.3.0.0/24"), -2);
	ck_assert_int_eq(told(w, "2001:db8::/64"), -2);
	d[UL_CONNECTED].map = d[UL_STATIC].map = m;
	apply(w);
	ck_assert_int_eq(told(w, "10.1.0.0/24"), -2);
	ck_assert_int_eq(told(w, "10.2.0.0/24"), 9);
	route(w, ZL_DEL, "10.2.0.0/24", RTPROT_STATIC, "lo");
	ck_assert_int_eq(told(w, "10.2.0.0/24"), -2);
	ck_assert_uint_eq(w->nwant, 0);
	world_free(w);
	rmap_unref(m);
}
END_TEST

START_TEST(network)
{
	struct world *w = world_new();
	struct underlay_network net = { .prefix = pfx("10.3.0.0/24") };

	w->conf.af[0].networks = &net;
	w->conf.af[0].nnetworks = 1;
	apply(w);
	ck_assert_int_eq(told(w, "10.3.0.0/24"), -2);
	route(w, ZL_SET, "10.3.0.0/24", RTPROT_DHCP, "eth0");
	ck_assert_int_eq(told(w, "10.3.0.0/24"), -1);
	/* A map that is not there. */
	net.map = rmap_new();
	apply(w);
	ck_assert_int_eq(told(w, "10.3.0.0/24"), -2);
	world_free(w);
	rmap_unref(net.map);
}
END_TEST

/* What is not said again between BEGIN and END is gone. */
START_TEST(unsaid)
{
	struct world *w = world_new();
	uint8_t epoch[4] = { 0, 0, 0, 2 };
	struct wbuf b = wb_init(epoch, sizeof epoch);

	w->conf.af[0].redist[UL_STATIC].on = true;
	apply(w);
	route(w, ZL_SET, "10.1.0.0/24", RTPROT_STATIC, "eth0");
	route(w, ZL_SET, "10.2.0.0/24", RTPROT_STATIC, "eth0");
	wb_u32(&b, 2);
	message(w, ZL_OBSERVED_BEGIN, &b);
	route(w, ZL_SET, "10.2.0.0/24", RTPROT_STATIC, "eth0");
	ck_assert_int_eq(told(w, "10.1.0.0/24"), -1);
	ck_assert(w->busy);
	b.pos = b.start;
	message(w, ZL_OBSERVED_END, &b);
	ck_assert_int_eq(told(w, "10.1.0.0/24"), -2);
	ck_assert_int_eq(told(w, "10.2.0.0/24"), -1);
	ck_assert(!w->busy);
	world_free(w);
}
END_TEST

/* A neighbour's route by way of 10.0.0.`hop`. */
static void
announce(struct world *w, unsigned peer, const char *prefix, unsigned hop)
{
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_NEXT_HOP,
		.nexthop = { 4, { 10, 0, 0, (uint8_t)hop } } };
	struct rib_path_in in = { .attrs = attrset_intern(&w->attrs, &a) };
	struct rib_key k;

	ul_key(pfx(prefix), &k);
	rib_update(w->rib[0], &k, w->peer[peer], &in);
	loop_run_idle(w->loop);
}

static void
withdraw(struct world *w, unsigned peer, const char *prefix)
{
	struct rib_key k;

	ul_key(pfx(prefix), &k);
	rib_withdraw(w->rib[0], &k, w->peer[peer]);
	loop_run_idle(w->loop);
}

static bool
state(struct world *w, const char *prefix, struct underlay_route *out)
{
	struct prefix at = { 0 };

	while (underlay_route_next(w->u, 0, &at, out))
		if (out->prefix.plen == pfx(prefix).plen &&
		    ip_equal(out->prefix.ip, pfx(prefix).ip))
			return true;
	return false;
}

START_TEST(wanted)
{
	struct world *w = world_new();
	struct underlay_route r;

	announce(w, 0, "10.9.0.0/24", 1);
	ck_assert_uint_eq(w->nwant, 2); /* the hop first */
	ck_assert(w->want[0].kind == ZL_KIND_HOP && w->want[0].flags == ZL_F_DIRECT);
	ck_assert(w->want[1].kind == ZL_KIND_ROUTE && w->want[1].table == UL_TABLE);
	ck_assert_uint_eq(w->want[1].id, w->want[0].id);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.state == UL_PENDING && r.nhops == 1);
	answer(w, -1);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.state == UL_INSTALLED);
	/* A second way: a group of both. */
	announce(w, 1, "10.9.0.0/24", 2);
	answer_all(w);
	ck_assert_uint_eq(w->want[w->nwant - 1].kind, ZL_KIND_ROUTE);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.nhops == 2 && r.state == UL_INSTALLED);
	w->conf.af[0].paths_ebgp = 1;
	{
		struct underlay_conf one = w->conf;

		w->conf.af[0].paths_ebgp = 2; /* what is in force must not change */
		underlay_apply(w->u, &one);
		loop_run_idle(w->loop);
		answer_all(w);
		ck_assert(state(w, "10.9.0.0/24", &r) && r.nhops == 1);
		underlay_apply(w->u, &w->conf);
	}
	withdraw(w, 0, "10.9.0.0/24");
	withdraw(w, 1, "10.9.0.0/24");
	answer_all(w);
	ck_assert(!state(w, "10.9.0.0/24", &r));
	ck_assert_uint_eq(w->u->objs[UL_HOP].live, 0);
	ck_assert_uint_eq(w->u->objs[UL_GROUP].live, 0);
	ck_assert_uint_eq(w->u->objs[UL_ROUTE].live, 0);
	ck_assert(!w->busy);
	world_free(w);
}
END_TEST

START_TEST(fails)
{
	struct world *w = world_new();
	struct underlay_route r;

	announce(w, 0, "10.9.0.0/24", 1);
	answer(w, 1);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.state == UL_FAILED);
	ck_assert_ptr_nonnull(strstr(r.error, "no way"));
	ck_assert_uint_eq(w->nwant, 2);
	/* It is tried again. */
	loop_run_until(w->loop, mono_add(loop_now(w->loop), 120 * 1000000ll));
	ck_assert_uint_gt(w->nwant, 2);
	answer_all(w);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.state == UL_INSTALLED);
	world_free(w);
}
END_TEST

/* What the table has from others is theirs. */
START_TEST(yields)
{
	struct world *w = world_new();
	struct underlay_route r;

	announce(w, 0, "10.9.0.0/24", 1);
	answer_all(w);
	route(w, ZL_SET, "10.9.0.0/24", RTPROT_STATIC, "eth0");
	answer_all(w);
	ck_assert(!state(w, "10.9.0.0/24", &r));
	ck_assert(w->want[w->nwant - 1].op == ZL_DEL);
	route(w, ZL_DEL, "10.9.0.0/24", RTPROT_STATIC, "eth0");
	answer_all(w);
	ck_assert(state(w, "10.9.0.0/24", &r) && r.state == UL_INSTALLED);
	world_free(w);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = { { redistribute, 0, 0 }, { network, 0, 0 },
		{ unsaid, 0, 0 }, { wanted, 0, 0 }, { fails, 0, 0 }, { yields, 0, 0 },
		{ NULL, 0, 0 } };

	return run_tests("underlay", tests);
}
