/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_route_vni.h: `show bgp l2vpn evpn route vni ...`: the routes of a VNI. */
#ifndef EVPND_MGMT_SHOW_BGP_ROUTE_VNI_H
#define EVPND_MGMT_SHOW_BGP_ROUTE_VNI_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_route_vni_table;

#endif
