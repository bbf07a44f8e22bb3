/* SPDX-License-Identifier: ISC */
/* bgpd/adjout_priv.h: what the files of the adj-out share.
 *
 * What    adjout.c keeps groups, positions and members and walks the list of changes;
 *         adjout_build.c puts routes into messages and hands these to the members of
 *         the position that is walking.
 * Build   Within a slice NLRI are collected by (attribute set, source peer) in a small
 *         direct-mapped table of open messages.  No message stays open between
 *         slices, so that a route cannot overtake itself.
 */
#ifndef EVPND_BGPD_ADJOUT_PRIV_H
#define EVPND_BGPD_ADJOUT_PRIV_H

#include "bgpd/adjout.h"
#include "bgpd/update_write.h"

enum {
	ADJOUT_BUILDERS = 128, /* power of two */
	ADJOUT_SLICE = 4096,   /* routes in a slice at most */
};

/* A message under construction, or the knowledge that there will be none. */
struct builder {
	uint32_t attrs; /* attribute set, valid within the slice; 0: withdrawals */
	uint32_t entry; /* the route-map's verdict on the routes; 0: there is no map */
	uint16_t src;	/* peer that gets none of it: the source of the routes */
	bool open;	/* in use in this slice */
	bool permitted; /* policy lets such routes go, and they can be encoded */
	struct update_writer uw; /* what is in it */
	uint8_t *msg;		 /* owned: memory of the message */
	size_t msg_cap;		 /* its size */
	uint8_t *attr;		 /* owned: encoded attributes */
	size_t attr_cap;	 /* its size */
};

struct adjout {
	struct loop *loop;	       /* borrowed */
	struct rib *rib;	       /* borrowed */
	const struct afi_safi *family; /* static */
	struct adjout_group *groups;   /* owned list */
	size_t ngroups;		       /* its length */
	struct adjout_peer *
	    *by_peer;	   /* owned array: member by RIB index; borrowed members */
	uint32_t nby_peer; /* its size */
	bool hold_eor;	   /* no End-of-RIB for now */
	size_t high, low;  /* ADJOUT_HIGH and ADJOUT_LOW; tests make them small */
	uint32_t slice;	   /* routes in a slice at most; tests make it small */

	/* The building site: used within one slice of one position. */
	struct adjout_pos *pos; /* whose slice it is; NULL outside */
	struct builder table[ADJOUT_BUILDERS];
	uint16_t used[ADJOUT_BUILDERS]; /* places of the open ones */
	uint32_t nused;			/* how many */
	struct builder one;		/* withdrawals for one member */
	struct adjout_peer *only;	/* that member */
	struct arena arena;		/* attributes being rewritten */
	uint8_t *scratch; /* owned: attributes being encoded, MSG_MAX_EXTENDED octets */
};

struct adjout_group {
	struct adjout *a;	      /* borrowed: its owner */
	struct adjout_group *next;    /* list */
	struct adjout_policy policy;  /* what all members have in common */
	uint8_t bit;		      /* told bit in the RIB */
	struct adjout_pos *positions; /* owned list; never empty */
	uint64_t walked;	      /* routes that its positions looked at */
	uint64_t counted;	      /* `walked`, and 1, when `own` was made; 0 never */
	uint32_t *own;		      /* owned: told routes by the peer they came from */
	uint32_t nown;		      /* its size */
};

struct adjout_pos {
	struct adjout_group *group;	/* borrowed: its owner */
	struct adjout_pos *next, *prev; /* positions of the group */
	struct rib_cursor cur;		/* the place */
	struct loop_work work;		/* its slices */
	struct adjout_peer *members;	/* borrowed list; never empty between calls */
	uint32_t nmembers;		/* its length */
	uint32_t nfull;			/* members that are full */
	uint32_t nwant; /* members with a mark due at the end of the list */
};

/* adjout_build.c; all of it within a slice of a->pos. */
void build_init(struct adjout *a);
void build_fini(struct adjout *a);
/* False if the route cannot be sent: policy, or attributes too long for a message. */
bool build_announce(struct adjout *a, const struct rib_route *rt);
/* To all members but this one (index in the RIB; 0: nobody). */
void build_withdraw(struct adjout *a, const struct rib_route *rt, uint16_t except);
void build_withdraw_one(
    struct adjout *a, const struct rib_route *rt, struct adjout_peer *only);
void build_flush(struct adjout *a);
/* The entry of the policy's route-map that permits the route, 0: denied. */
unsigned adjout_entry(
    const struct adjout *a, const struct adjout_policy *p, const struct rib_route *rt);
/* Hands a message to one member. */
void adjout_push(struct adjout_peer *p, struct txbuf *b);
struct txbuf *txbuf_new(const void *data, size_t len);

/* The member of this position with this index in the RIB, or NULL. */
static inline struct adjout_peer *
pos_member(const struct adjout *a, const struct adjout_pos *pos, uint16_t peer)
{
	struct adjout_peer *m = peer < a->nby_peer ? a->by_peer[peer] : NULL;

	return m && m->pos == pos ? m : NULL;
}

#endif
