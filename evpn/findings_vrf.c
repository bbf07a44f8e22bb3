/* SPDX-License-Identifier: ISC */
/* What the engine knows to be wrong with VRFs. */
#include "config.h"

#include "evpn/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "evpn/core.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"

static bool __attribute__((format(printf, 3, 4)))
found(struct zl_finding *f, unsigned code, const char *fmt, ...)
{
	va_list ap;

	f->code = (uint8_t)code;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	return true;
}

static const char *
plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

static bool
check_down(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	(void)e;
	if (!v->conf || v->conf->l3vni == 0 || v->up)
		return false;
	return found(f, FIND_VRF_DOWN, "%s", v->why);
}

/* Two leaves with one router MAC: of several such the first is named. */
static bool
check_rmacs(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	char mac[MAC_STRLEN], a[IP_STRLEN], b[IP_STRLEN];
	struct evpn_show_rmac r, bad = { .vteps = 0 };
	struct evpn_vrf_walk w;
	unsigned n = 0;

	evpn_vrf_walk_begin(e, &w, v->name, EVPN_VRF_RMACS);
	while (evpn_vrf_walk_rmac(&w, &r))
		if (r.other.len && n++ == 0)
			bad = r;
	evpn_vrf_walk_end(&w);
	if (n == 0)
		return false;
	return found(f, FIND_RMAC_SHARED, "%s of %s is that of %s too",
	    mac_format(bad.mac, mac), ip_format(bad.vtep, a), ip_format(bad.other, b));
}

static bool
check_own_rmac(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	char mac[MAC_STRLEN];

	(void)e;
	if (!v->refused[L3_OWN_RMAC])
		return false;
	return found(f, FIND_RMAC_SHARED, "%s is ours, and that of %u route%s",
	    mac_format(v->rmac, mac), v->refused[L3_OWN_RMAC],
	    plural(v->refused[L3_OWN_RMAC]));
}

static bool
check_hops(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	struct evpn_show_hop h, bad = { .error = 0 };
	struct evpn_vrf_walk w;
	char ip[IP_STRLEN];
	unsigned n = 0;

	evpn_vrf_walk_begin(e, &w, v->name, EVPN_VRF_HOPS);
	while (evpn_vrf_walk_hop(&w, &h))
		if (h.error && n++ == 0)
			bad = h;
	evpn_vrf_walk_end(&w);
	if (n == 0)
		return false;
	ip_format(bad.ip, ip);
	if (bad.label)
		return found(f, FIND_HOP_FAILED, "%u, the first: %s VNI %u: %s", n, ip,
		    bad.label, strerror(bad.error));
	return found(
	    f, FIND_HOP_FAILED, "%u, the first: %s: %s", n, ip, strerror(bad.error));
}

static bool
check_label(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	(void)e;
	if (!v->refused[L3_LABEL])
		return false;
	return found(f, FIND_VNI_OTHER, "%u route%s with another VNI than %u",
	    v->refused[L3_LABEL], plural(v->refused[L3_LABEL]), v->l3vni);
}

/* The first of these reasons that some route has. */
static bool
check_refused(const struct vrf *v, struct zl_finding *f, unsigned code,
    const enum l3_why *whys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v->refused[whys[i]])
			return found(f, code, "%u route%s: %s", v->refused[whys[i]],
			    plural(v->refused[whys[i]]), l3_why_text(whys[i]));
	return false;
}

static bool
check_gateways(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	static const enum l3_why whys[] = { L3_GW_IGNORED, L3_GW_UNKNOWN, L3_GW_OWN };

	(void)e;
	return check_refused(v, f, FIND_GATEWAY, whys, ARRAY_LEN(whys));
}

static bool
check_routes(struct evpn *e, const struct vrf *v, struct zl_finding *f)
{
	static const enum l3_why whys[] = { L3_ESI, L3_NO_RMAC, L3_BAD_RMAC };

	(void)e;
	return check_refused(v, f, FIND_ROUTES, whys, ARRAY_LEN(whys));
}

static bool (*const checks[])(
    struct evpn *e, const struct vrf *v, struct zl_finding *f) = {
	check_down,
	check_rmacs,
	check_own_rmac,
	check_hops,
	check_label,
	check_gateways,
	check_routes,
};

bool
findings_vrf_next(struct evpn *e, struct findings_walk *w, struct zl_finding *out)
{
	const struct vrf *v = w->check ? vrf_find(e, w->vrf) : NULL;

	for (;;) {
		if (!v || w->check == ARRAY_LEN(checks)) {
			v = vrf_after(e, w->vrf);
			w->check = 0;
			if (!v)
				return false;
			memcpy(w->vrf, v->name, sizeof w->vrf);
		}
		*out = (struct zl_finding){ .op = ZL_SET, .vni = v->l3vni };
		memcpy(out->subject, v->name, sizeof out->subject);
		if (out->vni == 0 && v->conf)
			out->vni = v->conf->l3vni;
		if (checks[w->check++](e, v, out))
			return true;
	}
}
