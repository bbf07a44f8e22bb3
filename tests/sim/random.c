/* SPDX-License-Identifier: ISC */
/* Random schedules: hosts move, links and engines fail, operators interfere; then all is quiet, and
 * every leaf must agree where each host is, and every kernel must show it.
 *
 * Three kinds of ends: every host speaks; all are silent, and whoever is known is known rightly; silent, and
 * nothing was thrown away (by a kernel, by an engine that died before it had asked, by a freeze in a
 * wrong place), so that every host is known.
 *
 * Usage: random [FIRST [COUNT]]: seeds FIRST.. (1), COUNT of them (12).  -v SEED prints the schedule.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "tests/sim/random.h"

#define STEPS 120
#define FREEZE 30 /* seconds */

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

void
random_wrong(struct run *r, const char *fmt, ...)
{
	va_list ap;

	printf("seed %llu: ", (unsigned long long)r->seed);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	r->failed = true;
}

/* A kernel asks: is the host at this leaf? */
static bool
answers(void *arg, uint32_t vni, struct ip ip, struct mac mac, uint32_t *port)
{
	const struct place *p = arg;
	unsigned i;

	for (i = 0; i < p->r->nhosts; i++) {
		const struct host *h = &p->r->host[i];

		*port = h->port;
		if (h->leaf == p->index && h->vni == vni && mac_equal(h->mac, mac) &&
		    (ip_equal(h->ip[0], ip) || ip_equal(h->ip[1], ip)))
			return true;
	}
	return false;
}

/* --- what hosts and operators do --- */

void
random_speak(struct run *r, struct host *h)
{
	struct kernel *k = &r->leaf[h->leaf]->k;

	kernel_frame(k, h->vni, h->mac, h->port);
	kernel_arp(k, h->vni, h->ip[0], h->mac);
	kernel_arp(k, h->vni, h->ip[1], h->mac);
}

static void
op_speak(struct run *r)
{
	unsigned i = draw(r, r->nhosts);

	tell(r, "host %u speaks at leaf %u", i, r->host[i].leaf + 1);
	random_speak(r, &r->host[i]);
}

static void
op_move(struct run *r)
{
	unsigned i = draw(r, r->nhosts);
	struct host *h = &r->host[i];

	h->leaf = draw(r, r->nleaves);
	h->port = 1 + draw(r, 4);
	tell(r, "host %u moves to leaf %u port %u", i, h->leaf + 1, h->port);
	random_speak(r, h);
}

/* It moves there and back at once, as in a failed migration. */
static void
op_bounce(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];
	unsigned home = h->leaf;

	h->leaf = draw(r, r->nleaves);
	random_speak(r, h);
	sim_run(&r->sim, (int64_t)sim_rand(&r->sim, 20000) + 1);
	h->leaf = home;
	random_speak(r, h);
	tell(r, "host with %02x bounces", h->mac.b[5]);
}

/* The same MAC at two leaves, which speak in turn; in the end he is alone again. */
static void
op_twins(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)], twin = *h;
	unsigned i, times = 1 + draw(r, 8);

	twin.leaf = draw(r, r->nleaves);
	tell(
	    r, "MAC %02x is at leaf %u too, %u times", h->mac.b[5], twin.leaf + 1, times);
	for (i = 0; i < times; i++) {
		random_speak(r, &twin);
		sim_run(&r->sim, (int64_t)sim_rand(&r->sim, 40000) + 1);
		random_speak(r, h);
		sim_run(&r->sim, (int64_t)sim_rand(&r->sim, 40000) + 1);
	}
}

/* Another host has his address too, for a while. */
static void
op_share_address(struct run *r)
{
	unsigned i = draw(r, r->nhosts - VNIS), times = 1 + draw(r, 8);
	struct host *h = &r->host[i], *other = &r->host[i + VNIS];

	tell(r, "MAC %02x has the address of %02x too, %u times", other->mac.b[5],
	    h->mac.b[5], times);
	for (i = 0; i < times; i++) {
		struct kernel *k = &r->leaf[other->leaf]->k;

		kernel_frame(k, other->vni, other->mac, other->port);
		kernel_arp(k, other->vni, h->ip[0], other->mac);
		sim_run(&r->sim, (int64_t)sim_rand(&r->sim, 40000) + 1);
		random_speak(r, h);
		sim_run(&r->sim, (int64_t)sim_rand(&r->sim, 40000) + 1);
	}
}

static void
op_new_mac(struct run *r)
{
	unsigned i = draw(r, r->nhosts);

	r->host[i].mac = sim_host(r->next_mac++);
	r->host[i].leaf = draw(r, r->nleaves);
	tell(r, "host %u has a new MAC, at leaf %u", i, r->host[i].leaf + 1);
	random_speak(r, &r->host[i]);
}

