/* SPDX-License-Identifier: ISC */
/* Read-only copies of what is known of VRFs. */
#include "config.h"

#include "evpn/evpn_show_l3.h"

#include "evpn/core.h"
#include "evpn/show_priv.h"

/* --- VRFs --- */

static void
show_vrf(struct evpn *e, struct vrf *v, struct evpn_show_vrf *o)
{
	*o = (struct evpn_show_vrf){ .conf = v->conf,
		.observed = v->observed,
		.ifindex = v->obs.ifindex,
		.table = v->obs.table,
		.l3vni = v->l3vni  ? v->l3vni
			 : v->conf ? v->conf->l3vni
				   : 0,
		.obs = v->evi && v->evi->observed ? &v->evi->obs : NULL,
		.up = v->up,
		.why_down = v->why,
		.since = (uint32_t)(mono_diff(loop_now(e->loop), v->since) / 1000000),
		.rd = v->rd,
		.rd_configured = v->conf && v->conf->rd_set,
		.imports = v->imports,
		.nimports = v->nimports,
		.exports = v->exports,
		.nexports = v->nexports,
		.imports_configured = v->conf && v->conf->nimports,
		.exports_configured = v->conf && v->conf->nexports,
		.rmac = v->rmac,
		.vtep = v->vtep,
		.rmacs = vrf_list(v, OBJ_RMAC)->n,
		.hops = vrf_list(v, ZL_KIND_HOP)->n,
		.groups = vrf_list(v, ZL_KIND_GROUP)->n,
		.prefixes = vrf_list(v, ZL_KIND_ROUTE)->n };
	memcpy(o->name, v->name, sizeof o->name);
}

bool
evpn_show_vrf_next(struct evpn *e, const char *after, struct evpn_show_vrf *out)
{
	struct vrf *v = vrf_after(e, after);

	if (v)
		show_vrf(e, v, out);
	return v != NULL;
}

bool
evpn_show_vrf(struct evpn *e, const char *name, struct evpn_show_vrf *out)
{
	struct vrf *v = vrf_find(e, name);

	if (v)
		show_vrf(e, v, out);
	return v != NULL;
}

bool
evpn_show_vrf_of_l3vni(struct evpn *e, uint32_t l3vni, struct evpn_show_vrf *out)
{
	const struct evi *evi = evi_find(e, l3vni);

	if (evi && evi->l3vrf)
		show_vrf(e, evi->l3vrf, out);
	return evi && evi->l3vrf;
}

size_t
evpn_show_vrf_l2vnis(struct evpn *e, const char *name, uint32_t *vnis, size_t max)
{
	const struct vrf *v = vrf_find(e, name);
	const struct evi *evi;
	size_t n = 0, i;

	for (evi = v ? v->evis : NULL; evi && n < max; evi = evi->vrf_next) {
		if (evi->l3vrf)
			continue;
		for (i = n++; i > 0 && vnis[i - 1] > evi->vni; i--)
			vnis[i] = vnis[i - 1];
		vnis[i] = evi->vni;
	}
	return n;
}

/* --- router MACs --- */

static void
show_rmac(struct evpn *e, uint32_t h, struct evpn_show_rmac *o)
{
	const struct rmac *m = rmac_at(&e->routers, h);
	uint32_t c;

	*o = (struct evpn_show_rmac){ .mac = m->addr,
		.vtep = evpn_ip(e, m->vtep),
		.install = show_install_of(&m->obj) };
	for (c = m->claims; c; c = router_claim_at(&e->routers, c)->rnext) {
		uint32_t rh = router_claim_at(&e->routers, c)->router;
		const struct router *r = router_at(&e->routers, rh);

		/* A tunnel of its own needs no entry, and an older claim counts no more. */
		if (r->label && !m->router) {
			o->vtep = evpn_ip(e, r->vtep);
			o->label = r->label;
		}
		if (r->label || r->claims != c)
			continue;
		o->vteps++;
		if (rh != m->router)
			o->other = evpn_ip(e, r->vtep);
	}
	show_error_of(e, obj_ref(OBJ_RMAC, h), &o->error, &o->error_text);
}

/* --- next hops --- */

