/* SPDX-License-Identifier: ISC */
/* Scratch memory: blocks that double; a reset keeps the last, largest one. */
#include "config.h"

#include "lib/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/asan.h"
#include "lib/util.h"

enum { FIRST_BLOCK = 4096 };

struct arena_block {
	struct arena_block *next; /* older, smaller block; owned */
	size_t size;		  /* bytes of mem */
	uint64_t mem[];		  /* 8-byte aligned */
};

void
arena_init(struct arena *a)
{
	a->blocks = NULL;
	a->used = 0;
}

static void
free_from(struct arena_block *b)
{
	struct arena_block *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_fini(struct arena *a)
{
	free_from(a->blocks);
	arena_init(a);
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct arena_block *b = a->blocks;
	size_t size;
	char *p;

	n = (MAX(n, 1) + 7) / 8 * 8;
	if (!b || b->size - a->used < n) {
		size = MAX(n, b ? b->size * 2 : FIRST_BLOCK);
		b = xmalloc(sizeof(*b) + size);
		b->next = a->blocks;
		b->size = size;
		asan_hide(b->mem, size);
		a->blocks = b;
		a->used = 0;
	}
	p = (char *)b->mem + a->used;
	a->used += n;
	asan_show(p, n);
	return p;
}

void *
arena_dup(struct arena *a, const void *src, size_t n)
{
	void *p = arena_alloc(a, n);

	if (n)
		memcpy(p, src, n);
	return p;
}

void
arena_reset(struct arena *a)
{
	if (!a->blocks)
		return;
	free_from(a->blocks->next);
	a->blocks->next = NULL;
	asan_hide(a->blocks->mem, a->used);
	a->used = 0;
}
