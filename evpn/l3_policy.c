/* SPDX-License-Identifier: ISC */
/* Which prefixes of a VRF BGP is told of, and what its route-maps make of them. */
#include "config.h"

#include "bgpd/afi.h"
#include "bgpd/routemap.h"
#include "evpn/core.h"
#include "lib/util.h"

/* RTPROT_* of rtnetlink: part of the kernel's interface. */
enum { PROT_BOOT = 3, PROT_STATIC = 4, PROT_BGP = 186, PROT_OSPF = 188 };

const struct vrf_af_conf *
l3_family(const struct vrf *v, const struct l3_prefix *p)
{
	return v->conf ? &v->conf->af[p->iplen == 16] : NULL;
}

/* --- policies --- */

static void
begin(struct l3_said *s, uint8_t origin, const struct l3_local *l)
{
	*s = (struct l3_said){
		.a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF,
		    .origin = origin,
		    .local_pref = 100 },
		.plain = true,
		.route = l,
	};
}

/* False if the map denies the prefix, which leads to `ifname` or nowhere, and is another VRF's or
 * not (NULL). */
static bool
apply_from(struct evpn *e, const struct rmap *m, struct prefix q, const char *ifname,
    const struct vrf *from, struct l3_said *s)
{
	const struct rmap_route r = {
		.family = q.ip.len == 4 ? AFI_SAFI_IPV4 : AFI_SAFI_IPV6,
		.prefix = q,
		.ifname = ifname,
		.vrf = from ? from->name : NULL,
		.becomes_prefix = true,
		.attrs = &s->a,
	};
	unsigned entry;

	if (!m)
		return true;
	entry = rmap_permits(m, &r);
	if (entry == 0)
		return false;
	s->plain = false;
	rmap_set(m, entry, &e->l3.arena, &s->a);
	rmap_gateway(m, entry, q.ip.len == 16, &s->gateway);
	return true;
}

static bool
apply(struct evpn *e, const struct rmap *m, struct prefix q, const char *ifname,
    struct l3_said *s)
{
	return apply_from(e, m, q, ifname, NULL, s);
}

static bool
apply_policy(struct evpn *e, const struct vrf_policy *p, struct prefix q,
    const char *ifname, struct l3_said *s)
{
	if (p->has_metric) {
		s->a.has |= HAS_MED;
		s->a.med = p->metric;
		s->plain = false;
	}
	return apply(e, p->map, q, ifname, s);
}

bool
l3_imports(struct evpn *e, const struct vrf *v, struct prefix q, const struct l3_local *l,
    const struct vrf *from)
{
	struct l3_said s;

	begin(&s, ORIGIN_INCOMPLETE, l);
	return apply_from(
	    e, v->conf->af[q.ip.len == 16].import_map, q, l->ifname, from, &s);
}

/* --- the VRF's own table of BGP --- */

/* The number of its REDIST_* bit. */
static unsigned
redist_of(const struct l3_local *l)
{
	static const struct {
		uint8_t proto;
		unsigned bit;
	} bits[] = {
		{ PROT_BOOT, REDIST_STATIC },
		{ PROT_STATIC, REDIST_STATIC },
		{ PROT_BGP, REDIST_BGP },
		{ PROT_OSPF, REDIST_OSPF },
	};
	unsigned bit = l->flags & ZL_ROUTE_CONNECTED ? REDIST_CONNECTED : REDIST_KERNEL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bits) && bit == REDIST_KERNEL; i++)
		if (bits[i].proto == l->proto)
			bit = bits[i].bit;
	return (unsigned)__builtin_ctz(bit);
}

static bool
sayable(const struct prefix *p)
{
	return !(p->plen && (ip_is_linklocal(p->ip) || ip_is_multicast(p->ip) ||
				ip_is_loopback(p->ip)));
}

