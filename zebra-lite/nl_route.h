/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_route.h: route look-ups, and the news that one may have changed.
 *
 * What    Asks the kernel which route of its tables an address matches, as a packet
 *         of this machine would (rules included, no VRF), and reads the answer.
 * Metric  The route's RTA_PRIORITY: what `ip route` calls metric and what a routing
 *         daemon sets if it wants its cost to be known.
 */
#ifndef EVPND_ZEBRA_LITE_NL_ROUTE_H
#define EVPND_ZEBRA_LITE_NL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;
struct nl_batch;
struct nl_mon;
struct nlmsghdr;

struct nl_route {
	bool usable; /* leads somewhere, over a link that is up; or is our own address */
	uint32_t metric;   /* 0 for our own address */
	bool loose;	   /* a default route, or one of ours */
	uint32_t oif;	   /* device of its only way; 0: none, or several */
	struct ip gateway; /* of its only way, none if it leads to the link */
};

/* RTM_GETROUTE for nl_get(). */
void nl_route_put_get(struct nl_batch *b, struct ip ip);
/* False if it is no route. */
bool nl_route_parse(const struct nlmsghdr *h, struct nl_route *out);

/* Subscribes to all that may change the answer of a look-up.  What is lost while the reader pauses
 * is not reported: something else is then in the queue. */
int nl_route_mon_open(struct nl_mon *m, struct nl *nl,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void (*on_lost)(void *arg),
    void *arg);

#endif
