/* SPDX-License-Identifier: ISC */
/* State of BGP routes: of EVPN by RD and key, of unicast by prefix, each with its paths. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/bgp.h"
#include "bgpd/extcomm.h"
#include "lib/util.h"
#include "mgmt/rib_walk.h"
#include "mgmt/show_route_path.h"

/* What predicates ask for; members that are not set let everything through. */
struct wanted {
	const char *nlri; /* text of the key; borrowed from the path */
	bool by_rd, by_type, by_mac, by_ip, by_prefix, by_vni;
	struct rd rd;
	unsigned long type, vni;
	struct mac mac;
	struct ip ip;
	struct prefix prefix;
	bool never; /* a value is none of its kind: nothing fits */
};

struct routes_at {
	struct rib_walk *walk; /* owned; NULL: not begun */
	struct wanted want;    /* the walk's filter */
	uint32_t route;	       /* handle of the open entry */
	struct show_route s;   /* of it; good for its leaves */
};

static struct rib *
rib_of(const struct state_walk *w, unsigned family)
{
	struct bgp *b = state_engine(w)->bgp;

	return b ? bgp_rib_of(b, family) : NULL;
}

/* ---- which ---- */

static struct prefix
unicast_prefix(const struct rib_route *rt)
{
	struct prefix p = { .ip.len = 4, .plen = rt->tail[0] };

	memcpy(p.ip.b, rt->tail + 1, rt->len - 1u);
	return p;
}

/* The VNI that a path says: its first label, or that of a tunnel. */
static bool
path_vni(const struct rib *r, const struct rib_path *p, uint32_t *vni)
{
	const struct attrs *a = &attrset_get(rib_attrtab(r), p->attrs)->a;

	if (p->flags & PATH_LABEL1)
		*vni = rib_label(p->label1);
	else if (a->has & HAS_PMSI && a->pmsi_type == PMSI_INGRESS_REPLICATION)
		*vni = a->pmsi_label;
	else
		return false;
	return true;
}

static bool
evpn_fits(const struct rib *r, const struct rib_route *rt, void *arg)
{
	const struct wanted *q = arg;
	char text[EVPN_NLRI_STRLEN];
	struct evpn_nlri n;
	struct rib_key k;
	uint32_t vni;

	if (q->by_type && (rt->len == 0 || rt->tail[0] != q->type))
		return false;
	if (q->by_vni && (!path_vni(r, &rt->path, &vni) || vni != q->vni))
		return false;
	rib_route_key(r, rt, &k);
	evpn_nlri_from_key(&k.head, k.tail, k.len, &n);
	if ((q->by_rd && !rd_equal(n.rd, q->rd)) ||
	    (q->by_mac && (n.type != EVPN_MACIP || !mac_equal(n.mac, q->mac))) ||
	    (q->by_ip && (n.type == EVPN_PREFIX || !ip_equal(n.ip, q->ip))) ||
	    (q->by_prefix && (n.type != EVPN_PREFIX || n.plen != q->prefix.plen ||
				 !ip_equal(n.ip, q->prefix.ip))))
		return false;
	return !q->nlri || strcmp(evpn_nlri_format(&n, text), q->nlri) == 0;
}

static bool
number(const char *text, unsigned long *v)
{
	char *end;

	*v = strtoul(text, &end, 10);
	return end != text && !*end;
}

/* One predicate into the filter: nothing if it was not asked for. */
#define WANT(q, w, leaf, flag, parse)                                                    \
	do {                                                                             \
		const char *v = state_asked(w, leaf);                                    \
		(q)->flag = v != NULL;                                                   \
		if (v && !(parse))                                                       \
			(q)->never = true;                                               \
	} while (0)

static void
evpn_want(const struct state_walk *w, struct wanted *q)
{
	WANT(q, w, "rd", by_rd, rd_parse(v, &q->rd));
	WANT(q, w, "type", by_type, number(v, &q->type));
	WANT(q, w, "vni", by_vni, number(v, &q->vni));
	WANT(q, w, "mac", by_mac, mac_parse(v, &q->mac));
	WANT(q, w, "address", by_ip, ip_parse(v, &q->ip));
	WANT(q, w, "prefix", by_prefix, prefix_parse(v, &q->prefix));
	q->nlri = state_asked(w, "nlri");
}

