/* SPDX-License-Identifier: ISC */
/* tests/sim/script.h: a scenario that is being run.
 *
 * What    script.c reads files and compares transcripts, script_cmd.c has the commands.
 */
#ifndef EVPND_TESTS_SIM_SCRIPT_H
#define EVPND_TESTS_SIM_SCRIPT_H

#include "lib/strbuf.h"
#include "tests/sim/sim.h"

#define SCRIPT_WORDS 12 /* of a command at most */

#define SCRIPT_HOSTS 32

/* A host that answers for its addresses where it is. */
struct script_host {
	struct mac mac;	       /* its own */
	struct sim_node *leaf; /* borrowed; NULL: it is off */
	uint32_t vni;	       /* its network */
	uint32_t port;	       /* of the leaf */
	struct ip ips[4];      /* that it has; the rest none */
};

struct script;

/* For a kernel that asks. */
struct script_leaf {
	struct script *x;   /* borrowed */
	struct sim_node *n; /* borrowed */
};

struct script {
	struct sim sim;
	const char *file;   /* being run */
	int line;	    /* of it */
	struct strbuf out;  /* the file as it should be */
	struct strbuf said; /* log lines since the last command ended */
	struct script_host hosts[SCRIPT_HOSTS]; /* the first nhosts are in use */
	unsigned nhosts;
	struct script_leaf leaves[SIM_NODES]; /* by number of the node */
	bool started;			      /* sim_start() was called */
	bool failed;			      /* a command was wrong */
};

/* Tells what is wrong with the present line, and ends the scenario. */
void script_fail(struct script *x, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* One command: its words, NULL at the end; at least one. */
void script_command(struct script *x, char **w);

#endif
