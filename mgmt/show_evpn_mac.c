/* SPDX-License-Identifier: ISC */
/* `show evpn mac vni <N|all> ...`: where each MAC of a VNI is, and whether the kernel knows. */
#include "config.h"

#include "mgmt/show_evpn_mac.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_util.h"

static const char *
type_name(enum evpn_where w)
{
	return w == EVPN_LOCAL ? "local" : w == EVPN_REMOTE ? "remote" : "auto";
}

/* --- one MAC --- */

static void
json_brief(struct out *o, const struct evpn_show_mac *m)
{
	char ip[IP_STRLEN];

	out_str(o, "type", type_name(m->where));
	if (m->where == EVPN_LOCAL) {
		out_str(o, "intf", m->ifname);
		if (m->vid)
			out_uint(o, "vlan", m->vid);
	} else if (m->where == EVPN_REMOTE) {
		out_str(o, "remoteVtep", ip_format(m->vtep, ip));
	}
	out_uint(o, "localSequence", m->local_seq);
	out_uint(o, "remoteSequence", m->remote_seq);
	out_uint(o, "detectionCount", m->moves);
	out_bool(o, "isDuplicate", m->duplicate);
	show_evpn_json_install(o, m->install, m->error, m->error_text);
}

static void
json_flag(struct out *o, const char *key, bool v)
{
	if (v)
		out_bool(o, key, true);
}

/* Its addresses; the caller frees. */
static struct evpn_show_neigh *
addresses(
    const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m, size_t *n)
{
	const size_t max = (size_t)m->neighs + m->candidates;
	struct evpn_show_neigh *a = xcalloc(max + 1, sizeof *a);

	*n = evpn_show_mac_neighs(c->eng->evpn, vni, m->mac, a, max);
	return a;
}

static void
json_addresses(const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m)
{
	struct out *o = c->out;
	char ip[IP_STRLEN];
	size_t n;
	struct evpn_show_neigh *a = addresses(c, vni, m, &n);

	if (n == 0)
		out_str(o, "neighbors", "none");
	else {
		out_obj_begin(o, "neighbors");
		for (int active = 1; active >= 0; active--) {
			out_arr_begin(o, active ? "active" : "inactive");
			for (size_t i = 0; i < n; i++)
				if (a[i].active == active)
					out_str(o, NULL, ip_format(a[i].ip, ip));
			out_arr_end(o);
		}
		out_obj_end(o);
	}
	free(a);
}

void
show_evpn_mac_json(const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m)
{
	struct out *o = c->out;
	char up[UPTIME_STRLEN];

	json_brief(o, m);
	if (m->where == EVPN_LOCAL)
		out_uint(o, "ifindex", m->ifindex);
	json_flag(o, "stickyMac", m->sticky);
	json_flag(o, "sviMac", m->svi);
	json_flag(o, "anycastGateway", m->own_gateway);
	json_flag(o, "remoteGatewayMac", m->remote_gateway);
	json_flag(o, "isStatic", m->is_static);
	json_flag(o, "isFrozen", m->frozen);
	out_str(o, "uptime", show_uptime(m->uptime, up));
	out_uint(o, "syncNeighCount", 0);
	out_uint(o, "remoteRoutes", m->candidates);
	out_str(o, "mobilityState", m->state);
	json_addresses(c, vni, m);
}

static void
text_place(struct out *o, const struct evpn_show_mac *m)
{
	char ip[IP_STRLEN];

	if (m->where == EVPN_LOCAL)
		out_printf(o, " Intf: %s(%u) VLAN: %u", m->ifname, m->ifindex, m->vid);
	else if (m->where == EVPN_REMOTE)
		out_printf(o, " Remote VTEP: %s", ip_format(m->vtep, ip));
	else
		out_puts(o, " Auto Mac");
	if (m->sticky)
		out_puts(o, " Sticky Mac");
	if (m->svi)
		out_puts(o, m->own_gateway ? " SVI-Mac Anycast-gateway" : " SVI-Mac");
	if (m->is_static)
		out_puts(o, " Static Mac");
	if (m->remote_gateway)
		out_puts(o, " Remote-gateway Mac");
	out_puts(o, "\n");
}

void
show_evpn_mac_text(const struct show_ctx *c, uint32_t vni, const struct evpn_show_mac *m)
{
	struct out *o = c->out;
	char text[IP_STRLEN], up[UPTIME_STRLEN];
	size_t n;
	struct evpn_show_neigh *a = addresses(c, vni, m, &n);

	out_printf(o, "MAC: %s\n", mac_format(m->mac, text));
	text_place(o, m);
	out_puts(o, " Sync-info: neigh#: 0\n");
	out_printf(o, " Local Seq: %u Remote Seq: %u\n", m->local_seq, m->remote_seq);
	out_printf(o, " Mobility: %s, %u remote route(s)\n", m->state, m->candidates);
	if (m->duplicate)
		out_toned(o, OUT_BAD, " Duplicate%s, %u moves",
		    m->frozen ? ", frozen" : "", m->moves);
	if (m->duplicate)
		out_puts(o, "\n");
	out_printf(o, " Uptime: %s\n", show_uptime(m->uptime, up));
	show_evpn_text_install(o, m->install, m->error, m->error_text);
	out_puts(o, " Neighbors:\n");
	for (size_t i = 0; i < n; i++)
		out_printf(o, "    %s %s\n", ip_format(a[i].ip, text),
		    a[i].active ? "Active" : "Inactive");
	if (n == 0)
		out_puts(o, "    No Neighbors\n");
	out_puts(o, "\n");
	free(a);
}

