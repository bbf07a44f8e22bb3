/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_stats.h: `show bgp l2vpn evpn statistics`, `update-groups`. */
#ifndef EVPND_MGMT_SHOW_BGP_STATS_H
#define EVPND_MGMT_SHOW_BGP_STATS_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_stats_table;

#endif
