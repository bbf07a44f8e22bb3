/* SPDX-License-Identifier: ISC */
/* The EVPN part of the configuration. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

static enum evpn_flooding
flooding_of(const struct lyd_node *parent, enum evpn_flooding dflt)
{
	const char *v = nb_leaf(parent, "flooding");

	if (!v)
		return dflt;
	return strcmp(v, "disable") == 0 ? FLOOD_DISABLED : FLOOD_HER;
}

static void
compile_dad(const struct lyd_node *dad, struct evpn_conf *c)
{
	const char *freeze = nb_leaf(dad, "freeze");

	c->dad_enabled = conf_bool(dad, "enabled", true);
	c->dad_max_moves = conf_num(dad, "max-moves", 5);
	c->dad_time = conf_num(dad, "time", 180);
	c->dad_freeze = freeze != NULL;
	c->dad_freeze_time = conf_num(dad, "freeze", 0); /* "permanent" is no number: 0 */
}

size_t
conf_count(const struct lyd_node *first)
{
	size_t n = 0;

	for (; first; first = nb_next(first))
		n++;
	return n;
}

static bool
compile_import(const struct lyd_node *n, struct rt_match *m, struct err *e)
{
	const char *v = nb_value(n);
	unsigned long long local;

	if (strncmp(v, "*:", 2) == 0) {
		m->wildcard = true;
		if (!parse_u64(v + 2, 0, UINT32_MAX, &local))
			return conf_error(e, n, "%s is no route target", v);
		m->local = (uint32_t)local;
		return true;
	}
	return rt_parse(v, &m->rt) || conf_error(e, n, "%s is no route target", v);
}

bool
conf_imports(const struct lyd_node *entry, struct rt_match **to, size_t *n, struct err *e)
{
	const struct lyd_node *t = nb_child_first(entry, "route-target-import");

	*to = xcalloc(conf_count(t) + 1, sizeof **to);
	for (; t; t = nb_next(t))
		if (!compile_import(t, &(*to)[(*n)++], e))
			return false;
	return true;
}

bool
conf_exports(const struct lyd_node *entry, struct ecom **to, size_t *n, struct err *e)
{
	const struct lyd_node *t = nb_child_first(entry, "route-target-export");

	*to = xcalloc(conf_count(t) + 1, sizeof **to);
	for (; t; t = nb_next(t))
		if (!rt_parse(nb_value(t), &(*to)[(*n)++]))
			return conf_error(e, t, "%s is no route target", nb_value(t));
	return true;
}

enum evpn_autort
conf_autort(const struct lyd_node *entry, const char *leaf)
{
	const char *v = nb_leaf(entry, leaf);

	if (v && strcmp(v, "add-always") == 0)
		return AUTORT_ALWAYS;
	return v && strcmp(v, "add-never") == 0 ? AUTORT_NEVER : AUTORT_IF_NO_MANUAL;
}

bool
conf_rd(const struct lyd_node *entry, bool *set, struct rd *rd, struct err *e)
{
	const char *v = nb_leaf(entry, "rd");

	*set = v != NULL;
	return !v || rd_parse(v, rd) ||
	       conf_error(e, nb_child(entry, "rd"), "%s is no route distinguisher", v);
}

static bool
compile_vni(const struct lyd_node *entry, const struct evpn_conf *c, struct vni_conf *v,
    struct err *e)
{
	v->vni = conf_num(entry, "id", 0);
	v->advertise_svi_ip = conf_bool(entry, "advertise-svi-ip", c->advertise_svi_ip);
	v->advertise_default_gw =
	    conf_bool(entry, "advertise-default-gw", c->advertise_default_gw);
	v->flooding = flooding_of(entry, c->flooding);
	v->auto_import = conf_autort(entry, "auto-route-target-import");
	v->auto_export = conf_autort(entry, "auto-route-target-export");
	return conf_rd(entry, &v->rd_set, &v->rd, e) &&
	       conf_imports(entry, &v->imports, &v->nimports, e) &&
	       conf_exports(entry, &v->exports, &v->nexports, e);
}

static int
vni_cmp(const void *pa, const void *pb)
{
	const struct vni_conf *a = pa, *b = pb;

	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

bool
conf_compile_evpn(const struct lyd_node *tree, struct evpn_conf *c, struct err *e)
{
	const struct lyd_node *bgp = nb_find(tree, NB_PATH({ "bgp", NULL }));
	const struct lyd_node *evpn = nb_child(bgp, "l2vpn-evpn");
	const struct lyd_node *n = nb_child_first(evpn, "vni");

	c->as = conf_num(bgp, "as", 0);
	c->advertise_all_vni = conf_bool(evpn, "advertise-all-vni", false);
	c->advertise_svi_ip = conf_bool(evpn, "advertise-svi-ip", false);
	c->advertise_default_gw = conf_bool(evpn, "advertise-default-gw", false);
	c->autort_as = conf_num(evpn, "autort-as", 0);
	c->autort_rfc8365 = conf_bool(evpn, "autort-rfc8365", false);
	c->flooding = flooding_of(evpn, FLOOD_HER);
	compile_dad(nb_child(evpn, "dup-addr-detection"), c);
	c->resolve_overlay_index = conf_bool(evpn, "enable-resolve-overlay-index", false);
	c->probe = conf_bool(nb_child(evpn, "probe"), "enabled", true);
	c->probe_rate = conf_num(nb_child(evpn, "probe"), "rate", 500);
	c->vnis = xcalloc(conf_count(n) + 1, sizeof c->vnis[0]);
	for (; n; n = nb_next(n))
		if (!compile_vni(n, c, &c->vnis[c->nvnis++], e))
			return false;
	qsort(c->vnis, c->nvnis, sizeof c->vnis[0], vni_cmp);
	return conf_compile_vrfs(tree, c, e) && conf_check_ids(tree, c, e);
}

void
conf_free_evpn(struct evpn_conf *c)
{
	for (size_t i = 0; i < c->nvnis; i++) {
		free(c->vnis[i].imports);
		free(c->vnis[i].exports);
	}
	free(c->vnis);
	conf_free_vrfs(c);
}
