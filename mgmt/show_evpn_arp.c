/* SPDX-License-Identifier: ISC */
/* `show evpn arp-cache vni <N|all> ...`: which MAC has each address of a VNI, IPv4 and IPv6. */
#include "config.h"

#include "mgmt/show_evpn_arp.h"

#include <stdio.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_util.h"

#define IP_WIDTH 15 /* of the first column at least */

static const char *
type_name(const struct evpn_show_neigh *n)
{
	return n->where == EVPN_LOCAL ? "local" : "remote";
}

static const char *
state_name(const struct evpn_show_neigh *n)
{
	return n->active ? "active" : "inactive";
}

/* --- one neighbour --- */

static void
json_neigh(struct out *o, const struct evpn_show_neigh *n)
{
	char text[IP_STRLEN];

	out_str(o, "type", type_name(n));
	out_str(o, "state", state_name(n));
	out_str(o, "mac", mac_format(n->mac, text));
	if (n->where == EVPN_REMOTE)
		out_str(o, "remoteVtep", ip_format(n->vtep, text));
	if (n->gateway)
		out_bool(o, "defaultGateway", true);
	out_uint(o, "localSequence", n->local_seq);
	out_uint(o, "remoteSequence", n->remote_seq);
	out_uint(o, "detectionCount", n->moves);
	out_bool(o, "isDuplicate", n->duplicate);
	show_evpn_json_install(o, n->install, n->error, n->error_text);
}

void
show_evpn_neigh_json(struct out *o, const struct evpn_show_neigh *n, uint16_t vid)
{
	char ip[IP_STRLEN], up[UPTIME_STRLEN];

	out_str(o, "uptime", show_uptime(n->uptime, up));
	out_str(o, "ip", ip_format(n->ip, ip));
	out_uint(o, "vlan", vid);
	json_neigh(o, n);
	if (n->is_static)
		out_bool(o, "isStatic", true);
	if (n->svi)
		out_bool(o, "sviAddress", true);
	if (n->router)
		out_bool(o, "isRouter", true);
	if (n->own_gateway)
		out_bool(o, "anycastGateway", true);
	if (n->frozen)
		out_bool(o, "isFrozen", true);
	if (n->held)
		out_bool(o, "heldForProbe", true);
	if (n->probes)
		out_uint(o, "probes", n->probes);
}

void
show_evpn_neigh_text(struct out *o, const struct evpn_show_neigh *n)
{
	char text[IP_STRLEN], up[UPTIME_STRLEN];

	out_printf(o, "IP: %s\n", ip_format(n->ip, text));
	out_printf(o, " Type: %s%s%s\n", type_name(n), n->is_static ? " (static)" : "",
	    n->svi ? " (SVI)" : "");
	out_printf(o, " State: %s\n", state_name(n));
	out_printf(o, " Uptime: %s\n", show_uptime(n->uptime, up));
	out_printf(o, " MAC: %s\n", mac_format(n->mac, text));
	out_puts(o, " Sync-info: -\n");
	if (n->where == EVPN_REMOTE)
		out_printf(o, " Remote VTEP: %s\n", ip_format(n->vtep, text));
	if (n->gateway)
		out_puts(o, " Flags: Default-gateway\n");
	if (n->router)
		out_puts(o, " Flags: Router\n");
	out_printf(o, " Local Seq: %u Remote Seq: %u\n", n->local_seq, n->remote_seq);
	if (n->own_gateway)
		out_puts(o, " Flags: Anycast gateway of this leaf\n");
	if (n->held || n->probes)
		out_printf(o, " Probes: %u without an answer%s\n", n->probes,
		    n->held ? "; the kernel has dropped it, held until they are over"
			    : "");
	if (n->duplicate)
		out_toned(o, OUT_BAD, " Duplicate%s, %u moves",
		    n->frozen ? ", frozen" : "", n->moves);
	if (n->duplicate)
		out_puts(o, "\n");
	show_evpn_text_install(o, n->install, n->error, n->error_text);
}

static void
text_line(struct out *o, const struct evpn_dump *d, const struct evpn_show_neigh *n)
{
	char ip[IP_STRLEN], mac[MAC_STRLEN], vtep[IP_STRLEN];
	const char flags[2] = { n->svi ? 'S' : show_evpn_install_flag(n->install), '\0' };

	out_toned(o, n->duplicate ? OUT_BAD : OUT_PLAIN, "%-*s", (int)d->width,
	    ip_format(n->ip, ip));
	out_printf(o, " %-6s ", type_name(n));
	out_toned(o, show_evpn_install_tone(n->install), "%-5s", flags);
	out_printf(o, " %-8s %-17s %-30s %u/%u\n", state_name(n), mac_format(n->mac, mac),
	    n->where == EVPN_REMOTE ? ip_format(n->vtep, vtep) : "", n->local_seq,
	    n->remote_seq);
}

/* --- the tables --- */

