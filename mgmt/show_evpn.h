/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn.h: `show evpn`, `show evpn kernel errors`: EVPN as a whole. */
#ifndef EVPND_MGMT_SHOW_EVPN_H
#define EVPND_MGMT_SHOW_EVPN_H

#include "mgmt/show.h"

extern const struct show_table show_evpn_table;

#endif
