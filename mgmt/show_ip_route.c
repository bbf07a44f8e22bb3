/* SPDX-License-Identifier: ISC */
/* `show ip route vrf V`, `show ipv6 route vrf V`: who has each prefix of a VRF, and where it leads.
 *
 * Routes of the fabric are ours, with their install state; all others are as the kernel has them. */
#include "config.h"

#include "mgmt/show_ip_route.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_prefix_dump.h"
#include "mgmt/show_util.h"

/* What the dialect calls the makers of routes; BGP's preference over others as it has it. */
static const struct maker {
	uint8_t proto;
	char code;
	const char *name;
} makers[] = {
	{ RTPROT_KERNEL, 'K', "kernel" }, { RTPROT_BOOT, 'S', "static" },
	{ RTPROT_STATIC, 'S', "static" }, { RTPROT_ZEBRA, 'S', "static" },
	{ RTPROT_BIRD, 'K', "bird" }, { RTPROT_DHCP, 'K', "dhcp" },
	{ RTPROT_BABEL, 'A', "babel" }, { RTPROT_BGP, 'B', "bgp" },
	{ RTPROT_ISIS, 'I', "isis" }, { RTPROT_OSPF, 'O', "ospf" },
	{ RTPROT_RIP, 'R', "rip" }, { RTPROT_EIGRP, 'E', "eigrp" },
	{ 196, 'S',
	    "static" }, /* of a daemon for static routes; has no name in the header */
};
#define DISTANCE_BGP 200

/* A next hop of the fabric. */
struct hop {
	struct ip ip;
	char ifname[ZL_IFNAME]; /* the SVI of the layer-3 VNI */
	uint32_t ifindex;
	uint32_t vni;
};

struct routes {
	struct prefix_dump dump;
	uint8_t len;		/* bytes of addresses: 4 or 16 */
	uint32_t id, table;	/* of the VRF */
	char up[UPTIME_STRLEN]; /* of the prefix that is shown */
	bool headed;
};

/* The VRF leads somewhere by it. */
static bool
is_selected(const struct evpn_show_prefix *p)
{
	return p->source != EVPN_PREFIX_NONE && p->source != EVPN_PREFIX_TABLE;
}

static struct maker
maker_of(const struct evpn_show_prefix *p)
{
	if (p->source == EVPN_PREFIX_TABLE)
		return (struct maker){ 0, 'T', "table" };
	if (p->source != EVPN_PREFIX_KERNEL)
		return (struct maker){ 0, 'B', "bgp" };
	if (p->connected)
		return (struct maker){ 0, 'C', "connected" };
	for (size_t i = 0; i < ARRAY_LEN(makers); i++)
		if (makers[i].proto == p->proto)
			return makers[i];
	return (struct maker){ p->proto, 'K', "kernel" };
}

/* Where a prefix of the fabric leads; the caller frees. */
static struct hop *
hops_of(const struct routes *r, const struct evpn_show_prefix *p, size_t *n)
{
	struct evpn_show_way *ways = xcalloc(p->ways + 1, sizeof *ways);
	const size_t max =
	    evpn_show_ways(r->dump.evpn, r->dump.vrf, p->prefix, ways, p->ways);
	struct hop *hops = xcalloc(max + 1, sizeof *hops);
	struct evpn_show_vrf v;

	*n = 0;
	for (size_t i = 0; i < max; i++) {
		size_t k = 0;

		while (k < *n && !(hops[k].vni == ways[i].hop_l3vni &&
				     ip_equal(hops[k].ip, ways[i].hop)))
			k++;
		if (!ways[i].used || k < *n)
			continue;
		hops[k] = (struct hop){ .ip = ways[i].hop, .vni = ways[i].hop_l3vni };
		if (evpn_show_vrf_of_l3vni(r->dump.evpn, hops[k].vni, &v) && v.obs) {
			memcpy(hops[k].ifname, v.obs->svi, sizeof hops[k].ifname);
			hops[k].ifindex = v.obs->svi_ifindex;
		}
		(*n)++;
	}
	free(ways);
	return hops;
}

