/* SPDX-License-Identifier: ISC */
/* The RIB against a naive model, under seeded random operations. */
#include "config.h"

#include "bgpd/rib.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/hash.h"
#include "lib/util.h"

enum {
	NKEYS = 120,
	NPEERS = 6, /* index 0 is local */
	NGROUPS = 3,
	NPOS = 4, /* positions of a group at most */
	NONE = -1,
};

/* A path as the model knows it. */
struct mpath {
	bool present, stale, ineligible;
	int lp; /* LOCAL_PREF */
	int label;
};

/* What a consumer was told of a key. */
struct mtold {
	int peer; /* NONE: nothing */
	int lp, label;
};

struct world;

/* One position of a group: a cursor and what its members believe. */
struct pos {
	struct rib_cursor c;
	struct world *w;
	struct mtold table[NKEYS];
	bool open;
	int wakes; /* since it was walked dry */
};

struct group {
	uint8_t bit;
	int denies; /* a local preference that its policy keeps back */
	struct pos pos[NPOS];
};

struct world {
	struct loop *loop;
	struct attrtab attrs;
	struct rib *rib;
	struct rib_key keys[NKEYS];
	uint16_t idx[NPEERS]; /* index in the RIB */
	struct mpath paths[NKEYS][NPEERS];
	bool flushing[NPEERS]; /* a flush runs: the model waits with reading */
	int npending;	       /* flushes whose done() has not come */
	struct group groups[NGROUPS];
	struct loop_work driver; /* does random steps, between slices of the RIB */
	int steps;		 /* left */
	uint64_t seed;
	int withdrawals; /* sent */
	int spurious;	 /* of them, those for what the consumer did not have */
};

static uint32_t
rnd(struct world *w, uint32_t n)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->seed >> 33) % n;
}

static void
make_key(struct rib_key *k, int i)
{
	static const uint16_t lens[] = { 12, 24, 11, 6, 40, 256, 1, 13, 26, 112 };

	memset(k, 0, sizeof(*k));
	k->head.len = i % 5 ? RIB_HEAD_MAX : 0;
	if (k->head.len)
		k->head.b[7] = (uint8_t)(i % 5);
	k->len = lens[i % (int)ARRAY_LEN(lens)];
	k->tail[0] = 3; /* not type 2: no EVPN steps, the model stays simple */
	k->tail[k->len - 1] = (uint8_t)i;
	k->tail[k->len / 2] = (uint8_t)(k->len == 1 ? i : 7);
}

static uint32_t
intern(struct world *w, int lp)
{
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF,
		.local_pref = (uint32_t)lp };

	return attrset_intern(&w->attrs, &a);
}

/* Best path of the model: local by its weight, then local preference, then the lowest router id (= index). */
static int
model_best(const struct world *w, int key)
{
	int best = NONE;

	for (int p = 0; p < NPEERS; p++) {
		const struct mpath *m = &w->paths[key][p];

		if (!m->present || m->ineligible)
			continue;
		if (best == NONE || (best != 0 && m->lp > w->paths[key][best].lp))
			best = p;
	}
	return best;
}

static int
peer_of(const struct world *w, uint16_t idx)
{
	for (int p = 0; p < NPEERS; p++)
		if (w->idx[p] == idx)
			return p;
	return NONE;
}

static int
key_of(const struct world *w, uint32_t h)
{
	struct rib_key k;

	rib_route_key(w->rib, rib_route(w->rib, h), &k);
	for (int i = 0; i < NKEYS; i++)
		if (k.len == w->keys[i].len &&
		    memcmp(&k.head, &w->keys[i].head, sizeof(k.head)) == 0 &&
		    memcmp(k.tail, w->keys[i].tail, k.len) == 0)
			return i;
	ck_abort_msg("unknown key");
}

static void
on_wake(struct rib_cursor *c)
{
	struct pos *p = container_of(c, struct pos, c);

	p->wakes++;
	ck_assert_int_eq(p->wakes, 1);
}

