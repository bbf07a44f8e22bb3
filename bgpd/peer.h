/* SPDX-License-Identifier: ISC */
/* bgpd/peer.h: a neighbour: what is configured, negotiated, counted.
 *
 * What    One struct per neighbour, for the life of its configuration (or, when
 *         dynamic, of its session).  The session (bgpd/session.h) belongs to it.
 * States  The six of RFC 4271 8.2.2, in fsm.h; the peer's is its best connection's.
 * Owns    Its sessions and its index in the RIB.
 */
#ifndef EVPND_BGPD_PEER_H
#define EVPND_BGPD_PEER_H

#include "bgpd/adjout.h"
#include "bgpd/bgp.h"
#include "bgpd/fsm.h"

struct session;

struct peer_counters {
	uint64_t opens_in, opens_out, updates_in, updates_out, keepalives_in,
	    keepalives_out;
	uint64_t notifications_in, notifications_out, refreshes_in, refreshes_out;
	uint64_t bytes_in, bytes_out;
	uint64_t withdrawn_in;	  /* UPDATEs treated as withdraw (RFC 7606) */
	uint64_t attrs_discarded; /* attributes discarded (RFC 7606) */
	uint64_t loops_as, loops_originator,
	    loops_cluster;	       /* routes kept out by loop checks */
	uint64_t nlri_malformed;       /* NLRI skipped (RFC 7606 5.4) */
	uint32_t established, dropped; /* transitions into and out of Established */
};

/* What both OPENs agreed on; valid in OpenConfirm and Established. */
struct peer_nego {
	uint16_t hold, keepalive; /* seconds */
	bool as4, ext_msg, refresh, enhanced_refresh, gr, evpn;
	bool gr_evpn;	      /* the peer's GR capability lists EVPN */
	bool gr_forwarding;   /* with the forwarding state bit */
	bool gr_restarting;   /* R bit: the peer has restarted */
	bool gr_notification; /* N bit on both sides (RFC 8538) */
	uint16_t gr_time;     /* the peer's restart time, seconds */
	uint32_t remote_as, remote_id;
	char hostname[64]; /* FQDN capability, "" unknown */
	char software[64]; /* software version capability, "" unknown */
};

struct peer {
	struct bgp *bgp;	  /* borrowed */
	struct peer *next, *prev; /* bgp's list, by address */
	struct ip addr;
	char name[IP_STRLEN]; /* the address as text, for logs */
	const struct peer_conf
	    *conf;    /* borrowed from the applied configuration, or a template */
	bool dynamic; /* from a listen range */
	bool ibgp;
	uint16_t rib_idx;	/* index in the RIB; 0 before the first session */
	struct session *active; /* owned: our own attempts; never NULL */
	struct session
	    *passive; /* owned: a connection of the peer that is not up yet, or NULL */
	struct session
	    *up; /* the one that is Established, or NULL; owned unless it is `active` */
	struct peer_nego nego;
	struct peer_counters n;
	struct mono since; /* when the state was entered */
	struct mono last_read,
	    last_write; /* when octets last came in, went out; 0 never */
	int64_t
	    established_epoch; /* wall clock seconds of the last transition to Established */
	struct adjout_peer out; /* updates by group */
	bool eor_in;		/* End-of-RIB received for EVPN */
	bool max_prefix_hit;
	char last_reset[160]; /* why the last session ended, "" never */
	struct mono reset_at; /* when */
	struct ip local;      /* our address of the session, none when down */
	uint16_t local_port, remote_port;
	/* private to bgpd below: see peer.c */
	struct peer_priv *priv; /* owned */
};

enum fsm_state peer_state(const struct peer *p);
uint32_t peer_remote_as(const struct peer *p); /* configured or learnt */
uint32_t peer_prefixes_in(const struct peer *p);
uint32_t peer_prefixes_out(const struct peer *p);
size_t peer_queue_out(const struct peer *p); /* messages that wait to be written */
char *peer_format(const struct peer *p, char buf[IP_STRLEN]); /* for logs */

#endif
