/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_nexthop.h: `show bgp nexthop`. */
#ifndef EVPND_MGMT_SHOW_BGP_NEXTHOP_H
#define EVPND_MGMT_SHOW_BGP_NEXTHOP_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_nexthop_table;

#endif
