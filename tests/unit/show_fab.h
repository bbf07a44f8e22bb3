/* SPDX-License-Identifier: ISC */
/* tests/unit/show_fab.h: two leaves in one process, to look at by show commands.
 *
 * What    Two BGP speakers (tests/unit/bgp_world.h), each with EVPN and a fake kernel
 *         (tests/sim/kernel.h), VNI 10010 on both, AS 65000, one iBGP session, virtual
 *         time.  fab_run() runs a line through the grammar as the control socket does.
 * Values  Leaf i has address, router id and VTEP 10.0.0.i.
 */
#ifndef EVPND_TESTS_UNIT_SHOW_FAB_H
#define EVPND_TESTS_UNIT_SHOW_FAB_H

#include "evpn/evpn.h"
#include "evpn/findings.h"
#include "mgmt/cli.h"
#include "mgmt/conf.h"
#include "mgmt/engine.h"
#include "tests/sim/kernel.h"
#include "tests/unit/bgp_world.h"

#define FAB_VNI 10010

struct leaf {
	struct node *n;
	struct kernel k;
	struct evpn *e;
	struct findings findings; /* one: forwarding is off on br10 */
	struct conf conf;
	struct engine eng;
};

struct fab {
	struct world w;
	struct leaf leaf[2]; /* leaf 1, leaf 2 */
	struct cli *cli;
	struct rmap *map; /* of leaf 2 towards leaf 1: communities */
};

/* What fab_run() saw. */
struct fab_run {
	char *text;	  /* the answer; the caller frees */
	bool failed;	  /* exit status */
	unsigned slices;  /* calls of the command's function */
	size_t max_bytes; /* the most that one slice left in the buffer */
};

void fab_open(struct fab *f);
/* The same with hosts, a neighbour that is not there, a move, a refused entry, and VRFs
 * (tests/unit/show_l3_fake.h): what tests/vectors/show speaks of. */
void fab_open_full(struct fab *f);
void fab_close(struct fab *f);
void fab_wait(struct fab *f, double seconds);
/* A host behind leaf i (0, 1): MAC 02:00:00:00:00:n, and its address (none: no ARP). */
void fab_host(struct fab *f, int i, unsigned n, const char *ip);
struct mac fab_mac(unsigned n);

/* The row that a line is, NULL if it is none. */
const struct show_cmd *fab_command(struct fab *f, const char *line);
/* NULL text: not a command. */
struct fab_run fab_run(struct fab *f, int i, const char *line);
/* Begins a command and leaves it after so many slices, as a client that goes away. */
void fab_abandon(struct fab *f, int i, const char *line, unsigned slices);
/* In each slice before the next one: for changes in the middle of a dump. */
struct fab_run fab_run_with(struct fab *f, int i, const char *line,
    void (*between)(void *arg, unsigned slice), void *arg);

#endif
