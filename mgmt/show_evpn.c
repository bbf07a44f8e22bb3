/* SPDX-License-Identifier: ISC */
/* `show evpn`, `show evpn kernel errors`: EVPN as a whole, and what the kernel refused. */
#include "config.h"

#include "mgmt/show_evpn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_util.h"
#include "mgmt/state_names.h"

/* --- show evpn --- */

struct vnis {
	uint32_t l2, l3; /* that the kernel has, of each layer */
};

static struct vnis
observed_vnis(struct evpn *e)
{
	struct evpn_show_evi v;
	struct evpn_show_vrf l3;
	char vrf[ZL_IFNAME] = "";
	struct vnis n = { 0, 0 };

	for (uint32_t at = 0; evpn_show_evi_next(e, at, &v); at = v.vni)
		n.l2 += v.observed && !evpn_show_vrf_of_l3vni(e, v.vni, &l3);
	while (evpn_show_vrf_next(e, vrf, &l3)) {
		memcpy(vrf, l3.name, sizeof vrf);
		n.l3 += l3.l3vni && l3.obs;
	}
	return n;
}

static const char *
yes_no(bool v)
{
	return v ? "Yes" : "No";
}

/* Multihoming is not there: its timers are 0 and nothing is held down.  Tools expect the keys. */
static void
json_multihoming(struct out *o)
{
	out_uint(o, "macHoldtime", 0);
	out_uint(o, "neighHoldtime", 0);
	out_uint(o, "startupDelay", 0);
	out_str(o, "startupDelayTimer", "--:--:--");
	out_uint(o, "uplinkConfigCount", 0);
	out_uint(o, "uplinkActiveCount", 0);
	out_arr_begin(o, "protodownReasons");
	out_arr_end(o);
}

static void
json_kernel(struct out *o, const struct evpn_show_totals *t)
{
	out_obj_begin(o, "kernel");
	out_bool(o, "observed", t->observed);
	out_bool(o, "synchronised", t->synced);
	out_uint(o, "waiting", t->queued);
	out_uint(o, "unansweredFrames", t->in_flight);
	out_uint(o, "failed", t->failures);
	out_uint(o, "writes", t->sent);
	out_uint(o, "writesOk", t->ok);
	out_uint(o, "writesFailed", t->failed);
	out_uint(o, "retries", t->retries);
	out_uint(o, "repaired", t->drift);
	out_obj_end(o);
}

/* Hosts that were asked whether they are still there (RFC 9161). */
static void
json_probes(struct out *o, const struct evpn_conf *conf, const struct evpn_show_totals *t)
{
	out_obj_begin(o, "probes");
	out_bool(o, "enabled", conf->probe);
	out_uint(o, "rate", conf->probe_rate);
	out_uint(o, "sent", t->probes_sent);
	out_uint(o, "answered", t->probes_answered);
	out_uint(o, "lost", t->probes_lost);
	out_uint(o, "waiting", t->probes_queued);
	out_uint(o, "held", t->held);
	out_obj_end(o);
}

static void
json_all(const struct show_ctx *c, const struct evpn_conf *conf, const struct vnis *n,
    const struct evpn_show_totals *t)
{
	struct out *o = c->out;

	out_obj_begin(o, NULL);
	out_str(o, "advertiseGatewayMacip", yes_no(conf->advertise_default_gw));
	out_str(o, "advertiseSviMacip", yes_no(conf->advertise_svi_ip));
	out_str(o, "advertiseSviMac", "No"); /* the MAC alone never is */
	out_uint(o, "numVnis", n->l2 + n->l3);
	out_uint(o, "numL2Vnis", n->l2);
	out_uint(o, "numL3Vnis", n->l3);
	out_bool(o, "isDuplicateAddrDetection", conf->dad_enabled);
	out_uint(o, "maxMoves", conf->dad_max_moves);
	out_uint(o, "detectionTime", conf->dad_time);
	out_uint(o, "detectionFreezeTime", conf->dad_freeze_time);
	out_bool(o, "isDetectionFreeze", conf->dad_freeze);
	json_multihoming(o);
	out_uint(o, "numFrozenMacs", t->frozen);
	out_uint(o, "numFrozenNeighbors", t->frozen_neighs);
	json_probes(o, conf, t);
	json_kernel(o, t);
	out_obj_end(o);
}

