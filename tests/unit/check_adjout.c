/* SPDX-License-Identifier: ISC */
/* Updates by group: fake peers read what they get and must end up with what policy says. */
#include "config.h"

#include "bgpd/adjout.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/adjout_priv.h"
#include "bgpd/msg.h"
#include "bgpd/refresh.h"
#include "bgpd/rib_priv.h"
#include "bgpd/update.h"
#include "lib/hash.h"
#include "lib/util.h"

enum { NKEYS = 150, NPEERS = 9, NSETS = 12, LOCAL_AS = 65000 };

/* What a peer believes of a key. */
struct belief {
	uint32_t attrs; /* interned set as received; ref; 0 = nothing */
	uint32_t label;
	struct esi esi;
	bool fresh; /* told since BoRR */
};

struct world;

struct fake {
	struct adjout_peer out;
	struct world *w;
	struct adjout_policy policy;
	struct rib_peer facts;
	struct belief table[NKEYS];
	bool slow;	 /* drains only when the schedule says so */
	bool refreshing; /* between BoRR and EoRR */
	int eors, borrs, eorrs;
	int messages, spurious;
};

struct world {
	struct loop *loop;
	struct attrtab attrs;
	struct rib *rib;
	struct adjout *a;
	struct arena arena;
	struct rib_key keys[NKEYS];
	struct evpn_nlri nlri[NKEYS];
	struct fake peers[NPEERS]; /* peers[0] is never joined: local routes */
	struct loop_work driver;
	uint64_t seed;
	int steps;
	bool
	    calm; /* one source a key, no late joiners, no slow ones: told bits are exact */
};

static uint32_t
rnd(struct world *w, uint32_t n)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->seed >> 33) % n;
}

static void
make_key(struct world *w, int i)
{
	struct evpn_nlri *n = &w->nlri[i];

	memset(n, 0, sizeof(*n));
	n->type = i % 7 == 0 ? EVPN_IMET : i % 5 == 0 ? EVPN_PREFIX : EVPN_MACIP;
	n->rd = rd_from_ip(0x0a000001 + (uint32_t)i % 3, (uint16_t)(i % 4));
	n->mac.b[5] = (uint8_t)i;
	n->ip = ip_v4(0x0a010000 + (uint32_t)i);
	n->plen = 32;
	if (i % 11 == 1)
		n->ip = (struct ip){ .len = 0 };
	if (n->type != EVPN_MACIP)
		n->ip = ip_v4(0x0a010000 + (uint32_t)i);
	evpn_nlri_key(n, &w->keys[i]);
}

static int
key_of(const struct world *w, const struct rib_key *k)
{
	for (int i = 0; i < NKEYS; i++)
		if (w->keys[i].len == k->len &&
		    memcmp(w->keys[i].tail, k->tail, k->len) == 0 &&
		    memcmp(&w->keys[i].head, &k->head, sizeof(k->head)) == 0)
			return i;
	ck_abort_msg("a key that nobody announced");
}

/* The attribute sets that sources send. */
static uint32_t
make_set(struct world *w, uint32_t i, bool ibgp)
{
	static const uint32_t comms[] = { 0xffffff02u, 0xffffff01u, 0xfde80001u };
	static const uint32_t clusters[] = { 0x01010101, 0x02020202 };
	struct ecom rt[2] = { rt_from_as(LOCAL_AS, 100 + i),
		{ { 0x43, 0, 0, 0, 0, 0, 0, 1 } } };
	uint8_t path[] = { 2, 1, 0, 0, 0xfe, (uint8_t)i };
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH,
		.nexthop = ip_v4(0x0a640000 + i % 3) };

	if (i == 10 || i == 11) {
		a.ncomms = 1;
		a.comms = &comms[i - 10];
	}
	a.ecoms = rt;
	a.necoms = i % 4 == 0 ? 2 : 1;
	if (i % 3 == 0) {
		a.has |= HAS_MED;
		a.med = i;
	}
	if (i % 2) {
		a.aspath = path;
		a.aspath_len = sizeof(path);
	}
	if (ibgp) {
		a.has |= HAS_LOCAL_PREF;
		a.local_pref = 100 + i / 4;
	}
	if (ibgp && i == 5) {
		a.clusters = clusters;
		a.nclusters = 2;
		a.has |= HAS_ORIGINATOR;
		a.originator = 0x05050505;
	}
	return attrset_intern(&w->attrs, &a);
}

