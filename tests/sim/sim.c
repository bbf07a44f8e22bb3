/* SPDX-License-Identifier: ISC */
/* The fabric: nodes, connections between them, and their lives. */
#include "config.h"

#include "tests/sim/sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"

struct sim_call {
	struct sim_call *next; /* queue */
	struct sim_node *to;   /* who is called */
	struct ip from;	       /* by whom */
	int fd;		       /* owned until delivered */
};

/* --- chance --- */

/* splitmix64: small, and its whole state is the seed. */
uint64_t
sim_rand(struct sim *s, uint64_t below)
{
	uint64_t z = s->rng += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % below;
}

static int64_t
draw_delay(void *arg)
{
	struct sim *s = arg;

	return s->max_delay ? (int64_t)sim_rand(s, (uint64_t)s->max_delay) : 0;
}

/* --- connections --- */

static unsigned
index_of(const struct sim_node *n)
{
	return (unsigned)(n - n->sim->nodes);
}

static bool
deliver_calls(struct loop_work *w)
{
	struct sim *s = container_of(w, struct sim, deliver);
	struct sim_call *c;

	while ((c = s->calls) != NULL) {
		s->calls = c->next;
		if (c->to->b)
			bgp_incoming(c->to->b, c->fd, c->from);
		else
			close(c->fd);
		free(c);
	}
	return false;
}

static int
on_connect(void *arg, const struct peer_conf *pc, const struct bgp_conn *bc)
{
	struct sim_node *from = arg, *to = NULL;
	struct sim *s = from->sim;
	struct sim_call *c, **at;
	struct relay *r;
	int fds[2];
	unsigned i;

	(void)bc;
	for (i = 0; i < s->nnodes; i++)
		if (ip_equal(s->nodes[i].addr, pc->addr))
			to = &s->nodes[i];
	if (!to || s->cut[index_of(from)][index_of(to)])
		return -EHOSTUNREACH;
	if (!to->b)
		return -ECONNREFUSED;
	r = relay_new(s->loop, &s->relays, fds);
	r->a = (int)index_of(from);
	r->b = (int)index_of(to);
	r->delay = draw_delay;
	r->delay_arg = s;
	c = xcalloc(1, sizeof *c);
	*c = (struct sim_call){ .to = to, .from = from->addr, .fd = fds[1] };
	for (at = &s->calls; *at; at = &(*at)->next)
		;
	*at = c;
	loop_work_queue(s->loop, &s->deliver);
	return fds[0];
}

static void
cut_relays(struct sim *s, int a, int b)
{
	struct relay *r, *next;

	for (r = s->relays; r; r = next) {
		next = r->next;
		if ((r->a == a && (b < 0 || r->b == b)) ||
		    (r->b == a && (b < 0 || r->a == b)))
			relay_cut(r);
	}
}

void
sim_cut(struct sim *s, struct sim_node *a, struct sim_node *b, bool cut)
{
	unsigned i = index_of(a), k = index_of(b);

	s->cut[i][k] = s->cut[k][i] = cut;
	if (cut)
		cut_relays(s, (int)i, (int)k);
}

/* --- engines --- */

static bool
from_kernel(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	return evpn_dp_message(arg, type, body, len);
}

static void
kernel_drained(void *arg)
{
	evpn_dp_ready(arg);
}

static void
on_observed(void *arg)
{
	const struct sim_node *n = arg;

	bgp_hold_eor(n->b, false);
}

static void
on_synced(void *arg)
{
	const struct sim_node *n = arg;

	if (n->e)
		evpn_rib_ready(n->e);
}

static void
on_peer(struct peer *p, void *arg)
{
	struct sim_node *n = arg;

	if (p->up)
		n->ups++;
	else
		n->downs++;
}

static void
add_peer(struct sim_node *n, const struct sim_node *to)
{
	n->peers[n->conf.npeers++] = (struct peer_conf){ .addr = to->addr,
		.remote_as_type = REMOTE_AS_NUMBER,
		.remote_as = SIM_AS,
		.port = 179,
		.hold = 9,
		.keepalive = 3,
		.connect_retry = 5,
		.passive = !n->leaf && to->leaf,
		.evpn = { .activate = true,
		    .rr_client = !n->leaf && to->leaf,
		    .max_prefix_threshold = 75,
		    .route_types = ~0u } };
}

