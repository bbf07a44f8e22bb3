/* SPDX-License-Identifier: ISC */
/* What a scenario can say: one function a command, one table of them. */
#include "config.h"

#include "tests/sim/script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/nlri.h"
#include "lib/util.h"

static void __attribute__((format(printf, 2, 3)))
print(struct script *x, const char *fmt, ...)
{
	va_list ap;

	strbuf_put(&x->out, "| ");
	va_start(ap, fmt);
	strbuf_vprintf(&x->out, fmt, ap);
	va_end(ap);
	strbuf_putc(&x->out, '\n');
}

/* --- arguments --- */

static struct sim_node *
node_arg(struct script *x, const char *s)
{
	struct sim_node *n = sim_find(&x->sim, s);

	if (!n)
		script_fail(x, "no node %s", s);
	return n;
}

static struct sim_node *
leaf_arg(struct script *x, const char *s)
{
	struct sim_node *n = node_arg(x, s);

	if (n && !n->leaf)
		script_fail(x, "%s is no leaf", s);
	return n && n->leaf ? n : NULL;
}

/* "h7" or a MAC address. */
static struct mac
mac_arg(struct script *x, const char *s)
{
	struct mac m = { { 0 } };

	if (s[0] == 'h')
		return sim_host((unsigned)strtoul(s + 1, NULL, 10));
	if (!mac_parse(s, &m))
		script_fail(x, "no MAC: %s", s);
	return m;
}

static struct ip
ip_arg(struct script *x, const char *s)
{
	struct ip ip = { 0 };

	if (!ip_parse(s, &ip))
		script_fail(x, "no address: %s", s);
	return ip;
}

static uint32_t
num_arg(struct script *x, const char *s)
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
	x->sim.max_delay = MONO_MS(num_arg(x, w[1])) + 1;
}

static void
cmd_graceful(struct script *x, char **w)
{
	x->sim.graceful = strcmp(w[1], "on") == 0;
}

static void
cmd_freeze(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (!n)
		return;
	n->econf.dad_freeze = true;
	n->econf.dad_freeze_time = num_arg(x, w[2]);
	sim_apply(n);
}

static void
cmd_svi_ip(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (!n)
		return;
	n->econf.advertise_svi_ip = true;
	sim_apply(n);
}

static void
cmd_vni(struct script *x, char **w)
{
	struct sim_node *n;
	uint32_t vni = num_arg(x, w[1]);

	for (w += 2; *w; w++)
		if ((n = leaf_arg(x, *w)) != NULL)
			sim_vni(n, vni);
}

static void
cmd_vni_down(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[2]);
	struct zl_vni v;

	if (!n)
		return;
	v = kernel_vni_of(num_arg(x, w[1]), n->addr);
	v.flags = 0;
	snprintf(v.why_down, sizeof v.why_down, "device is down");
	kernel_vni(&n->k, &v);
}

static void
cmd_vni_gone(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[2]);

	if (n)
		kernel_vni_gone(&n->k, num_arg(x, w[1]));
}

/* frame LEAF VNI HOST PORT */
static void
cmd_frame(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_frame(&n->k, num_arg(x, w[2]), mac_arg(x, w[3]), num_arg(x, w[4]));
}

/* arp LEAF VNI IP HOST */
static void
cmd_arp(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_arp(&n->k, num_arg(x, w[2]), ip_arg(x, w[3]), mac_arg(x, w[4]));
}

static void
cmd_age(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_age(&n->k, num_arg(x, w[2]), mac_arg(x, w[3]));
}

static void
cmd_static(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_static(&n->k, num_arg(x, w[2]), mac_arg(x, w[3]), num_arg(x, w[4]),
		    strcmp(w[0], "sticky") == 0);
}

static void
cmd_fdb_del(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_fdb_del(&n->k, num_arg(x, w[2]), mac_arg(x, w[3]));
}

