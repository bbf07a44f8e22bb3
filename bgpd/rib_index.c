/* SPDX-License-Identifier: ISC */
/* Routes by key: heads, hashes, lookups, cells. */
#include "config.h"

#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/util.h"

/* Heads. */

/* Where in the cache this head may be. */
static inline uint32_t
head_place(const struct rib_key_head *k)
{
	uint64_t a;
	uint32_t b;

	memcpy(&a, k->b, sizeof(a));
	memcpy(&b, k->b + sizeof(a), sizeof(b));
	a = (a ^ (uint64_t)b << 17 ^ b) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(a >> 58);
}
static_assert(RIB_HEADS_CACHED == 1 << (64 - 58), "head_place() takes the top bits");

static inline bool
head_cached(const struct rib_head_slot *s, const struct rib_key_head *k)
{
	return s->handle && memcmp(s->head.b, k->b, sizeof(k->b)) == 0;
}

uint32_t
rib_head_get(struct rib *r, const struct rib_key_head *k)
{
	struct rib_head_slot *s;

	if (k->len == 0)
		return 0;
	s = &r->head_cache[head_place(k)];
	if (head_cached(s, k))
		return s->handle;
	intern_unref(&r->heads, s->handle);
	s->handle = intern_get(&r->heads, k, sizeof(*k));
	s->head = *k;
	return s->handle;
}

bool
rib_head_find(const struct rib *r, const struct rib_key_head *k, uint32_t *head)
{
	const struct rib_head_slot *s;

	*head = 0;
	if (k->len == 0)
		return true;
	s = &r->head_cache[head_place(k)];
	*head = head_cached(s, k) ? s->handle : intern_find(&r->heads, k, sizeof(*k));
	return *head != 0;
}

/* Keys. */

uint32_t
rib_lookup(const struct rib *r, uint32_t hash, uint32_t head, const struct rib_key *k)
{
	uint32_t h;

	for (struct hidx_it it = hidx_first(&r->index, hash);
	     (h = hidx_next(&it)) != 0;) {
		if (rib_key_is(rib_cell(r, h), head, k))
			return h;
	}
	return 0;
}

uint32_t
rib_find_any(const struct rib *r, const struct rib_key *k)
{
	uint32_t head;

	if (!rib_head_find(r, &k->head, &head))
		return 0;
	return rib_lookup(r, rib_key_hash(head, k->tail, k->len), head, k);
}

uint32_t
rib_find(const struct rib *r, const struct rib_key *k)
{
	uint32_t h = rib_find_any(r, k);

	return h && rib_has_path(rib_cell(r, h)) ? h : 0;
}

struct rib_route *
rib_route(const struct rib *r, uint32_t h)
{
	return rib_cell(r, h);
}

struct rib_route *
rib_route_live(const struct rib *r, uint32_t h)
{
	const struct slab *s = &r->cells[h >> RIB_CLASS_SHIFT];
	struct rib_route *rt;

	if (!slab_used(s, h & ((1u << RIB_CLASS_SHIFT) - 1)))
		return NULL;
	rt = rib_cell(r, h);
	return rt->flags & RIB_ROUTE_CURSOR ? NULL : rt;
}

const struct rib_key_head *
rib_head(const struct rib *r, uint32_t head)
{
	static const struct rib_key_head empty;
	size_t len;

	return head ? intern_bytes(&r->heads, head, &len) : &empty;
}

void
rib_route_key(const struct rib *r, const struct rib_route *rt, struct rib_key *k)
{
	k->head = *rib_head(r, rt->head);
	k->len = rt->len;
	memcpy(k->tail, rt->tail, rt->len);
}

void
rib_touch(struct rib *r, struct rib_item *items, unsigned n)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += hidx_touch(&r->index, items[i].hash);
	for (unsigned i = 0; i < n; i++) {
		struct hidx_it it = hidx_first(&r->index, items[i].hash);

		items[i].route = hidx_next(&it);
	}
	for (unsigned i = 0; i < n; i++)
		sum += rib_cell(r, items[i].route ? items[i].route : r->anchor)->head;
	r->touched += sum;
}

/* Cells. */

/* Cell sizes: IPv4 type 2, IPv6 type 2, most other keys, the longest key. */
static const uint16_t class_size[RIB_CLASSES] = { RIB_CELL_MIN, 72, 112,
	offsetof(struct rib_route, tail) + RIB_TAIL_MAX + 1 };

uint32_t
rib_cell_alloc(struct rib *r, uint32_t class)
{
	uint32_t h = slab_alloc(&r->cells[class]);

	ensure(h < 1u << RIB_CLASS_SHIFT);
	return class << RIB_CLASS_SHIFT | h;
}

uint32_t
rib_route_new(struct rib *r, uint32_t hash, uint32_t head, const struct rib_key *k)
{
	struct rib_route *rt;
	uint32_t class = 0, h;

	while (offsetof(struct rib_route, tail) + k->len > class_size[class])
		class ++;
	h = rib_cell_alloc(r, class);
	rt = rib_cell(r, h);
	rt->head = head;
	if (head)
		intern_ref(&r->heads, head);
	rt->len = k->len;
	memcpy(rt->tail, k->tail, k->len);
	hidx_insert(&r->index, hash, h);
	return h;
}

static void
route_free(struct rib *r, uint32_t h, struct rib_route *rt)
{
	rib_list_unlink(r, rt);
	hidx_remove(&r->index, rib_tombstone_hash(rt), h);
	intern_unref(&r->heads, rt->head);
	slab_free(&r->cells[h >> RIB_CLASS_SHIFT], h & ((1u << RIB_CLASS_SHIFT) - 1));
}

void
rib_reap_later(struct rib *r, uint32_t h, struct rib_route *rt)
{
	if (rt->flags & RIB_ROUTE_REAP)
		return;
	if (r->nreap == ARRAY_LEN(r->reap))
		rib_reap(r);
	r->reap[r->nreap++] = h;
	rt->flags |= RIB_ROUTE_REAP;
}

void
rib_reap(struct rib *r)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < r->nreap; i++) {
		const struct rib_route *rt = rib_cell(r, r->reap[i]);

		sum += hidx_touch(&r->index, rib_tombstone_hash(rt));
	}
	r->touched += sum;
	for (uint32_t i = 0; i < r->nreap; i++) {
		struct rib_route *rt = rib_cell(r, r->reap[i]);

		rt->flags &= (uint8_t)~RIB_ROUTE_REAP;
		/* It may have come back to life since. */
		if (rib_is_useless(rt))
			route_free(r, r->reap[i], rt);
	}
	r->nreap = 0;
}

void
rib_index_init(struct rib *r)
{
	for (int i = 0; i < RIB_CLASSES; i++)
		slab_init(&r->cells[i], "route", class_size[i]);
	hidx_init(&r->index);
	intern_init(&r->heads, "key head");
}

void
rib_index_fini(struct rib *r)
{
	for (int i = 0; i < RIB_CLASSES; i++)
		slab_fini(&r->cells[i]);
	for (int i = 0; i < RIB_HEADS_CACHED; i++)
		intern_unref(&r->heads, r->head_cache[i].handle);
	hidx_fini(&r->index);
	intern_fini(&r->heads);
}
