/* SPDX-License-Identifier: ISC */
/* bgpd/peer_gr.c: graceful restart of a peer: the machine of bgpd/gr.h on the RIB. */
#include "config.h"

#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "lib/util.h"

LOG_MODULE("bgp.gr");

static void
step(struct peer_af *af, enum gr_event ev)
{
	struct peer *p = af->peer;
	struct gr *g = &af->gr;
	struct rib *rib = peer_af_rib(af);
	struct mono now = loop_now(p->bgp->loop);
	enum gr_state was = g->state;
	unsigned act = gr_step(g, ev, now);

	if (was != g->state)
		log_info("neighbor %s: graceful restart, %s: %s", p->name,
		    afi_table[af->family].name,
		    g->state == GR_OFF ? "over" : gr_state_name(g->state));
	if (act & GR_ACT_FLUSH)
		rib_peer_flush(rib, af->rib_idx, false, NULL, NULL);
	if (act & GR_ACT_FLUSH_STALE)
		rib_peer_flush(rib, af->rib_idx, true, NULL, NULL);
	if (act & GR_ACT_MARK)
		rib_peer_mark_stale(rib, af->rib_idx);
	if (g->due.us)
		loop_timer_start(p->bgp->loop, &af->gr_timer, mono_diff(g->due, now));
	else
		loop_timer_stop(&af->gr_timer);
}

static void
on_gr_timer(struct loop_timer *t)
{
	struct peer_af *af = container_of(t, struct peer_af, gr_timer);
	struct peer *p = af->peer;

	step(af, GR_EV_TIMER);
	/* A dynamic peer stayed only for the paths that were kept. */
	if (p->dynamic && !p->up && !p->passive && !peer_gr_keeps(p))
		peer_remove(p, BGP_CEASE_DECONFIGURED);
}

void
peer_gr_init(struct peer_af *af)
{
	loop_timer_init(&af->gr_timer, on_gr_timer);
}

void
peer_gr_up(struct peer_af *af)
{
	const struct peer_nego *n = &af->peer->nego;
	bool keeps = n->gr && n->gr_forwarding >> af->family & 1;

	step(af, keeps ? GR_EV_UP_KEEP : GR_EV_UP);
}

void
peer_gr_lost(struct peer_af *af, const struct session_end *end)
{
	const struct peer *p = af->peer;
	struct gr_end e = {
		.notification = end->notification,
		.code = end->code,
		.subcode = end->subcode,
		.both_n = p->nego.gr_notification,
	};
	bool keeps = p->nego.gr && p->nego.gr_families & 1u << af->family &&
		     p->nego.gr_time > 0 && gr_keeps(&e) && p->priv->hold == PEER_RUNS;

	if (af->rib_idx == 0)
		return;
	af->gr.restart_time = p->nego.gr_time;
	af->gr.stale_time = p->bgp->conf->gr_stalepath_time;
	step(af, keeps ? GR_EV_LOST_KEEP : GR_EV_LOST);
}

void
peer_gr_eor(struct peer_af *af)
{
	step(af, GR_EV_EOR);
}

void
peer_gr_forget(struct peer *p)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->af[f].gr.state != GR_OFF)
			step(&p->af[f], GR_EV_LOST);
}

bool
peer_gr_keeps(const struct peer *p)
{
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		if (p->af[f].gr.state != GR_OFF)
			return true;
	return false;
}
