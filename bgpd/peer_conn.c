/* SPDX-License-Identifier: ISC */
/* bgpd/peer_conn.c: a peer's connections: how they are made, and which of two stays. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/nego.h"
#include "bgpd/peer_priv.h"
#include "bgpd/tcp.h"
#include "lib/util.h"

LOG_MODULE("bgp.conn");

enum {
	OUTLIVED = 3, /* seconds: an older session may be the ghost of a restarted peer */
	TTL_EBGP = 1,
	TTL_IBGP = 64,
	TTL_GTSM = 255,
};

static uint8_t
ttl_of(const struct peer *p)
{
	if (p->conf->ttl_security)
		return TTL_GTSM;
	if (!peer_is_external(p))
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

/* Whether a connection of this peer is taken now. */
static bool
takes(struct peer *p, int fd)
{
	if (p->priv->hold != PEER_RUNS || fsm_refuses(&p->active->fsm)) {
		log_debug("neighbor %s: connection refused (%s)", p->name,
		    p->priv->hold != PEER_RUNS ? "not running" : "too many failures");
		return false;
	}
	/* RFC 5082 3: its first octets may be here already, from however far away. */
	if (p->conf->ttl_security && !tcp_syn_is_near(fd, tcp_min_ttl(p->conf))) {
		log_warn_rl(&p->priv->rl_conn,
		    "neighbor %s: connection refused (from further away than "
		    "ttl-security allows)",
		    p->name);
		return false;
	}
	return true;
}

/* A dynamic neighbour is there for its sessions, and for what is kept after them. */
static void
remove_if_idle(struct peer *p)
{
	if (p->dynamic && !p->up && !p->passive && !peer_gr_keeps(p))
		peer_remove(p, BGP_CEASE_DECONFIGURED);
}

void
peer_incoming(struct peer *p, int fd)
{
	if (!takes(p, fd)) {
		close(fd);
		remove_if_idle(p);
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

void
peer_stop_session(
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
		peer_stop_session(
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
	peer_stop_session(
	    loser, BGP_CEASE_COLLISION, NULL, 0, "collision with another connection");
	return loser != s;
}

/* The machine that connects rests while another session is up, and wakes after it. */
void
peer_wake(struct peer *p)
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
	peer_wake(p);
	remove_if_idle(p);
}

void
peer_end_other(struct peer *p, struct session *s)
{
	if (s == p->active) {
		if (p->passive)
			peer_stop_session(p->passive, BGP_CEASE_COLLISION, NULL, 0,
			    "another connection is established");
		return;
	}
	if (p->active->fsm.state >= FSM_OPENSENT)
		peer_stop_session(p->active, BGP_CEASE_COLLISION, NULL, 0,
		    "another connection is established");
	else
		session_event(p->active, FSM_EV_STOP);
	p->passive = NULL;
}

void
peer_make_open(struct peer *p, struct wbuf *w)
{
	struct open_msg o;

	nego_offer(p, &o);
	open_encode(w, &o);
}
