/* SPDX-License-Identifier: ISC */
/* zebra-lite/vtep_nh.h: VTEPs as nexthop objects, for FDB entries that name an id.
 *
 * What    For each VTEP a nexthop with NHA_FDB and, as a VXLAN device takes nothing
 *         else, a group of that one.  vtep_nh_get() gives the group's id, and makes
 *         both when the VTEP is new.
 * Why     Such an FDB entry costs the kernel half the time and memory of one that
 *         names the address: it has no per-CPU route cache of its own.  For the same
 *         reason each packet then needs a look-up of its route.
 * Find    What an earlier process left is found by content: our protocol number,
 *         NHA_FDB, the gateway, a group of one.  The ids are ours to choose.
 * Dump    vtep_nh_dump() forgets all and reads the kernel's again.  What nobody asked
 *         for between that and vtep_nh_sweep(), which follows the sweep of FDB
 *         entries, is deleted, unless somebody else's entry points to it: the kernel
 *         flushes the entries of a group that goes, and tells nobody.  For this
 *         reason, too, the kernel's news of nexthops are read: when one of ours goes
 *         or changes, `again` asks for a dump.
 * Bounds  VTEP_NH_MAX VTEPs: one more fails with ENOSPC and asks for a dump.
 * Refusal A kernel that knows no such nexthops makes it turn off, with a warning.
 */
#ifndef EVPND_ZEBRA_LITE_VTEP_NH_H
#define EVPND_ZEBRA_LITE_VTEP_NH_H

#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/slab.h"
#include "zebra-lite/nl.h"

#define VTEP_NH_MAX 16384

struct vtep_nh {
	struct ip vtep; /* key */
	uint32_t hop;	/* id of the nexthop */
	uint32_t group; /* id of its group */
	bool wanted;	/* asked for since the dump */
};

/* A nexthop of our mark, as dumped. */
struct vtep_nh_found {
	uint32_t id;	 /* of nexthop or group */
	struct ip vtep;	 /* none: it is a group */
	uint32_t member; /* group: its only member, 0 if there are several */
	uint32_t of;	 /* the struct vtep_nh that it is part of, 0 none */
	bool held;	 /* somebody else's FDB entry needs it */
};

struct vtep_nhs {
	struct nl *nl;	   /* borrowed */
	bool on;	   /* FDB entries are written by id */
	bool broken;	   /* one of ours was touched: a dump will come */
	struct slab slab;  /* of struct vtep_nh */
	struct hidx index; /* by VTEP */
	uint32_t last;	   /* handle last asked for, 0 none: they come in rows */
	uint32_t next_id;  /* to be tried next */
	struct vtep_nh_found *found; /* owned: by id, from a dump to the sweep */
	uint32_t nfound, found_cap;  /* elements, and room for */
	struct nl_batch batch;	     /* what is made and deleted */
	struct nl_mon mon;	     /* the kernel's news; zeroed when off */
	void (*again)(void *arg);    /* a dump is needed */
	void *arg;		     /* for again */
};

void vtep_nh_init(struct vtep_nhs *t, struct nl *nl, void (*again)(void *arg), void *arg);
void vtep_nh_fini(struct vtep_nhs *t);
/* A dump has to follow, as entries of the other form stand in the kernel. */
void vtep_nh_turn(struct vtep_nhs *t, bool on);
/* *id: what an FDB entry has to name in place of the VTEP, 0 if the address.  0 or errno. */
int vtep_nh_get(struct vtep_nhs *t, struct ip vtep, uint32_t *id);

/* Queues the dump; that of the FDBs has to come after it. */
void vtep_nh_dump(struct vtep_nhs *t);
/* Somebody else's FDB entry, just dumped, names this id. */
void vtep_nh_hold(struct vtep_nhs *t, uint32_t id);
/* Everything wanted has been asked for, and stale FDB entries are gone. */
void vtep_nh_sweep(struct vtep_nhs *t);

#endif
