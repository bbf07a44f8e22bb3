/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_fib.h: routes as entries of the kernel's tables.
 *
 * What    Decodes RTM_*ROUTE messages (dump, event) and builds ours: a prefix in a table,
 *         over a nexthop object, into another VRF's device, or unreachable.
 * Marks   Ours carry rtm_protocol = EVPND_RTPROT.
 * Silence The kernel does not tell of IPv4 routes that go with their device or their
 *         nexthop object, nor of those that a replacement pushes out.
 */
#ifndef EVPND_ZEBRA_LITE_NL_FIB_H
#define EVPND_ZEBRA_LITE_NL_FIB_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;
struct nl_batch;

/* Metrics of ours: FRR's for BGP, and one below what anybody else would use. */
#define NL_FIB_METRIC 20
#define NL_FIB_METRIC_UNREACHABLE 4278198272u

enum nl_fib_kind {
	NL_FIB_UNICAST,	  /* leads to a next hop or a link */
	NL_FIB_BLACKHOLE, /* blackhole, unreachable or prohibit */
	NL_FIB_OTHER,	  /* of no interest: local, broadcast, multicast, ... */
};

struct nl_fib {
	bool del;	       /* RTM_DELROUTE */
	bool replace;	       /* an event: took the place of one with the same metric */
	bool ours;	       /* carries our mark */
	bool several;	       /* more than one next hop without a nexthop object */
	enum nl_fib_kind kind; /* RTN_* */
	uint8_t proto;	       /* RTPROT_* */
	uint32_t table;	       /* key, with the prefix and the metric */
	struct prefix prefix;  /* host bits zero */
	uint32_t metric;       /* RTA_PRIORITY */
	uint32_t oif;	       /* of the first next hop, 0 none */
	struct ip gateway;     /* the same, of the prefix's family; none */
	uint32_t nh_id;	       /* nexthop object, 0 none */
};

bool nl_fib_parse(const struct nlmsghdr *h, struct nl_fib *out);
/* family: AF_INET or AF_INET6; all tables. */
void nl_fib_dump(struct nl *nl, uint8_t family,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);

/* Over a nexthop object, or onto a device; neither: unreachable, with the metric of that.  A deletion does not look at what the route
 * leads to, unless nh_id says so. */
void nl_fib_put(
    struct nl_batch *b, uint32_t table, struct prefix p, uint32_t nh_id, uint32_t oif);
void nl_fib_put_del(struct nl_batch *b, uint32_t table, struct prefix p, bool unreachable,
    uint32_t nh_id);

#endif
