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

static size_t
count(const struct lyd_node *first)
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

static bool
compile_targets(const struct lyd_node *entry, struct vni_conf *v, struct err *e)
{
	const struct lyd_node *n = nb_child_first(entry, "route-target-import");

	v->imports = xcalloc(count(n) + 1, sizeof v->imports[0]);
	for (; n; n = nb_next(n))
		if (!compile_import(n, &v->imports[v->nimports++], e))
			return false;
	n = nb_child_first(entry, "route-target-export");
	v->exports = xcalloc(count(n) + 1, sizeof v->exports[0]);
	for (; n; n = nb_next(n))
		if (!rt_parse(nb_value(n), &v->exports[v->nexports++]))
			return conf_error(e, n, "%s is no route target", nb_value(n));
	return true;
}

static bool
compile_vni(const struct lyd_node *entry, const struct evpn_conf *c, struct vni_conf *v,
    struct err *e)
{
	const char *rd = nb_leaf(entry, "rd");

	v->vni = conf_num(entry, "id", 0);
	v->rd_set = rd != NULL;
	if (rd && !rd_parse(rd, &v->rd))
		return conf_error(
		    e, nb_child(entry, "rd"), "%s is no route distinguisher", rd);
	v->advertise_svi_ip = conf_bool(entry, "advertise-svi-ip", c->advertise_svi_ip);
	v->advertise_default_gw =
	    conf_bool(entry, "advertise-default-gw", c->advertise_default_gw);
	v->flooding = flooding_of(entry, c->flooding);
	return compile_targets(entry, v, e);
}

/* The entry that has this number. */
static const struct lyd_node *
vni_entry(const struct lyd_node *evpn, uint32_t vni)
{
	const struct lyd_node *n = nb_child_first(evpn, "vni");

	while (n && conf_num(n, "id", 0) != vni)
		n = nb_next(n);
	return n;
}

static int
vni_rd_cmp(const void *pa, const void *pb)
{
	const struct vni_conf *a = *(const struct vni_conf *const *)pa;
	const struct vni_conf *b = *(const struct vni_conf *const *)pb;

	return rd_cmp(a->rd, b->rd);
}

/* RFC 7432 7.9: an RD is of one instance; two with the same would overwrite each other's routes. */
static bool
check_rds(const struct lyd_node *evpn, const struct evpn_conf *c, struct err *e)
{
	const struct vni_conf **set = xcalloc(c->nvnis + 1, sizeof *set);
	bool ok = true;
	size_t n = 0;

	for (size_t i = 0; i < c->nvnis; i++)
		if (c->vnis[i].rd_set)
			set[n++] = &c->vnis[i];
	qsort(set, n, sizeof *set, vni_rd_cmp);
	for (size_t i = 1; i < n && ok; i++)
		if (rd_equal(set[i - 1]->rd, set[i]->rd))
			ok = conf_error(e, nb_child(vni_entry(evpn, set[i]->vni), "rd"),
			    "VNI %u has the route distinguisher of VNI %u", set[i]->vni,
			    set[i - 1]->vni);
	free(set);
	return ok;
}

static int
vni_cmp(const void *pa, const void *pb)
{
	const struct vni_conf *a = pa, *b = pb;

	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

bool
conf_compile_evpn(const struct lyd_node *bgp, struct evpn_conf *c, struct err *e)
{
	const struct lyd_node *evpn = nb_child(bgp, "l2vpn-evpn");
	const struct lyd_node *n = nb_child_first(evpn, "vni");

	c->as = conf_num(bgp, "as", 0);
	c->advertise_all_vni = conf_bool(evpn, "advertise-all-vni", false);
	c->advertise_svi_ip = conf_bool(evpn, "advertise-svi-ip", false);
	c->advertise_default_gw = conf_bool(evpn, "advertise-default-gw", false);
	c->autort_rfc8365 = conf_bool(evpn, "autort-rfc8365", false);
	c->flooding = flooding_of(evpn, FLOOD_HER);
	compile_dad(nb_child(evpn, "dup-addr-detection"), c);
	c->vnis = xcalloc(count(n) + 1, sizeof c->vnis[0]);
	for (; n; n = nb_next(n))
		if (!compile_vni(n, c, &c->vnis[c->nvnis++], e))
			return false;
	qsort(c->vnis, c->nvnis, sizeof c->vnis[0], vni_cmp);
	return check_rds(evpn, c, e);
}

void
conf_free_evpn(struct evpn_conf *c)
{
	for (size_t i = 0; i < c->nvnis; i++) {
		free(c->vnis[i].imports);
		free(c->vnis[i].exports);
	}
	free(c->vnis);
}
