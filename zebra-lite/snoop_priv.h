/* SPDX-License-Identifier: ISC */
/* zebra-lite/snoop_priv.h: what snoop.c (hears) and snoop_say.c (asks and tells) share. */
#ifndef EVPND_ZEBRA_LITE_SNOOP_PRIV_H
#define EVPND_ZEBRA_LITE_SNOOP_PRIV_H

#include "zebra-lite/nl_neigh.h"
#include "zebra-lite/snoop.h"

struct iface_vni;

/* Renews the budgets when a second has begun. */
void snoop_new_second(struct snoop *s);
/* Something waits for the next one. */
void snoop_next_second(struct snoop *s);
/* What is remembered of this claim, or of another one: whose hash it is not. */
struct snoop_slot *snoop_slot_of(
    struct snoop *s, uint32_t svi, const struct arpnd *a, uint32_t *hash);
bool snoop_is_calm(const struct snoop *s, const struct snoop_slot *slot);
/* Counts one more time that the address was taken or sought. */
void snoop_take(const struct snoop *s, struct snoop_slot *slot);
/* The entry that the kernel has for the address (one without an address: none).  True: it is ours, for a remote host
 * that may move, with another MAC. */
bool snoop_contradicts(struct zl *z, const struct iface_vni *v, const struct arpnd *a,
    struct nl_neigh *entry);
/* Sends the questions whose second has come. */
void snoop_ask_due(struct snoop *s);

#endif