/* Walks some steps; true if the end was reached. */
static bool
walk(struct world *w, struct group *g, struct pos *p, int steps)
{
	for (; steps > 0; steps--) {
		uint32_t h = rib_cursor_next(&p->c);
		const struct rib_route *rt;
		const struct rib_path *b;
		struct mtold *t;

		if (h == 0) {
			p->wakes = 0;
			return true;
		}
		rt = rib_route(w->rib, h);
		t = &p->table[key_of(w, h)];
		b = rib_best(rt);
		if (b &&
		    (int)attrset_get(&w->attrs, b->attrs)->a.local_pref != g->denies) {
			*t = (struct mtold){ peer_of(w, b->peer),
				(int)attrset_get(&w->attrs, b->attrs)->a.local_pref,
				(int)rib_label(b->label1) };
			rib_told(&p->c, h, true);
			continue;
		}
		if (rib_was_told(&p->c, rt)) {
			w->withdrawals++;
			w->spurious += t->peer == NONE;
			t->peer = NONE;
		}
		ck_assert_int_eq(t->peer, NONE); /* else a withdrawal was missed */
		rib_told(&p->c, h, false);
	}
	return false;
}

/* A consumer that has reached the end believes what the RIB believes. */
static void
check_dry(struct world *w, const struct group *g, const struct pos *p)
{
	for (int k = 0; k < NKEYS; k++) {
		const struct mtold *t = &p->table[k];
		int best = model_best(w, k);

		if (best != NONE && w->paths[k][best].lp == g->denies)
			best = NONE;
		ck_assert_int_eq(t->peer, best);
		if (best == NONE)
			continue;
		ck_assert_int_eq(t->lp, w->paths[k][best].lp);
		ck_assert_int_eq(t->label, w->paths[k][best].label);
	}
}

static void
check_rib(struct world *w)
{
	uint32_t routes = 0, paths = 0;

	for (int k = 0; k < NKEYS; k++) {
		uint32_t h = rib_find(w->rib, &w->keys[k]);
		int n = 0, best = model_best(w, k);

		for (int p = 0; p < NPEERS; p++)
			n += w->paths[k][p].present;
		ck_assert_int_eq(h != 0, n > 0);
		routes += n > 0;
		paths += (uint32_t)n;
		if (!h)
			continue;
		for (int p = 0; p < NPEERS; p++) {
			const struct rib_path *rp =
			    rib_path_of(w->rib, rib_route(w->rib, h), w->idx[p]);

			ck_assert_int_eq(rp != NULL, w->paths[k][p].present);
			if (rp) {
				ck_assert_uint_eq(rib_label(rp->label1),
				    (uint32_t)w->paths[k][p].label);
				ck_assert_int_eq(
				    !!(rp->flags & PATH_STALE), w->paths[k][p].stale);
			}
		}
		ck_assert_int_eq(rib_best(rib_route(w->rib, h))
				     ? peer_of(w, rib_best(rib_route(w->rib, h))->peer)
				     : NONE,
		    best);
	}
	ck_assert_uint_eq(rib_count(w->rib), routes);
	ck_assert_uint_eq(rib_path_count(w->rib), paths);
}

/* The model learns of a new path, and `it` is what the RIB is to be told. */
static void
new_path(struct world *w, int p, struct rib_item *it)
{
	int k = (int)rnd(w, NKEYS);
	struct mpath *m = &w->paths[k][p];

	m->present = true;
	m->stale = false;
	m->ineligible = rnd(w, 10) == 0;
	m->lp = 100 + (int)rnd(w, 4);
	m->label = (int)rnd(w, 2);
	memset(it, 0, sizeof(*it));
	it->key = &w->keys[k];
	it->in.nlabels = 1;
	it->in.attrs = intern(w, m->lp);
	it->in.label[0] = (uint32_t)m->label;
	it->in.flags = m->ineligible ? PATH_INELIGIBLE : 0;
	it->in.aux.esi.b[9] = (uint8_t)rnd(w, 2);
}