static void
text_line(struct out *o, const struct evpn_show_mac *m)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], vlan[8] = "";
	const char flags[2] = { m->svi ? 'S' : show_evpn_install_flag(m->install), '\0' };
	const char *place = "";

	if (m->where == EVPN_LOCAL)
		place = m->ifname;
	else if (m->where == EVPN_REMOTE)
		place = ip_format(m->vtep, ip);
	if (m->where == EVPN_LOCAL && m->vid)
		snprintf(vlan, sizeof vlan, "%u", m->vid);
	out_toned(
	    o, m->duplicate ? OUT_BAD : OUT_PLAIN, "%-17s", mac_format(m->mac, mac));
	out_printf(o, " %-6s ", type_name(m->where));
	out_toned(o, show_evpn_install_tone(m->install), "%-5s", flags);
	out_printf(o, " %-30s %-5s %u/%u\n", place, vlan, m->local_seq, m->remote_seq);
}

/* --- the tables --- */

static bool
next(struct evpn_dump *d, uint8_t *key, bool *keep)
{
	struct evpn_show_mac m;

	if (!evpn_walk_mac(&d->walk, &m))
		return false;
	/* Nobody has it any more, only its removal is on the way. */
	*keep = m.where != EVPN_AUTO || m.install != EVPN_REMOVING;
	if (d->duplicate && !m.duplicate)
		*keep = false;
	if (d->vtep.len && (m.where != EVPN_REMOTE || !ip_equal(m.vtep, d->vtep)))
		*keep = false;
	memcpy(key, m.mac.b, sizeof m.mac.b);
	return true;
}

static void
head_text(struct out *o, const struct evpn_dump *d, uint32_t count)
{
	if (d->vtep.len)
		out_printf(o, "\nVNI %u\n\n", d->vni);
	else if (d->all)
		out_printf(o, "\nVNI %u #MACs (local and remote) %u\n\n", d->vni, count);
	else
		out_printf(o,
		    "Number of MACs (local and remote) known for this VNI: %u\n", count);
	if (count == 0 || d->detail)
		return;
	out_puts(o, "Flags: N=sync-neighs, I=local-inactive, P=peer-active, "
		    "X=peer-proxy, " SHOW_EVPN_FLAGS "\n");
	out_printf(o, "%-17s %-6s %-5s %-30s %-5s %s\n", "MAC", "Type", "Flags",
	    "Intf/Remote ES/VTEP", "VLAN", "Seq #'s");
}

static void
head(const struct show_ctx *c, struct evpn_dump *d, uint32_t count)
{
	char vni[12];

	if (!c->json) {
		head_text(c->out, d, count);
		return;
	}
	snprintf(vni, sizeof vni, "%u", d->vni);
	out_obj_begin(c->out, vni);
	out_uint(c->out, "numMacs", count);
	out_obj_begin(c->out, "macs");
}

static void
item(const struct show_ctx *c, struct evpn_dump *d, const uint8_t *key)
{
	struct evpn_show_mac m;
	struct mac mac;
	char text[MAC_STRLEN];

	memcpy(mac.b, key, sizeof mac.b);
	if (!evpn_show_mac(c->eng->evpn, d->vni, mac, &m))
		return; /* gone since it was collected */
	if (!c->json) {
		if (d->detail)
			show_evpn_mac_text(c, d->vni, &m);
		else
			text_line(c->out, &m);
		return;
	}
	out_obj_begin(c->out, mac_format(m.mac, text));
	if (d->detail)
		show_evpn_mac_json(c, d->vni, &m);
	else
		json_brief(c->out, &m);
	out_obj_end(c->out);
}

static void
tail(const struct show_ctx *c, struct evpn_dump *d)
{
	(void)d;
	if (!c->json)
		return;
	out_obj_end(c->out);
	out_obj_end(c->out);
}

static const struct evpn_dump_ops ops = {
	.kind = ZL_KIND_MAC,
	.keysize = sizeof(struct mac),
	.next = next,
	.head = head,
	.item = item,
	.tail = tail,
};

static bool
show_macs(struct show_ctx *c)
{
	return evpn_dump_run(c, &ops);
}

static bool
show_one(struct show_ctx *c)
{
	struct evpn_show_evi evi;
	struct evpn_show_mac m;
	char text[MAC_STRLEN];
	struct mac mac;

	if (show_evpn_absent(c) || !show_evpn_vni_arg(c, &evi))
		return false;
	mac_parse(cli_arg(c->args, "mac"), &mac); /* the pattern has checked it */
	if (!evpn_show_mac(c->eng->evpn, evi.vni, mac, &m))
		return show_evpn_nothing(
		    c, "Requested MAC does not exist in VNI %u", evi.vni);
	if (!c->json) {
		show_evpn_mac_text(c, evi.vni, &m);
		return false;
	}
	out_obj_begin(c->out, NULL);
	out_obj_begin(c->out, mac_format(m.mac, text));
	show_evpn_mac_json(c, evi.vni, &m);
	out_obj_end(c->out);
	out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn mac vni <(1-16777215)|all>$vni [detail] "
	  "[vtep <A.B.C.D|X:X::X:X>$vtep] [duplicate] [json]",
	    "MACs of a VNI, local and remote", show_macs, evpn_dump_done },
	{ "show evpn mac vni (1-16777215)$vni mac X:X:X:X:X:X$mac [json]",
	    "One MAC of a VNI", show_one, NULL },
};

const struct show_table show_evpn_mac_table = SHOW_TABLE(rows);
