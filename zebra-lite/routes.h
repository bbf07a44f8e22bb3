/* SPDX-License-Identifier: ISC */
/* zebra-lite/routes.h: others' routes, and what is said of them.
 *
 * What    An index of the routes of somebody else, of the main table those of no routing daemon: for each
 *         prefix its ways, by metric.  The best of each prefix in a VRF's table, or in one that the
 *         engine asked for, is said to it (ZL_ROUTE); the others wait to become it.
 * Why     Changes collapse per prefix while the channel is full, so memory is bounded by the
 *         kernel's own tables; and apply_l3.c sees at the price of a lookup that a write would
 *         hit somebody else's route.  A table that becomes a VRF's needs no other dump.
 * Left out  Ours; local, broadcast and multicast routes; link-local and multicast prefixes;
 *         routes of a type of service or by source.
 * Silence The kernel tells nothing of IPv4 routes that go with their device: routes_link_down()
 *         does that.  Where it is not clear what is left, the caller has to dump.
 * Cost    48 bytes a prefix and 24 a way, plus 8 to 20 of index.
 */
#ifndef EVPND_ZEBRA_LITE_ROUTES_H
#define EVPND_ZEBRA_LITE_ROUTES_H

#include "lib/hidx.h"
#include "lib/slab.h"
#include "zebra-lite/nl_fib.h"
#include "zebra-lite/vrf.h"

struct route_way {
	uint32_t next;	   /* the prefix's next one, by ascending metric */
	uint32_t metric;   /* key within the prefix */
	uint32_t oif;	   /* of its first next hop, 0 none */
	struct ip gateway; /* the same; none */
	uint8_t proto;	   /* RTPROT_* */
	uint8_t flags;	   /* ZL_ROUTE_* */
	bool several;	   /* next hops, or routes with this very metric */
	bool seen;	   /* in the running dump */
};

struct route {
	uint32_t table;	       /* key, with the prefix */
	struct prefix prefix;  /* host bits zero */
	uint32_t first;	       /* its ways, 0: gone */
	uint32_t qprev, qnext; /* queue of those to be said */
	bool said;	       /* the engine knows it */
	bool queued;	       /* in the queue */
};

struct routes {
	struct slab slab;	  /* of struct route */
	struct slab ways;	  /* of struct route_way */
	struct hidx index;	  /* prefixes */
	uint32_t q_first, q_last; /* to be said, in order of change */
	const struct vrfs *vrfs;  /* borrowed: whose tables are said */
	bool muted;		  /* no engine: nothing is queued */
	uint32_t *tables;	  /* owned, ascending: that the engine asked for */
	size_t ntables;		  /* of them */
	void (*wake)(void *arg);  /* something is to be said */
	void *arg;		  /* for wake */
};

void routes_init(
    struct routes *r, const struct vrfs *vrfs, void (*wake)(void *arg), void *arg);
void routes_fini(struct routes *r);

/* Whether this one is for the index at all. */
bool routes_cares(const struct nl_fib *f);
void routes_set(struct routes *r, const struct nl_fib *f);
/* False if it is not clear what is left. */
bool routes_gone(struct routes *r, const struct nl_fib *f);
/* IPv4 routes over this device are gone; false as above. */
bool routes_link_down(struct routes *r, uint32_t oif);
/* Somebody's route with this very metric, NULL if there is none. */
const struct route_way *routes_find(
    const struct routes *r, uint32_t table, struct prefix p, uint32_t metric);

/* The table became a VRF's, or is one no more. */
void routes_table(struct routes *r, uint32_t table);
/* The engine asks for these tables, ascending, and no others; until there is no engine. */
void routes_watch(struct routes *r, const uint32_t *tables, size_t n);
/* Around a dump: ways not said in between are gone. */
void routes_dump_begin(struct routes *r);
void routes_dump_end(struct routes *r);
/* To a new engine, or to none any more. */
void routes_say_all(struct routes *r);
void routes_mute(struct routes *r);
/* The next one to be said, without its ifname; false if there is none. */
bool routes_next(struct routes *r, struct zl_route *out, uint32_t *oif);

#endif
