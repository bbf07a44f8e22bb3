/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_neigh.h: IPv4 and IPv6 neighbour entries.
 *
 * What    Decodes RTM_*NEIGH messages of AF_INET and AF_INET6 (dump, event, answer
 *         to a get) and builds ours: IP -> MAC on an SVI, not subject to
 *         resolution (NUD_NOARP).
 * Marks   Ours carry NTF_EXT_LEARNED and NDA_PROTOCOL = EVPND_RTPROT.  Both are
 *         needed to know one: what somebody else writes over our entry loses the
 *         flag and keeps the number.
 */
#ifndef EVPND_ZEBRA_LITE_NL_NEIGH_H
#define EVPND_ZEBRA_LITE_NL_NEIGH_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;
struct nl_batch;

struct nl_neigh {
	bool del;	  /* RTM_DELNEIGH */
	bool valid;	  /* the entry has a MAC that the kernel would use */
	bool ours;	  /* carries both our marks */
	bool our_number;  /* NDA_PROTOCOL alone */
	bool fixed;	  /* NUD_PERMANENT or NUD_NOARP: an operator's, or a program's */
	bool stale;	  /* valid, but not confirmed lately */
	bool router;	  /* NTF_ROUTER */
	uint32_t ifindex; /* interface */
	struct ip ip;	  /* key within the interface */
	struct mac mac;	  /* zero if not known */
};

bool nl_neigh_parse(const struct nlmsghdr *h, struct nl_neigh *out);
/* family: AF_INET or AF_INET6. */
void nl_neigh_dump(struct nl *nl, uint8_t family,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);
void nl_neigh_put(struct nl_batch *b, bool del, uint32_t ifindex, struct ip ip,
    struct mac mac, bool router);
/* Makes the kernel ask the host at this MAC whether it is there. */
void nl_neigh_put_probe(
    struct nl_batch *b, uint32_t ifindex, struct ip ip, struct mac mac);
/* The same over an entry of ours, which is the kernel's from then on. */
void nl_neigh_put_take(
    struct nl_batch *b, uint32_t ifindex, struct ip ip, struct mac mac);
/* Asks for one entry (nl_get). */
void nl_neigh_put_get(struct nl_batch *b, uint32_t ifindex, struct ip ip);

#endif
