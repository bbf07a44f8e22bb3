/* SPDX-License-Identifier: ISC */
/* From the validated tree to struct conf: the program and the speaker. */
#include "config.h"

#include "mgmt/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

static const struct conf_profile traditional = { 60, 180, 120, false, false, true };
static const struct conf_profile datacenter = { 3, 9, 10, true, true, false };

const struct conf_profile *
conf_profile(const struct lyd_node *tree)
{
	const char *v = nb_get(tree, NB_PATH({ "system", NULL }, { "defaults", NULL }));

	return v && strcmp(v, "datacenter") == 0 ? &datacenter : &traditional;
}

bool
conf_bool(const struct lyd_node *parent, const char *leaf, bool dflt)
{
	const char *v = nb_leaf(parent, leaf);

	return v ? strcmp(v, "true") == 0 : dflt;
}

uint32_t
conf_num(const struct lyd_node *parent, const char *leaf, uint32_t dflt)
{
	const char *v = nb_leaf(parent, leaf);
	unsigned long long n;

	return v && parse_u64(v, 0, UINT32_MAX, &n) ? (uint32_t)n : dflt;
}

char *
conf_text(const struct lyd_node *parent, const char *leaf)
{
	const char *v = nb_leaf(parent, leaf);

	return v ? xstrdup(v) : NULL;
}

bool
conf_error(struct err *e, const struct lyd_node *node, const char *fmt, ...)
{
	va_list ap;
	char *path;

	if (!e || e->text[0])
		return false;
	path = nb_node_path(node);
	snprintf(e->path, sizeof e->path, "%s", path);
	free(path);
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	return false;
}

/* ---- the program ---- */

/* Eight levels of the dialect are four of ours. */
static int
log_level_of(const char *name)
{
	static const struct {
		const char *name;
		int level;
	} levels[] = {
		{ "warnings", LOG_LVL_WARN },
		{ "notifications", LOG_LVL_INFO },
		{ "informational", LOG_LVL_INFO },
		{ "debugging", LOG_LVL_DEBUG },
	};

	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (strcmp(levels[i].name, name) == 0)
			return levels[i].level;
	return LOG_LVL_ERROR;
}

/* The most detailed of all destinations; they share one level. */
static void
compile_log(const struct lyd_node *log, struct conf *c)
{
	static const char *const where[] = { "file", "syslog", "stdout" };
	int level = -1;

	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		const char *l = nb_leaf(nb_child(log, where[i]), "level");

		if (l)
			level = MAX(level, log_level_of(l));
	}
	c->log_level = level < 0 ? LOG_LVL_INFO : level;
	c->log_file = conf_text(nb_child(log, "file"), "path");
	c->log_syslog = nb_child(log, "syslog") != NULL;
}

/* ---- the speaker ---- */

uint32_t
conf_dotted(const char *v)
{
	unsigned long long n;
	struct ip ip;

	if (!v)
		return 0;
	if (ip_parse(v, &ip))
		return ip_v4_host(ip);
	return parse_u64(v, 0, UINT32_MAX, &n) ? (uint32_t)n : 0;
}

static void
compile_timers(
    const struct lyd_node *bgp, const struct conf_profile *prof, struct bgp_conf *c)
{
	const struct lyd_node *timers = nb_child(bgp, "timers");
	const struct lyd_node *gr = nb_child(bgp, "graceful-restart");
	const char *mode = nb_leaf(gr, "mode");

	c->keepalive = (uint16_t)conf_num(timers, "keepalive", prof->keepalive);
	c->hold = (uint16_t)conf_num(timers, "hold", prof->hold);
	c->connect_retry = prof->connect;
	c->graceful_restart = !mode || strcmp(mode, "enabled") == 0;
	c->gr_restart_time = (uint16_t)conf_num(gr, "restart-time", 120);
	c->gr_stalepath_time = (uint16_t)conf_num(gr, "stalepath-time", 360);
}

