/* SPDX-License-Identifier: ISC */
/* Leaves of each notification. */
#include "config.h"

#include "mgmt/event_say.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/peer.h"
#include "evpn/news.h"
#include "mgmt/datastore.h"
#include "mgmt/event.h"
#include "mgmt/state_names.h"

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

/* ---- EVPN ---- */

static void
say_mac(struct out *o, const char *leaf, struct mac mac)
{
	char text[MAC_STRLEN];

	out_str(o, leaf, mac_format(mac, text));
}

static void
say_ip(struct out *o, const char *leaf, struct ip ip)
{
	char text[IP_STRLEN];

	if (ip.len)
		out_str(o, leaf, ip_format(ip, text));
}

static void
say_up(struct out *o, const struct evpn_news *n)
{
	out_bool(o, "up", n->up);
	if (!n->up)
		out_str(o, "reason", n->why);
}

static void
say_vni(struct out *o, const struct evpn_news *n)
{
	out_uint(o, "vni", n->vni);
	say_up(o, n);
}

static void
say_vrf(struct out *o, const struct evpn_news *n)
{
	out_str(o, "vrf", n->vrf);
	if (n->vni)
		out_uint(o, "l3vni", n->vni);
	say_up(o, n);
}

static void
say_moved(struct out *o, const struct evpn_news *n)
{
	out_uint(o, "vni", n->vni);
	say_mac(o, "mac", n->mac);
	out_str(o, "place", state_place_name(n->where));
	say_ip(o, "vtep", n->vtep);
	out_uint(o, "sequence", n->seq);
}

static void
say_duplicate(struct out *o, const struct evpn_news *n)
{
	out_uint(o, "vni", n->vni);
	say_mac(o, "mac", n->mac);
	say_ip(o, "address", n->ip);
	out_bool(o, "frozen", n->frozen);
	out_uint(o, "moves", n->moves);
}

static void
say_drift(struct out *o, const struct evpn_news *n)
{
	char key[STATE_KEY_STRLEN];

	out_str(o, "kind", state_kind_name(n->obj.kind));
	if (n->obj.vni)
		out_uint(o, "vni", n->obj.vni);
	if (n->obj.vrf[0])
		out_str(o, "vrf", n->obj.vrf);
	out_str(o, "key", state_key_format(&n->obj, key));
}

static void
say_failure(struct out *o, const struct evpn_news *n)
{
	say_drift(o, n);
	out_strf(o, "error", "%s%s%s", strerror(n->obj.error), n->obj.text[0] ? ": " : "",
	    n->obj.text);
}

void
event_say_evpn(void *arg, const struct evpn_news *n)
{
	static const struct {
		enum event_kind kind;
		void (*say)(struct out *o, const struct evpn_news *n);
	} rows[] = {
		[EVPN_NEWS_VNI] = { EVENT_VNI_STATE, say_vni },
		[EVPN_NEWS_VRF] = { EVENT_VRF_STATE, say_vrf },
		[EVPN_NEWS_MOVED] = { EVENT_MAC_MOVED, say_moved },
		[EVPN_NEWS_DUPLICATE] = { EVENT_DUPLICATE, say_duplicate },
		[EVPN_NEWS_DRIFT] = { EVENT_KERNEL_DRIFT, say_drift },
		[EVPN_NEWS_FAILURE] = { EVENT_INSTALL_FAILURE, say_failure },
	};
	const struct engine *eng = arg;
	struct out *o = event_begin(eng->events, rows[n->kind].kind);

	if (!o)
		return;
	rows[n->kind].say(o, n);
	event_end(eng->events);
}

/* ---- configuration ---- */

void
event_say_commit(const struct engine *eng, uint64_t number, const struct ds_user *by,
    const char *comment)
{
	struct out *o = event_begin(eng->events, EVENT_COMMIT);

	if (!o)
		return;
	out_strf(o, "number", "%llu", (unsigned long long)number);
	if (by && by->name[0])
		out_str(o, "user", by->name);
	if (by && by->door[0])
		out_str(o, "door", by->door);
	if (comment && comment[0])
		out_str(o, "comment", comment);
	event_end(eng->events);
}