static void
op_update(struct world *w)
{
	struct rib_item items[5];
	unsigned n = rnd(w, ARRAY_LEN(items) + 1);
	int p = (int)rnd(w, NPEERS);

	for (unsigned i = 0; i < n; i++)
		new_path(w, p, &items[i]);
	if (n == 1)
		rib_update(w->rib, items[0].key, w->idx[p], &items[0].in);
	else
		rib_update_batch(w->rib, w->idx[p], items, n);
}

static void
op_withdraw(struct world *w)
{
	struct rib_item items[RIB_REAP + 8];
	unsigned most = rnd(w, 8) ? 5 : ARRAY_LEN(items);
	unsigned n = 1 + rnd(w, most), there = 0, done;
	int p = (int)rnd(w, NPEERS);

	for (unsigned i = 0; i < n; i++) {
		int k = (int)rnd(w, NKEYS);

		items[i].key = &w->keys[k];
		there += w->paths[k][p].present;
		w->paths[k][p].present = false;
	}
	if (n == 1)
		done = rib_withdraw(w->rib, items[0].key, w->idx[p]);
	else
		done = rib_withdraw_batch(w->rib, w->idx[p], items, n);
	/* A path that a running flush has not reached yet may be there or not. */
	if (!w->flushing[p])
		ck_assert_int_eq(done, there);
}

struct flush {
	struct world *w;
	int peer;
};

static void
on_flushed(void *arg)
{
	struct flush *f = arg;

	f->w->flushing[f->peer] = false;
	f->w->npending--;
	free(f);
}

static void
op_flush(struct world *w, bool stale_only)
{
	int p = (int)rnd(w, NPEERS);
	struct flush *f;

	if (w->flushing[p])
		return;
	f = xcalloc(1, sizeof(*f));
	*f = (struct flush){ w, p };
	w->flushing[p] = true;
	w->npending++;
	for (int k = 0; k < NKEYS; k++)
		if (!stale_only || w->paths[k][p].stale)
			w->paths[k][p].present = w->paths[k][p].stale = false;
	rib_peer_flush(w->rib, w->idx[p], stale_only, on_flushed, f);
}

static uint16_t
add_peer(struct world *w, int p)
{
	struct rib_peer rp = {
		.ibgp = true, .router_id = (uint32_t)p + 1, .addr = ip_v4((uint32_t)p)
	};

	return rib_peer_add(w->rib, &rp);
}

/* The session is gone for good, and another comes with a new index. */
static void
op_replace_peer(struct world *w)
{
	int p = 1 + (int)rnd(w, NPEERS - 1);
	uint16_t old = w->idx[p];

	if (w->flushing[p])
		return;
	/* Until the old paths are swept the model could not tell whose path is best. */
	for (int k = 0; k < NKEYS; k++) {
		if (w->paths[k][p].present)
			rib_withdraw(w->rib, &w->keys[k], old);
		w->paths[k][p].present = w->paths[k][p].stale = false;
	}
	rib_peer_del(w->rib, old);
	w->idx[p] = add_peer(w, p);
	ck_assert_uint_ne(w->idx[p], 0);
}

static void
op_stale(struct world *w)
{
	int p = (int)rnd(w, NPEERS);

	if (w->flushing[p])
		return;
	rib_peer_mark_stale(w->rib, w->idx[p]);
	for (int k = 0; k < NKEYS; k++)
		w->paths[k][p].stale = w->paths[k][p].present;
}

static struct pos *
free_pos(struct group *g)
{
	for (int i = 0; i < NPOS; i++)
		if (!g->pos[i].open)
			return &g->pos[i];
	return NULL;
}

static void
pos_reset(struct world *w, struct pos *p)
{
	memset(p, 0, sizeof(*p));
	p->w = w;
	p->c.wake = on_wake;
	p->open = true;
	for (int k = 0; k < NKEYS; k++)
		p->table[k].peer = NONE;
}