/* Why nothing is used: what its first way says. */
static void
why_not(const struct routes *r, const struct evpn_show_prefix *p, char *buf, size_t size)
{
	struct evpn_show_way *ways = xcalloc(p->ways + 1, sizeof *ways);
	const size_t n =
	    evpn_show_ways(r->dump.evpn, r->dump.vrf, p->prefix, ways, p->ways);

	snprintf(buf, size, "%s", n && ways[0].why[0] ? ways[0].why : "no way");
	free(ways);
}

static bool
is_installed(const struct evpn_show_prefix *p)
{
	return p->source == EVPN_PREFIX_KERNEL || p->install == EVPN_INSTALLED;
}

/* --- text --- */

static char
fib_flag(const struct evpn_show_prefix *p)
{
	if (is_installed(p))
		return '*';
	return p->install == EVPN_FAILED ? 'r' : p->install == EVPN_PENDING ? 'q' : ' ';
}

static void
text_hops(struct out *o, const struct routes *r, const struct evpn_show_prefix *p,
    char flag, size_t indent)
{
	char ip[IP_STRLEN];
	size_t n;
	struct hop *h = hops_of(r, p, &n);

	for (size_t i = 0; i < n; i++) {
		if (i)
			out_printf(o, "\n  %c%*s", flag, (int)indent - 3, "");
		out_printf(o, " via %s, %s onlink, weight 1, %s", ip_format(h[i].ip, ip),
		    h[i].ifname[0] ? h[i].ifname : "unknown", r->up);
	}
	free(h);
}

/* What follows "[200/0]" or the prefix. */
static void
text_where(struct out *o, const struct routes *r, const struct evpn_show_prefix *p,
    char flag, size_t indent)
{
	char text[100];

	switch (p->source) {
	case EVPN_PREFIX_KERNEL:
		if (p->blackhole)
			out_puts(o, " unreachable (blackhole)");
		else if (p->gateway.len)
			out_printf(
			    o, " via %s, %s", ip_format(p->gateway, text), p->ifname);
		else
			out_printf(o, " is directly connected, %s", p->ifname);
		break;
	case EVPN_PREFIX_LEAKED:
		out_printf(o, " via VRF %s", p->from);
		break;
	case EVPN_PREFIX_UNREACHABLE:
		out_puts(o, " unreachable (default of last resort)");
		break;
	case EVPN_PREFIX_REMOTE:
		text_hops(o, r, p, flag, indent);
		break;
	case EVPN_PREFIX_HOST:
		out_puts(o, " is a host here");
		break;
	case EVPN_PREFIX_TABLE:
		out_puts(o, " inactive (in a redistributed table)");
		break;
	case EVPN_PREFIX_NONE:
		why_not(r, p, text, sizeof text);
		out_printf(o, " inactive (%s)", text);
		break;
	}
	/* Of several next hops each has said it. */
	if (p->source != EVPN_PREFIX_REMOTE)
		out_printf(o, ", %s", r->up);
}

static void
text_error(struct out *o, const struct evpn_show_prefix *p)
{
	if (p->error)
		out_toned(o, OUT_BAD, ", failed (%s%s%s)", strerror(p->error),
		    p->error_text[0] ? ": " : "", p->error_text);
	out_puts(o, "\n");
}

static void
text_route(struct out *o, const struct routes *r, const struct evpn_show_prefix *p)
{
	const char flag = fib_flag(p);
	char text[PREFIX_STRLEN], head[PREFIX_STRLEN + 32];
	int n;

	n = snprintf(head, sizeof head, "%c%c%c %s", maker_of(p).code,
	    is_selected(p) ? '>' : ' ', flag, prefix_format(p->prefix, text));
	if (p->source == EVPN_PREFIX_REMOTE || p->source == EVPN_PREFIX_LEAKED)
		n += snprintf(head + n, sizeof head - (size_t)n, " [%u/0]", DISTANCE_BGP);
	else if (p->source == EVPN_PREFIX_KERNEL && !p->connected)
		n += snprintf(head + n, sizeof head - (size_t)n, " [0/%u]", p->metric);
	out_puts(o, head);
	text_where(o, r, p, flag, (size_t)n);
	text_error(o, p);
}

static void
text_head(struct out *o, const struct routes *r)
{
	out_printf(o,
	    "Codes: K - kernel route, C - connected, S - static, R - RIP,\n"
	    "       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, A - Babel, T - Table,\n"
	    "       > - selected route, * - FIB route, q - queued, r - rejected\n\n"
	    "VRF %s:\n",
	    r->dump.vrf);
}

