/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_mac.h: `show evpn mac ...`: where each MAC of a VNI is. */
#ifndef EVPND_MGMT_SHOW_EVPN_MAC_H
#define EVPND_MGMT_SHOW_EVPN_MAC_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_mac_table;

#endif
