/* SPDX-License-Identifier: ISC */
/* evpn/evi.h: one EVPN instance: a VNI, its identity in BGP, its objects.
 *
 * What    An instance exists for each VNI that the data plane has or the
 *         configuration names.  What it should be follows from three facts alone:
 *         observed state, configuration, router id.  evi_refresh() works that out
 *         again after any of them changed and starts what is needed: an import of
 *         the RIB from its start, an export job, a withdrawal.
 * Order   So no order of events matters: a VNI before its configuration, a router
 *         id after both.
 * Names   The id (16 bits) is also the index of the automatic RD (RFC 4364 4.2,
 *         router-id:index).  It is the VNI itself where that fits and is free, so
 *         it is the same after a restart.
 * Import  Route targets configured, or automatic: `*:VNI`, any AS.
 * Export  Route targets configured, or AS:VNI with the low 16 bits of the AS, or with
 *         the VXLAN bits of RFC 8365 5.1.2.1.
 * L3VNI   A VNI that a VRF routes through (evpn/vrf.h) is kept here for what was observed of
 *         it, but is not active: it imports and exports nothing.
 * Jobs    Long walks over an instance's objects (export again, send again) are done
 *         in slices; evi_jobs_done() says whether any is left.
 * Owns    Its conf copies, not its objects: those belong to mac, neigh and vtep.
 */
#ifndef EVPND_EVPN_EVI_H
#define EVPND_EVPN_EVI_H

#include "bgpd/rib.h"
#include "evpn/evpn_conf.h"
#include "evpn/obj.h"
#include "lib/loop.h"
#include "zebra-lite/zl_proto.h"

/* What the instance says of itself in BGP: in force until all that was said under it is gone. */
struct evi_ident {
	bool on;	 /* routes may be exported */
	struct rd rd;	 /* route distinguisher */
	struct ip vtep;	 /* next hop, tunnel id, originator of the type 3 */
	bool imet;	 /* the type 3 is in the RIB */
	uint32_t plain;	 /* attribute set of an ordinary type 2, ref; 0 none */
	uint32_t routed; /* the same with what its VRF adds, ref; 0 none */
};

/* In the order in which they are done. */
enum {
	EVI_JOB_WITHDRAW =
	    1, /* every local route goes, then the wanted identity is taken */
	EVI_JOB_FORGET = 2, /* local claims of an older generation end */
	EVI_JOB_EXPORT = 4, /* every local route is brought in line */
	EVI_JOB_RESEND = 8, /* every object is sent again */
};

struct evi {
	uint16_t id;	   /* slot and RD index */
	uint32_t vni;	   /* key */
	struct zl_vni obs; /* as last observed */
	bool observed;	   /* the data plane has it */
	bool seen;	   /* said again since the last ZL_OBSERVED_BEGIN */
	bool dp_up;	   /* the data plane takes objects for it */
	const struct vni_conf
	    *conf;	       /* borrowed from the configuration in force; NULL none */
	struct vrf *vrf;       /* that its SVI is in, if known; borrowed */
	struct evi *vrf_next;  /* another instance of that VRF */
	struct vrf *l3vrf;     /* whose L3VNI it is, so no instance; borrowed */
	bool active;	       /* chosen by configuration */
	bool importing;	       /* its matches are in the index */
	bool up;	       /* all is there: routes are exported */
	char why[ZL_TEXT];     /* when not up, why; else "" */
	struct mono since;     /* when `up` changed last */
	struct rd rd;	       /* wanted */
	bool advertise_svi_ip; /* wanted */
	bool advertise_default_gw; /* wanted */
	bool flood;		   /* wanted: type 3 and ingress replication */
	struct rt_match *imports;  /* owned: in force */
	size_t nimports;	   /* of imports */
	struct ecom *exports;	   /* owned: in force */
	size_t nexports;	   /* of exports */
	struct evi_ident ident;	   /* as exported */
	struct obj_list objs[4];   /* by enum zl_kind */
	uint32_t nlocal_macs;	   /* MACs whose local port wins */
	uint8_t local_gen;	   /* of local claims: turns when the VNI goes down */
	uint8_t jobs;		   /* EVI_JOB_* left to do */
	bool job_running;	   /* `walk` stands in a list */
	enum zl_kind job_kind;	   /* list that the running job walks */
	struct obj_walk walk;	   /* of the running job */
	struct evi *job_next;	   /* queue of instances with jobs */
	bool job_queued;	   /* in it */
	uint32_t mark;		   /* scratch of import.c */
};

struct evi_table {
	struct evi **slots;		 /* owned: by id; 0 and holes are NULL */
	struct evi **order;		 /* owned: by VNI, ascending */
	size_t n;			 /* instances */
	size_t cap;			 /* room in `order` */
	struct evi *last;		 /* found last, a cache */
	struct evi *job_head, *job_tail; /* instances with jobs */
	struct loop_work work;		 /* runs them */
};

void evi_table_init(struct evpn *e);
void evi_table_fini(struct evpn *e);

struct evi *evi_find(struct evpn *e, uint32_t vni); /* NULL if none */
struct evi *evi_after(
    struct evpn *e, uint32_t vni); /* the lowest VNI above this one, or NULL */
struct evi *evi_get(
    struct evpn *e, uint32_t vni); /* made when missing; NULL: 65535 exist */
static inline bool
evi_usable_vni(uint32_t vni)
{
	return vni > 0 && vni < 1u << 24;
}

void evi_observe(struct evpn *e, const struct zl_vni *v);
/* The VNI has no device any more (or was not said again). */
void evi_unobserve(struct evpn *e, struct evi *evi);
void evi_refresh(struct evpn *e, struct evi *evi);
/* After a new configuration or router id. */
void evi_refresh_all(struct evpn *e);
/* Frees it if nothing refers to it any more. */
void evi_release(struct evpn *e, struct evi *evi);

void evi_job(struct evpn *e, struct evi *evi, unsigned jobs);
bool evi_jobs_done(const struct evpn *e);

/* The automatic route target that is exported (RFC 8365 5.1.2.1; AS:VNI). */
struct ecom evpn_auto_rt(const struct evpn_conf *c, uint32_t local);

#endif
