/* SPDX-License-Identifier: ISC */
/* Records of VRFs that do not change; see the header. */
#include "config.h"

#include "tests/unit/show_l3_fake.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"

static uint32_t route;

void
show_l3_fake(uint32_t rib_route)
{
	route = rib_route;
}

static struct ip
ip(const char *s)
{
	struct ip a;

	ck_assert_msg(ip_parse(s, &a), "%s", s);
	return a;
}

static struct mac
mac(unsigned n)
{
	return (struct mac){ { 2, 0, 0, 0, 0x40, (uint8_t)n } };
}

/* ---- VRFs ---- */

static const struct zl_vni l3vni = { .vni = 4001,
	.vxlan = "vx4001",
	.vxlan_ifindex = 9,
	.bridge = "br0",
	.bridge_ifindex = 4,
	.vid = 3001,
	.svi = "vlan3001",
	.svi_ifindex = 10,
	.vrf = "red" };
static const struct vrf_conf red_conf = { .name = "red", .l3vni = 4001, .bgp = true };
static const struct vrf_conf blue_conf = {
	.name = "blue", .l3vni = 4002, .prefix_routes_only = true
};
static struct rt_match imports[2];
static struct ecom exports[1];

static void
vrf_red(struct evpn_show_vrf *v)
{
	*v = (struct evpn_show_vrf){ .name = "red",
		.conf = &red_conf,
		.observed = true,
		.ifindex = 3,
		.table = 1001,
		.l3vni = 4001,
		.obs = &l3vni,
		.up = true,
		.why_down = "",
		.imports = imports,
		.nimports = 2,
		.exports = exports,
		.nexports = 1,
		.exports_configured = true,
		.rmac = mac(1),
		.vtep = ip("10.0.0.1"),
		.rmacs = 2,
		.hops = 2,
		.groups = 1,
		.prefixes = 9 };
	imports[0] = (struct rt_match){ .wildcard = true, .local = 4001 };
	ck_assert(rd_parse("10.0.0.1:2", &v->rd));
	ck_assert(rt_parse("65000:99", &imports[1].rt));
	ck_assert(rt_parse("65000:4001", &exports[0]));
}

static void
vrf_blue(struct evpn_show_vrf *v)
{
	*v = (struct evpn_show_vrf){ .name = "blue",
		.conf = &blue_conf,
		.l3vni = 4002,
		.why_down = "no VXLAN device" };
	ck_assert(rd_parse("10.0.0.1:3", &v->rd));
}

static void
vrf_green(struct evpn_show_vrf *v)
{
	*v = (struct evpn_show_vrf){ .name = "green",
		.observed = true,
		.ifindex = 5,
		.table = 1002,
		.why_down = "no layer-3 VNI" };
}

static void (*const vrfs[])(struct evpn_show_vrf *v) = { vrf_blue, vrf_green, vrf_red };

bool
evpn_show_vrf_next(struct evpn *e, const char *after, struct evpn_show_vrf *out)
{
	(void)e;
	for (size_t i = 0; i < ARRAY_LEN(vrfs); i++) {
		struct evpn_show_vrf v;

		vrfs[i](&v);
		if (strcmp(v.name, after) <= 0)
			continue;
		*out = v;
		return true;
	}
	return false;
}

bool
evpn_show_vrf(struct evpn *e, const char *name, struct evpn_show_vrf *out)
{
	(void)e;
	for (size_t i = 0; i < ARRAY_LEN(vrfs); i++) {
		vrfs[i](out);
		if (strcmp(out->name, name) == 0)
			return true;
	}
	return false;
}

bool
evpn_show_vrf_of_l3vni(struct evpn *e, uint32_t vni, struct evpn_show_vrf *out)
{
	(void)e;
	for (size_t i = 0; i < ARRAY_LEN(vrfs); i++) {
		vrfs[i](out);
		if (out->l3vni && out->l3vni == vni)
			return true;
	}
	return false;
}

