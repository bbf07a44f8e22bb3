/* SPDX-License-Identifier: ISC */
/* The hash index: a directory of open-addressed segments that grow, split and shrink alone. */
#include "config.h"

#include "lib/hidx.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

enum {
	SEG_MIN = 8,	 /* slots of the first segment */
	SEG_FINE = 2048, /* up to here a segment doubles, */
	SEG_STEP = 512,	 /* from here it grows by this, */
	SEG_MAX = 4096,	 /* and here it splits */
	/* The directory uses the top bits of the mixed hash and the slot the low 16, so a
	 * deeper directory would crowd the slots.  It reaches 2 * 10^8 pairs; a segment of
	 * an even larger table doubles instead. */
	MAX_BITS = 16,
};

struct hidx_seg {
	uint32_t nslots;	  /* slots, not always a power of two */
	uint32_t count;		  /* slots in use */
	uint8_t depth;		  /* leading bits that all hashes here have in common */
	struct hidx_slot slots[]; /* nslots of them */
};

/* Every bit of the hash reaches the top bits (segment) and the low 16 (slot).  No two hashes
 * become one, so the mixed value is all that is kept. */
static inline uint32_t
mix(uint32_t hash)
{
	hash ^= hash >> 16;
	hash *= 0x9e3779b1u;
	return hash ^ hash >> 15;
}

static inline uint32_t
home(uint32_t m, uint32_t nslots)
{
	return (uint32_t)((uint64_t)(m & 0xffff) * nslots >> 16);
}

static inline uint32_t
dir_index(const struct hidx *h, uint32_t m)
{
	return (uint32_t)((uint64_t)m >> (32 - h->bits));
}

static inline uint32_t
seg_limit(uint32_t nslots)
{
	return nslots - nslots / 8 - nslots / 16;
}

static struct hidx_seg *
seg_new(uint32_t nslots, uint8_t depth)
{
	struct hidx_seg *s = xcalloc(1, sizeof(*s) + nslots * sizeof(s->slots[0]));

	s->nslots = nslots;
	s->depth = depth;
	return s;
}

static inline void
seg_put(struct hidx_seg *s, struct hidx_slot slot)
{
	uint32_t i = home(slot.hash, s->nslots);

	while (s->slots[i].val != 0)
		if (++i == s->nslots)
			i = 0;
	s->slots[i] = slot;
	s->count++;
}

/* The entries in order of their place, so that a copy into another size runs forward
 * through both: starts at the first slot after an empty one. */
static uint32_t
seg_start(const struct hidx_seg *s)
{
	uint32_t i = 0;

	while (s->slots[i].val != 0)
		i++;
	return i;
}

/* Points all directory entries of `old` at `new`. */
static void
dir_replace(struct hidx *h, uint32_t m, const struct hidx_seg *old, struct hidx_seg *new)
{
	uint32_t n = 1u << (h->bits - old->depth);
	uint32_t first = dir_index(h, m) & ~(n - 1);

	for (uint32_t i = 0; i < n; i++)
		h->dir[first + i] = new;
}

static struct hidx_seg *
seg_resize(struct hidx *h, uint32_t m, struct hidx_seg *old, uint32_t nslots)
{
	struct hidx_seg *s = seg_new(nslots, old->depth);
	uint32_t i = seg_start(old);

	for (uint32_t n = 0; n < old->nslots; n++) {
		if (old->slots[i].val != 0)
			seg_put(s, old->slots[i]);
		if (++i == old->nslots)
			i = 0;
	}
	dir_replace(h, m, old, s);
	free(old);
	return s;
}

static uint32_t
size_for(uint32_t count)
{
	uint32_t n = SEG_MIN;

	while (seg_limit(n) < count)
		n += n < SEG_FINE ? n : n < SEG_MAX ? SEG_STEP : n;
	return n;
}

static void
dir_double(struct hidx *h)
{
	uint32_t n = 1u << h->bits;

	h->dir = xrealloc(h->dir, 2 * n * sizeof(*h->dir));
	for (uint32_t i = n; i-- > 0;)
		h->dir[2 * i] = h->dir[2 * i + 1] = h->dir[i];
	h->bits++;
}

/* Divides a full segment by its next hash bit.  False if that would not help: most
 * entries would land on one side, so they have equal hashes. */
