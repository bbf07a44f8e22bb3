/* SPDX-License-Identifier: ISC */
/* The command line of evpnd-engine. */
#include "config.h"

#include "mgmt/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/util.h"

#define USAGE_ERROR 2

enum {
	OPT_RUNDIR = 256,
	OPT_NO_KERNEL,
	OPT_CHECK,
	OPT_VERSION,
	OPT_FD,
	OPT_FLUSH_ON_EXIT,
	OPT_RESTART
};

static const struct option longopts[] = {
	{ "fd", required_argument, NULL, OPT_FD },
	{ "rundir", required_argument, NULL, OPT_RUNDIR },
	{ "no-kernel", no_argument, NULL, OPT_NO_KERNEL },
	{ "flush-on-exit", no_argument, NULL, OPT_FLUSH_ON_EXIT },
	{ "restart", no_argument, NULL, OPT_RESTART },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void
bad_usage(const char *what)
{
	fprintf(stderr,
	    "evpnd-engine: %s\n"
	    "usage: evpnd-engine [--fd N] [-f FILE] [--rundir DIR] [-p PORT] "
	    "[--no-kernel] [--flush-on-exit] [--restart] [--check]\n"
	    "evpnd starts this program.\n",
	    what);
	exit(USAGE_ERROR);
}

static unsigned
number_option(const char *what, unsigned max)
{
	unsigned long long n;

	if (!parse_u64(optarg, 0, max, &n))
		bad_usage(what);
	return (unsigned)n;
}

static void
take_option(struct options *o, int c)
{
	switch (c) {
	case 'f':
		o->file = optarg;
		break;
	case 'p':
		o->port = (int)number_option("not a port", 65535);
		break;
	case OPT_FD:
		o->fd = (int)number_option("not a descriptor", 1 << 20);
		break;
	case OPT_RUNDIR:
		o->rundir = optarg;
		break;
	case OPT_NO_KERNEL:
		o->no_kernel = true;
		break;
	case OPT_FLUSH_ON_EXIT:
		o->flush_on_exit = true;
		break;
	case OPT_CHECK:
		o->check = true;
		break;
	case OPT_RESTART:
		o->restart = true;
		break;
	case OPT_VERSION:
		puts("evpnd-engine " PACKAGE_VERSION);
		exit(EXIT_SUCCESS);
	default:
		bad_usage("unknown option");
	}
}

void
options_take(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){ .rundir = EVPND_RUNDIR, .fd = -1, .port = -1 };
	while ((c = getopt_long(argc, argv, "f:p:", longopts, NULL)) != -1)
		take_option(o, c);
	if (optind < argc)
		bad_usage("unexpected argument");
}
