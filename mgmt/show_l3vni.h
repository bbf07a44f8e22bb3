/* SPDX-License-Identifier: ISC */
/* mgmt/show_l3vni.h: a layer-3 VNI in the lists and alone, for `show evpn vni` and `show bgp ... vni`.
 *
 * What    What both commands, and `show vrf vni`, say of the VRF behind it.  Text and JSON of
 *         the dialect, and the install state of its routers.
 */
#ifndef EVPND_MGMT_SHOW_L3VNI_H
#define EVPND_MGMT_SHOW_L3VNI_H

#include "evpn/evpn_show_l3.h"
#include "mgmt/show.h"

/* Names of its devices, "" without. */
const char *show_l3vni_vxlan(const struct evpn_show_vrf *v);
const char *show_l3vni_svi(const struct evpn_show_vrf *v);
const char *show_l3vni_state(const struct evpn_show_vrf *v); /* "Up", "Down" */
/* The VNI is one of layer 3: *out is its VRF. */
bool show_l3vni_find(const struct show_ctx *c, uint32_t vni, struct evpn_show_vrf *out);

/* `show evpn vni`: a line, or alone. */
void show_l3vni_line(const struct show_ctx *c, const struct evpn_show_vrf *v);
void show_l3vni_one(const struct show_ctx *c, const struct evpn_show_vrf *v);
/* `show bgp l2vpn evpn vni`: a line (key: its name in JSON), or alone. */
void show_l3vni_bgp_line(
    const struct show_ctx *c, const char *key, const struct evpn_show_vrf *v);
void show_l3vni_bgp_one(const struct show_ctx *c, const struct evpn_show_vrf *v);

/* "*:10" or "65000:10" */
char *show_rt_match(const struct rt_match *m, char buf[RT_STRLEN]);
/* The first route target, and a sign that there are more. */
#define RT_FIRST_STRLEN (RT_STRLEN + 8)
void show_rt_first(char buf[RT_FIRST_STRLEN], const char *rt, size_t n);

extern const struct show_table show_l3vni_table; /* `show bgp vrf V vni` */

#endif
