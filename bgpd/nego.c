/* SPDX-License-Identifier: ISC */
/* bgpd/nego.c: capabilities offered and agreed upon. */
#include "config.h"

#include "bgpd/nego.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "lib/util.h"

static bool
offers_gr(const struct peer *p)
{
	return p->bgp->conf->graceful_restart;
}

static void
offer_gr(const struct peer *p, struct open_msg *o)
{
	const struct bgp *b = p->bgp;

	if (!offers_gr(p))
		return;
	o->has |= OPEN_GR;
	o->gr_time =
	    MIN(b->conf->gr_restart_time, (uint16_t)4095); /* 12 bits, RFC 4724 3 */
	o->gr_restarting = bgp_restarting(b);
	o->gr_notification = true; /* RFC 8538 2 */
	/* The kernel forwards on while we are away: the bit is always true of us. */
	open_add_family(&o->gr, AFI_L2VPN, SAFI_EVPN, OPEN_GR_FORWARDING);
}

void
nego_offer(const struct peer *p, struct open_msg *o)
{
	const struct bgp_conf *c = p->bgp->conf;

	memset(o, 0, sizeof *o);
	o->version = 4;
	o->as = c->as;
	o->hold = p->conf->hold;
	o->id = bgp_router_id(p->bgp);
	o->has = OPEN_REFRESH | OPEN_ENHANCED_REFRESH | OPEN_EXT_MESSAGE | OPEN_AS4;
	if (p->conf->evpn.activate) {
		o->has |= OPEN_MP;
		open_add_family(&o->mp, AFI_L2VPN, SAFI_EVPN, 0);
	}
	offer_gr(p, o);
	if (c->hostname && c->hostname[0]) {
		o->has |= OPEN_FQDN;
		snprintf(o->hostname, sizeof o->hostname, "%s", c->hostname);
	}
}

static bool
check(const struct peer *p, const struct open_msg *o, struct bgp_fault *f)
{
	static const enum open_as_rule rules[] = {
		[REMOTE_AS_NONE] = OPEN_AS_ANY,
		[REMOTE_AS_NUMBER] = OPEN_AS_NUMBER,
		[REMOTE_AS_INTERNAL] = OPEN_AS_INTERNAL,
		[REMOTE_AS_EXTERNAL] = OPEN_AS_EXTERNAL,
	};
	struct open_expect e = {
		.rule = rules[p->conf->remote_as_type],
		.remote_as = p->conf->remote_as,
		.local_as = p->bgp->conf->as,
		.local_id = bgp_router_id(p->bgp),
	};
	/* The capability that is missing, as RFC 5492 5 wants it shown. */
	static const uint8_t evpn[] = { CAP_MULTIPROTOCOL, 4, 0, AFI_L2VPN, 0,
		SAFI_EVPN };

	if (!open_check(o, &e, f))
		return false;
	if (!open_has_family(&o->mp, AFI_L2VPN, SAFI_EVPN))
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_CAPABILITY, evpn,
		    sizeof evpn, "the peer does not offer L2VPN EVPN");
	return true;
}

static void
settle_gr(const struct peer *p, const struct open_msg *o, struct peer_nego *n)
{
	n->gr = offers_gr(p) && o->has & OPEN_GR;
	if (!n->gr)
		return;
	n->gr_time = o->gr_time;
	n->gr_restarting = o->gr_restarting;
	n->gr_notification = o->gr_notification;
	for (int i = 0; i < o->gr.n; i++)
		if (o->gr.v[i].afi == AFI_L2VPN && o->gr.v[i].safi == SAFI_EVPN) {
			n->gr_evpn = true;
			n->gr_forwarding = o->gr.v[i].arg & OPEN_GR_FORWARDING;
		}
}

bool
nego_settle(const struct peer *p, const struct open_msg *o, struct peer_nego *n,
    struct bgp_fault *f)
{
	memset(n, 0, sizeof *n);
	if (!check(p, o, f))
		return false;
	n->hold = MIN(p->conf->hold, o->hold);
	n->keepalive =
	    n->hold ? MAX(MIN(p->conf->keepalive, (uint16_t)(n->hold / 3)), (uint16_t)1)
		    : 0;
	n->as4 = o->has & OPEN_AS4;
	n->ext_msg = o->has & OPEN_EXT_MESSAGE;
	n->refresh = o->has & OPEN_REFRESH;
	n->enhanced_refresh = n->refresh && o->has & OPEN_ENHANCED_REFRESH;
	n->evpn = true;
	n->remote_as = o->as;
	n->remote_id = o->id;
	settle_gr(p, o, n);
	snprintf(n->hostname, sizeof n->hostname, "%.63s", o->hostname);
	snprintf(n->software, sizeof n->software, "%.63s", o->software);
	return true;
}
