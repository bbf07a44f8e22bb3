/* SPDX-License-Identifier: ISC */
/* VRFs: from configuration, devices and router id to what is in force. */
#include "config.h"

#include "evpn/vrf.h"

#include <stdio.h>
#include <stdlib.h>

#include "evpn/core.h"
#include "evpn/news.h"
#include "evpn/vrf_priv.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("evpn.vrf");

/* The VXLAN type and the 24-bit service id of an automatic route target, RFC 8365 5.1.2.1. */
#define AUTORT_VXLAN 0x10000000u

/* Everything about a VRF that follows from the facts. */
struct wanted {
	const struct vrf_conf *conf;
	bool active, importing, dp_up, up;
	const char *why;
	struct rd rd;
	struct rt_match *imports; /* owned */
	struct ecom *exports;	  /* owned */
	size_t nimports, nexports;
};

/* --- the L3VNI --- */

void
vrf_unlink_evi(struct evpn *e, struct vrf *v)
{
	struct evi *evi = v->evi;
	size_t i;

	v->evi = NULL;
	if (!evi)
		return;
	evi->l3vrf = NULL;
	if (e->closing)
		return;
	for (i = 0; i < e->vrfs.n; i++) { /* another one may wait for it */
		struct vrf *o = e->vrfs.order[i];

		if (o != v && o->conf && o->conf->l3vni == evi->vni)
			vrf_job(e, o, 0);
	}
	evi_refresh(e, evi);
}

void
vrf_stop_importing(struct evpn *e, struct vrf *v)
{
	size_t i;

	if (v->importing)
		for (i = 0; i < v->nimports; i++)
			rtindex_del(&e->vrf_rts, &v->imports[i], v->id);
	v->importing = false;
}

static uint32_t
wanted_l3vni(const struct evpn *e, const struct vrf *v)
{
	uint32_t vni = v->conf ? v->conf->l3vni : 0;

	return evi_usable_vni(vni) && e->conf->as && !e->closing ? vni : 0;
}

/* What names the old one in the data plane or the RIB has gone: the new one comes into force. */
static void
take_l3vni(struct evpn *e, struct vrf *v)
{
	uint32_t vni = wanted_l3vni(e, v);
	struct evi *evi;

	if (v->l3vni == vni && (vni == 0 || v->evi))
		return;
	if (v->ident.on || v->importing || vrf_list(v, OBJ_RMAC)->n ||
	    vrf_list(v, ZL_KIND_HOP)->n)
		return;
	vrf_unlink_evi(e, v);
	v->l3vni = 0;
	evi = vni ? evi_get(e, vni) : NULL;
	if (!evi || evi->l3vrf) /* two VRFs with one L3VNI: the first has it */
		return;
	v->l3vni = vni;
	v->evi = evi;
	evi->l3vrf = v;
	evi_refresh(e, evi);
}

/* --- what should be --- */

static const struct vrf_conf *
conf_of(const struct evpn *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->conf->nvrfs && !e->closing; i++)
		if (strcmp(e->conf->vrfs[i].name, name) == 0)
			return &e->conf->vrfs[i];
	return NULL;
}

static void
want_targets(const struct evpn *e, const struct vrf *v, struct wanted *w)
{
	uint32_t local = e->conf->autort_rfc8365 ? AUTORT_VXLAN | v->l3vni : v->l3vni;
	const struct vrf_conf *c = w->conf;

	if (!c)
		return;
	w->imports = xcalloc(c->nimports + 1, sizeof *w->imports);
	w->exports = xcalloc(c->nexports + 1, sizeof *w->exports);
	for (; w->nimports < c->nimports; w->nimports++)
		w->imports[w->nimports] = c->imports[w->nimports];
	for (; w->nexports < c->nexports; w->nexports++)
		w->exports[w->nexports] = c->exports[w->nexports];
	if (evpn_autort_on(c->auto_import, c->nimports) && v->l3vni)
		w->imports[w->nimports++] =
		    (struct rt_match){ .wildcard = true, .local = local };
	if (evpn_autort_on(c->auto_export, c->nexports) && v->l3vni)
		w->exports[w->nexports++] = evpn_auto_rt(e->conf, local);
}

static const char *
why_dp_down(const struct vrf *v)
{
	const struct evi *evi = v->evi;

	if (!v->observed)
		return "no VRF device";
	if (!v->obs.up)
		return "VRF device is down";
	if (!evi || !evi->observed)
		return "no VXLAN device for the L3VNI";
	if (!(evi->obs.flags & ZL_VNI_UP))
		return evi->obs.why_down[0] ? evi->obs.why_down
					    : "the L3VNI's device is down";
	if (evi->obs.svi_ifindex == 0)
		return "the L3VNI has no SVI";
	if (strcmp(evi->obs.vrf, v->name) != 0)
		return "the L3VNI's SVI is not in the VRF";
	return "";
}

