/* SPDX-License-Identifier: ISC */
/* `show evpn rmac`, `show evpn next-hops`: routers of the fabric, by MAC and by address.
 *
 * There is one of each for a VTEP and a VRF, so those of a VRF are shown in one slice. */
#include "config.h"

#include "mgmt/show_evpn_rmac.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_prefix_dump.h"
#include "mgmt/show_sort.h"

/* Where a list is between slices. */
struct list {
	char name[ZL_IFNAME]; /* VRF shown last, "" at first */
};

typedef void vrf_fn(const struct show_ctx *c, const struct evpn_show_vrf *v, bool all);

/* The VRF of the VNI that was typed; false, and said, if there is none. */
static bool
vrf_arg(struct show_ctx *c, struct evpn_show_vrf *v)
{
	const uint32_t vni = (uint32_t)cli_arg_num(c->args, "vni", 0);

	if (evpn_show_vrf_of_l3vni(c->eng->evpn, vni, v))
		return true;
	show_evpn_nothing(c, "L3-VNI %u does not exist", vni);
	return false;
}

static bool
each_vrf(struct show_ctx *c, vrf_fn *show)
{
	struct list *l = c->state;
	struct evpn_show_vrf v;

	if (!l) {
		c->state = l = xcalloc(1, sizeof *l);
		if (c->json)
			out_obj_begin(c->out, NULL);
	}
	while (evpn_show_vrf_next(c->eng->evpn, l->name, &v)) {
		strcpy(l->name, v.name);
		if (v.l3vni)
			show(c, &v, true);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static bool
one_or_each(struct show_ctx *c, vrf_fn *show)
{
	struct evpn_show_vrf v;

	if (show_evpn_absent(c))
		return false;
	if (strcmp(cli_arg(c->args, "vni"), "all") == 0)
		return each_vrf(c, show);
	if (vrf_arg(c, &v))
		show(c, &v, false);
	return false;
}

static void
json_begin(const struct show_ctx *c, const struct evpn_show_vrf *v, bool all,
    const char *count, uint32_t n)
{
	char key[12];

	snprintf(key, sizeof key, "%u", v->l3vni);
	out_obj_begin(c->out, all ? key : NULL);
	out_uint(c->out, count, n);
}

/* " W" or " F (No space left on device)" */
static void
text_install(struct out *o, enum evpn_install st, int error, const char *text)
{
	const char flag = show_evpn_install_flag(st);

	if (flag)
		out_toned(o, show_evpn_install_tone(st), " %c", flag);
	if (error)
		out_toned(
		    o, OUT_BAD, " (%s%s%s)", strerror(error), text[0] ? ": " : "", text);
	out_puts(o, "\n");
}

/* --- router MACs --- */

/* Those of a VRF in order. */
static struct show_sort *
rmacs_of(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct show_sort *s = show_sort_new(sizeof(struct evpn_show_rmac));
	struct evpn_show_rmac r = { .vteps = 0 };
	struct evpn_vrf_walk w;

	/* The MAC stands first, so it decides the order. */
	_Static_assert(offsetof(struct evpn_show_rmac, mac) == 0, "sorted by MAC");
	evpn_vrf_walk_begin(c->eng->evpn, &w, v->name, EVPN_VRF_RMACS);
	while (evpn_vrf_walk_rmac(&w, &r))
		show_sort_add(s, &r);
	evpn_vrf_walk_end(&w);
	show_sort_end(s);
	return s;
}

static void
json_rmac(struct out *o, const char *key, const struct evpn_show_rmac *r)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN];

	out_obj_begin(o, key);
	out_str(o, "routerMac", mac_format(r->mac, mac));
	out_str(o, "vtepIp", ip_format(r->vtep, ip));
	if (r->label)
		out_uint(o, "downstreamVni", r->label);
	if (r->other.len)
		out_str(o, "alsoClaimedBy", ip_format(r->other, ip));
	show_evpn_json_install(o, r->install, r->error, r->error_text);
}

static void
text_rmac(struct out *o, const struct evpn_show_rmac *r)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN];

	out_printf(o, "%-17s %-21s", mac_format(r->mac, mac), ip_format(r->vtep, ip));
	if (r->label)
		out_printf(o, " by VNI %u", r->label);
	if (r->other.len)
		out_printf(o, " also claimed by %s", ip_format(r->other, ip));
	text_install(o, r->install, r->error, r->error_text);
}

