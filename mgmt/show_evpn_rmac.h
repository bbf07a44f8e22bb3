/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_rmac.h: `show evpn rmac ...`, `show evpn next-hops ...`: the routers of the fabric. */
#ifndef EVPND_MGMT_SHOW_EVPN_RMAC_H
#define EVPND_MGMT_SHOW_EVPN_RMAC_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_rmac_table;

#endif
