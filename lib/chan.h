/* SPDX-License-Identifier: ISC */
/* lib/chan.h: framed messages over a stream socket, with back-pressure.
 *
 * What    A message is a 4-byte length (of what follows, big-endian), a 2-byte
 *         type and a body.  Used between engine and evpnd (zl_proto) and
 *         between vtysh and engine (control protocol).
 * Reading chan calls on_msg for each whole message, in slices; the body is
 *         borrowed for the call.  A length over max_msg or under 2 closes the
 *         channel with on_close("...").
 * Writing chan_send() copies into a queue that is written at the end of the
 *         loop's turn, many messages to a system call.  chan_full() says that more
 *         than high_water bytes wait: stop producing; on_drain is called once the
 *         queue is below half of it.  Descriptors may ride on a message
 *         (SCM_RIGHTS) over unix sockets.
 * Owns    The descriptor and the queue.  on_close is called once, not for
 *         chan_close(); after it the owner calls chan_close() (any time).
 * Rules   All callbacks come from the loop, never from inside chan_send().
 *         Each may close the channel and free the memory it is in.  What the peer
 *         sent before it closed is delivered before on_close.
 */
#ifndef EVPND_LIB_CHAN_H
#define EVPND_LIB_CHAN_H

#include <stddef.h>

#include "lib/loop.h"

struct chan_buf;
struct chan_guard;

struct chan_ops {
	/* fd is -1 or a descriptor now owned by the callee. */
	void (*on_msg)(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd);
	void (*on_close)(void *arg, const char *why); /* why: text, "" at end of file */
	void (*on_drain)(void *arg);		      /* may be NULL */
};

/* A descriptor that came with the bytes before `at`. */
struct chan_fd {
	int fd;	     /* owned, -1 none */
	uint64_t at; /* it belongs to the message that holds byte at - 1 of the stream */
};

struct chan {
	struct loop *loop; /* borrowed */
	struct loop_io io; /* the descriptor's watcher */
	struct loop_work
	    rx_work; /* goes on reading after a slice was over; reports a failure */
	struct loop_work tx_work;   /* writes the queue at the end of the turn */
	const struct chan_ops *ops; /* borrowed, static */
	void *arg;		    /* for ops */
	int fd;			    /* owned, -1 when closed */
	size_t max_msg;		    /* longest body accepted, bytes */
	size_t high_water;	    /* chan_full() above this many queued bytes */
	bool was_full;		    /* on_drain is owed */
	bool broken;		    /* writing failed or the peer broke the framing */
	char why[64];		    /* text for on_close, when broken */
	uint8_t *rx;		    /* owned receive buffer */
	size_t rx_pos;		    /* first byte of it not yet delivered */
	size_t rx_len, rx_cap;	    /* bytes in it, and its size */
	uint64_t rx_end;	    /* bytes received ever */
	struct chan_fd rx_fd[2];    /* descriptors whose message is not complete yet */
	struct chan_buf *tx_head, *tx_tail; /* owned queue */
	size_t tx_queued;		    /* bytes in the queue */
	struct chan_guard *guard; /* of the running callback; tells it about a close */
};

/* max_msg: longest body.  high_water starts at 1 MiB and may be set afterwards. */
void chan_init(struct chan *c, struct loop *l, int fd, const struct chan_ops *ops,
    void *arg, size_t max_msg);
/* Drops what is queued.  Also when never opened: a zero-filled struct with fd -1. */
void chan_close(struct chan *c);
/* False if the channel is closed or broken.  fd is -1 or a descriptor to pass, which is owned by
 * the channel from here on, whatever the result. */
bool chan_send(struct chan *c, uint16_t type, const void *body, size_t len, int fd);
bool chan_full(const struct chan *c);
/* Writes now what the socket takes; true once the queue is empty.  For a process about to exit. */
bool chan_flush(struct chan *c);

#endif
