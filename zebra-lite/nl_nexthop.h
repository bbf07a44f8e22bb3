/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_nexthop.h: the kernel's nexthop objects.
 *
 * What    Decodes RTM_*NEXTHOP messages (dump, event) and builds ours: a gateway on a
 *         device (`onlink`: the gateway is no address of the device's subnet), the same
 *         with a tunnel of its own, or a group of such.
 * Marks   Ours carry nh_protocol = EVPND_RTPROT.  Those of forwarding databases are somebody
 *         else's here (vtep_nh.h).
 * Family  A nexthop for IPv6 routes needs an IPv6 gateway: for a VTEP with an IPv4 address
 *         that is the mapped one.
 */
#ifndef EVPND_ZEBRA_LITE_NL_NEXTHOP_H
#define EVPND_ZEBRA_LITE_NL_NEXTHOP_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;
struct nl_batch;

#define NL_NEXTHOP_MEMBERS 32 /* of one group of ours */

/* Where a single nexthop leads. */
struct nl_hop {
	uint32_t oif;	   /* device */
	struct ip gateway; /* next hop's address */
	struct ip dst;	   /* tunnel of its own: remote end, else none */
	struct ip src;	   /* likewise: local end, none = what routing says */
	uint32_t label;	   /* likewise: VNI */
};

struct nl_nexthop {
	bool del;	   /* RTM_DELNEXTHOP */
	bool ours;	   /* carries our mark */
	bool known;	   /* of a shape that we make; else only the id counts */
	uint32_t id;	   /* key */
	struct nl_hop hop; /* a single one */
	unsigned nmembers; /* a group, if not 0 */
	uint32_t members[NL_NEXTHOP_MEMBERS]; /* their ids, as the kernel has them */
};

bool nl_hop_equal(const struct nl_hop *a, const struct nl_hop *b);

bool nl_nexthop_parse(const struct nlmsghdr *h, struct nl_nexthop *out);
void nl_nexthop_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);

/* replace: one with this id exists; otherwise one that exists is an error (EEXIST). */
void nl_nexthop_put_hop(
    struct nl_batch *b, uint32_t id, const struct nl_hop *hop, bool replace);
void nl_nexthop_put_group(
    struct nl_batch *b, uint32_t id, const uint32_t *members, unsigned n, bool replace);
void nl_nexthop_put_del(struct nl_batch *b, uint32_t id);

#endif
