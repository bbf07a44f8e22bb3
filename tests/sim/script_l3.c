/* SPDX-License-Identifier: ISC */
/* What a scenario can say of routing. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "evpn/findings.h"
#include "lib/util.h"
#include "tests/sim/script_priv.h"

static struct prefix
prefix_arg(struct script *x, const char *s)
{
	struct prefix p = { .plen = 0 };

	if (!prefix_parse(s, &p))
		script_fail(x, "no prefix: %s", s);
	return p;
}

/* --- the machine --- */

/* vrf NAME TABLE LEAF... */
static void
cmd_vrf(struct script *x, char **w)
{
	struct sim_node *n;
	char **l;

	for (l = w + 3; *l; l++)
		if ((n = script_leaf_arg(x, *l)) != NULL)
			kernel_vrf(&n->k, w[1], script_num_arg(x, w[2]));
}

/* vrf-gone NAME LEAF */
static void
cmd_vrf_gone(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[2]);

	if (n)
		kernel_vrf_gone(&n->k, w[1]);
}

/* vni-vrf VNI VRF LEAF... */
static void
cmd_vni_vrf(struct script *x, char **w)
{
	struct sim_node *n;
	char **l;

	for (l = w + 3; *l; l++)
		if ((n = script_leaf_arg(x, *l)) != NULL)
			sim_vni_vrf(n, script_num_arg(x, w[1]), w[2]);
}

/* vni-is LEAF VNI WORD...: svd, no-svi, mac M, local A */
static void
cmd_vni_is(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct zl_vni v;
	size_t i;

	for (i = 0; n && i < n->k.nvnis; i++)
		if (n->k.vnis[i].vni == script_num_arg(x, w[2]))
			break;
	if (!n || i == n->k.nvnis) {
		script_fail(x, "no such VNI");
		return;
	}
	v = n->k.vnis[i];
	if (strcmp(w[3], "svd") == 0)
		v.flags |= ZL_VNI_SVD;
	else if (strcmp(w[3], "no-svi") == 0)
		v.svi_ifindex = 0;
	else if (!w[4] || (strcmp(w[3], "mac") == 0 && !mac_parse(w[4], &v.svi_mac)))
		script_fail(x, "no such property");
	else if (strcmp(w[3], "local") == 0)
		v.local = script_ip_arg(x, w[4]);
	kernel_vni(&n->k, &v);
}

static uint32_t
table_of(struct script *x, const struct sim_node *n, const char *vrf)
{
	size_t i;

	if (vrf[0] >= '0' && vrf[0] <= '9')
		return script_num_arg(x, vrf);
	for (i = 0; i < n->k.nvrfs; i++)
		if (strcmp(n->k.vrfs[i].name, vrf) == 0)
			return n->k.vrfs[i].table;
	script_fail(x, "no VRF %s", vrf);
	return 0;
}

/* route LEAF VRF|TABLE PREFIX connected|PROTO [GATEWAY]; route-del LEAF VRF|TABLE PREFIX */
static void
cmd_route(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct zl_route r = { .op = ZL_DEL };

	if (!n)
		return;
	r.table = table_of(x, n, w[2]);
	r.prefix = prefix_arg(x, w[3]);
	if (w[4]) {
		r.op = ZL_SET;
		r.proto = 2;
		if (strcmp(w[4], "connected") == 0)
			r.flags = ZL_ROUTE_CONNECTED;
		else
			r.proto = (uint8_t)script_num_arg(x, w[4]);
		if (w[5])
			r.gateway = script_ip_arg(x, w[5]);
	}
	kernel_route(&n->k, &r);
}

/* reach LEAF VTEP yes|no */
static void
cmd_reach(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		sim_reach(n, script_ip_arg(x, w[2]), strcmp(w[3], "yes") == 0);
}

/* hop-lost LEAF GATEWAY; route-lost LEAF VRF PREFIX */
static void
cmd_lost(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n && !(w[3] ? kernel_route_del(&n->k, w[2], prefix_arg(x, w[3]))
			: kernel_hop_del(&n->k, script_ip_arg(x, w[2]))))
		script_fail(x, "it is not there");
}

/* --- configuration --- */

/* tenant NAME L3VNI LEAF... */
static void
cmd_tenant(struct script *x, char **w)
{
	struct sim_node *n;
	char **l;

	for (l = w + 3; *l; l++)
		if ((n = script_leaf_arg(x, *l)) != NULL) {
			sim_vrf(n, w[1], script_num_arg(x, w[2]));
			sim_apply(n);
		}
}

static void
set_af(struct script *x, struct vrf_conf *c, char **w)
{
	struct prefix p = prefix_arg(x, w[1]);
	struct vrf_af_conf *af = &c->af[p.ip.len == 16];

	if (strcmp(w[0], "network") == 0) {
		af->networks =
		    xrealloc(af->networks, (af->nnetworks + 1) * sizeof *af->networks);
		af->networks[af->nnetworks++] = (struct network_conf){ .prefix = p };
	} else {
		af->aggregates = xrealloc(
		    af->aggregates, (af->naggregates + 1) * sizeof *af->aggregates);
		af->aggregates[af->naggregates++] =
		    (struct aggregate_conf){ .prefix = p, .summary_only = w[2] != NULL };
	}
}

