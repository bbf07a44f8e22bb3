/* SPDX-License-Identifier: ISC */
/* The load tool: brings sessions up, runs the phases named on its command line, prints JSON. */
#include "config.h"

#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SINGLE_MAX 1000 /* routes beside the load, for `single` */

/* What a phase measured; printed as one JSON object. */
struct report {
	const char *name;
	double seconds; /* first byte written (or first act) to last route read */
	double first;	/* the same to the first route read; 0: not known */
	double median;	/* of `single` */
	double act;	/* what the tool's own part took, where it has one */
	bool timeout;
	struct usage before, after;
	struct kcount kernel;
	double gap; /* longest silence of the daemon towards a sender */
};

static struct kwatch *kwatch; /* opened by the phases that need it */

/* --- conditions ------------------------------------------------------------------------ */

struct goal {
	uint32_t routes;     /* each receiver holds so many */
	uint32_t imet;	     /* and so many type 3 routes */
	uint32_t fdb, neigh; /* kernel entries made, or removed */
	bool removed;
};

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
none_lost(struct load *l)
{
	struct session *s;

	for (s = l->sessions; s; s = s->next)
		if (s->lost)
			return false;
	return true;
}

static bool
received(struct load *l, void *arg)
{
	const struct goal *g = arg;
	unsigned int i;

	for (i = 0; i < l->nreceivers; i++)
		if (l->receivers[i]->tally.have != g->routes ||
		    l->receivers[i]->tally.imet != g->imet)
			return !none_lost(l);
	return true;
}

static bool
in_kernel(struct load *l, void *arg)
{
	const struct goal *g = arg;
	struct kcount k;

	kwatch_read(kwatch);
	k = kwatch_count(kwatch);
	if (g->removed)
		return k.fdb_del >= g->fdb && k.neigh_del >= g->neigh;
	return (k.fdb_new >= g->fdb && k.neigh_new >= g->neigh) || !none_lost(l);
}

static bool
local_macs(struct load *l, void *arg)
{
	const struct goal *g = arg;

	return l->receivers[0]->tally.have == g->routes || !none_lost(l);
}

/* --- phases ---------------------------------------------------------------------------- */

static uint32_t
imet_count(const struct load *l)
{
	return l->conf.family == LOAD_EVPN2 ? l->conf.vnis * l->conf.senders : 0;
}

static void
times(struct load *l, double start, struct report *r)
{
	double last = start;
	unsigned int i;

	for (i = 0; i < l->nreceivers; i++) {
		struct session *s = l->receivers[i];

		if (s->last > last)
			last = s->last;
		if (s->first > 0 && (r->first == 0 || s->first - start < r->first))
			r->first = s->first - start;
	}
	r->seconds = last - start;
}

static void
clear_times(struct load *l)
{
	struct session *s;

	for (s = l->sessions; s; s = s->next)
		s->first = s->gap = 0;
}

/* All senders say their bytes; the clock starts with the first of them. */
static double
send_all(struct load *l, struct bytes *b)
{
	double start = now_s();
	unsigned int i;

	for (i = 0; i < l->conf.senders; i++)
		session_send(l, l->senders[i], b[i].p, b[i].len);
	return start;
}

static void
phase_load(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { l->conf.routes, imet_count(l), 0, 0, false };
	double start;

	(void)arg;
	start = send_all(l, l->announce);
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	times(l, start, r);
}

static void
phase_late(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { l->conf.routes, imet_count(l), 0, 0, false };
	unsigned int n = l->nreceivers;
	double start = now_s();

	(void)arg;
	l->receivers = realloc(l->receivers, (n + 1) * sizeof *l->receivers);
	if (!l->receivers)
		abort();
	l->receivers[n] = session_open(l, "late receiver", l->conf.source_base + 512 + n,
	    l->conf.routes + SINGLE_MAX);
	l->nreceivers++;
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	r->seconds = l->receivers[n]->last - start;
	r->first = l->receivers[n]->first - start;
	/* It leaves again, so that what follows is as before. */
	session_close(l->receivers[n]);
	l->nreceivers = n;
}

static void
phase_withdraw(struct load *l, struct report *r, unsigned int arg)
{
	struct bytes *b = calloc(l->conf.senders, sizeof *b);
	uint32_t per = l->conf.routes / l->conf.senders;
	struct goal g = { 0, 0, 0, 0, false };
	double start;
	unsigned int i;

	(void)arg;
	if (!b)
		abort();
	for (i = 0; i < l->conf.senders; i++)
		gen_routes(&b[i], &l->conf, i, i * per, per, true, true);
	start = send_all(l, b);
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	times(l, start, r);
	for (i = 0; i < l->conf.senders; i++)
		bytes_free(&b[i]);
	free(b);
}

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool
sent(struct load *l, void *arg)
{
	(void)arg;
	return l->senders[0]->out_len == 0;
}

