/* SPDX-License-Identifier: ISC */
/* What a scenario can say: one function a command, one table of them. */
#include "config.h"

#include "tests/sim/script_priv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

void __attribute__((format(printf, 2, 3)))
script_print(struct script *x, const char *fmt, ...)
{
	va_list ap;

	strbuf_put(&x->out, "| ");
	va_start(ap, fmt);
	strbuf_vprintf(&x->out, fmt, ap);
	va_end(ap);
	strbuf_putc(&x->out, '\n');
}

/* --- arguments --- */

struct sim_node *
script_node_arg(struct script *x, const char *s)
{
	struct sim_node *n = sim_find(&x->sim, s);

	if (!n)
		script_fail(x, "no node %s", s);
	return n;
}

struct sim_node *
script_leaf_arg(struct script *x, const char *s)
{
	struct sim_node *n = script_node_arg(x, s);

	if (n && !n->leaf)
		script_fail(x, "%s is no leaf", s);
	return n && n->leaf ? n : NULL;
}

/* "h7" or a MAC address. */
struct mac
script_mac_arg(struct script *x, const char *s)
{
	struct mac m = { { 0 } };

	if (s[0] == 'h')
		return sim_host((unsigned)strtoul(s + 1, NULL, 10));
	if (!mac_parse(s, &m))
		script_fail(x, "no MAC: %s", s);
	return m;
}

struct ip
script_ip_arg(struct script *x, const char *s)
{
	struct ip ip = { 0 };

	if (!ip_parse(s, &ip))
		script_fail(x, "no address: %s", s);
	return ip;
}

uint32_t
script_num_arg(struct script *x, const char *s)
{
	unsigned long long v = 0;

	if (!parse_u64(s[0] == 'p' ? s + 1 : s, 0, UINT32_MAX, &v))
		script_fail(x, "no number: %s", s);
	return (uint32_t)v;
}

/* --- commands --- */

static void
cmd_nodes(struct script *x, char **w)
{
	for (w++; *w; w++)
		sim_add(&x->sim, *w);
}

static void
start(struct script *x)
{
	if (x->started)
		return;
	x->started = true;
	sim_start(&x->sim);
}

static void
cmd_start(struct script *x, char **w)
{
	(void)w;
	start(x);
}

static void
cmd_delay(struct script *x, char **w)
{
	x->sim.max_delay = MONO_MS(script_num_arg(x, w[1])) + 1;
}

static void
cmd_graceful(struct script *x, char **w)
{
	x->sim.graceful = strcmp(w[1], "on") == 0;
}

static void
cmd_freeze(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (!n)
		return;
	n->econf.dad_freeze = true;
	n->econf.dad_freeze_time = script_num_arg(x, w[2]);
	sim_apply(n);
}

static void
cmd_svi_ip(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (!n)
		return;
	n->econf.advertise_svi_ip = true;
	sim_apply(n);
}

static void
cmd_vni(struct script *x, char **w)
{
	struct sim_node *n;
	uint32_t vni = script_num_arg(x, w[1]);

	for (w += 2; *w; w++)
		if ((n = script_leaf_arg(x, *w)) != NULL)
			sim_vni(n, vni);
}

static void
cmd_vni_down(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[2]);
	struct zl_vni v;

	if (!n)
		return;
	v = kernel_vni_of(script_num_arg(x, w[1]), n->addr);
	v.flags = 0;
	snprintf(v.why_down, sizeof v.why_down, "device is down");
	kernel_vni(&n->k, &v);
}

static void
cmd_vni_gone(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[2]);

	if (n)
		kernel_vni_gone(&n->k, script_num_arg(x, w[1]));
}

/* frame LEAF VNI HOST PORT */
static void
cmd_frame(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_frame(&n->k, script_num_arg(x, w[2]), script_mac_arg(x, w[3]),
		    script_num_arg(x, w[4]));
}

/* arp LEAF VNI IP HOST */
static void
cmd_arp(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_arp(&n->k, script_num_arg(x, w[2]), script_ip_arg(x, w[3]),
		    script_mac_arg(x, w[4]));
}

static void
cmd_age(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_age(&n->k, script_num_arg(x, w[2]), script_mac_arg(x, w[3]));
}

