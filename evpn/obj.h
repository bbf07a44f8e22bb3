/* SPDX-License-Identifier: ISC */
/* evpn/obj.h: what all that may be wanted in the kernel has in common.
 *
 * What    MACs, neighbours and flood targets are objects of one EVI; router MACs, next
 *         hops, groups of them and routes of one VRF.  The head struct obj stands
 *         first in each: the list of its owner, the queue of the data plane and the
 *         install state (evpn/fib.h).
 * Names   A ref is a kind (3 bits: enum zl_kind or OBJ_RMAC) and a slab handle (29 bits).
 * Walks   A walk over an owner's objects may stop and go on in a later slice: an
 *         object that goes away moves the walks that stand on it to the next one.
 * Cost    16 bytes an object.
 */
#ifndef EVPND_EVPN_OBJ_H
#define EVPND_EVPN_OBJ_H

#include <stdbool.h>
#include <stdint.h>

#include "zebra-lite/zl_proto.h"

struct evpn;
struct evi;
struct vrf;

/* A router MAC is a MAC of an L3VNI to the data plane, but another kind of object here. */
#define OBJ_RMAC ZL_KINDS
#define OBJ_KINDS (ZL_KINDS + 1)

struct obj {
	uint32_t qnext;	     /* ref of the next in the data plane's queue */
	uint32_t next, prev; /* handles: list of the owner */
	uint16_t evi;	     /* id of its EVI; of a VRF's object that of the VRF */
	uint8_t fib;	     /* enum fib_state */
	uint8_t bits;	     /* FIB_* */
};

/* Per kind in an owner. */
struct obj_list {
	uint32_t head; /* handle, 0 empty */
	uint32_t n;    /* objects in it */
};

#define OBJ_HANDLE_MAX ((1u << 29) - 1)

static inline uint32_t
obj_ref(unsigned kind, uint32_t h)
{
	return (uint32_t)kind << 29 | h;
}
static inline unsigned
obj_kind(uint32_t ref)
{
	return ref >> 29;
}
static inline uint32_t
obj_handle(uint32_t ref)
{
	return ref & OBJ_HANDLE_MAX;
}
static inline bool
obj_of_vrf(uint32_t ref)
{
	return obj_kind(ref) >= ZL_KIND_HOP;
}

struct obj *obj_ptr(const struct evpn *e, uint32_t ref);
/* The object that a record of the data plane is about; its ref, 0 if there is none. */
uint32_t obj_find(struct evpn *e, const struct zl_want *w);
/* The owner, by kind. */
struct evi *obj_evi(const struct evpn *e, const struct obj *o);
struct vrf *obj_vrf(const struct evpn *e, const struct obj *o);
/* Into and out of the list of its owner; the object's `evi` is set by the first. */
void obj_link(struct evpn *e, struct evi *evi, uint32_t ref);
void obj_link_vrf(struct evpn *e, struct vrf *vrf, uint32_t ref);
void obj_unlink(struct evpn *e, uint32_t ref);

/* A position in one list that survives the end of objects. */
struct obj_walk {
	struct obj_walk *wnext, *wprev; /* the walks of the engine; NULL when ended */
	unsigned kind;			/* of the list */
	uint32_t at;			/* handle of the next object, 0 = end */
};

void obj_walk_begin(
    struct evpn *e, struct obj_walk *w, const struct evi *evi, unsigned kind);
void obj_walk_vrf(
    struct evpn *e, struct obj_walk *w, const struct vrf *vrf, unsigned kind);
uint32_t obj_walk_next(struct evpn *e, struct obj_walk *w); /* handle, 0 at the end */
void obj_walk_end(struct evpn *e, struct obj_walk *w);	    /* also when ended already */

#endif