static enum state_got
routes_next(struct routes_at *at)
{
	bool new_rd;

	if (at->want.never)
		return STATE_END;
	if (!rib_walk_collect(at->walk))
		return STATE_SKIP;
	at->route = rib_walk_next(at->walk, &new_rd);
	return at->route ? STATE_ENTRY : STATE_END;
}

static void
routes_end(struct state_walk *w)
{
	struct routes_at *at = state_mem(w, 0);

	rib_walk_free(at->walk);
}

/* ---- paths ---- */

struct path_at {
	int32_t peer; /* index of the one whose path is open, plus 1 */
};

/* The path of the peer with the least index from this one on, so that none comes twice whatever
 * changes between slices; not of one that is being forgotten, whose address may be there again. */
static const struct rib_path *
path_from(const struct rib *r, const struct rib_route *rt, int32_t from)
{
	const struct rib_path *best = NULL;

	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p)) {
		const struct rib_peer *src = rib_peer(r, p->peer);

		if (p->peer >= from && (src->local || src->owner) &&
		    (!best || p->peer < best->peer))
			best = p;
	}
	return best;
}

/* The route of the entry around, if it is still there. */
static const struct rib_route *
route_around(const struct state_walk *w, struct rib **rib)
{
	const struct routes_at *at = state_mem(w, 1);
	const struct rib_route *rt;

	*rib = rib_of(w, state_arg(w));
	rt = rib_route_live(*rib, at->route);
	return rt && rt->path.attrs && rt->len == at->s.key.len &&
		       memcmp(rt->tail, at->s.key.tail, rt->len) == 0
		   ? rt
		   : NULL;
}

static bool
source_fits(const struct state_walk *w, const struct rib_peer *src)
{
	const char *asked = state_asked(w, "from");
	struct ip ip;

	if (!asked)
		return true;
	if (src->local)
		return strcmp(asked, "self") == 0;
	return ip_parse(asked, &ip) && ip_equal(ip, src->addr);
}

static enum state_got
path_next(struct state_walk *w)
{
	struct path_at *at = state_mem(w, 0);
	struct rib *r;
	const struct rib_route *rt = route_around(w, &r);
	const struct rib_path *p = rt ? path_from(r, rt, at->peer) : NULL;

	if (!p)
		return STATE_END;
	at->peer = p->peer + 1;
	return source_fits(w, rib_peer(r, p->peer)) ? STATE_ENTRY : STATE_SKIP;
}

static void
leaf_text(struct state_walk *w, const char *leaf, const struct attrs *a,
    void (*format)(struct strbuf *s, const struct attrs *a))
{
	struct strbuf s;

	if (!state_wants(w, leaf))
		return;
	strbuf_init(&s);
	format(&s, a);
	if (s.len || strcmp(leaf, "as-path") == 0)
		state_str(w, leaf, s.s);
	strbuf_fini(&s);
}

static void
format_aspath(struct strbuf *s, const struct attrs *a)
{
	aspath_format(s, a->aspath, a->aspath_len);
}

static void
format_ecoms(struct strbuf *s, const struct attrs *a)
{
	ecoms_format(s, a->ecoms, a->necoms);
}

static void
leaves_attrs(struct state_walk *w, const struct show_path *sp)
{
	static const char *const origins[] = { "igp", "egp", "incomplete" };
	const struct attrs *a = sp->a;

	state_ip(w, "next-hop", a->nexthop);
	state_str(w, "origin", origins[MIN(a->origin, (uint8_t)ORIGIN_INCOMPLETE)]);
	leaf_text(w, "as-path", a, format_aspath);
	if (a->has & HAS_MED)
		state_u32(w, "med", a->med);
	if (a->has & HAS_LOCAL_PREF)
		state_u32(w, "local-preference", a->local_pref);
	leaf_text(w, "extended-communities", a, format_ecoms);
}

