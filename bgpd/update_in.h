/* SPDX-License-Identifier: ISC */
/* bgpd/update_in.h: a received UPDATE into the RIB.
 *
 * What    Decodes, applies the verdict of RFC 7606, checks for loops, interns the
 *         attributes once and gives each NLRI to the RIB.
 * Loops   Own AS in AS_PATH (RFC 4271 9.1.2, allowas-in), ORIGINATOR_ID and
 *         CLUSTER_LIST (RFC 4456 8): such routes are not stored, a path that the peer
 *         had before is withdrawn, and each kind is counted.
 * Cost    No allocation for a message or an NLRI but what the RIB keeps.
 */
#ifndef EVPND_BGPD_UPDATE_IN_H
#define EVPND_BGPD_UPDATE_IN_H

struct bgp_msg;
struct session;

/* The session may have ended when it returns (s->fd < 0). */
void update_in(struct session *s, const struct bgp_msg *m);

#endif