static void
text_all(const struct show_ctx *c, const struct evpn_conf *conf, const struct vnis *n,
    const struct evpn_show_totals *t)
{
	struct out *o = c->out;

	out_printf(o, "L2 VNIs: %u\nL3 VNIs: %u\n", n->l2, n->l3);
	out_printf(
	    o, "Advertise gateway mac-ip: %s\n", yes_no(conf->advertise_default_gw));
	out_printf(o, "Advertise svi mac-ip: %s\n", yes_no(conf->advertise_svi_ip));
	out_puts(o, "Advertise svi mac: No\n");
	out_printf(o, "Duplicate address detection: %s\n",
	    conf->dad_enabled ? "Enable" : "Disable");
	if (conf->dad_enabled)
		out_printf(o, "  Detection max-moves %u, time %u\n", conf->dad_max_moves,
		    conf->dad_time);
	if (conf->dad_freeze && conf->dad_freeze_time)
		out_printf(o, "  Detection freeze %u\n", conf->dad_freeze_time);
	else if (conf->dad_freeze)
		out_puts(o, "  Detection freeze permanent\n");
	out_printf(o,
	    "Objects: %u MACs (%u local, %u frozen), %u neighbours (%u frozen), "
	    "%u remote VTEPs\n",
	    t->macs, t->local_macs, t->frozen, t->neighs, t->frozen_neighs, t->vteps);
	out_printf(o,
	    "Probes of silent hosts: %s, %" PRIu64 " sent, %" PRIu64 " answered, %" PRIu64
	    " lost; %u hosts held until they answer\n",
	    conf->probe ? "on" : "off", t->probes_sent, t->probes_answered,
	    t->probes_lost, t->held);
	out_puts(o, "Kernel: ");
	out_toned(o, t->synced ? OUT_GOOD : OUT_WARN, "%s",
	    !t->observed ? "not read yet"
	    : t->synced	 ? "synchronised"
			 : "synchronising");
	out_printf(o, ", %" PRIu64 " writes, %u waiting, ", t->sent, t->queued);
	out_toned(o, t->failures ? OUT_BAD : OUT_PLAIN, "%u failed", t->failures);
	out_puts(o, ", ");
	out_toned(o, t->drift ? OUT_WARN : OUT_PLAIN, "%" PRIu64 " repaired\n", t->drift);
}

static bool
show_evpn(struct show_ctx *c)
{
	static const struct evpn_conf none = { 0 };
	const struct evpn_conf *conf = c->eng->conf ? &c->eng->conf->evpn : &none;
	struct evpn_show_totals t;
	struct vnis n;

	if (show_evpn_absent(c))
		return false;
	evpn_show_totals(c->eng->evpn, &t);
	n = observed_vnis(c->eng->evpn);
	(c->json ? json_all : text_all)(c, conf, &n, &t);
	return false;
}

/* --- show evpn kernel errors --- */

/* Where the list is between slices. */
struct errors {
	uint32_t at;	/* as evpn_show_failure_next() wants it */
	uint32_t shown; /* written */
};

static const char *
operation(const struct evpn_show_failure *f)
{
	return f->op == ZL_SET ? "install" : "remove";
}

/* What a record of routing is about. */
static void
l3_key(const struct evpn_show_failure *f, char *text, size_t len)
{
	char buf[PREFIX_STRLEN];

	if (f->kind == ZL_KIND_ROUTE)
		snprintf(text, len, "%s %s", f->vrf,
		    prefix_format((struct prefix){ f->ip, f->plen }, buf));
	else if (f->kind == ZL_KIND_HOP)
		snprintf(text, len, "%s %s", f->vrf, ip_format(f->ip, buf));
	else
		snprintf(text, len, "%s %u", f->vrf, f->id);
}

