/* SPDX-License-Identifier: ISC */
/* Random schedules of routing: devices, tenants, rl3_prefixes and hosts come and go, engines and links fail;
 * then all is quiet, and each kernel's routes must be what the machines' final state says.
 *
 * Usage: random_l3 [FIRST [COUNT]]: seeds FIRST.. (1), COUNT of them (20).  -v SEED prints the schedule.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "tests/sim/random_l3.h"

#define STEPS 80

static unsigned
draw(struct run *r, unsigned below)
{
	return (unsigned)sim_rand(&r->sim, below);
}

static void __attribute__((format(printf, 2, 3)))
tell(struct run *r, const char *fmt, ...)
{
	va_list ap;

	if (!r->verbose)
		return;
	printf("%10.6f ", (double)loop_now(r->sim.loop).us / 1e6);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static uint32_t
l2vni_of(unsigned vrf)
{
	return 100 + vrf;
}

/* --- what operators do --- */

static void
set_vni(struct run *r, unsigned leaf, unsigned vrf, unsigned which)
{
	struct sim_node *n = r->leaf[leaf];
	struct zl_vni v = kernel_vni_of(rl3_l3vni(vrf, which), n->addr);

	r->place[leaf][vrf].gone[which] = false;
	v.svi_mac = rl3_router_mac(r, leaf, vrf, which);
	snprintf(v.vrf, sizeof v.vrf, "%s", rl3_vrf_names[vrf]);
	if (!r->place[leaf][vrf].up[which])
		v.flags = 0;
	kernel_vni(&n->k, &v);
}

static void
set_route(struct run *r, unsigned leaf, unsigned vrf, unsigned i)
{
	const struct place *p = &r->place[leaf][vrf];
	struct zl_route z = { .op = p->has[i] ? ZL_SET : ZL_DEL,
		.table = 1001 + vrf,
		.prefix = rl3_prefix(i),
		.proto = 4 };

	if (p->device)
		kernel_route(&r->leaf[leaf]->k, &z);
}

static void
op_route(struct run *r)
{
	unsigned l = draw(r, r->nleaves), v = draw(r, VRFS), i = draw(r, PREFIXES);

	r->place[l][v].has[i] ^= true;
	tell(r, "leaf %u %s %s %s", l + 1, rl3_vrf_names[v], rl3_prefixes[i],
	    r->place[l][v].has[i] ? "comes" : "goes");
	set_route(r, l, v, i);
}

static void
op_device(struct run *r)
{
	unsigned l = draw(r, r->nleaves), v = draw(r, VRFS), i;
	struct place *p = &r->place[l][v];

	p->device ^= true;
	tell(r, "leaf %u VRF %s %s", l + 1, rl3_vrf_names[v],
	    p->device ? "comes" : "goes");
	if (!p->device) {
		kernel_vrf_gone(&r->leaf[l]->k, rl3_vrf_names[v]);
		memset(p->has, 0, sizeof p->has);
		return;
	}
	kernel_vrf(&r->leaf[l]->k, rl3_vrf_names[v], 1001 + v);
	for (i = 0; i < PREFIXES; i++) {
		p->has[i] = draw(r, 2);
		if (p->has[i])
			set_route(r, l, v, i);
	}
}

static void
op_vni(struct run *r)
{
	unsigned l = draw(r, r->nleaves), v = draw(r, VRFS), which = draw(r, 2);
	struct place *p = &r->place[l][v];

	p->up[which] ^= true;
	tell(r, "leaf %u L3VNI %u %s", l + 1, rl3_l3vni(v, which),
	    p->up[which] ? "up" : "down");
	p->gone[which] = !p->up[which] && draw(r, 2);
	if (p->gone[which])
		kernel_vni_gone(&r->leaf[l]->k, rl3_l3vni(v, which));
	else
		set_vni(r, l, v, which);
}

static void
op_mac(struct run *r)
{
	unsigned l = draw(r, r->nleaves), v = draw(r, VRFS), which = draw(r, 2);

	r->place[l][v].macs[which]++;
	tell(r, "leaf %u L3VNI %u: another router MAC", l + 1, rl3_l3vni(v, which));
	set_vni(r, l, v, which);
}

