/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_vrf.h: `show bgp vrf V ...`: BGP's routes of a VRF. */
#ifndef EVPND_MGMT_SHOW_BGP_VRF_H
#define EVPND_MGMT_SHOW_BGP_VRF_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_vrf_table;

#endif
