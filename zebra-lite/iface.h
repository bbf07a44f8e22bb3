/* SPDX-License-Identifier: ISC */
/* zebra-lite/iface.h: interfaces, and which VNI is where.
 *
 * What    Keeps what the kernel says about links, bridge VLANs, VNI filters and
 *         addresses, and derives from it, for each VNI, its VXLAN device, bridge,
 *         VLAN, SVI and VRF (struct zl_vni), or the reason why it is down.
 * How     iface_resolve() computes all VNIs from all links and compares with the
 *         last result.  The order of events cannot matter: there is no state but
 *         the links'.  Callers resolve once after a batch of events.
 * Models  One VXLAN device a VNI on a plain bridge (the bridge is the SVI); one a
 *         VNI on a VLAN-aware bridge (VLAN = the port's PVID); one `external` device
 *         for many VNIs (VLAN tunnel mapping; with a VNI filter, the VNI must be in
 *         it).  On a VLAN-aware bridge the SVI is the VLAN device on top, or the
 *         bridge itself where the VLAN is its PVID.
 * Doubt   Two devices for one VNI, or two VNIs in one bridge and VLAN: the device
 *         with the lower ifindex has it; a second VNI is down and says why.
 * Owns    struct iface_link and struct iface_vni (slabs).  Pointers that it gives
 *         are valid until the next event.
 * Cost    iface_resolve() is O(links + VNIs); lookups O(1).
 */
#ifndef EVPND_ZEBRA_LITE_IFACE_H
#define EVPND_ZEBRA_LITE_IFACE_H

#include "lib/hidx.h"
#include "lib/slab.h"
#include "zebra-lite/nl_link.h"
#include "zebra-lite/zl_proto.h"

struct iface_vlan {
	uint16_t vid;  /* VLAN */
	bool pvid;     /* untagged frames belong to it */
	bool untagged; /* its frames leave untagged */
	bool blocked;  /* by spanning tree */
	uint32_t vni;  /* tunnel mapping of an external VXLAN port, 0 none */
};

struct iface_range {
	uint32_t vni, last; /* VNIs, both included */
};

struct iface_addr {
	struct prefix addr; /* host bits kept */
	bool ours;	    /* evpnd put it there */
	bool seen;	    /* in the running dump */
};

struct iface_link {
	struct nl_link l;	  /* as last said */
	struct iface_vlan *vlans; /* owned, sorted by VLAN; of bridges and their ports */
	uint32_t nvlans;	  /* in vlans */
	struct iface_range *vnis; /* owned, the VNI filter, sorted and disjoint */
	uint32_t nvnis;		  /* in vnis */
	struct iface_addr *addrs; /* owned */
	uint32_t naddrs;	  /* in addrs */
	bool seen;		  /* in the running dump */
};

struct iface_vni {
	struct zl_vni z; /* current value */
	uint32_t self;	 /* its handle */
	uint32_t
	    src_vni; /* to put into VXLAN entries: the VNI on an external device, else 0 */
	uint32_t dirty_next; /* list of those that are to be said */
	bool dirty;	     /* on it */
	bool fell;  /* was not up, or moved, since it was last said: say that first */
	bool fresh; /* found by the running iface_resolve() */
	struct zl_vni next; /* value that the running iface_resolve() found */
	uint32_t doms[8];   /* its domains, by enum obs_kind, while it is up; else 0 */
};

struct iface_ops {
	/* A VNI was up, and goes down or elsewhere: it gives up its place (v->z is the old
	 * value).  Called for all such before on_vni is called for any. */
	void (*on_leave)(void *arg, struct iface_vni *v);
	/* A VNI has another value than `old` (new ones were ZL_VNI_GONE). */
	void (*on_vni)(void *arg, struct iface_vni *v, const struct zl_vni *old);
	/* A link was `old` (NULL: new) and is `now` (NULL: gone; then `old` is still found).
	 * NULL: nobody cares. */
	void (*on_link)(void *arg, const struct nl_link *old, const struct nl_link *now);
	/* An address came, went, or its link got another MAC. */
	void (*on_addr)(
	    void *arg, const struct iface_link *l, struct prefix addr, bool del);
};

/* What a (bridge, VLAN) pair carries, and who is on top of it; made by iface_resolve(). */
struct iface_seg {
	uint32_t bridge;   /* ifindex */
	uint16_t vid;	   /* 0 on a plain bridge */
	uint32_t vni_h;	   /* VNI that has it, 0 none */
	uint32_t vlan_dev; /* ifindex of the VLAN device on top, 0 none */
};

struct iface {
	struct slab links;		  /* of struct iface_link */
	struct hidx by_ifindex;		  /* links */
	struct slab vnis;		  /* of struct iface_vni */
	struct hidx by_vni;		  /* VNIs */
	struct slab segs;		  /* of struct iface_seg, while resolving */
	struct hidx by_seg;		  /* those */
	uint32_t dirty_first, dirty_last; /* VNIs to be said, in order of change */
	bool changed;			  /* resolve has work */
	bool muted;			  /* no engine: nothing becomes dirty */
	const struct iface_ops *ops;	  /* borrowed */
	void *arg;			  /* for ops */
};

void iface_init(struct iface *f, const struct iface_ops *ops, void *arg);
void iface_fini(struct iface *f);

/* What the kernel said.  The callback functions fit the parsers of nl_link.h. */
void iface_link_event(struct iface *f, const struct nl_link *l);
void iface_vlan_event(void *f, const struct nl_vlan *v);
void iface_vnirange_event(void *f, const struct nl_vnirange *r);
void iface_addr_event(struct iface *f, const struct nl_ifaddr *a);
/* Around a dump of everything: what was not said in between is gone. */
void iface_dump_begin(struct iface *f);
void iface_dump_end(struct iface *f);

/* Derives the VNIs; calls on_vni for each change. */
void iface_resolve(struct iface *f);

const struct iface_link *iface_find(const struct iface *f, uint32_t ifindex);
const char *iface_name(const struct iface *f, uint32_t ifindex); /* "" if unknown */
bool iface_is_vxlan(const struct iface *f, uint32_t ifindex);
/* A device that may be an SVI: a bridge, or a VLAN device on one. */
bool iface_may_be_svi(const struct iface *f, uint32_t ifindex);
/* Whether the entries of a VNI belong elsewhere after this change. */
bool iface_vni_moved(const struct zl_vni *a, const struct zl_vni *b);
struct iface_vni *iface_find_vni(const struct iface *f, uint32_t vni);
/* Whether the device's VNI filter has the VNI. */
bool iface_in_filter(const struct iface_link *k, uint32_t vni);
static inline struct iface_link *
iface_link_ptr(const struct iface *f, uint32_t h)
{
	return slab_ptr(&f->links, h);
}
static inline struct iface_vni *
iface_vni_ptr(const struct iface *f, uint32_t h)
{
	return slab_ptr(&f->vnis, h);
}

/* VNIs to be said: all of them, to a new engine; none any more, when it is gone. */
void iface_say_all(struct iface *f);
void iface_mute(struct iface *f);
/* The next one, taken off the list; NULL if none.  One that is gone is the caller's to
 * release with iface_vni_release() after it was said. */
struct iface_vni *iface_dirty_take(struct iface *f);
void iface_vni_release(struct iface *f, struct iface_vni *v);

#endif