static void
make_conf(struct sim_node *n)
{
	struct sim *s = n->sim;
	unsigned i;

	n->conf = (struct bgp_conf){ .enabled = true,
		.as = SIM_AS,
		.router_id = ip_v4_host(n->addr),
		.client_to_client = true,
		.default_local_pref = 100,
		.hold = 9,
		.keepalive = 3,
		.connect_retry = 5,
		.gr_restart_time = 30,
		.gr_stalepath_time = 60,
		.graceful_restart = s->graceful,
		.listen_limit = 100,
		.listen_port = 179,
		.peers = n->peers };
	for (i = 0; i < s->nnodes; i++)
		if (&s->nodes[i] != n && !(s->nodes[i].leaf && n->leaf))
			add_peer(n, &s->nodes[i]);
}

static void
attach(struct sim_node *n)
{
	n->k.deliver = from_kernel;
	n->k.drained = kernel_drained;
	n->k.deliver_arg = n->k.drained_arg = n->e;
	kernel_attach(&n->k);
}

void
sim_up(struct sim_node *n)
{
	struct bgp_ops ops = { .connect = on_connect, .arg = n };
	struct evpn_dp dp = { kernel_send, &n->k };

	ensure(!n->b);
	make_conf(n);
	n->b = bgp_new(n->sim->loop, &ops);
	bgp_on_peer_state(n->b, on_peer, n);
	bgp_on_sync(n->b, on_synced, n);
	if (n->leaf) {
		n->e = evpn_new(n->sim->loop, bgp_rib(n->b), &dp);
		evpn_on_observed(n->e, on_observed, n);
		bgp_hold_eor(n->b, true);
	}
	bgp_apply(n->b, &n->conf);
	if (n->leaf) {
		evpn_set_router_id(n->e, bgp_router_id(n->b));
		evpn_apply(n->e, &n->econf);
		attach(n);
	}
}

void
sim_kill(struct sim_node *n)
{
	struct sim_call *c;

	if (!n->b)
		return;
	/* Connections first, so that no last word gets out. */
	cut_relays(n->sim, (int)index_of(n), -1);
	for (c = n->sim->calls; c; c = c->next)
		ensure(c->to != n || c->fd >= 0);
	if (n->e) {
		kernel_detach(&n->k);
		evpn_free(n->e);
	}
	bgp_free(n->b);
	n->e = NULL;
	n->b = NULL;
}

void
sim_restart_dp(struct sim_node *n)
{
	if (!n->e)
		return;
	kernel_detach(&n->k);
	evpn_dp_restart(n->e);
	attach(n);
}

void
sim_apply(struct sim_node *n)
{
	if (n->e)
		evpn_apply(n->e, &n->econf);
}

/* --- the fabric --- */

struct sim_node *
sim_add(struct sim *s, const char *name)
{
	struct sim_node *n = &s->nodes[s->nnodes];
	unsigned num;

	ensure(s->nnodes < SIM_NODES);
	n->sim = s;
	n->leaf = strncmp(name, "leaf", 4) == 0;
	num = (unsigned)strtoul(name + (n->leaf ? 4 : 2), NULL, 10);
	snprintf(n->name, sizeof n->name, "%s", name);
	n->addr = ip_v4((n->leaf ? 0x0a000100 : 0x0a000000) + num);
	n->econf = (struct evpn_conf){ .as = SIM_AS,
		.advertise_all_vni = true,
		.dad_enabled = true,
		.dad_max_moves = 5,
		.dad_time = 180 };
	kernel_init(&n->k, s->loop);
	n->k.delay = draw_delay;
	n->k.delay_arg = s;
	s->nnodes++;
	return n;
}

struct sim_node *
sim_find(struct sim *s, const char *name)
{
	unsigned i;

	for (i = 0; i < s->nnodes; i++)
		if (strcmp(s->nodes[i].name, name) == 0)
			return &s->nodes[i];
	return NULL;
}

void
sim_start(struct sim *s)
{
	unsigned i;

	for (i = 0; i < s->nnodes; i++)
		if (!s->nodes[i].b)
			sim_up(&s->nodes[i]);
}

void
sim_init(struct sim *s, uint64_t seed)
{
	memset(s, 0, sizeof *s);
	s->rng = seed;
	s->graceful = true;
	hash_seed_fixed(seed, 99);
	s->loop = loop_new_sim(seed);
	loop_work_init(&s->deliver, LOOP_PRIO_CONTROL, deliver_calls);
}

static void
free_vrfs(struct sim_node *n)
{
	size_t i, k;

	for (i = 0; i < n->econf.nvrfs; i++) {
		for (k = 0; k < 2; k++) {
			free(n->vrfs[i].af[k].networks);
			free(n->vrfs[i].af[k].tables);
			free(n->vrfs[i].af[k].aggregates);
			free(n->vrfs[i].af[k].import_vrfs);
		}
		free(n->vrfs[i].imports);
		free(n->vrfs[i].exports);
	}
}

