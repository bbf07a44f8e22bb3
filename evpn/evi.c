/* SPDX-License-Identifier: ISC */
/* Instances: from observed state, configuration and router id to what is in force. */
#include "config.h"

#include "evpn/evi.h"

#include <stdio.h>
#include <stdlib.h>

#include "evpn/core.h"
#include "evpn/news.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.evi");
COUNTER(evi_no_id);

/* The VXLAN type and the 24-bit service id of an automatic route target, RFC 8365 5.1.2.1. */
#define AUTORT_VXLAN 0x10000000u
#define EVI_MAX 65535u

/* Everything about an instance that follows from the three facts. */
struct wanted {
	const struct vni_conf *conf;
	bool active, importing, up, dp_up, flood, svi_ip, default_gw;
	struct rd rd;
	const char *why;
	struct rt_match *imports; /* owned */
	struct ecom *exports;	  /* owned */
	size_t nimports, nexports;
};

/* --- table --- */

/* Where the VNI is in `order`, or would be. */
static size_t
position(const struct evi_table *t, uint32_t vni)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (t->order[mid]->vni < vni)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct evi *
evi_find(struct evpn *e, uint32_t vni)
{
	struct evi_table *t = &e->evis;
	size_t at;

	if (t->last && t->last->vni == vni)
		return t->last;
	at = position(t, vni);
	if (at == t->n || t->order[at]->vni != vni)
		return NULL;
	return t->last = t->order[at];
}

struct evi *
evi_after(struct evpn *e, uint32_t vni)
{
	size_t at = position(&e->evis, vni + 1);

	return at < e->evis.n ? e->evis.order[at] : NULL;
}

/* The VNI itself where it fits and is free, so that RDs are the same after a restart. */
static uint16_t
free_id(const struct evi_table *t, uint32_t vni)
{
	uint32_t i, id = (vni - 1) % EVI_MAX + 1;

	for (i = 0; i < EVI_MAX; i++, id = id % EVI_MAX + 1)
		if (!t->slots[id])
			return (uint16_t)id;
	return 0;
}

struct evi *
evi_get(struct evpn *e, uint32_t vni)
{
	struct evi_table *t = &e->evis;
	struct evi *evi = evi_find(e, vni);
	uint16_t id;
	size_t at;

	if (evi)
		return evi;
	id = free_id(t, vni);
	if (id == 0) {
		COUNT(evi_no_id);
		return NULL;
	}
	evi = xcalloc(1, sizeof *evi);
	evi->id = id;
	evi->vni = evi->obs.vni = vni;
	evi->since = loop_now(e->loop);
	t->slots[id] = evi;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 16;
		t->order = xrealloc(t->order, t->cap * sizeof *t->order);
	}
	at = position(t, vni);
	memmove(t->order + at + 1, t->order + at, (t->n - at) * sizeof *t->order);
	t->order[at] = evi;
	t->n++;
	evi_refresh(e, evi);
	return evi;
}

static void
evi_free(struct evpn *e, struct evi *evi)
{
	struct evi_table *t = &e->evis;
	size_t at = position(t, evi->vni), i;

	memmove(t->order + at, t->order + at + 1, (t->n - at - 1) * sizeof *t->order);
	t->n--;
	t->slots[evi->id] = NULL;
	if (t->last == evi)
		t->last = NULL;
	if (evi->importing)
		for (i = 0; i < evi->nimports; i++)
			rtindex_del(&e->rts, &evi->imports[i], evi->id);
	export_forget(e, evi);
	vrf_evi_over(evi);
	free(evi->imports);
	free(evi->exports);
	free(evi);
}

void
evi_release(struct evpn *e, struct evi *evi)
{
	if (evi->observed || evi->conf || evi->importing || evi->jobs ||
	    evi->job_queued || evi->ident.imet || evi->l3vrf ||
	    evi->objs[ZL_KIND_FLOOD].n || evi->objs[ZL_KIND_MAC].n ||
	    evi->objs[ZL_KIND_NEIGH].n)
		return;
	evi_free(e, evi);
}

void
evi_table_fini(struct evpn *e)
{
	struct evi_table *t = &e->evis;

	loop_work_cancel(&t->work);
	while (t->n)
		evi_free(e, t->order[t->n - 1]);
	free(t->order);
	free(t->slots);
}

/* --- what should be --- */

static const struct vni_conf *
conf_of(const struct evpn_conf *c, uint32_t vni)
{
	size_t lo = 0, hi = c->nvnis;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->vnis[mid].vni == vni)
			return &c->vnis[mid];
		if (c->vnis[mid].vni < vni)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

