/* SPDX-License-Identifier: ISC */
/* evpn/prober.h: asks the data plane whether hosts are still there (ZL_PROBE).
 *
 * What    Keeps the times of all neighbours that probe.h wants to wait or to ask for,
 *         and sends the questions: what is urgent (a route hangs on it, a host moved)
 *         before what is only stale, at most evpn_conf.probe_rate a second.
 * Refresh A stale neighbour is asked within one to two minutes, spread evenly: well
 *         before the bridge forgets its MAC (300 s), which the answer renews too.
 * State   A neighbour is in one list at most; its question is made when it is sent, and
 *         waits while the data plane takes no more.  Nothing grows with events.
 * Owns    A wheel of seconds and two queues, through struct neigh_local.
 * Cost    Nothing for remote neighbours; O(1) an event.
 */
#ifndef EVPND_EVPN_PROBER_H
#define EVPND_EVPN_PROBER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/loop.h"

struct evpn;
struct neigh;

#define PROBER_SLOTS 128 /* seconds of the wheel */

enum { PROBER_NOWHERE, PROBER_URGENT, PROBER_STALE, PROBER_WHEEL };

struct prober_list {
	uint32_t head, tail; /* neighbours: handles, by neigh_local.qnext */
};

struct prober {
	struct prober_list lists[PROBER_WHEEL + PROBER_SLOTS]; /* the first is unused */
	struct loop_timer tick; /* every second, if needed */
	struct loop_work work;	/* sends */
	struct mono last;	/* when `slot` was reached */
	uint32_t slot;		/* of the wheel */
	uint32_t budget;	/* questions left in this second */
	uint32_t n;		/* neighbours in some list */
	uint32_t queued;	/* of them, in the two queues */
	uint32_t held;		/* neighbours that stand only until they are asked */
	uint64_t asked;		/* questions sent */
	uint64_t answered;	/* hosts that were asked and are there */
	uint64_t lost;		/* hosts that were held and then given up */
};

void prober_init(struct evpn *e);
void prober_fini(struct evpn *e);

/* The data plane has it: by its flags, confirmed or stale. */
void prober_said(struct evpn *e, uint32_t h);
/* The data plane has it no more.  True: it stands until it was asked; false: it is not asked for,
 * or was asked often enough. */
bool prober_gone(struct evpn *e, uint32_t h);
/* It came here or went away: ask once. */
void prober_call(struct evpn *e, uint32_t h);
/* The same for the addresses of a MAC that changed sides; of one that is remote now. */
void prober_mac_moved(struct evpn *e, uint32_t mac);
void prober_mac_lost(struct evpn *e, uint32_t mac);
/* It turns out to be an address of this MAC: if a remote leaf took that over lately, ask once. */
void prober_lost_mac(struct evpn *e, uint32_t h, uint32_t mac);
/* Its local binding ends. */
void prober_end(struct evpn *e, uint32_t h);
/* A question for it waits to be sent: it must not be freed. */
bool prober_holds(const struct evpn *e, const struct neigh *n);
/* It is freed. */
void prober_forget(struct evpn *e, uint32_t h);
/* The data plane can take more. */
void prober_ready(struct evpn *e);
/* No question is on its way that an answer hangs on. */
bool prober_idle(const struct evpn *e);

#endif
