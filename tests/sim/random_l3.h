/* SPDX-License-Identifier: ISC */
/* tests/sim/random_l3.h: one random schedule of routing: its machines, tenants and hosts.
 *
 * What    random_l3.c makes things happen, random_l3_check.c says what must be in the end.
 * Agree   In each VRF that has a device, line by line and nothing beside: its own routes; what it takes from another
 *         VRF of the machine; for each prefix and host of another leaf with the same L3VNI configured and
 *         up at both ends, a route by just those leaves that have it, with their router MACs as they are
 *         now (IPv4 and IPv6); the default of last resort; and for a host of this leaf none.  In
 *         schedules where nothing is taken out of use no route may vanish with its next hop on the way.
 */
#ifndef EVPND_TESTS_SIM_RANDOM_L3_H
#define EVPND_TESTS_SIM_RANDOM_L3_H

#include "tests/sim/sim.h"

#define LEAVES_MAX 8
#define VRFS 2
#define PREFIXES 5
#define HOSTS_MAX 12

/* One tenant at one leaf. */
struct place {
	bool device;	    /* there is a VRF device */
	bool up[2];	    /* the device of each L3VNI is up */
	unsigned l3vni;	    /* which of the two is configured, 2 none */
	unsigned macs[2];   /* of its SVIs: counts changes */
	bool has[PREFIXES]; /* others' routes */
	bool gone[2];	    /* that device is not even there */
	bool leaks;	    /* red: takes from blue */
};

struct host {
	unsigned leaf, vrf; /* where it is */
	struct mac mac;	    /* its own */
	struct ip ip[2];    /* both families */
};

struct run {
	struct sim sim;
	uint64_t seed;
	bool verbose, failed;
	bool gentle; /* nothing happens that may take a route out of use */
	struct sim_node *leaf[LEAVES_MAX], *rr;
	unsigned nleaves, nhosts;
	struct place place[LEAVES_MAX][VRFS];
	struct host host[HOSTS_MAX];
};

extern const char *const rl3_vrf_names[VRFS];
extern const char *const rl3_prefixes[PREFIXES];
uint32_t rl3_l3vni(unsigned vrf, unsigned which);
struct prefix rl3_prefix(unsigned i);
struct mac rl3_router_mac(
    const struct run *r, unsigned leaf, unsigned vrf, unsigned which);
/* Tells what a leaf's kernel lacks or has too much, and fails the run. */
void rl3_check(struct run *r, unsigned leaf);

#endif
