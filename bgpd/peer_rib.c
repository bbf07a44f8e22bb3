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

/* Our next hop in routes of a unicast family: the session's address, or one of the same interface. */
static struct ip
own_address(const struct peer_af *af)
{
	const struct peer *p = af->peer;
	const struct bgp_ops *ops = &p->bgp->ops;
	const uint8_t len = af->family == AFI_SAFI_IPV4 ? 4 : 16;

	if (p->local.len == len || p->local.len == 0)
		return p->local;
	return ops->beside ? ops->beside(ops->arg, p->local, len) : (struct ip){ 0 };
}

struct adjout_policy
peer_policy(const struct peer_af *af)
{
	const struct peer *p = af->peer;
	const struct peer_af_conf *ac = peer_af_conf(af);
	const struct bgp_conf *c = p->bgp->conf;
	struct adjout_policy pol = {
		.ibgp = p->ibgp,
		.rr_client = p->ibgp && ac->rr_client,
		.client_to_client = c->client_to_client,
		.unicast = af->family != AFI_SAFI_EVPN,
		.next_hop_self = ac->next_hop_self,
		.as4 = p->nego.as4,
		.max_msg = p->nego.ext_msg ? MSG_MAX_EXTENDED : MSG_MAX,
		.local_as = c->as,
		.cluster_id = bgp_cluster_id(p->bgp),
		.default_local_pref = c->default_local_pref,
		.route_types = ac->route_types,
		.map = ac->map_out,
	};

	if (!p->ibgp && (ac->as_override || ac->remove_private)) {
		pol.peer_as = peer_remote_as(p);
		pol.as_override = ac->as_override;
		pol.remove_private = ac->remove_private;
		pol.remove_private_all = ac->remove_private_all;
		pol.replace_private = ac->replace_private;
	}

	if (pol.unicast)
		pol.nexthop = own_address(af);
	else if (pol.next_hop_self)
		pol.nexthop = p->local;
	return pol;
}

static void
push(struct adjout_peer *out, struct txbuf *b)
{
	struct peer *p = container_of(out, struct peer_af, out)->peer;

	if (b->data[18] == MSG_UPDATE)
		p->n.updates_out++;
	else
		p->n.refreshes_out++;
	out->queued += b->len;
	txbuf_ref(b);
	session_push(p->up, b);
}

void
peer_join(struct peer_af *af, bool eor)
{
	struct peer *p = af->peer;
	struct adjout_policy pol = peer_policy(af);

	if (!peer_may_export(af)) {
		uint8_t msg[64];
		struct wbuf w = wb_init(msg, sizeof msg);

		if (!af->warned_policy)
			log_warn(
			    "neighbor %s: no route goes in or out: eBGP without a policy "
			    "(bgp ebgp-requires-policy)",
			    p->name);
		af->warned_policy = true;
		update_encode_eor(&w, &afi_table[af->family]);
		session_control(p->up, msg, wb_len(&w));
		return;
	}
	if (pol.unicast && pol.nexthop.len == 0 && !af->warned_nexthop) {
		log_warn("neighbor %s: %s: routes that need us as their next hop are not "
			 "told: no address of the family on the session's interface",
		    p->name, afi_table[af->family].name);
		af->warned_nexthop = true;
	}
	af->out.peer = af->rib_idx;
	af->out.push = push;
	af->out.queued = 0;
	adjout_join(p->bgp->adjout[af->family], &af->out, &pol, eor);
}

/* Under the present facts: a dynamic or restarted peer may have changed them. */
bool
peer_enter_rib(struct peer_af *af)
{
	struct peer *p = af->peer;
	struct rib *rib = peer_af_rib(af);
	struct rib_peer *rp;
	struct rib_peer facts = {
		.ibgp = p->ibgp,
		.rr_client = p->ibgp && peer_af_conf(af)->rr_client,
		.router_id = p->nego.remote_id,
		.as = p->nego.remote_as,
		.addr = p->addr,
		.owner = p,
	};

	if (af->rib_idx == 0) {
		af->rib_idx = rib_peer_add(rib, &facts);
		return af->rib_idx != 0;
	}
	rp = rib_peer(rib, af->rib_idx);
	rp->ibgp = facts.ibgp;
	rp->rr_client = facts.rr_client;
	rp->router_id = facts.router_id;
	rp->as = facts.as;
	return true;
}

void
peer_wrote(struct peer *p, const struct session *s)
{
	/* The families share the queue, and whoever finds it long stops filling it. */
	for (struct peer_af *af = p->af; af < p->af + AFI_SAFI_COUNT; af++) {
		af->out.queued = s->tx.queued - txq_control_bytes(&s->tx);
		adjout_drained(&af->out);
	}
}

void
peer_rejoin(struct peer_af *af)
{
	struct peer *p = af->peer;
	bool told = af->out.pos;

	if (!peer_speaks(p, af->family))
		return;
	if (!p->nego.enhanced_refresh || (told && af->out.want_eor) ||
	    (told && !peer_may_export(af))) {
		/* Nothing else tells the peer which routes it may not keep; no BoRR goes out
		 * before End-of-RIB (RFC 7313 4); and who may be told nothing any more (RFC 8212)
		 * has no EoRR to wait for. */
		peer_reset(p, BGP_CEASE_CONFIG, "outbound policy change");
		return;
	}
	adjout_leave(&af->out);
	peer_join(af, false);
	if (af->out.pos)
		adjout_refresh(&af->out, true);
}

