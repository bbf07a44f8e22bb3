/* SPDX-License-Identifier: ISC */
/* evpn/evpn.h: what EVPN routes mean: the instance that joins RIB and data plane.
 *
 * What    Observed state (VNIs, local MACs and neighbours) comes in from the data
 *         plane and leaves as local routes of the RIB; best paths of the RIB come in by
 *         a cursor and leave as wanted state.  Nothing here knows sessions or kernels.
 * Parts   evi (an instance per VNI), vrf (an IP-VRF), rtindex (route target -> both),
 *         import (RIB -> mac, neigh, vtep, l3), export (mac, neigh, evi -> RIB), mac and
 *         neigh (tables), mobility (pure state machine), vtep (flood lists), l3 (prefixes),
 *         hop and router (the ways there), fib (wanted objects and their install state).
 * Owns    All of it.  Borrows RIB, loop and the data plane's sender.
 */
#ifndef EVPND_EVPN_EVPN_H
#define EVPND_EVPN_EVPN_H

#include "bgpd/rib.h"
#include "evpn/evpn_conf.h"
#include "lib/loop.h"
#include "zebra-lite/zl_proto.h"

struct evpn;

/* Towards the data plane; returns false when it cannot take more now (evpn_dp_ready() comes). */
struct evpn_dp {
	bool (*send)(void *arg, uint16_t type, const void *body, size_t len);
	void *arg;
};

struct evpn *evpn_new(struct loop *l, struct rib *rib, const struct evpn_dp *dp);
void evpn_free(struct evpn *e);

/* Converges to conf (borrowed until the next apply). */
void evpn_apply(struct evpn *e, const struct evpn_conf *conf);
/* Automatic RDs, and the originator's identity, follow the router id. */
void evpn_set_router_id(struct evpn *e, uint32_t router_id);

/* A message from the data plane (zl_proto types 20 and up).  False if malformed; what it would have said is
 * asked for again by a resync, at most once in ten seconds. */
bool evpn_dp_message(struct evpn *e, uint16_t type, const uint8_t *body, size_t len);
/* The channel can take more. */
void evpn_dp_ready(struct evpn *e);
/* A new channel: everything wanted is pending again. */
void evpn_dp_restart(struct evpn *e);
/* True once the first whole observed state is in: End-of-RIB may be sent. */
bool evpn_observed(const struct evpn *e);
void evpn_on_observed(struct evpn *e, void (*fn)(void *), void *arg);

/* Whether this machine reaches a VTEP has changed (the same as bgp_nexthop() is told): if not, one
 * record for each of its next hops takes all traffic away, before the RIB has decided again. */
void evpn_nexthop(struct evpn *e, struct ip ip, bool reachable);

/* The RIB has been filled again after a start (every peer's End-of-RIB, or a timer): once import has
 * caught up and all is said, the data plane may sweep what it found and nobody wants (ZL_SYNC_END).
 * Until this is called nothing from before the start is swept. */
void evpn_rib_ready(struct evpn *e);
/* While held, the data plane is not asked to sweep: somebody else has not said yet all that it
 * wants. */
void evpn_hold_sweep(struct evpn *e, bool hold);
/* True if nothing is on its way: import has caught up, nothing is queued or unanswered. */
bool evpn_idle(const struct evpn *e);

/* Asks the data plane to read the kernel again and say everything. */
void evpn_resync(struct evpn *e);
/* Ends duplicate state: of one MAC, of one address (and the MAC that has it), of all of a VNI (both
 * NULL), or of all (vni 0).  Returns how many were duplicates. */
uint32_t evpn_clear_duplicate(
    struct evpn *e, uint32_t vni, const struct mac *mac, const struct ip *ip);

#endif
