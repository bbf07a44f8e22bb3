/* SPDX-License-Identifier: ISC */
/* tests/bench/batch.h: netlink messages, many in a write.
 *
 * What    begin() a message, attr() what it has, full() says when to flush(), which waits for the
 *         ACK of the last one.
 * Why     The bare program that a daemon is compared with must be as fast as netlink allows.
 */
#ifndef EVPND_TESTS_BENCH_BATCH_H
#define EVPND_TESTS_BENCH_BATCH_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATCH 64 /* messages in a write; longer ones are slower for VXLAN entries */

struct batch {
	int fd;
	unsigned int messages;		      /* in buf */
	size_t len;			      /* of them */
	struct nlmsghdr *last;		      /* the one that attributes go to */
	uint32_t seq;			      /* of it */
	_Alignas(8) uint8_t buf[BATCH * 192]; /* what a flush writes */
};

struct batch *batch_new(void);
void batch_free(struct batch *b);
/* A request with a body; flags beside NLM_F_REQUEST. */
void batch_begin(
    struct batch *b, uint16_t type, uint16_t flags, const void *body, size_t len);
void batch_attr(struct batch *b, uint16_t type, const void *data, size_t len);
static inline void
batch_u32(struct batch *b, uint16_t type, uint32_t v)
{
	batch_attr(b, type, &v, sizeof v);
}
/* No room for so many more messages. */
static inline bool
batch_full(const struct batch *b, unsigned int more)
{
	return b->messages + more > BATCH;
}
/* Sends what there is.  The first error that the kernel has for any of it, as -errno. */
int batch_flush(struct batch *b);

#endif
