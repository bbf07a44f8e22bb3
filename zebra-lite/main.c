/* SPDX-License-Identifier: ISC */
/* zebra-lite/main.c: evpnd, the program that an operator starts. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/priv.h"
#include "lib/util.h"
#include "zebra-lite/supervise.h"

LOG_MODULE("zl.main");

#define ARGV_MAX 24
#define USAGE_ERROR 2

struct options {
	const char *file;	     /* -f, NULL = the engine's default */
	const char *rundir;	     /* --rundir */
	const char *user;	     /* --user, NULL = evpnd or nobody */
	const char *port_text;	     /* -p */
	uint16_t port;		     /* the same */
	struct ip addrs[LISTEN_MAX]; /* -l */
	unsigned naddrs;	     /* in addrs */
	bool no_kernel;		     /* --no-kernel */
	bool flush;		     /* --flush-on-exit */
	int nl_bufsize;		     /* --nl-bufsize, 0 = default */
	bool check;		     /* --check */
	const char *reload;	     /* --reload, NULL = none */
};

enum {
	OPT_RUNDIR = 256,
	OPT_NO_KERNEL,
	OPT_CHECK,
	OPT_VERSION,
	OPT_USER,
	OPT_HELP,
	OPT_NL_BUFSIZE,
	OPT_FLUSH,
	OPT_RELOAD
};

static const struct option longopts[] = {
	{ "config", required_argument, NULL, 'f' },
	{ "listen", required_argument, NULL, 'l' },
	{ "port", required_argument, NULL, 'p' },
	{ "flush-on-exit", no_argument, NULL, OPT_FLUSH },
	{ "rundir", required_argument, NULL, OPT_RUNDIR },
	{ "no-kernel", no_argument, NULL, OPT_NO_KERNEL },
	{ "reload", required_argument, NULL, OPT_RELOAD },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "nl-bufsize", required_argument, NULL, OPT_NL_BUFSIZE },
	{ "user", required_argument, NULL, OPT_USER },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static void
usage(FILE *out)
{
	fputs("usage: evpnd [-f FILE] [--rundir DIR] [-p PORT] [-l ADDRESS]... "
	      "[--no-kernel]\n"
	      "             [--flush-on-exit] [--nl-bufsize BYTES] [--user NAME] "
	      "[--check]\n"
	      "             [--reload FILE] [--version]\n",
	    out);
}

static _Noreturn void
bad_usage(const char *what, const char *value)
{
	fprintf(stderr, "evpnd: %s: %s\n", what, value);
	usage(stderr);
	exit(USAGE_ERROR);
}

static void
take_option(struct options *o, int c)
{
	unsigned long long n;

	switch (c) {
	case 'f':
		o->file = optarg;
		break;
	case 'p':
		if (!parse_u64(optarg, 0, 65535, &n))
			bad_usage("not a port", optarg);
		o->port = (uint16_t)n;
		o->port_text = optarg;
		break;
	case 'l':
		if (o->naddrs == LISTEN_MAX || !ip_parse(optarg, &o->addrs[o->naddrs++]))
			bad_usage("not an address, or too many", optarg);
		break;
	case OPT_RUNDIR:
		o->rundir = optarg;
		break;
	case OPT_USER:
		o->user = optarg;
		break;
	case OPT_NL_BUFSIZE:
		if (!parse_u64(optarg, 1, 1 << 30, &n))
			bad_usage("not a number of bytes", optarg);
		o->nl_bufsize = (int)n;
		break;
	case OPT_FLUSH:
		o->flush = true;
		break;
	case OPT_NO_KERNEL:
		o->no_kernel = true;
		break;
	case OPT_RELOAD:
		o->reload = optarg;
		break;
	case OPT_CHECK:
		o->check = true;
		break;
	case OPT_VERSION:
		puts("evpnd " PACKAGE_VERSION);
		exit(EXIT_SUCCESS);
	case OPT_HELP:
		usage(stdout);
		exit(EXIT_SUCCESS);
	default:
		usage(stderr);
		exit(USAGE_ERROR);
	}
}

static void
take_options(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){ .rundir = EVPND_RUNDIR, .port = 179 };
	while ((c = getopt_long(argc, argv, "f:p:l:h", longopts, NULL)) != -1)
		take_option(o, c == 'h' ? OPT_HELP : c);
	/* evpnd --check FILE */
	if (optind < argc && o->check && !o->file)
		o->file = argv[optind++];
	if (optind < argc)
		bad_usage("unexpected argument", argv[optind]);
}