/* neigh-static LEAF VNI IP HOST; neigh-svi likewise */
static void
cmd_neigh_static(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_neigh_static(&n->k, num_arg(x, w[2]), ip_arg(x, w[3]),
		    mac_arg(x, w[4]), strcmp(w[0], "neigh-svi") == 0);
}

static void
cmd_neigh_del(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		kernel_neigh_del(&n->k, num_arg(x, w[2]), ip_arg(x, w[3]));
}

/* fail LEAF ERRNO COUNT */
static void
cmd_fail(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (!n)
		return;
	n->k.fail_errno = strcmp(w[2], "ENOSPC") == 0 ? ENOSPC : EBUSY;
	n->k.fail_count = num_arg(x, w[3]);
}

static void
cmd_kill(struct script *x, char **w)
{
	struct sim_node *n = node_arg(x, w[1]);

	if (n)
		sim_kill(n);
}

static void
cmd_up(struct script *x, char **w)
{
	struct sim_node *n = node_arg(x, w[1]);

	if (n && !n->b)
		sim_up(n);
}

static void
cmd_restart_dp(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		sim_restart_dp(n);
}

static void
cmd_cut(struct script *x, char **w)
{
	struct sim_node *a = node_arg(x, w[1]), *b = node_arg(x, w[2]);

	if (a && b)
		sim_cut(&x->sim, a, b, strcmp(w[0], "cut") == 0);
}

static void
cmd_clear_dup(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);

	if (n)
		print(
		    x, "%u cleared", evpn_clear_duplicate(n->e, num_arg(x, w[2]), NULL));
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

/* --- showing --- */

static int
cmp_mac(const void *a, const void *b)
{
	return mac_cmp(((const struct evpn_show_mac *)a)->mac,
	    ((const struct evpn_show_mac *)b)->mac);
}

static void
print_mac(struct script *x, const struct sim_node *n, const struct evpn_show_mac *m)
{
	static const char *const where[] = { "auto", "local", "remote" };
	char mac[MAC_STRLEN], ip[IP_STRLEN], at[64] = "";

	if (m->where == EVPN_LOCAL)
		snprintf(at, sizeof at, " %s", m->ifname);
	else if (m->where == EVPN_REMOTE)
		snprintf(at, sizeof at, " %s %s", ip_format(m->vtep, ip),
		    evpn_install_name(m->install));
	print(x, "%s %s %s%s seq %u/%u%s%s%s%s", n->name, mac_format(m->mac, mac),
	    where[m->where], at, m->local_seq, m->remote_seq, m->sticky ? " sticky" : "",
	    m->is_static ? " static" : "", m->duplicate ? " duplicate" : "",
	    m->frozen ? " frozen" : "");
}

/* macs VNI */
static void
cmd_macs(struct script *x, char **w)
{
	uint32_t vni = num_arg(x, w[1]);
	unsigned i;

	for (i = 0; i < x->sim.nnodes; i++) {
		struct sim_node *n = &x->sim.nodes[i];
		struct evpn_show_mac all[256];
		size_t have = 0, k;
		struct evpn_walk walk;

		if (!n->e || !evpn_walk_begin(n->e, &walk, vni, ZL_KIND_MAC))
			continue;
		while (have < ARRAY_LEN(all) && evpn_walk_mac(&walk, &all[have]))
			have++;
		evpn_walk_end(&walk);
		qsort(all, have, sizeof *all, cmp_mac);
		for (k = 0; k < have; k++)
			print_mac(x, n, &all[k]);
	}
}

