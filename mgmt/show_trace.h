/* SPDX-License-Identifier: ISC */
/* mgmt/show_trace.h: `show evpn trace`: the whole chain of one host or address.
 *
 * What    Of a host in a VNI: instance, MAC, address, the routes that say so, by
 *         which route target each came in, and the install state at every step.
 *         Of an address in a VRF: the prefix that has it, BGP's ways there, which of
 *         them carry traffic and why others do not, their next hops.
 */
#ifndef EVPND_MGMT_SHOW_TRACE_H
#define EVPND_MGMT_SHOW_TRACE_H

#include "mgmt/show.h"

extern const struct show_table show_trace_table;
extern const struct show_table show_trace_l3_table;

#endif