/* The engine's command line: path, channel, and what concerns it of ours. */
static void
engine_argv(const struct options *o, bool again, char **argv)
{
	const char *path = getenv("EVPND_ENGINE");
	unsigned n = 0;

	argv[n++] = xstrdup(path && path[0] ? path : EVPND_LIBEXECDIR "/evpnd-engine");
	if (o->check) {
		argv[n++] = xstrdup("--check");
	} else {
		argv[n++] = xstrdup("--fd");
		argv[n++] = xstrdup("3");
		argv[n++] = xstrdup("--rundir");
		argv[n++] = xstrdup(o->rundir);
	}
	if (o->file) {
		argv[n++] = xstrdup("-f");
		argv[n++] = xstrdup(o->file);
	}
	if (o->port_text) {
		argv[n++] = xstrdup("-p");
		argv[n++] = xstrdup(o->port_text);
	}
	if (o->flush)
		argv[n++] = xstrdup("--flush-on-exit");
	if (o->no_kernel)
		argv[n++] = xstrdup("--no-kernel");
	if (again)
		argv[n++] = xstrdup("--restart");
	argv[n] = NULL;
	ensure(n < ARGV_MAX);
}

static void
argv_free(char **argv)
{
	for (char **a = argv; *a; a++)
		free(*a);
}

/* The user to become, NULL to stay: only root has a choice. */
static const char *
choose_user(const struct options *o)
{
	if (geteuid() != 0)
		return NULL;
	if (o->user)
		return o->user;
	return getpwnam("evpnd") ? "evpnd" : "nobody";
}

/* Makes the run directory and gives it to the user that the engine will be. */
static bool
make_rundir(const char *dir, const char *user)
{
	const struct passwd *pw = user ? getpwnam(user) : NULL;
	struct stat st;
	int fd;
	bool done;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST) {
		log_error("run directory %s: cannot be made (%s)", dir, strerror(errno));
		return false;
	}
	if (!pw)
		return true;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Somebody else's directory, or one for everybody, stays as it is. */
	if (fd < 0 || fstat(fd, &st) < 0)
		done = false;
	else if (st.st_uid != 0 || (st.st_mode & (S_ISVTX | S_IWOTH)))
		done = true;
	else
		done = fchown(fd, pw->pw_uid, pw->pw_gid) == 0;
	if (!done)
		log_error("run directory %s: cannot be given to %s (%s)", dir, user,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

static bool
drop(const struct options *o, const char *user)
{
	static const int net_admin[] = { CAP_NET_ADMIN, -1 };
	int rc = priv_drop(user, o->no_kernel ? NULL : net_admin);

	if (rc < 0)
		log_error("privileges: cannot become %s (%s)", user ? user : "less",
		    strerror(-rc));
	return rc == 0;
}

static int
run(const struct options *o)
{
	static struct zl zl; /* too large for a stack */
	struct supervise sup;
	struct loop *loop = loop_new();
	const char *user = choose_user(o);
	char *argv[ARGV_MAX], *again[ARGV_MAX];
	struct err err = { 0 };
	int rc, status = EXIT_FAILURE;

	engine_argv(o, false, argv);
	engine_argv(o, true, again);
	supervise_init(&sup, loop, &zl, argv, again);
	sup.flush = o->flush;
	rc = zl_init(&zl, loop, !o->no_kernel, o->nl_bufsize, &supervise_zl_ops, &sup);
	if (rc < 0) {
		log_error("kernel: cannot open netlink (%s)", strerror(-rc));
		goto out;
	}
	if (o->port != 0 &&
	    !listen_open(&sup.listeners, o->addrs, o->naddrs, o->port, &err)) {
		log_error("%s", err.text);
		goto out_zl;
	}
	if (!make_rundir(o->rundir, user) || !drop(o, user))
		goto out_zl;
	supervise_start(&sup);
	loop_run(loop);
	status = sup.exit_status;
out_zl:
	zl_fini(&zl);
out:
	supervise_fini(&sup);
	loop_free(loop);
	argv_free(argv);
	argv_free(again);
	return status;
}

/* The client knows how to speak to the engine that runs. */
static int
reload(const struct options *o)
{
	const char *path = getenv("EVPND_VTYSH");

	if (!path || !path[0])
		path = EVPND_BINDIR "/vtysh";
	execl(path, path, "--vty_socket", o->rundir, "-f", o->reload, "--replace",
	    (char *)NULL);
	fprintf(stderr, "evpnd: cannot run %s (%s)\n", path, strerror(errno));
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct options o;
	char *eargv[ARGV_MAX];

	take_options(&o, argc, argv);
	if (o.check) {
		engine_argv(&o, false, eargv);
		execv(eargv[0], eargv);
		fprintf(stderr, "evpnd: cannot run %s (%s)\n", eargv[0], strerror(errno));
		return EXIT_FAILURE;
	}
	if (o.reload)
		return reload(&o);
	log_set_ident("evpnd");
	hash_seed();
	return run(&o);
}