static void
op_tenant(struct run *r)
{
	unsigned l = draw(r, r->nleaves), v = draw(r, VRFS);
	struct place *p = &r->place[l][v];

	p->l3vni = draw(r, 3);
	tell(r, "leaf %u tenant %s: L3VNI %u", l + 1, rl3_vrf_names[v],
	    p->l3vni < 2 ? rl3_l3vni(v, p->l3vni) : 0);
	sim_vrf(r->leaf[l], rl3_vrf_names[v], p->l3vni < 2 ? rl3_l3vni(v, p->l3vni) : 0);
	sim_apply(r->leaf[l]);
}

static void
speak(struct run *r, const struct host *h)
{
	struct kernel *k = &r->leaf[h->leaf]->k;

	kernel_frame(k, l2vni_of(h->vrf), h->mac, 1);
	kernel_arp(k, l2vni_of(h->vrf), h->ip[0], h->mac);
	kernel_arp(k, l2vni_of(h->vrf), h->ip[1], h->mac);
}

static void
op_move(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];

	h->leaf = draw(r, r->nleaves);
	tell(r, "host %d moves to leaf %u", (int)(h - r->host), h->leaf + 1);
	speak(r, h);
}

static void
op_kill(struct run *r)
{
	struct sim_node *n = draw(r, 4) ? r->leaf[draw(r, r->nleaves)] : r->rr;

	if (!n->b) {
		tell(r, "%s starts", n->name);
		sim_up(n);
	} else if (draw(r, 3) == 0) {
		tell(r, "%s dies", n->name);
		sim_kill(n);
	}
}

static void
op_dp(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	tell(r, "%s: data plane starts again", n->name);
	sim_restart_dp(n);
}

static void
op_reach(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)],
			*to = r->leaf[draw(r, r->nleaves)];
	bool yes = draw(r, 2);

	tell(r, "%s %s %s", n->name, yes ? "reaches" : "does not reach", to->name);
	sim_reach(n, to->addr, yes);
}

static void
op_fail(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	n->k.fail_errno = draw(r, 2) ? EBUSY : ENOSPC;
	n->k.fail_count = 1 + draw(r, 6);
	tell(r, "%s: %u writes fail", n->name, n->k.fail_count);
}

static void
op_lost(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)],
			*to = r->leaf[draw(r, r->nleaves)];
	unsigned v = draw(r, VRFS), i = draw(r, PREFIXES);

	tell(r, "%s: somebody deletes", n->name);
	if (draw(r, 2))
		kernel_hop_del(&n->k, to->addr);
	else
		kernel_route_del(&n->k, rl3_vrf_names[v], rl3_prefix(i));
}

/* Red takes what blue has of others' routes, or no more. */
static void
op_leak(struct run *r)
{
	unsigned l = draw(r, r->nleaves), f;
	struct place *p = &r->place[l][0];
	struct vrf_conf *c = sim_vrf(
	    r->leaf[l], rl3_vrf_names[0], p->l3vni < 2 ? rl3_l3vni(0, p->l3vni) : 0);

	p->leaks ^= true;
	tell(r, "leaf %u red %s blue", l + 1, p->leaks ? "takes from" : "leaves");
	for (f = 0; f < 2; f++) {
		struct vrf_af_conf *af = &c->af[f];

		if (!af->import_vrfs) {
			af->import_vrfs = xcalloc(1, sizeof *af->import_vrfs);
			snprintf(af->import_vrfs[0], sizeof *af->import_vrfs, "%s",
			    rl3_vrf_names[1]);
		}
		af->nimport_vrfs = p->leaks;
	}
	sim_apply(r->leaf[l]);
}

static void
op_session(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];
	bool cut = draw(r, 3) == 0;

	tell(r, "%s: session %s", n->name, cut ? "cut" : "mended");
	sim_cut(&r->sim, n, r->rr, cut);
}

/* The former half may take routes out of use. */
static void (*const ops[])(struct run *r) = { op_leak, op_session, op_kill, op_dp,
	op_reach, op_fail, op_lost, op_tenant, op_vni, op_device, op_route, op_route,
	op_route, op_route, op_mac, op_move, op_move };
#define GENTLE 10

/* --- one run --- */

