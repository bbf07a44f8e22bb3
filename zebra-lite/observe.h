/* SPDX-License-Identifier: ISC */
/* zebra-lite/observe.h: the kernel's entries that are not ours.
 *
 * What    An index of what others put into the tables that we share: MACs in
 *         bridges (learnt, static, the machine's own), neighbours on SVIs, static
 *         entries and flood destinations on VXLAN devices.  Local MACs and
 *         neighbours of VNIs that are up are said to the engine from here.
 * Why     One index serves four purposes: a VNI that comes up says its MACs
 *         without another dump of the bridge; changes collapse per object while
 *         the channel is full, so memory is bounded by the kernel's own tables;
 *         repeated events of the kernel are not passed on; and apply.c sees at
 *         the price of a lookup that a write would hit somebody else's entry.
 * Domains Objects belong to a domain: (bridge, VLAN), VXLAN table (device, VNI),
 *         or interface.  A domain may be bound to a VNI that is up; its objects are
 *         said then, and again whenever it is bound anew.  Unbinding says nothing:
 *         a VNI that is not up has no local objects (zl_proto.h).
 * States  of an object: in the kernel and/or the SVI's own -> said or not -> gone
 *         (kept until the engine was told, if it had been said).
 * Frames  Each object remembers in which frame it was said last, so that apply.c can tell a write
 *         that was decided without knowing of it (zl_proto.h, Heard).
 * Owns    All objects (slabs).  Ours are not here: the kernel is their only copy.
 * Cost    40 bytes a MAC and 52 a neighbour, plus 8 to 20 of index.
 */
#ifndef EVPND_ZEBRA_LITE_OBSERVE_H
#define EVPND_ZEBRA_LITE_OBSERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/hidx.h"
#include "lib/slab.h"

#define OBS_NO_VNI UINT32_MAX

enum obs_kind {
	OBS_BRIDGE, /* MACs of (bridge, VLAN) */
	OBS_VXLAN,  /* others' static MACs of (VXLAN device, source VNI), never said */
	OBS_SVI,    /* neighbours of an interface */
	OBS_FLOOD, /* others' flood destinations of (VXLAN device, source VNI), never said */
	OBS_STICKY, /* our sticky MACs of (bridge, VLAN), never said: the kernel cannot
		     * be told to forget that mark, so apply.c must know (few) */
	OBS_KINDS,
};

enum {
	OBS_F_KERNEL = 1,    /* is in the kernel's table */
	OBS_F_SVI = 2,	     /* the SVI's own MAC or address */
	OBS_F_FIXED = 4,     /* static: not to be replaced by us */
	OBS_F_OWN = 8,	     /* the machine's own (NUD_PERMANENT in a bridge): not said */
	OBS_F_REMOTE = 16,   /* on a VXLAN port: not said */
	OBS_F_STICKY = 32,   /* NTF_STICKY */
	OBS_F_ROUTER = 64,   /* NTF_ROUTER */
	OBS_F_STALE = 128,   /* neighbour not confirmed lately */
	OBS_F_GATEWAY = 256, /* with SVI: of a macvlan above it */
};

struct obs_dom {
	enum obs_kind kind; /* key, with the next two */
	uint32_t ifindex;   /* bridge, device or interface */
	uint32_t tag;	    /* VLAN or VNI */
	uint32_t vni;	    /* bound to, OBS_NO_VNI */
	uint32_t first;	    /* objects, a list */
	uint32_t count;	    /* objects on it */
};

/* What MACs and neighbours have in common; first member of both. */
struct obs_obj {
	uint32_t dom;	       /* its domain */
	uint32_t prev, next;   /* list of the domain */
	uint32_t qprev, qnext; /* queue of those to be said */
	uint32_t frame;	       /* in which it was said last */
	uint16_t flags;	       /* OBS_F_*; neither KERNEL nor SVI: gone */
	bool said : 1;	       /* the engine knows it */
	bool queued : 1;       /* in the queue */
	bool seen : 1;	       /* in the running dump */
};

struct obs_mac {
	struct obs_obj o; /* must be first */
	uint32_t port;	  /* ifindex */
	struct mac mac;	  /* key within the domain */
};

