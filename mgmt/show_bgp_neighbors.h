/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_neighbors.h: `show bgp neighbors`: all that is known of a neighbour. */
#ifndef EVPND_MGMT_SHOW_BGP_NEIGHBORS_H
#define EVPND_MGMT_SHOW_BGP_NEIGHBORS_H

#include "mgmt/show.h"

extern const struct show_table show_bgp_neighbors_table;

#endif
