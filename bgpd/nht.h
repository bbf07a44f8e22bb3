/* SPDX-License-Identifier: ISC */
/* bgpd/nht.h: the next hops of the paths that we hold, and what the data plane says of them.
 *
 * What    For each distinct next hop: can it be reached, and at which cost (the
 *         "route resolvability condition" and interior cost of RFC 4271 9.1.2).
 * Count   An attribute set has one next hop, so sets hold the references, not
 *         routes: nht_attach() looks once at a set that a peer's path uses, and the
 *         set lets go when it is freed.  A million routes of a hundred VTEPs cost a
 *         hundred look-ups.
 * Unknown Until the data plane has answered, or without one, a next hop counts as
 *         reachable at cost 0.  So does one that is no global address.
 * Asks    State, not events: a next hop whose watch is to begin or end stands in the
 *         queue once; nht_ask_next() takes it out and says what is wanted by then.
 * Owns    struct nht_hop (slab).  Borrows the attribute table.
 * Cost    A look at one path: two loads when something is unreachable, one otherwise.
 */
#ifndef EVPND_BGPD_NHT_H
#define EVPND_BGPD_NHT_H

#include "bgpd/attrset.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct nht_hop {
	struct ip ip;	  /* key */
	uint32_t refs;	  /* attribute sets that have it */
	uint32_t metric;  /* cost to it; 0 unless reachable and known */
	uint32_t changed; /* nht.clock at the last change of what follows or of metric */
	uint32_t next;	  /* queue of asks: handle, 0 = last */
	bool unreachable; /* the data plane said so */
	bool loose;   /* reached, but by a default route or by what we installed alone */
	bool known;   /* it has said something */
	bool watched; /* it was asked to */
	bool queued;  /* in the queue of asks */
};

struct nht {
	struct attrtab *attrs; /* borrowed */
	struct slab hops;      /* handle NHT_NONE is no next hop: always reachable */
	struct hidx index;     /* address -> handle */
	uint32_t nunreachable; /* next hops that are */
	uint32_t clock;	       /* counts changes */
	uint32_t first, last;  /* queue of asks */
	void (*wake)(
	    void *arg); /* the queue is not empty any more; may only queue work */
	void *arg;	/* for wake */
};

#define NHT_NONE 1

/* What the data plane is to be told. */
struct nht_ask {
	bool watch; /* false: no longer */
	struct ip ip;
};

enum nht_change {
	NHT_SAME,
	NHT_METRIC, /* only where a route has several paths it can matter */
	NHT_REACH,
};

void nht_init(struct nht *n, struct attrtab *attrs);
void nht_fini(struct nht *n); /* after the last attribute set */
/* From now on next hops are asked for: wake is called when there is something to take. */
void nht_on_ask(struct nht *n, void (*wake)(void *arg), void *arg);
bool nht_ask_next(struct nht *n, struct nht_ask *a); /* false: nothing left */
/* The data plane says; what is not watched any more is ignored. */
enum nht_change nht_answer(struct nht *n, struct ip ip, bool reachable, uint32_t metric);
/* The same of nht_hop.loose, which matters to strict RIBs alone. */
enum nht_change nht_answer_loose(struct nht *n, struct ip ip, bool loose);

/* The slow half of nht_attach(). */
void nht_attach_new(struct nht *n, uint32_t attrs);
/* A peer's path uses this set. */
static inline void
nht_attach(struct nht *n, uint32_t attrs)
{
	if (attrset_get(n->attrs, attrs)->hop == 0)
		nht_attach_new(n, attrs);
}

static inline const struct nht_hop *
nht_hop(const struct nht *n, uint32_t hop)
{
	return slab_ptr(&n->hops, hop);
}

/* The next hop of this address, NULL if no path has it. */
const struct nht_hop *nht_find(const struct nht *n, struct ip ip);

#endif
