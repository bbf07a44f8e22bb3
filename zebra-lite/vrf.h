/* SPDX-License-Identifier: ISC */
/* zebra-lite/vrf.h: VRF devices, and which tables are theirs.
 *
 * What    Follows links of kind `vrf`; what is new is said (ZL_VRF).  Which VNI is in which
 *         VRF is zl_vni.vrf (iface.h).
 * Rename  Is the end of one VRF and the beginning of another.
 * Owns    One record a device, kept until its end was said.
 */
#ifndef EVPND_ZEBRA_LITE_VRF_H
#define EVPND_ZEBRA_LITE_VRF_H

#include "lib/hidx.h"
#include "lib/slab.h"
#include "zebra-lite/nl_link.h"
#include "zebra-lite/zl_proto.h"

struct vrf {
	struct zl_vrf z; /* current value; op ZL_DEL: gone, to be said */
	bool said;	 /* the engine knows it */
	bool due;	 /* it is to be said */
};

struct vrfs {
	struct slab slab;     /* of struct vrf */
	struct hidx by_table; /* those that are there */
	uint32_t ndue;	      /* records that are due */
	uint32_t at;	      /* handle where the search for them goes on */
	bool muted;	      /* no engine: nothing becomes due */
	/* A table became a VRF's, or is one no more; NULL: nobody cares. */
	void (*on_table)(void *arg, uint32_t table);
	void *arg; /* for it */
};

void vrfs_init(struct vrfs *v, void (*on_table)(void *arg, uint32_t table), void *arg);
void vrfs_fini(struct vrfs *v);
/* A link was `old` (NULL: new) and is `now` (NULL: gone). */
void vrfs_link(struct vrfs *v, const struct nl_link *old, const struct nl_link *now);
bool vrfs_has_table(const struct vrfs *v, uint32_t table);
bool vrfs_has_ifindex(const struct vrfs *v, uint32_t ifindex);
/* To a new engine, or to none any more. */
void vrfs_say_all(struct vrfs *v);
void vrfs_mute(struct vrfs *v);
/* The next one to be said; false if there is none. */
bool vrfs_next(struct vrfs *v, struct zl_vrf *out);

#endif
