/* SPDX-License-Identifier: ISC */
/* zebra-lite/hops.h: which nexthop object of the kernel is which HOP or GROUP of the engine.
 *
 * What    One record for each nexthop object that carries our mark, and for each HOP or GROUP
 *         that the engine wants but the kernel does not have.
 * Ids     The engine's are its own and change when it restarts; the kernel's are chosen here,
 *         from HOPS_KID_FIRST on.  One that somebody else uses is left out.
 * Adopt   A dump finds the objects of an earlier engine.  A HOP is the object with the same
 *         gateway, device and tunnel, a GROUP that with the same members, if no other id has
 *         it already: so the routes over it stay as they are.
 * Removal When an object goes, the kernel takes it out of its groups, and a group goes with
 *         its last member; hops_gone() does the same here.
 * Cost    O(1), but O(groups) when an object goes.
 */
#ifndef EVPND_ZEBRA_LITE_HOPS_H
#define EVPND_ZEBRA_LITE_HOPS_H

#include "lib/hidx.h"
#include "lib/slab.h"
#include "zebra-lite/nl_nexthop.h"
#include "zebra-lite/zl_proto.h"

#define HOPS_KID_FIRST 0xb3000000u /* 179 << 24: far from those who count from 1 */
#define HOPS_KID_LAST 0xb3ffffffu

struct hop {
	uint32_t self;	   /* its handle */
	uint32_t id;	   /* the engine's, 0: nobody wants it (yet) */
	uint32_t kid;	   /* the kernel's, 0: not there */
	struct nl_hop hop; /* a single one, as it is in the kernel */
	uint32_t nmembers; /* a group's, in the kernel */
	uint32_t *members; /* owned: their kernel ids, ascending */
	bool group;	   /* it is one */
	bool theirs;	   /* somebody else's, in our range: only its id counts */
	bool seen;	   /* in the running dump */
	bool wanted;	   /* said by the engine since the last dump */
	/* A HOP as it was wanted, to report its loss. */
	uint32_t vni;	/* L3VNI */
	struct mac mac; /* router MAC, zero: a host's */
	struct ip vtep; /* with ENCAP */
	uint8_t flags;	/* ZL_F_* */
};

struct hops {
	struct slab slab;	/* of struct hop */
	struct hidx by_id;	/* the engine's */
	struct hidx by_kid;	/* the kernel's */
	struct hidx by_content; /* gateway and device, or members; if in the kernel */
	uint32_t next_kid;	/* where the search for a free one begins */
};

void hops_init(struct hops *s);
void hops_fini(struct hops *s);

static inline struct hop *
hop_ptr(const struct hops *s, uint32_t h)
{
	return slab_ptr(&s->slab, h);
}
struct hop *hops_by_id(const struct hops *s, uint32_t id);
struct hop *hops_by_kid(const struct hops *s, uint32_t kid);
/* Its neighbour is a part of it; else that is a host's, or the underlay's. */
static inline bool
hop_has_neigh(const struct hop *p)
{
	return !p->group && !mac_is_zero(p->mac) && !(p->flags & ZL_F_DIRECT);
}
/* Any single one in the kernel with this neighbour, but for `not` (may be NULL). */
struct hop *hops_by_gateway(
    const struct hops *s, uint32_t oif, struct ip gateway, const struct hop * not );

/* The record of an id: that which has it, else one that the kernel has already and nobody
 * wants, else a new one that is not in the kernel.  NULL: the id is of the other kind.
 * members ascend. */
struct hop *hops_get_hop(struct hops *s, uint32_t id, const struct nl_hop *content);
struct hop *hops_get_group(
    struct hops *s, uint32_t id, const uint32_t *members, unsigned n);
/* The kernel has it, or will have, under this id and with this content. */
void hops_put_hop(struct hops *s, struct hop *p, uint32_t kid, const struct nl_hop *c);
void hops_put_group(
    struct hops *s, struct hop *p, uint32_t kid, const uint32_t *members, unsigned n);
/* A kernel id that nobody uses, as far as is known. */
uint32_t hops_new_kid(struct hops *s);
/* It is in the kernel, but what it leads to is not known. */
void hops_blur(struct hops *s, struct hop *p);
/* It is not in the kernel any more, and its traces in groups neither.  The record goes too
 * if no engine has an id for it. */
void hops_gone(struct hops *s, struct hop *p);
/* The engine has no use for it any more; the kernel has lost it, or will. */
void hops_drop(struct hops *s, struct hop *p);
/* An id in our range that is not for us. */
void hops_theirs(struct hops *s, uint32_t kid);

/* Around a dump of the kernel's nexthops: what was not seen in between is gone. */
void hops_dump_begin(struct hops *s);
void hops_dump_seen(struct hops *s, const struct nl_nexthop *n);
/* True if some that the engine has ids for are not there any more. */
bool hops_dump_end(struct hops *s);
/* The engine is gone: its ids mean nothing any more. */
void hops_forget_ids(struct hops *s);

#endif
