/* SPDX-License-Identifier: ISC */
/* Read-only copies of what the tables hold. */
#include "config.h"

#include "evpn/evpn_show.h"

#include "evpn/core.h"
#include "evpn/show_priv.h"
#include "lib/util.h"

static uint32_t
seconds_since(const struct evpn *e, uint32_t when)
{
	uint32_t now = (uint32_t)(loop_now(e->loop).us / 1000000);

	return now > when ? now - when : 0;
}

/* --- install state --- */

enum evpn_install
show_install_of(const struct obj *o)
{
	static const uint8_t of[] = {
		[FIB_NONE] = EVPN_NOT_WANTED,
		[FIB_PENDING] = EVPN_PENDING,
		[FIB_INSTALLED] = EVPN_INSTALLED,
		[FIB_FAILED] = EVPN_FAILED,
		[FIB_DELETING] = EVPN_REMOVING,
	};

	return (enum evpn_install)of[o->fib];
}

const char *
evpn_install_name(enum evpn_install s)
{
	static const char *const names[] = { "-", "pending", "installed", "failed",
		"removing" };

	return names[s];
}

void
show_error_of(const struct evpn *e, uint32_t ref, int *error, const char **text)
{
	const struct fib_failure *f = fib_failure(e, ref);

	*error = f ? f->error : 0;
	*text = f ? f->text : "";
}

/* --- instances --- */

static void
show_evi(struct evpn *e, struct evi *evi, struct evpn_show_evi *o)
{
	*o = (struct evpn_show_evi){ .vni = evi->vni,
		.obs = &evi->obs,
		.observed = evi->observed,
		.active = evi->active,
		.up = evi->up,
		.why_down = evi->why,
		.since = (uint32_t)(mono_diff(loop_now(e->loop), evi->since) / 1000000),
		.rd = evi->rd,
		.rd_configured = evi->conf && evi->conf->rd_set,
		.imports = evi->imports,
		.nimports = evi->nimports,
		.exports = evi->exports,
		.nexports = evi->nexports,
		.imports_configured = evi->conf && evi->conf->nimports,
		.exports_configured = evi->conf && evi->conf->nexports,
		.advertise_svi_ip = evi->advertise_svi_ip,
		.advertise_default_gw = evi->advertise_default_gw,
		.flood = evi->flood,
		.macs = evi->objs[ZL_KIND_MAC].n,
		.local_macs = evi->nlocal_macs,
		.neighs = evi->objs[ZL_KIND_NEIGH].n,
		.vteps = evi->objs[ZL_KIND_FLOOD].n };
	if (evi->ident.imet)
		o->originator = evi->ident.vtep;
}

bool
evpn_show_evi(struct evpn *e, uint32_t vni, struct evpn_show_evi *out)
{
	struct evi *evi = evi_find(e, vni);

	if (evi)
		show_evi(e, evi, out);
	return evi != NULL;
}

bool
evpn_show_evi_next(struct evpn *e, uint32_t after, struct evpn_show_evi *out)
{
	struct evi *evi = evi_after(e, after);

	if (evi)
		show_evi(e, evi, out);
	return evi != NULL;
}

void
evpn_show_totals(const struct evpn *e, struct evpn_show_totals *t)
{
	const struct fib *f = &e->fib;
	uint32_t h;
	size_t i;

	*t = (struct evpn_show_totals){ .vnis = (uint32_t)e->evis.n,
		.macs = e->macs.cells.live,
		.neighs = e->neighs.cells.live,
		.vteps = e->floods.cells.live,
		.vrfs = (uint32_t)e->vrfs.n,
		.prefixes = e->l3.cells.live,
		.imports = e->import.imps.live,
		.queued = f->queued,
		.in_flight = f->nframes,
		.failures = f->fails.live,
		.sent = f->n.sent,
		.ok = f->n.ok,
		.failed = f->n.failed,
		.retries = f->n.retries,
		.drift = f->n.drift,
		.sweeps = f->n.syncs,
		.probes_sent = e->prober.asked,
		.probes_answered = e->prober.answered,
		.probes_lost = e->prober.lost,
		.probes_queued = e->prober.queued,
		.held = e->prober.held,
		.observed = e->observed,
		.synced = e->observed && !f->sync_due };
	for (i = 0; i < e->evis.n; i++) {
		t->active_vnis += e->evis.order[i]->active;
		t->up_vnis += e->evis.order[i]->up;
		t->local_macs += e->evis.order[i]->nlocal_macs;
	}
	for (h = e->macs.frozen; h; h = mac_local_of(e, mac_at(&e->macs, h))->fnext)
		t->frozen++;
	for (h = e->neighs.frozen; h;
	     h = ((const struct neigh_moved *)slab_ptr(&e->neighs.moved, h))->fnext)
		t->frozen_neighs++;
	t->bytes = slab_bytes(&e->macs.cells) + slab_bytes(&e->macs.locals) +
		   hidx_bytes(&e->macs.index) + slab_bytes(&e->neighs.cells) +
		   slab_bytes(&e->neighs.locals) + slab_bytes(&e->neighs.moved) +
		   hidx_bytes(&e->neighs.index) + slab_bytes(&e->floods.cells) +
		   hidx_bytes(&e->floods.index) + slab_bytes(&e->import.imps);
}