/* One route through an idle daemon, announced and withdrawn, arg times. */
static void
phase_single(struct load *l, struct report *r, unsigned int arg)
{
	uint32_t base = l->receivers[0]->tally.have, n = arg ? arg : 20, i;
	double *t = calloc(2 * n, sizeof *t), start;
	struct bytes b = { 0 };
	struct goal g = { 0, l->receivers[0]->tally.imet, 0, 0, false };

	if (!t || n > SINGLE_MAX)
		abort();
	for (i = 0; i < 2 * n; i++) {
		sessions_run(l, NULL, NULL, 0.1);
		b.len = 0;
		gen_routes(&b, &l->conf, 0, l->conf.routes + i / 2, 1, i % 2, false);
		g.routes = base + !(i % 2);
		start = now_s();
		session_send(l, l->senders[0], b.p, b.len);
		r->timeout |= !sessions_run(l, received, &g, l->conf.timeout);
		t[i] = l->receivers[0]->last - start;
		sessions_run(l, sent, NULL, 5);
	}
	qsort(t, 2 * n, sizeof *t, cmp_double);
	r->median = t[n];
	r->seconds = t[2 * n - 1];
	bytes_free(&b);
	free(t);
}

static void
phase_idle(struct load *l, struct report *r, unsigned int arg)
{
	(void)r;
	sessions_run(l, NULL, NULL, arg ? arg : 4);
}

static void
watch_kernel(struct load *l)
{
	struct epoll_event ev = { .events = EPOLLIN };

	if (!kwatch) {
		kwatch = kwatch_open();
		epoll_ctl(l->epfd, EPOLL_CTL_ADD, kwatch_fd(kwatch), &ev);
	}
	kwatch_read(kwatch);
	kwatch_reset(kwatch);
}

/* A leaf: what the sender says, until it stands in both FDBs and the neighbour table. */
static void
phase_into(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { 0, 0, 2 * l->conf.routes, l->conf.routes, false };
	double start;

	(void)arg;
	watch_kernel(l);
	start = send_all(l, l->announce);
	r->timeout = !sessions_run(l, in_kernel, &g, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(kwatch);
}

static void
phase_gone(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { 0, 0, 2 * l->conf.routes, 0, true };
	double start;
	unsigned int i;

	(void)arg;
	watch_kernel(l);
	start = now_s();
	for (i = 0; i < l->conf.senders; i++)
		session_close(l->senders[i]);
	r->timeout = !sessions_run(l, in_kernel, &g, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(kwatch);
}

/* A leaf: local MACs that appear at once, until the peer has every type 2 route. */
static void
phase_macs(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { l->conf.routes, 0, 0, 0, false };
	double start = now_s();

	(void)arg;
	if (kernel_macs(&l->conf, l->conf.routes, true) < 0)
		r->timeout = true;
	r->act = now_s() - start;
	r->timeout |= !sessions_run(l, local_macs, &g, l->conf.timeout);
	times(l, start, r);
}

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The same writes as `into` makes a leaf do, by this program. */
static void
phase_bare(struct load *l, struct report *r, unsigned int arg)
{
	double start = now_s();

	if (kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, true) < 0)
		r->timeout = true;
	r->seconds = now_s() - start;
	kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, false);
}

/* The same by a process of its own, while this one hears of each entry and drains what it hears, as
 * it does in `into`. */
static void
phase_heard(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { 0, 0, 2 * l->conf.routes, l->conf.routes, false };
	struct rusage used;
	double start;
	int status;
	pid_t pid;

	watch_kernel(l);
	fflush(stdout);
	start = now_s();
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0)
		_exit(kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, true) < 0);
	r->timeout = !sessions_run(l, in_kernel, &g, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(kwatch);
	if (wait4(pid, &status, 0, &used) == pid) {
		r->timeout |= status != 0;
		r->after.part[0] =
		    (struct part){ seconds_of(used.ru_utime), seconds_of(used.ru_stime) };
		r->after.n = 1;
	}
	kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, false);
}