static void
op_age(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];

	tell(r, "MAC %02x ages at leaf %u", h->mac.b[5], h->leaf + 1);
	kernel_age(&r->leaf[h->leaf]->k, h->vni, h->mac);
}

static void
op_neigh_fails(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	kernel_neigh_del(&n->k, h->vni, h->ip[draw(r, 2)]);
}

static void
op_stale(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];

	kernel_stale(&r->leaf[h->leaf]->k, h->vni, h->ip[draw(r, 2)]);
}

static void
op_operator_deletes(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	tell(r, "operator deletes MAC %02x at %s", h->mac.b[5], n->name);
	kernel_fdb_del(&n->k, h->vni, h->mac);
}

static void
op_fail_writes(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	n->k.fail_errno = draw(r, 2) ? ENOSPC : EBUSY;
	n->k.fail_count = 1 + draw(r, 4);
	tell(r, "%u writes fail at %s", n->k.fail_count, n->name);
}

static void
op_link(struct run *r)
{
	struct sim_node *a = r->leaf[draw(r, r->nleaves)],
			*b = r->rr[draw(r, REFLECTORS)];
	bool cut = draw(r, 2);

	tell(r, "link %s %s %s", a->name, b->name, cut ? "cut" : "mended");
	sim_cut(&r->sim, a, b, cut);
}

static void
op_engine(struct run *r)
{
	unsigned i = draw(r, r->nleaves + REFLECTORS);
	struct sim_node *n = i < r->nleaves ? r->leaf[i] : r->rr[i - r->nleaves];

	/* What it has just taken over and not asked for yet, nobody will ask for. */
	if (r->mild && n->e && !evpn_idle(n->e))
		return;
	tell(r, "engine of %s %s", n->name, n->b ? "dies" : "starts");
	if (n->b)
		sim_kill(n);
	else
		sim_up(n);
}

static void
op_restart_dp(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	tell(r, "data plane of %s restarts", n->name);
	sim_restart_dp(n);
}

static void
op_resync(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	tell(r, "%s resyncs", n->name);
	if (n->e)
		evpn_resync(n->e);
}

static void
op_vni(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];
	uint32_t vni = 100 + draw(r, VNIS);
	struct zl_vni v = kernel_vni_of(vni, n->addr);

	switch (draw(r, 4)) {
	case 0:
		tell(r, "VNI %u of %s gone", vni, n->name);
		kernel_vni_gone(&n->k, vni);
		break;
	case 1:
		v.flags = 0;
		tell(r, "VNI %u of %s down", vni, n->name);
		kernel_vni(&n->k, &v);
		break;
	default:
		tell(r, "VNI %u of %s up", vni, n->name);
		kernel_vni(&n->k, &v);
	}
}

static void
op_static(struct run *r)
{
	struct host *h = &r->host[draw(r, r->nhosts)];
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];
	bool sticky = draw(r, 3) == 0;

	tell(r, "operator writes MAC %02x at %s%s", h->mac.b[5], n->name,
	    sticky ? ", sticky" : "");
	kernel_static(&n->k, h->vni, h->mac, 1 + draw(r, 4), sticky);
	if (draw(r, 2))
		kernel_neigh_static(&n->k, h->vni, h->ip[0], h->mac, false);
}

/* Addresses change hands, as of a service that fails over. */
static void
op_swap_addresses(struct run *r)
{
	unsigned i = draw(r, r->nhosts / VNIS - 1);
	struct host *a = &r->host[i], *b = &r->host[i + VNIS];
	struct ip ip = a->ip[0];

	tell(r, "MACs %02x and %02x change addresses", a->mac.b[5], b->mac.b[5]);
	a->ip[0] = b->ip[0];
	b->ip[0] = ip;
	random_speak(r, a);
	random_speak(r, b);
}

static void
op_vtep(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];
	uint32_t vni = 100 + draw(r, VNIS);
	struct zl_vni v = kernel_vni_of(vni, n->addr);

	v.local = ip_v4(ip_v4_host(n->addr) + 0x100 * (1 + draw(r, 2)));
	tell(r, "VNI %u of %s has another address", vni, n->name);
	kernel_vni(&n->k, &v);
}

static void
op_configure(struct run *r)
{
	struct sim_node *n = r->leaf[draw(r, r->nleaves)];

	switch (draw(r, 3)) {
	case 0:
		n->econf.flooding = draw(r, 2) ? FLOOD_HER : FLOOD_DISABLED;
		break;
	case 1:
		n->econf.advertise_all_vni = draw(r, 2);
		break;
	default:
		n->econf.autort_rfc8365 = draw(r, 2);
	}
	tell(r, "%s: flooding %d, all VNIs %d, RFC 8365 targets %d", n->name,
	    n->econf.flooding == FLOOD_HER, n->econf.advertise_all_vni,
	    n->econf.autort_rfc8365);
	sim_apply(n);
}

