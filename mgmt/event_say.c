/* SPDX-License-Identifier: ISC */
/* Leaves of each notification. */
#include "config.h"

#include "mgmt/event_say.h"

#include "bgpd/peer.h"
#include "mgmt/event.h"

void
event_say_session(const struct engine *eng, const struct peer *p)
{
	struct out *o =
	    event_begin(eng->events, p->up ? EVENT_SESSION_UP : EVENT_SESSION_DOWN);
	char ip[IP_STRLEN];

	if (!o)
		return;
	out_str(o, "address", ip_format(p->addr, ip));
	out_uint(o, "remote-as", peer_remote_as(p));
	if (!p->up && p->last_reset[0])
		out_str(o, "reason", p->last_reset);
	event_end(eng->events);
}
