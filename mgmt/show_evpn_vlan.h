/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_vlan.h: `show evpn access-vlan ...`: which VNI each VLAN of a bridge has. */
#ifndef EVPND_MGMT_SHOW_EVPN_VLAN_H
#define EVPND_MGMT_SHOW_EVPN_VLAN_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_vlan_table;

#endif