static void
json_error(struct out *o, const struct evpn_show_failure *f)
{
	char text[ZL_IFNAME + PREFIX_STRLEN];

	out_obj_begin(o, NULL);
	out_uint(o, "vni", f->vni);
	out_str(o, "object", state_kind_name(f->kind));
	out_str(o, "operation", operation(f));
	if (f->vrf[0])
		out_str(o, "vrf", f->vrf);
	if (f->kind >= ZL_KIND_HOP) {
		l3_key(f, text, sizeof text);
		out_str(o, "key", text);
	} else if (f->kind != ZL_KIND_FLOOD) {
		out_str(o, "mac", mac_format(f->mac, text));
	}
	if (f->kind == ZL_KIND_NEIGH)
		out_str(o, "ip", ip_format(f->ip, text));
	else if (f->kind < ZL_KIND_HOP)
		out_str(o, "vtep", ip_format(f->vtep, text));
	out_int(o, "errno", f->error);
	out_str(o, "error", strerror(f->error));
	if (f->text[0])
		out_str(o, "kernelMessage", f->text);
	out_uint(o, "attempts", f->attempts);
	out_int(o, "nextAttemptMsecs", f->retry_us / 1000);
	out_obj_end(o);
}

static void
text_error(struct out *o, const struct evpn_show_failure *f)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], what[ZL_IFNAME + PREFIX_STRLEN + 4];

	if (f->kind >= ZL_KIND_HOP)
		l3_key(f, what, sizeof what);
	else if (f->kind == ZL_KIND_FLOOD)
		snprintf(what, sizeof what, "%s", ip_format(f->vtep, ip));
	else
		snprintf(what, sizeof what, "%s %s", mac_format(f->mac, mac),
		    ip_format(f->kind == ZL_KIND_MAC ? f->vtep : f->ip, ip));
	out_printf(o, "%-10u %-8s %-7s %-33s %8u %7.1fs ", f->vni,
	    state_kind_name(f->kind), operation(f), what, f->attempts,
	    (double)f->retry_us / 1e6);
	out_toned(
	    o, OUT_BAD, "%s%s%s\n", strerror(f->error), f->text[0] ? ": " : "", f->text);
}

static void
errors_begin(const struct show_ctx *c)
{
	struct evpn_show_totals t;

	evpn_show_totals(c->eng->evpn, &t);
	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_uint(c->out, "numErrors", t.failures);
		out_arr_begin(c->out, "errors");
	} else if (t.failures)
		out_printf(c->out, "%-10s %-8s %-7s %-33s %8s %8s %s\n", "VNI", "Object",
		    "To do", "Address", "Attempts", "Next in", "Reason");
	else
		out_puts(c->out, "No kernel errors\n");
}

static bool
show_errors(struct show_ctx *c)
{
	struct errors *s = c->state;
	struct evpn_show_failure f;

	if (!s) {
		if (show_evpn_absent(c))
			return false;
		c->state = s = xcalloc(1, sizeof *s);
		errors_begin(c);
	}
	while (evpn_show_failure_next(c->eng->evpn, &s->at, &f)) {
		(c->json ? json_error : text_error)(c->out, &f);
		s->shown++;
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json) {
		out_arr_end(c->out);
		out_obj_end(c->out);
	} else if (s->shown)
		out_printf(c->out, "\nTotal number of errors %u\n", s->shown);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn [json]", "EVPN as a whole", show_evpn, NULL },
	{ "show evpn kernel errors [json]",
	    "What the kernel refused, and when it is tried again", show_errors, NULL },
};

const struct show_table show_evpn_table = SHOW_TABLE(rows);
