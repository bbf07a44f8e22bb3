/* SPDX-License-Identifier: ISC */
/* evpn/dup.h: duplicate detection: so many moves in so long a time.
 *
 * What    The counter of one MAC or one address (RFC 7432 15.1; for addresses that move
 *         between MACs, RFC 9721), and what becomes of it: a warning only,
 *         or a freeze for a time or for good.
 * Freeze  What is frozen stays where it was: the newer claim is neither advertised nor
 *         installed.  It ends by time, by an operator, or when only one still claims it.
 * Pure    No clock, no table: the time comes in.
 */
#ifndef EVPND_EVPN_DUP_H
#define EVPND_EVPN_DUP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/mono.h"

struct dup_conf {
	bool dad;	    /* duplicate detection is on */
	bool freeze;	    /* a duplicate is frozen */
	uint32_t max_moves; /* N of RFC 7432 15.1 */
	int64_t window_us;  /* M */
	int64_t freeze_us;  /* 0: until an operator clears it */
};

struct dup {
	struct mono window;	  /* when the present window began */
	struct mono frozen_until; /* us 0: for good */
	uint16_t moves;		  /* in the present window */
	bool duplicate;		  /* N moves within M seconds were seen */
	bool frozen;		  /* duplicates are frozen by configuration */
};

enum dup_verdict {
	DUP_NO,	    /* a move like others */
	DUP_BECAME, /* by this move; it may move */
	DUP_FROZE,  /* by this move: it may not */
};

/* Counts a move. */
enum dup_verdict dup_move(struct dup *d, const struct dup_conf *c, struct mono now);
/* Ends it: the count begins anew. */
void dup_clear(struct dup *d);
/* Its freeze is over by time. */
static inline bool
dup_thaws(const struct dup *d, struct mono now)
{
	return d->frozen && d->frozen_until.us && !mono_before(now, d->frozen_until);
}

#endif
