/* SPDX-License-Identifier: ISC */
/* lib/chan.h: framed messages over a stream socket, with back-pressure.
 *
 * What    A message is a 4-byte length (of what follows, big-endian), a 2-byte
 *         type and a body.  Used between engine and evpnd (zl_proto) and
 *         between vtysh and engine (control protocol).
 * Reading chan calls on_msg for each whole message, in slices; the body is
 *         borrowed for the call.  A length over max_msg or under 2 closes the
 *         channel with on_close("...").
 * Writing chan_send() queues and writes when it can.  chan_full() says that more
 *         than high_water bytes wait: stop producing; on_drain is called once the
 *         queue is below half of it.  Descriptors may ride on a message
 *         (SCM_RIGHTS) over unix sockets.
 * Owns    The descriptor and the queue.  on_close is called once, not for
 *         chan_close(); after it the owner calls chan_close() (any time).
 */
#ifndef EVPND_LIB_CHAN_H
#define EVPND_LIB_CHAN_H

#include "lib/loop.h"

struct chan_buf;

struct chan_ops {
	/* fd is -1 or a descriptor now owned by the callee. */
	void (*on_msg)(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd);
	void (*on_close)(void *arg, const char *why); /* why: text, "" at end of file */
	void (*on_drain)(void *arg);                  /* may be NULL */
};

struct chan {
	struct loop *loop;         /* borrowed */
	struct loop_io io;         /* the descriptor's watcher */
	const struct chan_ops *ops; /* borrowed, static */
	void *arg;                 /* for ops */
	int fd;                    /* owned, -1 when closed */
	size_t max_msg;            /* longest body accepted, bytes */
	size_t high_water;         /* chan_full() above this many queued bytes */
	bool was_full;             /* on_drain is owed */
	uint8_t *rx;               /* owned receive buffer */
	size_t rx_len, rx_cap;     /* bytes in it, and its size */
	struct chan_buf *tx_head, *tx_tail; /* owned queue */
	size_t tx_queued;          /* bytes in the queue */
	uint32_t gen;              /* changes on close, for free-in-callback */
};

void chan_init(struct chan *c, struct loop *l, int fd, const struct chan_ops *ops, void *arg,
    size_t max_msg);
void chan_close(struct chan *c); /* also when never opened after a zero fill with fd -1 */
/* False if the channel is closed.  fd -1 or a descriptor to pass (it is closed after sending). */
bool chan_send(struct chan *c, uint16_t type, const void *body, size_t len, int fd);
bool chan_full(const struct chan *c);

#endif