struct ecom
evpn_auto_rt(const struct evpn_conf *c, uint32_t local)
{
	uint32_t as = c->autort_as ? c->autort_as : c->as;

	/* Of an AS with four octets only the lower two fit beside a VNI. */
	return rt_from_as(as & 0xffff, local);
}

/* The configured ones, and the automatic one where it is in force. */
static void
want_targets(const struct evpn_conf *c, uint32_t vni, struct wanted *w)
{
	static const struct vni_conf unsaid;
	const struct vni_conf *v = w->conf ? w->conf : &unsaid;
	uint32_t local = c->autort_rfc8365 ? AUTORT_VXLAN | vni : vni;

	w->imports = xcalloc(v->nimports + 1, sizeof *w->imports);
	w->exports = xcalloc(v->nexports + 1, sizeof *w->exports);
	for (; w->nimports < v->nimports; w->nimports++)
		w->imports[w->nimports] = v->imports[w->nimports];
	for (; w->nexports < v->nexports; w->nexports++)
		w->exports[w->nexports] = v->exports[w->nexports];
	if (evpn_autort_on(v->auto_import, v->nimports))
		w->imports[w->nimports++] =
		    (struct rt_match){ .wildcard = true, .local = local };
	if (evpn_autort_on(v->auto_export, v->nexports))
		w->exports[w->nexports++] = evpn_auto_rt(c, local);
}

static const char *
why_down(const struct evpn *e, const struct evi *evi, const struct wanted *w)
{
	if (evi->l3vrf)
		return "it is the L3VNI of a VRF";
	if (!w->active)
		return "not selected by the configuration";
	if (!evi->observed)
		return "no VXLAN device";
	if (!w->dp_up)
		return evi->obs.why_down[0] ? evi->obs.why_down : "device is down";
	if (evi->obs.local.len == 0 || ip_is_zero(evi->obs.local))
		return "VXLAN device has no local address";
	if (e->router_id == 0 && !(w->conf && w->conf->rd_set))
		return "no router id";
	return "";
}

static void
want(const struct evpn *e, const struct evi *evi, struct wanted *w)
{
	const struct evpn_conf *c = e->conf;

	*w = (struct wanted){ .conf = conf_of(c, evi->vni) };
	w->active =
	    c->as != 0 && (c->advertise_all_vni || w->conf) && !evi->l3vrf && !e->closing;
	w->dp_up = evi->observed && evi->obs.flags & ZL_VNI_UP;
	w->importing = w->active && evi->observed;
	w->rd =
	    w->conf && w->conf->rd_set ? w->conf->rd : rd_from_ip(e->router_id, evi->id);
	w->flood = (w->conf ? w->conf->flooding : c->flooding) == FLOOD_HER;
	w->svi_ip = w->conf ? w->conf->advertise_svi_ip : c->advertise_svi_ip;
	w->default_gw = w->conf ? w->conf->advertise_default_gw : c->advertise_default_gw;
	want_targets(c, evi->vni, w);
	w->why = why_down(e, evi, w);
	w->up = w->why[0] == '\0';
}

/* --- converging --- */

static bool
same_matches(const struct evi *evi, const struct wanted *w)
{
	size_t i;

	if (evi->nimports != w->nimports)
		return false;
	for (i = 0; i < w->nimports; i++)
		if (!rt_match_equal(&evi->imports[i], &w->imports[i]))
			return false;
	return true;
}

static void
converge_import(struct evpn *e, struct evi *evi, const struct wanted *w)
{
	bool same = same_matches(evi, w);
	size_t i;

	if (same && evi->importing == w->importing)
		return;
	if (evi->importing)
		for (i = 0; i < evi->nimports; i++)
			rtindex_del(&e->rts, &evi->imports[i], evi->id);
	if (!same) {
		free(evi->imports);
		evi->nimports = w->nimports;
		evi->imports = xmemdup(w->imports, w->nimports * sizeof *w->imports);
	}
	evi->importing = w->importing;
	if (evi->importing)
		for (i = 0; i < evi->nimports; i++)
			rtindex_add(&e->rts, &evi->imports[i], evi->id);
	import_rescan(e);
}

static bool
take_exports(struct evi *evi, const struct wanted *w)
{
	size_t bytes = w->nexports * sizeof *w->exports;

	if (evi->exports && evi->nexports == w->nexports &&
	    memcmp(evi->exports, w->exports, bytes) == 0)
		return false;
	free(evi->exports);
	evi->nexports = w->nexports;
	evi->exports = xmemdup(w->exports, bytes);
	return true;
}

