/* SPDX-License-Identifier: ISC */
/* Words of the schema for what EVPN has numbers for; nothing here needs an engine. */
#include "config.h"

#include "mgmt/state_names.h"

#include <stdio.h>

const char *
state_place_name(enum evpn_where where)
{
	return where == EVPN_LOCAL    ? "local"
	       : where == EVPN_REMOTE ? "remote"
				      : "unknown";
}

const char *
state_kind_name(enum zl_kind kind)
{
	static const char *const names[] = {
		[ZL_KIND_FLOOD] = "flood",
		[ZL_KIND_MAC] = "mac",
		[ZL_KIND_NEIGH] = "neighbor",
		[ZL_KIND_HOP] = "next-hop",
		[ZL_KIND_GROUP] = "group",
		[ZL_KIND_ROUTE] = "route",
	};

	return names[kind];
}

char *
state_key_format(const struct evpn_show_failure *f, char buf[STATE_KEY_STRLEN])
{
	char ip[PREFIX_STRLEN];

	switch (f->kind) {
	case ZL_KIND_FLOOD:
		return ip_format(f->vtep, buf);
	case ZL_KIND_MAC:
		return mac_format(f->mac, buf);
	case ZL_KIND_NEIGH:
	case ZL_KIND_HOP:
		return ip_format(f->ip, buf);
	case ZL_KIND_ROUTE:
		prefix_format((struct prefix){ f->ip, f->plen }, ip);
		snprintf(buf, STATE_KEY_STRLEN, "%s", ip);
		return buf;
	default:
		snprintf(buf, STATE_KEY_STRLEN, "%u", f->id);
		return buf;
	}
}
