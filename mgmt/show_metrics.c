/* SPDX-License-Identifier: ISC */
/* Numbers in the text format of Prometheus, or as JSON. */
#include "config.h"

#include "mgmt/show_metrics.h"

#include <inttypes.h>
#include <stdio.h>
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
	uint64_t (*of_vni)(const struct evpn_show_evi *v);
	/* Of a session. */
	uint64_t (*of_peer)(const struct show_ctx *c, const struct peer *p);
};

/* ---- how it is written ---- */

struct label {
	const char *name, *value; /* borrowed */
};

/* "a=\"b\"", where a value may be any word of the kernel's. */
static void
put_label(struct out *o, const struct label *l)
{
	out_printf(o, "%s=\"", l->name);
	for (const char *s = l->value; *s; s++)
		out_printf(o, "%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	out_puts(o, "\"");
}

static void
text_sample(struct out *o, const struct metric *m, const struct label *l, uint64_t v)
{
	out_puts(o, m->name);
	for (const struct label *at = l; at && at->name; at++) {
		out_puts(o, at == l ? "{" : ",");
		put_label(o, at);
	}
	out_printf(o, "%s %" PRIu64 "\n", l ? "}" : "", v);
}

static void
json_sample(struct out *o, const struct label *l, uint64_t v)
{
	out_obj_begin(o, NULL);
	for (const struct label *at = l; at && at->name; at++)
		out_str(o, at->name, at->value);
	out_uint(o, "value", v);
	out_obj_end(o);
}

/* labels: up to one without a name, or NULL. */
static void
put_sample(const struct show_ctx *c, const struct metric *m, const struct label *labels,
    uint64_t v)
{
	if (c->json)
		json_sample(c->out, labels, v);
	else
		text_sample(c->out, m, labels, v);
}

#define LABELS(...)                                                                      \
	(const struct label[])                                                           \
	{                                                                                \
		__VA_ARGS__,                                                             \
		{                                                                        \
			NULL, NULL                                                       \
		}                                                                        \
	}

static void
begin_metric(const struct show_ctx *c, const struct metric *m)
{
	if (!c->json) {
		out_printf(c->out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help,
		    m->name, m->type);
		return;
	}
	out_obj_begin(c->out, m->name);
	out_str(c->out, "help", m->help);
	out_str(c->out, "type", m->type);
	out_arr_begin(c->out, "samples");
}

static void
end_metric(const struct show_ctx *c)
{
	if (!c->json)
		return;
	out_arr_end(c->out);
	out_obj_end(c->out);
}

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
	put_sample(c, m, LABELS({ "peer", p->name }), m->of_peer(c, p));
	return true;
}

static uint64_t
peer_is_up(const struct show_ctx *c, const struct peer *p)
{
	(void)c;
	return p->up != NULL;
}

static uint64_t
peer_flaps(const struct show_ctx *c, const struct peer *p)
{
	(void)c;
	return p->n.dropped;
}

static uint64_t
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
	put_sample(c, m, LABELS({ "family", state_family_names[f] }),
	    rib_count(bgp_rib_of(c->eng->bgp, f)));
	return true;
}

/* ---- VNIs and VRFs ---- */

static bool
next_vni(const struct show_ctx *c, struct at *at, const struct metric *m)
{
	struct evpn_show_evi v;
	char vni[16];

	if (!c->eng->evpn || !evpn_show_evi_next(c->eng->evpn, at->vni, &v))
		return false;
	at->vni = v.vni;
	snprintf(vni, sizeof vni, "%u", v.vni);
	put_sample(c, m, LABELS({ "vni", vni }), m->of_vni(&v));
	return true;
}

static uint64_t
vni_is_up(const struct evpn_show_evi *v)
{
	return v->up;
}

static uint64_t
vni_macs(const struct evpn_show_evi *v)
{
	return v->macs;
}

static uint64_t
vni_local_macs(const struct evpn_show_evi *v)
{
	return v->local_macs;
}

static uint64_t
vni_neighbors(const struct evpn_show_evi *v)
{
	return v->neighs;
}

static uint64_t
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
	put_sample(c, m, LABELS({ "vrf", v.name }), v.up);
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
	put_sample(c, m, NULL, t.failures);
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
		put_sample(
		    c, m, LABELS({ "process", "engine" }, { "name", own->name }), own->n);
		return true;
	}
	k = t ? dp_counters_after(t, at->theirs ? last : "") : NULL;
	if (!k)
		return false;
	at->theirs = true;
	at->counter = k->name;
	put_sample(c, m, LABELS({ "process", "kernel" }, { "name", k->name }), k->n);
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

	if (!at) {
		c->state = at = xcalloc(1, sizeof *at);
		if (c->json)
			out_obj_begin(c->out, NULL);
	}
	while (at->metric < ARRAY_LEN(metrics)) {
		const struct metric *m = &metrics[at->metric];

		if (!at->headed)
			begin_metric(c, m);
		if (m->next(c, at, m)) {
			at->headed = true;
		} else {
			end_metric(c);
			*at = (struct at){ .metric = at->metric + 1 };
		}
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show metrics [json]", "Numbers in the text format of Prometheus", show_metrics,
	    NULL },
};

const struct show_table show_metrics_table = SHOW_TABLE(rows);
