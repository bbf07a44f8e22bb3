/* SPDX-License-Identifier: ISC */
/* bgpd/peer.c: the life of a neighbour: when it runs, what its sessions' ups and downs mean. */
#include "config.h"

#include "bgpd/peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/nego.h"
#include "bgpd/peer_priv.h"
#include "bgpd/tcp.h"
#include "bgpd/update_write.h"
#include "lib/util.h"

LOG_MODULE("bgp.peer");

enum {
	OUTLIVED =
	    3, /* seconds: a session that new ends a restart of the peer, else a collision */
	TTL_EBGP = 1,
	TTL_IBGP = 64,
	TTL_GTSM = 255,
};

/* Facts. */

enum fsm_state
peer_state(const struct peer *p)
{
	enum fsm_state st = p->up ? FSM_ESTABLISHED : p->active->fsm.state;

	return p->passive ? MAX(st, p->passive->fsm.state) : st;
}

uint32_t
peer_remote_as(const struct peer *p)
{
	if (p->conf->remote_as_type == REMOTE_AS_NUMBER)
		return p->conf->remote_as;
	if (p->conf->remote_as_type == REMOTE_AS_INTERNAL)
		return p->bgp->conf->as;
	return p->nego.remote_as;
}

uint32_t
peer_prefixes_in(const struct peer *p)
{
	return p->rib_idx ? rib_peer(p->bgp->rib, p->rib_idx)->npaths : 0;
}

uint32_t
peer_prefixes_out(const struct peer *p)
{
	return p->out.pos ? adjout_sent(&p->out) : 0;
}

size_t
peer_queue_out(const struct peer *p)
{
	return p->up ? p->up->tx.count : 0;
}

char *
peer_format(const struct peer *p, char buf[IP_STRLEN])
{
	return ip_format(p->addr, buf);
}

static bool
is_external(const struct peer *p)
{
	const struct peer_conf *c = p->conf;

	return c->remote_as_type == REMOTE_AS_EXTERNAL ||
	       (c->remote_as_type == REMOTE_AS_NUMBER &&
		   c->remote_as != p->bgp->conf->as);
}

bool
peer_is_passive(const struct peer *p)
{
	return p->dynamic || p->conf->passive;
}

/* RFC 8212, as far as it is asked for: there are no policies yet, so nothing goes in or out. */
bool
peer_may_import(struct peer *p)
{
	return p->ibgp || !p->bgp->conf->ebgp_requires_policy;
}

/* Connections. */

static uint8_t
ttl_of(const struct peer *p)
{
	if (p->conf->ttl_security)
		return TTL_GTSM;
	if (!is_external(p))
		return TTL_IBGP;
	return p->conf->ebgp_multihop ? p->conf->ebgp_multihop : TTL_EBGP;
}

int
peer_dial(struct peer *p)
{
	const struct bgp_ops *ops = &p->bgp->ops;
	struct bgp_conn c = { .source = p->conf->update_source, .ttl = ttl_of(p) };

	if (c.source.len == 0 && p->conf->update_source_if) {
		if (ops->if_addr)
			c.source = ops->if_addr(
			    ops->arg, p->conf->update_source_if, p->addr.len);
		if (c.source.len == 0)
			return -EADDRNOTAVAIL;
	}
	return ops->connect(ops->arg, p->conf, &c);
}

int
peer_connection_options(struct peer *p, int fd)
{
	return tcp_set_session(fd, ttl_of(p), tcp_min_ttl(p->conf));
}

void
peer_incoming(struct peer *p, int fd)
{
	if (p->priv->hold != PEER_RUNS || fsm_refuses(&p->active->fsm)) {
		log_debug("neighbor %s: connection refused (%s)", p->name,
		    p->priv->hold != PEER_RUNS ? "not running" : "too many failures");
		close(fd);
		return;
	}
	if (p->passive) {
		/* It has given the older one up, or there would be no newer one. */
		struct notification n = { BGP_ERR_CEASE, BGP_CEASE_COLLISION, false, NULL,
			0 };

		session_stop(
		    p->passive, FSM_EV_COLLISION, &n, "the peer has connected again");
	}
	p->passive = session_new(p, true);
	session_accept(p->passive, fd);
}

static void
stop_session(
    struct session *s, uint8_t subcode, const uint8_t *data, size_t len, const char *why)
{
	struct notification n = { BGP_ERR_CEASE, subcode, false, data, len };

