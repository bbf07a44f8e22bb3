/* SPDX-License-Identifier: ISC */
/* What a scenario can look at. */
#include "config.h"

#include "tests/sim/script_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/nlri.h"
#include "lib/util.h"

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
	script_print(x, "%s %s %s%s seq %u/%u%s%s%s%s", n->name, mac_format(m->mac, mac),
	    where[m->where], at, m->local_seq, m->remote_seq, m->sticky ? " sticky" : "",
	    m->is_static ? " static" : "", m->duplicate ? " duplicate" : "",
	    m->frozen ? " frozen" : "");
}

/* macs VNI */
void
script_show_macs(struct script *x, char **w)
{
	uint32_t vni = script_num_arg(x, w[1]);
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
void
script_show_kernel(struct script *x, char **w)
{
	for (w++; *w; w++) {
		struct sim_node *n = script_leaf_arg(x, *w);
		struct strbuf b;
		char *line, *save = NULL;

		if (!n)
			return;
		strbuf_init(&b);
		kernel_dump(&n->k, &b);
		for (line = strtok_r(b.s, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			script_print(x, "%s %s", n->name, line);
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
void
script_show_routes(struct script *x, char **w)
{
	struct sim_node *n = script_node_arg(x, w[1]);
	struct lines ls = { .n = 0 };
	size_t i;

	if (!n || !n->b)
		return;
	rib_foreach(bgp_rib(n->b), route_line, &ls);
	qsort(ls.l, ls.n, sizeof *ls.l, cmp_str);
	for (i = 0; i < ls.n; i++) {
		script_print(x, "%s %s", n->name, ls.l[i]);
		free(ls.l[i]);
	}
}

/* failures LEAF */
void
script_show_failures(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_show_failure f;
	char mac[MAC_STRLEN];
	uint32_t at = 0;

	while (n && n->e && evpn_show_failure_next(n->e, &at, &f))
		script_print(x, "%s %u %s %s: %s (%u)", n->name, f.vni,
		    mac_format(f.mac, mac), f.op == ZL_SET ? "set" : "del", f.text,
		    f.attempts);
}

/* counts LEAF */
void
script_show_counts(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_show_totals t;

	if (!n || !n->e)
		return;
	evpn_show_totals(n->e, &t);
	script_print(x,
	    "%s macs %u local %u neighs %u vteps %u failures %u drift %llu swept %u",
	    n->name, t.macs, t.local_macs, t.neighs, t.vteps, t.failures,
	    (unsigned long long)t.drift, n->k.swept);
}

static int
cmp_neigh(const void *a, const void *b)
{
	return ip_cmp(((const struct evpn_show_neigh *)a)->ip,
	    ((const struct evpn_show_neigh *)b)->ip);
}

static void
print_neigh(struct script *x, const struct sim_node *n, const struct evpn_show_neigh *s)
{
	static const char *const where[] = { "auto", "local", "remote" };
	char mac[MAC_STRLEN], ip[IP_STRLEN], vtep[IP_STRLEN], at[64] = "";

	if (s->where == EVPN_REMOTE)
		snprintf(at, sizeof at, " %s %s", ip_format(s->vtep, vtep),
		    evpn_install_name(s->install));
	script_print(x, "%s %s %s %s%s%s seq %u/%u%s%s%s%s", n->name,
	    ip_format(s->ip, ip), mac_format(s->mac, mac), where[s->where], at,
	    s->active ? "" : " inactive", s->local_seq, s->remote_seq,
	    s->held ? " held" : "", s->own_gateway ? " gateway" : "",
	    s->duplicate ? " duplicate" : "", s->frozen ? " frozen" : "");
}

/* neighs VNI */
void
script_show_neighs(struct script *x, char **w)
{
	uint32_t vni = script_num_arg(x, w[1]);
	unsigned i;

	for (i = 0; i < x->sim.nnodes; i++) {
		struct sim_node *n = &x->sim.nodes[i];
		struct evpn_show_neigh all[256];
		size_t have = 0, k;
		struct evpn_walk walk;

		if (!n->e || !evpn_walk_begin(n->e, &walk, vni, ZL_KIND_NEIGH))
			continue;
		while (have < ARRAY_LEN(all) && evpn_walk_neigh(&walk, &all[have]))
			have++;
		evpn_walk_end(&walk);
		qsort(all, have, sizeof *all, cmp_neigh);
		for (k = 0; k < have; k++)
			print_neigh(x, n, &all[k]);
	}
}

/* probes LEAF */
void
script_show_probes(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_show_totals t;

	if (!n || !n->e)
		return;
	evpn_show_totals(n->e, &t);
	script_print(x, "%s asked %llu answered %llu held %u lost %llu", n->name,
	    (unsigned long long)t.probes_sent, (unsigned long long)t.probes_answered,
	    t.held, (unsigned long long)t.probes_lost);
}