/* --- JSON --- */

static void
json_hop(struct out *o, const struct hop *h, bool fib)
{
	char ip[IP_STRLEN];

	out_obj_begin(o, NULL);
	if (fib)
		out_bool(o, "fib", true);
	out_str(o, "ip", ip_format(h->ip, ip));
	out_str(o, "afi", h->ip.len == 16 ? "ipv6" : "ipv4");
	if (h->ifname[0]) {
		out_uint(o, "interfaceIndex", h->ifindex);
		out_str(o, "interfaceName", h->ifname);
	}
	out_bool(o, "active", true);
	out_bool(o, "onLink", true);
	out_uint(o, "weight", 1);
	out_uint(o, "vni", h->vni);
	out_obj_end(o);
}

/* The one next hop of a route that is not the fabric's. */
static void
json_other_hop(struct out *o, const struct evpn_show_prefix *p)
{
	char ip[IP_STRLEN];

	out_obj_begin(o, NULL);
	out_bool(o, "fib", true);
	if (p->source == EVPN_PREFIX_UNREACHABLE || p->blackhole) {
		out_bool(o, "unreachable", true);
		if (p->blackhole)
			out_bool(o, "blackhole", true);
	} else if (p->source == EVPN_PREFIX_LEAKED) {
		out_str(o, "vrf", p->from);
	} else if (p->gateway.len) {
		out_str(o, "ip", ip_format(p->gateway, ip));
		out_str(o, "afi", p->gateway.len == 16 ? "ipv6" : "ipv4");
	} else
		out_bool(o, "directlyConnected", true);
	if (p->ifname[0])
		out_str(o, "interfaceName", p->ifname);
	out_bool(o, "active", true);
	out_obj_end(o);
}

static void
json_hops(struct out *o, const struct routes *r, const struct evpn_show_prefix *p)
{
	size_t n;
	struct hop *h;

	out_arr_begin(o, "nexthops");
	if (p->source == EVPN_PREFIX_REMOTE) {
		h = hops_of(r, p, &n);
		for (size_t i = 0; i < n; i++)
			json_hop(o, &h[i], is_installed(p));
		free(h);
	} else if (is_selected(p) && p->source != EVPN_PREFIX_HOST)
		json_other_hop(o, p);
	out_arr_end(o);
}

static void
json_route(struct out *o, const struct routes *r, const struct evpn_show_prefix *p)
{
	const bool selected = is_selected(p);
	char text[PREFIX_STRLEN], why[100];

	out_arr_begin(o, prefix_format(p->prefix, text));
	out_obj_begin(o, NULL);
	out_str(o, "prefix", text);
	out_uint(o, "prefixLen", p->prefix.plen);
	out_str(o, "protocol", maker_of(p).name);
	out_uint(o, "vrfId", r->id);
	out_str(o, "vrfName", r->dump.vrf);
	if (selected) {
		out_bool(o, "selected", true);
		out_bool(o, "destSelected", true);
	}
	out_uint(o, "distance", p->source == EVPN_PREFIX_KERNEL ? 0 : DISTANCE_BGP);
	out_uint(o, "metric", p->source == EVPN_PREFIX_KERNEL ? p->metric : 0);
	if (is_installed(p))
		out_bool(o, "installed", true);
	if (p->install == EVPN_PENDING)
		out_bool(o, "queued", true);
	if (p->install == EVPN_FAILED)
		out_bool(o, "failed", true);
	out_uint(o, "table", r->table);
	out_str(o, "uptime", r->up);
	out_str(o, "source", evpn_prefix_source_name(p->source));
	if (p->id)
		out_uint(o, "nexthopGroupId", p->id);
	if (!selected) {
		why_not(r, p, why, sizeof why);
		out_str(o, "reason", why);
	}
	show_evpn_json_install(o, p->install, p->error, p->error_text);
	json_hops(o, r, p);
	out_obj_end(o);
	out_arr_end(o);
}

/* --- commands --- */

static bool
is_family(void *arg, const struct evpn_show_prefix *p)
{
	const struct routes *r = arg;

	return p->prefix.ip.len == r->len;
}

