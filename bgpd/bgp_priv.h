/* SPDX-License-Identifier: ISC */
/* bgpd/bgp_priv.h: the inside of struct bgp, for the files of the session part.
 *
 * What    Who is who: bgp.c holds the instance together, apply.c converges it to a
 *         configuration, listen.c takes callers in, peer.c and gr_peer.c run a neighbour,
 *         session.c one connection.
 * Freeing Peers and sessions end inside their own callbacks, so they are put aside
 *         (bgp_bury_*) and freed by a work of their own.
 */
#ifndef EVPND_BGPD_BGP_PRIV_H
#define EVPND_BGPD_BGP_PRIV_H

#include "bgpd/adjout.h"
#include "bgpd/bgp.h"
#include "bgpd/farewell.h"
#include "bgpd/msg.h"
#include "bgpd/nht.h"
#include "bgpd/update.h"
#include "lib/arena.h"
#include "lib/loop.h"

struct listener;
struct session;

enum { BGP_RX_CHUNK = 64 << 10 }; /* octets read at once */

struct bgp {
	struct loop *loop;  /* borrowed */
	struct bgp_ops ops; /* how connections are made */
	const struct bgp_conf
	    *conf;	      /* borrowed until the next apply; NULL before the first */
	struct attrtab attrs; /* attribute sets of all families */
	struct nht nht;	      /* next hops of all families */
	struct rib *rib[AFI_SAFI_COUNT];       /* owned: of each family */
	struct adjout *adjout[AFI_SAFI_COUNT]; /* owned: its way out */
	struct peer *first;		       /* owned list, in order of address */
	uint32_t ndynamic;		       /* dynamic ones among them */
	uint32_t auto_id;	       /* router id to use when none is configured */
	uint32_t rng;		       /* seed of the next jitter */
	struct arena arena;	       /* of the UPDATE being read */
	struct update upd;	       /* that UPDATE */
	uint8_t *rx;		       /* owned: shared by all reads */
	struct farewells farewells;    /* connections that are being closed */
	struct listener *listeners;    /* owned list */
	struct session *dead_sessions; /* owned: to be freed by reap */
	struct peer *dead_peers;       /* owned: to be freed by reap */
	struct loop_work reap;	       /* frees them */
	bool syncing;		       /* until the first synchronisation is over */
	bool eor_asked;		       /* bgp_hold_eor() */
	struct loop_timer sync_timer;  /* looks once a second whether it is */
	struct mono started;	       /* when the first configuration was applied */
	struct loop_timer down_timer;  /* patience of bgp_shutdown() */
	bool shutting;		       /* bgp_shutdown() was called */
	void (*shut_done)(void *);     /* its callback */
	void *shut_arg;
	void (*on_peer)(struct peer *, void *); /* bgp_on_peer_state() */
	void *on_peer_arg;
	void (*on_sync)(void *); /* bgp_on_sync() */
	void *on_sync_arg;
};

uint32_t bgp_cluster_id(const struct bgp *b);
uint32_t bgp_random(struct bgp *b);
void bgp_bury_session(struct bgp *b, struct session *s);
void bgp_bury_peer(struct bgp *b, struct peer *p);
void bgp_link_peer(struct bgp *b, struct peer *p);
/* We have just (re)started and say so: the R bit of RFC 4724. */
bool bgp_restarting(const struct bgp *b);
/* Something happened that may end the first synchronisation. */
/* With the first configuration. */
void bgp_sync_start(struct bgp *b);
void bgp_sync_check(struct bgp *b);

/* bgpd/listen.c */
void listen_close_all(struct bgp *b);
/* MD5 keys of all listening sockets as the configuration says; was may be NULL. */
void listen_set_keys(
    struct bgp *b, const struct bgp_conf *was, const struct bgp_conf *is);
/* The template for a caller by the longest range that holds it, or NULL. */
const struct peer_conf *listen_template(const struct bgp_conf *c, struct ip from);

#endif
