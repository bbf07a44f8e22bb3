/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_evpn.h: `show bgp l2vpn evpn ...`: the EVPN table and parts of it. */
#ifndef EVPND_MGMT_SHOW_BGP_EVPN_H
#define EVPND_MGMT_SHOW_BGP_EVPN_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_evpn_table;

#endif
