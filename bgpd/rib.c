/* SPDX-License-Identifier: ISC */
/* Paths come and go: update, withdraw, and what that changes. */
#include "config.h"

#include "bgpd/rib.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(rib_best_changes);
COUNTER(rib_updates_unchanged);

static const struct rib_decision_conf default_conf = {
	.deterministic_med = true, .compare_router_id = true, .default_local_pref = 100
};

struct rib *
rib_new(struct loop *l, struct attrtab *attrs)
{
	struct rib *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->attrs = attrs;
	r->conf = default_conf;
	rib_index_init(r);
	slab_init(&r->paths, "path", sizeof(struct rib_path));
	intern_init(&r->auxes, "path aux");
	rib_change_init(r);
	rib_sweep_init(r);
	return r;
}

void
rib_track(struct rib *r, struct nht *n)
{
	ensure(r->npaths == 0);
	r->nht = n;
	r->hops_seen = n->clock;
}

void
rib_track_strictly(struct rib *r, struct nht *n)
{
	rib_track(r, n);
	r->strict = true;
}

void
rib_on_paths(struct rib *r, void (*fn)(void *arg, uint32_t route), void *arg)
{
	r->on_paths = fn;
	r->on_paths_arg = arg;
}

static void
path_release(struct rib *r, const struct rib_path *p)
{
	attrset_unref(r->attrs, p->attrs);
	intern_unref(&r->auxes, p->aux);
}

static void
route_release(struct rib *r, const struct rib_route *rt)
{
	const struct rib_path *p;

	if (rt->flags & RIB_ROUTE_CURSOR)
		return;
	if (rib_has_path(rt))
		for (p = &rt->path; p; p = rib_path_next(r, p))
			path_release(r, p);
	intern_unref(&r->heads, rt->head);
}

void
rib_free(struct rib *r)
{
	uint32_t h;

	if (!r)
		return;
	rib_sweep_fini(r);
	rib_change_fini(r);
	for (uint32_t c = 0; c < RIB_CLASSES; c++)
		for (h = slab_next(&r->cells[c], 0); h; h = slab_next(&r->cells[c], h))
			route_release(r, slab_ptr(&r->cells[c], h));
	intern_unref(&r->auxes, r->aux_last);
	rib_index_fini(r);
	slab_fini(&r->paths);
	intern_fini(&r->auxes);
	free(r);
}

/* Paths. */

const struct path_aux *
rib_aux(const struct rib *r, uint32_t aux)
{
	static const struct path_aux zero;
	size_t len;

	return aux ? intern_bytes(&r->auxes, aux, &len) : &zero;
}

const struct rib_path *
rib_path_next(const struct rib *r, const struct rib_path *p)
{
	return p->next ? slab_ptr(&r->paths, p->next) : NULL;
}

const struct rib_path *
rib_path_of(const struct rib *r, const struct rib_route *rt, uint16_t peer)
{
	const struct rib_path *p = rib_has_path(rt) ? &rt->path : NULL;

	while (p && p->peer != peer)
		p = rib_path_next(r, p);
	return p;
}

/* The interned aux; a reference comes with it. */
static uint32_t
aux_get(struct rib *r, const struct path_aux *a)
{
	if (a->gw.len == 0 && esi_is_zero(a->esi))
		return 0;
	if (!r->aux_last || memcmp(rib_aux(r, r->aux_last), a, sizeof(*a)) != 0) {
		intern_unref(&r->auxes, r->aux_last);
		r->aux_last = intern_get(&r->auxes, a, sizeof(*a));
	}
	intern_ref(&r->auxes, r->aux_last);
	return r->aux_last;
}

static void
label_put(uint8_t b[3], uint32_t label)
{
	b[0] = (uint8_t)(label >> 16);
	b[1] = (uint8_t)(label >> 8);
	b[2] = (uint8_t)label;
}

/* The path as it will be stored; takes over in->attrs. */
static struct rib_path
path_make(struct rib *r, uint16_t peer, const struct rib_path_in *in)
{
	const struct rib_peer_slot *slot = rib_slot(r, peer);
	struct rib_path p = { .attrs = in->attrs, .peer = peer };

	if (peer && r->nht)
		nht_attach(r->nht, in->attrs);
	p.aux = aux_get(r, &in->aux);
	p.when = (uint32_t)((uint64_t)loop_now(r->loop).us / 1000000);
	p.flags = (uint16_t)(in->flags | slot->generation | slot->epoch);
	if (in->nlabels > 0) {
		p.flags |= PATH_LABEL1;
		label_put(p.label1, in->label[0]);
	}
	if (in->nlabels > 1) {
		p.flags |= PATH_LABEL2;
		label_put(p.label2, in->label[1]);
	}
	return p;
}

