/* SPDX-License-Identifier: ISC */
/* underlay/underlay.h: unicast routes between the RIBs and the kernel's main table.
 *
 * What    Routes of others in the main table leave as local routes of the IPv4 and IPv6 RIBs
 *         (`network`, `redistribute`); best paths come in and leave as wanted state: a HOP
 *         for each next hop, a GROUP where several share the traffic, a ROUTE for each prefix.
 * Why     So that a fabric needs no other routing daemon: loopbacks, which are VTEPs, are
 *         learnt over the same sessions as EVPN.
 * Yields  A prefix that the main table has from others is theirs; nothing is wanted for it.
 * Shares  The channel of evpn/: ids and sequence numbers with the top bit are ours.
 * Owns    Its tables.  Borrows RIBs, loop and the data plane's sender.
 * Cost    About 100 bytes a prefix; made for some ten thousand of them.
 */
#ifndef EVPND_UNDERLAY_UNDERLAY_H
#define EVPND_UNDERLAY_UNDERLAY_H

#include "bgpd/rib.h"
#include "lib/loop.h"
#include "underlay/underlay_conf.h"
#include "zebra-lite/zl_proto.h"

#define UL_MARK 0x80000000u /* in ids and sequence numbers */
#define UL_TABLE 254u	    /* the main table */

struct underlay;

/* Towards the rest of the engine. */
struct underlay_ops {
	/* False when the channel cannot take more now (underlay_dp_ready() comes). */
	bool (*send)(void *arg, uint16_t type, const void *body, size_t len);
	/* Nothing is on its way any more, or something is again: while it is, the data plane may not
	 * sweep. */
	void (*busy)(void *arg, bool busy);
	void *arg;
};

/* ribs: IPv4, IPv6. */
struct underlay *underlay_new(
    struct loop *l, struct rib *const ribs[2], const struct underlay_ops *ops);
void underlay_free(struct underlay *u);
/* Converges to conf (borrowed until the next apply). */
void underlay_apply(struct underlay *u, const struct underlay_conf *conf);
/* A message from the data plane.  True if it was for us alone. */
bool underlay_dp_message(
    struct underlay *u, uint16_t type, const uint8_t *body, size_t len);
void underlay_dp_ready(struct underlay *u);

/* For show. */
enum underlay_state { UL_NONE, UL_PENDING, UL_INSTALLED, UL_FAILED };
struct underlay_route {
	struct prefix prefix;
	enum underlay_state state;
	unsigned nhops;
	struct ip hops[ZL_GROUP_MAX]; /* next hops as BGP says them */
	const char *error;	      /* with UL_FAILED: the kernel's words; borrowed */
	struct mono since;	      /* of this state */
};
/* All in order of prefix: *at is 0 to begin.  False at the end. */
bool underlay_route_next(
    const struct underlay *u, unsigned af, struct prefix *at, struct underlay_route *out);
/* A route of the main table that is not ours, as seen from BGP. */
struct underlay_source {
	struct prefix prefix;
	uint8_t kind;	 /* UL_CONNECTED.. */
	bool told;	 /* it is a local route of BGP */
	char ifname[16]; /* where it leads, "" unknown */
	struct ip gateway;
	uint32_t metric;
};
bool underlay_source_next(const struct underlay *u, unsigned af, struct prefix *at,
    struct underlay_source *out);

#endif