static const struct {
	unsigned weight; /* how often */
	void (*fn)(struct run *r);
	bool forgets; /* makes a kernel forget what a silent host will not say again */
} ops[] = {
	{ 30, op_speak, false },
	{ 25, op_move, false },
	{ 6, op_bounce, false },
	{ 2, op_twins, false },
	{ 2, op_share_address, true },
	{ 4, op_new_mac, true },
	{ 8, op_age, true },
	{ 4, op_neigh_fails, true },
	{ 4, op_stale, false },
	{ 3, op_operator_deletes, true },
	{ 3, op_fail_writes, false },
	{ 5, op_link, false },
	{ 3, op_engine, false },
	{ 2, op_restart_dp, false },
	{ 2, op_resync, false },
	{ 4, op_vni, true },
	{ 3, op_static, true },
	{ 3, op_swap_addresses, true },
	{ 2, op_vtep, true },
	{ 2, op_configure, false },
};

static void
one_step(struct run *r)
{
	unsigned i, sum = 0, at;

	for (i = 0; i < ARRAY_LEN(ops); i++)
		sum += ops[i].weight;
	at = draw(r, sum);
	for (i = 0; at >= ops[i].weight; i++)
		at -= ops[i].weight;
	if (!r->mild || !ops[i].forgets)
		ops[i].fn(r);
	/* Mostly within the time that messages need, sometimes long after. */
	sim_run(&r->sim, (int64_t)sim_rand(&r->sim, draw(r, 8) ? 20000 : 4000000) + 1);
}

/* --- then all is quiet --- */

static void
clear_statics(struct kernel *k)
{
	size_t i;

	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].owner == K_OPERATOR)
			kernel_fdb_del(k, k->fdb[i].vni, k->fdb[i].mac);
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].owner == K_OPERATOR)
			kernel_neigh_del(k, k->neigh[i].vni, k->neigh[i].ip);
}

static void
mend(struct run *r)
{
	unsigned i, k;

	for (i = 0; i < r->nleaves; i++)
		for (k = 0; k < REFLECTORS; k++)
			sim_cut(&r->sim, r->leaf[i], r->rr[k], false);
	for (i = 0; i < r->nleaves; i++) {
		struct evpn_conf *c = &r->leaf[i]->econf;

		c->flooding = FLOOD_HER;
		c->advertise_all_vni = true;
		c->autort_rfc8365 = false;
		sim_apply(r->leaf[i]);
		clear_statics(&r->leaf[i]->k);
		r->leaf[i]->k.fail_count = 0;
		for (k = 0; k < VNIS; k++)
			sim_vni(r->leaf[i], 100 + k);
	}
	for (i = 0; i < r->sim.nnodes; i++)
		if (!r->sim.nodes[i].b)
			sim_up(&r->sim.nodes[i]);
}

static bool
is_there(const struct run *r, unsigned leaf, uint32_t vni, struct mac mac, uint32_t port)
{
	unsigned i;

	for (i = 0; i < r->nhosts; i++)
		if (r->host[i].leaf == leaf && r->host[i].vni == vni &&
		    mac_equal(r->host[i].mac, mac) && r->host[i].port == port)
			return true;
	return false;
}

static bool
has_address(const struct run *r, unsigned leaf, const struct k_neigh *n)
{
	unsigned i;

	for (i = 0; i < r->nhosts; i++)
		if (r->host[i].leaf == leaf && r->host[i].vni == n->vni &&
		    mac_equal(r->host[i].mac, n->mac) &&
		    (ip_equal(r->host[i].ip[0], n->ip) ||
			ip_equal(r->host[i].ip[1], n->ip)))
			return true;
	return false;
}

/* What was learnt and speaks no more ages. */
static void
age_the_silent(struct run *r)
{
	unsigned leaf;
	size_t i;

	for (leaf = 0; leaf < r->nleaves; leaf++) {
		struct kernel *k = &r->leaf[leaf]->k;

		for (i = k->nfdb; i-- > 0;)
			if (k->fdb[i].owner == K_LEARNT &&
			    !is_there(
				r, leaf, k->fdb[i].vni, k->fdb[i].mac, k->fdb[i].port))
				kernel_age(k, k->fdb[i].vni, k->fdb[i].mac);
		for (i = k->nneigh; i-- > 0;)
			if (k->neigh[i].owner == K_LEARNT &&
			    !has_address(r, leaf, &k->neigh[i]))
				kernel_neigh_del(k, k->neigh[i].vni, k->neigh[i].ip);
	}
}

static void
dump(struct run *r)
{
	struct strbuf b;
	unsigned i;

	if (!r->verbose)
		return;
	strbuf_init(&b);
	for (i = 0; i < r->nleaves; i++) {
		strbuf_printf(&b, "%s\n", r->leaf[i]->name);
		kernel_dump(&r->leaf[i]->k, &b);
	}
	fputs(b.s, stdout);
	strbuf_fini(&b);
}

