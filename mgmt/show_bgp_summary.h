/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_summary.h: `show bgp [l2vpn evpn] summary`: one line a neighbour. */
#ifndef EVPND_MGMT_SHOW_BGP_SUMMARY_H
#define EVPND_MGMT_SHOW_BGP_SUMMARY_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_summary_table;

#endif
