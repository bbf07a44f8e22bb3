/* SPDX-License-Identifier: ISC */
/* mgmt/options.h: the command line of evpnd-engine. */
#ifndef EVPND_MGMT_OPTIONS_H
#define EVPND_MGMT_OPTIONS_H

#include <stdbool.h>

struct options {
	const char *file;   /* -f, NULL: the default */
	const char *rundir; /* --rundir */
	int port;	    /* -p, -1: as configured, 0: none is listened on */
	int fd;		    /* --fd, -1: no data plane */
	bool no_kernel;	    /* --no-kernel */
	bool flush_on_exit; /* --flush-on-exit */
	bool check;	    /* --check */
	bool restart;	    /* --restart */
};

/* Ends the program on a wrong one, and for --version. */
void options_take(struct options *o, int argc, char **argv);

#endif
