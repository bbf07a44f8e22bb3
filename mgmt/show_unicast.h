/* SPDX-License-Identifier: ISC */
/* mgmt/show_unicast.h: `show bgp ipv4|ipv6 unicast`, `show ip|ipv6 route`. */
#ifndef EVPND_MGMT_SHOW_UNICAST_H
#define EVPND_MGMT_SHOW_UNICAST_H

#include "mgmt/show.h"

extern const struct show_table show_unicast_table;

#endif
