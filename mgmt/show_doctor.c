/* SPDX-License-Identifier: ISC */
/* `show evpn doctor`: each finding, what follows from it, and what to do. */
#include "config.h"

#include "mgmt/show_doctor.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/nht.h"
#include "bgpd/peer.h"
#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "evpn/findings.h"

/* What a finding means and what mends it. */
static const struct advice {
	const char *name;   /* in JSON */
	bool error;	    /* traffic is lost now; else it may be, or costs */
	const char *effect; /* what follows */
	const char *todo;   /* what to do; %s is the device */
} advices[FIND_CODES] = {
	[ZL_FIND_VNI_DOWN] = { "vniDown", true, "The VNI carries no traffic",
	    "make what is missing; evpnd takes it up by itself" },
	[ZL_FIND_LEARNING] = { "learning", false,
	    "MACs learnt from tunnels compete with those of BGP",
	    "ip link set %s type vxlan nolearning; bridge link set dev %s learning off" },
	[ZL_FIND_SUPPRESS] = { "neighSuppressOff", false,
	    "Each ARP and ND query is flooded to all leaves",
	    "bridge link set dev %s neigh_suppress on" },
	[ZL_FIND_NO_LOCAL] = { "noLocalAddress", true,
	    "There is no address to advertise as VTEP",
	    "make %s again with `local ADDRESS`, the VTEP's" },
	[ZL_FIND_VTEP_ABSENT] = { "vtepAddressAbsent", true,
	    "Remote leaves send to an address that is not here",
	    "add the address to a loopback interface, or correct %s" },
	[ZL_FIND_FORWARDING] = { "forwardingOff", true,
	    "Routed traffic of this network is dropped",
	    "sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 (and of "
	    "%s)" },
	[ZL_FIND_RP_FILTER] = { "strictRpFilter", false,
	    "Routed traffic that comes back another way is dropped",
	    "sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.%s.rp_filter=0" },
	[ZL_FIND_ARP_ACCEPT] = { "arpAcceptOff", false,
	    "Hosts that announce themselves by gratuitous ARP are not learnt",
	    "sysctl -w net.ipv4.conf.%s.arp_accept=1" },
	[ZL_FIND_DAD] = { "gatewayDad", false,
	    "An anycast IPv6 address is taken for a duplicate",
	    "sysctl -w net.ipv6.conf.%s.accept_dad=0" },
	[ZL_FIND_MTU_PORT] = { "vxlanMtu", true,
	    "Large frames of tenants do not enter the tunnel",
	    "ip link set %s mtu MTU, that of the tenants' network" },
	[ZL_FIND_MTU_UNDERLAY] = { "underlayMtu", false,
	    "Large frames of tenants are fragmented or lost on the way",
	    "raise the underlay's MTU, or lower that of %s and its hosts" },
	[ZL_FIND_ROUTER_MAC] = { "macNotSet", false,
	    "The router MAC changes when ports come and go",
	    "ip link set %s address MAC, one of its own" },
	[ZL_FIND_UNTRACKED_NA] = { "untrackedNaOff", false,
	    "IPv6 hosts that announce themselves, or answer another leaf's anycast "
	    "gateway, are not learnt",
	    "sysctl -w net.ipv6.conf.%s.accept_untracked_na=1" },
	[ZL_FIND_NO_LINKLOCAL] = { "noLinkLocal", true,
	    "The kernel asks no IPv6 host for its MAC: who is silent is not reached, and "
	    "who was known is lost",
	    "ip addr add fe80::1/64 dev %s nodad (the same on each leaf of an anycast "
	    "gateway)" },
	[ZL_FIND_GC_THRESH] = { "neighbourTableFull", true,
	    "New hosts are not learnt once the table is full",
	    "raise net.%s.neigh.default.gc_thresh1, 2 and 3" },
	[ZL_FIND_PORT_TAKEN] = { "udpPortTaken", true, "The device cannot be set up",
	    "end the other program, or give %s another dstport" },
	[FIND_VRF_DOWN] = { "vrfDown", true, "The VRF is no part of the fabric",
	    "make what is missing; `show evpn trace vrf %s ADDRESS` shows its parts" },
	[FIND_RMAC_SHARED] = { "routerMacShared", true,
	    "Only one of the leaves with this router MAC is routed to",
	    "give the L3VNI's SVI of each leaf a MAC of its own" },
	[FIND_HOP_FAILED] = { "nextHopFailed", true,
	    "What is behind these next hops is not reached",
	    "show evpn next-hops; show evpn kernel errors" },
	[FIND_VNI_OTHER] = { "vniMismatch", true,
	    "What is behind these routes is not reached",
	    "one L3VNI for the VRF everywhere, or one external VXLAN device for all VNIs "
	    "here" },
	[FIND_GATEWAY] = { "gatewayUnresolved", false,
	    "What is behind these gateways is not reached",
	    "enable-resolve-overlay-index; show evpn trace vrf %s ADDRESS" },
	[FIND_ROUTES] = { "routesUnusable", false,
	    "What is behind these routes is not reached",
	    "show evpn trace vrf %s ADDRESS, for an address behind them" },
};

const char *
show_finding_name(unsigned code)
{
	return advices[code].name;
}

bool
show_finding_is_error(unsigned code)
{
	return advices[code].error;
}

