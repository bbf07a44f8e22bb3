/* SPDX-License-Identifier: ISC */
/* bgpd/attrset.h: whole attribute sets, interned.
 *
 * What    Equal sets (communities sorted, duplicates removed) have equal 32-bit
 *         handles: equality is handle equality.  Sets are immutable.
 * Owns    A copy of all bytes, one block a set, with a reference count.
 * Normal  Communities of each kind and kept unknown attributes are sorted, without
 *         repetitions; what struct attrs says is absent is zero.
 * Derived What the decision and EVPN ask often is worked out once, at intern time.
 * Cost    A set costs its bytes and about 200; one for each VTEP and VNI.
 */
#ifndef EVPND_BGPD_ATTRSET_H
#define EVPND_BGPD_ATTRSET_H

#include "bgpd/attr.h"
#include "lib/hidx.h"
#include "lib/slab.h"

enum {
	ATTRSET_MM = 1,		    /* has a MAC mobility community */
	ATTRSET_STICKY = 2,	    /* with the sticky flag (RFC 7432 15.2) */
	ATTRSET_DEFAULT_GW = 4,	    /* default gateway community (RFC 7432 10.1) */
	ATTRSET_ENCAP = 8,	    /* has a BGP encapsulation community (RFC 9012) */
	ATTRSET_VXLAN = 16,	    /* one of them says VXLAN (8) */
	ATTRSET_ROUTER_MAC = 32,    /* router's MAC community (RFC 9135) */
	ATTRSET_ND_ROUTER = 64,	    /* ARP/ND community (RFC 9047): R flag */
	ATTRSET_ND_OVERRIDE = 128,  /* O flag */
	ATTRSET_ND_IMMUTABLE = 256, /* I flag */
	ATTRSET_NO_ADVERTISE = 512, /* well-known communities (RFC 1997) */
	ATTRSET_NO_EXPORT = 1024,
	ATTRSET_NO_EXPORT_SUBCONFED = 2048,
	ATTRSET_NO_LLGR = 4096, /* RFC 9494 */
	ATTRSET_LLGR_STALE = 8192,
};

struct attrset {
	uint32_t refs;	  /* references held */
	uint32_t hash;	  /* of the contents */
	uint16_t derived; /* ATTRSET_* */
	uint16_t
	    aspath_hops; /* length for the decision: a set counts 1 (RFC 4271 9.1.2.2) */
	uint32_t neighbor_as;  /* leftmost AS, 0 if none */
	uint32_t mm_seq;       /* mobility sequence, 0 without the community */
	struct mac router_mac; /* valid with ATTRSET_ROUTER_MAC */
	uint32_t nrts;	       /* route targets among the extended communities */
	size_t bytes;	       /* of this block */
	uint32_t normal_len;   /* bytes of the normal form that follows the struct */
	uint32_t hop;	/* the tracker's next hop (bgpd/nht.h); ref; 0 = not asked yet */
	struct attrs a; /* pointers go into this block */
};

struct attrtab {
	struct slab cells;  /* handle -> struct attrset * */
	struct hidx index;  /* hash -> handle */
	size_t bytes;	    /* of all blocks */
	uint8_t *scratch;   /* owned: where a set is brought into normal form */
	size_t scratch_cap; /* its bytes */
	/* A set that attrset_set_hop() was called for is freed. */
	void (*hop_release)(void *arg, uint32_t hop);
	void *hop_arg; /* for hop_release */
};

void attrtab_init(struct attrtab *t);
void attrtab_fini(struct attrtab *t); /* ensures that nothing is referenced */
/* The handle of the normalised set, with one reference more.  `a` is not kept. */
uint32_t attrset_intern(struct attrtab *t, const struct attrs *a);
void attrset_ref(struct attrtab *t, uint32_t h);
void attrset_unref(struct attrtab *t, uint32_t h);
/* Notes what tracks its next hop; once for a set. */
void attrset_set_hop(struct attrtab *t, uint32_t h, uint32_t hop);

static inline const struct attrset *
attrset_get(const struct attrtab *t, uint32_t h)
{
	return *(struct attrset *const *)slab_ptr(&t->cells, h);
}

/* True if the set carries this route target; the i-th route target otherwise. */
bool attrset_has_rt(const struct attrset *s, struct ecom rt);
bool attrset_foreach_rt(
    const struct attrset *s, bool (*fn)(struct ecom rt, void *arg), void *arg);

#endif