static void
op_join(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];
	struct pos *p = free_pos(g);

	if (!p)
		return;
	pos_reset(w, p);
	rib_cursor_open(w->rib, &p->c, g->bit, true);
}

static void
op_split(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];
	struct pos *p = free_pos(g), *of = &g->pos[rnd(w, NPOS)];

	if (!p || !of->open)
		return;
	pos_reset(w, p);
	memcpy(p->table, of->table, sizeof(p->table));
	rib_cursor_open_at(&p->c, &of->c);
}

static void
op_merge(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];

	for (int i = 0; i < NPOS; i++) {
		for (int j = 0; j < i; j++) {
			struct pos *a = &g->pos[i], *b = &g->pos[j];

			if (!a->open || !b->open || !rib_cursor_met(&a->c, &b->c))
				continue;
			ck_assert(rib_cursor_met(&b->c, &a->c));
			if (rnd(w, 2)) {
				rib_cursor_close(&a->c);
				a->open = false;
			} else {
				rib_cursor_close(&b->c);
				b->open = false;
			}
		}
	}
}

/* Somebody's session ends; the last position of a group stays. */
static void
op_close(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];
	struct pos *p = &g->pos[rnd(w, NPOS)];
	int n = 0;

	for (int i = 0; i < NPOS; i++)
		n += g->pos[i].open;
	if (n < 2 || !p->open)
		return;
	rib_cursor_close(&p->c);
	p->open = false;
}

static void
op_rewind(struct world *w)
{
	struct pos *p = &w->groups[rnd(w, NGROUPS)].pos[rnd(w, NPOS)];

	if (p->open)
		rib_cursor_rewind(&p->c);
}

/* A group ends as a whole and comes again. */
static void
op_regroup(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];

	for (int i = 0; i < NPOS; i++) {
		if (g->pos[i].open)
			rib_cursor_close(&g->pos[i].c);
		g->pos[i].open = false;
	}
	rib_group_free(w->rib, g->bit);
	g->bit = rib_group_alloc(w->rib);
	pos_reset(w, &g->pos[0]);
	rib_cursor_open(w->rib, &g->pos[0].c, g->bit, true);
}

static void
op_walk(struct world *w)
{
	struct group *g = &w->groups[rnd(w, NGROUPS)];
	struct pos *p = &g->pos[rnd(w, NPOS)];

	if (p->open && (p->c.awake || rnd(w, 4) == 0) && walk(w, g, p, (int)rnd(w, 60)) &&
	    w->npending == 0)
		check_dry(w, g, p);
}

static void
op_any(struct world *w)
{
	uint32_t n = rnd(w, 1000);

	if (n < 350)
		op_update(w);
	else if (n < 700)
		op_withdraw(w);
	else if (n < 890)
		op_walk(w);
	else if (n < 910)
		op_join(w);
	else if (n < 930)
		op_split(w);
	else if (n < 950)
		op_merge(w);
	else if (n < 960)
		op_close(w);
	else if (n < 970)
		op_rewind(w);
	else if (n < 975)
		op_regroup(w);
	else if (n < 985)
		op_flush(w, false);
	else if (n < 990)
		op_flush(w, true);
	else if (n < 995)
		op_stale(w);
	else
		op_replace_peer(w);
}

static bool
drive(struct loop_work *work)
{
	struct world *w = container_of(work, struct world, driver);

	for (int i = (int)rnd(w, 10); i > 0 && w->steps > 0; i--, w->steps--)
		op_any(w);
	return w->steps > 0;
}