static void
vrf_rmacs(const struct show_ctx *c, const struct evpn_show_vrf *v, bool all)
{
	struct show_sort *s = rmacs_of(c, v);
	const uint32_t n = show_sort_count(s);
	struct out *o = c->out;
	const void *key;

	if (c->json)
		json_begin(c, v, all, "numRmacs", n);
	else if (all)
		out_printf(o, "\nVNI %u #RMACs %u\n\n", v->l3vni, n);
	else
		out_printf(o, "Number of Remote RMACs known for this VNI: %u\n", n);
	if (!c->json)
		out_printf(o, "%-17s %-21s\n", all ? "RMAC" : "MAC", "Remote VTEP");
	while ((key = show_sort_next(s)) != NULL) {
		struct evpn_show_rmac r;
		char mac[MAC_STRLEN];

		memcpy(&r, key, sizeof r);
		if (c->json) {
			json_rmac(o, mac_format(r.mac, mac), &r);
			out_obj_end(o);
		} else
			text_rmac(o, &r);
	}
	if (c->json)
		out_obj_end(o);
	show_sort_free(s);
}

static bool
show_rmacs(struct show_ctx *c)
{
	return one_or_each(c, vrf_rmacs);
}

static bool
find_rmac(
    const struct show_ctx *c, const char *vrf, struct mac mac, struct evpn_show_rmac *out)
{
	struct evpn_vrf_walk w;
	bool found = false;

	evpn_vrf_walk_begin(c->eng->evpn, &w, vrf, EVPN_VRF_RMACS);
	while (!found && evpn_vrf_walk_rmac(&w, out))
		found = mac_equal(out->mac, mac);
	evpn_vrf_walk_end(&w);
	return found;
}

/* Next hops that have the MAC: members of an array, or lines. */
static void
hops_of_rmac(const struct show_ctx *c, const char *vrf, struct mac mac)
{
	struct evpn_vrf_walk w;
	struct evpn_show_hop h;
	char ip[IP_STRLEN];

	evpn_vrf_walk_begin(c->eng->evpn, &w, vrf, EVPN_VRF_HOPS);
	while (evpn_vrf_walk_hop(&w, &h))
		if (!mac_equal(h.mac, mac))
			continue;
		else if (c->json)
			out_str(c->out, NULL, ip_format(h.ip, ip));
		else
			out_printf(c->out, " Next hop: %s\n", ip_format(h.ip, ip));
	evpn_vrf_walk_end(&w);
}

static bool
show_rmac(struct show_ctx *c)
{
	struct evpn_show_vrf v;
	struct evpn_show_rmac r;
	struct mac mac;
	char text[IP_STRLEN];

	if (show_evpn_absent(c) || !vrf_arg(c, &v))
		return false;
	mac_parse(cli_arg(c->args, "mac"), &mac); /* the pattern has checked it */
	if (!find_rmac(c, v.name, mac, &r))
		return show_evpn_nothing(
		    c, "Requested RMAC doesn't exist in L3-VNI %u", v.l3vni);
	if (c->json) {
		json_rmac(c->out, NULL, &r);
		out_arr_begin(c->out, "nexthops");
		hops_of_rmac(c, v.name, mac);
		out_arr_end(c->out);
		out_obj_end(c->out);
		return false;
	}
	out_printf(c->out, "MAC: %s\n", mac_format(r.mac, text));
	out_printf(c->out, " Remote VTEP: %s\n", ip_format(r.vtep, text));
	if (r.label)
		out_printf(c->out, " By a tunnel with VNI: %u\n", r.label);
	if (r.other.len)
		out_printf(c->out, " Also claimed by: %s\n", ip_format(r.other, text));
	hops_of_rmac(c, v.name, mac);
	show_evpn_text_install(c->out, r.install, r.error, r.error_text);
	return false;
}

/* --- next hops --- */

static struct show_sort *
hops_of(const struct show_ctx *c, const struct evpn_show_vrf *v)
{
	struct show_sort *s = show_sort_new(sizeof(struct evpn_show_hop));
	struct evpn_show_hop h = { .id = 0 };
	struct evpn_vrf_walk w;

	_Static_assert(offsetof(struct evpn_show_hop, ip) == 0, "sorted by address");
	evpn_vrf_walk_begin(c->eng->evpn, &w, v->name, EVPN_VRF_HOPS);
	while (evpn_vrf_walk_hop(&w, &h))
		show_sort_add(s, &h);
	evpn_vrf_walk_end(&w);
	show_sort_end(s);
	return s;
}

