/* SPDX-License-Identifier: ISC */
/* underlay/core.h: the inside of struct underlay, for the files of underlay/ alone.
 *
 * What    source.c: routes of others and what BGP is told of them.  way.c: best paths of
 *         BGP, their next hops and groups.  send.c: the queue to the data plane.
 * Order   The queue is one list of objects; a record is made when it leaves, with the
 *         object's value of then.  An object that changes goes to its end: so a HOP leaves
 *         before what uses it, and goes after it.
 */
#ifndef EVPND_UNDERLAY_CORE_H
#define EVPND_UNDERLAY_CORE_H

#include "lib/arena.h"
#include "lib/hash.h"
#include "lib/hidx.h"
#include "lib/slab.h"
#include "underlay/underlay.h"

enum ul_kind { UL_HOP, UL_GROUP, UL_ROUTE, UL_KINDS };

/* What may be wanted in the kernel; the first member of each kind. */
struct ul_obj {
	uint8_t kind; /* enum ul_kind */
	bool wanted;  /* else to be removed */
	bool queued;  /* in the queue */
	bool flying;  /* in the unanswered frame */
	bool there;   /* a SET was sent since it was last known to be absent */
	enum underlay_state state;
	uint32_t self;	       /* its handle */
	uint32_t qprev, qnext; /* queue: kind << 30 | handle */
	uint32_t refs;	       /* users: groups and routes of a hop, routes of a group */
	uint16_t failures;     /* in a row */
	struct mono due;       /* next attempt, with UL_FAILED */
	struct mono since;     /* of the state */
	char error[48];	       /* with UL_FAILED */
};

struct ul_hop {
	struct ul_obj o; /* first */
	struct ip ip;	 /* key: the next hop of paths */
};

struct ul_group {
	struct ul_obj o;		/* first */
	uint32_t n;			/* members */
	uint32_t members[ZL_GROUP_MAX]; /* key: handles of hops, ascending */
};

struct ul_route {
	struct ul_obj o;      /* first */
	struct prefix prefix; /* key */
	uint32_t target;      /* what it leads to: kind << 30 | handle; ref; 0 none */
	bool dirty;	      /* its paths have changed */
	uint32_t dnext;	      /* list of those */
};

/* A route of somebody else, or an address that has none (a host address on an interface). */
struct ul_source {
	struct prefix prefix;	       /* key */
	bool route;		       /* the main table has it */
	bool address;		       /* it is an address of this machine, whole */
	bool seen_route, seen_address; /* said since the last ZL_OBSERVED_BEGIN */
	bool told;		       /* in the RIB */
	uint8_t kind;		       /* UL_CONNECTED.. of the route */
	char ifname[ZL_IFNAME];	       /* of the route */
	char addr_ifname[ZL_IFNAME];   /* of the address */
	struct ip gateway;	       /* of the route */
	uint32_t metric;	       /* of the route */
};

struct underlay {
	struct loop *loop;		  /* borrowed */
	struct underlay_ops ops;	  /* towards the engine */
	struct rib *rib[2];		  /* borrowed: IPv4, IPv6 */
	const struct underlay_conf *conf; /* borrowed; never NULL */
	struct slab objs[UL_KINDS];	  /* hops, groups, routes */
	struct hidx index[UL_KINDS];	  /* their keys */
	struct slab sources;		  /* struct ul_source */
	struct hidx source_index;	  /* prefix -> source */
	struct arena arena;		  /* lists of attributes that a map changes */
	uint32_t dirty;			  /* routes whose paths have changed */
	uint32_t q_first, q_last;	  /* queue */
	uint32_t seq;			  /* of the last frame */
	uint32_t nflying;		  /* records in the unanswered frame */
	uint32_t flying[ZL_WANT_MAX];	  /* what they are about */
	struct loop_work work;		  /* looks at what is dirty, and sends */
	struct loop_timer retry;	  /* looks for failures that are due */
	bool busy;			  /* as ops.busy was told */
	bool begun;	/* a ZL_OBSERVED_BEGIN has come: there is a data plane */
	bool observing; /* until its END */
};

static inline uint32_t
ul_ref(const struct ul_obj *o)
{
	return (uint32_t)o->kind << 30 | o->self;
}
static inline struct ul_obj *
ul_obj(const struct underlay *u, uint32_t ref)
{
	return slab_ptr(&u->objs[ref >> 30], ref & 0x3fffffff);
}
/* Its id on the channel. */
static inline uint32_t
ul_id(const struct ul_obj *o)
{
	return UL_MARK | (uint32_t)(o->kind == UL_GROUP) << 30 | o->self;
}

/* Of hosts that strangers choose: keyed. */
static inline uint32_t
ul_prefix_hash(struct prefix p)
{
	uint8_t k[18] = { p.ip.len, p.plen };

	memcpy(k + 2, p.ip.b, 16);
	return hash32(k, sizeof k);
}
/* 0 for IPv4, 1 for IPv6. */
static inline unsigned
ul_af(struct prefix p)
{
	return p.ip.len == 16;
}
/* The key of a prefix in its RIB. */
void ul_key(struct prefix p, struct rib_key *k);

/* underlay/source.c */
void source_route(struct underlay *u, const struct zl_route *r);
void source_address(struct underlay *u, const struct zl_addr *a);
void source_begin(struct underlay *u);
void source_end(struct underlay *u);
/* Looks at all again: the configuration is another. */
void source_all(struct underlay *u);
/* The main table has the prefix from somebody else. */
bool source_has(const struct underlay *u, struct prefix p);

/* underlay/way.c */
void way_dirty(struct underlay *u, unsigned af, uint32_t rib_route);
/* The same for a prefix, if it is known. */
void way_prefix_dirty(struct underlay *u, struct prefix p);
void way_all_dirty(struct underlay *u, unsigned af);
/* Works out what is wanted for some dirty routes; true if more are left. */
bool way_work(struct underlay *u);
/* The record of an object as it is wanted now. */
void way_fill(const struct underlay *u, const struct ul_obj *o, struct zl_want *w);
/* It is neither wanted nor there: frees it, if nobody uses it. */
void way_settled(struct underlay *u, struct ul_obj *o);

/* underlay/send.c */
void send_queue(struct underlay *u, struct ul_obj *o); /* to the end of the queue */
void send_unqueue(struct underlay *u, struct ul_obj *o);
void send_state(struct underlay *u, struct ul_obj *o, enum underlay_state state);
void send_work(struct underlay *u);
void send_result(struct underlay *u, const uint8_t *body, size_t len);
void send_again(struct underlay *u); /* all that is wanted */
void send_retry(struct loop_timer *t);
/* Tells whether something is on its way. */
void send_tell(struct underlay *u);
void send_wake(struct underlay *u);

#endif
