/* SPDX-License-Identifier: ISC */
/* mgmt/ctl_client.h: a client's end of the control protocol, blocking, message by message.
 *
 * What    Connects to RUNDIR/evpnd.vty, greets, sends frames and reads them.  What they
 *         mean is the business of vtysh/client.c and netconf/engine.c.
 * Errors  A connection that breaks is closed at once and stays so: everything fails then,
 *         and `why` says what it was.
 * Signals A wait that a signal ends goes on, after on_signal() was asked.
 * Owns    The descriptor and the buffer.
 */
#ifndef EVPND_MGMT_CTL_CLIENT_H
#define EVPND_MGMT_CTL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct ctl_client {
	int fd;	       /* the connection, -1 lost or none; owned */
	uint8_t *body; /* of the message that was read last; owned */
	char why[128]; /* why it was lost, "" it was not */
	/* A signal came during a wait for an answer; false: the connection was lost.  NULL: nothing to do. */
	bool (*on_signal)(struct ctl_client *c);
};

/* Connects and tells our version; the answer to that is to be read still.  False and *e. */
bool ctl_client_open(struct ctl_client *c, const char *rundir, struct err *e);
void ctl_client_close(struct ctl_client *c);
bool ctl_client_lost(const struct ctl_client *c);
/* Gives the connection up; always false. */
bool ctl_client_fail(struct ctl_client *c, const char *why);

/* False: the connection is lost. */
bool ctl_client_send(struct ctl_client *c, uint16_t type, const void *body, size_t len);
/* A text of any length, in as many messages as it takes; none if it is empty. */
bool ctl_client_send_pieces(
    struct ctl_client *c, uint16_t type, const char *text, size_t len);
/* The next message, in c->body. */
bool ctl_client_read(struct ctl_client *c, uint16_t *type, size_t *len);

#endif
