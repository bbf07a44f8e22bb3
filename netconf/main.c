/* SPDX-License-Identifier: ISC */
/* evpnd-netconf: the NETCONF server's command line. */
#include "config.h"

#include <getopt.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/asan.h"
#include "lib/log.h"
#include "lib/util.h"
#include "netconf/defaults.h"
#include "netconf/netconf.h"
#include "netconf/schema.h"
#include "netconf/ssh.h"

#define USAGE_ERROR 2
#define MEMORY_MB 768	  /* of address space, a session */
#define HELLO_S 30	  /* seconds for a client's hello */
#define STATE_LIMIT 10000 /* entries of a long list in one answer */

#define SSH_PORT 830 /* RFC 6242 6 */
#define SESSIONS 256 /* at once */
#define LOGIN_S 60   /* seconds for an SSH log-in */

enum {
	OPT_SUBSYSTEM = 256,
	OPT_RUNDIR,
	OPT_NACM,
	OPT_LISTEN,
	OPT_HOST_KEY,
	OPT_KEYS,
	OPT_USER,
	OPT_SESSIONS,
	OPT_VERSION
};

struct options {
	bool subsystem;		   /* serve standard input and output, not SSH */
	const char *rundir, *nacm; /* of struct netconf_opts */
	struct ssh_opts ssh;	   /* otherwise */
};

static const struct option longopts[] = {
	{ "subsystem", no_argument, NULL, OPT_SUBSYSTEM },
	{ "rundir", required_argument, NULL, OPT_RUNDIR },
	{ "nacm", required_argument, NULL, OPT_NACM },
	{ "port", required_argument, NULL, 'p' },
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "host-key", required_argument, NULL, OPT_HOST_KEY },
	{ "authorized-keys", required_argument, NULL, OPT_KEYS },
	{ "user", required_argument, NULL, OPT_USER },
	{ "sessions", required_argument, NULL, OPT_SESSIONS },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void
bad_usage(void)
{
	fprintf(stderr, "usage: evpnd-netconf --subsystem [--rundir DIR] [--nacm FILE] "
			"[--sessions N]\n"
			"See evpnd-netconf(8).\n");
	exit(USAGE_ERROR);
}

static unsigned
number(unsigned max)
{
	unsigned long long n;

	if (!parse_u64(optarg, 1, max, &n))
		bad_usage();
	return (unsigned)n;
}

/* Those of SSH; false: another one. */
static bool
take_ssh(struct ssh_opts *o, int c)
{
	switch (c) {
	case 'p':
		o->port = (uint16_t)number(65535);
		return true;
	case OPT_LISTEN:
		o->address = optarg;
		return true;
	case OPT_HOST_KEY:
		o->host_key = optarg;
		return true;
	case OPT_KEYS:
		o->keys = optarg;
		return true;
	case OPT_USER:
		o->user = optarg;
		return true;
	case OPT_SESSIONS:
		o->max = number(CTL_RPC_SESSIONS_MAX);
		return true;
	default:
		return false;
	}
}

static struct options
parse(int argc, char **argv)
{
	struct options o = { .rundir = EVPND_RUNDIR,
		.nacm = EVPND_SYSCONFDIR "/evpnd/nacm.xml",
		.ssh = { .port = SSH_PORT,
		    .host_key = EVPND_SYSCONFDIR "/evpnd/netconf_host_key",
		    .keys = EVPND_SYSCONFDIR "/evpnd/netconf_keys/%u",
		    .max = SESSIONS,
		    .login_s = LOGIN_S } };
	int c;

	while ((c = getopt_long(argc, argv, "p:", longopts, NULL)) != -1) {
		if (take_ssh(&o.ssh, c))
			continue;
		switch (c) {
		case OPT_SUBSYSTEM:
			o.subsystem = true;
			break;
		case OPT_RUNDIR:
			o.rundir = optarg;
			break;
		case OPT_NACM:
			o.nacm = optarg;
			break;
		case OPT_VERSION:
			puts("evpnd-netconf " PACKAGE_VERSION);
			exit(0);
		default:
			bad_usage();
		}
	}
	if (optind != argc)
		bad_usage();
	return o;
}

/* Whatever a client asks for, this is all that it gets. */
static void
bound_memory(void)
{
	struct rlimit lim = { (rlim_t)MEMORY_MB << 20, (rlim_t)MEMORY_MB << 20 };

#ifndef EVPND_ASAN
	setrlimit(RLIMIT_AS, &lim);
#else
	(void)lim; /* its shadow memory is larger than any limit */
#endif
}

static char *
own_name(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw ? xstrdup(pw->pw_name) : xasprintf("uid%u", (unsigned)getuid());
}

/* "10.0.0.1 55 10.0.0.2 22", as sshd says it. */
static char *
client_host(void)
{
	const char *s = getenv("SSH_CONNECTION");
	char *host = xstrdup(s ? s : "");

	host[strcspn(host, " ")] = '\0';
	return host;
}

static struct ly_ctx *
library_init(struct err *e)
{
	struct ly_ctx *ly = schema_new(e);

	if (!ly)
		return NULL;
	if (nc_server_init(ly) != 0) {
		err_set(e, "libnetconf2 does not start");
		ly_ctx_destroy(ly);
		return NULL;
	}
	wd_announce();
	nc_server_set_capability("urn:ietf:params:netconf:capability:notification:1.0");
	nc_server_set_capability("urn:ietf:params:netconf:capability:interleave:1.0");
	ops_init(ly);
	return ly;
}

int
main(int argc, char **argv)
{
	struct options o = parse(argc, argv);
	char *user = own_name(), *host = client_host();
	struct netconf_opts opts = { .rundir = o.rundir,
		.nacm_file = o.nacm,
		.user = user,
		.host = host,
		.transport = "netconf-ssh",
		.hello_s = HELLO_S,
		.sessions = o.ssh.max,
		.state_limit = STATE_LIMIT };
	struct err e = { 0 };
	struct ly_ctx *ly;
	int status;

	log_set_ident("evpnd-netconf");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	bound_memory();
	ly = library_init(&e);
	if (ly) {
		status = o.subsystem ? session_run(&opts, ly, STDIN_FILENO, STDOUT_FILENO)
				     : ssh_serve(&o.ssh, &opts, ly);
		nc_server_destroy();
		ly_ctx_destroy(ly);
	} else {
		fprintf(stderr, "evpnd-netconf: %s\n", e.text);
		status = 1;
	}
	free(user);
	free(host);
	return status;
}
