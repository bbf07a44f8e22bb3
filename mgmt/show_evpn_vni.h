/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_vni.h: `show evpn vni ...`: VNIs and the devices they are made of. */
#ifndef EVPND_MGMT_SHOW_EVPN_VNI_H
#define EVPND_MGMT_SHOW_EVPN_VNI_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_vni_table;

#endif
