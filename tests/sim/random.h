/* SPDX-License-Identifier: ISC */
/* tests/sim/random.h: one random schedule: its fabric, its hosts, and what went wrong.
 *
 * What    random.c makes things happen, random_check.c says what must hold when all is
 *         quiet, random_dup.c what must hold of duplicates.
 * Agree   When nothing has moved for long and each host has said where he is: every leaf's engine has
 *         each MAC and both its addresses at the leaf where the host is, its kernel shows them there
 *         (learnt at the host's port, or ours towards that leaf) and nothing else, BUM traffic
 *         reaches every leaf, no write is owed and no failure is left; every RIB has just these routes.
 *         Where hosts are silent instead: whoever is learnt somewhere is learnt where he is, and all agree
 *         on that; nobody has what nobody told of.
 * Doubles Then one MAC at two leaves, or one address with two MACs at two leaves, speaks here and there in
 *         turn until it has moved as often as the detection allows: each of the two leaves that detects calls
 *         it a duplicate, and frozen if it freezes (the other one may be one move short then); if neither
 *         freezes all leaves still agree where it was heard last.
 */
#ifndef EVPND_TESTS_SIM_RANDOM_H
#define EVPND_TESTS_SIM_RANDOM_H

#include "tests/sim/sim.h"

#define HOSTS_MAX 18
#define LEAVES_MAX 12
#define REFLECTORS 2
#define VNIS 2

struct host {
	unsigned leaf;	 /* where it is: index of the node */
	uint32_t vni;	 /* its network */
	uint32_t port;	 /* of the leaf's bridge */
	struct mac mac;	 /* may change with the machine behind the address */
	struct ip ip[2]; /* IPv4 and IPv6 */
};

struct run {
	struct sim sim;
	uint64_t seed;
	bool verbose;
	struct sim_node *leaf[LEAVES_MAX], *rr[REFLECTORS];
	unsigned nleaves;
	struct host host[HOSTS_MAX];
	unsigned nhosts;   /* as many in each VNI */
	unsigned next_mac; /* for hosts that get a new one */
	bool freeze;	   /* some leaves freeze duplicates */
	bool probe;	   /* leaves ask silent hosts */
	bool silent;	   /* at the end no host says anything of itself */
	bool mild;	   /* nothing that a kernel has learnt is thrown away */
	unsigned unknown;  /* silent hosts that no leaf knows at the end */
	struct place {
		struct run *r;	/* borrowed */
		unsigned index; /* of the leaf */
	} place[LEAVES_MAX];	/* for kernels that ask */
	bool failed;
};

/* Tells what is wrong, and fails the run. */
void random_wrong(struct run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void random_check(struct run *r);
void random_duplicates(struct run *r); /* needs hosts that speak */
/* The host says who he is. */
void random_speak(struct run *r, struct host *h);

#endif