size_t
evpn_show_vrf_l2vnis(struct evpn *e, const char *name, uint32_t *vnis, size_t max)
{
	(void)e;
	if (strcmp(name, "red") != 0 || max < 2)
		return 0;
	vnis[0] = 10010;
	vnis[1] = 10020;
	return 2;
}

/* ---- routers ---- */

static bool
rmac_at(size_t i, struct evpn_show_rmac *r)
{
	if (i >= 2)
		return false;
	*r = (struct evpn_show_rmac){ .mac = mac(i ? 2 : 3),
		.vtep = ip(i ? "10.0.0.2" : "10.0.0.3"),
		.vteps = i ? 1 : 2,
		.install = i ? EVPN_INSTALLED : EVPN_FAILED,
		.error = i ? 0 : ENOSPC,
		.error_text = "" };
	if (!i)
		r->other = ip("10.0.0.4");
	return true;
}

static bool
hop_at(size_t i, struct evpn_show_hop *h)
{
	if (i >= 2)
		return false;
	*h = (struct evpn_show_hop){ .ip = ip(i ? "10.0.0.2" : "10.0.0.3"),
		.vtep = ip(i ? "10.0.0.2" : "10.0.0.3"),
		.mac = mac(i ? 2 : 3),
		.l3vni = 4001,
		.refs = i ? 3 : 1,
		.id = 100 + (uint32_t)i,
		.unreachable = !i,
		.why = i ? "" : "the VTEP is unreachable",
		.install = i ? EVPN_INSTALLED : EVPN_NOT_WANTED,
		.error_text = "" };
	return true;
}

/* ---- prefixes ---- */

static const struct {
	const char *prefix;
	struct evpn_show_prefix p; /* the rest of it */
	struct evpn_show_way way[2];
	const char *hop[2]; /* next hop of each */
} prefixes[] = {
	{ "10.77.0.0/16",
	    { .source = EVPN_PREFIX_KERNEL,
		.proto = 3,
		.metric = 20,
		.ifname = "vlan10" },
	    { { 0 } }, { NULL } },
	{ "10.1.10.0/24",
	    { .source = EVPN_PREFIX_KERNEL,
		.connected = true,
		.proto = 2,
		.ifname = "vlan10",
		.exported = true,
		.ways = 1 },
	    { { .type5 = true, .usable = true } }, { "10.0.0.2" } },
	{ "10.1.10.12/32",
	    { .source = EVPN_PREFIX_REMOTE,
		.ways = 1,
		.used = 1,
		.id = 101,
		.install = EVPN_INSTALLED },
	    { { .usable = true, .used = true, .best = true } }, { "10.0.0.2" } },
	{ "10.9.0.0/16",
	    { .source = EVPN_PREFIX_REMOTE,
		.ways = 2,
		.used = 2,
		.id = 200,
		.install = EVPN_FAILED,
		.error = ENOSPC },
	    { { .type5 = true, .usable = true, .used = true, .best = true },
		{ .type5 = true, .usable = true, .used = true } },
	    { "10.0.0.2", "10.0.0.3" } },
	{ "10.8.0.0/16", { .source = EVPN_PREFIX_NONE, .ways = 1 },
	    { { .type5 = true, .why = "no router MAC" } }, { NULL } },
	{ "10.5.0.0/16",
	    { .source = EVPN_PREFIX_LEAKED, .from = "blue", .exported = true }, { { 0 } },
	    { NULL } },
	{ "0.0.0.0/0", { .source = EVPN_PREFIX_UNREACHABLE, .install = EVPN_INSTALLED },
	    { { 0 } }, { NULL } },
	{ "10.66.0.0/16",
	    { .source = EVPN_PREFIX_KERNEL, .blackhole = true, .proto = 186 }, { { 0 } },
	    { NULL } },
	{ "2001:db8:1234:5678::/64",
	    { .source = EVPN_PREFIX_REMOTE,
		.ways = 1,
		.used = 1,
		.id = 101,
		.install = EVPN_PENDING },
	    { { .type5 = true, .usable = true, .used = true, .best = true } },
	    { "::ffff:10.0.0.2" } },
};