/* --- MACs --- */

static enum evpn_where
where_of(const struct macent *m)
{
	if (mob_is_local((enum mob_state)m->state))
		return EVPN_LOCAL;
	return m->state == MOB_NONE ? EVPN_AUTO : EVPN_REMOTE;
}

/* When the RIB's path behind a candidate came, or now. */
static uint32_t
imp_age(struct evpn *e, uint32_t imp)
{
	const struct rib_path *p =
	    imp ? rib_best(rib_route(e->rib, import_imp(&e->import, imp)->route)) : NULL;

	return p ? seconds_since(e, p->when) : 0;
}

static uint32_t
count_imps(const struct evpn *e, uint32_t h)
{
	uint32_t n = 0;

	for (; h; h = import_imp(&e->import, h)->onext)
		n++;
	return n;
}

static uint32_t
count_neighs(const struct evpn *e, uint32_t h)
{
	uint32_t n = 0;

	for (; h; h = neigh_local_of(e, neigh_at(&e->neighs, h))->next)
		n++;
	return n;
}

static void
show_mac(struct evpn *e, uint32_t h, struct evpn_show_mac *o)
{
	const struct macent *m = mac_at(&e->macs, h);
	const struct mac_local *l = mac_local_of(e, m);
	struct mac_port p = { 0 };

	*o = (struct evpn_show_mac){ .mac = m->addr,
		.where = where_of(m),
		.state = mob_state_name((enum mob_state)m->state),
		.vtep = evpn_ip(e, m->vtep),
		.remote_seq = m->rseq,
		.is_static = m->flags & MAC_LSTATIC,
		.svi = m->flags & MAC_LSVI,
		.remote_gateway = m->flags & MAC_RGATEWAY,
		.candidates = count_imps(e, m->imps),
		.neighs = count_neighs(e, m->neighs),
		.own_gateway = m->flags & MAC_LGATEWAY,
		.install = show_install_of(&m->obj) };
	mac_port_of(e, m, &p);
	memcpy(o->ifname, p.ifname, sizeof o->ifname);
	o->ifindex = p.ifindex;
	o->vid = p.vid;
	o->sticky = m->flags & (o->where == EVPN_LOCAL ? MAC_LSTICKY : MAC_RSTICKY);
	if (l) {
		o->local_seq = l->lseq;
		o->duplicate = l->dup.duplicate;
		o->frozen = l->dup.frozen;
		o->moves = l->dup.moves;
	}
	if (o->where == EVPN_LOCAL && l)
		o->uptime = seconds_since(e, l->since);
	else
		o->uptime = imp_age(e, m->best);
	show_error_of(e, obj_ref(ZL_KIND_MAC, h), &o->error, &o->error_text);
}

bool
evpn_show_mac(struct evpn *e, uint32_t vni, struct mac mac, struct evpn_show_mac *out)
{
	const struct evi *evi = evi_find(e, vni);
	uint32_t h = evi ? mac_find(e, evi->id, mac) : 0;

	if (h)
		show_mac(e, h, out);
	return h != 0;
}

/* --- neighbours --- */

