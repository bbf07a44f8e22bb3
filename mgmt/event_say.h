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

struct ds_user;
struct evpn_news;
struct peer;

/* A session went up or down. */
void event_say_session(const struct engine *eng, const struct peer *p);
/* evpn/news.h: arg is the engine. */
void event_say_evpn(void *arg, const struct evpn_news *n);
/* A commit was applied; by NULL: unknown, comment NULL: none. */
void event_say_commit(const struct engine *eng, uint64_t number, const struct ds_user *by,
    const char *comment);

#endif