static void
belief_clear(struct world *w, struct belief *b)
{
	if (b->attrs)
		attrset_unref(&w->attrs, b->attrs);
	memset(b, 0, sizeof(*b));
}

/* What the peer should believe of a key; attrs 0: nothing.  The caller owns the reference. */
static struct belief
expected(struct world *w, const struct fake *f, int key)
{
	uint32_t h = rib_find(w->rib, &w->keys[key]);
	const struct rib_path *b = h ? rib_best(rib_route(w->rib, h)) : NULL;
	struct belief e = { 0 };
	struct attrs a;

	if (!b || b->peer == f->out.peer ||
	    !policy_permits(&f->policy, rib_peer(w->rib, b->peer),
		attrset_get(&w->attrs, b->attrs), w->nlri[key].type))
		return e;
	if (f->policy.map && w->nlri[key].type != f->policy.map->e[0].type)
		return e;
	policy_rewrite(&f->policy, rib_peer(w->rib, b->peer),
	    attrset_get(&w->attrs, b->attrs), 0, &w->arena, &a);
	e.attrs = attrset_intern(&w->attrs, &a);
	e.label = rib_label(b->label1);
	e.esi = rib_aux(w->rib, b->aux)->esi;
	arena_reset(&w->arena);
	return e;
}

static void
check_belief(struct world *w, const struct fake *f)
{
	for (int k = 0; k < NKEYS; k++) {
		const struct belief *b = &f->table[k];
		struct belief e = expected(w, f, k);

		ck_assert_uint_eq(b->attrs, e.attrs);
		if (e.attrs) {
			ck_assert_uint_eq(b->label, e.label);
			ck_assert(esi_equal(b->esi, e.esi));
		}
		belief_clear(w, &e);
	}
}

static void
take_reach(struct fake *f, struct update *u, struct update_field *r)
{
	struct world *w = f->w;
	struct afi_nlri n;

	u->attrs.nexthop = r->nexthop;
	while (rb_left(&r->nlri) > 0) {
		struct belief *b;
		int k;

		ck_assert_int_eq(r->family->decode(&r->nlri, &n), NLRI_OK);
		k = key_of(w, &n.key);
		/* No echo: the RIB stands still during a slice. */
		ck_assert_uint_ne(
		    rib_route(w->rib, rib_find(w->rib, &n.key))->path.peer, f->out.peer);
		b = &f->table[k];
		belief_clear(w, b);
		b->attrs = attrset_intern(&w->attrs, &u->attrs);
		b->label = n.nlabels ? n.label[0] : 0;
		b->esi = n.aux.esi;
		b->fresh = true;
	}
}

static void
take_withdraw(struct fake *f, struct update_field *r)
{
	struct afi_nlri n;

	while (rb_left(&r->nlri) > 0) {
		struct belief *b;

		ck_assert_int_eq(r->family->decode(&r->nlri, &n), NLRI_OK);
		b = &f->table[key_of(f->w, &n.key)];
		f->spurious += b->attrs == 0;
		ck_assert(!f->w->calm || b->attrs != 0);
		belief_clear(f->w, b);
	}
}

static void
take_update(struct fake *f, const struct bgp_msg *m)
{
	struct attr_ctx ctx = {
		.as4 = f->policy.as4, .ibgp = f->policy.ibgp, .local_as = LOCAL_AS
	};
	struct update u;

	update_decode(m->body, &ctx, &f->w->arena, &u);
	ck_assert_int_eq(u.fault.verdict, UPD_OK);
	if (u.eor) {
		f->eors++;
		check_belief(f->w, f);
	}
	for (int i = 0; i < u.nwithdraw; i++)
		take_withdraw(f, &u.withdraw[i]);
	for (int i = 0; i < u.nreach; i++)
		take_reach(f, &u, &u.reach[i]);
	arena_reset(&f->w->arena);
}

