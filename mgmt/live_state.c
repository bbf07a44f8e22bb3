/* SPDX-License-Identifier: ISC */
/* Live values that the engine knows: sessions, EVPN, routes. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/nht.h"
#include "bgpd/nlri.h"
#include "bgpd/peer.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/addrs.h"
#include "mgmt/live_priv.h"
#include "mgmt/show_l3vni.h"

/* An address, if the value is to be of its family. */
static void
add_ip(struct live *v, struct ip ip, const char *text)
{
	char word[IP_STRLEN];

	if ((v->ask->type == CLI_IPV4 && ip.len == 4) ||
	    (v->ask->type == CLI_IPV6 && ip.len == 16))
		live_add(v, ip_format(ip, word), text);
}

static void
add_prefix(struct live *v, struct prefix p)
{
	char word[PREFIX_STRLEN];

	if ((v->ask->type == CLI_IPV4_PREFIX && p.ip.len == 4) ||
	    (v->ask->type == CLI_IPV6_PREFIX && p.ip.len == 16))
		live_add(v, prefix_format(p, word), NULL);
}

static void
add_mac(struct live *v, struct mac mac)
{
	char word[MAC_STRLEN];

	live_add(v, mac_format(mac, word), NULL);
}

void
live_neighbors(struct live *v)
{
	struct bgp *b = v->eng->bgp;

	for (struct peer *p = b ? bgp_peer_first(b) : NULL; p && live_more(v);
	     p = bgp_peer_next(b, p))
		add_ip(v, p->addr, p->conf ? p->conf->description : NULL);
}

void
live_vnis(struct live *v)
{
	struct evpn_show_evi evi = { .vni = 0 };

	while (v->eng->evpn && live_more(v) &&
	       evpn_show_evi_next(v->eng->evpn, evi.vni, &evi)) {
		char word[16];

		snprintf(word, sizeof word, "%u", evi.vni);
		live_add(v, word, evi.why_down);
	}
}

void
live_vrfs(struct live *v)
{
	struct evpn_show_vrf vrf;
	char after[sizeof vrf.name] = "";

	while (v->eng->evpn && live_more(v) &&
	       evpn_show_vrf_next(v->eng->evpn, after, &vrf)) {
		live_add(v, vrf.name, NULL);
		memcpy(after, vrf.name, sizeof after);
	}
}

/* ---- of one VNI ---- */

/* The VNI that was typed, 0 if none or `all`. */
static uint32_t
vni_typed(const struct live *v)
{
	const char *s = live_arg(v, "vni");
	unsigned long long n = 0;

	if (!s || strcmp(s, "vni") == 0)
		s = live_arg(v, "number");
	return s && parse_u64(s, 1, UINT32_MAX, &n) ? (uint32_t)n : 0;
}

/* Of the VNIs that the line is about: the one that was typed, else all. */
static void
each_vni(struct live *v, void (*fn)(struct live *v, uint32_t vni))
{
	const uint32_t one = vni_typed(v);
	struct evpn_show_evi evi = { .vni = 0 };

	if (one && v->eng->evpn) {
		fn(v, one);
		return;
	}
	while (v->eng->evpn && live_more(v) &&
	       evpn_show_evi_next(v->eng->evpn, evi.vni, &evi))
		fn(v, evi.vni);
}

static void
macs_of(struct live *v, uint32_t vni)
{
	struct evpn_show_mac mac;
	struct evpn_walk w;

	if (!evpn_walk_begin(v->eng->evpn, &w, vni, ZL_KIND_MAC))
		return;
	while (evpn_walk_mac(&w, &mac) && live_more(v))
		add_mac(v, mac.mac);
	evpn_walk_end(&w);
}

static void
neighs_of(struct live *v, uint32_t vni)
{
	struct evpn_show_neigh neigh;
	struct evpn_walk w;

	if (!evpn_walk_begin(v->eng->evpn, &w, vni, ZL_KIND_NEIGH))
		return;
	while (evpn_walk_neigh(&w, &neigh) && live_more(v))
		add_ip(v, neigh.ip, NULL);
	evpn_walk_end(&w);
}

static void
vteps_of(struct live *v, uint32_t vni)
{
	struct evpn_show_vtep vtep;
	struct evpn_walk w;

	if (!evpn_walk_begin(v->eng->evpn, &w, vni, ZL_KIND_FLOOD))
		return;
	while (evpn_walk_vtep(&w, &vtep) && live_more(v))
		add_ip(v, vtep.vtep, NULL);
	evpn_walk_end(&w);
}