/* Words of `set` that turn a bool on or off. */
static bool
set_flag(struct evpn_conf *e, struct vrf_conf *c, const char *word)
{
	bool off = strncmp(word, "no-", 3) == 0;
	const struct {
		const char *name;
		bool *flags[2];
	} flags[] = {
		{ "advertise", { &c->af[0].advertise, &c->af[1].advertise } },
		{ "gateway",
		    { &c->af[0].advertise_gateway, &c->af[1].advertise_gateway } },
		{ "default",
		    { &c->af[0].default_originate, &c->af[1].default_originate } },
		{ "lite", { &c->prefix_routes_only, NULL } },
		{ "last-resort", { &c->unreachable_default, NULL } },
		{ "resolve", { &e->resolve_overlay_index, NULL } },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(flags[i].name, off ? word + 3 : word) == 0) {
			*flags[i].flags[0] = !off;
			if (flags[i].flags[1])
				*flags[i].flags[1] = !off;
			return true;
		}
	return false;
}

static void
set_targets(struct script *x, struct vrf_conf *c, const char *word, const char *rt)
{
	struct rt_match m = { .wildcard = false };

	if (!rt_parse(rt, &m.rt)) {
		script_fail(x, "no route target: %s", rt);
		return;
	}
	if (strcmp(word, "import") == 0) {
		c->imports = xrealloc(c->imports, (c->nimports + 1) * sizeof *c->imports);
		c->imports[c->nimports++] = m;
		c->auto_import = AUTORT_ALWAYS;
	} else {
		c->exports = xrealloc(c->exports, (c->nexports + 1) * sizeof *c->exports);
		c->exports[c->nexports++] = m.rt;
		c->auto_export = AUTORT_ALWAYS;
	}
}

static void
set_leak(struct vrf_conf *c, const char *vrf)
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct vrf_af_conf *af = &c->af[i];

		af->import_vrfs = xrealloc(
		    af->import_vrfs, (af->nimport_vrfs + 1) * sizeof *af->import_vrfs);
		snprintf(af->import_vrfs[af->nimport_vrfs++], sizeof *af->import_vrfs,
		    "%s", vrf);
	}
}

/* Scenarios name them in ascending order. */
static void
set_table(struct vrf_conf *c, uint32_t table, bool on)
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct vrf_af_conf *af = &c->af[i];

		if (!on) {
			af->ntables = 0;
			continue;
		}
		af->tables = xrealloc(af->tables, (af->ntables + 1) * sizeof *af->tables);
		af->tables[af->ntables++] = (struct table_conf){ .table = table };
	}
}

/* set LEAF VRF WORD [ARG [ARG]]: a flag, paths N, import RT, export RT, leak VRF, table N, no-table 0 (none),
 * network P, aggregate P [summary] */
static void
cmd_set(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct vrf_conf *c = NULL;
	size_t i;

	for (i = 0; n && i < n->econf.nvrfs; i++)
		if (strcmp(n->vrfs[i].name, w[2]) == 0)
			c = &n->vrfs[i];
	if (!c) {
		script_fail(x, "no tenant %s", w[2]);
		return;
	}
	if (!w[4]) {
		if (!set_flag(&n->econf, c, w[3]))
			script_fail(x, "no such word: %s", w[3]);
	} else if (strcmp(w[3], "paths") == 0) {
		c->af[0].maximum_paths = c->af[1].maximum_paths =
		    (uint16_t)script_num_arg(x, w[4]);
	} else if (strcmp(w[3], "table") == 0 || strcmp(w[3], "no-table") == 0) {
		set_table(c, script_num_arg(x, w[4]), w[3][0] == 't');
	} else if (strcmp(w[3], "leak") == 0) {
		set_leak(c, w[4]);
	} else if (strcmp(w[3], "import") == 0 || strcmp(w[3], "export") == 0) {
		set_targets(x, c, w[3], w[4]);
	} else {
		set_af(x, c, w + 3);
	}
	sim_apply(n);
}

/* --- showing --- */

/* lookup LEAF VRF ADDRESS */
static void
cmd_lookup(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct strbuf s;

	if (!n)
		return;
	strbuf_init(&s);
	kernel_lookup(&n->k, w[2], script_ip_arg(x, w[3]), &s);
	script_print(x, "%s %s", n->name, s.len ? s.s : "nowhere");
	strbuf_fini(&s);
}

/* orphans LEAF: routes that went with their last hop while they were wanted */
static void
cmd_orphans(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);

	if (n)
		script_print(x, "%s %u", n->name, n->k.orphans);
}