/* Its address; of several ways to one address, with the VNI that tells them apart. */
static const char *
hop_key(const struct evpn_show_hop *h, const struct evpn_show_vrf *v,
    char buf[IP_STRLEN + 12])
{
	char ip[IP_STRLEN];
	const uint32_t vni = h->label ? h->label : h->l3vni;

	ip_format(h->ip, ip);
	if (vni == v->l3vni)
		snprintf(buf, IP_STRLEN + 12, "%s", ip);
	else
		snprintf(buf, IP_STRLEN + 12, "%s/%u", ip, vni);
	return buf;
}

static void
json_hop(struct out *o, const struct evpn_show_hop *h, const struct evpn_show_vrf *v)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], key[IP_STRLEN + 12];

	out_obj_begin(o, hop_key(h, v, key));
	out_str(o, "nexthopIp", ip_format(h->ip, ip));
	out_bool(o, "gatewayHost", h->host);
	if (!h->host) {
		out_str(o, "routerMac", mac_format(h->mac, mac));
		out_str(o, "vtepIp", ip_format(h->vtep, ip));
	}
	out_uint(o, "vni", h->label ? h->label : h->l3vni);
	out_uint(o, "refCount", h->refs);
	if (h->why[0])
		out_str(o, "reason", h->why);
	show_evpn_json_install(o, h->install, h->error, h->error_text);
	out_obj_end(o);
}

static void
text_hop(struct out *o, const struct evpn_show_hop *h, const struct evpn_show_vrf *v)
{
	char mac[MAC_STRLEN], key[IP_STRLEN + 12];

	out_printf(o, "%-15s %-17s", hop_key(h, v, key),
	    h->host ? "host" : mac_format(h->mac, mac));
	if (h->why[0])
		out_printf(o, " %s", h->why);
	text_install(o, h->install, h->error, h->error_text);
}

static void
vrf_hops(const struct show_ctx *c, const struct evpn_show_vrf *v, bool all)
{
	struct show_sort *s = hops_of(c, v);
	const uint32_t n = show_sort_count(s);
	struct out *o = c->out;
	const void *key;

	if (c->json)
		json_begin(c, v, all, "numNextHops", n);
	else if (all)
		out_printf(o, "\nVNI %u #Next-Hops %u\n\n", v->l3vni, n);
	else
		out_printf(o, "Number of NH Neighbors known for this VNI: %u\n", n);
	if (!c->json)
		out_printf(o, "%-15s %-17s\n", "IP", "RMAC");
	while ((key = show_sort_next(s)) != NULL) {
		struct evpn_show_hop h;

		memcpy(&h, key, sizeof h);
		(c->json ? json_hop : text_hop)(o, &h, v);
	}
	if (c->json)
		out_obj_end(o);
	show_sort_free(s);
}

static bool
show_hops(struct show_ctx *c)
{
	return one_or_each(c, vrf_hops);
}

/* One next hop, with the prefixes that lead over it. */
struct one_hop {
	struct ip ip;		 /* of the next hop */
	struct prefix_dump dump; /* of the VRF */
	bool headed;		 /* its own facts are written */
};

/* Ways of a prefix over the next hop. */
static unsigned
ways_over(void *arg, const struct evpn_show_prefix *p)
{
	struct one_hop *q = arg;
	struct evpn_show_way *ways = xcalloc(p->ways + 1, sizeof *ways);
	size_t n = evpn_show_ways(q->dump.evpn, q->dump.vrf, p->prefix, ways, p->ways);
	unsigned used = 0;

	for (size_t i = 0; i < n; i++)
		used += ways[i].used && ip_equal(ways[i].hop, q->ip);
	free(ways);
	return used;
}

static bool
is_over(void *arg, const struct evpn_show_prefix *p)
{
	return p->source == EVPN_PREFIX_REMOTE && ways_over(arg, p) > 0;
}