static void
show_neigh_local(struct evpn *e, const struct neigh *n, struct evpn_show_neigh *o)
{
	const struct neigh_local *l = neigh_local_of(e, n);

	o->mac = mac_at(&e->macs, l->mac)->addr;
	o->where = EVPN_LOCAL;
	o->active = neigh_wins_local(e, n);
	o->is_static = n->flags & NEIGH_LSTATIC;
	o->svi = n->flags & NEIGH_LSVI;
	o->own_gateway = n->flags & NEIGH_LGATEWAY;
	o->held = l->probe.state == PROBE_HELD;
	o->probes = l->probe.tries;
	o->router = n->flags & NEIGH_LROUTER;
	o->uptime = seconds_since(e, l->since);
}

static void
show_neigh_remote(struct evpn *e, const struct neigh *n, struct evpn_show_neigh *o)
{
	const struct macent *m = mac_at(&e->macs, neigh_remote_mac(e, n));
	struct cand c;

	o->mac = m->addr;
	o->where = EVPN_REMOTE;
	o->active = n->obj.bits & FIB_WANTED;
	o->router = n->flags & NEIGH_RROUTER;
	if (import_cand(e, import_imp(&e->import, n->best), &c)) {
		o->vtep = evpn_ip(e, c.vtep);
		o->gateway = c.flags & CAND_GATEWAY;
		o->remote_seq = c.seq;
	}
	o->uptime = imp_age(e, n->best);
}

/* Its MAC's, and its own. */
static void
show_dup(struct evpn_show_neigh *o, const struct dup *d)
{
	o->duplicate |= d->duplicate;
	o->frozen |= d->frozen;
	o->moves = MAX(o->moves, d->moves);
}

static void
show_neigh(struct evpn *e, uint32_t h, struct evpn_show_neigh *o)
{
	const struct neigh *n = neigh_at(&e->neighs, h);
	const struct mac_local *l;
	uint32_t mac;

	*o = (struct evpn_show_neigh){ .ip = neigh_ip(n),
		.install = show_install_of(&n->obj) };
	if (neigh_local_of(e, n) && (neigh_wins_local(e, n) || !n->best)) {
		show_neigh_local(e, n, o);
		mac = neigh_local_of(e, n)->mac;
	} else if (n->best) {
		show_neigh_remote(e, n, o);
		mac = neigh_remote_mac(e, n);
	} else { /* only its removal is still on the way */
		show_error_of(e, obj_ref(ZL_KIND_NEIGH, h), &o->error, &o->error_text);
		return;
	}
	l = mac_local_of(e, mac_at(&e->macs, mac));
	if (l) {
		o->local_seq = l->lseq;
		show_dup(o, &l->dup);
	}
	if (neigh_dup(e, n))
		show_dup(o, neigh_dup(e, n));
	show_error_of(e, obj_ref(ZL_KIND_NEIGH, h), &o->error, &o->error_text);
}

bool
evpn_show_neigh(struct evpn *e, uint32_t vni, struct ip ip, struct evpn_show_neigh *out)
{
	const struct evi *evi = evi_find(e, vni);
	uint32_t h = evi ? neigh_find(e, evi->id, ip) : 0;

	if (h)
		show_neigh(e, h, out);
	return h != 0;
}

size_t
evpn_show_mac_neighs(
    struct evpn *e, uint32_t vni, struct mac mac, struct evpn_show_neigh *out, size_t max)
{
	const struct evi *evi = evi_find(e, vni);
	uint32_t h = evi ? mac_find(e, evi->id, mac) : 0, n, i;
	size_t have = 0;

	if (!h)
		return 0;
	for (n = mac_at(&e->macs, h)->neighs; n && have < max;
	     n = neigh_local_of(e, neigh_at(&e->neighs, n))->next)
		show_neigh(e, n, &out[have++]);
	for (i = mac_at(&e->macs, h)->imps; i && have < max;
	     i = import_imp(&e->import, i)->onext) {
		n = import_imp(&e->import, i)->neigh;
		/* One that is bound here locally too was listed above. */
		if (n && neigh_at(&e->neighs, n)->best == i &&
		    !neigh_at(&e->neighs, n)->local)
			show_neigh(e, n, &out[have++]);
	}
	return have;
}

/* --- flood lists --- */

static void
show_vtep(struct evpn *e, uint32_t h, struct evpn_show_vtep *o)
{
	const struct flood *f = flood_at(&e->floods, h);

	*o = (struct evpn_show_vtep){ .vtep = evpn_ip(e, f->vtep),
		.flood = f->obj.bits & FIB_WANTED,
		.routes = count_imps(e, f->imps),
		.install = show_install_of(&f->obj) };
	show_error_of(e, obj_ref(ZL_KIND_FLOOD, h), &o->error, &o->error_text);
}

