/* SPDX-License-Identifier: ISC */
/* bgpd/peer_gr.c: graceful restart of a peer: the machine of bgpd/gr.h on the RIB. */
#include "config.h"

#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "lib/util.h"

LOG_MODULE("bgp.gr");

static void
step(struct peer *p, enum gr_event ev)
{
	struct gr *g = &p->priv->gr;
	struct rib *rib = p->bgp->rib;
	struct mono now = loop_now(p->bgp->loop);
	enum gr_state was = g->state;
	unsigned act = gr_step(g, ev, now);

	if (was != g->state)
		log_info("neighbor %s: graceful restart: %s", p->name,
		    g->state == GR_OFF ? "over" : gr_state_name(g->state));
	if (act & GR_ACT_FLUSH)
		rib_peer_flush(rib, p->rib_idx, false, NULL, NULL);
	if (act & GR_ACT_FLUSH_STALE)
		rib_peer_flush(rib, p->rib_idx, true, NULL, NULL);
	if (act & GR_ACT_MARK)
		rib_peer_mark_stale(rib, p->rib_idx);
	if (g->due.us)
		loop_timer_start(
		    p->bgp->loop, &p->priv->gr_timer, mono_diff(g->due, now));
	else
		loop_timer_stop(&p->priv->gr_timer);
}

static void
on_gr_timer(struct loop_timer *t)
{
	struct peer *p = container_of(t, struct peer_priv, gr_timer)->peer;

	step(p, GR_EV_TIMER);
	/* A dynamic peer stayed only for the paths that were kept. */
	if (p->dynamic && !p->up && !p->passive)
		peer_remove(p, BGP_CEASE_DECONFIGURED);
}

void
peer_gr_init(struct peer *p)
{
	loop_timer_init(&p->priv->gr_timer, on_gr_timer);
}

void
peer_gr_up(struct peer *p)
{
	bool keeps = p->nego.gr && p->nego.gr_evpn && p->nego.gr_forwarding;

	step(p, keeps ? GR_EV_UP_KEEP : GR_EV_UP);
}

void
peer_gr_lost(struct peer *p, const struct session_end *end)
{
	struct gr_end e = {
		.notification = end->notification,
		.code = end->code,
		.subcode = end->subcode,
		.both_n = p->nego.gr_notification,
	};
	bool keeps = p->nego.gr && p->nego.gr_evpn && p->nego.gr_time > 0 &&
		     gr_keeps(&e) && p->priv->hold == PEER_RUNS;

	if (p->rib_idx == 0)
		return;
	p->priv->gr.restart_time = p->nego.gr_time;
	p->priv->gr.stale_time = p->bgp->conf->gr_stalepath_time;
	step(p, keeps ? GR_EV_LOST_KEEP : GR_EV_LOST);
}

void
peer_gr_eor(struct peer *p)
{
	step(p, GR_EV_EOR);
}

void
peer_gr_forget(struct peer *p)
{
	if (p->priv->gr.state != GR_OFF)
		step(p, GR_EV_LOST);
}
