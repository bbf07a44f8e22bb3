/* SPDX-License-Identifier: ISC */
/* mgmt/event_say.h: what the parts of the engine tell, as events.
 *
 * What    One function for each thing that happens; it writes the leaves that the
 *         notification has in yang/evpnd-state.yang.  mgmt/main.c hangs them into the
 *         callbacks of bgpd and evpn, which know neither this file nor YANG.
 */
#ifndef EVPND_MGMT_EVENT_SAY_H
#define EVPND_MGMT_EVENT_SAY_H

#include "mgmt/engine.h"

struct peer;

/* A session went up or down. */
void event_say_session(const struct engine *eng, const struct peer *p);

#endif