static void
take_refresh(struct fake *f, const struct bgp_msg *m)
{
	struct bgp_fault fault;
	struct refresh r;

	ck_assert(refresh_decode(m, &r, &fault));
	if (r.type == REFRESH_BORR) {
		f->borrs++;
		f->refreshing = true;
		for (int k = 0; k < NKEYS; k++)
			f->table[k].fresh = false;
		return;
	}
	ck_assert_uint_eq(r.type, REFRESH_EORR);
	ck_assert(f->refreshing);
	f->refreshing = false;
	f->eorrs++;
	for (int k = 0; k < NKEYS; k++)
		if (!f->table[k].fresh)
			belief_clear(f->w, &f->table[k]);
	check_belief(f->w, f);
}

static void
push(struct adjout_peer *p, struct txbuf *b)
{
	struct fake *f = container_of(p, struct fake, out);
	struct bgp_fault fault;
	struct bgp_msg m;

	ck_assert_int_eq(msg_frame(b->data, b->len, MSG_MAX, &m, &fault), MSG_WHOLE);
	ck_assert_uint_eq(m.len, b->len);
	f->messages++;
	if (m.type == MSG_UPDATE)
		take_update(f, &m);
	else
		take_refresh(f, &m);
	p->queued += b->len;
}

/* A fast peer has written everything by the end of the slice. */
static void
flush(struct adjout_peer *p)
{
	if (container_of(p, struct fake, out)->slow)
		return;
	p->queued = 0;
	adjout_drained(p);
}

static void
forget(struct fake *f)
{
	for (int k = 0; k < NKEYS; k++)
		belief_clear(f->w, &f->table[k]);
	f->out.queued = 0;
	f->refreshing = false;
}

static void
join(struct fake *f)
{
	forget(f);
	f->out.push = push;
	f->out.flush = flush;
	f->eors = 0;
	adjout_join(f->w->a, &f->out, &f->policy, true);
}

static void
put(struct world *w, int k, int p, uint32_t set)
{
	struct rib_path_in in = { .nlabels = w->nlri[k].type != EVPN_IMET };

	in.attrs = make_set(w, set, w->peers[p].facts.ibgp);
	in.label[0] = 5000 + set % 2;
	in.aux.esi.b[9] = w->nlri[k].type != EVPN_IMET && set % 4 == 1;
	rib_update(w->rib, &w->keys[k], w->peers[p].out.peer, &in);
}

static void
drop(struct world *w, int k, int p)
{
	rib_withdraw(w->rib, &w->keys[k], w->peers[p].out.peer);
}

static void
op_session(struct world *w)
{
	struct fake *f = &w->peers[1 + rnd(w, NPEERS - 1)];

	if (!f->out.pos) {
		join(f);
	} else if (rnd(w, 2)) {
		adjout_leave(&f->out);
		forget(f);
	} else {
		adjout_refresh(&f->out, rnd(w, 2));
	}
}

static void
op_pace(struct world *w)
{
	struct fake *f = &w->peers[1 + rnd(w, NPEERS - 1)];

	f->slow = rnd(w, 3) == 0;
	if (f->out.pos && rnd(w, 2)) {
		f->out.queued -= rnd(w, (uint32_t)f->out.queued + 1);
		adjout_drained(&f->out);
	}
}

static bool
drive(struct loop_work *work)
{
	struct world *w = container_of(work, struct world, driver);

	for (int i = (int)rnd(w, 12); i > 0 && w->steps > 0; i--, w->steps--) {
		uint32_t n = rnd(w, 1000);
		int k = (int)rnd(w, NKEYS), p = (int)rnd(w, NPEERS);

		if (w->calm)
			p = k % NPEERS;
		if (n < 500)
			put(w, k, p, rnd(w, NSETS));
		else if (n < 850)
			drop(w, k, p);
		else if (n < 870 && !w->calm)
			op_session(w);
		else if (n < 960 && !w->calm)
			op_pace(w);
		else if (n < 965)
			rib_peer_flush(w->rib, w->peers[p].out.peer, false, NULL, NULL);
		else if (n < 970 && !w->calm)
			adjout_hold_eor(w->a, rnd(w, 2));
	}
	return w->steps > 0;
}

