/* SPDX-License-Identifier: ISC */
/* bgpd/rib_priv.h: what the files of the RIB share and nobody else sees.
 *
 * What    rib_index.c finds routes, rib.c changes their paths, rib_select.c chooses the
 *         best, rib_change.c has the list of changes and its cursors, rib_sweep.c the
 *         peers and the walks over all routes.
 * Handle  Two bits of size class, 30 bits of slab handle.
 * List    One circle of routes and sentinels through the anchor, oldest change
 *         first.  Cursors are linked in the order of their sentinels, so that the
 *         rearmost of a group is the first of it.
 * Reap    A route that became useless is freed a little later, with others, so that
 *         they wait for the index together and a consumer may still look at it.
 * Tomb    A route without paths keeps the hash of its key in path.when: it will be
 *         wanted when the route is freed.
 */
#ifndef EVPND_BGPD_RIB_PRIV_H
#define EVPND_BGPD_RIB_PRIV_H

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "bgpd/nht.h"
#include "bgpd/nlri.h"
#include "bgpd/rib.h"
#include "lib/hash.h"

enum {
	RIB_CLASSES = 4,       /* sizes of route cells */
	RIB_CLASS_SHIFT = 30,  /* class in the top bits of a handle */
	RIB_REAP = 32,	       /* useless routes that are freed together */
	RIB_HEADS_CACHED = 64, /* power of two */
	RIB_NO_PEER = 0x10000, /* "no best path" where a peer's index is asked for */
	RIB_ROUTE_REAP = 128,  /* route flag: it stands in the list to reap */
	/* Path flag: sweep generation of the path; see struct rib_peer_slot. */
	PATH_GENERATION = 0x8000,
	PATH_EPOCH =
	    0x4000, /* path flag: came since the peer's paths were marked stale */
};

/* Bytes of tail that fit into the smallest cell: all of a type-2 key with IPv4. */
#define RIB_CELL_MIN 60
static_assert(
    offsetof(struct rib_route, tail) + 13 == RIB_CELL_MIN, "a hot struct has grown");

/* The last head that fell on this place of the cache. */
struct rib_head_slot {
	uint32_t handle; /* interned head; ref; 0 = free */
	struct rib_key_head head;
};

struct rib_peer_slot {
	struct rib_peer p;   /* what others see */
	uint16_t generation; /* 0 or PATH_GENERATION: paths that differ await the sweep */
	bool dying;	     /* rib_peer_del() was called: every path goes */
	bool flushing;	     /* a flush is under way: paths of the other generation go */
	bool unstaling;	     /* a flush of stale paths is under way */
	uint16_t epoch;	     /* 0 or PATH_EPOCH: paths that differ are stale */
	bool marking;	     /* they are being marked so */
};

enum rib_job_kind {
	RIB_JOB_FLUSH,
	RIB_JOB_STALE,
	RIB_JOB_MARK,
	RIB_JOB_DEL,
	RIB_JOB_GROUP,
	RIB_JOB_DECISION,
	RIB_JOB_HOPS
};

/* One request to the sweep: over when the walk has come round to where the job came in. */
struct rib_job {
	struct rib_job *next;
	enum rib_job_kind kind;
	uint32_t what;		 /* peer, group, or the first change of a next hop */
	uint32_t at;		 /* place where the job came in */
	bool wrapped;		 /* the walk has passed the end since */
	void (*done)(void *arg); /* or NULL */
	void *arg;
};

struct rib {
	struct loop *loop;     /* borrowed */
	struct attrtab *attrs; /* borrowed */
	struct nht *nht;       /* borrowed; NULL = every next hop can be reached */
	bool strict;	       /* rib_track_strictly() */
	void (*on_paths)(void *arg, uint32_t route); /* or NULL */
	void *on_paths_arg;			     /* for it */
	struct slab cells[RIB_CLASSES];		     /* routes and sentinels */
	struct slab paths;			     /* second and further paths */
	struct hidx index;			     /* of (head, tail) -> route */
	struct intern heads;			     /* RD and Ethernet tag */
	struct intern auxes;			     /* struct path_aux */
	struct rib_head_slot head_cache[RIB_HEADS_CACHED];
	uint32_t aux_last; /* last interned aux; ref; 0 = none */
	uint32_t nroutes;  /* routes that have a path */
	uint32_t npaths;   /* all paths */
	struct rib_decision_conf conf;

	uint32_t anchor;	 /* sentinel where the list begins and ends */
	uint32_t reap[RIB_REAP]; /* routes to free soon */
	uint32_t nreap;		 /* how many */
	uint32_t touched; /* means nothing: what was read ahead has to go somewhere */
	struct rib_cursor *first, *last; /* cursors by place; borrowed */
	uint32_t nasleep;		 /* of them, those that wait to be woken */
	uint32_t groups;		 /* bits in use, those being cleared included */
	uint32_t shared;		 /* users of RIB_GROUP_SHARED */
	uint32_t ntold[32];		 /* routes told, by group */

	struct rib_peer_slot **peers; /* owned array of owned slots, NULL = free index */
	uint32_t npeers;	      /* size of the array */
	struct loop_work sweep;	      /* runs while there are jobs */
	struct rib_job *jobs;	      /* owned */
	struct rib_job *over; /* owned: finished, done() not called yet; oldest first */
	uint32_t sweep_at; /* next place: class in the top bits, last slab handle seen */
	uint32_t sweep_slice;  /* cells in a slice at most; tests make it small */
	uint32_t sweep_clear;  /* group bits that the sweep clears */
	uint32_t sweep_peers;  /* jobs that concern peers */
	uint32_t sweep_decide; /* jobs that recompute the best path */
	uint32_t sweep_hops;   /* jobs that do so for next hops */
	uint32_t hops_since;   /* the oldest one's first change, in nht.clock */
	uint32_t hops_seen;    /* nht.clock that has jobs already */
};

