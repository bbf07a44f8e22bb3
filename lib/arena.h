/* SPDX-License-Identifier: ISC */
/* lib/arena.h: scratch memory that is dropped all at once.
 *
 * What    Per-message scratch of the decoders: allocate forward, reset after the
 *         message.  Memory is 8-byte aligned and not zeroed.
 * Owns    Its blocks; arena_reset() keeps the largest for reuse, so a steady load
 *         stops calling malloc.  Sanitizer builds report a touch after a reset.
 */
#ifndef EVPND_LIB_ARENA_H
#define EVPND_LIB_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* owned; the first is the current one */
	size_t used;		    /* bytes used of the current block */
};

void arena_init(struct arena *a);
void arena_fini(struct arena *a);
void *arena_alloc(struct arena *a, size_t n);
void *arena_dup(struct arena *a, const void *src, size_t n);
void arena_reset(struct arena *a);

#endif
