/* SPDX-License-Identifier: ISC */
/* vtysh/client.h: the client's side of the control protocol, one request at a time.
 *
 * What    Connects to RUNDIR/evpnd.vty, sends a request and reads its answer to the
 *         end, blocking.  ^C during a command asks the engine to end it.
 * Errors  A broken connection is said on standard error once; then every request
 *         fails, and client_lost() says so.
 */
#ifndef EVPND_VTYSH_CLIENT_H
#define EVPND_VTYSH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mgmt/ctl_client.h"
#include "mgmt/ctl_proto.h"
#include "vtysh/progress.h"

struct client {
	struct ctl_client ctl;	  /* the connection */
	struct ctl_done done;	  /* of the last request */
	struct progress progress; /* of the one under way */
	int page; /* lines of a page (`terminal length`), -1: as the terminal has */
};

/* Where an answer goes; either may be NULL. */
struct client_sink {
	/* False: nobody reads any more, end the command. */
	bool (*out)(void *arg, const char *text, size_t len);
	void (*choice)(void *arg, const struct ctl_choice *c);
	void *arg;
};

bool client_open(struct client *c, const char *rundir);
void client_close(struct client *c);
bool client_lost(const struct client *c);
/* What the next request is about, for its line of progress; borrowed.  NULL: it has none. */
void client_doing(struct client *c, const char *what);
/* True when the answer came whole; c->done says how it went. */
bool client_request(struct client *c, uint16_t type, const void *body, size_t len,
    const struct client_sink *sink);
/* A whole text as one transaction. */
bool client_load(struct client *c, const char *text, size_t len, enum ctl_load how,
    const struct client_sink *sink);

#endif
