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
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->conf->af[f].activate)
			open_add_family(&o->gr, afi_table[f].afi, afi_table[f].safi,
			    OPEN_GR_FORWARDING);
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
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->conf->af[f].activate) {
			o->has |= OPEN_MP;
			open_add_family(&o->mp, afi_table[f].afi, afi_table[f].safi, 0);
		}
	offer_gr(p, o);
	if (c->hostname && c->hostname[0]) {
		o->has |= OPEN_FQDN;
		snprintf(o->hostname, sizeof o->hostname, "%s", c->hostname);
	}
}

/* A session stays useful with any of the families that we want. */
static unsigned
common_families(const struct peer *p, const struct open_msg *o)
{
	unsigned set = 0;

	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		const struct afi_safi *as = &afi_table[f];
		/* RFC 4760 8: a speaker without the capability knows IPv4 unicast alone. */
		bool theirs = o->has & OPEN_MP
				  ? open_has_family(&o->mp, as->afi, as->safi)
				  : f == AFI_SAFI_IPV4;

		if (p->conf->af[f].activate && theirs)
			set |= 1u << f;
	}
	return set;
}

/* The capabilities that are missing, as RFC 5492 5 wants them shown. */
static bool
refuse_families(const struct peer *p, struct bgp_fault *f)
{
	static const char *const alone[AFI_SAFI_COUNT] = {
		[AFI_SAFI_EVPN] = "the peer does not offer L2VPN EVPN",
		[AFI_SAFI_IPV4] = "the peer does not offer IPv4 Unicast",
		[AFI_SAFI_IPV6] = "the peer does not offer IPv6 Unicast",
	};
	const char *why = NULL;
	uint8_t caps[6 * AFI_SAFI_COUNT];
	struct wbuf w = wb_init(caps, sizeof caps);

	for (unsigned i = 0; i < AFI_SAFI_COUNT; i++) {
		if (!p->conf->af[i].activate)
			continue;
		why = why ? "the peer offers no address family that is activated"
			  : alone[i];
		wb_u16(&w, CAP_MULTIPROTOCOL << 8 | 4); /* code, length */
		wb_u16(&w, afi_table[i].afi);
		wb_u16(&w, afi_table[i].safi);
	}
	return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_CAPABILITY, caps, wb_len(&w), why);
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

	if (!open_check(o, &e, f))
		return false;
	return common_families(p, o) || refuse_families(p, f);
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
	for (int i = 0; i < o->gr.n; i++) {
		const struct afi_safi *f = afi_find(o->gr.v[i].afi, o->gr.v[i].safi);
		unsigned bit = f ? 1u << afi_number(f) & n->families : 0;

		n->gr_families = (uint8_t)(n->gr_families | bit);
		if (o->gr.v[i].arg & OPEN_GR_FORWARDING)
			n->gr_forwarding = (uint8_t)(n->gr_forwarding | bit);
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
	n->families = (uint8_t)common_families(p, o);
	n->remote_as = o->as;
	n->remote_id = o->id;
	settle_gr(p, o, n);
	snprintf(n->hostname, sizeof n->hostname, "%.63s", o->hostname);
	snprintf(n->software, sizeof n->software, "%.63s", o->software);
	return true;
}