static void
show_hop(struct evpn *e, uint32_t h, struct evpn_show_hop *o)
{
	const struct hop *p = hop_at(&e->hops, h);
	const struct router *r = p->host ? NULL : router_at(&e->routers, p->router);

	*o = (struct evpn_show_hop){ .ip = hop_gateway(e, p),
		.host = p->host != 0,
		.l3vni = p->host ? p->vni : obj_vrf(e, &p->obj)->l3vni,
		.refs = p->nimps,
		.id = way_of_hop(h),
		.why = "",
		.install = show_install_of(&p->obj) };
	if (r) {
		o->vtep = evpn_ip(e, r->vtep);
		o->mac = r->mac;
		o->label = r->label;
		o->unreachable = r->cut;
		o->why = r->cut	      ? "VTEP is unreachable"
			 : r->blocked ? l3_why_text(L3_TAKEN)
				      : "";
	} else if (!hop_usable(e, h)) {
		o->why = l3_why_text(L3_GW_DOWN);
	}
	show_error_of(e, obj_ref(ZL_KIND_HOP, h), &o->error, &o->error_text);
}

/* --- prefixes --- */

const char *
evpn_prefix_source_name(enum evpn_prefix_source s)
{
	static const char *const names[] = { "none", "fabric", "kernel", "local host",
		"leaked", "unreachable", "table" };

	return names[s];
}

static enum evpn_prefix_source
source_of(struct evpn *e, uint32_t h)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);
	struct l3_said said;

	if (p->local)
		return p->flags & PFX_LEAK ? EVPN_PREFIX_LEAKED : EVPN_PREFIX_KERNEL;
	if (p->target)
		return EVPN_PREFIX_REMOTE;
	if (l3_by_table(e, obj_vrf(e, &p->obj), p, &said))
		return EVPN_PREFIX_TABLE;
	if (p->best && l3_host_here(e, h))
		return EVPN_PREFIX_HOST;
	return p->flags & PFX_UNREACH ? EVPN_PREFIX_UNREACHABLE : EVPN_PREFIX_NONE;
}

static void
show_local(const struct evpn *e, const struct l3_prefix *p, struct evpn_show_prefix *o)
{
	const struct l3_local *l = l3_local_at(&e->l3, p->local);

	o->proto = l->proto;
	o->connected = l->flags & ZL_ROUTE_CONNECTED;
	o->blackhole = l->flags & ZL_ROUTE_BLACKHOLE;
	o->metric = l->metric;
	o->gateway = l->gateway;
	memcpy(o->ifname, l->ifname, sizeof o->ifname);
	if (p->flags & PFX_LEAK && e->vrfs.slots[l->from])
		memcpy(o->from, e->vrfs.slots[l->from]->name, sizeof o->from);
}

static void
show_prefix(struct evpn *e, uint32_t h, struct evpn_show_prefix *o)
{
	const struct l3_prefix *p = l3_at(&e->l3, h);
	uint32_t i;

	*o = (struct evpn_show_prefix){ .prefix = l3_prefix_of(p),
		.source = source_of(e, h),
		.best = p->best ? import_imp(&e->import, p->best)->route : 0,
		.exported = p->flags & PFX_EXPORTED,
		.id = p->target,
		.install = show_install_of(&p->obj),
		.since = { (int64_t)p->since * 1000000 } };
	for (i = p->imps; i; i = import_imp(&e->import, i)->onext) {
		o->ways++;
		o->used += o->source == EVPN_PREFIX_REMOTE && l3_way_used(e, p, i);
	}
	if (p->local)
		show_local(e, p, o);
	show_error_of(e, obj_ref(ZL_KIND_ROUTE, h), &o->error, &o->error_text);
}

static uint32_t
prefix_find(const struct evpn *e, const char *vrf, struct prefix prefix)
{
	const struct vrf *v = vrf_find(e, vrf);

	return v ? l3_find(e, v, prefix_mask(prefix)) : 0;
}

bool
evpn_show_prefix(
    struct evpn *e, const char *vrf, struct prefix prefix, struct evpn_show_prefix *out)
{
	uint32_t h = prefix_find(e, vrf, prefix);

	if (h)
		show_prefix(e, h, out);
	return h != 0;
}

bool
evpn_show_lookup(
    struct evpn *e, const char *vrf, struct ip ip, struct evpn_show_prefix *out)
{
	const struct vrf *v = vrf_find(e, vrf);
	int plen;

