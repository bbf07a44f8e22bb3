/* SPDX-License-Identifier: ISC */
/* Numbers in the text format of Prometheus. */
#include "config.h"

#include "mgmt/show_metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "evpn/evpn_show_l3.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "mgmt/dp_counters.h"
#include "mgmt/state_nodes.h"

/* Where the command is: a metric, and in it a sample. */
struct at {
	size_t metric;	     /* row of metrics[] */
	bool headed;	     /* its head is written */
	struct ip peer;	     /* sample written last; none at first */
	unsigned family;     /* the next one to write */
	uint32_t vni;	     /* sample written last, 0 at first */
	char vrf[ZL_IFNAME]; /* the same, "" at first */
	const char *counter; /* the same, NULL at first; borrowed */
	bool theirs;	     /* counters of the other process */
};

struct metric {
	const char *name, *type, *help;
	/* The next sample; false when there is none. */
	bool (*next)(const struct show_ctx *c, struct at *at, const struct metric *m);
	/* Of a VNI. */
	double (*of_vni)(const struct evpn_show_evi *v);
	/* Of a session. */
	double (*of_peer)(const struct show_ctx *c, const struct peer *p);
};

/* ---- sessions ---- */

static bool
next_peer(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	struct peer *p = c->eng->bgp ? bgp_peer_first(c->eng->bgp) : NULL;

	while (p && at->peer.len && ip_cmp(p->addr, at->peer) <= 0)
		p = bgp_peer_next(c->eng->bgp, p);
	if (!p)
		return false;
	at->peer = p->addr;
	out_printf(c->out, "%s{peer=\"%s\"} %.0f\n", m->name, p->name, m->of_peer(c, p));
	return true;
}

static double
peer_is_up(const struct show_ctx *c, const struct peer *p)
{
	(void)c;
	return p->up != NULL;
}

static double
peer_flaps(const struct show_ctx *c, const struct peer *p)
{
	(void)c;
	return p->n.dropped;
}

static double
peer_evpn_in(const struct show_ctx *c, const struct peer *p)
{
	(void)c;
	return peer_prefixes_in(p, AFI_SAFI_EVPN);
}

/* ---- routes ---- */

static bool
next_family(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	const unsigned f = at->family++;

	if (!c->eng->bgp || f >= AFI_SAFI_COUNT)
		return false;
	out_printf(c->out, "%s{family=\"%s\"} %u\n", m->name, state_family_names[f],
	    rib_count(bgp_rib_of(c->eng->bgp, f)));
	return true;
}

/* ---- VNIs and VRFs ---- */

static bool
next_vni(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	struct evpn_show_evi v;

	if (!c->eng->evpn || !evpn_show_evi_next(c->eng->evpn, at->vni, &v))
		return false;
	at->vni = v.vni;
	out_printf(c->out, "%s{vni=\"%u\"} %.0f\n", m->name, v.vni, m->of_vni(&v));
	return true;
}

static double
vni_is_up(const struct evpn_show_evi *v)
{
	return v->up;
}

static double
vni_macs(const struct evpn_show_evi *v)
{
	return v->macs;
}

static double
vni_local_macs(const struct evpn_show_evi *v)
{
	return v->local_macs;
}

static double
vni_neighbors(const struct evpn_show_evi *v)
{
	return v->neighs;
}

static double
vni_vteps(const struct evpn_show_evi *v)
{
	return v->vteps;
}

static bool
next_vrf(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	struct evpn_show_vrf v;

	if (!c->eng->evpn || !evpn_show_vrf_next(c->eng->evpn, at->vrf, &v))
		return false;
	memcpy(at->vrf, v.name, sizeof at->vrf);
	/* A name is any word of the kernel's. */
	out_printf(c->out, "%s{vrf=\"", m->name);
	for (const char *s = v.name; *s; s++)
		out_printf(c->out, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	out_printf(c->out, "\"} %d\n", v.up);
	return true;
}

/* ---- the kernel, counters ---- */

static bool
next_failing(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	struct evpn_show_totals t;

	if (!c->eng->evpn || at->headed)
		return false;
	evpn_show_totals(c->eng->evpn, &t);
	out_printf(c->out, "%s %u\n", m->name, t.failures);
	return true;
}

static bool
next_counter(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	const struct dp_counters *t = c->eng->dp_counters;
	const char *last = at->counter ? at->counter : "";
	const struct counter *own = at->theirs ? NULL : stats_after(last);
	const struct dp_counter *k;

	if (own) {
		at->counter = own->name;
		out_printf(c->out, "%s{process=\"engine\",name=\"%s\"} %" PRIu64 "\n",
		    m->name, own->name, own->n);
		return true;
	}
	k = t ? dp_counters_after(t, at->theirs ? last : "") : NULL;
	if (!k)
		return false;
	at->theirs = true;
	at->counter = k->name;
	out_printf(c->out, "%s{process=\"kernel\",name=\"%s\"} %" PRIu64 "\n", m->name,
	    k->name, k->n);
	return true;
}

static const struct metric metrics[] = {
	{ "evpnd_session_up", "gauge", "The BGP session is established.", next_peer, NULL,
	    peer_is_up },
	{ "evpnd_session_drops_total", "counter", "How often the BGP session went down.",
	    next_peer, NULL, peer_flaps },
	{ "evpnd_session_evpn_routes", "gauge", "EVPN routes held from the neighbour.",
	    next_peer, NULL, peer_evpn_in },
	{ "evpnd_routes", "gauge", "BGP routes.", next_family, NULL, NULL },
	{ "evpnd_vni_up", "gauge", "The VNI is up.", next_vni, vni_is_up, NULL },
	{ "evpnd_vni_macs", "gauge", "MACs of the VNI.", next_vni, vni_macs, NULL },
	{ "evpnd_vni_local_macs", "gauge", "MACs of the VNI on local ports.", next_vni,
	    vni_local_macs, NULL },
	{ "evpnd_vni_neighbors", "gauge", "Addresses of the VNI.", next_vni,
	    vni_neighbors, NULL },
	{ "evpnd_vni_vteps", "gauge", "Remote VTEPs of the VNI.", next_vni, vni_vteps,
	    NULL },
	{ "evpnd_vrf_up", "gauge", "The VRF is up in the fabric.", next_vrf, NULL, NULL },
	{ "evpnd_kernel_failing", "gauge", "Objects whose last write the kernel refused.",
	    next_failing, NULL, NULL },
	{ "evpnd_counter_total", "counter", "Counters of the program, by name.",
	    next_counter, NULL, NULL },
};

static bool
show_metrics(struct show_ctx *c)
{
	struct at *at = c->state;

	if (!at)
		c->state = at = xcalloc(1, sizeof *at);
	while (at->metric < ARRAY_LEN(metrics)) {
		const struct metric *m = &metrics[at->metric];

		if (!at->headed)
			out_printf(c->out, "# HELP %s %s\n# TYPE %s %s\n", m->name,
			    m->help, m->name, m->type);
		if (m->next(c, at, m))
			at->headed = true;
		else
			*at = (struct at){ .metric = at->metric + 1 };
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	return false;
}

static const struct show_cmd rows[] = {
	{ "show metrics", "Numbers in the text format of Prometheus", show_metrics,
	    NULL },
};

const struct show_table show_metrics_table = SHOW_TABLE(rows);