/* Four groups: clients, non-clients, external peers, and clients that hear no type 5. */
static void
make_peer(struct world *w, int i)
{
	struct fake *f = &w->peers[i];

	f->w = w;
	f->facts = (struct rib_peer){ .ibgp = i < 7,
		.rr_client = i < 4 || i == 6,
		.router_id = 0x0b000000u + (uint32_t)i,
		.addr = ip_v4(0x0b000000u + (uint32_t)i) };
	f->policy = (struct adjout_policy){ .ibgp = f->facts.ibgp,
		.rr_client = f->facts.rr_client,
		.client_to_client = true,
		.as4 = i != 8,
		.max_msg = MSG_MAX,
		.local_as = LOCAL_AS,
		.cluster_id = 0x09090909,
		.default_local_pref = 100,
		.route_types = i == 6 ? ~(1u << EVPN_PREFIX) : ~0u };
	f->out.peer = i ? rib_peer_add(w->rib, &f->facts) : 0;
}

static struct world *
world_new(uint64_t seed)
{
	struct world *w = xcalloc(1, sizeof(*w));

	w->seed = seed;
	hash_seed_fixed(seed, 2);
	w->loop = loop_new_sim(seed);
	loop_sim_hurry(w->loop, seed % 4);
	attrtab_init(&w->attrs);
	arena_init(&w->arena);
	w->rib = rib_new(w->loop, &w->attrs);
	w->rib->sweep_slice = 11;
	w->a = adjout_new(w->loop, w->rib, afi_evpn());
	w->a->slice = 17;
	w->a->high = 900;
	w->a->low = 300;
	for (int k = 0; k < NKEYS; k++)
		make_key(w, k);
	for (int p = 0; p < NPEERS; p++)
		make_peer(w, p);
	loop_work_init(&w->driver, LOOP_PRIO_RX, drive);
	return w;
}

static void
world_free(struct world *w)
{
	for (int p = 0; p < NPEERS; p++) {
		adjout_leave(&w->peers[p].out);
		forget(&w->peers[p]);
	}
	adjout_free(w->a);
	rib_free(w->rib);
	attrtab_fini(&w->attrs);
	arena_fini(&w->arena);
	loop_free(w->loop);
	free(w);
}

/* Everybody reads what there is; then all are right, and one position a group is left. */
static void
settle(struct world *w)
{
	adjout_hold_eor(w->a, false);
	for (int p = 1; p < NPEERS; p++) {
		w->peers[p].slow = false;
		w->peers[p].out.queued = 0;
		adjout_drained(&w->peers[p].out);
	}
	loop_run_idle(w->loop);
	for (int p = 1; p < NPEERS; p++) {
		struct fake *f = &w->peers[p];

		if (!f->out.pos)
			continue;
		ck_assert(adjout_idle(&f->out));
		ck_assert(!f->refreshing);
		ck_assert_int_eq(f->eors, 1);
		check_belief(w, f);
		for (int k = 0; k < NKEYS; k++) {
			uint32_t h = rib_find(w->rib, &w->keys[k]);

			ck_assert_int_eq(
			    f->table[k].attrs != 0, h && adjout_sends(&f->out, h));
		}
	}
	for (struct adjout_group *g = w->a->groups; g; g = g->next)
		ck_assert(!g->positions->next);
}

START_TEST(random_schedules)
{
	struct world *w = world_new((uint64_t)_i * 104729 + 11);

	for (int round = 0; round < 3; round++) {
		w->steps = 2500;
		loop_work_queue(w->loop, &w->driver);
		loop_run_idle(w->loop);
		settle(w);
	}
	ck_assert_uint_eq(w->rib->index.count, rib_count(w->rib)); /* no tombstone */
	world_free(w);
}
END_TEST

/* More groups than bits: some share one, and are told to forget a little too often. */
START_TEST(shared_bit)
{
	struct world *w = world_new((uint64_t)_i * 17 + 1);
	int bits = 0;

	while (bits < RIB_GROUP_SHARED - 2) {
		rib_group_alloc(w->rib);
		bits++;
	}
	for (int round = 0; round < 2; round++) {
		w->steps = 2500;
		loop_work_queue(w->loop, &w->driver);
		loop_run_idle(w->loop);
		settle(w);
	}
	ck_assert_uint_eq(w->rib->index.count, rib_count(w->rib));
	world_free(w);
}
END_TEST

