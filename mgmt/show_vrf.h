/* SPDX-License-Identifier: ISC */
/* mgmt/show_vrf.h: `show vrf ...`: VRFs, their layer-3 VNIs and router MACs. */
#ifndef EVPND_MGMT_SHOW_VRF_H
#define EVPND_MGMT_SHOW_VRF_H

#include "mgmt/show.h"

extern const struct show_table show_vrf_table;

#endif
