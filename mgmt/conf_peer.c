/* SPDX-License-Identifier: ISC */
/* Neighbours, peer-groups and listen ranges: inheritance is resolved here. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

/* Where a peer's settings come from: its own entry, then its peer-group's. */
struct source {
	const struct lyd_node *own;   /* neighbor or peer-group entry */
	const struct lyd_node *group; /* peer-group entry or NULL */
};

/* The same container of both. */
static struct source
sub(const struct source *s, const char *container)
{
	return (
	    struct source){ nb_child(s->own, container), nb_child(s->group, container) };
}

/* The entry that says this leaf. */
static const struct lyd_node *
sayer(const struct source *s, const char *leaf)
{
	return nb_leaf(s->own, leaf) || !s->group ? s->own : s->group;
}

static bool
get_bool(const struct source *s, const char *leaf, bool dflt)
{
	return conf_bool(sayer(s, leaf), leaf, dflt);
}

static uint32_t
get_num(const struct source *s, const char *leaf, uint32_t dflt)
{
	return conf_num(sayer(s, leaf), leaf, dflt);
}

static const char *
get_value(const struct source *s, const char *leaf)
{
	return nb_leaf(sayer(s, leaf), leaf);
}

static char *
get_text(const struct source *s, const char *leaf)
{
	return conf_text(sayer(s, leaf), leaf);
}

/* ---- one peer ---- */

static void
compile_max_prefix(const struct source *af, struct peer_af_conf *c)
{
	struct source s = sub(af, "maximum-prefix");
	const struct lyd_node *m =
	    sayer(&s, "limit"); /* the limit and its details go together */

	c->max_prefix = conf_num(m, "limit", 0);
	c->max_prefix_threshold = (uint8_t)conf_num(m, "threshold", 75);
	c->max_prefix_warn_only = conf_bool(m, "warning-only", false);
	c->max_prefix_restart = (uint16_t)conf_num(m, "restart", 0);
}

static uint32_t
route_types(const struct source *af)
{
	const struct lyd_node *n = nb_child_first(af->own, "route-type");
	uint32_t mask = 0;

	if (!n)
		n = nb_child_first(af->group, "route-type");
	if (!n)
		return UINT32_MAX;
	for (; n; n = nb_next(n)) {
		unsigned long long t;

		if (parse_u64(nb_value(n), 0, 31, &t))
			mask |= (uint32_t)1 << t;
	}
	return mask;
}

/* The words go together. */
static void
compile_private(const struct source *af, struct peer_af_conf *c)
{
	struct source s = sub(af, "remove-private-as");
	const struct lyd_node *n =
	    nb_child(af->own, "remove-private-as") ? s.own : s.group;

	c->remove_private = n != NULL;
	c->remove_private_all = conf_bool(n, "all", false);
	c->replace_private = conf_bool(n, "replace-as", false);
}

/* Map and lists of each direction as one. */
static bool
compile_maps(const struct lyd_node *tree, const struct source *af,
    struct conf_rmap_for *who, struct peer_af_conf *c, struct err *e)
{
	who->plist = get_value(af, "prefix-list-in");
	who->aspaths = get_value(af, "filter-list-in");
	if (!conf_rmap_for(tree, get_value(af, "route-map-in"), who, &c->map_in, e))
		return false;
	who->plist = get_value(af, "prefix-list-out");
	who->aspaths = get_value(af, "filter-list-out");
	return conf_rmap_for(tree, get_value(af, "route-map-out"), who, &c->map_out, e);
}

static bool
compile_af(const struct lyd_node *tree, const struct source *s, const char *family,
    bool activate, struct conf_rmap_for *who, struct peer_af_conf *c, struct err *e)
{
	struct source af = sub(s, family);

	c->activate = get_bool(&af, "activate", activate);
	c->rr_client = get_bool(&af, "route-reflector-client", false);
	c->soft_reconf_in = get_bool(&af, "soft-reconfiguration-inbound", false);
	c->next_hop_self = get_bool(&af, "next-hop-self", false);
	c->allowas_in = (uint8_t)get_num(&af, "allowas-in", 0);
	c->allowas_in_origin = get_bool(&af, "allowas-in-origin", false);
	c->route_types = route_types(&af);
	c->as_override = get_bool(&af, "as-override", false);
	c->weight = get_num(&af, "weight", 0);
	compile_private(&af, c);
	compile_max_prefix(&af, c);
	return compile_maps(tree, &af, who, c, e);
}