static bool
routes_begin(struct show_ctx *c)
{
	const char *name = cli_arg(c->args, "name");
	struct evpn_show_vrf v;
	struct routes *r;

	if (show_evpn_absent(c))
		return false;
	if (!evpn_show_vrf(c->eng->evpn, name, &v) || !v.observed) {
		show_evpn_nothing(c, "VRF %s not found", name);
		return false;
	}
	c->state = r = xcalloc(1, sizeof *r);
	r->len = cli_arg(c->args, "ipv6") ? 16 : 4;
	r->id = v.ifindex;
	r->table = v.table;
	prefix_dump_begin(&r->dump, c->eng->evpn, v.name);
	return true;
}

static bool
show_routes(struct show_ctx *c)
{
	struct evpn_show_prefix p;
	struct routes *r;

	if (!c->state && !routes_begin(c))
		return false;
	r = c->state;
	if (!prefix_dump_collect(c, &r->dump, is_family, r))
		return true;
	if (!r->headed && c->json)
		out_obj_begin(c->out, NULL);
	else if (!r->headed && prefix_dump_count(&r->dump))
		text_head(c->out, r);
	r->headed = true;
	while (prefix_dump_next(&r->dump, &p)) {
		show_uptime(show_since(c, p.since), r->up);
		(c->json ? json_route : text_route)(c->out, r, &p);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static void
text_one(struct out *o, const struct routes *r, const struct evpn_show_prefix *p)
{
	char text[PREFIX_STRLEN];

	out_printf(o,
	    "Routing entry for %s\n  Known via \"%s\", distance %u, metric %u, "
	    "vrf %s%s\n",
	    prefix_format(p->prefix, text), maker_of(p).name,
	    p->source == EVPN_PREFIX_KERNEL ? 0 : DISTANCE_BGP,
	    p->source == EVPN_PREFIX_KERNEL ? p->metric : 0, r->dump.vrf,
	    is_selected(p) ? ", best" : "");
	out_printf(o, "  %c", fib_flag(p));
	text_where(o, r, p, fib_flag(p), 3);
	text_error(o, p);
	show_evpn_text_install(o, p->install, p->error, p->error_text);
}

static bool
find_route(const struct show_ctx *c, const struct routes *r, struct evpn_show_prefix *out)
{
	const char *prefix = cli_arg(c->args, "prefix"), *ip = cli_arg(c->args, "ip");
	struct prefix p;
	struct ip a;

	/* The pattern has checked the values. */
	if (prefix)
		return prefix_parse(prefix, &p) &&
		       evpn_show_prefix(c->eng->evpn, r->dump.vrf, p, out);
	return ip_parse(ip, &a) && evpn_show_lookup(c->eng->evpn, r->dump.vrf, a, out);
}

static bool
show_route(struct show_ctx *c)
{
	struct evpn_show_prefix p;
	struct routes *r;

	if (!routes_begin(c))
		return false;
	r = c->state;
	if (!find_route(c, r, &p))
		return show_evpn_nothing(c, "Network not in table");
	show_uptime(show_since(c, p.since), r->up);
	if (!c->json) {
		text_one(c->out, r, &p);
		return false;
	}
	out_obj_begin(c->out, NULL);
	json_route(c->out, r, &p);
	out_obj_end(c->out);
	return false;
}

static void
routes_done(struct show_ctx *c)
{
	struct routes *r = c->state;

	if (r)
		prefix_dump_end(&r->dump);
	free(r);
}

static const struct show_cmd rows[] = {
	{ "show ip route vrf IFNAME$name [json]", "IPv4 routes of a VRF", show_routes,
	    routes_done },
	{ "show ipv6$ipv6 route vrf IFNAME$name [json]", "IPv6 routes of a VRF",
	    show_routes, routes_done },
	{ "show ip route vrf IFNAME$name <A.B.C.D$ip|A.B.C.D/M$prefix> [json]",
	    "One IPv4 route of a VRF", show_route, routes_done },
	{ "show ipv6$ipv6 route vrf IFNAME$name <X:X::X:X$ip|X:X::X:X/M$prefix> [json]",
	    "One IPv6 route of a VRF", show_route, routes_done },
};

const struct show_table show_ip_route_table = SHOW_TABLE(rows);
