/* SPDX-License-Identifier: ISC */
/* lib/hidx.h: a hash index: 32-bit hash -> 32-bit handle.
 *
 * What    The one hash table of the house.  It stores (hash, handle) pairs and
 *         no keys: the caller compares the candidates, which live in a slab.
 * How     Extendible hashing: a directory over segments of open-addressed
 *         8-byte slots (linear probing, backward-shift deletion).  A full
 *         segment grows alone to 4096 slots and then splits alone, so no
 *         insertion ever pays for a rehash of the whole table (bounded pause,
 *         style 22).
 *         All about a segment stands in the small directory, so that a search
 *         waits for memory once.
 * Use     for (struct hidx_it it = hidx_first(h, hash); (v = hidx_next(&it)) != 0;)
 *                 if (my_equal(slab_ptr(s, v), key)) ...
 *         Do not insert or remove between hidx_first and the last hidx_next.
 * Rules   Hashes over data that strangers choose must be keyed (lib/hash.h);
 *         other hashes may be poor (small integers), they are mixed here.
 *         Handle 0 is not storable.  The same pair twice is the caller's bug.
 *         Not a multimap: n pairs with one hash cost O(n) each.
 * Cost    O(1); 8 bytes a slot.  Tables over 1700 entries keep a load between
 *         0.57 and 0.81 while they grow (10 to 14 bytes a pair, mostly 12); a
 *         table that shrinks goes down to 0.2 before it gives memory back.  An
 *         empty table owns nothing, a small one about 100 bytes.  Below 2048
 *         slots a segment doubles.
 */
#ifndef EVPND_LIB_HIDX_H
#define EVPND_LIB_HIDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hidx_slot {
	uint32_t hash; /* mixed (hidx.c) from the one given to hidx_insert() */
	uint32_t val;  /* handle, 0 = empty slot */
};

/* A segment, as each of its entries in the directory tells. */
struct hidx_seg {
	struct hidx_slot *slots; /* owned by all these entries together */
	uint32_t count;		 /* slots in use; kept in the first of the entries */
	uint32_t nslots : 27;	 /* slots, not always a power of two */
	uint32_t depth : 5;	 /* leading bits that all hashes here have in common */
};

struct hidx {
	struct hidx_seg *dir; /* 1 << bits entries, NULL at first; owned */
	uint8_t bits;	      /* directory depth */
	uint32_t count;	      /* pairs stored */
	uint32_t nsegs;	      /* distinct segments */
};

struct hidx_it {
	const struct hidx_slot *slots; /* of the segment */
	uint32_t pos;		       /* next slot to look at */
	uint32_t nslots;	       /* slots in the segment; one at least is empty */
	uint32_t hash;		       /* looked for, mixed */
};

void hidx_init(struct hidx *h);
void hidx_fini(struct hidx *h);
void hidx_insert(struct hidx *h, uint32_t hash, uint32_t val);
bool hidx_remove(struct hidx *h, uint32_t hash, uint32_t val);
size_t hidx_bytes(const struct hidx *h);

/* Every bit of the hash reaches the top bits (segment) and the low 16 (slot).  No two hashes
 * become one, so the mixed value is all that is kept. */
static inline uint32_t
hidx_mix(uint32_t hash)
{
	hash ^= hash >> 16;
	hash *= 0x9e3779b1u;
	return hash ^ hash >> 15;
}

/* Where a mixed hash belongs among so many slots. */
static inline uint32_t
hidx_home(uint32_t m, uint32_t nslots)
{
	return (uint32_t)((uint64_t)(m & 0xffff) * nslots >> 16);
}

/* The directory's entry for a mixed hash; the directory is there. */
static inline struct hidx_seg *
hidx_dir(const struct hidx *h, uint32_t m)
{
	return &h->dir[(uint64_t)m >> (32 - h->bits)];
}

static inline struct hidx_it
hidx_first(const struct hidx *h, uint32_t hash)
{
	static const struct hidx_slot none = { 0, 0 };
	uint32_t m = hidx_mix(hash);
	const struct hidx_seg *d;

	if (!h->dir)
		return (struct hidx_it){ &none, 0, 1, m };
	d = hidx_dir(h, m);
	return (struct hidx_it){ d->slots, hidx_home(m, d->nslots), d->nslots, m };
}

/* Reads where a search for this hash begins.  To wait for memory once for many searches, do this for
 * all of them first and keep the sum; a prefetch would not do, as processors drop those that miss the
 * TLB. */
static inline uint32_t
hidx_touch(const struct hidx *h, uint32_t hash)
{
	struct hidx_it it = hidx_first(h, hash);

	return it.slots[it.pos].val;
}

static inline uint32_t
hidx_next(struct hidx_it *it)
{
	for (;;) {
		const struct hidx_slot *s = &it->slots[it->pos];

		if (s->val == 0)
			return 0;
		if (++it->pos == it->nslots)
			it->pos = 0;
		if (s->hash == it->hash)
			return s->val;
	}
}

#endif