void
peer_address_changed(struct peer_af *af)
{
	const struct adjout_policy *was = adjout_policy_of(&af->out);
	struct ip now;
	bool eor;

	if (!was || !was->unicast || !peer_speaks(af->peer, af->family))
		return;
	now = own_address(af);
	if (now.len == 0 || ip_equal(now, was->nexthop))
		return;
	/* Everything is told again, and nothing of what was told before has to go. */
	eor = af->out.want_eor;
	adjout_leave(&af->out);
	af->warned_nexthop = false;
	peer_join(af, eor);
}

/* What comes in beside routes. */

unsigned
peer_untold(const struct peer *p)
{
	unsigned untold = 0;

	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (peer_speaks(p, f) && !p->af[f].eor_in)
			untold |= 1u << f;
	return untold;
}

void
peer_eor_in(struct peer_af *af)
{
	struct peer *p = af->peer;

	af->eor_in = true;
	if (peer_untold(p) == 0)
		p->priv->synced = true;
	log_debug("neighbor %s: End-of-RIB of %s", p->name, afi_table[af->family].name);
	peer_gr_eor(af);
	bgp_sync_check(p->bgp);
}

void
peer_refresh_in(struct peer *p, const struct refresh *r)
{
	const struct afi_safi *f = afi_find(r->afi, r->safi);
	struct peer_af *af = f ? &p->af[afi_number(f)] : NULL;

	if (!af || !peer_speaks(p, af->family))
		return;
	if (r->type == REFRESH_REQUEST && af->out.pos) {
		adjout_refresh(&af->out, p->nego.enhanced_refresh);
	} else if (r->type == REFRESH_BORR && p->nego.enhanced_refresh &&
		   (af->eor_in || !p->nego.gr)) {
		/* RFC 7313 4: what is not told again until EoRR is gone; of a peer with graceful
		 * restart BoRR counts only after its End-of-RIB. */
		af->borr = true;
		rib_peer_mark_stale(peer_af_rib(af), af->rib_idx);
	} else if (r->type == REFRESH_EORR && af->borr) {
		af->borr = false;
		rib_peer_flush(peer_af_rib(af), af->rib_idx, true, NULL, NULL);
	}
}

void
peer_request_refresh(struct peer_af *af)
{
	struct peer *p = af->peer;
	const struct afi_safi *f = &afi_table[af->family];
	uint8_t msg[MSG_HEADER_LEN + 4];
	struct wbuf w = wb_init(msg, sizeof msg);
	struct refresh r = { f->afi, f->safi, REFRESH_REQUEST };

	if (!peer_speaks(p, af->family) || !p->nego.refresh)
		return;
	refresh_encode(&w, &r);
	p->n.refreshes_out++;
	session_control(p->up, msg, wb_len(&w));
}

static void
over_max_prefix(struct peer_af *af, uint32_t n)
{
	struct peer *p = af->peer;
	const struct peer_af_conf *c = peer_af_conf(af);
	const struct afi_safi *f = &afi_table[af->family];
	/* RFC 4486 4: family and limit. */
	uint8_t data[7];
	struct wbuf w = wb_init(data, sizeof data);

	p->max_prefix_hit = true;
	if (c->max_prefix_warn_only) {
		if (!af->warned_prefixes)
			log_warn("neighbor %s: %u prefixes of %s, more than the maximum "
				 "of %u",
			    p->name, n, f->name, c->max_prefix);
		af->warned_prefixes = true;
		return;
	}
	wb_u16(&w, f->afi);
	wb_u8(&w, f->safi);
	wb_u32(&w, c->max_prefix);
	p->priv->hold = PEER_MAX_PREFIX;
	if (c->max_prefix_restart)
		loop_timer_start(p->bgp->loop, &p->priv->hold_timer,
		    MONO_SEC(60) * c->max_prefix_restart);
	peer_stop_session(p->up, BGP_CEASE_MAX_PREFIX, data, sizeof data,
	    "maximum of prefixes reached");
}

static void
check_max_prefix(struct peer_af *af)
{
	const struct peer *p = af->peer;
	const struct peer_af_conf *c = peer_af_conf(af);
	uint32_t n;

	if (c->max_prefix == 0 || !peer_speaks(p, af->family))
		return;
	n = peer_prefixes_in(p, af->family);
	if (n > c->max_prefix) {
		over_max_prefix(af, n);
	} else if (!af->warned_threshold &&
		   (uint64_t)n * 100 >=
		       (uint64_t)c->max_prefix * c->max_prefix_threshold) {
		af->warned_threshold = true;
		log_warn("neighbor %s: %u prefixes of %s, of at most %u", p->name, n,
		    afi_table[af->family].name, c->max_prefix);
	}
}

void
peer_check_max_prefix(struct peer *p)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		check_max_prefix(&p->af[f]);
}

void
peer_limit_changed(struct peer *p)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		p->af[f].warned_threshold = p->af[f].warned_prefixes = false;
	p->max_prefix_hit = false;
	if (p->priv->hold == PEER_MAX_PREFIX)
		peer_reset(p, BGP_CEASE_CONFIG, "configuration change");
	else
		peer_check_max_prefix(p);
}