static const struct phase {
	const char *name;
	void (*run)(struct load *l, struct report *r, unsigned int arg);
	const char *help;
} phases[] = {
	{ "load", phase_load, "the senders announce, the receivers count" },
	{ "late", phase_late, "one more receiver, from its connect" },
	{ "withdraw", phase_withdraw, "the senders withdraw all" },
	{ "single", phase_single, "=N: one route at a time through an idle daemon" },
	{ "idle", phase_idle, "=S: seconds of rest" },
	{ "into", phase_into, "leaf: announced until it stands in the kernel" },
	{ "gone", phase_gone,
	    "leaf: the senders' sessions close, until the kernel is empty" },
	{ "macs", phase_macs, "leaf: local MACs until the receiver has them" },
	{ "bare", phase_bare,
	    "[=ID] the kernel's part of `into` by a bare netlink program, to a nexthop" },
	{ "heard", phase_heard,
	    "the same while somebody listens to the kernel's events" },
};

static void
report_print(const struct report *r, bool first)
{
	printf("%s\n  {\"phase\":\"%s\",\"seconds\":%.6f,\"first\":%.6f,",
	    first ? "" : ",", r->name, r->seconds, r->first);
	if (r->median > 0)
		printf("\"median\":%.6f,", r->median);
	if (r->gap > 0)
		printf("\"silence\":%.3f,", r->gap);
	if (r->act > 0)
		printf("\"own\":%.6f,", r->act);
	if (r->kernel.fdb_new || r->kernel.fdb_del)
		printf("\"fdb_new\":%u,\"fdb_del\":%u,\"neigh_new\":%u,\"neigh_del\":%u,"
		       "\"overruns\":%u,",
		    r->kernel.fdb_new, r->kernel.fdb_del, r->kernel.neigh_new,
		    r->kernel.neigh_del, r->kernel.lost);
	usage_print_parts(&r->before, &r->after);
	printf(
	    "\"timeout\":%s,\"cpu\":%.2f,\"rss_before\":%llu,\"rss\":%llu,\"hwm\":%llu}",
	    r->timeout ? "true" : "false", r->after.cpu - r->before.cpu,
	    (unsigned long long)r->before.rss, (unsigned long long)r->after.rss,
	    (unsigned long long)r->after.hwm);
	fflush(stdout);
}

/* "NAME" or "NAME=NUMBER". */
static bool
run_phase(struct load *l, const char *word, bool first)
{
	size_t len = strcspn(word, "="), i;
	struct report r = { 0 };

	for (i = 0; i < sizeof phases / sizeof *phases; i++)
		if (strlen(phases[i].name) == len && !strncmp(phases[i].name, word, len))
			break;
	if (i == sizeof phases / sizeof *phases) {
		fprintf(stderr, "bgpload: no phase %s\n", word);
		exit(2);
	}
	clear_times(l);
	r.name = phases[i].name;
	r.before = usage_read(&l->conf);
	phases[i].run(l, &r, word[len] ? (unsigned int)atoi(word + len + 1) : 0);
	if (r.after.n == 0)
		r.after = usage_read(&l->conf);
	for (i = 0; i < l->conf.senders; i++)
		if (l->senders[i]->gap > r.gap)
			r.gap = l->senders[i]->gap;
	report_print(&r, first);
	return !r.timeout && none_lost(l);
}

/* --- start ----------------------------------------------------------------------------- */

static void
usage(void)
{
	size_t i;

	fprintf(stderr,
	    "usage: bgpload [OPTION]... PHASE...\n"
	    "  -d ADDRESS  the daemon (10.99.0.1)     -p PORT      its port (179)\n"
	    "  -b ADDRESS  base of own addresses      -a AS        of both ends (65000)\n"
	    "  -s SENDERS  (1)                        -r RECEIVERS (1)\n"
	    "  -n ROUTES   in all (100000)            -v VNIS      attribute sets a "
	    "sender (100)\n"
	    "  -V VNI      the first (1001)           -f FAMILY    evpn2, evpn5, ipv4\n"
	    "  -u NLRIS    in an UPDATE at most       -t SECONDS   for each phase (120)\n"
	    "  -P PID      of the daemon, may repeat  -m PREFIX    of the host ports' "
	    "names (hp)\n");
	for (i = 0; i < sizeof phases / sizeof *phases; i++)
		fprintf(stderr, "  %-10s %s\n", phases[i].name, phases[i].help);
	exit(2);
}

static enum load_family
family_of(const char *word)
{
	if (!strcmp(word, "evpn2"))
		return LOAD_EVPN2;
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
		good = run_phase(&l, argv[i], i == optind);
	printf("]}\n");
	return good ? 0 : 1;
}