static void
leaves_labels(struct state_walk *w, const struct rib *r, const struct rib_path *p)
{
	uint32_t vni;

	if (!state_array(w, "label"))
		return;
	if (path_vni(r, p, &vni))
		out_uint(state_out(w), NULL, vni);
	/* A leaf-list has each value once. */
	if (p->flags & PATH_LABEL2 && rib_label(p->label2) != vni)
		out_uint(state_out(w), NULL, rib_label(p->label2));
	out_arr_end(state_out(w));
}

static void
path_leaves(struct state_walk *w)
{
	const struct path_at *at = state_mem(w, 0);
	const struct show_ctx c = { .eng = state_engine(w) };
	struct show_route s = { 0 };
	struct rib *r;
	const struct rib_path *p;
	const struct path_aux *aux;
	struct show_path sp;
	char esi[ESI_STRLEN];

	s.rt = route_around(w, &r);
	s.rib = r;
	p = path_from(r, s.rt, at->peer - 1);
	show_path_init(&sp, &c, &s, p);
	aux = rib_aux(r, p->aux);
	if (sp.src->local)
		state_str(w, "from", "self");
	else
		state_ip(w, "from", sp.src->addr);
	state_bool(w, "best", sp.best);
	state_bool(w, "usable", sp.usable);
	state_bool(w, "stale", p->flags & PATH_STALE);
	leaves_attrs(w, &sp);
	leaves_labels(w, r, p);
	if (!esi_is_zero(aux->esi))
		state_str(w, "esi", esi_format(aux->esi, esi));
	state_ip(w, "gateway", aux->gw);
	state_time(w, "last-change", (struct mono){ MONO_SEC(p->when) });
}

#define PATH_NODE(family)                                                                \
	{                                                                                \
		.name = "path", .keys = { "from" }, .arg = (family),                     \
		.size = sizeof(struct path_at), .next = path_next, .leaves = path_leaves \
	}
static const struct state_node paths[AFI_SAFI_COUNT] = {
	[AFI_SAFI_EVPN] = PATH_NODE(AFI_SAFI_EVPN),
	[AFI_SAFI_IPV4] = PATH_NODE(AFI_SAFI_IPV4),
	[AFI_SAFI_IPV6] = PATH_NODE(AFI_SAFI_IPV6),
};

/* ---- EVPN ---- */

static enum state_got
evpn_next(struct state_walk *w)
{
	struct rib *r = rib_of(w, AFI_SAFI_EVPN);
	struct routes_at *at = state_mem(w, 0);
	enum state_got got;

	if (!r)
		return STATE_END;
	if (!at->walk) {
		evpn_want(w, &at->want);
		at->walk = rib_walk_new(r, evpn_fits, &at->want);
	}
	got = routes_next(at);
	if (got == STATE_ENTRY)
		show_route_init(&at->s, r, at->route);
	return got;
}

static void
evpn_leaves(struct state_walk *w)
{
	const struct routes_at *at = state_mem(w, 0);
	const struct evpn_nlri *n = &at->s.nlri;
	char text[PREFIX_STRLEN];
	uint32_t vni;

	state_str(w, "rd", at->s.rd);
	state_str(w, "nlri", at->s.text);
	state_u32(w, "type", n->type);
	if (n->type == EVPN_EAD || n->type == EVPN_MACIP || n->type == EVPN_IMET ||
	    n->type == EVPN_PREFIX)
		state_u32(w, "ethernet-tag", n->tag);
	if (n->type == EVPN_MACIP)
		state_mac(w, "mac", n->mac);
	if (n->type == EVPN_PREFIX)
		state_str(
		    w, "prefix", prefix_format((struct prefix){ n->ip, n->plen }, text));
	else
		state_ip(w, "address", n->ip);
	if (path_vni(at->s.rib, &at->s.rt->path, &vni))
		state_u32(w, "vni", vni);
}