static inline struct rib_route *
rib_cell(const struct rib *r, uint32_t h)
{
	return slab_ptr(
	    &r->cells[h >> RIB_CLASS_SHIFT], h & ((1u << RIB_CLASS_SHIFT) - 1));
}

static inline bool
rib_has_path(const struct rib_route *rt)
{
	return rt->path.attrs != 0;
}

static inline bool
rib_is_useless(const struct rib_route *rt)
{
	return rt->told == 0 && !rib_has_path(rt);
}

/* Of a route without paths, or what is left of one that came back to life: any number. */
static inline uint32_t
rib_tombstone_hash(const struct rib_route *rt)
{
	return rt->path.when;
}

/* Type 2 of EVPN, which has steps of its own in the decision.  Unicast keys have no head. */
static inline bool
rib_route_is_macip(const struct rib_route *rt)
{
	return rt->head != 0 && rt->tail[0] == EVPN_MACIP;
}

/* What rib_settle() compares with: taken before the paths of a route change. */
struct rib_before {
	uint32_t best;	/* peer of the best path, or RIB_NO_PEER */
	uint16_t first; /* peer of the first path, or of the last one in a tombstone */
};

static inline struct rib_before
rib_before(const struct rib_route *rt)
{
	uint32_t best = rt->flags & RIB_ROUTE_BEST ? rt->path.peer : RIB_NO_PEER;

	return (struct rib_before){ best, rt->path.peer };
}

/* Keyed by the tail alone; the multiplier spreads equal tails under different heads. */
static inline uint32_t
rib_key_hash(uint32_t head, const uint8_t *tail, size_t len)
{
	return hash32(tail, len) ^ head * 0x9e3779b1u;
}

static inline bool
rib_key_is(const struct rib_route *rt, uint32_t head, const struct rib_key *k)
{
	return rt->head == head && rt->len == k->len &&
	       memcmp(rt->tail, k->tail, k->len) == 0;
}

/* rib_index.c */
void rib_index_init(struct rib *r);
void rib_index_fini(struct rib *r);
/* The interned head, 0 for an empty one.  No reference is given: the cache of heads holds one. */
uint32_t rib_head_get(struct rib *r, const struct rib_key_head *k);
/* The same without interning it; false if no route has it. */
bool rib_head_find(const struct rib *r, const struct rib_key_head *k, uint32_t *head);
uint32_t rib_lookup(
    const struct rib *r, uint32_t hash, uint32_t head, const struct rib_key *k);
uint32_t rib_find_any(const struct rib *r, const struct rib_key *k); /* tombstones, too */
/* Fills in the first route with each item's hash, 0 for none, and has read its cell: all of them wait
 * for memory together. */
void rib_touch(struct rib *r, struct rib_item *items, unsigned n);
uint32_t rib_cell_alloc(struct rib *r, uint32_t class);
uint32_t rib_route_new(
    struct rib *r, uint32_t hash, uint32_t head, const struct rib_key *k);
/* Takes a useless route out of the index and the list when rib_reap() is called, which any later one
 * of these may do. */
void rib_reap_later(struct rib *r, uint32_t h, struct rib_route *rt);
void rib_reap(struct rib *r);

/* This router's own paths do not depend on where their next hop is. */
static inline bool
rib_is_usable(const struct rib *r, const struct rib_path *p)
{
	const struct nht_hop *hop;

	if (p->flags & PATH_INELIGIBLE)
		return false;
	if (!r->nht || (r->nht->nunreachable == 0 && !r->strict) || p->peer == 0)
		return true;
	hop = nht_hop(r->nht, attrset_get(r->attrs, p->attrs)->hop);
	return !(hop->unreachable || (r->strict && hop->loose));
}

/* rib_select.c */
/* Chooses the best path again.  True if another path is first or it became (in)eligible. */
bool rib_select(const struct rib *r, struct rib_route *rt);

/* rib.c */
/* Counts and lists a route after its paths changed.  changed: what downstream was told is no
 * longer true. */
void rib_settle(struct rib *r, uint32_t h, struct rib_route *rt, struct rib_before before,
    bool changed);
/* Removes the peer's path of this route; false if it has none.  The caller reaps. */
bool rib_drop_path(struct rib *r, uint32_t h, struct rib_route *rt, uint16_t peer);
struct rib_peer_slot *rib_slot(const struct rib *r, uint16_t peer);

/* rib_change.c */
void rib_change_init(struct rib *r);
void rib_change_fini(struct rib *r);
void rib_list_append(struct rib *r, uint32_t h, struct rib_route *rt);
void rib_list_unlink(struct rib *r, struct rib_route *rt);
void rib_wake(struct rib *r);
/* A group bit is clear everywhere and may be used again. */
void rib_group_freed(struct rib *r, uint8_t group);

/* rib_sweep.c */
void rib_sweep_init(struct rib *r);
void rib_sweep_fini(struct rib *r);
/* Clears the group's bit in all routes, in slices; the second one finishes that now. */
void rib_sweep_group(struct rib *r, uint8_t group);
void rib_sweep_group_finish(struct rib *r, uint8_t group);

#endif
