/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_vni.h: `show bgp l2vpn evpn vni ...`, `import-rt`: what BGP says of VNIs. */
#ifndef EVPND_MGMT_SHOW_BGP_VNI_H
#define EVPND_MGMT_SHOW_BGP_VNI_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_vni_table;

#endif
