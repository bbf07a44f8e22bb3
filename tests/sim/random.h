/* SPDX-License-Identifier: ISC */
/* tests/sim/random.h: one random schedule: its fabric, its hosts, and what went wrong.
 *
 * What    random.c makes things happen, random_check.c says what must hold when all is
 *         quiet.
 */
#ifndef EVPND_TESTS_SIM_RANDOM_H
#define EVPND_TESTS_SIM_RANDOM_H

#include "tests/sim/sim.h"

#define HOSTS 6
#define LEAVES 3
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
	struct sim_node *leaf[LEAVES], *rr[REFLECTORS];
	struct host host[HOSTS];
	unsigned next_mac; /* for hosts that get a new one */
	bool freeze;	   /* some leaves freeze duplicates */
	bool probe;	   /* leaves ask silent hosts */
	bool silent;	   /* at the end no host says anything of itself */
	bool mild;	   /* nothing that a kernel has learnt is thrown away */
	unsigned unknown;  /* silent hosts that no leaf knows at the end */
	struct place {
		struct run *r;	/* borrowed */
		unsigned index; /* of the leaf */
	} place[LEAVES];	/* for kernels that ask */
	bool failed;
};

/* Tells what is wrong, and fails the run. */
void random_wrong(struct run *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void random_check(struct run *r);

#endif