static const char *
why_down(const struct evpn *e, const struct vrf *v, const struct wanted *w)
{
	const char *why;

	if (!w->conf || !w->active)
		return "no L3VNI is configured";
	if (wanted_l3vni(e, v) != v->l3vni)
		return v->l3vni ? "another L3VNI is being taken"
				: "its L3VNI is another VRF's too";
	why = why_dp_down(v);
	if (why[0])
		return why;
	if (v->evi->obs.local.len == 0 || ip_is_zero(v->evi->obs.local))
		return "the L3VNI's device has no local address";
	if (mac_is_zero(v->evi->obs.svi_mac))
		return "the L3VNI's SVI has no MAC";
	if (e->router_id == 0 && !w->conf->rd_set)
		return "no router id";
	return "";
}

static void
want(const struct evpn *e, const struct vrf *v, struct wanted *w)
{
	bool held = wanted_l3vni(e, v) == v->l3vni;

	*w = (struct wanted){ .conf = v->conf };
	w->active = wanted_l3vni(e, v) != 0;
	w->importing = w->active && held && v->evi && v->evi->observed && v->observed;
	w->dp_up = v->evi && why_dp_down(v)[0] == '\0';
	if (v->evi)
		w->rd = w->conf && w->conf->rd_set ? w->conf->rd
						   : rd_from_ip(e->router_id, v->evi->id);
	want_targets(e, v, w);
	w->why = why_down(e, v, w);
	w->up = w->why[0] == '\0';
}

/* --- converging --- */

static bool
same_matches(const struct vrf *v, const struct wanted *w)
{
	size_t i;

	if (v->nimports != w->nimports)
		return false;
	for (i = 0; i < w->nimports; i++)
		if (!rt_match_equal(&v->imports[i], &w->imports[i]))
			return false;
	return true;
}

static void
converge_import(struct evpn *e, struct vrf *v, struct wanted *w)
{
	size_t i;

	if (same_matches(v, w) && v->importing == w->importing)
		return;
	vrf_stop_importing(e, v);
	free(v->imports);
	v->imports = w->imports;
	v->nimports = w->nimports;
	w->imports = NULL;
	v->importing = w->importing;
	if (v->importing)
		for (i = 0; i < v->nimports; i++)
			rtindex_add(&e->vrf_rts, &v->imports[i], v->id);
	import_rescan(e);
}

static bool
take_exports(struct vrf *v, struct wanted *w)
{
	if (v->nexports == w->nexports &&
	    (w->nexports == 0 ||
		memcmp(v->exports, w->exports, w->nexports * sizeof *w->exports) == 0))
		return false;
	free(v->exports);
	v->exports = w->exports;
	v->nexports = w->nexports;
	w->exports = NULL;
	return true;
}

/* What MAC+IP routes say of the VRF has changed. */
static void
export_hosts(struct evpn *e, struct vrf *v)
{
	struct evi *evi;

	for (evi = v->evis; evi; evi = evi->vrf_next) {
		export_forget(e, evi);
		evi_job(e, evi, EVI_JOB_EXPORT);
	}
}

static void
converge_export(struct evpn *e, struct vrf *v, struct wanted *w)
{
	const struct vrf_ident *id = &v->ident;
	bool targets = take_exports(v, w), host = targets;
	bool lite = w->conf && w->conf->prefix_routes_only;
	struct ip vtep = v->evi ? v->evi->obs.local : (struct ip){ 0 };
	struct mac rmac = v->evi ? v->evi->obs.svi_mac : (struct mac){ { 0 } };

	host |= v->up != w->up || !mac_equal(v->rmac, rmac) || v->lite != lite;
	v->rd = w->rd;
	v->vtep = vtep;
	v->rmac = rmac;
	v->lite = lite;
	v->up = w->up;
	if (host)
		export_hosts(e, v);
	if (targets)
		l3_forget_attrs(e, v);
	if (id->on != w->up ||
	    (w->up && (!rd_equal(id->rd, w->rd) || !ip_equal(id->vtep, vtep) ||
			  !mac_equal(id->rmac, rmac) || id->l3vni != v->l3vni)))
		vrf_job(e, v, VRF_JOB_WITHDRAW | VRF_JOB_EXPORT);
	else if (targets && w->up)
		vrf_job(e, v, VRF_JOB_EXPORT);
}

static void
set_why(struct evpn *e, struct vrf *v, const struct wanted *w)
{
	if (v->up != w->up) {
		v->since = loop_now(e->loop);
		if (w->up)
			log_info("VRF %s: up, L3VNI %u", v->name, v->l3vni);
		else
			log_info("VRF %s: down (%s)", v->name, w->why);
		news_vrf(e, v, w->up, w->why);
	}
	if (w->why != v->why)
		snprintf(v->why, sizeof v->why, "%s", w->why);
}

