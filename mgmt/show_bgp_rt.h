/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_rt.h: `show bgp l2vpn evpn import-rt`, `vrf-import-rt`: who imports a route target. */
#ifndef EVPND_MGMT_SHOW_BGP_RT_H
#define EVPND_MGMT_SHOW_BGP_RT_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_rt_table;

#endif
