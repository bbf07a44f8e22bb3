/* SPDX-License-Identifier: ISC */
/* bgpd/peer_rib.c: a peer and the RIB: its way out, refresh and the limit of its routes. */
#include "config.h"

#include "bgpd/afi.h"
#include "bgpd/bgp_priv.h"
#include "bgpd/msg.h"
#include "bgpd/peer_priv.h"
#include "bgpd/update_write.h"
#include "lib/util.h"

LOG_MODULE("bgp.out");

struct adjout_policy
peer_policy(const struct peer *p)
{
	const struct bgp_conf *c = p->bgp->conf;
	struct adjout_policy pol = {
		.ibgp = p->ibgp,
		.rr_client = p->ibgp && p->conf->evpn.rr_client,
		.client_to_client = c->client_to_client,
		.next_hop_self = p->conf->evpn.next_hop_self,
		.as4 = p->nego.as4,
		.max_msg = p->nego.ext_msg ? MSG_MAX_EXTENDED : MSG_MAX,
		.local_as = c->as,
		.cluster_id = bgp_cluster_id(p->bgp),
		.default_local_pref = c->default_local_pref,
		.route_types = p->conf->evpn.route_types,
	};

	if (pol.next_hop_self)
		pol.nexthop = p->local;
	return pol;
}

static void
push(struct adjout_peer *out, struct txbuf *b)
{
	struct peer *p = container_of(out, struct peer, out);

	if (b->data[18] == MSG_UPDATE)
		p->n.updates_out++;
	else
		p->n.refreshes_out++;
	out->queued += b->len;
	txbuf_ref(b);
	session_push(p->up, b);
}

void
peer_join(struct peer *p, bool eor)
{
	struct adjout_policy pol = peer_policy(p);

	if (!peer_may_import(p)) {
		uint8_t msg[64];
		struct wbuf w = wb_init(msg, sizeof msg);

		if (!p->priv->warned_policy)
			log_warn(
			    "neighbor %s: no route goes in or out: eBGP without a policy "
			    "(bgp ebgp-requires-policy)",
			    p->name);
		p->priv->warned_policy = true;
		update_encode_eor(&w, afi_evpn());
		session_control(p->up, msg, wb_len(&w));
		return;
	}
	p->out.peer = p->rib_idx;
	p->out.push = push;
	p->out.queued = 0;
	adjout_join(p->bgp->adjout, &p->out, &pol, eor);
}

/* Under the present facts: a dynamic or restarted peer may have changed them. */
bool
peer_enter_rib(struct peer *p)
{
	struct rib *rib = p->bgp->rib;
	struct rib_peer *rp;
	struct rib_peer facts = {
		.ibgp = p->ibgp,
		.rr_client = p->ibgp && p->conf->evpn.rr_client,
		.router_id = p->nego.remote_id,
		.as = p->nego.remote_as,
		.addr = p->addr,
		.owner = p,
	};

	if (p->rib_idx == 0) {
		p->rib_idx = rib_peer_add(rib, &facts);
		return p->rib_idx != 0;
	}
	rp = rib_peer(rib, p->rib_idx);
	rp->ibgp = facts.ibgp;
	rp->rr_client = facts.rr_client;
	rp->router_id = facts.router_id;
	rp->as = facts.as;
	return true;
}

void
peer_wrote(struct peer *p, const struct session *s)
{
	p->out.queued = s->tx.queued - txq_control_bytes(&s->tx);
	adjout_drained(&p->out);
}

void
peer_rejoin(struct peer *p)
{
	if (!p->up)
		return;
	if (!p->nego.enhanced_refresh || (p->out.pos && p->out.want_eor)) {
		/* Nothing else tells the peer which routes it may not keep; and no BoRR goes out
		 * before End-of-RIB (RFC 7313 4). */
		peer_reset(p, BGP_CEASE_CONFIG, "outbound policy change");
		return;
	}
	adjout_leave(&p->out);
	peer_join(p, false);
	if (p->out.pos)
		adjout_refresh(&p->out, true);
}

