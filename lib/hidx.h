/* SPDX-License-Identifier: ISC */
/* lib/hidx.h: a hash index: 32-bit hash -> 32-bit handle.
 *
 * What    The one hash table of the house.  It stores (hash, handle) pairs and
 *         no keys: the caller compares the candidates, which live in a slab.
 * How     Extendible hashing: a directory over segments of open-addressed
 *         8-byte slots.  A full segment splits alone, so no insertion ever
 *         pays for a rehash of the whole table (bounded pause, style 22).
 * Use     for (struct hidx_it it = hidx_first(h, hash); (v = hidx_next(&it)) != 0;)
 *                 if (my_equal(slab_ptr(s, v), key)) ...
 *         Do not insert or remove between hidx_first and the last hidx_next.
 * Rules   Hashes over data that strangers choose must be keyed (lib/hash.h).
 *         Handle 0 is not storable.  The same pair twice is the caller's bug.
 * Cost    O(1); 8 bytes a slot, load between 0.4 and 0.85.
 */
#ifndef EVPND_LIB_HIDX_H
#define EVPND_LIB_HIDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hidx_slot {
	uint32_t hash; /* as given to hidx_insert() */
	uint32_t val;  /* handle, 0 = empty slot */
};

struct hidx_seg;

struct hidx {
	struct hidx_seg **dir; /* 1 << bits pointers; owned, segments too */
	uint8_t bits;          /* directory depth */
	uint32_t count;        /* pairs stored */
	uint32_t nsegs;        /* distinct segments */
};

struct hidx_it {
	const struct hidx_slot *slots; /* of the segment */
	uint32_t pos;                  /* next slot to look at */
	uint32_t mask;                 /* slots - 1 */
	uint32_t hash;                 /* looked for */
};

void hidx_init(struct hidx *h);
void hidx_fini(struct hidx *h);
void hidx_insert(struct hidx *h, uint32_t hash, uint32_t val);
bool hidx_remove(struct hidx *h, uint32_t hash, uint32_t val);
size_t hidx_bytes(const struct hidx *h);
struct hidx_it hidx_first(const struct hidx *h, uint32_t hash);

static inline uint32_t
hidx_next(struct hidx_it *it)
{
	for (;;) {
		const struct hidx_slot *s = &it->slots[it->pos];

		if (s->val == 0)
			return 0;
		it->pos = (it->pos + 1) & it->mask;
		if (s->hash == it->hash)
			return s->val;
	}
}

#endif