static bool
compile_families(const struct lyd_node *tree, const struct source *s,
    const struct bgp_conf *c, struct peer_conf *p, struct err *e)
{
	struct conf_rmap_for who = { .addr = p->addr, .group = p->group };
	struct conf_rmap_for who6 = { .addr = p->addr, .group = p->group, .v6 = true };

	return compile_af(
		   tree, s, "l2vpn-evpn", c->default_l2vpn_evpn, &who, &p->evpn, e) &&
	       compile_af(
		   tree, s, "ipv4-unicast", c->default_ipv4_unicast, &who, &p->ipv4, e) &&
	       compile_af(
		   tree, s, "ipv6-unicast", c->default_ipv6_unicast, &who6, &p->ipv6, e);
}

static void
compile_remote_as(const struct source *s, struct peer_conf *p)
{
	const char *v = get_value(s, "remote-as");
	unsigned long long as;

	if (!v)
		return;
	if (strcmp(v, "internal") == 0) {
		p->remote_as_type = REMOTE_AS_INTERNAL;
	} else if (strcmp(v, "external") == 0) {
		p->remote_as_type = REMOTE_AS_EXTERNAL;
	} else if (parse_u64(v, 1, UINT32_MAX, &as)) {
		p->remote_as_type = REMOTE_AS_NUMBER;
		p->remote_as = (uint32_t)as;
	}
}

static void
compile_source(const struct source *s, struct peer_conf *p)
{
	const char *v = get_value(s, "update-source");

	if (v && !ip_parse(v, &p->update_source))
		p->update_source_if = xstrdup(v);
}

/* Keepalive and hold time come as a pair from one place. */
static void
compile_peer_timers(const struct source *s, const struct bgp_conf *c, struct peer_conf *p)
{
	struct source t = sub(s, "timers");
	const struct lyd_node *pair = sayer(&t, "hold");

	p->hold = (uint16_t)conf_num(pair, "hold", c->hold);
	p->keepalive = (uint16_t)conf_num(pair, "keepalive", c->keepalive);
	p->connect_retry = (uint16_t)get_num(&t, "connect", c->connect_retry);
}

static void
compile_transport(const struct source *s, struct peer_conf *p)
{
	p->port = (uint16_t)get_num(s, "port", 179);
	p->ebgp_multihop = (uint8_t)get_num(s, "ebgp-multihop", 0);
	p->ttl_security = (uint8_t)get_num(s, "ttl-security", 0);
	p->disable_connected_check = get_bool(s, "disable-connected-check", false);
	p->enforce_first_as = get_bool(s, "enforce-first-as", false);
	p->passive = get_bool(s, "passive", false);
	p->password = get_text(s, "password");
	compile_source(s, p);
}

static bool
compile_peer(const struct lyd_node *tree, const struct source *s,
    const struct bgp_conf *c, struct peer_conf *p, struct err *e)
{
	p->description = get_text(s, "description");
	p->shutdown = get_bool(s, "shutdown", false);
	if (p->shutdown)
		p->shutdown_msg = get_text(s, "shutdown-message");
	compile_remote_as(s, p);
	compile_transport(s, p);
	compile_peer_timers(s, c, p);
	return compile_families(tree, s, c, p, e);
}

/* A family of address must fit: an IPv6 session cannot start from an IPv4 address. */
static bool
check_peer(const struct lyd_node *entry, const struct peer_conf *p, struct err *e)
{
	if (p->remote_as_type == REMOTE_AS_NONE)
		return conf_error(e, entry,
		    "%s has no remote-as of its own or of a peer-group", nb_key(entry));
	if (p->update_source.len && p->addr.len && p->update_source.len != p->addr.len)
		return conf_error(e, entry,
		    "%s: the update-source is of another address family", nb_key(entry));
	if (p->addr.len && (ip_is_zero(p->addr) || ip_is_multicast(p->addr)))
		return conf_error(
		    e, entry, "%s is no address of a neighbour", nb_key(entry));
	return true;
}

/* ---- all of them ---- */

static size_t
count(const struct lyd_node *first)
{
	size_t n = 0;

	for (; first; first = nb_next(first))
		n++;
	return n;
}