static bool
path_same(const struct rib_path *a, const struct rib_path *b)
{
	return a->attrs == b->attrs && a->aux == b->aux &&
	       ((a->flags ^ b->flags) & ~(PATH_STALE | PATH_GENERATION | PATH_EPOCH)) ==
		   0 &&
	       memcmp(a->label1, b->label1, sizeof(a->label1)) == 0 &&
	       memcmp(a->label2, b->label2, sizeof(a->label2)) == 0;
}

/* Changes. */

static inline void
count_best(struct rib *r, uint16_t peer, const struct rib_route *rt, int more)
{
	struct rib_peer *p = &rib_slot(r, peer)->p;

	p->nbest += (uint32_t)more;
	p->nbest_type[rt->tail[0] < ARRAY_LEN(p->nbest_type) ? rt->tail[0] : 0] +=
	    (uint32_t)more;
}

void
rib_settle(struct rib *r, uint32_t h, struct rib_route *rt, struct rib_before before,
    bool changed)
{
	uint32_t now = rib_before(rt).best;

	if (r->on_paths)
		r->on_paths(r->on_paths_arg, h);
	if (before.best != now) {
		if (before.best != RIB_NO_PEER)
			count_best(r, (uint16_t)before.best, rt, -1);
		if (now != RIB_NO_PEER)
			count_best(r, (uint16_t)now, rt, 1);
	}
	if (rt->told && rt->path.peer != before.first)
		rt->flags |= RIB_ROUTE_MIXED;
	if (!changed)
		return;
	COUNT(rib_best_changes);
	if (rib_is_useless(rt)) {
		rib_reap_later(r, h, rt);
	} else if (rt->told || now != RIB_NO_PEER) {
		/* The last of the list was seen by nobody yet. */
		if (rt->next != r->anchor) {
			rib_list_unlink(r, rt);
			rib_list_append(r, h, rt);
		}
		rib_wake(r);
	}
}

/* The first path of a new route or a tombstone. */
static void
path_first(struct rib *r, uint32_t h, struct rib_route *rt, const struct rib_path *p)
{
	struct rib_before before = rib_before(rt);

	rt->path = *p;
	r->nroutes++;
	r->npaths++;
	rib_slot(r, p->peer)->p.npaths++;
	rib_settle(r, h, rt, before, rib_select(r, rt));
}

static void
path_add(struct rib *r, uint32_t h, struct rib_route *rt, const struct rib_path *p)
{
	struct rib_before before = rib_before(rt);
	uint32_t ph = slab_alloc(&r->paths);
	struct rib_path *cell = slab_ptr(&r->paths, ph);

	*cell = *p;
	cell->next = rt->path.next;
	rt->path.next = ph;
	r->npaths++;
	rib_slot(r, p->peer)->p.npaths++;
	rib_settle(r, h, rt, before, rib_select(r, rt));
}

static void
path_replace(struct rib *r, uint32_t h, struct rib_route *rt, struct rib_path *old,
    const struct rib_path *p)
{
	struct rib_before before = rib_before(rt);
	bool best = old == &rt->path && before.best != RIB_NO_PEER;
	uint32_t next = old->next;

	if (path_same(old, p)) {
		COUNT(rib_updates_unchanged);
		old->flags = p->flags;
		path_release(r, p);
		return;
	}
	path_release(r, old);
	*old = *p;
	old->next = next;
	rib_settle(r, h, rt, before, rib_select(r, rt) | best);
}

static uint32_t
update(struct rib *r, const struct rib_key *k, uint32_t head, uint32_t hash,
    uint16_t peer, const struct rib_path_in *in)
{
	struct rib_path p = path_make(r, peer, in), *old;
	struct rib_route *rt;
	uint32_t h;

	h = rib_lookup(r, hash, head, k);
	if (!h) {
		h = rib_route_new(r, hash, head, k);
		rt = rib_cell(r, h);
		rib_list_append(r, h, rt);
		path_first(r, h, rt, &p);
		return h;
	}
	rt = rib_cell(r, h);
	old = (struct rib_path *)rib_path_of(r, rt, peer);
	if (old)
		path_replace(r, h, rt, old, &p);
	else if (rib_has_path(rt))
		path_add(r, h, rt, &p);
	else
		path_first(r, h, rt, &p);
	return h;
}

uint32_t
rib_update(
    struct rib *r, const struct rib_key *k, uint16_t peer, const struct rib_path_in *in)
{
	uint32_t head = rib_head_get(r, &k->head);

	return update(r, k, head, rib_key_hash(head, k->tail, k->len), peer, in);
}

/* The first path goes; the next one of the list takes its place. */
static void
path_pop(struct rib *r, struct rib_route *rt, const uint32_t *hash)
{
	uint32_t ph = rt->path.next;

	if (ph) {
		rt->path = *(struct rib_path *)slab_ptr(&r->paths, ph);
		slab_free(&r->paths, ph);
	} else {
		/* Who was the last stays known: see RIB_ROUTE_MIXED. */
		rt->path = (struct rib_path){
			.peer = rt->path.peer,
			.when = hash ? *hash : rib_key_hash(rt->head, rt->tail, rt->len),
		};
		r->nroutes--;
	}
	rt->flags &= (uint8_t)~RIB_ROUTE_BEST;
}

