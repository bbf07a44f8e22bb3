/* SPDX-License-Identifier: ISC */
/* netconf/ssh.h: the server's own SSH, for machines that do not come through sshd.
 *
 * What    A process listens and forks for each connection; that one speaks SSH (libssh),
 *         lets in who has an authorized key, and forks once more: its child serves
 *         NETCONF on one end of a socket pair, as it would for sshd.  Nothing but the
 *         subsystem "netconf" is offered, and no password.
 * Rights  Port and host key are opened first; then the process becomes the user that it
 *         is told, without capabilities and for good.
 * Bounds  So many connections at once, so many seconds to log in; a connection more than
 *         that is closed at once.  Memory is that of struct rlimit in each process.
 */
#ifndef EVPND_NETCONF_SSH_H
#define EVPND_NETCONF_SSH_H

#include <stdint.h>

#include "lib/err.h"
#include "netconf/netconf.h"

struct ssh_key_struct;

struct ssh_opts {
	const char *address;  /* to listen on; NULL: all */
	uint16_t port;	      /* 830 */
	const char *host_key; /* file */
	const char *keys;     /* pattern of keys_permit() */
	const char *user;     /* to become; NULL: stays */
	unsigned max;	      /* sessions at once */
	unsigned login_s;     /* seconds for key exchange, log-in and the subsystem */
};

/* Serves until SIGTERM; the exit status. */
int ssh_serve(const struct ssh_opts *o, const struct netconf_opts *n, struct ly_ctx *ly);
/* One connection, in a process of its own; key is taken.  The exit status. */
int ssh_connection(const struct ssh_opts *o, const struct netconf_opts *n,
    struct ly_ctx *ly, int fd, struct ssh_key_struct *key, const char *host);

#endif
