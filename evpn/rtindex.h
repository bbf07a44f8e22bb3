/* SPDX-License-Identifier: ISC */
/* evpn/rtindex.h: which instances import a route, by its route targets.
 *
 * What    Route target -> instances, with exact entries (8 octets) and wildcard
 *         entries (the local administrator alone, `*:N`).
 * Why     A route costs one look-up for each of its route targets, whatever the
 *         number of instances.
 * Gen     `gen` changes with every change, so that answers may be cached.
 * Owns    Its entries.  Instances are named by 16-bit ids, from 1.
 */
#ifndef EVPND_EVPN_RTINDEX_H
#define EVPND_EVPN_RTINDEX_H

#include <stddef.h>

#include "bgpd/attrset.h"
#include "evpn/evpn_conf.h"
#include "lib/hidx.h"
#include "lib/slab.h"

struct rtindex {
	struct slab cells; /* struct rtindex_cell */
	struct hidx index; /* hash of the match -> cell; one pair a distinct match */
	uint32_t gen;	   /* changes with every change */
};

/* A growing set of instance ids; sorted and without repeats after rtindex_lookup(). */
struct rtindex_set {
	uint16_t *ids; /* owned */
	size_t n, cap; /* used and allocated */
};

void rtindex_init(struct rtindex *x);
void rtindex_fini(struct rtindex *x);
void rtindex_add(struct rtindex *x, const struct rt_match *m, uint16_t id);
/* False if it was not there. */
bool rtindex_del(struct rtindex *x, const struct rt_match *m, uint16_t id);
/* All instances that import a route with these attributes; replaces what `out` held. */
void rtindex_lookup(
    const struct rtindex *x, const struct attrset *s, struct rtindex_set *out);
void rtindex_set_fini(struct rtindex_set *s);
/* Is this extended community a route target that the match takes? */
bool rt_match_takes(const struct rt_match *m, struct ecom rt);
bool rt_match_equal(const struct rt_match *a, const struct rt_match *b);

#endif