static void
world_init(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->seed = seed;
	hash_seed_fixed(seed, 1);
	w->loop = loop_new_sim(seed);
	loop_sim_hurry(w->loop, seed % 4);
	attrtab_init(&w->attrs);
	w->rib = rib_new(w->loop, &w->attrs);
	w->rib->sweep_slice = 9;
	for (int k = 0; k < NKEYS; k++)
		make_key(&w->keys[k], k);
	for (int p = 1; p < NPEERS; p++)
		w->idx[p] = add_peer(w, p);
	for (int g = 0; g < NGROUPS; g++) {
		w->groups[g].bit = rib_group_alloc(w->rib);
		w->groups[g].denies = 100 + g;
		pos_reset(w, &w->groups[g].pos[0]);
		rib_cursor_open(w->rib, &w->groups[g].pos[0].c, w->groups[g].bit, true);
	}
	loop_work_init(&w->driver, LOOP_PRIO_RX, drive);
}

/* Everyone walks to the end: all agree, and no tombstone is left. */
static void
world_settle(struct world *w)
{
	uint32_t cells = 0, cursors = 0;

	loop_run_idle(w->loop);
	ck_assert_int_eq(w->npending, 0);
	check_rib(w);
	for (int g = 0; g < NGROUPS; g++) {
		for (int i = 0; i < NPOS; i++) {
			struct pos *p = &w->groups[g].pos[i];

			if (!p->open)
				continue;
			cursors++;
			ck_assert(walk(w, &w->groups[g], p, INT32_MAX));
			check_dry(w, &w->groups[g], p);
		}
	}
	rib_reap(w->rib);
	for (int c = 0; c < RIB_CLASSES; c++)
		cells += w->rib->cells[c].live;
	ck_assert_uint_eq(cells, rib_count(w->rib) + cursors + 1);
	ck_assert_uint_eq(w->rib->index.count, rib_count(w->rib));
	ck_assert_uint_eq(w->rib->paths.live, rib_path_count(w->rib) - rib_count(w->rib));
}

static void
world_fini(struct world *w)
{
	uint32_t nbest = 0;

	for (int p = 0; p < NPEERS; p++)
		nbest += rib_peer(w->rib, w->idx[p])->nbest;
	for (int k = 0; k < NKEYS; k++)
		nbest -= model_best(w, k) != NONE;
	ck_assert_uint_eq(nbest, 0);
	for (int g = 0; g < NGROUPS; g++) {
		for (int i = 0; i < NPOS; i++)
			if (w->groups[g].pos[i].open)
				rib_cursor_close(&w->groups[g].pos[i].c);
		rib_group_free(w->rib, w->groups[g].bit);
	}
	rib_free(w->rib);
	attrtab_fini(&w->attrs);
	loop_free(w->loop);
}

START_TEST(random_operations)
{
	struct world *w = xmalloc(sizeof(*w));

	world_init(w, (uint64_t)_i * 7919 + 3);
	for (int round = 0; round < 4; round++) {
		w->steps = 1500;
		loop_work_queue(w->loop, &w->driver);
		world_settle(w);
	}
	ck_assert_int_gt(w->withdrawals, w->spurious);
	world_fini(w);
	free(w);
}
END_TEST

static uint32_t
put(struct world *w, int k, int p, int lp)
{
	struct rib_path_in in = { .attrs = intern(w, lp) };

	return rib_update(w->rib, &w->keys[k], w->idx[p], &in);
}

/* Ends a world that was not checked against the model. */
static void
world_drop(struct world *w)
{
	for (int g = 0; g < NGROUPS; g++)
		rib_cursor_close(&w->groups[g].pos[0].c);
	rib_free(w->rib);
	attrtab_fini(&w->attrs);
	loop_free(w->loop);
	free(w);
}

/* The same path again is no change; a change while asleep wakes once. */
START_TEST(wakes_once)
{
	struct world *w = xmalloc(sizeof(*w));
	struct pos *p;
	struct group *g;

	world_init(w, 1);
	g = &w->groups[2];
	p = &g->pos[0];
	put(w, 0, 1, 100);
	ck_assert(p->c.awake);
	ck_assert_int_eq(p->wakes, 1);
	put(w, 1, 1, 100);
	ck_assert(walk(w, g, p, 10));
	ck_assert(!p->c.awake);
	put(w, 0, 1, 100);
	ck_assert(!p->c.awake);
	put(w, 0, 2, 100); /* not better: nobody is told */
	ck_assert(!p->c.awake);
	put(w, 0, 2, 101);
	ck_assert(p->c.awake);
	ck_assert_uint_eq(rib_cursor_next(&p->c), rib_find(w->rib, &w->keys[0]));
	ck_assert_uint_eq(rib_cursor_next(&p->c), 0);
	rib_withdraw(w->rib, &w->keys[0], w->idx[1]); /* not the best one */
	ck_assert(!p->c.awake);
	world_drop(w);
}
END_TEST