struct obs_neigh {
	struct obs_obj o; /* must be first */
	struct ip ip;	  /* key within the domain */
	struct mac mac;	  /* where it is */
};

/* One of the two classes of objects. */
struct obs_table {
	struct slab slab;	  /* obs_mac or obs_neigh */
	struct hidx index;	  /* by domain and key */
	uint32_t q_first, q_last; /* to be said, in order of change */
};

struct observe {
	struct slab doms;	 /* of struct obs_dom */
	struct hidx dom_index;	 /* by key */
	struct obs_table macs;	 /* OBS_BRIDGE and OBS_VXLAN */
	struct obs_table neighs; /* OBS_SVI and OBS_FLOOD */
	uint32_t frames;	 /* said to this engine */
	bool muted;		 /* no engine: nothing is queued */
	void (*wake)(void *arg); /* something is to be said */
	void *arg;		 /* for wake */
};

void observe_init(struct observe *o, void (*wake)(void *arg), void *arg);
void observe_fini(struct observe *o);

/* The domain's handle, made if there is none (or, find, 0).  A domain without objects that is
 * not bound goes away: do not keep handles of such. */
uint32_t observe_dom_find(
    const struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag);
uint32_t observe_dom(
    struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag);
/* The VNI that it is bound to, OBS_NO_VNI if none. */
uint32_t observe_dom_vni(
    const struct observe *o, enum obs_kind kind, uint32_t ifindex, uint32_t tag);
static inline const struct obs_dom *
observe_dom_ptr(const struct observe *o, uint32_t h)
{
	return slab_ptr(&o->doms, h);
}
/* Binding queues all its objects; unbinding (OBS_NO_VNI) forgets that they were said, and
 * the handle is dead then.  dom may be 0. */
void observe_bind(struct observe *o, uint32_t dom, uint32_t vni);

/* In all of these dom may be 0 (there is no such domain) where nothing is made.
 * An object is in the kernel: flags are OBS_F_* without KERNEL, SVI and
 * GATEWAY. */
void observe_mac_set(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t port, uint16_t flags);
void observe_mac_gone(struct observe *o, uint32_t dom, struct mac mac);
void observe_neigh_set(
    struct observe *o, uint32_t dom, struct ip ip, struct mac mac, uint16_t flags);
void observe_neigh_gone(struct observe *o, uint32_t dom, struct ip ip);
/* The SVI's own: they exist beside what the kernel's tables say of them. */
void observe_svi_mac(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t ifindex, bool is);
/* gateway: of a macvlan above it. */
void observe_svi_ip(
    struct observe *o, uint32_t dom, struct ip ip, struct mac mac, bool gateway, bool is);
void observe_gateway_mac(
    struct observe *o, uint32_t dom, struct mac mac, uint32_t ifindex, bool is);

/* NULL if there is none in the kernel. */
const struct obs_mac *observe_mac_find(
    const struct observe *o, uint32_t dom, struct mac mac);
const struct obs_neigh *observe_neigh_find(
    const struct observe *o, uint32_t dom, struct ip ip);

/* Around a dump of the tables: kernel objects not said in between are gone. */
void observe_dump_begin(struct observe *o);
void observe_dump_end(struct observe *o);
/* A new engine knows nothing: queue all that can be said. */
void observe_say_all(struct observe *o);
/* What was taken since the last call is in a frame that has left. */
void observe_frame_said(struct observe *o);
/* An engine that has heard so many frames does not know what the object is now. */
bool observe_unheard(const struct observe *o, const struct obs_obj *x, uint32_t heard);
/* The engine is gone: until observe_say_all() nothing is queued, and frames are counted anew. */
void observe_mute(struct observe *o);

/* The next object to be said, with the VNI; false if there is none.  del: it is gone.  The
 * object is valid until the next call. */
bool observe_next_mac(struct observe *o, struct obs_mac *out, uint32_t *vni, bool *del);
bool observe_next_neigh(
    struct observe *o, struct obs_neigh *out, uint32_t *vni, bool *del);

#endif