/* hash: of the route's key, NULL if it is not known. */
static bool
drop_path(
    struct rib *r, uint32_t h, struct rib_route *rt, uint16_t peer, const uint32_t *hash)
{
	struct rib_before before = rib_before(rt);
	uint32_t ph;
	struct rib_path *p = &rt->path, *prev = NULL;
	bool best = false;

	if (!rib_has_path(rt))
		return false;
	while (p->peer != peer) {
		if (p->next == 0)
			return false;
		prev = p;
		p = slab_ptr(&r->paths, p->next);
	}
	path_release(r, p);
	rib_slot(r, peer)->p.npaths--;
	r->npaths--;
	if (!prev) {
		best = before.best != RIB_NO_PEER;
		path_pop(r, rt, hash);
		rib_select(r, rt);
	} else {
		ph = prev->next;
		prev->next = p->next;
		slab_free(&r->paths, ph);
		best = rib_select(r, rt);
	}
	/* A route that was never told of and had no best path has no change to wait for. */
	if (rib_is_useless(rt) && !best)
		rib_reap_later(r, h, rt);
	else
		rib_settle(r, h, rt, before, best);
	return true;
}

bool
rib_drop_path(struct rib *r, uint32_t h, struct rib_route *rt, uint16_t peer)
{
	return drop_path(r, h, rt, peer, NULL);
}

bool
rib_withdraw(struct rib *r, const struct rib_key *k, uint16_t peer)
{
	uint32_t h = rib_find_any(r, k);
	bool had = h && rib_drop_path(r, h, rib_cell(r, h), peer);

	rib_reap(r);
	return had;
}

/* Batches.  A lookup waits for memory twice: for the slot of the index and for the route's cell.
 * Read ahead, for all of the batch, these waits overlap. */

void
rib_update_batch(struct rib *r, uint16_t peer, struct rib_item *items, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct rib_key *k = items[i].key;

		items[i].head = rib_head_get(r, &k->head);
		items[i].hash = rib_key_hash(items[i].head, k->tail, k->len);
	}
	rib_touch(r, items, n);
	for (unsigned i = 0; i < n; i++) {
		const struct rib_key *k = items[i].key;
		uint32_t head = rib_head_get(r, &k->head), hash = items[i].hash;

		/* The cache of heads may have let go of it, and it has another number now. */
		if (head != items[i].head)
			hash = rib_key_hash(head, k->tail, k->len);
		update(r, k, head, hash, peer, &items[i].in);
	}
}

/* At most RIB_REAP items, so that nothing is freed before the end: what rib_touch() found and the
 * heads stay what they are. */
static unsigned
withdraw_some(struct rib *r, uint16_t peer, struct rib_item *items, unsigned n)
{
	unsigned done = 0;

	rib_reap(r);
	for (unsigned i = 0; i < n; i++) {
		const struct rib_key *k = items[i].key;

		rib_head_find(r, &k->head, &items[i].head);
		items[i].hash = rib_key_hash(items[i].head, k->tail, k->len);
	}
	rib_touch(r, items, n);
	for (unsigned i = 0; i < n; i++) {
		const struct rib_item *it = &items[i];
		uint32_t h = it->route;

		if (it->head == 0 && it->key->head.len > 0)
			continue;
		if (h && !rib_key_is(rib_cell(r, h), it->head, it->key))
			h = rib_lookup(r, it->hash, it->head, it->key);
		if (h)
			done += drop_path(r, h, rib_cell(r, h), peer, &it->hash);
	}
	rib_reap(r);
	return done;
}

unsigned
rib_withdraw_batch(struct rib *r, uint16_t peer, struct rib_item *items, unsigned n)
{
	unsigned done = 0;

	for (unsigned i = 0; i < n; i += RIB_REAP)
		done += withdraw_some(r, peer, items + i, MIN(n - i, RIB_REAP));
	return done;
}

/* The rest. */

uint32_t
rib_count(const struct rib *r)
{
	return r->nroutes;
}

uint32_t
rib_path_count(const struct rib *r)
{
	return r->npaths;
}

void
rib_memory(const struct rib *r, struct rib_memory *m)
{
	memset(m, 0, sizeof(*m));
	for (int i = 0; i < RIB_CLASSES; i++)
		m->routes += slab_bytes(&r->cells[i]);
	m->paths = slab_bytes(&r->paths);
	m->index = hidx_bytes(&r->index);
	m->heads = intern_bytes_used(&r->heads);
	m->aux = intern_bytes_used(&r->auxes);
	m->attrs =
	    r->attrs->bytes + slab_bytes(&r->attrs->cells) + hidx_bytes(&r->attrs->index);
}

struct attrtab *
rib_attrtab(const struct rib *r)
{
	return r->attrs;
}

const struct rib_decision_conf *
rib_decision(const struct rib *r)
{
	return &r->conf;
}