/* The advice with the device's name in it; to be freed. */
static char *
todo_text(const struct advice *a, const char *subject)
{
	struct strbuf b;
	const char *s;

	strbuf_init(&b);
	for (s = a->todo; *s; s++) {
		if (s[0] == '%' && s[1] == 's') {
			strbuf_put(&b, subject);
			s++;
		} else {
			strbuf_putc(&b, *s);
		}
	}
	return strbuf_take(&b);
}

static void
finding_text(struct out *o, const struct zl_finding *f)
{
	const struct advice *a = &advices[f->code];
	char *todo = todo_text(a, f->subject);

	out_toned(o, a->error ? OUT_BAD : OUT_WARN, "%s", a->error ? "ERROR" : "warning");
	out_puts(o, ": ");
	if (f->vni)
		out_printf(o, "VNI %u, ", f->vni);
	if (f->code >= ZL_FIND_END)
		out_puts(o, "VRF ");
	out_printf(
	    o, "%s: %s\n  %s.\n  To do: %s\n", f->subject, f->text, a->effect, todo);
	free(todo);
}

static void
finding_json(struct out *o, const struct zl_finding *f)
{
	const struct advice *a = &advices[f->code];
	char *todo = todo_text(a, f->subject);

	out_obj_begin(o, NULL);
	out_str(o, "code", a->name);
	out_str(o, "severity", a->error ? "error" : "warning");
	out_str(o, "subject", f->subject);
	if (f->vni)
		out_uint(o, "vni", f->vni);
	out_str(o, "seen", f->text);
	out_str(o, "effect", a->effect);
	out_str(o, "todo", todo);
	out_obj_end(o);
	free(todo);
}

/* Writes that failed, sessions that are not up, VTEPs out of reach: found elsewhere, but asked for here. */
struct others {
	uint64_t failures;    /* of kernel writes, now */
	unsigned peers, down; /* configured neighbours, and those not established */
	unsigned lost;	      /* next hops that this machine has no route to */
};

static struct others
look_around(const struct show_ctx *c)
{
	struct others n = { 0 };
	struct evpn_show_totals t;

	if (c->eng->evpn) {
		evpn_show_totals(c->eng->evpn, &t);
		n.failures = t.failures;
	}
	if (!c->eng->bgp)
		return n;
	n.lost = bgp_nht(c->eng->bgp)->nunreachable;
	for (struct peer *p = bgp_peer_first(c->eng->bgp); p;
	     p = bgp_peer_next(c->eng->bgp, p)) {
		n.peers++;
		n.down += p->up == NULL;
	}
	return n;
}

static void
others_text(const struct show_ctx *c, bool found)
{
	const struct others n = look_around(c);

	if (n.failures) {
		out_toned(c->out, OUT_BAD, "ERROR");
		out_printf(c->out,
		    ": %llu writes into the kernel failed\n"
		    "  To do: show evpn kernel errors\n",
		    (unsigned long long)n.failures);
	}
	if (n.down) {
		out_toned(c->out, OUT_BAD, "ERROR");
		out_printf(c->out,
		    ": %u of %u neighbours are not established\n"
		    "  To do: show bgp l2vpn evpn summary\n",
		    n.down, n.peers);
	}
	if (n.lost) {
		out_toned(c->out, OUT_BAD, "ERROR");
		out_printf(c->out,
		    ": this machine has no route to %u next hop%s of received routes\n"
		    "  What is behind them cannot be reached, and the routes are not "
		    "used.\n"
		    "  To do: show bgp nexthop\n",
		    n.lost, n.lost == 1 ? "" : "s");
	}
	if (!found && n.failures == 0 && n.down == 0 && n.lost == 0)
		out_toned(c->out, OUT_GOOD, "Nothing found.\n");
}

static void
others_json(const struct show_ctx *c)
{
	const struct others n = look_around(c);

	out_arr_end(c->out);
	out_uint(c->out, "kernelFailures", n.failures);
	out_uint(c->out, "neighbors", n.peers);
	out_uint(c->out, "neighborsDown", n.down);
	out_uint(c->out, "nexthopsUnreachable", n.lost);
	out_obj_end(c->out);
}

/* Where a list is between slices. */
struct list {
	struct zl_finding last;	   /* of the data plane, shown last */
	struct findings_walk walk; /* over the engine's own */
	bool found;		   /* anything */
};

/* The next finding; false at the end. */
static bool
next(const struct show_ctx *c, struct list *l, struct zl_finding *out)
{
	const struct zl_finding *f = findings_after(c->eng->findings, &l->last);

	if (f)
		l->last = *out = *f;
	return f || (c->eng->evpn && findings_vrf_next(c->eng->evpn, &l->walk, out));
}

static bool
show_doctor(struct show_ctx *c)
{
	struct list *l = c->state;
	struct zl_finding f;

	if (!c->eng->findings)
		return show_fail(c, "There is no kernel to look at");
	if (!l) {
		c->state = l = xcalloc(1, sizeof *l);
		if (c->json) {
			out_obj_begin(c->out, NULL);
			out_arr_begin(c->out, "findings");
		}
	}
	while (next(c, l, &f)) {
		(c->json ? finding_json : finding_text)(c->out, &f);
		l->found = true;
		if (out_full(c->out))
			return true;
	}
	if (c->json)
		others_json(c);
	else
		others_text(c, l->found);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show evpn doctor [json]", "What of this machine keeps EVPN from working",
	    show_doctor, NULL },
};

const struct show_table show_doctor_table = SHOW_TABLE(rows);