	/* RFC 8538 4: what the operator ends is ended for good. */
	n.hard =
	    s->nego.gr_notification && session_is_up(s) && subcode != BGP_CEASE_COLLISION;
	session_stop(
	    s, subcode == BGP_CEASE_COLLISION ? FSM_EV_COLLISION : FSM_EV_STOP, &n, why);
}

/* RFC 4271 6.8, made safe against both sides giving up the connection that the other one keeps:
 * the side with the higher identifier decides as soon as it hears an OPEN.  A connection of its
 * own that is open by then stays, one that is not is given up.  The lower side decides only
 * when it has heard OPENs on both, which says that the other one has kept its own. */
bool
peer_wins_collision(struct peer *p, struct session *s)
{
	struct session *other = s == p->active ? p->passive : p->active;
	const struct bgp *b = p->bgp;
	struct session *loser;
	bool ours;

	if (p->up) {
		struct mono now = loop_now(b->loop);

		/* RFC 4724 4.2: a new connection of a peer that restarts gracefully is the end of
		 * the old one, unless both were opened at the same time (RFC 4271 6.8). */
		if (p->nego.gr && mono_diff(now, p->up->fsm.up) >= MONO_SEC(OUTLIVED)) {
			snprintf(p->up->end.why, sizeof p->up->end.why,
			    "the peer has connected again");
			session_event(p->up, FSM_EV_TCP_FAIL);
			return true;
		}
		stop_session(
		    s, BGP_CEASE_COLLISION, NULL, 0, "another connection is established");
		return false;
	}
	if (!other || other->fsm.state < FSM_CONNECT)
		return true;
	if (other->fsm.state < FSM_OPENSENT) {
		session_event(other, FSM_EV_STOP);
		return true;
	}
	ours = fsm_collision_keeps_ours(
	    bgp_router_id(b), b->conf->as, s->nego.remote_id, s->nego.remote_as);
	if (!ours && other->fsm.state == FSM_OPENSENT)
		return true;
	loser = ours ? p->passive : p->active;
	stop_session(
	    loser, BGP_CEASE_COLLISION, NULL, 0, "collision with another connection");
	return loser != s;
}

/* The machine that connects rests while another session is up, and wakes after it. */
static void
wake_active(struct peer *p)
{
	if (p->priv->hold == PEER_RUNS && !p->up && !p->priv->buried &&
	    p->active->fsm.state == FSM_IDLE && fsm_due(&p->active->fsm).us == 0)
		session_event(p->active, FSM_EV_BACKOFF);
}

void
peer_session_gone(struct peer *p, struct session *s)
{
	if (p->passive == s)
		p->passive = NULL;
	if (p->up == s)
		p->up = NULL;
	fsm_inherit(&p->active->fsm, &s->fsm, loop_now(p->bgp->loop));
	bgp_bury_session(p->bgp, s);
	peer_state_moved(p);
	wake_active(p);
	if (p->dynamic && !p->up && !p->passive && p->priv->gr.state == GR_OFF)
		peer_remove(p, BGP_CEASE_DECONFIGURED);
}

/* Up and down. */

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

static void
join(struct peer *p, bool eor)
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
static bool
enter_rib(struct peer *p)
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

static void
end_other(struct peer *p, struct session *s)
{
	if (s == p->active) {
		if (p->passive)
			stop_session(p->passive, BGP_CEASE_COLLISION, NULL, 0,
			    "another connection is established");
		return;
	}
	if (p->active->fsm.state >= FSM_OPENSENT)
		stop_session(p->active, BGP_CEASE_COLLISION, NULL, 0,
		    "another connection is established");
	else
		session_event(p->active, FSM_EV_STOP);
	p->passive = NULL;
}

void
peer_session_up(struct peer *p, struct session *s)
{
	struct bgp *b = p->bgp;

	end_other(p, s);
	p->up = s;
	p->nego = s->nego;
	p->ibgp = p->nego.remote_as == b->conf->as;
	if (!enter_rib(p)) {
		stop_session(s, BGP_CEASE_RESOURCES, NULL, 0, "too many peers");
		return;
	}
	p->n.established++;
	p->since = loop_now(b->loop);
	p->established_epoch = (int64_t)time(NULL);
	p->eor_in = p->priv->borr = p->priv->warned_prefixes = false;
	if (!tcp_names(
		s->fd, &p->local, &p->local_port, &(struct ip){ 0 }, &p->remote_port))
		p->local.len = 0;
	if (b->conf->log_neighbor_changes)
		log_info("neighbor %s: Established (hold %u s, AS %u)", p->name,
		    p->nego.hold, p->nego.remote_as);
	peer_gr_up(p);
	join(p, true);
	bgp_sync_check(b);
	if (b->on_peer)
		b->on_peer(p, b->on_peer_arg);
}

