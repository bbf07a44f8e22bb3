/* SPDX-License-Identifier: ISC */
/* zebra-lite/apply.h: from wanted records to netlink messages, and back to results.
 *
 * What    apply_frame() takes one ZL_WANT body, writes what it asks for in batches
 *         and gives the failures by record, in one pass.
 * Theirs  A SET looks first into observe.h: a static entry of somebody else is
 *         refused with EEXIST, a learnt one is taken over if the engine knew of it.  That index costs the
 *         kernel nothing and is never behind by more than the monitors' queues.
 *         A DEL of a MAC names the VXLAN port, so it cannot hit an entry that has
 *         moved to another port; one that is in the index is left alone.
 * Ids     Where VTEPs are nexthops (vtep_nh.h) a MAC's VXLAN entry names an id.  The
 *         kernel does not replace an entry of one form by one of the other: it is
 *         deleted first, within the same batch where the dump told of it.
 * Echoes  The kernel tells of our own deletions like of anybody's, and an event
 *         from before a write may be read after it.  So the monitors are drained
 *         after each batch, with the batch at hand: apply_echo_*() tells which
 *         events are our own doing, and which are in doubt (somebody changed a key
 *         that we wrote at the same time): for those the kernel is asked.
 *         Additions of ours never arrive: the monitors' filters drop them.
 *         The kernel tells of what a bridge learns a moment after it did, so such an event
 *         may come behind the drain: the first one for a MAC that we have written is
 *         in doubt too, however late it comes.
 * Routing apply_l3.c writes HOPs, GROUPs and ROUTEs, by the same batch and in the order of the
 *         records.  Nexthop objects are known by hops.h, so what the kernel has already is not
 *         written again, and their news need no comparison with the batch.  A route of
 *         somebody else with the same prefix and metric is refused with EEXIST: the kernel
 *         would replace it.  Of our routes the kernel is the only copy; one that a dump found
 *         is not written again if it leads there already.
 * Owns    The batches.  Borrows netlink, interfaces, index and VTEPs.
 * Cost    About 100 ns a message beside the kernel's part.
 */
#ifndef EVPND_ZEBRA_LITE_APPLY_H
#define EVPND_ZEBRA_LITE_APPLY_H

#include "zebra-lite/hops.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/nl_fdb.h"
#include "zebra-lite/nl_neigh.h"
#include "zebra-lite/observe.h"
#include "zebra-lite/routes.h"
#include "zebra-lite/vrf.h"
#include "zebra-lite/vtep_nh.h"
#include "zebra-lite/zl_proto.h"

struct reconcile;

enum apply_table {
	APPLY_VXLAN,  /* MAC -> VTEP in the VXLAN device */
	APPLY_BRIDGE, /* MAC -> port in the bridge */
	APPLY_BOTH,   /* the two above by one message */
	APPLY_STICKY, /* the second message for a sticky MAC */
	APPLY_FLOOD,  /* a VTEP of the all-zero MAC */
	APPLY_NEIGH,  /* neighbour on the SVI */
	/* From here on apply_l3.c's. */
	APPLY_HOP_NEIGH, /* neighbour of a HOP, on `key` */
	APPLY_HOP,	 /* nexthop object `key` */
	APPLY_GROUP,	 /* group of such, `key` */
	APPLY_ROUTE,	 /* key: it is unreachable */
};

/* One message of the running batch. */
struct apply_op {
	uint16_t rec;		/* index of its record in the frame */
	enum apply_table table; /* which entry of the record */
	bool del;		/* the message deletes */
	bool local;	/* it replaces a learnt local entry; or an object of ours */
	uint32_t nh_id; /* nexthop that a VXLAN entry names, 0 the address */
	const struct iface_vni
	    *vni;	   /* borrowed for the batch; NULL for those of routing */
	uint32_t key;	   /* see enum apply_table */
	struct ip gateway; /* HOP_NEIGH: the neighbour's address, else none */
};

#define APPLY_RECENT 4096 /* bridge entries written last, by hash */

enum apply_echo {
	APPLY_FOREIGN, /* none of our doing */
	APPLY_OURS,    /* the echo of a write of the running batch */
	APPLY_DOUBT,   /* it touches a key of the running batch: ask the kernel */
};

struct apply_ops {
	/* Read all events that wait; apply_echo_*() is valid meanwhile. */
	void (*drain)(void *arg);
	/* An entry with this key is wanted: it is not stale (reconcile.h). */
	void (*wanted)(void *arg, const struct apply_op *op, const struct zl_want *w);
	/* Whether the MAC's VXLAN entry of an earlier time names an address and not an id, or the
	 * other way round; asked before wanted(). */
	bool (*other_form)(
	    void *arg, const struct iface_vni *v, struct mac mac, bool by_id);
	/* Whether these two have to be called. */
	bool (*has_stale)(void *arg);
};

struct apply {
	struct nl_batch probe;	     /* one question */
	struct nl *nl;		     /* borrowed */
	struct iface *iface;	     /* borrowed */
	struct observe *obs;	     /* borrowed */
	struct vtep_nhs *vteps;	     /* borrowed */
	const struct apply_ops *ops; /* borrowed */
	void *arg;		     /* for ops */
	/* For the kinds of routing; borrowed. */
	struct hops *hops;     /* nexthop objects */
	struct routes *routes; /* others' routes */
	struct vrfs *vrfs;     /* whose tables may be written */
	struct reconcile *rec; /* what the dump found of ours */
	bool unreachable_seen; /* there was an unreachable one beside defaults */
	bool leaks_seen;       /* there was one into another VRF */
	struct nl_batch batch; /* messages to be written */
	struct apply_op map[NL_BATCH_MAX]; /* what each is for */
	struct nl_batch redo;		   /* an entry that could not be replaced */
	const struct iface_vni
	    *last; /* VNI of the last record of this frame, NULL none */
	uint64_t recent[APPLY_RECENT]; /* hashes of bridge, VLAN and MAC; 0 none */
	unsigned hint;		       /* where the last echo matched */
	uint32_t heard;		       /* by the engine, when it made the running frame */
	unsigned nrecs;		       /* records of the running frame */
	struct zl_want recs[ZL_WANT_MAX]; /* those */
	int err[ZL_WANT_MAX];		  /* their results, 0 or errno */
	char text[ZL_WANT_MAX][ZL_TEXT];  /* and the words that go with them */
	uint64_t written, failed;	  /* messages, since the start */
};

void apply_init(struct apply *a, struct nl *nl, struct iface *iface, struct observe *obs,
    struct vtep_nhs *vteps, const struct apply_ops *ops, void *arg);
void apply_fini(struct apply *a);
/* False if the body is malformed; else *seq is its number and a->err and a->text are filled. */
bool apply_frame(struct apply *a, const uint8_t *body, size_t len, uint32_t *seq);

enum apply_echo apply_echo_fdb(struct apply *a, const struct nl_fdb *e);
enum apply_echo apply_echo_neigh(struct apply *a, const struct nl_neigh *e);
enum apply_echo apply_echo_route(struct apply *a, const struct nl_fib *f);

#endif
