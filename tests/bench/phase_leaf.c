/* SPDX-License-Identifier: ISC */
/* Phases of a leaf: FDB entries and neighbours, moves, flaps. */
#include "config.h"

#include "tests/bench/phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
in_kernel(struct load *l, void *arg)
{
	const struct goal *g = arg;
	struct kcount k;

	kwatch_read(l->kwatch);
	k = kwatch_count(l->kwatch);
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

void
watch_kernel(struct load *l, bool l3)
{
	if (!l->kwatch)
		l->kwatch = kwatch_open(l->conf.routes, l3);
	l->ticks = true;
	kwatch_read(l->kwatch);
	kwatch_reset(l->kwatch);
}

/* From now on each event is read at once. */
static void
watch_each(struct load *l)
{
	struct epoll_event ev = { .events = EPOLLIN };

	l->ticks = false;
	epoll_ctl(l->epfd, EPOLL_CTL_ADD, kwatch_fd(l->kwatch), &ev);
}

/* A leaf: what the sender says, until it stands in both FDBs and the neighbour table. */
static void
phase_into(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .fdb = 2 * l->conf.routes, .neigh = l->conf.routes };
	double start;

	(void)arg;
	watch_kernel(l, false);
	start = send_all(l, l->announce);
	r->timeout = !sessions_run(l, in_kernel, &g, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(l->kwatch);
}

static void
phase_gone(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .fdb = 2 * l->conf.routes, .removed = true };
	double start;
	unsigned int i;

	(void)arg;
	watch_kernel(l, false);
	start = now_s();
	for (i = 0; i < l->conf.senders; i++)
		session_close(l->senders[i]);
	r->timeout = !sessions_run(l, in_kernel, &g, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(l->kwatch);
}

/* A leaf: local MACs that appear at once, until the peer has every type 2 route. */
static void
phase_macs(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .routes = l->conf.routes };
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

void
heard(struct load *l, struct report *r,
    int (*write)(const struct load_conf *c, unsigned int arg), unsigned int arg,
    bool (*done)(struct load *l, void *arg), void *done_arg)
{
	struct rusage used;
	double start;
	int status;
	pid_t pid;

	fflush(stdout);
	start = now_s();
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0)
		_exit(write(&l->conf, arg) < 0);
	r->timeout = !sessions_run(l, done, done_arg, l->conf.timeout);
	r->seconds = now_s() - start;
	r->kernel = kwatch_count(l->kwatch);
	if (wait4(pid, &status, 0, &used) == pid) {
		r->timeout |= status != 0;
		r->after.part[0] = (struct part){ .user = seconds_of(used.ru_utime),
			.kernel = seconds_of(used.ru_stime) };
		r->after.n = 1;
	}
}

static int
write_bare(const struct load_conf *c, unsigned int nexthop)
{
	return kernel_bare(c, c->routes, "vx", "br", nexthop, true);
}

/* The same writes as `into` makes a leaf do, by this program. */
static void
phase_bare(struct load *l, struct report *r, unsigned int arg)
{
	double start = now_s();

	r->timeout = write_bare(&l->conf, arg) < 0;
	r->seconds = now_s() - start;
	kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, false);
}

static void
phase_heard(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .fdb = 2 * l->conf.routes, .neigh = l->conf.routes };

	watch_kernel(l, false);
	heard(l, r, write_bare, arg, in_kernel, &g);
	kernel_bare(&l->conf, l->conf.routes, "vx", "br", arg, false);
}

/* --- moves ---------------------------------------------------------------------------- */

bool
rest(struct load *l, void *arg)
{
	(void)arg;
	kwatch_read(l->kwatch);
	return false;
}

static bool
moved(struct load *l, void *arg)
{
	(void)arg;
	kwatch_read(l->kwatch);
	return kwatch_found(l->kwatch) || !none_lost(l);
}

/* A host that the first leaf told of shows up at the second: announced with a higher sequence number
 * there, until the kernel's entry points there; then the first leaf withdraws. */
static double
one_move(struct load *l, struct report *r, struct bytes *b, uint32_t route)
{
	struct load_conf c = l->conf;
	double start, took;

	c.sequence = 1;
	b->len = 0;
	gen_routes(b, &c, 1, route, 1, false, false);
	kwatch_seek(l->kwatch, route, VTEP(1));
	start = now_s();
	session_send(l, l->senders[1], b->p, b->len);
	r->timeout |= !sessions_run(l, moved, NULL, l->conf.timeout);
	took = now_s() - start;
	b->len = 0;
	gen_routes(b, &l->conf, 0, route, 1, true, false);
	session_send(l, l->senders[0], b->p, b->len);
	sessions_run(l, sent, NULL, 5);
	sessions_run(l, rest, NULL, 0.02);
	return took;
}