static bool
next(struct evpn_dump *d, uint8_t *key, bool *keep)
{
	struct evpn_show_neigh n;
	char ip[IP_STRLEN];

	if (!evpn_walk_neigh(&d->walk, &n))
		return false;
	/* Nobody has it any more, only its removal is on the way. */
	*keep = n.where != EVPN_AUTO;
	if (d->duplicate && !n.duplicate)
		*keep = false;
	if (d->vtep.len && (n.where != EVPN_REMOTE || !ip_equal(n.vtep, d->vtep)))
		*keep = false;
	if (*keep)
		d->width = MAX(d->width, (unsigned)strlen(ip_format(n.ip, ip)));
	key[0] = n.ip.len;
	memcpy(key + 1, n.ip.b, sizeof n.ip.b);
	return true;
}

static void
head_text(struct out *o, const struct evpn_dump *d, uint32_t count)
{
	if (d->vtep.len)
		out_printf(o, "\nVNI %u\n\n", d->vni);
	else if (d->all)
		out_printf(o, "\nVNI %u #ARP (IPv4 and IPv6, local and remote) %u\n\n",
		    d->vni, count);
	else
		out_printf(o,
		    "Number of ARPs (local and remote) known for this VNI: %u\n", count);
	if (count == 0 || d->detail)
		return;
	out_puts(o, "Flags: I=local-inactive, P=peer-active, "
		    "X=peer-proxy, " SHOW_EVPN_FLAGS "\n");
	out_printf(o, "%-*s %-6s %-5s %-8s %-17s %-30s %s\n", (int)d->width, "Neighbor",
	    "Type", "Flags", "State", "MAC", "Remote ES/VTEP", "Seq #'s");
}

static void
head(const struct show_ctx *c, struct evpn_dump *d, uint32_t count)
{
	char vni[12];

	d->width = MAX(d->width, IP_WIDTH);
	if (!c->json) {
		head_text(c->out, d, count);
		return;
	}
	snprintf(vni, sizeof vni, "%u", d->vni);
	out_obj_begin(c->out, vni);
	out_uint(c->out, "numArpNd", count);
}

static bool
find(const struct show_ctx *c, uint32_t vni, struct ip ip, struct evpn_show_neigh *n)
{
	return evpn_show_neigh(c->eng->evpn, vni, ip, n) && n->where != EVPN_AUTO;
}

static uint16_t
vid_of(const struct show_ctx *c, uint32_t vni)
{
	struct evpn_show_evi evi;

	return evpn_show_evi(c->eng->evpn, vni, &evi) ? evi.obs->vid : 0;
}

static void
item(const struct show_ctx *c, struct evpn_dump *d, const uint8_t *key)
{
	struct evpn_show_neigh n;
	struct ip ip = { .len = key[0] };
	char text[IP_STRLEN];

	memcpy(ip.b, key + 1, sizeof ip.b);
	if (!find(c, d->vni, ip, &n))
		return; /* gone since it was collected */
	if (!c->json) {
		if (d->detail) {
			show_evpn_neigh_text(c->out, &n);
			out_puts(c->out, "\n");
		} else
			text_line(c->out, d, &n);
		return;
	}
	out_obj_begin(c->out, ip_format(n.ip, text));
	if (d->detail)
		show_evpn_neigh_json(c->out, &n, vid_of(c, d->vni));
	else
		json_neigh(c->out, &n);
	out_obj_end(c->out);
}

static void
tail(const struct show_ctx *c, struct evpn_dump *d)
{
	(void)d;
	if (c->json)
		out_obj_end(c->out);
}

static const struct evpn_dump_ops ops = {
	.kind = ZL_KIND_NEIGH,
	.keysize = 1 + sizeof((struct ip *)0)->b,
	.next = next,
	.head = head,
	.item = item,
	.tail = tail,
};

static bool
show_neighs(struct show_ctx *c)
{
	return evpn_dump_run(c, &ops);
}

static bool
show_one(struct show_ctx *c)
{
	struct evpn_show_evi evi;
	struct evpn_show_neigh n;
	struct ip ip;

	if (show_evpn_absent(c) || !show_evpn_vni_arg(c, &evi))
		return false;
	ip_parse(cli_arg(c->args, "ip"), &ip); /* the pattern has checked it */
	if (!find(c, evi.vni, ip, &n))
		return show_evpn_nothing(
		    c, "Requested neighbor does not exist in VNI %u", evi.vni);
	if (!c->json) {
		show_evpn_neigh_text(c->out, &n);
		return false;
	}
	out_obj_begin(c->out, NULL);
	show_evpn_neigh_json(c->out, &n, evi.obs->vid);
	out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn arp-cache vni <(1-16777215)|all>$vni [detail] "
	  "[vtep <A.B.C.D|X:X::X:X>$vtep] [duplicate] [json]",
	    "Neighbours (ARP and ND) of a VNI, local and remote", show_neighs,
	    evpn_dump_done },
	{ "show evpn arp-cache vni (1-16777215)$vni ip <A.B.C.D|X:X::X:X>$ip [json]",
	    "One neighbour of a VNI", show_one, NULL },
};

const struct show_table show_evpn_arp_table = SHOW_TABLE(rows);
