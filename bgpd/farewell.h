/* SPDX-License-Identifier: ISC */
/* bgpd/farewell.h: connections that have said their last word and wait to be closed.
 *
 * What    Writes what is left (a NOTIFICATION), shuts down our direction and closes once
 *         the peer has closed too, or after a second: closing at once would throw
 *         the NOTIFICATION away when bytes of the peer are still unread.
 * Owns    The descriptors and the bytes.
 */
#ifndef EVPND_BGPD_FAREWELL_H
#define EVPND_BGPD_FAREWELL_H

#include "bgpd/txq.h"
#include "lib/loop.h"

struct farewell;

struct farewells {
	struct loop *loop;	/* borrowed */
	struct farewell *first; /* owned list */
	void (*idle)(void *);	/* called when the last one is gone; may be NULL */
	void *arg;		/* for idle */
};

void farewells_init(struct farewells *l, struct loop *loop);
void farewells_fini(struct farewells *l); /* closes all at once */
/* Takes descriptor and queue over; *q is empty afterwards. */
void farewell_add(struct farewells *l, int fd, struct txq *q);

#endif