/* kernel LEAF... */
static void
cmd_kernel(struct script *x, char **w)
{
	for (w++; *w; w++) {
		struct sim_node *n = leaf_arg(x, *w);
		struct strbuf b;
		char *line, *save = NULL;

		if (!n)
			return;
		strbuf_init(&b);
		kernel_dump(&n->k, &b);
		for (line = strtok_r(b.s, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			print(x, "%s %s", n->name, line);
		strbuf_fini(&b);
	}
}

struct lines {
	char *l[1024]; /* owned */
	size_t n;
};

static bool
route_line(struct rib *r, uint32_t h, void *arg)
{
	const struct rib_route *rt = rib_route(r, h);
	const struct rib_path *p = rib_best(rt);
	struct lines *ls = arg;
	struct evpn_nlri n;
	char nlri[EVPN_NLRI_STRLEN], rd[RD_STRLEN], nh[IP_STRLEN];
	const struct attrset *s;

	if (!p || ls->n == ARRAY_LEN(ls->l))
		return true;
	s = attrset_get(rib_attrtab(r), p->attrs);
	evpn_nlri_from_key(rib_head(r, rt->head), rt->tail, rt->len, &n);
	ls->l[ls->n++] = xasprintf("%s %s via %s seq %u%s%s", rd_format(n.rd, rd),
	    evpn_nlri_format(&n, nlri), p->peer ? ip_format(s->a.nexthop, nh) : "self",
	    s->mm_seq, s->derived & ATTRSET_STICKY ? " sticky" : "",
	    p->flags & PATH_STALE ? " stale" : "");
	return true;
}

static int
cmp_str(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* routes NODE */
static void
cmd_routes(struct script *x, char **w)
{
	struct sim_node *n = node_arg(x, w[1]);
	struct lines ls = { .n = 0 };
	size_t i;

	if (!n || !n->b)
		return;
	rib_foreach(bgp_rib(n->b), route_line, &ls);
	qsort(ls.l, ls.n, sizeof *ls.l, cmp_str);
	for (i = 0; i < ls.n; i++) {
		print(x, "%s %s", n->name, ls.l[i]);
		free(ls.l[i]);
	}
}

/* failures LEAF */
static void
cmd_failures(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);
	struct evpn_show_failure f;
	char mac[MAC_STRLEN];
	uint32_t at = 0;

	while (n && n->e && evpn_show_failure_next(n->e, &at, &f))
		print(x, "%s %u %s %s: %s (%u)", n->name, f.vni, mac_format(f.mac, mac),
		    f.op == ZL_SET ? "set" : "del", f.text, f.attempts);
}

/* counts LEAF */
static void
cmd_counts(struct script *x, char **w)
{
	struct sim_node *n = leaf_arg(x, w[1]);
	struct evpn_show_totals t;

	if (!n || !n->e)
		return;
	evpn_show_totals(n->e, &t);
	print(x, "%s macs %u local %u neighs %u vteps %u failures %u drift %llu swept %u",
	    n->name, t.macs, t.local_macs, t.neighs, t.vteps, t.failures,
	    (unsigned long long)t.drift, n->k.swept);
}

static const struct {
	const char *name;
	int min, max; /* words after it; max -1: any */
	void (*fn)(struct script *x, char **w);
} commands[] = {
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
	{ "fail", 3, 3, cmd_fail },
	{ "kill", 1, 1, cmd_kill },
	{ "up", 1, 1, cmd_up },
	{ "restart-dp", 1, 1, cmd_restart_dp },
	{ "cut", 2, 2, cmd_cut },
	{ "join", 2, 2, cmd_cut },
	{ "clear-dup", 2, 2, cmd_clear_dup },
	{ "run", 1, 1, cmd_run },
	{ "settle", 0, 0, cmd_settle },
	{ "macs", 1, 1, cmd_macs },
	{ "kernel", 1, -1, cmd_kernel },
	{ "routes", 1, 1, cmd_routes },
	{ "failures", 1, 1, cmd_failures },
	{ "counts", 1, 1, cmd_counts },
};

void
script_command(struct script *x, char **w)
{
	int n = 0;
	size_t i;

	while (w[n + 1])
		n++;
	for (i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, w[0]) == 0)
			break;
	if (i == ARRAY_LEN(commands))
		script_fail(x, "unknown command %s", w[0]);
	else if (n < commands[i].min || (commands[i].max >= 0 && n > commands[i].max))
		script_fail(x, "%s: wrong number of words", w[0]);
	else
		commands[i].fn(x, w);
}
