/* SPDX-License-Identifier: ISC */
/* mgmt/show_events.h: `show evpn events` and `monitor events`: what happens, as lines.
 *
 * What    The first shows the events that are kept; the second goes on with each one that
 *         comes, until it is interrupted.  In JSON each event of `monitor` is a
 *         value on a line of its own.
 */
#ifndef EVPND_MGMT_SHOW_EVENTS_H
#define EVPND_MGMT_SHOW_EVENTS_H

#include "mgmt/show.h"

extern const struct show_table show_events_table;

#endif
