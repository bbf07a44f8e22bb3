/* SPDX-License-Identifier: ISC */
/* Routes of others in the main table, and what BGP is told of them. */
#include "config.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/afi.h"
#include "bgpd/routemap.h"
#include "lib/util.h"
#include "underlay/core.h"

void
ul_key(struct prefix p, struct rib_key *k)
{
	const unsigned bytes = (p.plen + 7u) / 8;

	k->head.len = 0;
	k->tail[0] = p.plen;
	memcpy(k->tail + 1, p.ip.b, bytes);
	k->len = (uint16_t)(1 + bytes);
}

static struct ul_source *
find(const struct underlay *u, struct prefix p, uint32_t *handle)
{
	struct hidx_it it = hidx_first(&u->source_index, ul_prefix_hash(p));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		struct ul_source *s = slab_ptr(&u->sources, h);

		if (s->prefix.plen == p.plen && ip_equal(s->prefix.ip, p.ip)) {
			*handle = h;
			return s;
		}
	}
	return NULL;
}

bool
source_has(const struct underlay *u, struct prefix p)
{
	uint32_t h;

	return find(u, p, &h) != NULL;
}

static struct ul_source *
get(struct underlay *u, struct prefix p, uint32_t *handle)
{
	struct ul_source *s = find(u, p, handle);

	if (s)
		return s;
	*handle = slab_alloc(&u->sources);
	s = slab_ptr(&u->sources, *handle);
	s->prefix = p;
	hidx_insert(&u->source_index, ul_prefix_hash(p), *handle);
	return s;
}

/* What is told. */

static const struct underlay_network *
network_of(const struct underlay_af_conf *c, struct prefix p)
{
	for (size_t i = 0; i < c->nnetworks; i++)
		if (c->networks[i].prefix.plen == p.plen &&
		    ip_equal(c->networks[i].prefix.ip, p.ip))
			return &c->networks[i];
	return NULL;
}

/* Attributes of a local route; false if the map denies it. */
static bool
apply_map(struct underlay *u, const struct rmap *m, const struct ul_source *s,
    const char *ifname, struct attrs *a)
{
	struct rmap_route r = {
		.family = s->prefix.ip.len == 4 ? AFI_SAFI_IPV4 : AFI_SAFI_IPV6,
		.prefix = s->prefix,
		.ifname = ifname,
		.attrs = a,
	};
	unsigned entry;

	if (!m)
		return true;
	entry = rmap_permits(m, &r);
	if (entry)
		rmap_set(m, entry, &u->arena, a);
	return entry != 0;
}

/* Whether it is told, and how: by `network` first, as that was said of this very prefix. */
static bool
attributes(struct underlay *u, const struct ul_source *s, struct attrs *a)
{
	const struct underlay_af_conf *c = &u->conf->af[ul_af(s->prefix)];
	const struct underlay_network *net = network_of(c, s->prefix);
	/* The address of an interface is connected, also where the table has no route for it. */
	const uint8_t kind = s->route ? s->kind : UL_CONNECTED;
	const struct underlay_redist *d = &c->redist[kind];
	const char *ifname = s->route ? s->ifname : s->addr_ifname;

	if (!s->route && !s->address)
		return false;
	*a = (struct attrs){ .has = HAS_ORIGIN | HAS_AS_PATH, .origin = ORIGIN_IGP };
	if (net)
		return apply_map(u, net->map, s, ifname, a);
	if (!d->on)
		return false;
	a->origin = ORIGIN_INCOMPLETE;
	if (d->has_metric) {
		a->has |= HAS_MED;
		a->med = d->metric;
	}
	return apply_map(u, d->map, s, ifname, a);
}

static void
tell(struct underlay *u, struct ul_source *s)
{
	struct rib *rib = u->rib[ul_af(s->prefix)];
	struct rib_path_in in = { 0 };
	struct attrs a;
	struct rib_key k;
	bool told;

	arena_reset(&u->arena);
	ul_key(s->prefix, &k);
	told = attributes(u, s, &a);
	if (told) {
		in.attrs = attrset_intern(rib_attrtab(rib), &a);
		rib_update(rib, &k, 0, &in);
	} else if (s->told) {
		rib_withdraw(rib, &k, 0);
	}
	s->told = told;
}

/* After any change of it. */
static void
changed(struct underlay *u, uint32_t h)
{
	struct ul_source *s = slab_ptr(&u->sources, h);
	struct prefix p = s->prefix;

	tell(u, s);
	if (!s->route && !s->address) {
		hidx_remove(&u->source_index, ul_prefix_hash(p), h);
		slab_free(&u->sources, h);
	}
	/* A route of BGP for it yields, or may come. */
	way_prefix_dirty(u, p);
}

/* What the data plane says. */

static uint8_t
kind_of(const struct zl_route *r)
{
	if (r->flags & ZL_ROUTE_CONNECTED)
		return UL_CONNECTED;
	return r->proto == RTPROT_STATIC || r->proto == RTPROT_BOOT ? UL_STATIC
								    : UL_KERNEL;
}

void
source_route(struct underlay *u, const struct zl_route *r)
{
	struct ul_source *s;
	uint32_t h;

	if (r->table != UL_TABLE)
		return;
	if (r->op == ZL_DEL) {
		s = find(u, r->prefix, &h);
		if (!s || !s->route)
			return;
		s->route = false;
		changed(u, h);
		return;
	}
	s = get(u, r->prefix, &h);
	s->route = s->seen_route = true;
	s->kind = kind_of(r);
	s->gateway = r->gateway;
	s->metric = r->metric;
	snprintf(s->ifname, sizeof s->ifname, "%s", r->ifname);
	changed(u, h);
}

/* The kernel makes a route for the subnet of an address, and says that one; for a host address in
 * IPv4 there is none in the main table. */
void
source_address(struct underlay *u, const struct zl_addr *a)
{
	struct prefix p = a->addr;
	struct ul_source *s;
	uint32_t h;

	if (p.plen != 32 || p.ip.len != 4 || ip_is_loopback(p.ip) ||
	    ip_is_linklocal(p.ip))
		return;
	if (a->op == ZL_DEL) {
		s = find(u, p, &h);
		if (!s || !s->address || strcmp(s->addr_ifname, a->ifname) != 0)
			return;
		s->address = false;
		changed(u, h);
		return;
	}
	s = get(u, p, &h);
	s->address = s->seen_address = true;
	snprintf(s->addr_ifname, sizeof s->addr_ifname, "%s", a->ifname);
	changed(u, h);
}

void
source_begin(struct underlay *u)
{
	for (uint32_t h = 0; (h = slab_next(&u->sources, h)) != 0;) {
		struct ul_source *s = slab_ptr(&u->sources, h);

		s->seen_route = s->seen_address = false;
	}
}

void
source_end(struct underlay *u)
{
	for (uint32_t h = 0; (h = slab_next(&u->sources, h)) != 0;) {
		struct ul_source *s = slab_ptr(&u->sources, h);

		if (s->route == s->seen_route && s->address == s->seen_address)
			continue;
		s->route = s->seen_route;
		s->address = s->seen_address;
		changed(u, h);
	}
}

void
source_all(struct underlay *u)
{
	for (uint32_t h = 0; (h = slab_next(&u->sources, h)) != 0;)
		tell(u, slab_ptr(&u->sources, h));
}
