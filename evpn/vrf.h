/* SPDX-License-Identifier: ISC */
/* evpn/vrf.h: one IP-VRF: a tenant's routing table and its part in the fabric.
 *
 * What    A VRF exists for each VRF device of the data plane and for each one that the
 *         configuration names.  What it should be follows from its configuration, its
 *         device, the L3VNI's device (an EVI that is no instance of layer 2) and the
 *         router id; vrf_refresh() works that out again after any of them changed and
 *         starts what is needed, so that no order of events matters.
 * Names   A slot of its own (16 bits).  The index of the automatic RD (router-id:index,
 *         RFC 4364 4.2) is that of the L3VNI's EVI, which exports nothing itself.
 * L3VNI   In force until nothing that names it is left in the data plane; only then
 *         another one is taken.
 * Router MAC  That of the L3VNI's SVI (RFC 9135 4.1, RFC 9136 4.4.1).
 * Targets Automatic: import `*:L3VNI`, export AS:L3VNI, as said by auto_import and
 *         auto_export of the configuration.
 * Type 2  An EVI whose SVI is in the VRF says MAC+IP routes with the L3VNI as second
 *         label; it is exported again when the VRF's identity changes.
 * Jobs    Long walks over a VRF's objects are done in slices.
 * Owns    Its copies of configuration; not its objects, which belong to router, hop, l3.
 * Cost    About 900 bytes; a refresh is O(its EVIs) when what type 2 routes say changes.
 */
#ifndef EVPND_EVPN_VRF_H
#define EVPND_EVPN_VRF_H

#include "evpn/evpn_conf.h"
#include "evpn/l3.h"
#include "evpn/obj.h"
#include "lib/loop.h"
#include "zebra-lite/zl_proto.h"

struct evi;

/* What the VRF says of itself in BGP, until all that was said under it is gone. */
struct vrf_ident {
	bool on;	   /* routes may be exported */
	struct rd rd;	   /* route distinguisher */
	struct ip vtep;	   /* next hop */
	struct mac rmac;   /* router MAC */
	uint32_t l3vni;	   /* label */
	uint32_t attrs[3]; /* attribute sets of type 5 by origin, refs; 0 none */
};

/* In the order in which they are done. */
enum {
	VRF_JOB_WITHDRAW = 1, /* every type 5 goes, then the wanted identity is taken */
	VRF_JOB_EXPORT = 2,   /* every type 5 is brought in line */
	VRF_JOB_EVAL = 4,     /* every candidate is read again, then as DECIDE */
	VRF_JOB_DECIDE = 8,   /* every prefix chooses its ways again */
	VRF_JOB_REHOP = 16,   /* what leads over a hop that was away is sent again */
	VRF_JOB_RESEND = 32,  /* every object is sent again */
	VRF_JOB_LEAK = 64,    /* every prefix goes to those that import it, if any */
};

/* An aggregate of the configuration in force. */
struct vrf_agg {
	struct aggregate_conf conf; /* what it is */
	uint32_t inside;	    /* prefixes inside that could be said */
};

struct vrf {
	uint16_t id;		     /* slot */
	char name[ZL_IFNAME];	     /* key */
	const struct vrf_conf *conf; /* borrowed from the one in force; NULL none */
	struct zl_vrf obs;	     /* as last observed */
	bool observed;		     /* there is such a device */
	bool seen;		     /* epoch in which it was said last */
	uint32_t l3vni;		     /* in force, 0 none */
	struct evi *evi;	     /* of the L3VNI; borrowed, NULL without one */
	bool dp_up;	   /* the data plane takes router MACs, hops and groups */
	bool importing;	   /* its matches are in the index */
	bool up;	   /* all is there: routes are exported */
	bool last_resort;  /* unreachable default routes are wanted */
	bool foreign;	   /* some route of it asks for another VNI than its L3VNI */
	bool svd;	   /* the L3VNI's device can tunnel to any VNI */
	bool lite;	   /* type 2 routes say nothing of it (prefix-routes-only) */
	char why[ZL_TEXT]; /* when not up, why; else "" */
	struct mono since; /* when `up` changed last */
	struct rd rd;	   /* wanted */
	struct ip vtep;	   /* wanted: address of the L3VNI's device */
	struct mac rmac;   /* wanted */
	struct rt_match *imports; /* owned: in force */
	size_t nimports;
	struct ecom *exports; /* owned: in force */
	size_t nexports;
	struct vrf_agg *aggs; /* owned: aggregates of both families */
	size_t naggs;
	bool pinned;		/* has prefixes that the configuration names */
	struct evi *evis;	/* whose SVI is in it: list by evi.vrf_next; borrowed */
	struct vrf_ident ident; /* as exported */
	struct obj_list objs[OBJ_KINDS - ZL_KIND_HOP]; /* by kind */
	uint8_t jobs;				       /* VRF_JOB_* left to do */
	uint8_t job_step;     /* which list the running job walks */
	bool job_running;     /* `walk` stands in a list */
	bool job_queued;      /* in the queue of VRFs with jobs */
	struct obj_walk walk; /* of the running job */
	struct vrf *job_next; /* that queue */
	uint32_t rehop_now,
	    rehop_done;		   /* hop_table.clock at the start of REHOP: this, last */
	uint32_t refused[L3_WHYS]; /* routes of BGP that lead nowhere, by reason */
	uint32_t mark;		   /* scratch of import.c */
};

struct vrf_table {
	struct vrf **slots;		 /* owned: by id; 0 and holes are NULL */
	size_t nslots;			 /* room in it */
	struct vrf **order;		 /* owned: by name */
	size_t n;			 /* VRFs */
	size_t cap;			 /* room in `order` */
	struct vrf *last;		 /* found last by table, a cache */
	struct vrf *job_head, *job_tail; /* VRFs with jobs */
	struct loop_work work;		 /* runs them */
};

void vrf_table_init(struct evpn *e);
void vrf_table_fini(struct evpn *e);

struct vrf *vrf_find(const struct evpn *e, const char *name);  /* NULL if none */
struct vrf *vrf_after(const struct evpn *e, const char *name); /* next by name, or NULL */
struct vrf *vrf_by_table(struct evpn *e, uint32_t table); /* observed one, NULL if none */

/* The data plane's say. */
void vrf_observe(struct evpn *e, const struct zl_vrf *v);
void vrf_unobserve(struct evpn *e, struct vrf *v);

void vrf_refresh(struct evpn *e, struct vrf *v);
void vrf_refresh_all(struct evpn *e); /* after a new configuration or router id */
/* The EVI's device, address or SVI has changed: of an L3VNI, or of an instance whose SVI is in a VRF. */
void vrf_evi_changed(struct evpn *e, struct evi *evi);
void vrf_evi_over(struct evi *evi); /* the instance is freed */
/* The VRF of which MAC+IP routes of the instance speak; NULL if none. */
const struct vrf *vrf_of_hosts(const struct evi *evi);

void vrf_job(struct evpn *e, struct vrf *v, unsigned jobs);
/* The same for the VRF and all whose ways go through others' L3VNIs. */
void vrf_job_users(struct evpn *e, struct vrf *v, unsigned jobs);
bool vrf_jobs_done(const struct evpn *e);
/* No job is left: an L3VNI may be changed, or the VRF may be over. */
void vrf_settle(struct evpn *e, struct vrf *v);

static inline struct obj_list *
vrf_list(struct vrf *v, unsigned kind)
{
	return &v->objs[kind - ZL_KIND_HOP];
}

#endif