static void
quiet(struct run *r)
{
	unsigned round, i;

	mend(r);
	for (round = 0; round < 4; round++) {
		if (r->freeze)
			sim_run(&r->sim, MONO_SEC(2 * FREEZE));
		if (!sim_settle(&r->sim))
			random_wrong(r, "does not settle");
		age_the_silent(r);
		for (i = 0; i < r->nhosts && !r->silent; i++)
			random_speak(r, &r->host[i]);
		tell(r, "quiet round %u: every host %s", round + 1,
		    r->silent ? "is silent" : "speaks");
		dump(r);
	}
	sim_run(&r->sim, MONO_SEC(200)); /* retries, stale paths */
	if (!sim_settle(&r->sim))
		random_wrong(r, "does not settle at the end");
}

/* --- a run --- */

static void
set_up(struct run *r)
{
	static const char *const rrs[REFLECTORS] = { "rr1", "rr2" };
	char name[16];
	unsigned i, k;

	sim_init(&r->sim, r->seed);
	loop_sim_hurry(r->sim.loop, r->seed % 4);
	r->sim.max_delay = 1 + (int64_t)sim_rand(&r->sim, 30000);
	r->sim.graceful = draw(r, 4) != 0;
	r->freeze = draw(r, 4) == 0;
	r->probe = draw(r, 2);
	r->silent = r->probe && draw(r, 2);
	r->mild = r->silent && draw(r, 2);
	/* Where a host was frozen, wrongly perhaps, he is until he speaks. */
	r->freeze = r->freeze && !r->mild;
	for (i = 0; i < REFLECTORS; i++)
		r->rr[i] = sim_add(&r->sim, rrs[i]);
	/* Three leaves have the most races; in a large fabric there is always a third party. */
	r->nleaves = draw(r, 3) ? 3 : 4 + draw(r, LEAVES_MAX - 3);
	r->nhosts = 6 + VNIS * draw(r, 1 + r->nleaves / 2);
	for (i = 0; i < r->nleaves; i++) {
		snprintf(name, sizeof name, "leaf%u", i + 1);
		r->leaf[i] = sim_add(&r->sim, name);
		for (k = 0; k < VNIS; k++)
			sim_vni(r->leaf[i], 100 + k);
		r->leaf[i]->k.queue_max = draw(r, 2) ? 3 : 0;
		r->place[i] = (struct place){ r, i };
		r->leaf[i]->k.answers = answers;
		r->leaf[i]->k.answers_arg = &r->place[i];
		r->leaf[i]->econf.probe = r->probe;
		r->leaf[i]->econf.probe_rate = draw(r, 2) ? 2 : 500;
		r->leaf[i]->econf.dad_enabled = draw(r, 2);
		r->leaf[i]->econf.dad_freeze = r->freeze && draw(r, 2);
		r->leaf[i]->econf.dad_freeze_time = FREEZE;
	}
	r->next_mac = r->nhosts + 1;
	for (i = 0; i < r->nhosts; i++)
		r->host[i] = (struct host){ .leaf = draw(r, r->nleaves),
			.vni = 100 + i % VNIS,
			.port = 1 + draw(r, 4),
			.mac = sim_host(i + 1),
			.ip = { ip_v4(0xc0000201 + i),
			    { 16, { 0x20, 1, 0xd, 0xb8, [15] = (uint8_t)(i + 1) } } } };
	sim_start(&r->sim);
}

static bool
run_seed(uint64_t seed, bool verbose)
{
	struct run r = { .seed = seed, .verbose = verbose };
	unsigned i;

	set_up(&r);
	for (i = 0; i < r.nhosts; i++) /* who never speaks at all is not to be known */
		random_speak(&r, &r.host[i]);
	for (i = 0; i < STEPS; i++)
		one_step(&r);
	quiet(&r);
	random_check(&r);
	if (!r.silent && !r.failed)
		random_duplicates(&r);
	tell(&r, "%u hosts are unknown", r.unknown);
	sim_fini(&r.sim);
	return !r.failed;
}

int
main(int argc, char **argv)
{
	bool verbose = argc > 2 && strcmp(argv[1], "-v") == 0;
	uint64_t first, count, i;
	unsigned failed = 0;

	log_set_level(NULL, verbose ? LOG_LVL_INFO : LOG_LVL_ERROR);
	if (verbose)
		return !run_seed(strtoull(argv[2], NULL, 10), true);
	first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	count = argc > 2 ? strtoull(argv[2], NULL, 10) : 12;
	for (i = 0; i < count; i++)
		failed += !run_seed(first + i, false);
	printf("%llu schedules, %u failed\n", (unsigned long long)count, failed);
	return failed != 0;
}
