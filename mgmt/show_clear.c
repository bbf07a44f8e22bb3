/* SPDX-License-Identifier: ISC */
/* `clear ...`: ends sessions or asks for routes again, ends duplicates, starts measuring anew. */
#include "config.h"

#include "mgmt/show_clear.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/peer.h"
#include "evpn/evpn_show.h"
#include "mgmt/show_evpn_dump.h"

/* --- clear bgp --- */

static enum bgp_clear
how(const struct cli_args *a)
{
	if (!cli_arg(a, "soft"))
		return BGP_CLEAR_HARD;
	if (cli_arg(a, "in"))
		return BGP_CLEAR_SOFT_IN;
	return cli_arg(a, "out") ? BGP_CLEAR_SOFT_OUT : BGP_CLEAR_SOFT;
}

static bool
chosen(const struct cli_args *a, const struct peer *p)
{
	const char *group = cli_arg(a, "group"), *addr = cli_arg(a, "neighbor");
	struct ip ip;

	if (group)
		return p->conf->group && strcmp(p->conf->group, group) == 0;
	if (addr)
		return ip_parse(addr, &ip) && ip_equal(ip, p->addr);
	if (cli_arg(a, "as"))
		return cli_arg_num(a, "as", 0) == peer_remote_as(p);
	if (cli_arg(a, "external"))
		return !p->ibgp;
	return true;
}

static bool
clear_bgp(struct show_ctx *c)
{
	const enum bgp_clear what = how(c->args);
	const struct bgp_conf *conf = bgp_conf(c->eng->bgp);
	struct peer *p, *next;
	unsigned n = 0;

	if (!conf || !conf->enabled)
		return show_fail(c, "BGP is not configured");
	for (p = bgp_peer_first(c->eng->bgp); p; p = next) {
		next = bgp_peer_next(c->eng->bgp, p); /* a dynamic one may go */
		if (!chosen(c->args, p))
			continue;
		bgp_clear_peer(p, what);
		n++;
	}
	if (n == 0 && !cli_arg(c->args, "*"))
		return show_fail(c, "No such neighbor");
	return false;
}

/* --- clear evpn dup-addr --- */

static bool
clear_duplicate_ip(struct show_ctx *c, uint32_t vni, const char *text)
{
	struct evpn_show_neigh n;
	struct ip ip;

	ip_parse(text, &ip); /* the pattern has checked it */
	if (!evpn_show_neigh(c->eng->evpn, vni, ip, &n) || n.where == EVPN_AUTO)
		return show_fail(c, "Requested neighbor does not exist in VNI %u", vni);
	if (!n.duplicate)
		return show_fail(c, "Requested neighbor is not a duplicate");
	evpn_clear_duplicate(c->eng->evpn, vni, NULL, &ip);
	return false;
}

static bool
clear_duplicate_mac(struct show_ctx *c, uint32_t vni, const char *text)
{
	struct evpn_show_mac m;
	struct mac mac;

	mac_parse(text, &mac); /* the pattern has checked it */
	if (!evpn_show_mac(c->eng->evpn, vni, mac, &m))
		return show_fail(c, "Requested MAC does not exist in VNI %u", vni);
	if (!m.duplicate)
		return show_fail(c, "Requested MAC is not a duplicate");
	evpn_clear_duplicate(c->eng->evpn, vni, &mac, NULL);
	return false;
}

static bool
clear_duplicates(struct show_ctx *c)
{
	const uint32_t vni = (uint32_t)cli_arg_num(c->args, "number", 0);
	const char *mac = cli_arg(c->args, "mac"), *ip = cli_arg(c->args, "ip");
	struct evpn_show_evi evi;

	if (show_evpn_absent(c))
		return false;
	if (vni && !evpn_show_evi(c->eng->evpn, vni, &evi))
		return show_fail(c, "VNI %u does not exist", vni);
	if (ip)
		return clear_duplicate_ip(c, vni, ip);
	if (mac)
		return clear_duplicate_mac(c, vni, mac);
	evpn_clear_duplicate(c->eng->evpn, vni, NULL, NULL);
	return false;
}

/* --- clear loop --- */

static bool
clear_loop(struct show_ctx *c)
{
	loop_stats_reset(c->eng->loop);
	return false;
}

static const struct show_cmd rows[] = {
	{ "clear [ip] bgp [vrf default] [<l2vpn evpn|ipv4 [unicast]|ipv6 [unicast]>] "
	  "<*|A.B.C.D$neighbor|X:X::X:X$neighbor|ASNUM$as|external|peer-group "
	  "WORD$group> "
	  "[soft [in|out]]",
	    "Ends sessions, or asks for routes again", clear_bgp, NULL },
	{ "clear evpn dup-addr vni <all|(1-16777215)$number [<mac X:X:X:X:X:X$mac|"
	  "ip <A.B.C.D|X:X::X:X>$ip>]>",
	    "Ends the duplicate state of MACs and addresses", clear_duplicates, NULL },
	{ "clear loop", "Measures the longest time of the loop anew", clear_loop, NULL },
};

const struct show_table show_clear_table = SHOW_TABLE(rows);