/* ---- of one VRF ---- */

static void
rmacs_of(struct live *v, const char *vrf)
{
	struct evpn_show_rmac rmac;
	struct evpn_vrf_walk w;

	if (!evpn_vrf_walk_begin(v->eng->evpn, &w, vrf, EVPN_VRF_RMACS))
		return;
	while (evpn_vrf_walk_rmac(&w, &rmac) && live_more(v))
		add_mac(v, rmac.mac);
	evpn_vrf_walk_end(&w);
}

static void
hops_of(struct live *v, const char *vrf)
{
	struct evpn_show_hop hop;
	struct evpn_vrf_walk w;

	if (!evpn_vrf_walk_begin(v->eng->evpn, &w, vrf, EVPN_VRF_HOPS))
		return;
	while (evpn_vrf_walk_hop(&w, &hop) && live_more(v))
		add_ip(v, hop.ip, NULL);
	evpn_vrf_walk_end(&w);
}

static void
prefixes_of(struct live *v, const char *vrf)
{
	struct evpn_show_prefix prefix;
	struct evpn_vrf_walk w;

	if (!evpn_vrf_walk_begin(v->eng->evpn, &w, vrf, EVPN_VRF_PREFIXES))
		return;
	while (evpn_vrf_walk_prefix(&w, &prefix) && live_more(v))
		add_prefix(v, prefix.prefix);
	evpn_vrf_walk_end(&w);
}

/* Of the VRF whose layer-3 VNI was typed. */
static void
of_l3vni(struct live *v, void (*fn)(struct live *v, const char *vrf))
{
	const uint32_t vni = vni_typed(v);
	struct evpn_show_vrf vrf;

	if (v->eng->evpn && vni && evpn_show_vrf_of_l3vni(v->eng->evpn, vni, &vrf))
		fn(v, vrf.name);
}

/* ---- of the EVPN routes ---- */

struct routes {
	struct live *v;
	struct rd rd; /* of these alone */
	bool by_rd;
	struct rd last; /* seen last; most routes come beside others of their RD */
	bool any;
	void (*fn)(struct routes *w, const struct rib *r, const struct rib_route *rt,
	    const struct evpn_nlri *n);
};

static bool
on_route(struct rib *r, uint32_t route, void *arg)
{
	struct routes *w = arg;
	const struct rib_route *rt = rib_route(r, route);
	struct evpn_nlri n;

	evpn_nlri_from_key(rib_head(r, rt->head), rt->tail, rt->len, &n);
	if (!w->by_rd || rd_equal(n.rd, w->rd))
		w->fn(w, r, rt, &n);
	return live_more(w->v);
}

static void
each_route(struct live *v, void (*fn)(struct routes *w, const struct rib *r,
			       const struct rib_route *rt, const struct evpn_nlri *n))
{
	struct routes w = { .v = v, .fn = fn };
	const char *rd = v->ask->type == CLI_RD ? NULL : live_arg(v, "rd");

	w.by_rd = rd && rd_parse(rd, &w.rd);
	if (v->eng->bgp)
		rib_foreach(bgp_rib(v->eng->bgp), on_route, &w);
}

static void
add_esi(struct live *v, struct esi esi)
{
	char word[ESI_STRLEN];

	if (!esi_is_zero(esi))
		live_add(v, esi_format(esi, word), NULL);
}

/* In the key of types 1 and 4, with the path of types 2 and 5. */
static void
route_esi(struct routes *w, const struct rib *r, const struct rib_route *rt,
    const struct evpn_nlri *n)
{
	add_esi(w->v, n->esi);
	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p))
		add_esi(w->v, rib_aux(r, p->aux)->esi);
}

static void
route_rd(struct routes *w, const struct rib *r, const struct rib_route *rt,
    const struct evpn_nlri *n)
{
	char word[RD_STRLEN];

	(void)r;
	(void)rt;
	if (w->any && rd_equal(n->rd, w->last))
		return;
	w->any = true;
	w->last = n->rd;
	live_add(w->v, rd_format(n->rd, word), NULL);
}

static void
route_mac(struct routes *w, const struct rib *r, const struct rib_route *rt,
    const struct evpn_nlri *n)
{
	(void)r;
	(void)rt;
	if (n->type == EVPN_MACIP)
		add_mac(w->v, n->mac);
}

