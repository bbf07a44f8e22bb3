/* SPDX-License-Identifier: ISC */
/* evpn/obj.h: what MACs, neighbours and flood targets have in common.
 *
 * What    Each is an object of one EVI that may be wanted in the kernel.  The head
 *         struct obj stands first in all three: the list of its EVI, the queue of
 *         the data plane and the install state (evpn/fib.h).
 * Names   A ref is a kind (2 bits, enum zl_kind) and a slab handle (30 bits).
 * Walks   A walk over an EVI's objects may stop and go on in a later slice: an
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

struct obj {
	uint32_t qnext;	     /* ref of the next in the data plane's queue */
	uint32_t next, prev; /* handles: list of the EVI */
	uint16_t evi;	     /* id of its EVI */
	uint8_t fib;	     /* enum fib_state */
	uint8_t bits;	     /* FIB_* */
};

/* Per kind in an EVI. */
struct obj_list {
	uint32_t head; /* handle, 0 empty */
	uint32_t n;    /* objects in it */
};

#define OBJ_HANDLE_MAX ((1u << 30) - 1)

static inline uint32_t
obj_ref(enum zl_kind k, uint32_t h)
{
	return (uint32_t)k << 30 | h;
}
static inline enum zl_kind
obj_kind(uint32_t ref)
{
	return (enum zl_kind)(ref >> 30);
}
static inline uint32_t
obj_handle(uint32_t ref)
{
	return ref & OBJ_HANDLE_MAX;
}

struct obj *obj_ptr(const struct evpn *e, uint32_t ref);
struct evi *obj_evi(const struct evpn *e, const struct obj *o);
/* Into and out of the list of its EVI; the object's `evi` is set by the first. */
void obj_link(struct evpn *e, struct evi *evi, uint32_t ref);
void obj_unlink(struct evpn *e, uint32_t ref);

/* A position in one list that survives the end of objects. */
struct obj_walk {
	struct obj_walk *wnext, *wprev; /* the walks of the engine; NULL when ended */
	enum zl_kind kind;		/* of the list */
	uint32_t at;			/* handle of the next object, 0 = end */
};

void obj_walk_begin(
    struct evpn *e, struct obj_walk *w, const struct evi *evi, enum zl_kind kind);
uint32_t obj_walk_next(struct evpn *e, struct obj_walk *w); /* handle, 0 at the end */
void obj_walk_end(struct evpn *e, struct obj_walk *w);	    /* also when ended already */

#endif
