/* SPDX-License-Identifier: ISC */
/* evpn/vtep.h: the flood list of each instance.
 *
 * What    One flood for each (EVI, remote VTEP) that a type 3 route with ingress
 *         replication names (RFC 7432 11.2, RFC 8365 9); an all-zero FDB entry in
 *         the kernel.  Several routes may name the same VTEP: it stays as long as
 *         one does.
 * Owns    The floods (slab).  Addresses are interned in the engine's context.
 */
#ifndef EVPND_EVPN_VTEP_H
#define EVPND_EVPN_VTEP_H

#include "evpn/obj.h"
#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct flood {
	struct obj obj; /* first */
	uint32_t vtep;	/* key, with obj.evi: interned address, ref */
	uint32_t imps;	/* routes that name it: list by onext */
};

struct flood_table {
	struct slab cells; /* struct flood */
	struct hidx index; /* hash of (EVI, VTEP handle) */
};

void flood_table_init(struct evpn *e);
void flood_table_fini(struct evpn *e);

static inline struct flood *
flood_at(const struct flood_table *t, uint32_t h)
{
	return slab_ptr(&t->cells, h);
}
uint32_t flood_find(const struct evpn *e, uint16_t evi, uint32_t vtep); /* handle or 0 */
uint32_t flood_get(struct evpn *e, struct evi *evi, uint32_t vtep);
void flood_cand_add(struct evpn *e, uint32_t h, uint32_t imp);
void flood_cand_del(struct evpn *e, uint32_t h, uint32_t imp);
void flood_release(struct evpn *e, uint32_t h);
/* Flooding was switched on or off for the instance. */
void flood_refresh(struct evpn *e, struct evi *evi);

/* For fib.h. */
void flood_fill(const struct evpn *e, uint32_t h, struct zl_want *w);
uint32_t flood_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w);

#endif