static void
build(struct run *r)
{
	unsigned l, v, i;

	r->rr = sim_add(&r->sim, "rr1");
	r->nleaves = draw(r, 2) ? 3 : 4 + draw(r, LEAVES_MAX - 3);
	r->nhosts = r->nleaves + 1;
	r->sim.graceful = draw(r, 2);
	for (l = 0; l < r->nleaves; l++) {
		char name[16];

		snprintf(name, sizeof name, "leaf%u", l + 1);
		r->leaf[l] = sim_add(&r->sim, name);
	}
	for (l = 0; l < r->nleaves; l++)
		for (v = 0; v < VRFS; v++) {
			struct place *p = &r->place[l][v];

			*p = (struct place){ .device = true, .up = { true, true } };
			kernel_vrf(&r->leaf[l]->k, rl3_vrf_names[v], 1001 + v);
			set_vni(r, l, v, 0);
			set_vni(r, l, v, 1);
			sim_vni_vrf(r->leaf[l], l2vni_of(v), rl3_vrf_names[v]);
			sim_vrf(r->leaf[l], rl3_vrf_names[v], rl3_l3vni(v, 0));
			for (i = 0; i < PREFIXES; i++)
				if ((p->has[i] = draw(r, 2)))
					set_route(r, l, v, i);
		}
	for (i = 0; i < r->nhosts; i++) {
		struct host *h = &r->host[i];
		uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0,
			1, [15] = (uint8_t)(i + 1) };

		*h = (struct host){ .leaf = draw(r, r->nleaves),
			.vrf = i % VRFS,
			.mac = sim_host(i + 1),
			.ip = { ip_v4(0x0a640001 + i), ip_v6(v6) } };
	}
	r->sim.max_delay = MONO_MS(draw(r, 20)) + 1;
}

/* What is broken is mended, and everything is said once more. */
static void
mend(struct run *r)
{
	unsigned l, m, i;

	if (!r->rr->b)
		sim_up(r->rr);
	for (l = 0; l < r->nleaves; l++) {
		r->leaf[l]->k.fail_count = 0;
		sim_cut(&r->sim, r->leaf[l], r->rr, false);
		if (!r->leaf[l]->b)
			sim_up(r->leaf[l]);
		for (m = 0; m < r->nleaves; m++)
			sim_reach(r->leaf[l], r->leaf[m]->addr, true);
	}
	sim_run(&r->sim, MONO_SEC(130)); /* failed writes are tried again */
	/* Twice: an entry of ours is not changed by ARP before the engine has taken it away. */
	for (i = 0; i < 2 * r->nhosts; i++) {
		speak(r, &r->host[i % r->nhosts]);
		sim_run(&r->sim, MONO_SEC(2));
	}
}

static bool
run(uint64_t seed, bool verbose)
{
	struct run *r = xcalloc(1, sizeof *r);
	unsigned i;
	bool ok;

	r->seed = seed;
	r->verbose = verbose;
	sim_init(&r->sim, seed);
	loop_sim_hurry(r->sim.loop, seed % 4);
	r->gentle = seed % 3 == 0;
	build(r);
	sim_start(&r->sim);
	for (i = 0; i < STEPS; i++) {
		unsigned first = r->gentle ? GENTLE : 0;

		ops[first + draw(r, (unsigned)ARRAY_LEN(ops) - first)](r);
		if (draw(r, 3))
			sim_run(&r->sim, MONO_MS(draw(r, 400)));
		if (i % 40 == 39)
			sim_run(&r->sim, MONO_SEC(20));
	}
	mend(r);
	if (!sim_settle(&r->sim)) {
		printf("seed %llu: does not settle\n", (unsigned long long)seed);
		r->failed = true;
	}
	for (i = 0; i < r->nleaves; i++)
		rl3_check(r, i);
	sim_fini(&r->sim);
	ok = !r->failed;
	free(r);
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned long long first = 1, count = 20, i;
	unsigned bad = 0;

	log_set_level(NULL, LOG_LVL_ERROR);
	if (argc > 2 && strcmp(argv[1], "-v") == 0)
		return run(strtoull(argv[2], NULL, 10), true) ? 0 : 1;
	if (argc > 1)
		first = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		count = strtoull(argv[2], NULL, 10);
	for (i = 0; i < count; i++)
		bad += !run(first + i, false);
	printf("%llu schedules, %u failed\n", count, bad);
	return bad != 0;
}
