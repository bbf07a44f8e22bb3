/* SPDX-License-Identifier: ISC */
/* tests/sim/sim.h: a fabric in one process: route reflectors, leaves, kernels, a virtual clock.
 *
 * What    Each node is a whole engine (struct bgp, and on a leaf struct evpn) with an
 *         address; a leaf has a fake kernel that outlives its engine.  Every leaf
 *         peers with every reflector, reflectors with each other, iBGP, AS 65000.
 * Names   Reflector n is 10.0.0.n, leaf n is 10.0.1.n (router id and VTEP).  Host n has
 *         MAC 02:00:00:00:00:n.
 * Chance  All that could differ between two runs of the real thing (delays, the order
 *         of ready descriptors) is drawn from one seed.
 * Owns    Everything.
 */
#ifndef EVPND_TESTS_SIM_SIM_H
#define EVPND_TESTS_SIM_SIM_H

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "evpn/evpn.h"
#include "evpn/evpn_show.h"
#include "tests/sim/kernel.h"
#include "tests/sim/relay.h"

#define SIM_NODES 16
#define SIM_AS 65000
#define SIM_VRFS 8 /* configured ones of a node */

struct sim;

struct sim_node {
	struct sim *sim;		   /* borrowed */
	char name[16];			   /* "rr1", "leaf2" */
	bool leaf;			   /* else a reflector */
	struct ip addr;			   /* router id, VTEP */
	struct bgp *b;			   /* owned; NULL while the engine is down */
	struct evpn *e;			   /* owned; leaf only */
	struct kernel k;		   /* leaf only; lives on without the engine */
	struct bgp_conf conf;		   /* as applied */
	struct peer_conf peers[SIM_NODES]; /* of conf */
	struct evpn_conf econf;		   /* as applied */
	struct vrf_conf vrfs[SIM_VRFS];	   /* of econf */
	unsigned ups, downs;		   /* sessions that came and went */
};

struct sim_call;

struct sim {
	struct loop *loop;		  /* owned */
	uint64_t rng;			  /* state of the generator */
	struct sim_node nodes[SIM_NODES]; /* the first nnodes are in use */
	unsigned nnodes;
	struct relay *relays;		/* owned: connections */
	struct sim_call *calls;		/* owned: connections on their way */
	struct loop_work deliver;	/* hands them over */
	bool cut[SIM_NODES][SIM_NODES]; /* no connection between these */
	int64_t max_delay;		/* microseconds, of any message; 0: none */
	bool graceful;			/* graceful restart is offered */
};

void sim_init(struct sim *s, uint64_t seed);
void sim_fini(struct sim *s);
uint64_t sim_rand(struct sim *s, uint64_t below); /* in [0, below) */

struct sim_node *sim_add(
    struct sim *s, const char *name); /* "rrN" or "leafN"; before sim_start() */
struct sim_node *sim_find(struct sim *s, const char *name); /* NULL if none */
void sim_start(struct sim *s);				    /* all engines */

/* An engine dies without a word; its kernel goes on.  Or it is started (again). */
void sim_kill(struct sim_node *n);
void sim_up(struct sim_node *n);
/* The data plane loses the channel's state and reads the kernel anew. */
void sim_restart_dp(struct sim_node *n);
/* The link between two nodes breaks now, or is mended. */
void sim_cut(struct sim *s, struct sim_node *a, struct sim_node *b, bool cut);
/* After a change of n->econf. */
void sim_apply(struct sim_node *n);

void sim_run(struct sim *s, int64_t us);
/* Runs until nothing has moved for a second; false if that does not come in 600. */
bool sim_settle(struct sim *s);

struct mac sim_host(unsigned n);
void sim_vni(struct sim_node *n, uint32_t vni);
/* The VNI with its SVI in a VRF; the SVI has the node's router MAC, 02:fe:L:L:v:v (leaf, VNI). */
void sim_vni_vrf(struct sim_node *n, uint32_t vni, const char *vrf);
struct mac sim_router_mac(const struct sim_node *n, uint32_t vni);
/* Configured: made with ordinary values (advertise, redistribute connected and static) if missing;
 * to be applied after changes. */
struct vrf_conf *sim_vrf(struct sim_node *n, const char *name, uint32_t l3vni);
/* Its machine has a route to the VTEP, or not. */
void sim_reach(struct sim_node *n, struct ip vtep, bool reachable);

#endif
