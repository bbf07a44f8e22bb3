/* SPDX-License-Identifier: ISC */
/* evpn/neigh.h: which MAC has an IP address, in each instance.
 *
 * What    One neigh for each (EVI, IP) that a local SVI has learnt or a remote
 *         MAC+IP route names.
 * Local   A local binding counts only while its MAC is local; until then it waits
 *         and is neither exported nor forgotten.
 * Winner  Both: with the same MAC, the MAC's own winner; with different MACs the
 *         higher sequence number of the two (RFC 9721 7), a local learn over a
 *         remote binding having raised the local MAC's number.  An operator's entry
 *         and the SVI's own addresses stay.
 *         An address that moves between MACs, here or between leaves, is counted as its own
 *         (evpn/dup.h), whatever its MACs do; one that moves with its MAC is the MAC's affair.
 * Asked   A binding that the data plane no longer has stands until evpn/prober.h has asked
 *         for the host in vain.
 * Remote  Installed unless its MAC is local here: the kernel shall learn it itself.
 * Owns    The neighs, a side record for those that are or were local or are asked for, and
 *         another for those that have moved.
 * Cost    48 bytes a neighbour, 40 more when local, 32 when moved; O(1) look-up.
 */
#ifndef EVPND_EVPN_NEIGH_H
#define EVPND_EVPN_NEIGH_H

#include "evpn/dup.h"
#include "evpn/obj.h"
#include "evpn/probe.h"
#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/slab.h"

enum {
	NEIGH_LSTATIC = 1,  /* local: an operator's entry */
	NEIGH_LSVI = 2,	    /* local: the SVI's own address */
	NEIGH_LROUTER = 4,  /* local: R flag */
	NEIGH_LSTALE = 8,   /* local: not confirmed lately */
	NEIGH_RROUTER = 16, /* remote: R flag */
	NEIGH_EXPORTED =
	    32,		 /* its route is in the RIB, under the MAC of the local binding */
	NEIGH_SEEN = 64, /* epoch in which the data plane said it last */
	NEIGH_LGATEWAY = 128, /* local: with LSVI, an anycast gateway's */
	NEIGH_LNEWER = 256,   /* the local binding came after the remote one */
	NEIGH_LWON = 512,     /* the local binding was the winner last */
	NEIGH_RMOVED = 1024,  /* remote: another MAC had it; not yet sent */
};

struct neigh {
	struct obj obj; /* first */
	uint8_t ip[16]; /* key, with obj.evi; IPv4 in the first four */
	uint8_t iplen;	/* 4 or 16 */
	uint16_t flags; /* NEIGH_* */
	uint32_t imps;	/* candidates: list by nnext */
	uint32_t best;	/* the imp that stands for the remote binding, 0 none */
	uint32_t local; /* side record, 0 none */
};

/* What only a neighbour needs that is or was local, or is asked for. */
struct neigh_local {
	uint32_t mac;	       /* macent that it is bound to, 0: no local binding now */
	uint32_t next, prev;   /* neighbours of that MAC: handles */
	uint32_t since;	       /* seconds of the loop's clock: bound since */
	uint32_t moved;	       /* struct neigh_moved, 0 none */
	uint32_t qnext, qprev; /* the prober's list: handles */
	struct probe probe;    /* the prober's */
	uint8_t list;	       /* the prober's */
	uint8_t gen;	       /* evi->local_gen when the data plane said it last */
	struct mac called;     /* the prober's: with PROBE_CALLED, whom to ask */
};

/* Of an address that has moved between MACs, here and elsewhere. */
struct neigh_moved {
	uint32_t neigh; /* its neighbour */
	uint32_t fnext; /* next frozen one */
	struct dup dup; /* duplicate detection */
	struct mac
	    refused; /* another MAC here that has it by the data plane; zero: none */
	uint8_t refused_flags; /* ZL_NEIGH_* */
};

struct neigh_table {
	struct slab cells;	/* struct neigh */
	struct slab locals;	/* struct neigh_local */
	struct slab moved;	/* struct neigh_moved */
	struct hidx index;	/* hash of (EVI, IP) */
	uint32_t frozen;	/* frozen addresses: neigh_moved, by fnext */
	uint32_t changing;	/* MAC whose neighbours are being decided, 0 none */
	bool again;		/* its number was raised meanwhile */
	struct loop_timer thaw; /* looks for those whose time is over */
	struct log_rate rl;	/* one budget of warnings */
};

void neigh_table_init(struct evpn *e);
void neigh_table_fini(struct evpn *e);

static inline struct neigh *
neigh_at(const struct neigh_table *t, uint32_t h)
{
	return slab_ptr(&t->cells, h);
}
struct ip neigh_ip(const struct neigh *n);
/* Its local binding, or NULL. */
struct neigh_local *neigh_local_of(const struct evpn *e, const struct neigh *n);
/* The side record, bound or not, or NULL; the latter makes one. */
struct neigh_local *neigh_side(const struct evpn *e, const struct neigh *n);
struct neigh_local *neigh_side_get(struct evpn *e, struct neigh *n);
/* Duplicate detection of the address alone, or NULL: it has never moved. */
const struct dup *neigh_dup(const struct evpn *e, const struct neigh *n);
/* The MAC of the remote binding, 0 if there is none. */
uint32_t neigh_remote_mac(const struct evpn *e, const struct neigh *n);
uint32_t neigh_find(const struct evpn *e, uint16_t evi, struct ip ip); /* handle or 0 */
uint32_t neigh_get(struct evpn *e, struct evi *evi, struct ip ip);
void neigh_release(struct evpn *e, uint32_t h);

void neigh_local_set(struct evpn *e, struct evi *evi, const struct zl_neigh *z);
void neigh_local_del(struct evpn *e, struct evi *evi, struct ip ip);
void neigh_forget_local(struct evpn *e, uint32_t h);
/* The data plane has it no more: it is forgotten, or asked for first. */
void neigh_gone(struct evpn *e, uint32_t h);
void neigh_forget_old(
    struct evpn *e, uint32_t h); /* if its binding is of an older generation */

void neigh_cand_add(struct evpn *e, uint32_t h, uint32_t imp);
void neigh_cand_changed(struct evpn *e, uint32_t h, uint32_t imp);
void neigh_cand_del(struct evpn *e, uint32_t h, uint32_t imp);

/* The MAC changed sides or got another number: its neighbours may too. */
void neigh_mac_changed(struct evpn *e, uint32_t mac);
/* Works out again where it is and carries it out. */
void neigh_decide(struct evpn *e, uint32_t h);
/* Ends duplicate state and freeze of the address; false if it was no duplicate. */
bool neigh_thaw(struct evpn *e, uint32_t h);
/* The local binding is what the fabric should know. */
bool neigh_wins_local(struct evpn *e, const struct neigh *n);

/* So does its MAC, whoever told of the binding: a host that has come with a frame and has not said its
 * address yet is reached through our own subnet, not through the leaf that it left (RFC 9135 7.2). */
bool neigh_is_here(struct evpn *e, const struct neigh *n);

/* For fib.h. */
void neigh_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
void neigh_sent(struct evpn *e, uint32_t h, bool set);
uint32_t neigh_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w);

#endif
