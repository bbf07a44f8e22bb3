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
	SEG_STEP = 1024, /* from here it grows by this, */
	SEG_MAX = 4096,	 /* and here it splits */
	/* The directory uses the top bits of the mixed hash and the slot the low 16, so a
	 * deeper directory would crowd the slots.  It reaches 2 * 10^8 pairs; a segment of
	 * an even larger table doubles instead. */
	MAX_BITS = 16,
};

static inline uint32_t
seg_limit(uint32_t nslots)
{
	return nslots - nslots / 8 - nslots / 16;
}

static struct hidx_seg
seg_new(uint32_t nslots, uint32_t depth)
{
	ensure(nslots < 1u << 27);
	return (struct hidx_seg){
		.slots = xcalloc(nslots, sizeof(struct hidx_slot)),
		.nslots = nslots & ((1u << 27) - 1),
		.depth = depth & 31,
	};
}

static inline void
seg_put(struct hidx_seg *s, struct hidx_slot slot)
{
	uint32_t i = hidx_home(slot.hash, s->nslots);

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

/* The first of the segment's entries in the directory. */
static inline struct hidx_seg *
seg_first(const struct hidx *h, uint32_t m)
{
	uint32_t i = (uint32_t)(hidx_dir(h, m) - h->dir);

	return h->dir + (i & ~((1u << (h->bits - h->dir[i].depth)) - 1));
}

/* Copies the segment into one of another size, which takes its entries. */
static void
seg_resize(struct hidx *h, uint32_t m, uint32_t nslots)
{
	struct hidx_seg *d = seg_first(h, m), old = *d, new = seg_new(nslots, old.depth);
	uint32_t i = seg_start(&old), n;

	for (n = 0; n < old.nslots; n++) {
		if (old.slots[i].val != 0)
			seg_put(&new, old.slots[i]);
		if (++i == old.nslots)
			i = 0;
	}
	for (i = 0; i < 1u << (h->bits - old.depth); i++)
		d[i] = new;
	free(old.slots);
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
seg_split(struct hidx *h, uint32_t m)
{
	const struct hidx_seg old = *seg_first(h, m);
	uint32_t bit = 31u - old.depth, ones = 0, n, i;
	struct hidx_seg half[2], *d;

	if (old.depth == MAX_BITS)
		return false;
	for (i = 0; i < old.nslots; i++)
		if (old.slots[i].val != 0)
			ones += old.slots[i].hash >> bit & 1;
	if (MIN(ones, old.count - ones) < old.count / 8)
		return false;
	half[0] = seg_new(size_for(old.count - ones + 1), old.depth + 1u);
	half[1] = seg_new(size_for(ones + 1), old.depth + 1u);
	i = seg_start(&old);
	for (n = 0; n < old.nslots; n++) {
		if (old.slots[i].val != 0)
			seg_put(&half[old.slots[i].hash >> bit & 1], old.slots[i]);
		if (++i == old.nslots)
			i = 0;
	}
	if (old.depth == h->bits)
		dir_double(h);
	d = seg_first(h, m);
	n = 1u << (h->bits - old.depth);
	for (i = 0; i < n; i++)
		d[i] = half[i >= n / 2];
	h->nsegs++;
	free(old.slots);
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
		const struct hidx_seg *s = &h->dir[i];

		i += 1u << (h->bits - s->depth);
		free(s->slots);
	}
	free(h->dir);
	hidx_init(h);
}

void
hidx_insert(struct hidx *h, uint32_t hash, uint32_t val)
{
	uint32_t m = hidx_mix(hash);
	struct hidx_seg *s;

	ensure(val != 0);
	if (!h->dir) {
		h->dir = xmalloc(sizeof(*h->dir));
		h->dir[0] = seg_new(SEG_MIN, 0);
		h->nsegs = 1;
	}
	s = seg_first(h, m);
	if (s->count >= seg_limit(s->nslots)) {
		if (s->nslots < SEG_MAX || !seg_split(h, m))
			seg_resize(h, m, size_for(s->count + 1));
		s = seg_first(h, m);
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
		want = hidx_home(s->slots[i].hash, n);
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
	uint32_t m = hidx_mix(hash), i;
	struct hidx_seg *s;

	if (!h->dir)
		return false;
	s = seg_first(h, m);
	for (i = hidx_home(m, s->nslots);;) {
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
		seg_resize(h, m, size_for(s->count * 2));
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
		const struct hidx_seg *s = &h->dir[i];

		n += s->nslots * sizeof(s->slots[0]);
		i += 1u << (h->bits - s->depth);
	}
	return n + (sizeof(*h->dir) << h->bits);
}