static void
phase_moves(struct load *l, struct report *r, unsigned int arg)
{
	uint32_t half = l->conf.routes / 2, n = arg ? arg : 1000, i;
	struct bytes b = { 0 };
	double *t;

	if (l->conf.senders != 2 || n > half) {
		fprintf(stderr, "bgpload: moves need -s 2 and twice as many routes\n");
		exit(2);
	}
	t = calloc(n, sizeof *t);
	if (!t)
		abort();
	watch_kernel(l, false);
	watch_each(l);
	for (i = 0; i < n && !r->timeout && none_lost(l); i++)
		t[i] = one_move(l, r, &b, i * (half / n));
	quantiles(r, t, i);
	sessions_run(l, rest, NULL, 1);
	r->checked = true;
	r->held = kwatch_held(l->kwatch, HELD_VXLAN);
	r->away = kwatch_held(l->kwatch, HELD_AWAY);
	r->kernel = kwatch_count(l->kwatch);
	bytes_free(&b);
	free(t);
}

/* The kernel's own part of a move: the entry replaced by this program, until the event is heard. */
static void
phase_bare_moves(struct load *l, struct report *r, unsigned int arg)
{
	uint32_t n = arg ? arg : 1000;
	double *t = calloc(n, sizeof *t);

	if (!t)
		abort();
	watch_kernel(l, false);
	r->timeout = write_bare(&l->conf, 0) < 0;
	kwatch_read(l->kwatch);
	if (!r->timeout)
		r->timeout =
		    kernel_moves(&l->conf, l->kwatch, n, l->conf.routes / n, t) < 0;
	quantiles(r, t, n);
	kernel_bare(&l->conf, l->conf.routes, "vx", "br", 0, false);
	free(t);
}

/* --- flaps ---------------------------------------------------------------------------- */

#define FLAP_CALM                                                                        \
	3.0 /* seconds that all must have stood there, for the flap to be over */

struct flap {
	pid_t pid;	/* of who flaps; 0: has ended */
	double start;	/* when it began */
	double own;	/* what it took; 0: not yet */
	double whole;	/* since when all routes have their entries; 0: they haven't */
	uint32_t least; /* entries of the routes, at worst */
	bool failed;	/* it could not flap */
};

static int
flap_links(const struct load_conf *c, unsigned int times)
{
	int err = 0;

	while (!err && times-- > 0) {
		err = kernel_links(c, "br", false);
		err = err ? err : kernel_links(c, "vx", false);
		err = err ? err : kernel_links(c, "vx", true);
		err = err ? err : kernel_links(c, "br", true);
	}
	return err;
}

static uint32_t
held(const struct load *l)
{
	return kwatch_held(l->kwatch, HELD_VXLAN) + kwatch_held(l->kwatch, HELD_BRIDGE) +
	       kwatch_held(l->kwatch, HELD_NEIGH);
}

static bool
flap_over(struct load *l, void *arg)
{
	struct flap *f = arg;
	double now = now_s();
	uint32_t have;
	int status;

	if (f->pid && waitpid(f->pid, &status, WNOHANG) == f->pid) {
		f->pid = 0;
		f->own = now - f->start;
		f->failed = status != 0;
	}
	kwatch_read(l->kwatch);
	have = held(l);
	if (have < f->least)
		f->least = have;
	if (have < 3 * l->conf.routes || f->pid)
		f->whole = 0;
	else if (f->whole == 0)
		f->whole = now;
	return f->failed || (f->whole > 0 && now - f->whole > FLAP_CALM) || !none_lost(l);
}

/* All bridges and VXLAN devices go down and come up, until all entries stand there again. */
static void
phase_flap(struct load *l, struct report *r, unsigned int arg)
{
	struct flap f = { .least = 3 * l->conf.routes };

	watch_kernel(l, false);
	usage_reset_hwm(&l->conf);
	fflush(stdout);
	f.start = now_s();
	f.pid = fork();
	if (f.pid < 0)
		abort();
	if (f.pid == 0)
		_exit(flap_links(&l->conf, arg ? arg : 1) < 0);
	r->timeout = !sessions_run(l, flap_over, &f, l->conf.timeout) || f.failed;
	r->seconds = (f.whole > 0 ? f.whole : now_s()) - f.start;
	r->act = f.own;
	r->checked = true;
	r->least = f.least;
	r->held = held(l);
	r->kernel = kwatch_count(l->kwatch);
}

const struct phase phases_leaf[] = {
	{ "into", phase_into, "leaf: announced until it stands in the kernel" },
	{ "gone", phase_gone,
	    "leaf: the senders' sessions close, until the kernel is empty" },
	{ "macs", phase_macs, "leaf: local MACs until the receiver has them" },
	{ "bare", phase_bare,
	    "[=ID] the kernel's part of `into` by a bare netlink program, to a nexthop" },
	{ "heard", phase_heard,
	    "the same while somebody listens to the kernel's events" },
	{ "moves", phase_moves,
	    "=N: after `into` with two senders: hosts move to the second" },
	{ "bare-moves", phase_bare_moves, "=N: the kernel's part of `moves`" },
	{ "flap", phase_flap,
	    "=N: after `into`: all devices down and up, until the kernel has all again" },
	{ 0 },
};