static void
converge_export(struct evpn *e, struct evi *evi, const struct wanted *w)
{
	const struct evi_ident *id = &evi->ident;
	bool changed = take_exports(evi, w);

	changed |= evi->advertise_svi_ip != w->svi_ip ||
		   evi->advertise_default_gw != w->default_gw || evi->flood != w->flood;
	evi->rd = w->rd;
	evi->advertise_svi_ip = w->svi_ip;
	evi->advertise_default_gw = w->default_gw;
	if (changed)
		export_forget(e, evi);
	if (id->on != w->up ||
	    (w->up && (!rd_equal(id->rd, w->rd) || !ip_equal(id->vtep, evi->obs.local))))
		evi_job(e, evi, EVI_JOB_WITHDRAW | EVI_JOB_EXPORT);
	else if (changed && w->up)
		evi_job(e, evi, EVI_JOB_EXPORT);
}

static void
set_up(struct evpn *e, struct evi *evi, const struct wanted *w)
{
	if (evi->up != w->up) {
		evi->since = loop_now(e->loop);
		if (w->up)
			log_info("VNI %u: up", evi->vni);
		else
			log_info("VNI %u: down (%s)", evi->vni, w->why);
		news_vni(e, evi, w->up, w->why);
	}
	evi->up = w->up;
	if (w->why != evi->why)
		snprintf(evi->why, sizeof evi->why, "%s", w->why);
}

void
evi_refresh(struct evpn *e, struct evi *evi)
{
	bool flood = evi->flood, dp_up = evi->dp_up;
	struct wanted w;

	want(e, evi, &w);
	evi->conf = w.conf;
	evi->active = w.active;
	evi->dp_up = w.dp_up;
	set_up(e, evi, &w);
	converge_import(e, evi, &w);
	converge_export(e, evi, &w);
	evi->flood = w.flood;
	if (flood != w.flood)
		flood_refresh(e, evi);
	if (!dp_up && w.dp_up)
		evi_job(e, evi, EVI_JOB_RESEND);
	free(w.imports);
	free(w.exports);
	if (!evi->observed && !evi->conf)
		evi_job(e, evi, 0); /* it may be over */
}

void
evi_refresh_all(struct evpn *e)
{
	const struct evpn_conf *c = e->conf;
	size_t i;

	for (i = 0; i < c->nvnis; i++)
		if (evi_usable_vni(c->vnis[i].vni))
			evi_get(e, c->vnis[i].vni);
	for (i = 0; i < e->evis.n; i++)
		evi_refresh(e, e->evis.order[i]);
}

/* A VNI that is not up has no local objects (zl_proto.h): what was said so far ends, in slices; what
 * is said from now on is of the new generation. */
static void
forget_locals(struct evpn *e, struct evi *evi)
{
	evi->local_gen++;
	evi_job(e, evi, EVI_JOB_FORGET);
}

void
evi_unobserve(struct evpn *e, struct evi *evi)
{
	if (!evi->observed)
		return;
	evi->observed = false;
	evi->obs = (struct zl_vni){ .vni = evi->vni };
	forget_locals(e, evi);
	evi_refresh(e, evi);
	fib_evi_gone(e, evi);
	vrf_evi_changed(e, evi);
}

void
evi_observe(struct evpn *e, const struct zl_vni *v)
{
	struct zl_vni old;
	struct evi *evi;

	if (!evi_usable_vni(v->vni))
		return;
	evi = v->flags & ZL_VNI_GONE ? evi_find(e, v->vni) : evi_get(e, v->vni);
	if (!evi)
		return;
	if (v->flags & ZL_VNI_GONE) {
		evi_unobserve(e, evi);
		return;
	}
	old = evi->obs;
	evi->obs = *v;
	evi->observed = true;
	evi->seen = e->epoch;
	if (!(v->flags & ZL_VNI_UP) && old.flags & ZL_VNI_UP)
		forget_locals(e, evi);
	evi_refresh(e, evi);
	/* Another VTEP address: who we are in ties, which routes are our own. */
	if (evi->importing && !ip_equal(old.local, v->local)) {
		mac_own_address(e, evi);
		import_rescan(e);
	}
	if (evi->dp_up && old.svi_ifindex != v->svi_ifindex)
		evi_job(e, evi, EVI_JOB_RESEND);
	vrf_evi_changed(e, evi);
}