static bool
prefix_at(size_t i, struct evpn_show_prefix *out)
{
	if (i >= ARRAY_LEN(prefixes))
		return false;
	*out = prefixes[i].p;
	ck_assert(prefix_parse(prefixes[i].prefix, &out->prefix));
	if (i == 0)
		out->gateway = ip("10.1.10.11");
	if (!out->error_text)
		out->error_text = "";
	return true;
}

bool
evpn_show_prefix(
    struct evpn *e, const char *vrf, struct prefix prefix, struct evpn_show_prefix *out)
{
	(void)e;
	for (size_t i = 0; strcmp(vrf, "red") == 0 && prefix_at(i, out); i++)
		if (out->prefix.plen == prefix.plen &&
		    ip_equal(out->prefix.ip, prefix.ip))
			return true;
	return false;
}

bool
evpn_show_lookup(
    struct evpn *e, const char *vrf, struct ip a, struct evpn_show_prefix *out)
{
	struct evpn_show_prefix p;
	bool found = false;

	(void)e;
	for (size_t i = 0; strcmp(vrf, "red") == 0 && prefix_at(i, &p); i++)
		if (p.source != EVPN_PREFIX_NONE && prefix_contains(p.prefix, a) &&
		    (!found || p.prefix.plen > out->prefix.plen)) {
			*out = p;
			found = true;
		}
	return found;
}

size_t
evpn_show_ways(struct evpn *e, const char *vrf, struct prefix prefix,
    struct evpn_show_way *out, size_t max)
{
	struct evpn_show_prefix p;
	size_t i = 0, n = 0;

	(void)e;
	(void)vrf;
	while (prefix_at(i, &p) &&
	       (p.prefix.plen != prefix.plen || !ip_equal(p.prefix.ip, prefix.ip)))
		i++;
	for (; n < p.ways && n < max; n++) {
		out[n] = prefixes[i].way[n];
		out[n].route = route;
		out[n].label = 4001;
		out[n].hop_l3vni = 4001;
		if (!out[n].why)
			out[n].why = "";
		if (prefixes[i].hop[n])
			out[n].hop = ip(prefixes[i].hop[n]);
	}
	return n;
}

size_t
evpn_show_route_vrfs(struct evpn *e, uint32_t r, const char **names, size_t max)
{
	(void)e;
	if (r != route || max == 0)
		return 0;
	names[0] = "red";
	return 1;
}

const char *
evpn_prefix_source_name(enum evpn_prefix_source s)
{
	static const char *const names[] = { "none", "remote", "kernel", "host", "leaked",
		"unreachable" };

	return names[s];
}

/* ---- walks: the place is in the walk's handle ---- */

bool
evpn_vrf_walk_begin(
    struct evpn *e, struct evpn_vrf_walk *w, const char *vrf, enum evpn_vrf_list list)
{
	(void)list;
	memset(w, 0, sizeof *w);
	w->e = strcmp(vrf, "red") == 0 ? e : NULL;
	return w->e != NULL;
}

static size_t
step(struct evpn_vrf_walk *w)
{
	return w->e ? w->w.at++ : SIZE_MAX;
}

bool
evpn_vrf_walk_rmac(struct evpn_vrf_walk *w, struct evpn_show_rmac *out)
{
	return rmac_at(step(w), out);
}

bool
evpn_vrf_walk_hop(struct evpn_vrf_walk *w, struct evpn_show_hop *out)
{
	return hop_at(step(w), out);
}

bool
evpn_vrf_walk_prefix(struct evpn_vrf_walk *w, struct evpn_show_prefix *out)
{
	return prefix_at(step(w), out);
}

void
evpn_vrf_walk_end(struct evpn_vrf_walk *w)
{
	w->e = NULL;
}
