/* SPDX-License-Identifier: ISC */
/* mgmt/show_trace.h: `show evpn trace`: the whole chain of one host.
 *
 * What    From where it was learnt to what the kernel has: instance, MAC, address,
 *         the routes that say so, by which route target each came in, and the
 *         install state at every step.
 */
#ifndef EVPND_MGMT_SHOW_TRACE_H
#define EVPND_MGMT_SHOW_TRACE_H

#include "mgmt/show.h"

extern const struct show_table show_trace_table;

#endif
