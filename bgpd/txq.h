/* SPDX-License-Identifier: ISC */
/* bgpd/txq.h: what waits to be written on one connection.
 *
 * What    A queue of shared messages (the adj-out's UPDATEs) and, in front of it, a small buffer of our own messages (OPEN, KEEPALIVE,
 *         NOTIFICATION, ROUTE-REFRESH).
 * Order   A control message goes out at the next message boundary, before any queued
 *         UPDATE: a keepalive waits for one message at most.  Messages that must
 *         keep their place among UPDATEs (End-of-RIB, EoRR) come as shared ones, too.
 * Owns    A reference on each queued buffer.
 * Cost    One sendmsg() for up to 256 messages; no copy.
 */
#ifndef EVPND_BGPD_TXQ_H
#define EVPND_BGPD_TXQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct txbuf; /* bgpd/adjout.h */

struct txq {
	struct txbuf **ring; /* owned array of references */
	uint32_t cap;	     /* its size, a power of 2, 0 before the first push */
	uint32_t head;	     /* place of the first buffer */
	uint32_t count;	     /* buffers queued */
	size_t off;	     /* bytes of the first buffer already written */
	uint8_t *ctl;	     /* owned: control messages */
	size_t ctl_off;	     /* of them already written */
	size_t ctl_len;	     /* bytes in ctl */
	size_t ctl_cap;	     /* its size */
	size_t queued;	     /* bytes that wait, both kinds */
};

void txq_init(struct txq *q);
void txq_fini(struct txq *q);		       /* drops what waits */
void txq_push(struct txq *q, struct txbuf *b); /* takes the reference over */
void txq_control(struct txq *q, const void *msg, size_t len); /* copies */
/* Forgets all but the rest of a message that was begun and the control messages: the connection is
 * to be closed after them. */
void txq_cut(struct txq *q);
/* Writes what the socket takes: bytes written, 0 when it would block (or nothing waits), or
 * negative errno. */
long txq_write(struct txq *q, int fd);

/* Bytes of control messages that wait; queued less this is the adj-out's share. */
static inline size_t
txq_control_bytes(const struct txq *q)
{
	return q->ctl_len - q->ctl_off;
}

static inline bool
txq_empty(const struct txq *q)
{
	return q->queued == 0;
}

#endif