static const struct lyd_node *
group_find(const struct lyd_node *bgp, const char *name)
{
	const struct lyd_node *g = nb_child_first(bgp, "peer-group");

	while (g && name && strcmp(nb_key(g), name) != 0)
		g = nb_next(g);
	return name ? g : NULL;
}

static int
peer_cmp(const void *a, const void *b)
{
	return ip_cmp(
	    ((const struct peer_conf *)a)->addr, ((const struct peer_conf *)b)->addr);
}

static bool
compile_neighbors(const struct lyd_node *tree, const struct lyd_node *bgp,
    struct bgp_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(bgp, "neighbor");

	c->peers = xcalloc(count(n) + 1, sizeof c->peers[0]);
	for (; n; n = nb_next(n)) {
		struct peer_conf *p = &c->peers[c->npeers++];
		struct source s = { n, group_find(bgp, nb_leaf(n, "peer-group")) };

		p->group = conf_text(n, "peer-group");
		if (!ip_parse(nb_key(n), &p->addr))
			return conf_error(e, n, "%s is no address", nb_key(n));
		if (!compile_peer(tree, &s, c, p, e) || !check_peer(n, p, e))
			return false;
	}
	qsort(c->peers, c->npeers, sizeof c->peers[0], peer_cmp);
	return true;
}

/* The template of a peer-group; made when its first range is seen. */
static bool
template_get(const struct lyd_node *tree, const struct lyd_node *bgp,
    const struct lyd_node *range, struct bgp_conf *c, size_t *idx, struct err *e)
{
	const char *name = nb_leaf(range, "peer-group");
	const struct lyd_node *g = group_find(bgp, name);
	struct source s = { g, NULL };
	struct peer_conf *p;

	for (*idx = 0; *idx < c->ntemplates; (*idx)++)
		if (strcmp(c->templates[*idx].group, name) == 0)
			return true;
	if (!g)
		return conf_error(
		    e, range, "there is no peer-group %s", name ? name : "");
	p = &c->templates[c->ntemplates++];
	p->group = xstrdup(name);
	return compile_peer(tree, &s, c, p, e) && check_peer(g, p, e);
}

/* Longest prefix first, so that the first range that fits is the right one. */
static int
range_cmp(const void *pa, const void *pb)
{
	const struct listen_range_conf *a = pa, *b = pb;

	if (a->range.plen != b->range.plen)
		return b->range.plen - a->range.plen;
	return ip_cmp(a->range.ip, b->range.ip);
}

static bool
compile_ranges(const struct lyd_node *tree, const struct lyd_node *bgp,
    struct bgp_conf *c, struct err *e)
{
	const struct lyd_node *n = nb_child_first(nb_child(bgp, "listen"), "range");
	size_t room = count(n) + 1;

	c->ranges = xcalloc(room, sizeof c->ranges[0]);
	c->templates = xcalloc(room, sizeof c->templates[0]);
	for (; n; n = nb_next(n)) {
		struct listen_range_conf *r = &c->ranges[c->nranges++];

		if (!prefix_parse(nb_key(n), &r->range))
			return conf_error(e, n, "%s is no prefix", nb_key(n));
		if (!template_get(tree, bgp, n, c, &r->template_idx, e))
			return false;
	}
	qsort(c->ranges, c->nranges, sizeof c->ranges[0], range_cmp);
	return true;
}

bool
conf_compile_peers(const struct lyd_node *tree, const struct lyd_node *bgp,
    struct bgp_conf *c, struct err *e)
{
	return compile_neighbors(tree, bgp, c, e) && compile_ranges(tree, bgp, c, e);
}

static void
peer_conf_fini(struct peer_conf *p)
{
	free(p->group);
	free(p->description);
	free(p->update_source_if);
	free(p->shutdown_msg);
	free(p->password);
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		rmap_unref(p->af[f].map_in);
		rmap_unref(p->af[f].map_out);
	}
}

void
conf_free_peers(struct bgp_conf *c)
{
	for (size_t i = 0; i < c->npeers; i++)
		peer_conf_fini(&c->peers[i]);
	for (size_t i = 0; i < c->ntemplates; i++)
		peer_conf_fini(&c->templates[i]);
	free(c->peers);
	free(c->templates);
	free(c->ranges);
}
