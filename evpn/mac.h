/* SPDX-License-Identifier: ISC */
/* evpn/mac.h: the MACs of all instances: who claims each, and who has it.
 *
 * What    One macent for each (EVI, MAC) that anybody claims: a local port, remote
 *         routes (imps), or neighbours that wait for it.  mobility.h decides;
 *         this file gathers the facts, picks the best remote candidate and carries
 *         the actions out: export.h for the local route, fib.h for the remote entry.
 * Best    Among remote candidates: sticky first, then the higher sequence number,
 *         then the lower VTEP address (RFC 7432 15).
 * Owns    The macents, and a side record for those that are or were local.
 * Cost    48 bytes a MAC, 48 more when local; O(1) look-up.
 */
#ifndef EVPND_EVPN_MAC_H
#define EVPND_EVPN_MAC_H

#include "evpn/mobility.h"
#include "evpn/obj.h"
#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/slab.h"
#include "zebra-lite/zl_proto.h"

enum {
	MAC_LSTATIC = 1,    /* local: an operator's entry */
	MAC_LSTICKY = 2,    /* local: sticky */
	MAC_LSVI = 4,	    /* local: the SVI's own */
	MAC_RSTICKY = 8,    /* remote: sticky */
	MAC_RGATEWAY = 16,  /* remote: default gateway community */
	MAC_EXPORTED = 32,  /* its route is in the RIB */
	MAC_SEEN = 64,	    /* epoch in which the data plane said it last */
	MAC_LGATEWAY = 128, /* local: with LSVI, an anycast gateway's */
};

struct macent {
	struct obj obj;	 /* first */
	struct mac addr; /* key, with obj.evi */
	uint8_t state;	 /* enum mob_state */
	uint8_t flags;	 /* MAC_* */
	uint32_t imps;	 /* candidates: list by onext */
	uint32_t best;	 /* imp that stands for the remote claim, 0 none */
	uint32_t vtep;	 /* its VTEP, interned ref */
	uint32_t rseq;	 /* its sequence number */
	uint32_t local;	 /* side record, 0 none */
	uint32_t neighs; /* local neighbours bound to it: handles, by neigh_local.next */
};

/* Where a local MAC is; interned. */
struct mac_port {
	uint32_t ifindex;	/* bridge port or SVI */
	uint16_t vid;		/* VLAN, 0 on a plain bridge */
	char ifname[ZL_IFNAME]; /* its name */
};

/* What only a MAC needs that is or was local, or has moved. */
struct mac_local {
	uint32_t mac;  /* its macent */
	uint32_t port; /* interned struct mac_port, ref; 0 not local now */
	uint32_t lseq; /* local sequence number */
	uint32_t
	    since; /* seconds of the loop's clock: local since; without port: lost since */
	uint32_t fnext;	  /* next frozen MAC's macent */
	uint8_t gen;	  /* evi->local_gen when the data plane said it last */
	bool local_newer; /* as in struct mobility */
	struct dup dup;	  /* as in struct mobility */
};

struct mac_table {
	struct slab cells;	/* struct macent */
	struct slab locals;	/* struct mac_local */
	struct hidx index;	/* hash of (EVI, MAC) */
	uint32_t frozen;	/* frozen MACs: handles, by fnext */
	struct loop_timer thaw; /* looks for those whose time is over */
	struct log_rate rl;	/* a tenant can make hosts move: one budget of warnings */
};

void mac_table_init(struct evpn *e);
void mac_table_fini(struct evpn *e);

static inline struct macent *
mac_at(const struct mac_table *t, uint32_t h)
{
	return slab_ptr(&t->cells, h);
}
uint32_t mac_find(const struct evpn *e, uint16_t evi, struct mac addr); /* handle or 0 */
uint32_t mac_get(struct evpn *e, struct evi *evi, struct mac addr);
/* Frees it if nobody claims it and nothing of it is left anywhere. */
void mac_release(struct evpn *e, uint32_t h);

/* The data plane's say. */
void mac_local_set(struct evpn *e, struct evi *evi, const struct zl_mac *m);
void mac_local_del(struct evpn *e, struct evi *evi, struct mac addr);
/* The local claim ends without a word from the data plane (VNI down, not said again). */
void mac_forget_local(struct evpn *e, uint32_t h);
void mac_forget_old(
    struct evpn *e, uint32_t h); /* if its claim is of an older generation */

/* The RIB's say: a candidate was linked or its attributes changed; a candidate is to be unlinked. */
void mac_cand_add(struct evpn *e, uint32_t h, uint32_t imp);
void mac_cand_changed(struct evpn *e, uint32_t h, uint32_t imp);
void mac_cand_del(struct evpn *e, uint32_t h, uint32_t imp);

/* An address that moved here needs at least this sequence number (RFC 9721 7). */
void mac_raise(struct evpn *e, uint32_t h, uint32_t seq);
uint32_t mac_seq(
    const struct evpn *e, const struct macent *m); /* local sequence number */
static inline bool
mac_wins_local(const struct macent *m)
{
	return mob_is_local((enum mob_state)m->state);
}
struct mac_local *mac_local_of(
    const struct evpn *e, const struct macent *m); /* NULL if none */
/* Where it is local now; false if nowhere. */
bool mac_port_of(const struct evpn *e, const struct macent *m, struct mac_port *p);
/* Duplicate detection as configured. */
void mac_dup_conf(const struct evpn *e, struct dup_conf *c);
/* Ends duplicate state and freeze. */
void mac_thaw(struct evpn *e, uint32_t h);
/* The VTEP address of the instance has changed: ties may go the other way. */
void mac_own_address(struct evpn *e, struct evi *evi);

/* A remote leaf has it, and until now or a moment ago a port of ours had it too: our entry may
 * have driven out what the data plane had just learnt. */
bool mac_lost_lately(const struct evpn *e, const struct macent *m);

/* For fib.h. */
void mac_done(struct evpn *e, uint32_t h, bool set, bool ok);
void mac_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
uint32_t mac_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w);

#endif
