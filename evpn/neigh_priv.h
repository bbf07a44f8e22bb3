/* SPDX-License-Identifier: ISC */
/* evpn/neigh_priv.h: what the three files of the neighbour table share.
 *
 * What    neigh.c holds the table and the local side, neigh_cand.c the remote
 *         candidates; neigh_step.c says who holds an address and carries it out.
 */
#ifndef EVPND_EVPN_NEIGH_PRIV_H
#define EVPND_EVPN_NEIGH_PRIV_H

#include "evpn/core.h"

/* neigh_decide(); again: what is wanted in the kernel has other content than before. */
void neigh_settle(struct evpn *e, uint32_t h, bool again);
/* The data plane has bound it to another MAC, and its present one is here too: counts a move.  False: it is
 * frozen; the old binding stays, and this one is heard when it thaws. */
bool neigh_may_rebind(struct evpn *e, uint32_t h, uint32_t mac, const struct zl_neigh *z);
/* The data plane has it as we have, or not at all. */
void neigh_not_refused(struct evpn *e, const struct neigh *n);
void neigh_thaw_tick(struct loop_timer *t);

#endif
