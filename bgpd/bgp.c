/* SPDX-License-Identifier: ISC */
/* bgpd/bgp.c: the instance: what it owns, who it is, its first synchronisation and its end. */
#include "config.h"

#include "bgpd/bgp.h"

#include <stdlib.h>
#include <unistd.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "lib/hash.h"
#include "lib/util.h"

LOG_MODULE("bgp");

enum {
	SYNC_RANGES = 10, /* seconds that we give peers to call that we cannot know of */
	SYNC_QUIET =
	    3, /* seconds for the routes of one that does not say when it is done */
	SHUT_WAIT = 1, /* seconds for the last words of bgp_shutdown() */
};

/* The dead. */

static bool
reap(struct loop_work *w)
{
	struct bgp *b = container_of(w, struct bgp, reap);
	struct session *s;
	struct peer *p;

	while ((s = b->dead_sessions) != NULL) {
		b->dead_sessions = s->next;
		session_free(s);
	}
	while ((p = b->dead_peers) != NULL) {
		b->dead_peers = p->next;
		peer_free(p);
	}
	return false;
}

void
bgp_bury_session(struct bgp *b, struct session *s)
{
	s->peer = NULL;
	loop_timer_stop(&s->timer);
	s->next = b->dead_sessions;
	b->dead_sessions = s;
	loop_work_queue(b->loop, &b->reap);
}

void
bgp_bury_peer(struct bgp *b, struct peer *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		b->first = p->next;
	if (p->next)
		p->next->prev = p->prev;
	b->ndynamic -= p->dynamic;
	p->next = b->dead_peers;
	b->dead_peers = p;
	loop_work_queue(b->loop, &b->reap);
}

/* Peers. */

void
bgp_link_peer(struct bgp *b, struct peer *p)
{
	struct peer *prev = NULL, *next = b->first;

	while (next && ip_cmp(next->addr, p->addr) < 0) {
		prev = next;
		next = next->next;
	}
	p->prev = prev;
	p->next = next;
	if (prev)
		prev->next = p;
	else
		b->first = p;
	if (next)
		next->prev = p;
	b->ndynamic += p->dynamic;
}

struct peer *
bgp_peer_first(struct bgp *b)
{
	return b->first;
}

struct peer *
bgp_peer_next(struct bgp *b, struct peer *p)
{
	(void)b;
	return p->next;
}

struct peer *
bgp_peer_find(struct bgp *b, struct ip addr)
{
	struct peer *p = b->first;

	while (p && !ip_equal(p->addr, addr))
		p = p->next;
	return p;
}

void
bgp_clear_peer(struct peer *p, enum bgp_clear how)
{
	if (how == BGP_CLEAR_HARD) {
		peer_reset(p, BGP_CEASE_RESET, "cleared by the operator");
		return;
	}
	for (struct peer_af *af = p->af; af < p->af + AFI_SAFI_COUNT; af++) {
		if (how == BGP_CLEAR_SOFT_IN || how == BGP_CLEAR_SOFT)
			peer_request_refresh(af);
		if ((how == BGP_CLEAR_SOFT_OUT || how == BGP_CLEAR_SOFT) && af->out.pos)
			adjout_refresh(&af->out, p->nego.enhanced_refresh);
	}
}

void
bgp_on_peer_state(struct bgp *b, void (*fn)(struct peer *, void *), void *arg)
{
	b->on_peer = fn;
	b->on_peer_arg = arg;
}

void
bgp_incoming(struct bgp *b, int fd, struct ip from)
{
	static struct log_rate rl;
	struct peer *p = bgp_peer_find(b, from);
	const struct peer_conf *c;
	char text[IP_STRLEN];

	if (!p && b->conf && b->conf->enabled && !b->shutting) {
		c = listen_template(b->conf, from);
		if (c && b->ndynamic >= b->conf->listen_limit) {
			log_warn_rl(&rl,
			    "neighbor %s: refused, %u dynamic neighbors are the limit",
			    ip_format(from, text), b->conf->listen_limit);
			c = NULL;
		}
		if (c)
			p = peer_new(b, c, from, true);
	}
	if (!p) {
		log_debug("connection from %s refused: no such neighbor",
		    ip_format(from, text));
		close(fd);
		return;
	}
	peer_incoming(p, fd);
}

