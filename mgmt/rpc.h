/* SPDX-License-Identifier: ISC */
/* mgmt/rpc.h: what a machine asks by the control protocol (mgmt/ctl_rpc.h), done.
 *
 * What    One request at a time beside a session: rpc_start() begins it, rpc_step() does
 *         a slice; text collects in the session's output, errors in rpc_error_take().  It
 *         acts as the session's user.
 * Waiting A commit that waits for the kernel: rpc_waiting(), and the session's wake().
 * Events  A subscription goes on beside all that: rpc_event() is the next one to send.
 * Owns    The payload, the walk through the state, the subscription.  Borrows the session
 *         and the host.
 */
#ifndef EVPND_MGMT_RPC_H
#define EVPND_MGMT_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mgmt/ctl_rpc.h"
#include "mgmt/datastore.h"
#include "mgmt/event.h"

struct out;
struct rpc;
struct session;

/* What belongs to all sessions; mgmt/control.c is it. */
struct rpc_host {
	/* Ends a session; false if there is none of this number. */
	bool (*kill)(struct rpc_host *h, uint32_t id);
	/* Writes a line for each: "session ID DOOR MS NAME". */
	void (*list)(struct rpc_host *h, struct out *out);
	/* One more session of NETCONF is fine where max are allowed. */
	bool (*admit)(struct rpc_host *h, unsigned max);
	size_t
	    payloads; /* bytes of requests that are on their way, all sessions together */
	int64_t lock_ms[DS_NAMES]; /* when NETCONF's locks were taken, since 1970 */
};

struct rpc *rpc_new(struct session *s, struct rpc_host *h);
void rpc_free(struct rpc *r); /* NULL: nothing */

/* Counts as a session of NETCONF. */
bool rpc_admitted(const struct rpc *r);

/* A piece of the next request's payload; false if that is too large or has a NUL byte. */
bool rpc_payload(struct rpc *r, const uint8_t *p, size_t n);
/* Begins; no other may be running. */
void rpc_start(struct rpc *r, const struct ctl_rpc *m);
/* One slice; false when it is done. */
bool rpc_step(struct rpc *r);
bool rpc_waiting(const struct rpc *r);
void rpc_cancel(struct rpc *r);
/* Why the last request failed; NULL: it did not. */
const struct ctl_rpc_error *rpc_error(const struct rpc *r);

/* The next event for the subscriber, in *m and *json (borrowed until the next event); false: none. */
bool rpc_event(struct rpc *r, struct ctl_event *m, const char **json);

/* Milliseconds since 1970. */
int64_t rpc_wall_ms(void);

#endif