/* With one source a key, without late joiners and slow peers, nobody is told to forget what he
 * never had. */
START_TEST(calm_schedules)
{
	struct world *w = world_new((uint64_t)_i * 31 + 5);

	w->calm = true;
	w->a->high = 1 << 20;
	for (int p = 1; p < NPEERS; p++)
		join(&w->peers[p]);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(adjout_groups(w->a), 5);
	w->steps = 3000;
	loop_work_queue(w->loop, &w->driver);
	loop_run_idle(w->loop);
	settle(w);
	world_free(w);
}
END_TEST

/* One change through an idle daemon: one message to each, no timer. */
START_TEST(one_route)
{
	struct world *w = world_new(1);

	for (int p = 1; p < 4; p++)
		join(&w->peers[p]);
	loop_run_idle(w->loop);
	for (int p = 1; p < 4; p++) {
		ck_assert_int_eq(w->peers[p].eors, 1);
		w->peers[p].messages = 0;
	}
	put(w, 3, 1, 0);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].messages, 0);
	ck_assert_int_eq(w->peers[2].messages, 1);
	ck_assert_int_eq(w->peers[3].messages, 1);
	ck_assert_uint_eq(adjout_sent(&w->peers[1].out), 0);
	ck_assert_uint_eq(adjout_sent(&w->peers[2].out), 1);
	ck_assert_uint_eq(w->peers[2].out.nlri_out, 1);
	/* The source changes: the old one hears, the new one must forget. */
	put(w, 3, 2, 6);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].messages, 1);
	ck_assert_int_eq(w->peers[2].messages, 2);
	ck_assert_uint_eq(w->peers[2].out.nlri_withdrawn, 1);
	ck_assert_int_eq(w->peers[2].spurious, 0);
	drop(w, 3, 2);
	drop(w, 3, 1);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(w->rib->index.count, 0);
	world_free(w);
}
END_TEST

/* Equal sets share a message, up to its limit. */
START_TEST(messages_are_full)
{
	struct world *w = world_new(2);

	loop_sim_hurry(w->loop, 0);
	w->a->slice = ADJOUT_SLICE;
	w->a->high = 1 << 20;
	join(&w->peers[1]);
	loop_run_idle(w->loop);
	w->peers[1].messages = 0;
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 2, 2);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].messages, 2);
	for (int k = 0; k < NKEYS; k++)
		drop(w, k, 2);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].messages, 4);
	world_free(w);
}
END_TEST

/* A peer that does not read costs a bounded queue; the others go on. */
START_TEST(slow_member)
{
	struct world *w = world_new(3);
	size_t most = 0;

	for (int p = 1; p < 4; p++)
		join(&w->peers[p]);
	w->peers[2].slow = true;
	for (int round = 0; round < 50; round++) {
		for (int k = 0; k < NKEYS; k++)
			put(w, k, 1, (uint32_t)round % NSETS);
		loop_run_idle(w->loop);
		most = MAX(most, w->peers[2].out.queued);
		check_belief(w, &w->peers[3]);
	}
	/* What it had when it became full, and one slice more. */
	ck_assert_uint_le(most, w->a->high + 2 * MSG_MAX);
	ck_assert(!adjout_idle(&w->peers[2].out));
	settle(w);
	world_free(w);
}
END_TEST

START_TEST(refresh)
{
	struct world *w = world_new(4);
	struct fake *f = &w->peers[1];

	for (int p = 1; p < 4; p++)
		join(&w->peers[p]);
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 2, 1);
	loop_run_idle(w->loop);
	w->peers[3].messages = 0;
	belief_clear(w, &f->table[1]);
	adjout_refresh(&f->out, true);
	loop_run_idle(w->loop);
	ck_assert_int_eq(f->borrs, 1);
	ck_assert_int_eq(f->eorrs, 1);
	ck_assert_int_eq(f->eors, 1);
	ck_assert_int_eq(w->peers[3].messages, 0);
	belief_clear(w, &f->table[2]);
	adjout_refresh(&f->out, false);
	loop_run_idle(w->loop);
	ck_assert_int_eq(f->borrs, 1);
	settle(w);
	world_free(w);
}
END_TEST

