/* SPDX-License-Identifier: ISC */
/* mgmt/show_ip_route.h: `show ip route vrf ...`, `show ipv6 route vrf ...`: the prefixes of a VRF. */
#ifndef EVPND_MGMT_SHOW_IP_ROUTE_H
#define EVPND_MGMT_SHOW_IP_ROUTE_H

#include "mgmt/show.h"

extern const struct show_table show_ip_route_table;

#endif