/* --- walks --- */

bool
evpn_walk_begin(struct evpn *e, struct evpn_walk *w, uint32_t vni, enum zl_kind kind)
{
	const struct evi *evi = evi_find(e, vni);

	*w = (struct evpn_walk){ .e = evi ? e : NULL };
	if (evi)
		obj_walk_begin(e, &w->w, evi, kind);
	return evi != NULL;
}

void
evpn_walk_end(struct evpn_walk *w)
{
	if (w->e)
		obj_walk_end(w->e, &w->w);
	w->e = NULL;
}

static uint32_t
walk_next(struct evpn_walk *w)
{
	return w->e ? obj_walk_next(w->e, &w->w) : 0;
}

bool
evpn_walk_mac(struct evpn_walk *w, struct evpn_show_mac *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_mac(w->e, h, out);
	return h != 0;
}

bool
evpn_walk_neigh(struct evpn_walk *w, struct evpn_show_neigh *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_neigh(w->e, h, out);
	return h != 0;
}

bool
evpn_walk_vtep(struct evpn_walk *w, struct evpn_show_vtep *out)
{
	uint32_t h = walk_next(w);

	if (h)
		show_vtep(w->e, h, out);
	return h != 0;
}

/* --- failures --- */

void
show_describe(struct evpn *e, uint32_t ref, struct evpn_show_failure *out)
{
	const struct obj *o = obj_ptr(e, ref);
	struct zl_want w = { 0 };

	fib_describe(e, ref, &w);
	*out = (struct evpn_show_failure){ .vni = w.vni,
		.vrf = obj_of_vrf(ref) ? obj_vrf(e, o)->name : "",
		.text = "",
		.id = w.id,
		.plen = w.plen,
		.kind = w.kind,
		.op = o->bits & FIB_WANTED ? ZL_SET : ZL_DEL,
		.mac = w.mac,
		.ip = w.ip,
		.vtep = w.vtep };
}

bool
evpn_show_failure_next(struct evpn *e, uint32_t *at, struct evpn_show_failure *out)
{
	const struct fib_failure *f = fib_failure_next(e, at);

	if (!f)
		return false;
	show_describe(e, f->ref, out);
	out->error = f->error;
	out->text = f->text;
	out->attempts = f->attempts;
	out->retry_us = mono_diff(f->due, loop_now(e->loop));
	if (out->retry_us < 0)
		out->retry_us = 0;
	return true;
}

size_t
evpn_show_route_vnis(struct evpn *e, uint32_t route, uint32_t *vnis, size_t max)
{
	uint32_t h = import_first(e, route);
	size_t n = 0;

	for (; h && n < max; h = import_imp(&e->import, h)->rnext) {
		uint32_t ref = import_imp(&e->import, h)->obj;

		if (!obj_of_vrf(ref))
			vnis[n++] = obj_evi(e, obj_ptr(e, ref))->vni;
	}
	return n;
}

static size_t
routes_of(struct evpn *e, uint32_t imps, uint32_t *routes, size_t max)
{
	size_t n = 0;

	for (; imps && n < max; imps = import_imp(&e->import, imps)->onext)
		routes[n++] = import_imp(&e->import, imps)->route;
	return n;
}

size_t
evpn_show_mac_routes(
    struct evpn *e, uint32_t vni, struct mac mac, uint32_t *routes, size_t max)
{
	const struct evi *evi = evi_find(e, vni);
	uint32_t h = evi ? mac_find(e, evi->id, mac) : 0;

	return h ? routes_of(e, mac_at(&e->macs, h)->imps, routes, max) : 0;
}

size_t
evpn_show_vtep_routes(
    struct evpn *e, uint32_t vni, struct ip vtep, uint32_t *routes, size_t max)
{
	const struct evi *evi = evi_find(e, vni);
	uint32_t ip = intern_find(&e->ips, &vtep, sizeof vtep);
	uint32_t h = evi && ip ? flood_find(e, evi->id, ip) : 0;

	return h ? routes_of(e, flood_at(&e->floods, h)->imps, routes, max) : 0;
}
