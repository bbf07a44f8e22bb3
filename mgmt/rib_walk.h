/* SPDX-License-Identifier: ISC */
/* mgmt/rib_walk.h: the RIB in order of RD and key, in slices.
 *
 * What    `show` wants routes sorted; the RIB keeps them in order of change.  A walk
 *         first collects a handle and the head of the sort key of each route that a
 *         filter lets through, in sorted runs; then it merges the runs and
 *         gives one route at a time.
 * Slices  rib_walk_collect() does some thousand routes a call and says when it is
 *         done; rib_walk_next() is cheap.  Between calls the RIB may change: a route
 *         that went away is left out, one that came after is not seen.
 * Memory  16 bytes a route while the walk lives.
 * Owns    Its arrays and a cursor of the RIB, which is closed when all is collected.
 */
#ifndef EVPND_MGMT_RIB_WALK_H
#define EVPND_MGMT_RIB_WALK_H

#include "bgpd/rib.h"

struct rib_walk;

/* filter NULL: every route with a path. */
struct rib_walk *rib_walk_new(struct rib *r,
    bool (*filter)(const struct rib *r, const struct rib_route *rt, void *arg),
    void *arg);
void rib_walk_free(struct rib_walk *w); /* NULL is allowed */
/* One slice; true when everything is collected. */
bool rib_walk_collect(struct rib_walk *w);
uint32_t rib_walk_count(const struct rib_walk *w); /* routes collected */
/* The next route, 0 at the end.  *new_rd: it is the first of its RD. */
uint32_t rib_walk_next(struct rib_walk *w, bool *new_rd);

#endif