/* A route told to nobody goes at once; one told to somebody waits for him. */
START_TEST(tombstones)
{
	struct world *w = xmalloc(sizeof(*w));
	struct pos *p;

	world_init(w, 2);
	p = &w->groups[1].pos[0];
	put(w, 3, 1, 100);
	ck_assert(rib_withdraw(w->rib, &w->keys[3], w->idx[1]));
	ck_assert_uint_eq(w->rib->index.count, 0);
	put(w, 3, 1, 100);
	ck_assert(walk(w, &w->groups[1], p, 10));
	ck_assert_uint_eq(rib_told_count(w->rib, p->c.group), 1);
	ck_assert(rib_withdraw(w->rib, &w->keys[3], w->idx[1]));
	ck_assert_uint_eq(rib_find(w->rib, &w->keys[3]), 0);
	ck_assert_uint_eq(rib_count(w->rib), 0);
	ck_assert_uint_eq(w->rib->index.count, 1);
	ck_assert(walk(w, &w->groups[1], p, 10));
	ck_assert_int_eq(w->withdrawals, 1);
	ck_assert_uint_eq(rib_told_count(w->rib, p->c.group), 0);
	ck_assert_uint_eq(w->rib->index.count, 0);
	world_drop(w);
}
END_TEST

/* RIB_ROUTE_MIXED says whether the present source may have been told of its own route. */
START_TEST(mixed_sources)
{
	struct world *w = xmalloc(sizeof(*w));
	struct pos *p;
	uint32_t h;

	world_init(w, 3);
	p = &w->groups[2].pos[0];
	/* One that keeps the route in being throughout. */
	rib_update(w->rib, &w->keys[4], w->idx[3],
	    &(struct rib_path_in){ .attrs = intern(w, 99), .flags = PATH_INELIGIBLE });
	h = put(w, 4, 1, 100);
	walk(w, &w->groups[2], p, 10);
	put(w, 4, 1, 101);
	walk(w, &w->groups[2], p, 10);
	ck_assert(!(rib_route(w->rib, h)->flags & RIB_ROUTE_MIXED));
	put(w, 4, 2, 103);
	ck_assert(rib_route(w->rib, h)->flags & RIB_ROUTE_MIXED);
	walk(w, &w->groups[2], p, 10);
	rib_withdraw(w->rib, &w->keys[4], w->idx[2]);
	walk(w, &w->groups[2], p, 10);
	ck_assert(rib_route(w->rib, h)->flags & RIB_ROUTE_MIXED);
	rib_withdraw(w->rib, &w->keys[4], w->idx[1]);
	walk(w, &w->groups[2], p, 10);
	h = put(w, 4, 1, 100);
	walk(w, &w->groups[2], p, 10);
	ck_assert(!(rib_route(w->rib, h)->flags & RIB_ROUTE_MIXED));
	world_drop(w);
}
END_TEST