/* Who we are. */

void
bgp_addresses_changed(struct bgp *b)
{
	for (struct peer *p = b->first; p; p = p->next)
		for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
			peer_address_changed(&p->af[f]);
}

uint32_t
bgp_router_id(const struct bgp *b)
{
	return b->conf && b->conf->router_id ? b->conf->router_id : b->auto_id;
}

uint32_t
bgp_cluster_id(const struct bgp *b)
{
	return b->conf && b->conf->cluster_id ? b->conf->cluster_id : bgp_router_id(b);
}

void
bgp_set_auto_router_id(struct bgp *b, uint32_t id)
{
	if (b->auto_id && b->conf && b->conf->router_id == 0)
		for (struct peer *p = b->first; p; p = p->next)
			if (p->up)
				return;
	b->auto_id = id;
	for (struct peer *p = b->first; p; p = p->next)
		peer_update_hold(p);
}

uint32_t
bgp_random(struct bgp *b)
{
	/* A linear congruence is enough to spread timers (Numerical Recipes' constants). */
	b->rng = b->rng * 1664525u + 1013904223u + bgp_router_id(b);
	return b->rng;
}

/* The first synchronisation (RFC 4724 4.1): what we tell is not all there is before we have heard
 * everybody, and what an earlier life of ours left in the kernel is not to be swept. */

bool
bgp_restarting(const struct bgp *b)
{
	return b->syncing && b->conf->graceful_restart;
}

static void
hold_eor(struct bgp *b)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		adjout_hold_eor(
		    b->adjout[f], b->eor_asked || (b->conf && bgp_restarting(b)));
}

static void
sync_over(struct bgp *b)
{
	b->syncing = false;
	loop_timer_stop(&b->sync_timer);
	log_info("first synchronisation is over");
	hold_eor(b);
	if (b->on_sync)
		b->on_sync(b->on_sync_arg);
}

/* True if there is nothing (more) to wait for from this peer. */
static bool
has_told(const struct peer *p, struct mono now)
{
	if (p->priv->hold != PEER_RUNS || p->priv->synced)
		return true;
	if (!p->up)
		return p->dynamic;
	/* One that does not promise End-of-RIB, or waits for ours itself, gets some time. */
	return (!(peer_untold(p) & p->nego.gr_families) || p->nego.gr_restarting) &&
	       mono_diff(now, p->up->fsm.up) >= MONO_SEC(SYNC_QUIET);
}

void
bgp_sync_check(struct bgp *b)
{
	struct mono now = loop_now(b->loop);
	int64_t age = mono_diff(now, b->started);

	if (!b->syncing)
		return;
	if (age < MONO_SEC(b->conf->gr_restart_time)) {
		if (b->conf->nranges && age < MONO_SEC(SYNC_RANGES))
			return;
		for (struct peer *p = b->first; p; p = p->next)
			if (!has_told(p, now))
				return;
	}
	sync_over(b);
}

static void
on_sync_timer(struct loop_timer *t)
{
	struct bgp *b = container_of(t, struct bgp, sync_timer);

	loop_timer_start(b->loop, t, MONO_SEC(1));
	bgp_sync_check(b);
}

void
bgp_sync_start(struct bgp *b)
{
	b->started = loop_now(b->loop);
	b->syncing = true;
	loop_timer_start(b->loop, &b->sync_timer, MONO_SEC(1));
	hold_eor(b);
}

void
bgp_hold_eor(struct bgp *b, bool hold)
{
	b->eor_asked = hold;
	hold_eor(b);
}

bool
bgp_synced(const struct bgp *b)
{
	return b->conf && !b->syncing;
}

void
bgp_on_sync(struct bgp *b, void (*fn)(void *), void *arg)
{
	b->on_sync = fn;
	b->on_sync_arg = arg;
}

/* Life. */

