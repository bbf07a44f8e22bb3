/* SPDX-License-Identifier: ISC */
/* evpn/vrf_priv.h: what the files of VRFs share.
 *
 * What    vrf_table.c keeps them, vrf.c works out what is in force, vrf_job.c walks.
 */
#ifndef EVPND_EVPN_VRF_PRIV_H
#define EVPND_EVPN_VRF_PRIV_H

#include "evpn/vrf.h"

/* vrf_table.c: the VRF of this name, made if need be; NULL for no name, or if there are too many. */
struct vrf *vrf_get(struct evpn *e, const char *name);
void vrf_free(struct evpn *e, struct vrf *v);
/* Into the list of the VRF's instances, out of another one's; v may be NULL. */
void vrf_put_evi(struct evi *evi, struct vrf *v);

/* vrf.c: lets go of the L3VNI's instance, and of the routes that are imported. */
void vrf_unlink_evi(struct evpn *e, struct vrf *v);
void vrf_stop_importing(struct evpn *e, struct vrf *v);

#endif