static bool
seg_split(struct hidx *h, uint32_t m, struct hidx_seg *old)
{
	uint32_t bit = 31u - old->depth, ones = 0, first, n, i;
	struct hidx_seg *half[2];

	if (old->depth == MAX_BITS)
		return false;
	for (i = 0; i < old->nslots; i++)
		if (old->slots[i].val != 0)
			ones += old->slots[i].hash >> bit & 1;
	if (MIN(ones, old->count - ones) < old->count / 8)
		return false;
	half[0] = seg_new(size_for(old->count - ones + 1), (uint8_t)(old->depth + 1));
	half[1] = seg_new(size_for(ones + 1), (uint8_t)(old->depth + 1));
	i = seg_start(old);
	for (n = 0; n < old->nslots; n++) {
		if (old->slots[i].val != 0)
			seg_put(half[old->slots[i].hash >> bit & 1], old->slots[i]);
		if (++i == old->nslots)
			i = 0;
	}
	if (old->depth == h->bits)
		dir_double(h);
	n = 1u << (h->bits - old->depth);
	first = dir_index(h, m) & ~(n - 1);
	for (i = 0; i < n; i++)
		h->dir[first + i] = half[i >= n / 2];
	h->nsegs++;
	free(old);
	return true;
}

void
hidx_init(struct hidx *h)
{
	memset(h, 0, sizeof(*h));
}

void
hidx_fini(struct hidx *h)
{
	uint32_t i = 0;

	while (h->dir && i < 1u << h->bits) {
		struct hidx_seg *s = h->dir[i];

		i += 1u << (h->bits - s->depth);
		free(s);
	}
	free(h->dir);
	hidx_init(h);
}

void
hidx_insert(struct hidx *h, uint32_t hash, uint32_t val)
{
	uint32_t m = mix(hash);
	struct hidx_seg *s;

	ensure(val != 0);
	if (!h->dir) {
		h->dir = xmalloc(sizeof(*h->dir));
		h->dir[0] = seg_new(SEG_MIN, 0);
		h->nsegs = 1;
	}
	s = h->dir[dir_index(h, m)];
	if (s->count >= seg_limit(s->nslots)) {
		if (s->nslots >= SEG_MAX && seg_split(h, m, s))
			s = h->dir[dir_index(h, m)];
		else
			s = seg_resize(h, m, s, size_for(s->count + 1));
	}
	seg_put(s, (struct hidx_slot){ m, val });
	h->count++;
}

/* Moves later entries of the run back over the hole, so that no search meets a gap. */
static void
seg_close_gap(struct hidx_seg *s, uint32_t hole)
{
	uint32_t i = hole, n = s->nslots;

	for (;;) {
		uint32_t want, from_home, from_hole;

		if (++i == n)
			i = 0;
		if (s->slots[i].val == 0)
			break;
		want = home(s->slots[i].hash, n);
		from_home = i >= want ? i - want : i + n - want;
		from_hole = i >= hole ? i - hole : i + n - hole;
		if (from_home >= from_hole) {
			s->slots[hole] = s->slots[i];
			hole = i;
		}
	}
	s->slots[hole] = (struct hidx_slot){ 0, 0 };
}

bool
hidx_remove(struct hidx *h, uint32_t hash, uint32_t val)
{
	uint32_t m = mix(hash), i;
	struct hidx_seg *s;

	if (!h->dir)
		return false;
	s = h->dir[dir_index(h, m)];
	for (i = home(m, s->nslots);;) {
		if (s->slots[i].val == 0)
			return false;
		if (s->slots[i].val == val && s->slots[i].hash == m)
			break;
		if (++i == s->nslots)
			i = 0;
	}
	seg_close_gap(s, i);
	s->count--;
	h->count--;
	if (s->nslots > SEG_MIN && s->count < s->nslots / 5)
		seg_resize(h, m, s, size_for(s->count * 2));
	return true;
}

size_t
hidx_bytes(const struct hidx *h)
{
	size_t n = 0;
	uint32_t i = 0;

	if (!h->dir)
		return 0;
	while (i < 1u << h->bits) {
		const struct hidx_seg *s = h->dir[i];

		n += sizeof(*s) + s->nslots * sizeof(s->slots[0]);
		i += 1u << (h->bits - s->depth);
	}
	return n + (sizeof(*h->dir) << h->bits);
}

struct hidx_it
hidx_first(const struct hidx *h, uint32_t hash)
{
	static const struct hidx_slot none = { 0, 0 };
	uint32_t m = mix(hash);
	const struct hidx_seg *s;

	if (!h->dir)
		return (struct hidx_it){ &none, 0, 1, m };
	s = h->dir[dir_index(h, m)];
	return (struct hidx_it){ s->slots, home(m, s->nslots), s->nslots, m };
}