static void
cmd_static(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_static(&n->k, script_num_arg(x, w[2]), script_mac_arg(x, w[3]),
		    script_num_arg(x, w[4]), strcmp(w[0], "sticky") == 0);
}

static void
cmd_fdb_del(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_fdb_del(&n->k, script_num_arg(x, w[2]), script_mac_arg(x, w[3]));
}

/* neigh-static LEAF VNI IP HOST; neigh-svi likewise */
static void
cmd_neigh_static(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_neigh_static(&n->k, script_num_arg(x, w[2]),
		    script_ip_arg(x, w[3]), script_mac_arg(x, w[4]),
		    strcmp(w[0], "neigh-svi") == 0);
}

static void
cmd_neigh_del(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_neigh_del(&n->k, script_num_arg(x, w[2]), script_ip_arg(x, w[3]));
}

/* fail LEAF ERRNO COUNT */
static void
cmd_fail(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (!n)
		return;
	n->k.fail_errno = strcmp(w[2], "ENOSPC") == 0 ? ENOSPC : EBUSY;
	n->k.fail_count = script_num_arg(x, w[3]);
}

static void
cmd_kill(struct script *x, char **w)
{
	struct sim_node *n = script_node_arg(x, w[1]);

	if (n)
		sim_kill(n);
}

static void
cmd_up(struct script *x, char **w)
{
	struct sim_node *n = script_node_arg(x, w[1]);

	if (n && !n->b)
		sim_up(n);
}

static void
cmd_restart_dp(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		sim_restart_dp(n);
}

static void
cmd_cut(struct script *x, char **w)
{
	struct sim_node *a = script_node_arg(x, w[1]), *b = script_node_arg(x, w[2]);

	if (a && b)
		sim_cut(&x->sim, a, b, strcmp(w[0], "cut") == 0);
}

/* clear-dup LEAF VNI [HOST|IP] */
static void
cmd_clear_dup(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct mac mac;
	struct ip ip;
	bool is_ip = w[3] && ip_parse(w[3], &ip);

	if (!n)
		return;
	if (w[3] && !is_ip)
		mac = script_mac_arg(x, w[3]);
	script_print(x, "%u cleared",
	    evpn_clear_duplicate(n->e, script_num_arg(x, w[2]),
		w[3] && !is_ip ? &mac : NULL, is_ip ? &ip : NULL));
}

/* host HOST LEAF VNI PORT [IP...]: where the host is from now on, and which addresses it answers for;
 * it says nothing.  host HOST nowhere */
static void
cmd_host(struct script *x, char **w)
{
	struct mac mac = script_mac_arg(x, w[1]);
	struct script_host *h = x->hosts;
	unsigned n = 0;

	while (h < x->hosts + x->nhosts && !mac_equal(h->mac, mac))
		h++;
	if (h == x->hosts + SCRIPT_HOSTS) {
		script_fail(x, "too many hosts");
		return;
	}
	if (h == x->hosts + x->nhosts)
		x->nhosts++;
	*h = (struct script_host){ .mac = mac };
	if (strcmp(w[2], "nowhere") == 0)
		return;
	if (!w[3] || !w[4]) {
		script_fail(x, "host: VNI and port are missing");
		return;
	}
	h->leaf = script_leaf_arg(x, w[2]);
	h->vni = script_num_arg(x, w[3]);
	h->port = script_num_arg(x, w[4]);
	for (w += 5; *w && n < ARRAY_LEN(h->ips); w++)
		h->ips[n++] = script_ip_arg(x, *w);
}

static bool
host_answers(void *arg, uint32_t vni, struct ip ip, struct mac mac, uint32_t *port)
{
	const struct script_leaf *l = arg;
	unsigned i, k;

	for (i = 0; i < l->x->nhosts; i++) {
		const struct script_host *h = &l->x->hosts[i];

		*port = h->port;
		if (h->leaf != l->n || h->vni != vni || !mac_equal(h->mac, mac))
			continue;
		for (k = 0; k < ARRAY_LEN(h->ips); k++)
			if (ip_equal(h->ips[k], ip))
				return true;
	}
	return false;
}

