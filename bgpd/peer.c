/* SPDX-License-Identifier: ISC */
/* bgpd/peer.c: the life of a neighbour: when it runs, what its sessions' ups and downs mean. */
#include "config.h"

#include "bgpd/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "bgpd/tcp.h"
#include "lib/util.h"

LOG_MODULE("bgp.peer");

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
peer_prefixes_in(const struct peer *p, unsigned family)
{
	const struct peer_af *af = &p->af[family];

	return af->rib_idx ? rib_peer(peer_af_rib(af), af->rib_idx)->npaths : 0;
}

uint32_t
peer_prefixes_out(const struct peer *p, unsigned family)
{
	const struct adjout_peer *out = &p->af[family].out;

	return out->pos ? adjout_sent(out) : 0;
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

bool
peer_is_external(const struct peer *p)
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

bool
peer_may_import(const struct peer_af *af)
{
	const struct peer *p = af->peer;

	return p->ibgp || !p->bgp->conf->ebgp_requires_policy || peer_af_conf(af)->map_in;
}

bool
peer_may_export(const struct peer_af *af)
{
	const struct peer *p = af->peer;

	return p->ibgp || !p->bgp->conf->ebgp_requires_policy ||
	       peer_af_conf(af)->map_out;
}

/* Up and down. */

static void
family_up(struct peer_af *af)
{
	af->eor_in = af->borr = false;
	af->warned_threshold = af->warned_prefixes = false;
	if (peer_speaks(af->peer, af->family)) {
		peer_gr_up(af);
		peer_join(af, true);
	} else if (af->gr.state != GR_OFF) {
		peer_gr_up(af);
	}
}

static void
family_down(struct peer_af *af, const struct session_end *end)
{
	adjout_leave(&af->out);
	af->out.queued = 0;
	peer_gr_lost(af, end);
}

void
peer_session_up(struct peer *p, struct session *s)
{
	struct bgp *b = p->bgp;

	peer_end_other(p, s);
	p->up = s;
	p->nego = s->nego;
	p->ibgp = p->nego.remote_as == b->conf->as;
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (peer_speaks(p, f) && !peer_enter_rib(&p->af[f])) {
			peer_stop_session(
			    s, BGP_CEASE_RESOURCES, NULL, 0, "too many peers");
			return;
		}
	p->n.established++;
	p->since = loop_now(b->loop);
	p->established_epoch = (int64_t)time(NULL);
	if (!tcp_names(
		s->fd, &p->local, &p->local_port, &(struct ip){ 0 }, &p->remote_port))
		p->local.len = 0;
	if (b->conf->log_neighbor_changes)
		log_info("neighbor %s: Established (hold %u s, AS %u)", p->name,
		    p->nego.hold, p->nego.remote_as);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		family_up(&p->af[f]);
	bgp_sync_check(b);
	if (b->on_peer)
		b->on_peer(p, b->on_peer_arg);
}

/* Of a dynamic neighbour nothing but the log remains, and a text of the peer's operator is meant to be
 * read (RFC 9003 4), so these are logged without `bgp log-neighbor-changes` too. */
static void
log_down(struct peer *p, const struct session_end *end)
{
	static struct log_rate
	    strangers; /* all in one: they come as often as they like */

	if (p->bgp->conf->log_neighbor_changes)
		log_info("neighbor %s: down (%s)", p->name, end->why);
	else if (p->dynamic || end->text)
		log_warn_rl(p->dynamic ? &strangers : &p->priv->rl,
		    "neighbor %s: down (%s)", p->name, end->why);
}

void
peer_session_down(struct peer *p, struct session *s)
{
	struct bgp *b = p->bgp;

	p->n.dropped++;
	p->up = NULL;
	snprintf(p->last_reset, sizeof p->last_reset, "%s", s->end.why);
	p->since = p->reset_at = loop_now(b->loop);
	log_down(p, &s->end);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		family_down(&p->af[f], &s->end);
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
	/* Why a session ended is worth more than why the next one did not come, and what one side
	 * said more than that the connection went: both sides of a collision fail together. */
	if (p->n.established == 0 && (s->end.notification || !p->priv->reset_said)) {
		p->priv->reset_said = s->end.notification;
		snprintf(p->last_reset, sizeof p->last_reset, "%s", s->end.why);
		p->reset_at = loop_now(p->bgp->loop);
	}
	log_warn_rl(&p->priv->rl_conn, "neighbor %s: no session (%s in %s)", p->name,
	    s->end.why, fsm_state_name(was));
}

void
peer_state_moved(struct peer *p)
{
	if (!p->up)
		p->since = loop_now(p->bgp->loop);
}

/* Starting and stopping. */

/* Ends whatever runs; the machines are Idle without a timer after it. */
static void
stop_all(
    struct peer *p, uint8_t subcode, const uint8_t *data, size_t len, const char *why)
{
	if (p->passive)
		peer_stop_session(p->passive, subcode, data, len, why);
	if (p->up && p->up != p->active)
		peer_stop_session(p->up, subcode, data, len, why);
	peer_stop_session(p->active, subcode, data, len, why);
}

static bool
any_family(const struct peer_conf *c)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (c->af[f].activate)
			return true;
	return false;
}

static enum peer_hold
held_by_conf(const struct peer *p)
{
	const struct bgp *b = p->bgp;

	if (b->shutting)
		return PEER_LEAVING;
	if (p->conf->shutdown)
		return PEER_SHUTDOWN;
	if (!any_family(p->conf))
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

	if (was == PEER_MAX_PREFIX && is == PEER_RUNS && p->max_prefix_hit)
		is = was;
	if (was == PEER_MAX_PREFIX && is != was) {
		loop_timer_stop(&p->priv->hold_timer);
		p->max_prefix_hit = false;
	}
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
		p->max_prefix_hit = false;
		peer_update_hold(p);
		return;
	}
	stop_all(p, subcode, NULL, 0, why);
	/* RFC 4271 8.2.2: ManualStop sets the ConnectRetryCounter to zero.  Who clears a session does
	 * not wait for what it did before. */
	fsm_forgive(&p->active->fsm);
	peer_wake(p);
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
	p->ibgp = !peer_is_external(p);
	p->since = loop_now(b->loop);
	p->priv = xcalloc(1, sizeof *p->priv);
	p->priv->peer = p;
	p->priv->hold = PEER_LEAVING;
	loop_timer_init(&p->priv->hold_timer, on_hold_timer);
	for (uint8_t f = 0; f < AFI_SAFI_COUNT; f++) {
		p->af[f].peer = p;
		p->af[f].family = f;
		peer_gr_init(&p->af[f]);
	}
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
	for (struct peer_af *af = p->af; af < p->af + AFI_SAFI_COUNT; af++) {
		loop_timer_stop(&af->gr_timer);
		if (af->rib_idx)
			rib_peer_del(peer_af_rib(af), af->rib_idx);
		af->rib_idx = 0;
	}
	bgp_bury_peer(b, p);
}

void
peer_free(struct peer *p)
{
	loop_timer_stop(&p->priv->hold_timer);
	for (struct peer_af *af = p->af; af < p->af + AFI_SAFI_COUNT; af++) {
		loop_timer_stop(&af->gr_timer);
		adjout_leave(&af->out);
	}
	session_free(p->passive);
	if (p->up != p->active)
		session_free(p->up);
	session_free(p->active);
	free(p->priv);
	free(p);
}