void
sim_fini(struct sim *s)
{
	struct sim_call *c;
	unsigned i;

	for (i = 0; i < s->nnodes; i++) {
		sim_kill(&s->nodes[i]);
		kernel_fini(&s->nodes[i].k);
		free_vrfs(&s->nodes[i]);
	}
	loop_work_cancel(&s->deliver);
	while ((c = s->calls) != NULL) {
		s->calls = c->next;
		close(c->fd);
		free(c);
	}
	while (s->relays)
		relay_cut(s->relays);
	loop_free(s->loop);
}

void
sim_run(struct sim *s, int64_t us)
{
	loop_run_until(s->loop, mono_add(loop_now(s->loop), us));
}

/* Sums of what changes whenever something moves. */
static uint64_t
activity(const struct sim *s)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < s->nnodes; i++) {
		const struct sim_node *n = &s->nodes[i];
		struct peer *p;

		sum += n->ups + n->downs + n->k.wants + n->k.syncs;
		for (p = n->b ? bgp_peer_first(n->b) : NULL; p;
		     p = bgp_peer_next(n->b, p))
			sum += p->n.updates_in;
	}
	return sum;
}

/* Every session that can be up is, and the first synchronisation is over. */
static bool
connected(struct sim *s, const struct sim_node *n)
{
	struct peer *p;
	unsigned i;

	if (!n->b)
		return true;
	if (!bgp_synced(n->b))
		return false;
	for (p = bgp_peer_first(n->b); p; p = bgp_peer_next(n->b, p))
		for (i = 0; i < s->nnodes; i++)
			if (ip_equal(s->nodes[i].addr, p->addr) && s->nodes[i].b &&
			    !s->cut[index_of(n)][i] && !p->up)
				return false;
	return true;
}

static bool
quiet(struct sim *s)
{
	unsigned i;

	for (i = 0; i < s->nnodes; i++) {
		const struct sim_node *n = &s->nodes[i];

		if (!connected(s, n))
			return false;
		if (n->e && (!evpn_idle(n->e) || !kernel_idle(&n->k)))
			return false;
	}
	return true;
}

bool
sim_settle(struct sim *s)
{
	uint64_t before;
	unsigned i;

	for (i = 0; i < 600; i++) {
		before = activity(s);
		sim_run(s, MONO_SEC(1));
		if (before == activity(s) && quiet(s))
			return true;
	}
	return false;
}

struct mac
sim_host(unsigned n)
{
	return (struct mac){ { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
}

void
sim_vni(struct sim_node *n, uint32_t vni)
{
	struct zl_vni v = kernel_vni_of(vni, n->addr);

	kernel_vni(&n->k, &v);
}

struct mac
sim_router_mac(const struct sim_node *n, uint32_t vni)
{
	return (struct mac){ { 2, 0xfe, n->addr.b[2], n->addr.b[3], (uint8_t)(vni >> 8),
	    (uint8_t)vni } };
}

void
sim_vni_vrf(struct sim_node *n, uint32_t vni, const char *vrf)
{
	struct zl_vni v = kernel_vni_of(vni, n->addr);

	v.svi_mac = sim_router_mac(n, vni);
	snprintf(v.vrf, sizeof v.vrf, "%s", vrf);
	kernel_vni(&n->k, &v);
}

struct vrf_conf *
sim_vrf(struct sim_node *n, const char *name, uint32_t l3vni)
{
	struct vrf_conf *c = NULL;
	size_t i;

	for (i = 0; i < n->econf.nvrfs && !c; i++)
		if (strcmp(n->vrfs[i].name, name) == 0)
			c = &n->vrfs[i];
	if (!c) {
		ensure(n->econf.nvrfs < SIM_VRFS);
		n->econf.vrfs = n->vrfs;
		c = &n->vrfs[n->econf.nvrfs++];
		*c = (struct vrf_conf){ .bgp = true, .unreachable_default = true };
		snprintf(c->name, sizeof c->name, "%s", name);
		for (i = 0; i < 2; i++)
			c->af[i] = (struct vrf_af_conf){ .advertise = true,
				.redistribute = REDIST_CONNECTED | REDIST_STATIC,
				.maximum_paths = 32 };
	}
	c->l3vni = l3vni;
	return c;
}

void
sim_reach(struct sim_node *n, struct ip vtep, bool reachable)
{
	if (!n->b)
		return;
	if (n->e)
		evpn_nexthop(n->e, vtep, reachable);
	bgp_nexthop(n->b, vtep, reachable, false, 0);
}