void
peer_session_down(struct peer *p, struct session *s)
{
	struct bgp *b = p->bgp;

	p->n.dropped++;
	p->up = NULL;
	adjout_leave(&p->out);
	p->out.queued = 0;
	snprintf(p->last_reset, sizeof p->last_reset, "%s", s->end.why);
	p->since = loop_now(b->loop);
	if (b->conf->log_neighbor_changes)
		log_info("neighbor %s: down (%s)", p->name, s->end.why);
	peer_gr_lost(p, &s->end);
	p->local.len = 0;
	bgp_sync_check(b);
	if (b->on_peer)
		b->on_peer(p, b->on_peer_arg);
}

void
peer_session_failed(struct peer *p, struct session *s, enum fsm_state was)
{
	if (s->end.code == BGP_ERR_CEASE && s->end.subcode == BGP_CEASE_COLLISION)
		return;
	if (p->priv->hold != PEER_RUNS)
		return;
	/* Why a session ended is worth more than why the next one did not come. */
	if (p->n.established == 0)
		snprintf(p->last_reset, sizeof p->last_reset, "%s", s->end.why);
	log_warn_rl(&p->priv->rl_conn, "neighbor %s: no session (%s in %s)", p->name,
	    s->end.why, fsm_state_name(was));
}

void
peer_state_moved(struct peer *p)
{
	if (!p->up)
		p->since = loop_now(p->bgp->loop);
}

void
peer_wrote(struct peer *p, const struct session *s)
{
	p->out.queued = s->tx.queued - txq_control_bytes(&s->tx);
	adjout_drained(&p->out);
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
	} else if (r->type == REFRESH_BORR && p->nego.enhanced_refresh) {
		/* RFC 7313 4: what is not told again until EoRR is gone. */
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
	stop_session(p->up, BGP_CEASE_MAX_PREFIX, data, sizeof data,
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
	} else if (!p->priv->warned_prefixes &&
		   (uint64_t)n * 100 >=
		       (uint64_t)c->max_prefix * c->max_prefix_threshold) {
		p->priv->warned_prefixes = true;
		log_warn(
		    "neighbor %s: %u prefixes of at most %u", p->name, n, c->max_prefix);
	}
}

void
peer_limit_changed(struct peer *p)
{
	p->priv->warned_prefixes = p->max_prefix_hit = false;
	if (p->priv->hold == PEER_MAX_PREFIX)
		peer_reset(p, BGP_CEASE_CONFIG, "configuration change");
	else
		peer_check_max_prefix(p);
}

/* Starting and stopping. */

void
peer_make_open(struct peer *p, struct wbuf *w)
{
	struct open_msg o;

	nego_offer(p, &o);
	open_encode(w, &o);
}

/* Ends whatever runs; the machines are Idle without a timer after it. */
static void
stop_all(
    struct peer *p, uint8_t subcode, const uint8_t *data, size_t len, const char *why)
{
	if (p->passive)
		stop_session(p->passive, subcode, data, len, why);
	if (p->up && p->up != p->active)
		stop_session(p->up, subcode, data, len, why);
	stop_session(p->active, subcode, data, len, why);
}

static enum peer_hold
held_by_conf(const struct peer *p)
{
	const struct bgp *b = p->bgp;

	if (b->shutting)
		return PEER_LEAVING;
	if (p->conf->shutdown)
		return PEER_SHUTDOWN;
	if (!p->conf->evpn.activate)
		return PEER_NO_FAMILY;
	if (p->conf->remote_as_type == REMOTE_AS_NONE)
		return PEER_NO_AS;
	if (bgp_router_id(b) == 0)
		return PEER_NO_ID;
	return PEER_RUNS;
}

