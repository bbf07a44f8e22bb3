/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_mac.h: `show evpn mac ...`: where each MAC of a VNI is. */
#ifndef EVPND_MGMT_SHOW_EVPN_MAC_H
#define EVPND_MGMT_SHOW_EVPN_MAC_H

#include "evpn/evpn_show.h"
#include "mgmt/show.h"

/* One MAC in the long form; JSON: members of an object that the caller opened. */
void show_evpn_mac_text(
    const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m);
void show_evpn_mac_json(
    const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m);

extern const struct show_table show_evpn_mac_table;

#endif
