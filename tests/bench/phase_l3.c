/* SPDX-License-Identifier: ISC */
/* Phases of a leaf with VRFs: routes, and a VTEP that dies. */
#include "config.h"

#include "tests/bench/phase.h"

/* --- routes --------------------------------------------------------------------------- */

static bool
routed(struct load *l, void *arg)
{
	(void)arg;
	kwatch_read(l->kwatch);
	return kwatch_held(l->kwatch, HELD_ROUTE) == l->conf.routes || !none_lost(l);
}

/* What the kernel itself says, after some rest; what the daemon used until then is told. */
static void
check(struct load *l, struct report *r, double seconds)
{
	r->after = usage_read(&l->conf);
	sessions_run(l, rest, NULL, seconds);
	r->checked = true;
	r->held = kernel_routes_held();
}

static void
phase_routes(struct load *l, struct report *r, unsigned int arg)
{
	double start;

	(void)arg;
	watch_kernel(l, true);
	start = send_all(l, l->announce);
	r->timeout = !sessions_run(l, routed, NULL, l->conf.timeout);
	r->seconds = now_s() - start;
	check(l, r, 0);
	r->kernel = kwatch_count(l->kwatch);
}

static int
write_routes(const struct load_conf *c, unsigned int arg)
{
	(void)arg;
	return kernel_routes(c, c->routes, "br");
}

static void
phase_bare_routes(struct load *l, struct report *r, unsigned int arg)
{
	(void)arg;
	watch_kernel(l, true);
	heard(l, r, write_routes, 0, routed, NULL);
	kernel_hops_gone(&l->conf);
}

/* --- a dead VTEP ---------------------------------------------------------------------- */

/* The kernel takes the routes of a next hop along without a word. */
static bool
unrouted(struct load *l, void *arg)
{
	(void)arg;
	kwatch_read(l->kwatch);
	return kwatch_held(l->kwatch, HELD_ROUTE) == 0 || kwatch_hops(l->kwatch) == 0;
}

/* Until no packet is sent there any more: all routes to it are gone, or all its next hops, and what
 * the kernel was at then is done. */
static void
until_unrouted(struct load *l, struct report *r, double start)
{
	r->timeout |= !sessions_run(l, unrouted, NULL, l->conf.timeout);
	r->first = now_s() - start;
	kernel_barrier();
	r->seconds = now_s() - start;
	check(l, r, 1);
	r->kernel = kwatch_count(l->kwatch);
}

static void
phase_unrouted(struct load *l, struct report *r, unsigned int arg)
{
	double start;
	unsigned int i;

	(void)arg;
	watch_kernel(l, true);
	start = now_s();
	for (i = 0; i < l->conf.senders; i++)
		session_close(l->senders[i]);
	until_unrouted(l, r, start);
}

static void
phase_dead(struct load *l, struct report *r, unsigned int arg)
{
	double start;

	(void)arg;
	watch_kernel(l, true);
	start = now_s();
	r->timeout = kernel_vtep_gone() < 0;
	until_unrouted(l, r, start);
}

static void
phase_bare_dead(struct load *l, struct report *r, unsigned int arg)
{
	double start;

	(void)arg;
	watch_kernel(l, true);
	r->timeout = write_routes(&l->conf, 0) < 0;
	kwatch_read(l->kwatch);
	start = now_s();
	r->timeout |= kernel_hops_gone(&l->conf) < 0;
	r->seconds = now_s() - start;
}

const struct phase phases_l3[] = {
	{ "routes", phase_routes, "leaf: announced until the VRFs have all routes" },
	{ "unrouted", phase_unrouted,
	    "the senders' sessions close, until the routes lead nowhere" },
	{ "bare-routes", phase_bare_routes, "the kernel's part of `routes`" },
	{ "dead", phase_dead,
	    "after `routes`: no way to the first VTEP, until no route leads there" },
	{ "bare-dead", phase_bare_dead,
	    "one next hop for each VNI deleted, with the routes over it" },
	{ 0 },
};
