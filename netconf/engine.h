/* SPDX-License-Identifier: ISC */
/* netconf/engine.h: asking the engine, one question at a time.
 *
 * What    Connects to RUNDIR/evpnd.vty and asks (mgmt/ctl_rpc.h), blocking: this
 *         process has nothing else to do meanwhile.  Events that come in between are
 *         kept for engine_event().
 * Errors  A connection that breaks stays broken: every question fails, and
 *         engine_lost() says so.
 * Owns    The connection and the events.
 */
#ifndef EVPND_NETCONF_ENGINE_H
#define EVPND_NETCONF_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/strbuf.h"
#include "mgmt/ctl_client.h"
#include "mgmt/ctl_rpc.h"

/* An event that waits. */
struct engine_event {
	struct engine_event *next; /* in order */
	struct ctl_event head;	   /* number and time */
	char *json;		   /* owned */
};

struct engine_client {
	struct ctl_client ctl;		    /* the connection */
	uint32_t session;		    /* the number that the engine gave */
	bool refused;			    /* it has sessions enough: err says so */
	struct ctl_rpc_error err;	    /* of the last answer; tag "" none */
	struct engine_event *first, **last; /* not yet taken; owned */
	unsigned nevents;		    /* of them */
};

#define ENGINE_EVENTS_MAX 4096 /* that wait; then the oldest goes */

/* user NULL: the one that the kernel tells of us; max: NETCONF sessions that the engine may have, this
 * one among them.  True with c->refused and c->session: there are too many, and the connection is closed. */
bool engine_open(struct engine_client *c, const char *rundir, const char *user,
    unsigned max, struct err *e);
void engine_close(struct engine_client *c);
bool engine_lost(const struct engine_client *c);

/* True if it was done; the answer's text is appended to out (NULL: thrown away).  Else c->err says
 * why.  payload may be NULL. */
bool engine_ask(struct engine_client *c, const struct ctl_rpc *m, const char *payload,
    struct strbuf *out);
/* Reads what is there without waiting. */
void engine_poll(struct engine_client *c);
/* The next event, which the caller frees with its json; NULL: none waits. */
struct engine_event *engine_event(struct engine_client *c);

#endif
