/* SPDX-License-Identifier: ISC */
/* bgpd/recv.h: what each received message does, by type and state.
 *
 * What    recv_message() is called for each framed message.  OPEN is checked and
 *         agreed upon (bgpd/nego.h), collisions are decided, UPDATE goes to
 *         bgpd/update_in.h, ROUTE-REFRESH and NOTIFICATION to the peer.
 * Errors  Whatever is wrong ends in session_fault(): the connection may be gone when
 *         this returns (s->fd < 0); the session itself is not freed here.
 */
#ifndef EVPND_BGPD_RECV_H
#define EVPND_BGPD_RECV_H

struct bgp_msg;
struct session;

void recv_message(struct session *s, const struct bgp_msg *m);

#endif
