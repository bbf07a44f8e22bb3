/* SPDX-License-Identifier: ISC */
/* mgmt/event.h: what happens, as the notifications of our YANG module.
 *
 * What    Whoever sees something happen begins an event, writes its leaves as RFC 7951
 *         JSON and ends it.  The latest EVENTS_KEPT are kept, with number and time,
 *         for `show evpn events`, `monitor events` and replay (RFC 5277 3.3).
 * Readers A subscriber is woken and then reads on from the number that it read last,
 *         at its own pace: one that is too slow finds a gap in the numbers, never
 *         costs memory.  wake() may only take notes: it is called from the middle of
 *         whatever happens.
 * Bounds  Of each kind EVENT_BURST at once and EVENT_RATE a second; what is beyond is
 *         counted and left out.
 * Owns    The ring.
 */
#ifndef EVPND_MGMT_EVENT_H
#define EVPND_MGMT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/loop.h"
#include "mgmt/out.h"

#define EVENTS_KEPT 1000
#define EVENT_BURST 200 /* events of one kind at once */
#define EVENT_RATE 50	/* and a second */

enum event_kind {
	EVENT_SESSION_UP,
	EVENT_SESSION_DOWN,
	EVENT_VNI_STATE,
	EVENT_VRF_STATE,
	EVENT_MAC_MOVED,
	EVENT_DUPLICATE,
	EVENT_KERNEL_DRIFT,
	EVENT_INSTALL_FAILURE,
	EVENT_COMMIT,
	EVENT_KINDS,
};
const char *event_name(enum event_kind k); /* of the notification: "session-up" */

struct event {
	uint64_t number;      /* from 1 */
	int64_t ms;	      /* wall clock: milliseconds since 1970 */
	enum event_kind kind; /* what */
	char *text;	      /* {"evpnd:session-up":{...}}; owned by the ring */
};

struct events;

/* Embed; in the list of the ring from event_subscribe() to event_unsubscribe(). */
struct event_sub {
	void (*wake)(struct event_sub *s); /* there is a new event */
	struct event_sub *next, **link;	   /* list; link NULL: not subscribed */
};

struct events *events_new(struct loop *l);
void events_free(struct events *v); /* NULL is allowed */

/* Where to write the leaves, with keys; NULL: leave it (none are kept, or there are too many).
 * After it nothing but event_end(). */
struct out *event_begin(struct events *v, enum event_kind k);
void event_end(struct events *v);

void event_subscribe(
    struct events *v, struct event_sub *s, void (*wake)(struct event_sub *));
void event_unsubscribe(struct event_sub *s); /* also when not subscribed */

/* The first event after this number (0: the oldest kept), NULL if there is none; valid until the
 * next event. */
const struct event *event_after(const struct events *v, uint64_t number);
/* The number before the first event at or after this time: to go on from with event_after(). */
uint64_t event_before_time(const struct events *v, int64_t ms);
uint64_t event_last(const struct events *v);	   /* number of the latest one, 0 none */
uint64_t event_suppressed(const struct events *v); /* left out */

#endif