static bool
by_network(struct evpn *e, const struct vrf_af_conf *af, struct prefix q,
    const struct l3_local *l, struct l3_said *s)
{
	size_t i;

	for (i = 0; i < af->nnetworks; i++) {
		const struct network_conf *n = &af->networks[i];

		if (n->prefix.plen != q.plen || !ip_equal(n->prefix.ip, q.ip))
			continue;
		begin(s, ORIGIN_IGP, l);
		return apply(e, n->map, q, l ? l->ifname : NULL, s);
	}
	return false;
}

bool
l3_by_table(
    struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s)
{
	const struct vrf_af_conf *af = l3_family(v, p);
	const struct prefix q = l3_prefix_of(p);
	size_t i;

	if (!(p->flags & PFX_TABLE) || !af || !sayable(&q))
		return false;
	arena_reset(&e->l3.arena);
	for (i = 0; i < af->ntables; i++) {
		const struct table_conf *t = &af->tables[i];
		const struct l3_local *l = ktables_find(e, t->table, &q);

		if (!l)
			continue;
		begin(s, ORIGIN_INCOMPLETE, l);
		if (apply_policy(e, &t->policy, q, l->ifname, s))
			return true;
	}
	return false;
}

/* What its record of a route, its own or another VRF's, is chosen for. */
static bool
by_route(struct evpn *e, const struct vrf_af_conf *af, const struct l3_prefix *p,
    const struct l3_local *l, struct l3_said *s)
{
	const struct prefix q = l3_prefix_of(p);
	unsigned source;

	begin(s, ORIGIN_INCOMPLETE, l);
	if (p->flags & PFX_LEAK)
		return apply_from(
		    e, af->import_map, q, l->ifname, e->vrfs.slots[l->from], s);
	source = redist_of(l);
	return af->redistribute >> source & 1 &&
	       apply_policy(e, &af->redist[source], q, l->ifname, s);
}

bool
l3_chosen(
    struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s)
{
	const struct vrf_af_conf *af = l3_family(v, p);
	const struct l3_local *l = p->local ? l3_local_at(&e->l3, p->local) : NULL;
	const struct prefix q = l3_prefix_of(p);

	arena_reset(&e->l3.arena);
	if (!af || !sayable(&q))
		return false;
	if ((l || p->target) && by_network(e, af, q, l, s))
		return true;
	return (l && by_route(e, af, p, l, s)) || l3_by_table(e, v, p, s);
}

/* --- what leaves it as type 5 --- */

bool
l3_agg_contains(const struct vrf_agg *a, const struct prefix *p)
{
	return a->conf.prefix.ip.len == p->ip.len && p->plen > a->conf.prefix.plen &&
	       prefix_contains(a->conf.prefix, p->ip);
}

static bool
aggregated(struct evpn *e, const struct vrf *v, struct prefix q, const struct l3_local *l,
    struct l3_said *s)
{
	size_t i;

	for (i = 0; i < v->naggs; i++) {
		const struct vrf_agg *a = &v->aggs[i];

		if (a->inside && a->conf.prefix.plen == q.plen &&
		    ip_equal(a->conf.prefix.ip, q.ip)) {
			begin(s, ORIGIN_IGP, l);
			return apply(e, a->conf.map, q, NULL, s);
		}
	}
	return false;
}

static bool
suppressed(const struct vrf *v, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < v->naggs; i++)
		if (v->aggs[i].conf.summary_only && l3_agg_contains(&v->aggs[i], p))
			return true;
	return false;
}

bool
l3_say(struct evpn *e, const struct vrf *v, const struct l3_prefix *p, struct l3_said *s)
{
	const struct vrf_af_conf *af = l3_family(v, p);
	const struct l3_local *l = p->local ? l3_local_at(&e->l3, p->local) : NULL;
	const struct prefix q = l3_prefix_of(p);

	if (!v->ident.on || !af)
		return false;
	if (q.plen == 0 && af->default_originate) {
		begin(s, ORIGIN_IGP, l);
		return true;
	}
	if (!af->advertise)
		return false;
	arena_reset(&e->l3.arena);
	if (!aggregated(e, v, q, l, s) && (suppressed(v, &q) || !l3_chosen(e, v, p, s)))
		return false;
	return apply(e, af->advertise_map, q, s->route ? s->route->ifname : NULL, s);
}