/* What comes in beside routes. */

void
peer_eor_in(struct peer *p)
{
	p->eor_in = p->priv->synced = true;
	log_debug("neighbor %s: End-of-RIB", p->name);
	peer_gr_eor(p);
	bgp_sync_check(p->bgp);
}

void
peer_refresh_in(struct peer *p, const struct refresh *r)
{
	struct rib *rib = p->bgp->rib;

	if (r->afi != AFI_L2VPN || r->safi != SAFI_EVPN)
		return;
	if (r->type == REFRESH_REQUEST && p->out.pos) {
		adjout_refresh(&p->out, p->nego.enhanced_refresh);
	} else if (r->type == REFRESH_BORR && p->nego.enhanced_refresh &&
		   (p->eor_in || !p->nego.gr)) {
		/* RFC 7313 4: what is not told again until EoRR is gone; of a peer with graceful
		 * restart BoRR counts only after its End-of-RIB. */
		p->priv->borr = true;
		rib_peer_mark_stale(rib, p->rib_idx);
	} else if (r->type == REFRESH_EORR && p->priv->borr) {
		p->priv->borr = false;
		rib_peer_flush(rib, p->rib_idx, true, NULL, NULL);
	}
}

void
peer_request_refresh(struct peer *p)
{
	uint8_t msg[MSG_HEADER_LEN + 4];
	struct wbuf w = wb_init(msg, sizeof msg);
	struct refresh r = { AFI_L2VPN, SAFI_EVPN, REFRESH_REQUEST };

	if (!p->up || !p->nego.refresh)
		return;
	refresh_encode(&w, &r);
	p->n.refreshes_out++;
	session_control(p->up, msg, wb_len(&w));
}

static void
over_max_prefix(struct peer *p, uint32_t n)
{
	const struct peer_af_conf *c = &p->conf->evpn;
	/* RFC 4486 4: family and limit. */
	uint8_t data[7];
	struct wbuf w = wb_init(data, sizeof data);

	p->max_prefix_hit = true;
	if (c->max_prefix_warn_only) {
		if (!p->priv->warned_prefixes)
			log_warn("neighbor %s: %u prefixes, more than the maximum of %u",
			    p->name, n, c->max_prefix);
		p->priv->warned_prefixes = true;
		return;
	}
	wb_u16(&w, AFI_L2VPN);
	wb_u8(&w, SAFI_EVPN);
	wb_u32(&w, c->max_prefix);
	p->priv->hold = PEER_MAX_PREFIX;
	if (c->max_prefix_restart)
		loop_timer_start(p->bgp->loop, &p->priv->hold_timer,
		    MONO_SEC(60) * c->max_prefix_restart);
	peer_stop_session(p->up, BGP_CEASE_MAX_PREFIX, data, sizeof data,
	    "maximum of prefixes reached");
}

void
peer_check_max_prefix(struct peer *p)
{
	const struct peer_af_conf *c = &p->conf->evpn;
	uint32_t n;

	if (c->max_prefix == 0 || !p->up)
		return;
	n = peer_prefixes_in(p);
	if (n > c->max_prefix) {
		over_max_prefix(p, n);
	} else if (!p->priv->warned_threshold &&
		   (uint64_t)n * 100 >=
		       (uint64_t)c->max_prefix * c->max_prefix_threshold) {
		p->priv->warned_threshold = true;
		log_warn(
		    "neighbor %s: %u prefixes of at most %u", p->name, n, c->max_prefix);
	}
}

void
peer_limit_changed(struct peer *p)
{
	p->priv->warned_threshold = p->priv->warned_prefixes = p->max_prefix_hit = false;
	if (p->priv->hold == PEER_MAX_PREFIX)
		peer_reset(p, BGP_CEASE_CONFIG, "configuration change");
	else
		peer_check_max_prefix(p);
}
