/* SPDX-License-Identifier: ISC */
/* tests/unit/raw_peer.h: one speaker and one peer made of bytes.
 *
 * What    Fixtures and messages for tests of a single session: the speaker n (AS 65000,
 *         10.0.0.1, hold 9 s) and the raw node 10.0.0.9, which the test plays.
 * Owns    The world of the running test: one test at a time.
 */
#ifndef EVPND_TESTS_RAW_PEER_H
#define EVPND_TESTS_RAW_PEER_H

#include "tests/unit/bgp_world.h"

extern struct world w;
extern struct node *n, *raw;

void setup(void);	   /* an internal peer */
void setup_external(void); /* one of AS 65001 */
void teardown(void);

/* A made-up UPDATE. */
struct msg {
	uint8_t b[MSG_MAX]; /* the whole message */
	struct wbuf w;	    /* over b */
	size_t attrs;	    /* mark of the attribute length */
	size_t start;	    /* mark of the message length */
};

void update_begin(struct msg *m);
void update_attr(struct msg *m, uint8_t flags, uint8_t code, const void *val, size_t len);
void update_end(struct msg *m);
void update_send(struct msg *m); /* ends it, too */
void put_nlri(struct wbuf *b, unsigned first, unsigned count);
/* MP_REACH_NLRI with these routes; ORIGIN, AS_PATH and LOCAL_PREF. */
void put_reach(struct msg *m, unsigned first, unsigned count);
void put_base(struct msg *m);

void announce(unsigned first, unsigned count);
void send_eor(void);
void send_refresh(uint8_t type);

struct peer *peer(void); /* of the speaker, for the raw node */
void up(void);		 /* a session, with route refresh */
void offer_gr(void);	 /* the speaker offers graceful restart from now on */
void up_gr(void);	 /* one with graceful restart of 30 s */

#endif