static void
route_ip(struct routes *w, const struct rib *r, const struct rib_route *rt,
    const struct evpn_nlri *n)
{
	const char *mac = live_arg(w->v, "mac");
	struct mac m;

	(void)r;
	(void)rt;
	if (n->type == EVPN_MACIP && n->ip.len &&
	    (!mac || !mac_parse(mac, &m) || mac_equal(m, n->mac)))
		add_ip(w->v, n->ip, NULL);
}

static void
route_prefix(struct routes *w, const struct rib *r, const struct rib_route *rt,
    const struct evpn_nlri *n)
{
	(void)r;
	(void)rt;
	if (n->type == EVPN_PREFIX)
		add_prefix(w->v, (struct prefix){ n->ip, n->plen });
}

/* ---- by capture ---- */

void
live_esis(struct live *v)
{
	each_route(v, route_esi);
}

void
live_rds(struct live *v)
{
	each_route(v, route_rd);
}

void
live_macs(struct live *v)
{
	if (live_arg(v, "rd"))
		each_route(v, route_mac);
	else if (live_arg(v, "rmac"))
		of_l3vni(v, rmacs_of);
	else
		each_vni(v, macs_of);
}

void
live_addresses(struct live *v)
{
	const char *vrf = live_arg(v, "name");

	if (live_arg(v, "rd"))
		each_route(v, route_ip);
	else if (live_arg(v, "next-hops"))
		of_l3vni(v, hops_of);
	else if (!vrf)
		each_vni(v, neighs_of);
}

void
live_prefixes(struct live *v)
{
	const char *vrf = live_arg(v, "name");

	if (vrf && v->eng->evpn)
		prefixes_of(v, vrf);
	else if (live_arg(v, "rd"))
		each_route(v, route_prefix);
}

/* Of `fabric` it is this machine's own. */
void
live_vteps(struct live *v)
{
	if (v->ask->type == CLI_IFNAME)
		live_interfaces(v);
	else if (live_arg(v, "evpn") || live_arg(v, "show"))
		each_vni(v, vteps_of);
}

void
live_next_hops(struct live *v)
{
	const struct nht *n = v->eng->bgp ? bgp_nht(v->eng->bgp) : NULL;
	uint32_t h = NHT_NONE;

	while (n && (h = slab_next(&n->hops, h)) != 0 && live_more(v))
		if (nht_hop(n, h)->refs)
			add_ip(v, nht_hop(n, h)->ip, NULL);
}

/* Those that have an address or serve a VNI, and the addresses. */
void
live_interfaces(struct live *v)
{
	const struct addrs *t = v->eng->addrs;
	struct evpn_show_evi evi = { .vni = 0 };

	for (size_t i = 0; t && i < t->n && live_more(v); i++) {
		if (v->ask->type == CLI_IFNAME)
			live_add(v, t->a[i].ifname, NULL);
		add_ip(v, t->a[i].ip, t->a[i].ifname);
	}
	while (v->ask->type == CLI_IFNAME && v->eng->evpn && live_more(v) &&
	       evpn_show_evi_next(v->eng->evpn, evi.vni, &evi)) {
		if (!evi.observed)
			continue;
		live_add(v, evi.obs->vxlan, NULL);
		if (evi.obs->bridge[0])
			live_add(v, evi.obs->bridge, NULL);
		if (evi.obs->svi[0])
			live_add(v, evi.obs->svi, NULL);
	}
}

static void
add_rts(struct live *v, const struct rt_match *imports, size_t nimports,
    const struct ecom *exports, size_t nexports)
{
	char word[RT_STRLEN];

	for (size_t i = 0; i < nimports; i++)
		live_add(v, show_rt_match(&imports[i], word), NULL);
	for (size_t i = 0; i < nexports; i++)
		live_add(v, rt_format(exports[i], word), NULL);
}

/* Those of our own VNIs and VRFs. */
void
live_rts(struct live *v)
{
	struct evpn_show_evi evi = { .vni = 0 };
	struct evpn_show_vrf vrf;
	char after[sizeof vrf.name] = "";

	if (!v->eng->evpn || v->ask->type == CLI_LINE)
		return;
	while (live_more(v) && evpn_show_evi_next(v->eng->evpn, evi.vni, &evi))
		add_rts(v, evi.imports, evi.nimports, evi.exports, evi.nexports);
	while (live_more(v) && evpn_show_vrf_next(v->eng->evpn, after, &vrf)) {
		add_rts(v, vrf.imports, vrf.nimports, vrf.exports, vrf.nexports);
		memcpy(after, vrf.name, sizeof after);
	}
}