struct bgp *
bgp_new(struct loop *l, const struct bgp_ops *ops)
{
	struct bgp *b = xcalloc(1, sizeof *b);

	b->loop = l;
	b->ops = *ops;
	/* Differs between processes by the hash's key, between speakers by the router id; equal in
	 * equal runs of the simulator. */
	b->rng = (uint32_t)hash64("timers", 6);
	attrtab_init(&b->attrs);
	nht_init(&b->nht, &b->attrs);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		b->rib[f] = rib_new(l, &b->attrs);
		(f == AFI_SAFI_EVPN ? rib_track : rib_track_strictly)(b->rib[f], &b->nht);
		b->adjout[f] = adjout_new(l, b->rib[f], &afi_table[f]);
	}
	arena_init(&b->arena);
	b->rx = xmalloc(MSG_MAX_EXTENDED + BGP_RX_CHUNK);
	farewells_init(&b->farewells, l);
	loop_work_init(&b->reap, LOOP_PRIO_CONTROL, reap);
	loop_timer_init(&b->sync_timer, on_sync_timer);
	return b;
}

void
bgp_free(struct bgp *b)
{
	if (!b)
		return;
	b->on_peer = NULL;
	b->on_sync = NULL;
	b->shut_done = NULL;
	while (b->first)
		peer_remove(b->first, BGP_CEASE_SHUTDOWN);
	loop_work_cancel(&b->reap);
	reap(&b->reap);
	loop_timer_stop(&b->sync_timer);
	loop_timer_stop(&b->down_timer);
	farewells_fini(&b->farewells);
	listen_close_all(b);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		adjout_free(b->adjout[f]);
		rib_free(b->rib[f]);
	}
	attrtab_fini(&b->attrs);
	nht_fini(&b->nht);
	arena_fini(&b->arena);
	free(b->rx);
	free(b);
}

static void
shut_over(struct bgp *b)
{
	void (*done)(void *) = b->shut_done;

	loop_timer_stop(&b->down_timer);
	b->farewells.idle = NULL;
	b->shut_done = NULL;
	if (done)
		done(b->shut_arg);
}

static void
on_down_timer(struct loop_timer *t)
{
	shut_over(container_of(t, struct bgp, down_timer));
}

static void
on_farewells_idle(void *arg)
{
	struct bgp *b = arg;

	/* From the loop, as every callback: the timer does it. */
	loop_timer_start(b->loop, &b->down_timer, 0);
}

void
bgp_shutdown(struct bgp *b, bool keep_routes, void (*done)(void *), void *arg)
{
	struct peer *p, *next;

	b->shutting = true;
	b->shut_done = done;
	b->shut_arg = arg;
	listen_close_all(b);
	for (p = b->first; p; p = next) {
		next = p->next;
		if (keep_routes && p->nego.gr)
			peer_drop_silently(p);
		else
			peer_update_hold(p);
	}
	loop_timer_init(&b->down_timer, on_down_timer);
	b->farewells.idle = on_farewells_idle;
	b->farewells.arg = b;
	loop_timer_start(
	    b->loop, &b->down_timer, b->farewells.first ? MONO_SEC(SHUT_WAIT) : 0);
}

const struct bgp_conf *
bgp_conf(const struct bgp *b)
{
	return b->conf;
}

struct loop *
bgp_loop(const struct bgp *b)
{
	return b->loop;
}

struct rib *
bgp_rib(struct bgp *b)
{
	return b->rib[AFI_SAFI_EVPN];
}

struct rib *
bgp_rib_of(struct bgp *b, unsigned family)
{
	return b->rib[family];
}

struct attrtab *
bgp_attrtab(struct bgp *b)
{
	return &b->attrs;
}

struct nht *
bgp_nht(struct bgp *b)
{
	return &b->nht;
}

void
bgp_nexthop(struct bgp *b, struct ip ip, bool reachable, bool loose, uint32_t metric)
{
	enum nht_change c = nht_answer(&b->nht, ip, reachable, metric);
	char text[IP_STRLEN];

	if (c == NHT_REACH)
		log_info("next hop %s: %s", ip_format(ip, text),
		    reachable ? "reachable" : "unreachable (no route in the kernel)");
	if (nht_answer_loose(&b->nht, ip, loose) != NHT_SAME)
		c = NHT_REACH;
	if (c != NHT_SAME)
		for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
			rib_hops_changed(b->rib[f], c == NHT_METRIC);
}
