/* SPDX-License-Identifier: ISC */
/* zebra-lite/outq.h: records that wait for the channel, as they will be sent.
 *
 * What    A queue of encoded records in chunks; each chunk is the body of one frame.
 * Why     Encoded, a lost entry is some 30 bytes, of 340 as a struct, and the kernel may drop
 *         entries by the ten thousand.
 * Room    What was sent is given back chunk by chunk, so that the queue never costs more than
 *         what waits in it.
 * Owns    Its chunks.
 */
#ifndef EVPND_ZEBRA_LITE_OUTQ_H
#define EVPND_ZEBRA_LITE_OUTQ_H

#include <stdint.h>

#define OUTQ_BYTES 8160 /* of a chunk */

struct outq_chunk {
	struct outq_chunk *next;
	uint32_t len;	       /* bytes in use */
	uint32_t n;	       /* records */
	uint8_t b[OUTQ_BYTES]; /* those */
};

struct outq {
	struct outq_chunk *head, *tail; /* owned */
	uint32_t n;			/* records in all */
};

/* Where the next record may be written: `max` bytes, which are not more than OUTQ_BYTES.  No chunk gets
 * more than `most` records. */
uint8_t *outq_room(struct outq *q, uint32_t max, uint32_t most);
/* It was written there, and has this length. */
void outq_put(struct outq *q, uint32_t len);
/* The first chunk has been sent. */
void outq_drop(struct outq *q);
void outq_clear(struct outq *q);

#endif
