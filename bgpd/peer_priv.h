/* SPDX-License-Identifier: ISC */
/* bgpd/peer_priv.h: a peer's inside, and what its session calls.
 *
 * What    A peer runs while nothing holds it (enum peer_hold).  Its own machine tries
 *         to connect; callers get one of their own (bgpd/fsm.h).
 */
#ifndef EVPND_BGPD_PEER_PRIV_H
#define EVPND_BGPD_PEER_PRIV_H

#include "bgpd/bgp_priv.h"
#include "bgpd/notification.h"
#include "bgpd/peer.h"
#include "bgpd/refresh.h"
#include "bgpd/session.h"
#include "lib/log.h"

/* Why a peer does not run; 0: it does. */
enum peer_hold {
	PEER_RUNS,
	PEER_SHUTDOWN,	 /* administratively */
	PEER_NO_FAMILY,	 /* no family is activated */
	PEER_NO_AS,	 /* no remote-as */
	PEER_NO_ID,	 /* we have no router id */
	PEER_MAX_PREFIX, /* too many prefixes; until its timer, or a clear */
	PEER_LEAVING,	 /* the program or the instance ends */
};

struct peer_priv {
	struct peer *peer;	      /* whose it is; borrowed */
	enum peer_hold hold;	      /* why it does not run */
	struct loop_timer hold_timer; /* end of PEER_MAX_PREFIX */
	bool synced;		      /* its first End-of-RIB of every family came */
	bool buried;		      /* waits to be freed */
	bool
	    reset_said; /* last_reset came with a NOTIFICATION: more than a lost connection */
	struct log_rate rl;	 /* of what the peer can make us log */
	struct log_rate rl_conn; /* of connections that fail */
};

/* Life. */
struct peer *peer_new(
    struct bgp *b, const struct peer_conf *c, struct ip addr, bool dynamic);
void peer_free(struct peer *p); /* only from bgp_reap() and bgp_free() */
/* Ends the session, gives its paths up and buries it. */
void peer_remove(struct peer *p, uint8_t cease);
/* Works out whether it may run, and starts or stops it. */
void peer_update_hold(struct peer *p);
/* Ends all connections with a Cease; the peer starts again unless it is held. */
void peer_reset(struct peer *p, uint8_t cease, const char *why);
/* The same as the other side sees it, but our routes stay there (graceful restart). */
void peer_drop_silently(struct peer *p);
/* Outbound policy changed: leave and join again, withdrawing what must not be there. */
void peer_rejoin(struct peer_af *af);
/* Our own address in its routes may be another one. */
void peer_address_changed(struct peer_af *af);
void peer_request_refresh(struct peer_af *af);
/* Max-prefix is another one: who was over the old one gets a new chance. */
void peer_limit_changed(struct peer *p);
bool peer_is_passive(const struct peer *p);
/* RFC 8212: routes of external peers need a policy, if that is asked for. */
bool peer_may_import(const struct peer_af *af);
bool peer_may_export(const struct peer_af *af);
struct adjout_policy peer_policy(const struct peer_af *af);
/* A connection from the peer. */
void peer_incoming(struct peer *p, int fd);

/* Its parts of each other: peer.c, peer_conn.c, peer_rib.c. */
bool peer_is_external(const struct peer *p); /* as configured */
void peer_stop_session(
    struct session *s, uint8_t cease, const uint8_t *data, size_t len, const char *why);
/* The session that is up now makes the others superfluous. */
void peer_end_other(struct peer *p, struct session *s);
/* The machine that connects rests while another session is up, and wakes after it. */
void peer_wake(struct peer *p);
/* Makes (or brings up to date) its entry in the RIB; false if there is no room. */
bool peer_enter_rib(struct peer_af *af);
/* Starts to send it routes. */
void peer_join(struct peer_af *af, bool eor);
/* The configuration of one of its families. */
static inline const struct peer_af_conf *
peer_af_conf(const struct peer_af *af)
{
	return &af->peer->conf->af[af->family];
}
static inline struct rib *
peer_af_rib(const struct peer_af *af)
{
	return af->peer->bgp->rib[af->family];
}

/* Called by its sessions. */
int peer_dial(struct peer *p);
int peer_connection_options(struct peer *p, int fd);
void peer_make_open(struct peer *p, struct wbuf *w);
/* False if this connection lost (and has been closed). */
bool peer_wins_collision(struct peer *p, struct session *s);
void peer_session_up(struct peer *p, struct session *s);
void peer_session_down(struct peer *p, struct session *s);
void peer_session_failed(struct peer *p, struct session *s, enum fsm_state was);
void peer_session_gone(struct peer *p, struct session *s);
void peer_state_moved(struct peer *p);
void peer_wrote(struct peer *p, const struct session *s);
void peer_eor_in(struct peer_af *af);
void peer_refresh_in(struct peer *p, const struct refresh *r);
void peer_check_max_prefix(struct peer *p);
/* Families whose End-of-RIB has not come in this session: a set of bits AFI_SAFI_*. */
unsigned peer_untold(const struct peer *p);

/* bgpd/peer_gr.c */
void peer_gr_init(struct peer_af *af);
void peer_gr_up(struct peer_af *af);
void peer_gr_lost(struct peer_af *af, const struct session_end *end);
void peer_gr_eor(struct peer_af *af);
void peer_gr_forget(struct peer *p);	  /* gives up what is kept, in all families */
bool peer_gr_keeps(const struct peer *p); /* something is kept */

#endif