/* More groups than bits: the last ones share one, and get it clean. */
START_TEST(shared_bit)
{
	struct world *w = xmalloc(sizeof(*w));
	struct rib_cursor c = { 0 };
	uint32_t h;

	world_init(w, 4);
	for (int i = NGROUPS; i < RIB_GROUP_SHARED; i++)
		ck_assert_uint_eq(rib_group_alloc(w->rib), (uint8_t)i);
	ck_assert_uint_eq(rib_group_alloc(w->rib), RIB_GROUP_SHARED);
	ck_assert_uint_eq(rib_group_alloc(w->rib), RIB_GROUP_SHARED);
	h = put(w, 5, 1, 100);
	rib_cursor_open(w->rib, &c, RIB_GROUP_SHARED, true);
	ck_assert(c.awake);
	ck_assert_uint_eq(rib_cursor_next(&c), h);
	rib_told(&c, h, true);
	rib_cursor_close(&c);
	rib_group_free(w->rib, RIB_GROUP_SHARED);
	ck_assert_uint_eq(rib_told_count(w->rib, RIB_GROUP_SHARED), 1);
	rib_group_free(w->rib, RIB_GROUP_SHARED);
	ck_assert_uint_eq(rib_group_alloc(w->rib), RIB_GROUP_SHARED);
	ck_assert_uint_eq(rib_told_count(w->rib, RIB_GROUP_SHARED), 0);
	rib_group_free(w->rib, 7);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(rib_group_alloc(w->rib), 7);
	world_drop(w);
}
END_TEST

/* A session that is back before its old routes are swept keeps what it sends again, and what
 * comes again unchanged is no change downstream. */
START_TEST(flush_and_return)
{
	struct world *w = xmalloc(sizeof(*w));
	struct group *g;

	world_init(w, 5);
	g = &w->groups[2];
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 1, 100);
	ck_assert(walk(w, g, &g->pos[0], INT32_MAX));
	rib_peer_flush(w->rib, w->idx[1], false, NULL, NULL);
	for (int k = 0; k < NKEYS; k += 2)
		put(w, k, 1, 100);
	ck_assert(!g->pos[0].c.awake);
	/* Once more: the first flush is finished on the spot. */
	rib_peer_flush(w->rib, w->idx[1], false, NULL, NULL);
	ck_assert_uint_eq(rib_count(w->rib), NKEYS / 2);
	put(w, 0, 1, 100);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(rib_count(w->rib), 1);
	ck_assert_uint_eq(rib_peer(w->rib, w->idx[1])->npaths, 1);
	ck_assert(walk(w, g, &g->pos[0], INT32_MAX));
	ck_assert_int_eq(w->withdrawals, NKEYS - 1);
	world_drop(w);
}
END_TEST

/* Paths that come while others are being marked stale are not stale, and a flush of the stale ones
 * does not wait for the marks. */
START_TEST(marked_in_slices)
{
	struct world *w = xmalloc(sizeof(*w));
	const struct rib_path *p;
	uint32_t h;

	world_init(w, 9);
	w->rib->sweep_slice = 1;
	for (int k = 0; k < NKEYS; k++) {
		put(w, k, 1, 100);
		put(w, k, 2, 101);
	}
	rib_peer_mark_stale(w->rib, w->idx[1]);
	put(w, NKEYS - 1, 1, 102);
	put(w, 0, 1, 100);
	loop_run_idle(w->loop);
	for (int k = 0; k < NKEYS; k++) {
		h = rib_find(w->rib, &w->keys[k]);
		p = rib_path_of(w->rib, rib_route(w->rib, h), w->idx[1]);
		ck_assert_int_eq(!!(p->flags & PATH_STALE), k != 0 && k != NKEYS - 1);
		p = rib_path_of(w->rib, rib_route(w->rib, h), w->idx[2]);
		ck_assert(!(p->flags & PATH_STALE));
	}
	/* Again, and the flush comes at once. */
	rib_peer_mark_stale(w->rib, w->idx[1]);
	put(w, 3, 1, 100);
	rib_peer_flush(w->rib, w->idx[1], true, NULL, NULL);
	put(w, 4, 1, 100);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(rib_peer(w->rib, w->idx[1])->npaths, 2);
	ck_assert_uint_eq(rib_peer(w->rib, w->idx[2])->npaths, NKEYS);
	world_drop(w);
}
END_TEST

