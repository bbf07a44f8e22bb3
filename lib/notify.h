/* SPDX-License-Identifier: ISC */
/* lib/notify.h: sd_notify in one datagram.
 *
 * What    notify_send("READY=1") to $NOTIFY_SOCKET, if there is one.  See
 *         sd_notify(3) for the words.  0, or negative errno; 0 without a socket.
 */
#ifndef EVPND_LIB_NOTIFY_H
#define EVPND_LIB_NOTIFY_H

int notify_send(const char *state);

#endif
