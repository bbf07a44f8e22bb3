/* SPDX-License-Identifier: ISC */
/* The load tool: brings sessions up, runs the phases named on its command line, prints JSON. */
#include "config.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "tests/bench/load.h"
#include "tests/bench/phase.h"

static void
usage(void)
{
	fprintf(stderr,
	    "usage: bgpload [OPTION]... PHASE...\n"
	    "  -d ADDRESS  the daemon (10.99.0.1)     -p PORT      its port (179)\n"
	    "  -b ADDRESS  base of own addresses      -a AS        of both ends (65000)\n"
	    "  -s SENDERS  (1)                        -r RECEIVERS (1)\n"
	    "  -n ROUTES   in all (100000)            -v VNIS      attribute sets a "
	    "sender (100)\n"
	    "  -V VNI      the first (1001)           -f FAMILY    evpn2, evpn2-host, "
	    "evpn5, ipv4\n"
	    "  -u NLRIS    in an UPDATE at most       -t SECONDS   for each phase (120)\n"
	    "  -P PID      of the daemon, may repeat  -m PREFIX    of the host ports' "
	    "names (hp)\n"
	    "  -k SECONDS  hold time (180)\n");
	phase_help();
	exit(2);
}

static enum load_family
family_of(const char *word)
{
	if (!strcmp(word, "evpn2"))
		return LOAD_EVPN2;
	if (!strcmp(word, "evpn2-host"))
		return LOAD_EVPN2_HOST;
	if (!strcmp(word, "evpn5"))
		return LOAD_EVPN5;
	if (strcmp(word, "ipv4") != 0)
		usage();
	return LOAD_IPV4;
}

static void
parse_options(struct load_conf *c, int argc, char **argv)
{
	struct in_addr base;
	int o;

	while ((o = getopt(argc, argv, "d:p:b:a:s:r:n:v:V:f:u:t:P:m:k:")) >= 0) {
		unsigned int n = (unsigned int)strtoul(optarg ? optarg : "0", NULL, 10);

		switch (o) {
		case 'd':
			if (!inet_aton(optarg, &c->peer.sin_addr))
				usage();
			break;
		case 'b':
			if (!inet_aton(optarg, &base))
				usage();
			c->source_base = ntohl(base.s_addr);
			break;
		case 'k':
			c->hold = n;
			break;
		case 'p':
			c->peer.sin_port = htons((uint16_t)n);
			break;
		case 'a':
			c->as = n;
			break;
		case 's':
			c->senders = n;
			break;
		case 'r':
			c->receivers = n;
			break;
		case 'n':
			c->routes = n;
			break;
		case 'v':
			c->vnis = n;
			break;
		case 'V':
			c->vni_base = n;
			break;
		case 'f':
			c->family = family_of(optarg);
			break;
		case 'u':
			c->per_update = n;
			break;
		case 't':
			c->timeout = n;
			break;
		case 'P':
			if (c->npids < sizeof c->pids / sizeof *c->pids)
				c->pids[c->npids++] = (int)n;
			break;
		case 'm':
			snprintf(c->host_ports, sizeof c->host_ports, "%s", optarg);
			break;
		default:
			usage();
		}
	}
	if (c->senders > 200 || c->receivers > 200 || c->vnis == 0 || c->vnis > 60000 ||
	    c->routes > 16000000)
		usage();
	if (c->senders > 0)
		c->routes -= c->routes % c->senders;
}

static bool
all_up(struct load *l, void *arg)
{
	struct session *s;

	(void)arg;
	for (s = l->sessions; s; s = s->next)
		if (!s->up)
			return false;
	return true;
}

static bool
start(struct load *l)
{
	struct load_conf *c = &l->conf;
	uint32_t per = c->senders ? c->routes / c->senders : 0;
	unsigned int i;

	l->epfd = epoll_create1(EPOLL_CLOEXEC);
	l->senders = calloc(c->senders + 1, sizeof *l->senders);
	l->receivers = calloc(c->receivers + 1, sizeof *l->receivers);
	l->announce = calloc(c->senders + 1, sizeof *l->announce);
	if (!l->senders || !l->receivers || !l->announce)
		abort();
	for (i = 0; i < c->senders; i++) {
		gen_routes(&l->announce[i], c, i, i * per, per, false, true);
		l->senders[i] = session_open(l, "sender", c->source_base + 256 + i, 0);
	}
	for (i = 0; i < c->receivers; i++)
		l->receivers[i] = session_open(
		    l, "receiver", c->source_base + 512 + i, c->routes + SINGLE_MAX);
	l->nreceivers = c->receivers;
	return sessions_run(l, all_up, NULL, 30);
}

int
main(int argc, char **argv)
{
	struct load l = { .conf = { .peer = { .sin_family = AF_INET,
					.sin_port = htons(179),
					.sin_addr.s_addr = htonl(0x0a630001) },
			      .source_base = 0x0a630000,
			      .as = 65000,
			      .routes = 100000,
			      .senders = 1,
			      .receivers = 1,
			      .vnis = 100,
			      .vni_base = 1001,
			      .timeout = 120,
			      .hold = 180,
			      .host_ports = "hp" } };
	bool good;
	int i;

	parse_options(&l.conf, argc, argv);
	if (optind == argc)
		usage();
	good = start(&l);
	if (!good)
		fprintf(stderr, "bgpload: not all sessions came up\n");
	printf("{\"routes\":%u,\"senders\":%u,\"receivers\":%u,\"up\":%s,\"phases\":[",
	    l.conf.routes, l.conf.senders, l.conf.receivers, good ? "true" : "false");
	for (i = optind; i < argc && good; i++)
		good = phase_run(&l, argv[i], i == optind);
	printf("]}\n");
	return good ? 0 : 1;
}