void
vrf_refresh(struct evpn *e, struct vrf *v)
{
	bool dp_up = v->dp_up, importing = v->importing, svd = v->svd;
	struct ip vtep = v->vtep;
	struct mac rmac = v->rmac;
	struct wanted w;

	take_l3vni(e, v);
	want(e, v, &w);
	set_why(e, v, &w);
	v->dp_up = w.dp_up;
	converge_import(e, v, &w);
	converge_export(e, v, &w);
	free(w.imports);
	free(w.exports);
	if (v->importing && !ip_equal(vtep, v->vtep)) /* which routes are our own */
		import_rescan(e);
	v->svd = v->evi && v->evi->obs.flags & ZL_VNI_SVD;
	if (!mac_equal(rmac, v->rmac) || v->svd != svd || v->importing != importing)
		vrf_job_users(e, v, VRF_JOB_EVAL);
	if (!dp_up && w.dp_up)
		vrf_job(e, v, VRF_JOB_RESEND);
	if (dp_up && !w.dp_up)
		fib_vrf_gone(e, v);
	if (dp_up != w.dp_up)
		vrf_job_users(e, v, VRF_JOB_DECIDE);
	l3_refresh(e, v);
	vrf_settle(e, v);
}

void
vrf_settle(struct evpn *e, struct vrf *v)
{
	if (v->jobs || v->job_queued)
		return;
	if (v->l3vni != wanted_l3vni(e, v) && !v->ident.on && !v->importing &&
	    !vrf_list(v, OBJ_RMAC)->n && !vrf_list(v, ZL_KIND_HOP)->n) {
		take_l3vni(e, v);
		if (v->l3vni == wanted_l3vni(e, v))
			vrf_refresh(e, v);
		return;
	}
	if (v->observed || v->conf || v->importing || v->ident.on || v->l3vni ||
	    vrf_list(v, OBJ_RMAC)->n || vrf_list(v, ZL_KIND_HOP)->n ||
	    vrf_list(v, ZL_KIND_GROUP)->n || vrf_list(v, ZL_KIND_ROUTE)->n)
		return;
	vrf_free(e, v);
}

void
vrf_refresh_all(struct evpn *e)
{
	const struct evpn_conf *c = e->conf;
	char name[ZL_IFNAME] = "";
	struct vrf *v;
	size_t i;

	for (i = 0; i < c->nvrfs; i++)
		vrf_get(e, c->vrfs[i].name);
	for (i = 0; i < e->vrfs.n; i++) {
		e->vrfs.order[i]->conf = conf_of(e, e->vrfs.order[i]->name);
		l3_configure(e, e->vrfs.order[i]);
	}
	while ((v = vrf_after(e, name)) != NULL) { /* it may end itself */
		snprintf(name, sizeof name, "%s", v->name);
		vrf_refresh(e, v);
	}
}

/* --- the data plane's say --- */

void
vrf_unobserve(struct evpn *e, struct vrf *v)
{
	if (!v->observed)
		return;
	/* One that nobody wants ends in its turn, not below. */
	vrf_job(e, v, 0);
	v->observed = false;
	l3_forget_local(e, v, false);
	v->obs = (struct zl_vrf){ 0 };
	vrf_refresh(e, v);
	fib_vrf_gone(e, v);
}

void
vrf_observe(struct evpn *e, const struct zl_vrf *z)
{
	struct vrf *v = z->op == ZL_SET ? vrf_get(e, z->name) : vrf_find(e, z->name);

	if (!v)
		return;
	/* Another table is another device: its routes are said again. */
	if (v->observed && (z->op != ZL_SET || v->obs.table != z->table))
		vrf_unobserve(e, v);
	if (z->op != ZL_SET)
		return;
	v->obs = *z;
	v->seen = e->epoch;
	if (!v->conf)
		v->conf = conf_of(e, v->name);
	if (!v->observed) {
		v->observed = true;
		vrf_job(e, v, VRF_JOB_RESEND);
	}
	vrf_refresh(e, v);
}

void
vrf_evi_changed(struct evpn *e, struct evi *evi)
{
	struct vrf *now = evi->obs.vrf[0] ? vrf_find(e, evi->obs.vrf) : NULL,
		   *old = evi->vrf;

	if (now != old) {
		vrf_put_evi(evi, now);
		export_forget(e, evi);
		evi_job(e, evi, EVI_JOB_EXPORT);
		/* Which hosts are here has changed for both. */
		if (old)
			vrf_job(e, old, VRF_JOB_DECIDE);
		if (now)
			vrf_job(e, now, VRF_JOB_DECIDE);
	}
	hop_evi_changed(e, evi);
	if (evi->l3vrf)
		vrf_refresh(e, evi->l3vrf);
}

void
vrf_evi_over(struct evi *evi)
{
	vrf_put_evi(evi, NULL);
	if (evi->l3vrf)
		evi->l3vrf->evi = NULL;
}

const struct vrf *
vrf_of_hosts(const struct evi *evi)
{
	const struct vrf *v = evi->vrf;

	return v && v->up && !v->lite && v->evi != evi ? v : NULL;
}
