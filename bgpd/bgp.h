/* SPDX-License-Identifier: ISC */
/* bgpd/bgp.h: one BGP speaker: its peers, its RIB, its configuration.
 *
 * What    What the rest of the engine sees of bgpd: apply a configuration, hand in
 *         listening sockets, originate local routes, walk peers for `show`.
 * Owns    The RIBs, attribute table, peers and their sessions.
 * Seams   Connections are made through struct bgp_ops, so that the simulator can
 *         replace TCP; anything a socket can be polled for will do.
 */
#ifndef EVPND_BGPD_BGP_H
#define EVPND_BGPD_BGP_H

#include "bgpd/bgp_conf.h"
#include "bgpd/rib.h"
#include "lib/loop.h"

struct bgp;
struct nht;  /* bgpd/nht.h */
struct peer; /* bgpd/peer.h */

/* What of a connection is worked out from the whole configuration. */
struct bgp_conn {
	struct ip source; /* local address; none: the kernel chooses */
	uint8_t ttl;	  /* of what we send: 1 for a direct eBGP peer, 255 with GTSM */
};

struct bgp_ops {
	/* A non-blocking connecting socket for this peer, or negative errno. */
	int (*connect)(void *arg, const struct peer_conf *pc, const struct bgp_conn *c);
	/* An address of this interface with so many bytes (4 or 16), none if it has none: for
	 * update-source INTERFACE.  May be NULL: no interface has one. */
	struct ip (*if_addr)(void *arg, const char *ifname, uint8_t len);
	/* An address with so many bytes on the interface that has this one: our next hop for a family
	 * that is not the session's.  May be NULL, or answer with none: such routes are not told. */
	struct ip (*beside)(void *arg, struct ip local, uint8_t len);
	void *arg;
};

/* TCP: sets source, TTL, MD5 as the configuration says (bgpd/tcp.c). */
int bgp_tcp_connect(void *arg, const struct peer_conf *pc, const struct bgp_conn *c);
/* For if_addr where netlink may be asked (getifaddrs(3)): not in the confined engine. */
struct ip bgp_tcp_if_addr(void *arg, const char *ifname, uint8_t len);

struct bgp *bgp_new(struct loop *l, const struct bgp_ops *ops);
void bgp_free(struct bgp *b);

/* Converges to conf (borrowed until the next apply has returned).  Sessions whose configuration did not change
 * stay up; a change that needs a new session resets that one. */
void bgp_apply(struct bgp *b, const struct bgp_conf *conf);
const struct bgp_conf *bgp_conf(const struct bgp *b); /* NULL before the first apply */

/* A listening socket (owned from here), accepted from in the loop. */
void bgp_listen_fd(struct bgp *b, int fd);
/* An accepted connection from this address (the simulator's way in). */
void bgp_incoming(struct bgp *b, int fd, struct ip from);

/* The router id in use: configured, or the highest loopback or other address told here.  A new one
 * told while sessions are up is not taken: it would end them. */
void bgp_set_auto_router_id(struct bgp *b, uint32_t id);
/* What bgp_ops.beside() says may be another address now. */
void bgp_addresses_changed(struct bgp *b);
uint32_t bgp_router_id(const struct bgp *b);
struct loop *bgp_loop(const struct bgp *b);
struct rib *bgp_rib(struct bgp *b);			/* L2VPN EVPN */
struct rib *bgp_rib_of(struct bgp *b, unsigned family); /* AFI_SAFI_* */
struct attrtab *bgp_attrtab(struct bgp *b);

/* Next hops: nht_on_ask() and nht_ask_next() say what the data plane is to watch; its answers come
 * back here. */
struct nht *bgp_nht(struct bgp *b);
/* loose: by a default route, or by one of those that we install ourselves. */
void bgp_nexthop(
    struct bgp *b, struct ip ip, bool reachable, bool loose, uint32_t metric);

/* Graceful restart: End-of-RIB is held back until the data plane has said what it has. */
void bgp_hold_eor(struct bgp *b, bool hold);
/* After a (re)start: true once every peer has told all that it has (End-of-RIB), or has had its time
 * to: then what was left over from before the restart may be swept.  fn is called once, then. */
bool bgp_synced(const struct bgp *b);
void bgp_on_sync(struct bgp *b, void (*fn)(void *arg), void *arg);

/* Sends every peer a Cease (RFC 4486; admin shutdown unless graceful restart keeps our routes) and
 * closes; calls done when all is written or after 1 s. */
void bgp_shutdown(struct bgp *b, bool keep_routes, void (*done)(void *), void *arg);

/* Peers in order of address, dynamic ones included. */
struct peer *bgp_peer_first(struct bgp *b);
struct peer *bgp_peer_next(struct bgp *b, struct peer *p);
struct peer *bgp_peer_find(struct bgp *b, struct ip addr);

enum bgp_clear { BGP_CLEAR_HARD, BGP_CLEAR_SOFT_IN, BGP_CLEAR_SOFT_OUT, BGP_CLEAR_SOFT };
void bgp_clear_peer(
    struct peer *p, enum bgp_clear how); /* hard: a dynamic peer is gone after it */

/* Called after a session went up or down, for logs, notifications and tests. */
void bgp_on_peer_state(struct bgp *b, void (*fn)(struct peer *, void *), void *arg);

#endif