static bool
find_hop(struct show_ctx *c, const struct one_hop *q, struct evpn_show_hop *out)
{
	struct evpn_vrf_walk w;
	bool found = false;

	evpn_vrf_walk_begin(c->eng->evpn, &w, q->dump.vrf, EVPN_VRF_HOPS);
	while (!found && evpn_vrf_walk_hop(&w, out))
		found = ip_equal(out->ip, q->ip);
	evpn_vrf_walk_end(&w);
	return found;
}

static void
head_hop(const struct show_ctx *c, const struct evpn_show_hop *h)
{
	struct out *o = c->out;
	char ip[IP_STRLEN], mac[MAC_STRLEN];

	ip_format(h->ip, ip);
	mac_format(h->mac, mac);
	if (!c->json) {
		out_printf(o, "Ip: %s\n  %s: %s\n  Refcount: %u\n", ip,
		    h->host ? "Host" : "RMAC", h->host ? "gateway of type 5" : mac,
		    h->refs);
		if (h->why[0])
			out_printf(o, "  Not wanted: %s\n", h->why);
		if (h->install != EVPN_NOT_WANTED)
			out_puts(o, " ");
		show_evpn_text_install(o, h->install, h->error, h->error_text);
		out_puts(o, "  Prefixes:\n");
		return;
	}
	out_obj_begin(o, NULL);
	out_str(o, "ip", ip);
	out_bool(o, "gatewayHost", h->host);
	if (!h->host)
		out_str(o, "routerMac", mac);
	out_uint(o, "refCount", h->refs);
	if (h->why[0])
		out_str(o, "reason", h->why);
	show_evpn_json_install(o, h->install, h->error, h->error_text);
	out_arr_begin(o, "prefixList");
}

static void
line_over(const struct show_ctx *c, struct one_hop *q, const struct evpn_show_prefix *p)
{
	char text[PREFIX_STRLEN];

	prefix_format(p->prefix, text);
	if (!c->json) {
		out_printf(c->out, "    %s\n", text);
		return;
	}
	out_obj_begin(c->out, NULL);
	out_str(c->out, "prefix", text);
	out_uint(c->out, "pathCount", ways_over(q, p));
	out_obj_end(c->out);
}

static bool
hop_begin(struct show_ctx *c)
{
	struct evpn_show_vrf v;
	struct evpn_show_hop h;
	struct one_hop *q;

	if (show_evpn_absent(c) || !vrf_arg(c, &v))
		return false;
	c->state = q = xcalloc(1, sizeof *q);
	ip_parse(cli_arg(c->args, "ip"), &q->ip); /* the pattern has checked it */
	prefix_dump_begin(&q->dump, c->eng->evpn, v.name);
	if (find_hop(c, q, &h))
		return true;
	show_evpn_nothing(c, "Requested next-hop not present for L3-VNI %u", v.l3vni);
	return false;
}

static bool
show_hop(struct show_ctx *c)
{
	struct one_hop *q = c->state;
	struct evpn_show_prefix p;
	struct evpn_show_hop h;

	if (!q && !hop_begin(c))
		return false;
	q = c->state;
	if (!prefix_dump_collect(c, &q->dump, is_over, q))
		return true;
	if (!q->headed) {
		q->headed = true;
		if (!find_hop(c, q, &h)) /* it has gone meanwhile */
			return show_evpn_nothing(c, "Requested next-hop has gone");
		head_hop(c, &h);
	}
	while (prefix_dump_next(&q->dump, &p)) {
		line_over(c, q, &p);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json) {
		out_arr_end(c->out);
		out_obj_end(c->out);
	}
	return false;
}

static void
hop_done(struct show_ctx *c)
{
	struct one_hop *q = c->state;

	if (q)
		prefix_dump_end(&q->dump);
	free(q);
}

#define ADDR "<A.B.C.D|X:X::X:X>$ip"

static const struct show_cmd rows[] = {
	{ "show evpn rmac vni <all|(1-16777215)>$vni [json]", "Router MACs of the fabric",
	    show_rmacs, NULL },
	{ "show evpn rmac vni (1-16777215)$vni mac X:X:X:X:X:X$mac [json]",
	    "One router MAC", show_rmac, NULL },
	{ "show evpn next-hops vni <all|(1-16777215)>$vni [json]",
	    "Next hops of the fabric", show_hops, NULL },
	{ "show evpn next-hops vni (1-16777215)$vni ip " ADDR " [json]", "One next hop",
	    show_hop, hop_done },
};

const struct show_table show_evpn_rmac_table = SHOW_TABLE(rows);