static bool
compile_bgp(const struct lyd_node *tree, const struct lyd_node *bgp,
    const struct conf_profile *prof, struct bgp_conf *c, struct err *e)
{
	const struct lyd_node *dflt = nb_child(bgp, "default");
	const struct lyd_node *best = nb_child(bgp, "bestpath");

	c->enabled = true;
	c->as = conf_num(bgp, "as", 0);
	c->router_id = conf_dotted(nb_leaf(bgp, "router-id"));
	if (nb_leaf(bgp, "router-id") && c->router_id == 0)
		return conf_error(
		    e, nb_child(bgp, "router-id"), "the router identifier cannot be 0");
	c->cluster_id = conf_dotted(nb_leaf(bgp, "cluster-id"));
	c->client_to_client = conf_bool(bgp, "client-to-client-reflection", true);
	c->log_neighbor_changes =
	    conf_bool(bgp, "log-neighbor-changes", prof->log_neighbor_changes);
	c->default_ipv4_unicast = conf_bool(dflt, "ipv4-unicast", true);
	c->default_ipv6_unicast = conf_bool(dflt, "ipv6-unicast", false);
	c->default_l2vpn_evpn = conf_bool(dflt, "l2vpn-evpn", false);
	c->default_local_pref = conf_num(dflt, "local-preference", 100);
	c->ebgp_requires_policy =
	    conf_bool(bgp, "ebgp-requires-policy", prof->ebgp_requires_policy);
	c->always_compare_med = conf_bool(bgp, "always-compare-med", false);
	c->deterministic_med =
	    conf_bool(bgp, "deterministic-med", prof->deterministic_med);
	c->compare_router_id = conf_bool(best, "compare-routerid", false);
	c->multipath_relax = conf_bool(best, "as-path-multipath-relax", false);
	c->listen_limit = conf_num(nb_child(bgp, "listen"), "limit", 100);
	compile_timers(bgp, prof, c);
	return conf_compile_peers(tree, bgp, c, e);
}

struct conf *
conf_compile_expanded(const struct lyd_node *tree, struct err *e)
{
	const struct lyd_node *system = nb_find(tree, NB_PATH({ "system", NULL }));
	const struct lyd_node *bgp = nb_find(tree, NB_PATH({ "bgp", NULL }));
	const struct conf_profile *prof = conf_profile(tree);
	struct conf *c = xcalloc(1, sizeof *c);
	bool ok = true;

	c->hostname = conf_text(system, "hostname");
	compile_log(nb_child(system, "log"), c);
	c->fdb_nexthop_ids =
	    conf_bool(nb_child(system, "kernel"), "fdb-nexthop-ids", false);
	c->bgp.listen_port = 179;
	if (c->hostname)
		c->bgp.hostname = xstrdup(c->hostname);
	if (bgp)
		ok = compile_bgp(tree, bgp, prof, &c->bgp, e);
	ok = ok && conf_check_policies(tree, e) &&
	     conf_compile_unicast(tree, &c->underlay, e) &&
	     conf_compile_evpn(tree, &c->evpn, e);
	if (ok)
		return c;
	conf_free(c);
	return NULL;
}

struct conf *
conf_compile(const struct lyd_node *tree, struct err *e)
{
	struct prov_conf prov = { 0 };
	struct lyd_node *all = NULL;
	struct conf *c = NULL;

	if (!conf_has_tenants(tree))
		return conf_compile_expanded(tree, e);
	if (conf_compile_tenants(tree, &prov, e) && (all = conf_expand(tree, e)))
		c = conf_compile_expanded(all, e);
	if (c)
		c->prov = prov;
	else
		conf_free_tenants(&prov);
	if (!c)
		conf_blame(tree, e);
	nb_tree_free(all);
	return c;
}

void
conf_free(struct conf *c)
{
	if (!c)
		return;
	conf_free_peers(&c->bgp);
	conf_free_evpn(&c->evpn);
	conf_free_unicast(&c->underlay);
	conf_free_tenants(&c->prov);
	free(c->bgp.hostname);
	free(c->hostname);
	free(c->log_file);
	free(c);
}
