/* SPDX-License-Identifier: ISC */
/* lib/slab.h: fixed-size objects named by 32-bit handles.
 *
 * What    Hot objects (routes, paths, MACs, neighbours) live in slabs: chunks
 *         of equal cells.  A handle is an index from 1; 0 means none.
 * Why     Half the size of a pointer, no malloc header, memory that can be
 *         counted, and a walk over all objects without a list (slab_next).
 * Owns    Its chunks.  Cells are zeroed by slab_alloc().  A pointer from
 *         slab_ptr() stays valid until that cell is freed: chunks never move.
 * Cost    O(1) alloc and free; one bit a cell beside it.  Chunks of at most
 *         4 KiB (but 4 cells), got from malloc one by one at first and 16 at a
 *         time later; an empty slab owns nothing.
 * Limits  2^32 - 1 objects.  Wholly free memory is kept for reuse.
 * Faults  Freeing a handle that is not in use aborts; sanitizer builds report
 *         a touch of a freed cell.
 */
#ifndef EVPND_LIB_SLAB_H
#define EVPND_LIB_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slab {
	const char *name;   /* for `show memory`; borrowed, static */
	uint8_t **chunks;   /* owned array; owned memory, several chunks to a malloc */
	uint32_t nchunks;   /* chunks in use */
	uint32_t capchunks; /* room in `chunks` */
	uint32_t size;	    /* bytes of a cell, multiple of 4 */
	uint8_t shift;	    /* log2 of cells per chunk */
	uint32_t fresh;	    /* first handle never handed out */
	uint32_t freelist;  /* first free cell, 0 none; next in its first 4 bytes */
	uint32_t live;	    /* objects in use */
};

void slab_init(struct slab *s, const char *name, size_t size);
void slab_fini(struct slab *s);
uint32_t slab_alloc(struct slab *s);
void slab_free(struct slab *s, uint32_t h);
bool slab_used(const struct slab *s, uint32_t h); /* any number may be asked about */
/* The first handle in use after h, 0 at the end; start with 0.  Objects may be freed and
 * allocated between two calls (a new one may or may not be visited). */
uint32_t slab_next(const struct slab *s, uint32_t h);
size_t slab_bytes(const struct slab *s); /* memory held, chunks and directory */

static inline void *
slab_ptr(const struct slab *s, uint32_t h)
{
	return s->chunks[h >> s->shift] + (size_t)(h & ((1u << s->shift) - 1)) * s->size;
}

#endif
