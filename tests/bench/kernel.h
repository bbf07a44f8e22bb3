/* SPDX-License-Identifier: ISC */
/* tests/bench/kernel.h: what stands in the kernel, and writes of a bare program.
 *
 * What    A watch hears of FDB entries, neighbours, routes and next hops, counts them, and
 *         knows by a bit each which routes (numbers, see load.h) have one now.  The bare
 *         program's writes are those that a leaf has to make, with nothing around them.
 * Why     A daemon is done when the kernel has it, not when the daemon says so.
 */
#ifndef EVPND_TESTS_BENCH_KERNEL_H
#define EVPND_TESTS_BENCH_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

struct load_conf;

#define VTEP(sender) (0x0a620001u + (sender)) /* 10.98.0.1 and up */
#define TABLE_OF(vni) (10000u + (vni))	      /* of the VRF that has this L3VNI */

/* --- kwatch.c: events ---------------------------------------------------------------- */

enum held {
	HELD_VXLAN,  /* an FDB entry of a VXLAN device */
	HELD_AWAY,   /* such a one that points to VTEP(1) */
	HELD_BRIDGE, /* one of a bridge */
	HELD_NEIGH,  /* a neighbour */
	HELD_ROUTE,  /* a route in a VRF's table */
	HELD_KINDS
};

struct kcount {
	uint32_t fdb_new,
	    fdb_del; /* FDB entries of bridge and VXLAN, all-zero ones not counted */
	uint32_t neigh_new, neigh_del;
	uint32_t route_new, route_del; /* in VRFs' tables */
	uint32_t lost;		       /* overruns of the event socket */
};

struct kwatch; /* hears of what anyone writes */

/* routes: how many of them it tells apart.  l3: hears of routes and next hops as well. */
struct kwatch *kwatch_open(uint32_t routes, bool l3);
void kwatch_close(struct kwatch *w);
int kwatch_fd(const struct kwatch *w);
/* Reads what is there. */
void kwatch_read(struct kwatch *w);
/* Counts since the last reset. */
struct kcount kwatch_count(const struct kwatch *w);
void kwatch_reset(struct kwatch *w);
/* Routes that have such an entry now, as far as events told since the watch is open. */
uint32_t kwatch_held(const struct kwatch *w, enum held kind);
/* Next hops that lead to a VTEP, that is to VTEP(0). */
uint32_t kwatch_hops(const struct kwatch *w);
/* Waits for the VXLAN entry of a route to point to a VTEP, host order; found() from then on. */
void kwatch_seek(struct kwatch *w, uint32_t route, uint32_t vtep);
bool kwatch_found(const struct kwatch *w);

/* --- kernel.c: FDB entries, neighbours, links ------------------------------------------- */

/* All return 0, or a negative errno. */

/* Adds (or deletes) n MACs on the host ports, spread over the VNIs. */
int kernel_macs(const struct load_conf *c, uint32_t n, bool add);
/* The writes of n remote MAC+IP routes by a bare program: both FDBs and the neighbour.  nexthop: an
 * id that the VXLAN entries name in place of an address, unless 0. */
int kernel_bare(const struct load_conf *c, uint32_t n, const char *vxlan, const char *svi,
    uint32_t nexthop, bool add);
/* Moves n MACs, each stride after the one before, to VTEP(1), one at a time; took: seconds until the
 * watch had each. */
int kernel_moves(const struct load_conf *c, struct kwatch *w, uint32_t n, uint32_t stride,
    double *took);
/* The links PREFIXvni of all VNIs up or down. */
int kernel_links(const struct load_conf *c, const char *prefix, bool up);

/* --- kernel_l3.c: routes and next hops -------------------------------------------------- */

/* A next hop for each VNI, over its SVI to VTEP(0), and n routes over them in the VRFs' tables. */
int kernel_routes(const struct load_conf *c, uint32_t n, const char *svi);
/* Those next hops go, and the routes with them. */
int kernel_hops_gone(const struct load_conf *c);
/* Routes of gen.c that stand in VRFs' tables now, as a dump tells. */
uint32_t kernel_routes_held(void);
/* Takes the underlay's host route to VTEP(0) away. */
int kernel_vtep_gone(void);
/* Returns when what the kernel was at is done: its lock was had. */
void kernel_barrier(void);

#endif