/* An index comes back only after its paths are gone. */
START_TEST(peer_index)
{
	struct world *w = xmalloc(sizeof(*w));
	uint16_t old;

	world_init(w, 6);
	old = w->idx[2];
	put(w, 0, 2, 100);
	rib_peer_del(w->rib, old);
	ck_assert_uint_ne(add_peer(w, 2), old);
	loop_run_idle(w->loop);
	ck_assert_uint_eq(rib_count(w->rib), 0);
	ck_assert_ptr_null(rib_peer(w->rib, old));
	ck_assert_uint_eq(add_peer(w, 2), old);
	world_drop(w);
}
END_TEST

START_TEST(new_decision)
{
	struct world *w = xmalloc(sizeof(*w));
	struct rib_decision_conf c;
	uint32_t h = 0;
	struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH };

	world_init(w, 7);
	for (int k = 0; k < NKEYS; k++) {
		struct rib_path_in in = { .attrs = attrset_intern(&w->attrs, &a) };

		rib_update(w->rib, &w->keys[k], w->idx[1], &in);
		h = put(w, k, 2, 150);
	}
	ck_assert_uint_eq(rib_best(rib_route(w->rib, h))->peer, w->idx[2]);
	c = *rib_decision(w->rib);
	c.default_local_pref = 200;
	rib_set_decision(w->rib, &c);
	loop_run_idle(w->loop);
	for (int k = 0; k < NKEYS; k++) {
		h = rib_find(w->rib, &w->keys[k]);
		ck_assert_uint_eq(rib_best(rib_route(w->rib, h))->peer, w->idx[1]);
	}
	world_drop(w);
}
END_TEST

/* A reader for `show` disturbs nobody's bits, wherever it stands when it ends. */
START_TEST(reader)
{
	struct world *w = xmalloc(sizeof(*w));
	struct rib_cursor c = { 0 }, d = { 0 };
	uint32_t h;

	world_init(w, 9);
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 1, 100);
	rib_cursor_open(w->rib, &c, RIB_GROUP_NONE, true);
	rib_cursor_open(w->rib, &d, RIB_GROUP_NONE, true);
	for (int k = 0; k < NKEYS; k++) {
		h = rib_cursor_next(&d);
		rib_told(&d, h, true);
		ck_assert(!rib_was_told(&d, rib_route(w->rib, h)));
		ck_assert_uint_eq(rib_route(w->rib, h)->told, 0);
	}
	ck_assert_ptr_null(rib_cursor_ahead(&c));
	rib_cursor_close(&c);
	rib_cursor_close(&d);
	for (struct rib_cursor *n = w->rib->first; n; n = n->lnext)
		ck_assert_ptr_eq(n->wake, on_wake); /* no janitor */
	world_drop(w);
}
END_TEST

static bool
count_three(struct rib *r, uint32_t h, void *arg)
{
	(void)r;
	(void)h;
	return ++*(int *)arg < 3;
}

START_TEST(foreach_and_memory)
{
	struct world *w = xmalloc(sizeof(*w));
	struct rib_memory m;
	int n = 0;

	world_init(w, 8);
	for (int k = 0; k < NKEYS; k++)
		put(w, k, 1, 100);
	rib_foreach(w->rib, count_three, &n);
	ck_assert_int_eq(n, 3);
	rib_memory(w->rib, &m);
	ck_assert_uint_ge(m.routes, NKEYS * RIB_CELL_MIN);
	ck_assert_uint_ge(m.index, NKEYS * 8);
	world_drop(w);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rib");
	TCase *tc = tcase_create("rib");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, wakes_once);
	tcase_add_test(tc, tombstones);
	tcase_add_test(tc, mixed_sources);
	tcase_add_test(tc, shared_bit);
	tcase_add_test(tc, flush_and_return);
	tcase_add_test(tc, marked_in_slices);
	tcase_add_test(tc, peer_index);
	tcase_add_test(tc, new_decision);
	tcase_add_test(tc, foreach_and_memory);
	tcase_add_test(tc, reader);
	tcase_add_loop_test(tc, random_operations, 0, 16);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
