/* SPDX-License-Identifier: ISC */
/* evpn/mac_priv.h: what the three files of the MAC table share.
 *
 * What    mac.c holds the table and the local side, mac_cand.c the remote candidates;
 *         mac_step.c asks mobility.h who has the MAC and carries the answer out.
 */
#ifndef EVPND_EVPN_MAC_PRIV_H
#define EVPND_EVPN_MAC_PRIV_H

#include "evpn/core.h"

/* What mobility.h shall know of the two claims. */
uint8_t mac_local_flags(uint8_t flags);
uint8_t mac_remote_flags(const struct evpn *e, const struct macent *m);
/* One event.  again: the remote entry's content changed, or may not be in place. */
void mac_step(struct evpn *e, uint32_t h, const struct mob_event *ev, bool again);
void mac_thaw_tick(struct loop_timer *t);

#endif
