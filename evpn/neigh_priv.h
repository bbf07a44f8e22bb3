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
/* The data plane has bound it to another MAC, and its present one is here too: counts a move.  False: it is frozen,
 * and the old binding stays.  may_move: it is a host's word, and not an operator's. */
bool neigh_may_rebind(struct evpn *e, uint32_t h, uint32_t mac, bool may_move);
void neigh_thaw_tick(struct loop_timer *t);

#endif