void
peer_update_hold(struct peer *p)
{
	static const struct {
		uint8_t cease;	 /* subcode */
		const char *why; /* for the log */
	} stops[] = {
		[PEER_SHUTDOWN] = { BGP_CEASE_SHUTDOWN, "administrative shutdown" },
		[PEER_NO_FAMILY] = { BGP_CEASE_CONFIG, "no address family is activated" },
		[PEER_NO_AS] = { BGP_CEASE_CONFIG, "no remote-as" },
		[PEER_NO_ID] = { BGP_CEASE_CONFIG, "no router id" },
		[PEER_MAX_PREFIX] = { BGP_CEASE_MAX_PREFIX,
		    "maximum of prefixes reached" },
		[PEER_LEAVING] = { BGP_CEASE_SHUTDOWN, "this speaker ends" },
	};
	enum peer_hold was = p->priv->hold, is = held_by_conf(p);
	uint8_t data[NOTIFICATION_TEXT_MAX];
	size_t len = 0;

	if (is == PEER_RUNS && was == PEER_MAX_PREFIX &&
	    loop_timer_running(&p->priv->hold_timer))
		is = was;
	p->priv->hold = is;
	if (is != PEER_RUNS && was == PEER_RUNS) {
		if (is == PEER_SHUTDOWN && p->conf->shutdown_msg)
			len = notification_shutdown_data(p->conf->shutdown_msg, data);
		stop_all(p, stops[is].cease, data, len, stops[is].why);
		peer_gr_forget(p);
	} else if (is == PEER_RUNS && was != PEER_RUNS) {
		session_event(p->active, FSM_EV_START);
	}
}

void
peer_reset(struct peer *p, uint8_t subcode, const char *why)
{
	if (p->priv->hold == PEER_MAX_PREFIX) {
		loop_timer_stop(&p->priv->hold_timer);
		p->max_prefix_hit = false;
		peer_update_hold(p);
		return;
	}
	stop_all(p, subcode, NULL, 0, why);
	wake_active(p);
}

void
peer_drop_silently(struct peer *p)
{
	p->priv->hold = PEER_LEAVING;
	if (p->passive)
		session_event(p->passive, FSM_EV_TCP_FAIL);
	if (p->up)
		session_event(p->up, FSM_EV_TCP_FAIL);
	session_event(p->active, FSM_EV_STOP);
}

void
peer_rejoin(struct peer *p)
{
	if (!p->up)
		return;
	if (!p->nego.enhanced_refresh) {
		/* Nothing else tells the peer which routes it may not keep. */
		peer_reset(p, BGP_CEASE_CONFIG, "outbound policy change");
		return;
	}
	adjout_leave(&p->out);
	join(p, false);
	if (p->out.pos)
		adjout_refresh(&p->out, true);
}

static void
on_hold_timer(struct loop_timer *t)
{
	struct peer *p = container_of(t, struct peer_priv, hold_timer)->peer;

	p->max_prefix_hit = false;
	peer_update_hold(p);
}

struct peer *
peer_new(struct bgp *b, const struct peer_conf *c, struct ip addr, bool dynamic)
{
	struct peer *p = xcalloc(1, sizeof *p);

	p->bgp = b;
	p->conf = c;
	p->addr = addr;
	p->dynamic = dynamic;
	ip_format(addr, p->name);
	p->ibgp = !is_external(p);
	p->since = loop_now(b->loop);
	p->priv = xcalloc(1, sizeof *p->priv);
	p->priv->peer = p;
	p->priv->hold = PEER_LEAVING;
	loop_timer_init(&p->priv->hold_timer, on_hold_timer);
	peer_gr_init(p);
	p->active = session_new(p, false);
	bgp_link_peer(b, p);
	peer_update_hold(p);
	return p;
}

void
peer_remove(struct peer *p, uint8_t subcode)
{
	struct bgp *b = p->bgp;

	if (p->priv->buried)
		return;
	p->priv->buried = true;
	p->priv->hold = PEER_LEAVING;
	stop_all(p, subcode, NULL, 0, "neighbor removed");
	loop_timer_stop(&p->priv->hold_timer);
	loop_timer_stop(&p->priv->gr_timer);
	if (p->rib_idx)
		rib_peer_del(b->rib, p->rib_idx);
	p->rib_idx = 0;
	bgp_bury_peer(b, p);
}

void
peer_free(struct peer *p)
{
	loop_timer_stop(&p->priv->hold_timer);
	loop_timer_stop(&p->priv->gr_timer);
	adjout_leave(&p->out);
	session_free(p->passive);
	if (p->up != p->active)
		session_free(p->up);
	session_free(p->active);
	free(p->priv);
	free(p);
}