START_TEST(eor_is_held)
{
	struct world *w = world_new(5);

	adjout_hold_eor(w->a, true);
	join(&w->peers[1]);
	put(w, 0, 2, 1);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].messages, 1);
	adjout_hold_eor(w->a, false);
	loop_run_idle(w->loop);
	ck_assert_int_eq(w->peers[1].eors, 1);
	world_free(w);
}
END_TEST

/* Attributes that leave no room for a route: not sent, and what was sent before is withdrawn. */
START_TEST(attributes_too_long)
{
	struct world *w = world_new(6);
	static struct ecom many[600];
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF,
		.nexthop = ip_v4(1),
		.ecoms = many,
		.necoms = 600 };
	struct rib_path_in in = { .nlabels = 1 };

	for (unsigned i = 0; i < 600; i++)
		many[i] = rt_from_as(1, i);
	join(&w->peers[1]);
	put(w, 1, 2, 1);
	loop_run_idle(w->loop);
	ck_assert_uint_ne(w->peers[1].table[1].attrs, 0);
	in.attrs = attrset_intern(&w->attrs, &a);
	rib_update(w->rib, &w->keys[1], w->peers[2].out.peer, &in);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(w->peers[1].table[1].attrs, 0);
	ck_assert_uint_eq(adjout_sent(&w->peers[1].out), 0);
	world_free(w);
}
END_TEST

/* A peer's own routes count only where its group was told of them. */
START_TEST(sent_behind_a_filter)
{
	struct world *w = world_new(7);
	uint32_t own = 0, others = 0;

	join(&w->peers[6]); /* no type 5 to it */
	for (int k = 0; k < NKEYS; k++) {
		bool prefix = w->nlri[k].type == EVPN_PREFIX;

		put(w, k, prefix || k % 4 == 0 ? 6 : 1, 0);
		own += prefix;
		others += !prefix && k % 4 != 0;
	}
	loop_run_idle(w->loop);
	ck_assert_uint_gt(own, 0);
	ck_assert_uint_gt(others, 0);
	ck_assert_uint_eq(adjout_sent(&w->peers[6].out), others);
	ck_assert_uint_eq(w->peers[6].out.nlri_out, others);
	world_free(w);
}
END_TEST

/* The same behind a route-map, that permits type 2 alone. */
START_TEST(sent_behind_a_map)
{
	struct world *w = world_new(7);
	struct rmap *m = rmap_new();
	uint32_t others = 0;

	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0] =
	    (struct rmap_entry){ .permit = true, .match = RMAP_TYPE, .type = EVPN_MACIP };
	w->peers[1].policy.map = m;
	join(&w->peers[1]);
	for (int k = 0; k < NKEYS; k++) {
		put(w, k, k % 2 ? 1 : 2, 0);
		others += w->nlri[k].type == EVPN_MACIP && k % 2 == 0;
	}
	loop_run_idle(w->loop);
	ck_assert_uint_gt(others, 0);
	ck_assert_uint_eq(adjout_sent(&w->peers[1].out), others);
	/* Counted again when something has changed. */
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 2, 0);
	loop_run_idle(w->loop);
	ck_assert_uint_ge(adjout_sent(&w->peers[1].out), others);
	world_free(w);
	rmap_unref(m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("adjout");
	TCase *tc = tcase_create("adjout");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_route);
	tcase_add_test(tc, messages_are_full);
	tcase_add_test(tc, slow_member);
	tcase_add_test(tc, refresh);
	tcase_add_test(tc, eor_is_held);
	tcase_add_test(tc, attributes_too_long);
	tcase_add_test(tc, sent_behind_a_filter);
	tcase_add_test(tc, sent_behind_a_map);
	tcase_add_loop_test(tc, calm_schedules, 0, 4);
	tcase_add_loop_test(tc, random_schedules, 0, 8);
	tcase_add_loop_test(tc, shared_bit, 0, 3);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
