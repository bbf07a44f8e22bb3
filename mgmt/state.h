/* SPDX-License-Identifier: ISC */
/* mgmt/state.h: what this router is doing, as RFC 7951 JSON below /evpnd:state.
 *
 * What    A walk over the state that a path selects, written as one JSON value
 *         {"evpnd:state":{...}} that is valid by yang/evpnd-state.yang.  `show yang` and
 *         NETCONF's reads use it; what can be read is the tree of nodes that starts at
 *         state_root, each part of it in a mgmt/state_*.c of its own.
 * Path    "/evpnd:state/vnis/vni[id='100']/macs": steps with predicates in brackets. Of a
 *         list entry the keys select at once; other leaves of an entry can be asked
 *         for where the list knows how (filters in struct state_node).  Prefixes and
 *         quotes may be left out.  The last step may be a leaf.  Keys of the entries on
 *         the way are written always.
 * Slices  state_step() writes some and says whether there is more.  Between two steps
 *         anything may have changed: an entry that went away is left out.
 * Memory  Positions and keys; of routes 16 bytes each while they are read.
 * Bounds  limit: at most so many entries of each long list (routes, MACs, neighbours),
 *         of each VNI or VRF; the counters beside a list say how many there are.
 */
#ifndef EVPND_MGMT_STATE_H
#define EVPND_MGMT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "mgmt/engine.h"
#include "mgmt/out.h"

struct state_walk;

/* NULL and *e if the path is not one of the state.  limit 0: none. */
struct state_walk *state_open(
    struct engine *eng, const char *path, uint32_t limit, struct err *e);
/* One slice; true if there is more. */
bool state_step(struct state_walk *w, struct out *o);
void state_close(struct state_walk *w); /* NULL is allowed */

/* True if the path leads into the state, whether or not there is such a node: "/evpnd:state/..." or
 * "state". */
bool state_path_is(const char *path);
/* Each path that is one node longer than what is typed up to its last slash, for completion. */
void state_path_next(
    const char *typed, void (*fn)(void *arg, const char *path), void *arg);

#endif
