/* SPDX-License-Identifier: ISC */
/* bgpd/nego.h: what we offer in OPEN, and what comes of the peer's.
 *
 * What    nego_offer() fills our OPEN from the configuration; nego_settle() checks the
 *         peer's against it and says what both agree on.
 * Rules   RFC 4271 4.2, 6.2 (hold time: the smaller one, keepalive a third of it at
 *         most); 5492; 4760; 6793; 2918; 7313; 8654; 4724; 8538; 6286.
 */
#ifndef EVPND_BGPD_NEGO_H
#define EVPND_BGPD_NEGO_H

#include "bgpd/notification.h"
#include "bgpd/open.h"
#include "bgpd/peer.h"

void nego_offer(const struct peer *p, struct open_msg *o);
/* False: f says what to answer. */
bool nego_settle(const struct peer *p, const struct open_msg *o, struct peer_nego *n,
    struct bgp_fault *f);

#endif
