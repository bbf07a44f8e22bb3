/* SPDX-License-Identifier: ISC */
/* tests/sim/relay.h: a connection between two speakers, with a delay of its own.
 *
 * What    Two socket pairs and a queue in each direction between them.  What is read
 *         from one side is written to the other after a delay drawn by the owner.
 * Ends    When a side closes, what it has sent is still delivered, then the other
 *         side sees the end.  relay_cut() closes both at once, mid-message if need be.
 * Owns    Its middle descriptors and queues.
 */
#ifndef EVPND_TESTS_SIM_RELAY_H
#define EVPND_TESTS_SIM_RELAY_H

#include "lib/loop.h"

struct relay_chunk;

struct relay_side {
	int fd;		   /* towards the speaker; -1 closed */
	struct loop_io io; /* of fd */
	struct relay_chunk *head,
	    *tail;		 /* owned: read here, to be written to the other side */
	struct loop_timer timer; /* the head's delay */
	bool eof;		 /* nothing more comes from here */
	struct relay *relay;	 /* borrowed */
};

struct relay {
	struct relay *next, **link; /* list of the owner */
	struct loop *loop;	    /* borrowed */
	struct relay_side side[2];
	int a, b;		     /* the owner's names of the speakers */
	int64_t (*delay)(void *arg); /* microseconds for a chunk */
	void *delay_arg;
};

/* fds: what the two speakers get.  Linked into *list. */
struct relay *relay_new(struct loop *l, struct relay **list, int fds[2]);
/* Frees it; the speakers see their connections end now. */
void relay_cut(struct relay *r);

#endif