/* vrfs LEAF */
static void
cmd_vrfs(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_show_vrf v = { .l3vni = 0 };
	char rd[RD_STRLEN], mac[MAC_STRLEN], vtep[IP_STRLEN];

	while (n && n->e && evpn_show_vrf_next(n->e, v.name, &v))
		script_print(x, "%s %s table %u l3vni %u %s%s rd %s rmac %s vtep %s",
		    n->name, v.name, v.table, v.l3vni, v.up ? "up" : "down: ", v.why_down,
		    rd_format(v.rd, rd), mac_format(v.rmac, mac),
		    ip_format(v.vtep, vtep));
}

static int
cmp_way(const void *a, const void *b)
{
	const struct evpn_show_way *x = a, *y = b;
	int n = ip_cmp(x->vtep, y->vtep);

	return n ? n : x->type5 - y->type5;
}

/* ways LEAF VRF PREFIX */
static void
cmd_ways(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_show_way ways[32];
	struct evpn_show_prefix p;
	struct prefix q = prefix_arg(x, w[3]);
	char ip[IP_STRLEN], hop[IP_STRLEN];
	size_t i, have;

	if (!n || !n->e)
		return;
	if (!evpn_show_prefix(n->e, w[2], q, &p)) {
		script_print(x, "%s not known", n->name);
		return;
	}
	script_print(x, "%s %s %s%s ways %u used %u", n->name,
	    evpn_prefix_source_name(p.source), evpn_install_name(p.install),
	    p.exported ? " exported" : "", p.ways, p.used);
	have = evpn_show_ways(n->e, w[2], q, ways, ARRAY_LEN(ways));
	qsort(ways, have, sizeof *ways, cmp_way);
	for (i = 0; i < have; i++)
		script_print(x, "%s   type %d from %s label %u to %s%s%s", n->name,
		    ways[i].type5 ? 5 : 2, ip_format(ways[i].vtep, ip), ways[i].label,
		    ip_format(ways[i].hop, hop), ways[i].best ? " best" : "",
		    ways[i].used ? " used" : "");
	for (i = 0; i < have; i++)
		if (ways[i].why[0])
			script_print(x, "%s   %s: %s", n->name,
			    ip_format(ways[i].vtep, ip), ways[i].why);
}

/* rmacs LEAF VRF */
static void
cmd_rmacs(struct script *x, char **w)
{
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct evpn_vrf_walk walk;
	struct evpn_show_rmac m;
	char mac[MAC_STRLEN], ip[IP_STRLEN], other[IP_STRLEN];

	if (!n || !n->e || !evpn_vrf_walk_begin(n->e, &walk, w[2], EVPN_VRF_RMACS))
		return;
	while (evpn_vrf_walk_rmac(&walk, &m))
		script_print(x, "%s %s at %s %s other %s", n->name,
		    mac_format(m.mac, mac), ip_format(m.vtep, ip),
		    evpn_install_name(m.install), ip_format(m.other, other));
	evpn_vrf_walk_end(&walk);
}

/* findings LEAF: what the engine knows to be wrong with VRFs */
static void
cmd_findings(struct script *x, char **w)
{
	static const char *const names[FIND_CODES] = {
		[FIND_VRF_DOWN] = "vrf-down",
		[FIND_RMAC_SHARED] = "rmac-shared",
		[FIND_HOP_FAILED] = "hop-failed",
		[FIND_VNI_OTHER] = "vni-other",
		[FIND_GATEWAY] = "gateway",
		[FIND_ROUTES] = "routes",
	};
	struct sim_node *n = script_leaf_arg(x, w[1]);
	struct findings_walk walk = { .check = 0 };
	struct zl_finding f;

	while (n && n->e && findings_vrf_next(n->e, &walk, &f))
		script_print(x, "%s %s vni %u %s: %s", n->name, f.subject, f.vni,
		    names[f.code], f.text);
}

const struct script_verb script_l3_verbs[] = {
	{ "vrf", 3, -1, cmd_vrf },
	{ "vrf-gone", 2, 2, cmd_vrf_gone },
	{ "vni-vrf", 3, -1, cmd_vni_vrf },
	{ "vni-is", 3, 4, cmd_vni_is },
	{ "route", 4, 5, cmd_route },
	{ "route-del", 3, 3, cmd_route },
	{ "reach", 3, 3, cmd_reach },
	{ "hop-lost", 2, 2, cmd_lost },
	{ "route-lost", 3, 3, cmd_lost },
	{ "tenant", 3, -1, cmd_tenant },
	{ "set", 3, 5, cmd_set },
	{ "lookup", 3, 3, cmd_lookup },
	{ "orphans", 1, 1, cmd_orphans },
	{ "vrfs", 1, 1, cmd_vrfs },
	{ "ways", 3, 3, cmd_ways },
	{ "rmacs", 2, 2, cmd_rmacs },
	{ "findings", 1, 1, cmd_findings },
};
const size_t script_l3_nverbs = ARRAY_LEN(script_l3_verbs);