/* ---- unicast ---- */

static bool
unicast_fits(const struct rib *r, const struct rib_route *rt, void *arg)
{
	const struct wanted *q = arg;
	struct prefix p;

	(void)r;
	if (rt->len == 0)
		return false;
	p = unicast_prefix(rt);
	return !q->by_prefix || (p.plen == q->prefix.plen &&
				    memcmp(p.ip.b, q->prefix.ip.b, sizeof p.ip.b) == 0);
}

static enum state_got
unicast_next(struct state_walk *w)
{
	struct rib *r = rib_of(w, state_arg(w));
	struct routes_at *at = state_mem(w, 0);
	struct wanted *q = &at->want;
	enum state_got got;

	if (!r)
		return STATE_END;
	if (!at->walk) {
		WANT(q, w, "prefix", by_prefix, prefix_parse(v, &q->prefix));
		at->walk = rib_walk_new(r, unicast_fits, q);
	}
	got = routes_next(at);
	if (got == STATE_ENTRY) {
		at->s.rt = rib_route(r, at->route);
		rib_route_key(r, at->s.rt, &at->s.key);
	}
	return got;
}

static void
unicast_leaves(struct state_walk *w)
{
	const struct routes_at *at = state_mem(w, 0);
	struct prefix p = unicast_prefix(at->s.rt);
	char text[PREFIX_STRLEN];

	p.ip.len = state_arg(w) == AFI_SAFI_IPV6 ? 16 : 4;
	state_str(w, "prefix", prefix_format(p, text));
}

/* ---- the tree ---- */

static void
count_leaves(struct state_walk *w)
{
	const struct rib *r = rib_of(w, state_arg(w));

	state_u32(w, "count", r ? rib_count(r) : 0);
}

static const char *const evpn_filters[] = { "type", "vni", "mac", "address", "prefix",
	NULL };
static const struct state_node *const evpn_route_kids[] = { &paths[AFI_SAFI_EVPN], NULL };
static const struct state_node evpn_route = { .name = "route",
	.keys = { "rd", "nlri" },
	.filters = evpn_filters,
	.is_long = true,
	.arg = AFI_SAFI_EVPN,
	.size = sizeof(struct routes_at),
	.next = evpn_next,
	.leaves = evpn_leaves,
	.end = routes_end,
	.kids = evpn_route_kids };
static const struct state_node *const evpn_kids[] = { &evpn_route, NULL };
static const struct state_node evpn = { .name = "l2vpn-evpn",
	.arg = AFI_SAFI_EVPN,
	.leaves = count_leaves,
	.kids = evpn_kids };

#define ROUTE_NODE(family, children)                                                     \
	{                                                                                \
		.name = "route", .keys = { "prefix" }, .is_long = true, .arg = (family), \
		.size = sizeof(struct routes_at), .next = unicast_next,                  \
		.leaves = unicast_leaves, .end = routes_end, .kids = (children)          \
	}
static const struct state_node *const v4_paths[] = { &paths[AFI_SAFI_IPV4], NULL };
static const struct state_node *const v6_paths[] = { &paths[AFI_SAFI_IPV6], NULL };
static const struct state_node v4_route = ROUTE_NODE(AFI_SAFI_IPV4, v4_paths);
static const struct state_node v6_route = ROUTE_NODE(AFI_SAFI_IPV6, v6_paths);
static const struct state_node *const v4_kids[] = { &v4_route, NULL };
static const struct state_node *const v6_kids[] = { &v6_route, NULL };
static const struct state_node v4 = { .name = "ipv4-unicast",
	.arg = AFI_SAFI_IPV4,
	.leaves = count_leaves,
	.kids = v4_kids };
static const struct state_node v6 = { .name = "ipv6-unicast",
	.arg = AFI_SAFI_IPV6,
	.leaves = count_leaves,
	.kids = v6_kids };

static const struct state_node *const routes_kids[] = { &evpn, &v4, &v6, NULL };

const struct state_node state_routes = { .name = "routes", .kids = routes_kids };
