/* SPDX-License-Identifier: ISC */
/* Slabs: chunks of equal cells, each chunk followed by one bit a cell that says "in use". */
#include "config.h"

#include "lib/slab.h"

#include <stdlib.h>
#include <string.h>

#include "lib/asan.h"
#include "lib/util.h"

enum {
	CHUNK_BYTES = 4096, /* a chunk's cells fill at most this */
	MIN_SHIFT = 2,	    /* but there are at least 4 cells */
	MAX_BLOCK = 16,	    /* chunks that come from one malloc */
};

static uint32_t
cells(const struct slab *s)
{
	return 1u << s->shift;
}

static uint64_t *
chunk_bits(const struct slab *s, uint32_t chunk)
{
	return (uint64_t *)(void *)(s->chunks[chunk] +
				    (((size_t)s->size << s->shift) + 7) / 8 * 8);
}

static uint32_t
chunk_words(const struct slab *s)
{
	return (cells(s) + 63) / 64;
}

/* Bytes from one chunk to the next within one malloc. */
static size_t
stride(const struct slab *s)
{
	return (((size_t)s->size << s->shift) + 7) / 8 * 8 + 8 * (size_t)chunk_words(s);
}

/* Chunks in the malloc that starts at chunk n.  It depends on n alone, so that
 * slab_fini() finds the starts again. */
static uint32_t
block_chunks(uint32_t n)
{
	if (n == 0)
		return 1;
	return MIN(n, MAX_BLOCK);
}

void
slab_init(struct slab *s, const char *name, size_t size)
{
	memset(s, 0, sizeof(*s));
	s->name = name;
	size = (MAX(size, 4) + 3) / 4 * 4;
	s->size = (uint32_t)size;
	s->shift = MIN_SHIFT;
	while ((size << (s->shift + 1)) <= CHUNK_BYTES)
		s->shift++;
	s->fresh = 1;
}

void
slab_fini(struct slab *s)
{
	uint32_t i, next;

	for (i = 0; i < s->nchunks; i = next) {
		next = i + block_chunks(i);
		free(s->chunks[i]);
	}
	free(s->chunks);
	s->chunks = NULL;
	s->nchunks = s->capchunks = 0;
	s->fresh = 1;
	s->freelist = s->live = 0;
}

static void
slab_grow(struct slab *s)
{
	uint32_t n = block_chunks(s->nchunks), i;
	uint8_t *mem = xmalloc(n * stride(s));

	ensure((uint64_t)(s->nchunks + n) << s->shift <= UINT32_MAX);
	if (s->nchunks + n > s->capchunks) {
		s->capchunks = MAX(s->nchunks + n, s->capchunks * 2);
		s->chunks = xrealloc(s->chunks, s->capchunks * sizeof(*s->chunks));
	}
	for (i = 0; i < n; i++, mem += stride(s)) {
		s->chunks[s->nchunks++] = mem;
		memset(chunk_bits(s, s->nchunks - 1), 0, 8 * (size_t)chunk_words(s));
		asan_hide(mem, (size_t)s->size << s->shift);
	}
}

uint32_t
slab_alloc(struct slab *s)
{
	uint32_t h = s->freelist, in;
	uint8_t *cell;

	if (h == 0) {
		h = s->fresh;
		if (h >> s->shift >= s->nchunks)
			slab_grow(s);
		s->fresh++;
		cell = slab_ptr(s, h);
		asan_show(cell, s->size);
	} else {
		cell = slab_ptr(s, h);
		asan_show(cell, s->size);
		memcpy(&s->freelist, cell, sizeof(s->freelist));
	}
	in = h & (cells(s) - 1);
	chunk_bits(s, h >> s->shift)[in / 64] |= 1ull << (in % 64);
	s->live++;
	memset(cell, 0, s->size);
	return h;
}

bool
slab_used(const struct slab *s, uint32_t h)
{
	uint32_t in = h & (cells(s) - 1);

	if (h >= s->fresh || h == 0)
		return false;
	return chunk_bits(s, h >> s->shift)[in / 64] >> (in % 64) & 1;
}

void
slab_free(struct slab *s, uint32_t h)
{
	uint32_t in = h & (cells(s) - 1);
	uint8_t *cell;

	ensure(slab_used(s, h));
	chunk_bits(s, h >> s->shift)[in / 64] &= ~(1ull << (in % 64));
	cell = slab_ptr(s, h);
	memcpy(cell, &s->freelist, sizeof(s->freelist));
	asan_hide(cell, s->size);
	s->freelist = h;
	s->live--;
}

uint32_t
slab_next(const struct slab *s, uint32_t h)
{
	uint32_t chunk, word, in;
	uint64_t bits;

	if (++h == 0 || h >= s->fresh)
		return 0;
	chunk = h >> s->shift;
	in = h & (cells(s) - 1);
	word = in / 64;
	bits = chunk_bits(s, chunk)[word] & ~0ull << (in % 64);
	for (;;) {
		if (bits)
			return (chunk << s->shift) + word * 64 +
			       (uint32_t)__builtin_ctzll(bits);
		if (++word == chunk_words(s)) {
			word = 0;
			if (++chunk == s->nchunks)
				return 0;
		}
		bits = chunk_bits(s, chunk)[word];
	}
}

size_t
slab_bytes(const struct slab *s)
{
	return s->nchunks * stride(s) + s->capchunks * sizeof(*s->chunks);
}
