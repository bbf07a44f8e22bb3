/* SPDX-License-Identifier: ISC */
/* tests/unit/bgp_world.h: several BGP speakers in one process, on a virtual clock.
 *
 * What    A world has a simulated loop and nodes.  A node is a struct bgp with an address;
 *         connections between nodes are socket pairs.  A raw node is an address
 *         without a speaker: the test itself reads and writes what goes there.
 * Conf    Edit node->draft, then node_apply(): the node gets a copy of it.
 */
#ifndef EVPND_TESTS_BGP_WORLD_H
#define EVPND_TESTS_BGP_WORLD_H

#include "bgpd/bgp.h"
#include "bgpd/msg.h"
#include "bgpd/notification.h"
#include "bgpd/open.h"
#include "bgpd/peer.h"
#include "lib/loop.h"

enum { WORLD_PEERS = 8, WORLD_NODES = 8 };

struct world;

/* A configuration with its arrays. */
struct node_conf {
	struct bgp_conf c;
	struct peer_conf peers[WORLD_PEERS];
	struct peer_conf templates[1];
	struct listen_range_conf ranges[1];
};

struct node {
	struct world *w;
	struct ip addr;
	struct bgp *b;		/* NULL: raw */
	struct node_conf draft; /* what node_apply() takes */
	struct node_conf *conf; /* applied; owned */
	int fd;			/* raw: the newest connection to it, -1 */
	bool refuse;		/* connections to it fail */
	int connects;		/* attempts to reach it */
	int ups, downs;		/* peer state callbacks */
};

struct world {
	struct loop *l;
	struct node nodes[WORLD_NODES];
	int nnodes;
	struct call *calls; /* connections on their way */
	struct loop_work deliver;
};

void world_init(struct world *w, uint64_t seed);
void world_fini(struct world *w);
void world_run(struct world *w, double seconds);

/* Address 10.0.0.n, router id the same; graceful restart off, hold 9, keepalive 3. */
struct node *node_new(struct world *w, uint8_t n, uint32_t as);
struct node *node_new_raw(struct world *w, uint8_t n);
struct peer_conf *node_add_peer(struct node *n, const struct node *other, uint32_t as);
void node_apply(struct node *n);
void node_kill(struct node *n); /* for good, with a Cease to everyone */
/* Without a word to peers that agreed on graceful restart. */
void node_drop(struct node *n);
void node_revive(struct node *n); /* a new speaker with the draft */
struct peer *node_peer(struct node *n, const struct node *other);
/* Both sides of a session between two nodes, in one go. */
void node_link(struct node *a, uint32_t as_a, struct node *b, uint32_t as_b);
bool node_up(struct node *n, const struct node *other);

/* Local type-2 routes number i; mobility sequence or -1. */
void route_key(unsigned i, struct rib_key *k);
void node_originate(struct node *n, unsigned i, int seq);
void node_withdraw(struct node *n, unsigned i);
bool node_has(struct node *n, unsigned i);
/* The peer's path for it, NULL if none. */
const struct rib_path *node_path(struct node *n, unsigned i, struct peer *from);
const struct attrset *node_attrs(struct node *n, unsigned i);

/* Raw nodes.  A connection of the raw node to n. */
void raw_connect(struct node *raw, struct node *n);
void raw_write(struct node *raw, const void *p, size_t n);
void raw_open(struct node *raw, uint32_t as, uint32_t id, uint16_t hold, uint32_t has);
void raw_keepalive(struct node *raw);
/* The next message from n of a type but KEEPALIVE into buf: its length, 0 at end of file, -1 if
 * nothing is there. */
int raw_read(struct node *raw, uint8_t buf[MSG_MAX_EXTENDED]);
/* Brings the session between raw and n up. */
void raw_establish(struct node *raw, struct node *n, uint32_t as, uint32_t has);
/* Reads on to a NOTIFICATION: code * 256 + subcode, -1 if the connection ends without one, 0 if it
 * is still up.  Its data goes to data (up to 64 octets, *len set). */
int raw_notification(struct node *raw, uint8_t *data, size_t *len);

#endif
