/* SPDX-License-Identifier: ISC */
/* bgpd/gr.h: graceful restart of a peer, seen from us: which of its paths are kept, how long.
 *
 * What    When a peer that can restart gracefully goes away, its paths stay, marked
 *         stale, until it is back and has told everything (End-of-RIB), or until
 *         a timer says that it will not.
 * Pure    (state, event, now) -> actions; the owner marks, flushes and asks for the time.
 * States  off -> down (stale paths kept, waiting for the peer) -> sync (it is back,
 *         waiting for End-of-RIB) -> off.
 * Rules   RFC 4724 4.2; RFC 8538 3, 4 (what a NOTIFICATION means is the owner's part:
 *         gr_keeps() below).
 */
#ifndef EVPND_BGPD_GR_H
#define EVPND_BGPD_GR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/mono.h"

enum gr_state { GR_OFF, GR_DOWN, GR_SYNC, GR_STATE_MAX };

enum gr_event {
	GR_EV_LOST_KEEP, /* the session ended in a way that keeps the paths */
	GR_EV_LOST,	 /* it ended for good */
	GR_EV_UP_KEEP,	 /* it is back and kept its forwarding state */
	GR_EV_UP, /* it is back and has forgotten, or cannot restart gracefully any more */
	GR_EV_EOR,   /* its End-of-RIB */
	GR_EV_TIMER, /* gr->due has come */
	GR_EVENT_MAX,
};

enum {
	GR_ACT_MARK = 1,	/* mark all paths of the peer stale */
	GR_ACT_FLUSH = 2,	/* withdraw all its paths */
	GR_ACT_FLUSH_STALE = 4, /* withdraw those still stale; before GR_ACT_MARK */
};

struct gr {
	enum gr_state state;
	uint16_t restart_time; /* seconds that the peer asked for */
	uint16_t stale_time;   /* seconds that we wait for End-of-RIB, configured */
	struct mono due;       /* when the timer fires, 0 = not running */
};

unsigned gr_step(struct gr *g, enum gr_event ev, struct mono now);

/* How a session ended, for gr_keeps(). */
struct gr_end {
	bool notification;     /* one was sent or received, our hold timer's included */
	uint8_t code, subcode; /* its */
	bool both_n;	       /* both sides set the N bit (RFC 8538) */
};

/* True if the paths of a peer that negotiated graceful restart outlive this end. */
bool gr_keeps(const struct gr_end *end);

const char *gr_state_name(enum gr_state s);

#endif