	for (plen = v ? ip.len * 8 : -1; plen >= 0; plen--) {
		struct prefix q = prefix_mask((struct prefix){ ip, (uint8_t)plen });
		uint32_t h = l3_find(e, v, q);

		if (!h)
			continue;
		show_prefix(e, h, out);
		/* A host of ours is reached by its subnet's route; what is only told leads nowhere. */
		if (out->source != EVPN_PREFIX_NONE && out->source != EVPN_PREFIX_HOST &&
		    out->source != EVPN_PREFIX_TABLE)
			return true;
	}
	return false;
}

/* --- ways --- */

static void
show_way(struct evpn *e, const struct l3_prefix *p, uint32_t imp, struct evpn_show_way *o)
{
	const struct imp *i = import_imp(&e->import, imp);
	const struct rib_path *path = rib_best(rib_route(e->rib, i->route));
	const struct attrset *s = path ? attrset_get(e->attrs, path->attrs) : NULL;

	*o = (struct evpn_show_way){ .route = i->route,
		.type5 = i->type5,
		.usable = l3_imp_why(e, i) == L3_OK,
		.used = p->target && l3_way_used(e, p, imp),
		.best = p->best == imp,
		.why = l3_why_text(l3_imp_why(e, i)) };
	if (s) {
		o->vtep = s->a.nexthop;
		o->rmac = s->derived & ATTRSET_ROUTER_MAC ? s->router_mac
							  : (struct mac){ { 0 } };
		o->label = rib_label(i->type5 ? path->label1 : path->label2);
		o->gw = rib_aux(e->rib, path->aux)->gw;
	}
	if (i->hop) {
		const struct hop *hop = hop_at(&e->hops, i->hop);

		o->hop = hop_gateway(e, hop);
		o->hop_l3vni = hop->host ? hop->vni : obj_vrf(e, &hop->obj)->l3vni;
	}
}

size_t
evpn_show_ways(struct evpn *e, const char *vrf, struct prefix prefix,
    struct evpn_show_way *out, size_t max)
{
	uint32_t h = prefix_find(e, vrf, prefix), i;
	const struct l3_prefix *p = h ? l3_at(&e->l3, h) : NULL;
	size_t n = 0;

	for (i = p ? p->imps : 0; i && n < max; i = import_imp(&e->import, i)->onext)
		show_way(e, p, i, &out[n++]);
	return n;
}

size_t
evpn_show_route_vrfs(struct evpn *e, uint32_t route, const char **names, size_t max)
{
	uint32_t h = import_first(e, route);
	size_t n = 0;

	for (; h && n < max; h = import_imp(&e->import, h)->rnext) {
		const struct imp *i = import_imp(&e->import, h);

		if (obj_of_vrf(i->obj))
			names[n++] = obj_vrf(e, obj_ptr(e, i->obj))->name;
	}
	return n;
}

/* --- walks --- */

bool
evpn_vrf_walk_begin(
    struct evpn *e, struct evpn_vrf_walk *w, const char *vrf, enum evpn_vrf_list list)
{
	static const uint8_t kinds[] = { [EVPN_VRF_RMACS] = OBJ_RMAC,
		[EVPN_VRF_HOPS] = ZL_KIND_HOP,
		[EVPN_VRF_PREFIXES] = ZL_KIND_ROUTE };
	const struct vrf *v = vrf_find(e, vrf);

	*w = (struct evpn_vrf_walk){ .e = v ? e : NULL };
	if (v)
		obj_walk_vrf(e, &w->w, v, kinds[list]);
	return v != NULL;
}

void
evpn_vrf_walk_end(struct evpn_vrf_walk *w)
{
	if (w->e)
		obj_walk_end(w->e, &w->w);
	w->e = NULL;
}

static uint32_t
walk_next(struct evpn_vrf_walk *w)
{
	return w->e ? obj_walk_next(w->e, &w->w) : 0;
}

bool
evpn_vrf_walk_rmac(struct evpn_vrf_walk *w, struct evpn_show_rmac *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_rmac(w->e, h, out);
	return h != 0;
}

bool
evpn_vrf_walk_hop(struct evpn_vrf_walk *w, struct evpn_show_hop *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_hop(w->e, h, out);
	return h != 0;
}

bool
evpn_vrf_walk_prefix(struct evpn_vrf_walk *w, struct evpn_show_prefix *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_prefix(w->e, h, out);
	return h != 0;
}
