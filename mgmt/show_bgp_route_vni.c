/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn route vni <N|all> ...`: own and imported routes of a VNI, without their RDs.
 *
 * There is no table of routes per VNI: a VNI knows its MACs and flood targets, and these
 * know the routes that name them.  Routes of several RDs that are the same but for
 * the RD are shown as one prefix with several paths, the winner marked. */
#include "config.h"

#include "mgmt/show_bgp_route_vni.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_route.h"
#include "mgmt/show_util.h"

/* Routes of one MAC or VTEP, and who wins. */
struct gathered {
	struct rib *rib;  /* borrowed */
	uint32_t *h;	  /* handles; owned */
	size_t n;	  /* of them */
	struct ip winner; /* next hop of the remote routes that win; none: not those */
	bool local;	  /* the local routes win */
	struct evpn_show_evi v; /* the VNI */
};

/* --- gathering --- */

static void
add_own(struct gathered *g, const struct evpn_nlri *n)
{
	struct rib_key k;
	uint32_t h;

	evpn_nlri_key(n, &k);
	h = rib_find(g->rib, &k);
	if (h && rib_path_of(g->rib, rib_route(g->rib, h), 0))
		g->h[g->n++] = h;
}

static void
gather_mac(const struct show_ctx *c, uint32_t vni, struct mac mac, struct gathered *g)
{
	struct evpn *e = c->eng->evpn;
	struct evpn_nlri own = { .type = EVPN_MACIP, .rd = g->v.rd, .mac = mac };
	struct evpn_show_neigh *a;
	struct evpn_show_mac m;
	size_t n, max;

	if (!evpn_show_mac(e, vni, mac, &m))
		return;
	max = (size_t)m.candidates + m.neighs;
	g->h = xcalloc(max + 1, sizeof *g->h);
	g->n = evpn_show_mac_routes(e, vni, mac, g->h, m.candidates);
	g->local = m.where == EVPN_LOCAL;
	if (m.where == EVPN_REMOTE)
		g->winner = m.vtep;
	add_own(g, &own);
	a = xcalloc(max + 1, sizeof *a);
	n = evpn_show_mac_neighs(e, vni, mac, a, max);
	for (size_t i = 0; i < n && g->n <= max; i++) {
		if (a[i].where != EVPN_LOCAL)
			continue;
		own.ip = a[i].ip;
		add_own(g, &own);
	}
	free(a);
}

static void
gather_vtep(const struct show_ctx *c, uint32_t vni, struct ip vtep, struct gathered *g)
{
	struct evpn_nlri own = { .type = EVPN_IMET, .rd = g->v.rd, .ip = vtep };
	size_t n, max = 8;

	for (;; max *= 2) {
		g->h = xrealloc(g->h, (max + 1) * sizeof *g->h);
		n = evpn_show_vtep_routes(c->eng->evpn, vni, vtep, g->h, max);
		if (n < max)
			break;
	}
	g->n = n;
	g->local = true; /* of one originator: every RD's own is good */
	g->winner = vtep;
	if (ip_equal(vtep, g->v.originator))
		add_own(g, &own);
}

/* Without the RD: Ethernet tag, then the tail. */
static int
prefix_cmp(const void *a, const void *b, void *rib)
{
	const struct rib_route *ra = rib_route(rib, *(const uint32_t *)a);
	const struct rib_route *rb = rib_route(rib, *(const uint32_t *)b);
	const size_t rd = sizeof(struct rd);
	int d =
	    memcmp(rib_head(rib, ra->head)->b + rd, rib_head(rib, rb->head)->b + rd, 4);

	if (d == 0)
		d = memcmp(ra->tail, rb->tail, MIN(ra->len, rb->len));
	return d ? d : ra->len - rb->len;
}

/* Leaves those that are asked for, sorted. */
static void
filter(struct gathered *g, const struct evpn_dump *d)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct rib_route *rt = rib_route(g->rib, g->h[i]);
		const struct rib_path *p = rib_best(rt);
		struct evpn_nlri nlri;

		if (!p)
			continue;
		evpn_nlri_from_key(rib_head(g->rib, rt->head), rt->tail, rt->len, &nlri);
		if (d->ip.len && !ip_equal(nlri.ip, d->ip))
			continue;
		if (d->vtep.len &&
		    !ip_equal(
			attrset_get(rib_attrtab(g->rib), p->attrs)->a.nexthop, d->vtep))
			continue;
		g->h[n++] = g->h[i];
	}
	g->n = n;
	if (n)
		qsort_r(g->h, n, sizeof *g->h, prefix_cmp, g->rib);
}

static bool
wins(const struct gathered *g, uint32_t h)
{
	const struct rib_path *p = rib_best(rib_route(g->rib, h));

	if (!p)
		return false;
	if (rib_peer(g->rib, p->peer)->local)
		return g->local;
	return ip_equal(attrset_get(rib_attrtab(g->rib), p->attrs)->a.nexthop, g->winner);
}

/* --- writing --- */

/* Routes from..to are one prefix.  detail: the long form. */
static void
write_prefix(const struct show_ctx *c, struct evpn_dump *d, const struct gathered *g,
    size_t from, size_t to)
{
	struct out *o = c->out;
	struct show_route s;
	bool won = false;

	show_route_init(&s, g->rib, g->h[from]);
	d->prefixes++;
	if (c->json) {
		out_obj_begin(o, s.text);
		out_str(o, "prefix", s.text);
		out_uint(o, "prefixLen", SHOW_ROUTE_PREFIX_LEN);
		out_arr_begin(o, "paths");
	}
	for (size_t i = from; i < to; i++) {
		show_route_init(&s, g->rib, g->h[i]);
		s.beaten = won || !wins(g, g->h[i]);
		won |= !s.beaten;
		d->paths += c->json ? show_route_json_members(c, &s, true)
				    : show_route_lines(c, &s);
	}
	if (c->json) {
		out_arr_end(o);
		out_obj_end(o);
	}
}

static struct gathered
gather(const struct show_ctx *c, const struct evpn_dump *d, const uint8_t *key)
{
	struct gathered g = { .rib = bgp_rib(c->eng->bgp) };
	struct mac mac;
	struct ip ip;

	if (!evpn_show_evi(c->eng->evpn, d->vni, &g.v))
		return g;
	if (key[0] == EVPN_MACIP) {
		memcpy(mac.b, key + 1, sizeof mac.b);
		gather_mac(c, d->vni, mac, &g);
	} else {
		ip.len = key[1];
		memcpy(ip.b, key + 2, sizeof ip.b);
		gather_vtep(c, d->vni, ip, &g);
	}
	filter(&g, d);
	return g;
}

static void
item(const struct show_ctx *c, struct evpn_dump *d, const uint8_t *key)
{
	struct gathered g = gather(c, d, key);
	size_t from = 0;

	if (!c->json && d->prefixes == 0 && g.n)
		show_route_table_head(c, false);
	for (size_t i = 1; i <= g.n; i++) {
		if (i < g.n && prefix_cmp(&g.h[from], &g.h[i], g.rib) == 0)
			continue;
		write_prefix(c, d, &g, from, i);
		from = i;
	}
	free(g.h);
}

static void
head(const struct show_ctx *c, struct evpn_dump *d, uint32_t count)
{
	char vni[12];

	(void)count;
	snprintf(vni, sizeof vni, "%u", d->vni);
	if (c->json) {
		out_obj_begin(c->out, vni);
		if (d->all)
			out_uint(c->out, "vni", d->vni);
	} else if (d->all)
		out_printf(c->out, "\nVNI: %s\n\n", vni);
}

static void
tail(const struct show_ctx *c, struct evpn_dump *d)
{
	if (c->json) {
		out_uint(c->out, "numPrefix", d->prefixes);
		out_uint(c->out, "numPaths", d->paths);
		out_obj_end(c->out);
	} else if (d->prefixes)
		out_printf(c->out, "\nDisplayed %u prefixes (%u paths)%s\n", d->prefixes,
		    d->paths, d->type ? " (of requested type)" : "");
	else
		out_printf(c->out, "No EVPN prefixes %sexist for this VNI\n",
		    d->type ? "(of requested type) " : "");
}

/* --- walking: MACs, then flood targets, then this router's own type 3 --- */

static bool
next_mac(struct evpn_dump *d, uint8_t *key, bool *keep)
{
	struct evpn_show_mac m;

	if (!evpn_walk_mac(&d->walk, &m))
		return false;
	key[0] = EVPN_MACIP;
	memcpy(key + 1, m.mac.b, sizeof m.mac.b);
	*keep = (!d->type || d->type == EVPN_MACIP) &&
		(mac_is_zero(d->mac) || mac_equal(m.mac, d->mac));
	return true;
}

static bool
vtep_key(const struct evpn_dump *d, struct ip vtep, uint8_t *key, bool *keep)
{
	key[0] = EVPN_IMET;
	key[1] = vtep.len;
	memcpy(key + 2, vtep.b, sizeof vtep.b);
	*keep = (!d->type || d->type == EVPN_IMET) && mac_is_zero(d->mac) && !d->ip.len;
	return true;
}

static bool
next(struct evpn_dump *d, uint8_t *key, bool *keep)
{
	struct evpn *e = d->evpn;
	struct evpn_show_vtep v;
	struct evpn_show_evi evi;

	memset(key, 0, EVPN_KEY_MAX);
	if (d->phase == 0) {
		if (next_mac(d, key, keep))
			return true;
		d->phase = 1;
		evpn_walk_end(&d->walk);
		evpn_walk_begin(e, &d->walk, d->vni, ZL_KIND_FLOOD);
	}
	if (d->phase == 1) {
		if (evpn_walk_vtep(&d->walk, &v))
			return vtep_key(d, v.vtep, key, keep);
		d->phase = 2;
		if (evpn_show_evi(e, d->vni, &evi) && evi.originator.len)
			return vtep_key(d, evi.originator, key, keep);
	}
	return false;
}

static const struct evpn_dump_ops ops = {
	.kind = ZL_KIND_MAC,
	.keysize = EVPN_KEY_MAX,
	.next = next,
	.head = head,
	.item = item,
	.tail = tail,
};

static bool
show_routes(struct show_ctx *c)
{
	if (!c->state)
		out_json_compact(c->out);
	return evpn_dump_run(c, &ops);
}

/* --- one prefix --- */

static void
json_one(const struct show_ctx *c, const struct gathered *g)
{
	struct show_route s;
	unsigned paths = 0;

	out_obj_begin(c->out, NULL);
	if (g->n) {
		show_route_init(&s, g->rib, g->h[0]);
		out_str(c->out, "rd", ""); /* there may be several */
		show_route_json_key(c->out, &s.nlri);
		out_arr_begin(c->out, "paths");
		for (size_t i = 0; i < g->n; i++) {
			show_route_init(&s, g->rib, g->h[i]);
			s.beaten = !wins(g, g->h[i]);
			paths += show_route_json_detail_members(c, &s);
		}
		out_arr_end(c->out);
		out_uint(c->out, "numPaths", paths);
	}
	out_obj_end(c->out);
}

static void
text_one(struct show_ctx *c, const struct gathered *g)
{
	struct show_route s;
	unsigned paths = 0;

	for (size_t i = 0; i < g->n; i++) {
		show_route_init(&s, g->rib, g->h[i]);
		s.beaten = !wins(g, g->h[i]);
		paths += show_route_detail(c, &s);
	}
	if (g->n)
		out_printf(c->out, "\nDisplayed %u paths for requested prefix\n", paths);
	else
		show_fail(c, "Network not in table");
}

/* The routes of this MAC with this address, or without any. */
static void
only_this(struct gathered *g, struct ip ip)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct rib_route *rt = rib_route(g->rib, g->h[i]);
		struct evpn_nlri nlri;

		evpn_nlri_from_key(rib_head(g->rib, rt->head), rt->tail, rt->len, &nlri);
		if (ip_equal(nlri.ip, ip))
			g->h[n++] = g->h[i];
	}
	g->n = n;
}

static bool
show_one(struct show_ctx *c)
{
	struct evpn_dump d = { .all = false };
	uint8_t key[EVPN_KEY_MAX] = { EVPN_MACIP };
	struct evpn_show_evi evi;
	struct ip ip = { 0 };
	struct gathered g;
	struct mac mac;

	if (show_evpn_absent(c) || !show_evpn_vni_arg(c, &evi))
		return false;
	/* The pattern has checked the values. */
	mac_parse(cli_arg(c->args, "mac"), &mac);
	if (cli_arg(c->args, "ip"))
		ip_parse(cli_arg(c->args, "ip"), &ip);
	memcpy(key + 1, mac.b, sizeof mac.b);
	d.vni = evi.vni;
	g = gather(c, &d, key);
	only_this(&g, ip);
	if (c->json)
		json_one(c, &g);
	else
		text_one(c, &g);
	free(g.h);
	return false;
}

#define VNI "vni <(1-16777215)|all>$vni"
#define ADDR "<A.B.C.D|X:X::X:X>"

static const struct show_cmd rows[] = {
	{ "show bgp l2vpn evpn route " VNI " [type " SHOW_ROUTE_TYPES "] [vtep " ADDR
	  "$vtep] [json]",
	    "Routes of a VNI, own and imported", show_routes, evpn_dump_done },
	{ "show bgp l2vpn evpn route vni (1-16777215)$vni mac X:X:X:X:X:X$mac [ip " ADDR
	  "$ip] [json]",
	    "One MAC or MAC and IP route of a VNI", show_one, NULL },
	{ "show bgp " VNI " [type " SHOW_ROUTE_TYPES "] [vtep " ADDR
	  "$vtep] [<mac X:X:X:X:X:X$mac|ip " ADDR "$ip>] [json]",
	    "Routes of a VNI, own and imported", show_routes, evpn_dump_done },
};

const struct show_table show_bgp_route_vni_table = SHOW_TABLE(rows);