/* probe LEAF on|off [RATE] */
static void
cmd_probe(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct script_leaf *l;

	if (!n)
		return;
	l = &x->leaves[n - x->sim.nodes];
	*l = (struct script_leaf){ x, n };
	n->k.answers = host_answers;
	n->k.answers_arg = l;
	n->econf.probe = strcmp(w[2], "on") == 0;
	n->econf.probe_rate = w[3] ? script_num_arg(x, w[3]) : 0;
	sim_apply(n);
}

/* stale LEAF VNI IP */
static void
cmd_stale(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_stale(&n->k, script_num_arg(x, w[2]), script_ip_arg(x, w[3]));
}

/* gateway LEAF VNI IP MAC */
static void
cmd_gateway(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		kernel_gateway(&n->k, script_num_arg(x, w[2]), script_ip_arg(x, w[3]),
		    script_mac_arg(x, w[4]));
}

/* default-gw LEAF */
static void
cmd_default_gw(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (!n)
		return;
	n->econf.advertise_default_gw = true;
	sim_apply(n);
}

/* run SECONDS */
static void
cmd_run(struct script *x, char **w)
{
	start(x);
	sim_run(&x->sim, (int64_t)(strtod(w[1], NULL) * 1e6));
}

static void
cmd_settle(struct script *x, char **w)
{
	(void)w;
	start(x);
	if (!sim_settle(&x->sim))
		script_fail(x, "does not settle");
}

static const struct script_verb commands[] = {
	{ "nodes", 1, -1, cmd_nodes },
	{ "start", 0, 0, cmd_start },
	{ "delay", 1, 1, cmd_delay },
	{ "graceful", 1, 1, cmd_graceful },
	{ "freeze", 2, 2, cmd_freeze },
	{ "svi-ip", 1, 1, cmd_svi_ip },
	{ "vni", 2, -1, cmd_vni },
	{ "vni-down", 2, 2, cmd_vni_down },
	{ "vni-gone", 2, 2, cmd_vni_gone },
	{ "frame", 4, 4, cmd_frame },
	{ "arp", 4, 4, cmd_arp },
	{ "age", 3, 3, cmd_age },
	{ "static", 4, 4, cmd_static },
	{ "sticky", 4, 4, cmd_static },
	{ "fdb-del", 3, 3, cmd_fdb_del },
	{ "neigh-static", 4, 4, cmd_neigh_static },
	{ "neigh-svi", 4, 4, cmd_neigh_static },
	{ "neigh-del", 3, 3, cmd_neigh_del },
	{ "host", 2, -1, cmd_host },
	{ "probe", 2, 3, cmd_probe },
	{ "stale", 3, 3, cmd_stale },
	{ "gateway", 4, 4, cmd_gateway },
	{ "default-gw", 1, 1, cmd_default_gw },
	{ "neighs", 1, 1, script_show_neighs },
	{ "probes", 1, 1, script_show_probes },
	{ "fail", 3, 3, cmd_fail },
	{ "kill", 1, 1, cmd_kill },
	{ "up", 1, 1, cmd_up },
	{ "restart-dp", 1, 1, cmd_restart_dp },
	{ "cut", 2, 2, cmd_cut },
	{ "join", 2, 2, cmd_cut },
	{ "clear-dup", 2, 3, cmd_clear_dup },
	{ "run", 1, 1, cmd_run },
	{ "settle", 0, 0, cmd_settle },
	{ "macs", 1, 1, script_show_macs },
	{ "kernel", 1, -1, script_show_kernel },
	{ "routes", 1, 1, script_show_routes },
	{ "failures", 1, 1, script_show_failures },
	{ "counts", 1, 1, script_show_counts },
};

static const struct script_verb *
find_verb(const struct script_verb *v, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return &v[i];
	return NULL;
}

void
script_command(struct script *x, char **w)
{
	const struct script_verb *v = find_verb(commands, ARRAY_LEN(commands), w[0]);
	int n = 0;

	while (w[n + 1])
		n++;
	if (!v)
		v = find_verb(script_l3_verbs, script_l3_nverbs, w[0]);
	if (!v)
		script_fail(x, "unknown command %s", w[0]);
	else if (n < v->min || (v->max >= 0 && n > v->max))
		script_fail(x, "%s: wrong number of words", w[0]);
	else
		v->fn(x, w);
}
