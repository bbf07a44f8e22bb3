/* SPDX-License-Identifier: ISC */
/* bgpd/peer.h: a neighbour: what is configured, negotiated, counted.
 *
 * What    One struct per neighbour, for the life of its configuration (or, when
 *         dynamic, of its session).  The session (bgpd/session.h) belongs to it.
 * States  The six of RFC 4271 8.2.2, in fsm.h; the peer's is its best connection's.
 * Family  What it has once for each address family is in struct peer_af.
 * Owns    Its sessions and its indices in the RIBs.
 */
#ifndef EVPND_BGPD_PEER_H
#define EVPND_BGPD_PEER_H

#include "bgpd/adjout.h"
#include "bgpd/bgp.h"
#include "bgpd/fsm.h"
#include "bgpd/gr.h"

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
	uint64_t filtered;	       /* routes that the neighbour's route-map denied */
	uint64_t bad_next_hops;	       /* UPDATEs whose next hop was ours or unusable */
	uint64_t nlri_malformed;       /* NLRI skipped (RFC 7606 5.4) */
	uint32_t established, dropped; /* transitions into and out of Established */
};

/* What both OPENs agreed on; valid in OpenConfirm and Established. */
struct peer_nego {
	uint16_t hold, keepalive; /* seconds */
	bool as4, ext_msg, refresh, enhanced_refresh, gr;
	/* Sets of families, bit AFI_SAFI_*: */
	uint8_t families;      /* both sides speak */
	uint8_t gr_families;   /* the peer's GR capability lists */
	uint8_t gr_forwarding; /* with the forwarding state bit */
	bool gr_restarting;    /* R bit: the peer has restarted */
	bool gr_notification;  /* N bit on both sides (RFC 8538) */
	uint16_t gr_time;      /* the peer's restart time, seconds */
	uint32_t remote_as, remote_id;
	char hostname[64]; /* FQDN capability, "" unknown */
	char software[64]; /* software version capability, "" unknown */
};

/* A neighbour's part in one family; without effect while the session does not carry it. */
struct peer_af {
	struct peer *peer; /* whose it is; borrowed */
	uint8_t family;	   /* AFI_SAFI_* */
	uint16_t rib_idx;  /* index in the family's RIB; 0 before the first session */
	struct adjout_peer out; /* updates by group */
	bool eor_in;		/* End-of-RIB received */
	/* private to bgpd: */
	bool borr;		    /* between BoRR and EoRR (RFC 7313) */
	bool warned_threshold;	    /* the threshold of max-prefix was logged */
	bool warned_prefixes;	    /* max-prefix itself was, with warning-only */
	bool warned_policy;	    /* that eBGP needs a policy was logged */
	bool warned_nexthop;	    /* that we have no next hop for it was */
	struct gr gr;		    /* paths kept for a peer that restarts */
	struct loop_timer gr_timer; /* for gr.due */
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
	struct peer_af af[AFI_SAFI_COUNT]; /* by number */
	struct session *active;		   /* owned: our own attempts; never NULL */
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
	bool max_prefix_hit;  /* too many prefixes of a family */
	char last_reset[160]; /* why the last session ended, "" never */
	struct mono reset_at; /* when */
	struct ip local;      /* our address of the session, none when down */
	uint16_t local_port, remote_port;
	/* private to bgpd below: see peer.c */
	struct peer_priv *priv; /* owned */
};

enum fsm_state peer_state(const struct peer *p);
uint32_t peer_remote_as(const struct peer *p); /* configured or learnt */
uint32_t peer_prefixes_in(const struct peer *p, unsigned family);
uint32_t peer_prefixes_out(const struct peer *p, unsigned family);
size_t peer_queue_out(const struct peer *p); /* messages that wait to be written */
/* The session is up and carries the family. */
static inline bool
peer_speaks(const struct peer *p, unsigned family)
{
	return p->up && p->nego.families >> family & 1;
}
char *peer_format(const struct peer *p, char buf[IP_STRLEN]); /* for logs */

#endif
