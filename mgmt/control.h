/* SPDX-License-Identifier: ISC */
/* mgmt/control.h: the engine's side of the control protocol (mgmt/ctl_proto.h).
 *
 * What    A listening unix socket, and a session per connection.  Requests of a client
 *         are done one after the other in slices; clients do not wait for each other.
 * Bounds  CONTROL_CLIENTS_MAX connections, CTL_PENDING_MAX requests ahead, CTL_LOAD_MAX
 *         bytes of text; whoever goes beyond is disconnected with a log line.
 * Access  The permissions of the socket (0660) and of the run directory.
 * Owns    The socket and the clients.  Borrows the engine.
 */
#ifndef EVPND_MGMT_CONTROL_H
#define EVPND_MGMT_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct control;
struct control_client;
struct engine;

#define CONTROL_CLIENTS_MAX 576 /* NETCONF's sessions, and room for people */

struct control *control_new(struct engine *eng);
/* Listens on RUNDIR/evpnd.vty; a socket file that nobody listens on is replaced. */
bool control_listen(struct control *c, const char *rundir, struct err *e);
/* Ends all sessions and removes the socket file. */
void control_free(struct control *c);

/* A connection that is there already (tests): the descriptor is owned from here. */
struct control_client *control_attach(struct control *c, int fd);
/* One message of a client, as the channel hands it over (fuzzing).  The client may be gone
 * after it. */
void control_message(
    struct control_client *cl, uint16_t type, const uint8_t *body, size_t len);
size_t control_clients(const struct control *c);

#endif
