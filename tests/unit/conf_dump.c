/* SPDX-License-Identifier: ISC */
/* Everything that a configuration compiles to, as text. */
#include "config.h"

#include "tests/unit/conf_dump.h"

#include "bgpd/routemap.h"
#include "lib/util.h"

#define NUM(b, p, member) strbuf_printf(b, " " #member "=%lld", (long long)(p)->member)
#define TEXT(b, p, member)                                                               \
	strbuf_printf(b, " " #member "=%s", (p)->member ? (p)->member : "(none)")

static void
put_bytes(struct strbuf *b, const char *name, const void *bytes, size_t n)
{
	strbuf_printf(b, " %s=", name);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%02x", ((const uint8_t *)bytes)[i]);
}

static void
put_ip(struct strbuf *b, const char *name, struct ip ip)
{
	char text[IP_STRLEN];

	strbuf_printf(b, " %s=%s", name, ip_format(ip, text));
}

static void
put_prefix(struct strbuf *b, struct prefix p)
{
	char text[PREFIX_STRLEN];

	strbuf_printf(b, " %s", prefix_format(p, text));
}

/* ---- route-maps ---- */

static const size_t com_size[] = {
	[COM_STANDARD] = 4, [COM_LARGE] = 12, [COM_EXTENDED] = 8, [COM_PATH] = 4
};

static void
put_plist(struct strbuf *b, const struct plist *l)
{
	for (size_t i = 0; i < l->n; i++) {
		strbuf_printf(b, " [%u %d %u-%u", l->e[i].seq, l->e[i].permit, l->e[i].ge,
		    l->e[i].le);
		put_prefix(b, l->e[i].prefix);
		strbuf_put(b, "]");
	}
}

static void
put_comlist(struct strbuf *b, const struct comlist *l, int kind)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct comlist_entry *e = &l->e[i];

		strbuf_printf(b, " {%d %u %d %d %d %s", kind, e->seq, e->permit, e->any,
		    e->expanded, e->text ? e->text : "");
		put_bytes(b, "set", e->set.v, e->set.n * com_size[kind]);
		strbuf_put(b, "}");
	}
}

static void
put_matches(struct strbuf *b, const struct rmap_entry *x)
{
	NUM(b, x, match);
	TEXT(b, x, ifname);
	TEXT(b, x, vrf);
	for (int i = 0; i < 2; i++) {
		put_plist(b, &x->prefix[i]);
		NUM(b, x, plen[i]);
	}
	NUM(b, x, type);
	NUM(b, x, origin);
	NUM(b, x, vni);
	put_bytes(b, "rd", x->rd.b, sizeof x->rd.b);
	NUM(b, x, match_metric);
	NUM(b, x, match_local_pref);
	for (int k = 0; k < COM_KINDS; k++) {
		put_comlist(b, &x->lists[k], k);
		NUM(b, x, exact[k]);
		if (k < COM_PATH)
			NUM(b, x, limit[k]);
	}
	put_ip(b, "src_peer", x->src_peer);
	for (size_t i = 0; i < x->mac.n; i++) {
		NUM(b, &x->mac.e[i], seq);
		NUM(b, &x->mac.e[i], permit);
		NUM(b, &x->mac.e[i], any);
		put_bytes(b, "mac", x->mac.e[i].mac.b, sizeof x->mac.e[i].mac.b);
	}
}

static void
put_sets(struct strbuf *b, const struct rmap_entry *x)
{
	NUM(b, x, set);
	NUM(b, x, local_pref);
	NUM(b, x, metric);
	NUM(b, x, set_origin);
	NUM(b, x, last_as);
	put_bytes(b, "prepend", x->prepend, x->nprepend * sizeof x->prepend[0]);
	put_bytes(b, "exclude", x->exclude, x->nexclude * sizeof x->exclude[0]);
	NUM(b, x, replace[0]);
	NUM(b, x, replace[1]);
	NUM(b, x, weight);
	put_bytes(b, "rmac", x->rmac.b, sizeof x->rmac.b);
	put_ip(b, "gateway", x->gateway[0]);
	put_ip(b, "gateway6", x->gateway[1]);
	NUM(b, x, call);
	NUM(b, x, next);
	NUM(b, x, go);
	for (int k = 0; k < COM_PATH; k++) {
		put_bytes(b, "com", x->com[k].v, x->com[k].n * com_size[k]);
		NUM(b, x, additive[k]);
		put_comlist(b, &x->del[k], k);
	}
}

static void
put_rmap(struct strbuf *b, const char *name, const struct rmap *m)
{
	if (!m)
		return;
	strbuf_printf(b, " %s(", name);
	NUM(b, m, n);
	for (size_t i = 0; i < rmap_entries(m); i++) {
		NUM(b, &m->e[i], seq);
		NUM(b, &m->e[i], permit);
		put_matches(b, &m->e[i]);
		put_sets(b, &m->e[i]);
	}
	strbuf_put(b, ")");
}

/* ---- the speaker ---- */

static void
put_peer_af(struct strbuf *b, const struct peer_af_conf *c)
{
	strbuf_put(b, "\n  family");
	NUM(b, c, activate);
	NUM(b, c, rr_client);
	NUM(b, c, soft_reconf_in);
	NUM(b, c, next_hop_self);
	NUM(b, c, allowas_in);
	NUM(b, c, allowas_in_origin);
	NUM(b, c, as_override);
	NUM(b, c, remove_private);
	NUM(b, c, remove_private_all);
	NUM(b, c, replace_private);
	NUM(b, c, weight);
	NUM(b, c, max_prefix);
	NUM(b, c, max_prefix_threshold);
	NUM(b, c, max_prefix_warn_only);
	NUM(b, c, max_prefix_restart);
	NUM(b, c, route_types);
	put_rmap(b, "in", c->map_in);
	put_rmap(b, "out", c->map_out);
}

static void
put_peer(struct strbuf *b, const struct peer_conf *c)
{
	strbuf_put(b, " peer");
	put_ip(b, "addr", c->addr);
	TEXT(b, c, group);
	TEXT(b, c, description);
	NUM(b, c, remote_as_type);
	NUM(b, c, remote_as);
	NUM(b, c, port);
	put_ip(b, "update_source", c->update_source);
	TEXT(b, c, update_source_if);
	NUM(b, c, ebgp_multihop);
	NUM(b, c, ttl_security);
	NUM(b, c, disable_connected_check);
	NUM(b, c, enforce_first_as);
	NUM(b, c, passive);
	NUM(b, c, shutdown);
	TEXT(b, c, shutdown_msg);
	TEXT(b, c, password);
	NUM(b, c, hold);
	NUM(b, c, keepalive);
	NUM(b, c, connect_retry);
	for (size_t f = 0; f < AFI_SAFI_COUNT; f++)
		put_peer_af(b, &c->af[f]);
	strbuf_put(b, "\n");
}

static void
put_bgp(struct strbuf *b, const struct bgp_conf *c)
{
	strbuf_put(b, "bgp");
	NUM(b, c, enabled);
	NUM(b, c, as);
	NUM(b, c, router_id);
	NUM(b, c, cluster_id);
	NUM(b, c, client_to_client);
	NUM(b, c, log_neighbor_changes);
	NUM(b, c, default_ipv4_unicast);
	NUM(b, c, default_ipv6_unicast);
	NUM(b, c, default_l2vpn_evpn);
	NUM(b, c, ebgp_requires_policy);
	NUM(b, c, always_compare_med);
	NUM(b, c, deterministic_med);
	NUM(b, c, compare_router_id);
	NUM(b, c, multipath_relax);
	NUM(b, c, default_local_pref);
	NUM(b, c, hold);
	NUM(b, c, keepalive);
	NUM(b, c, connect_retry);
	NUM(b, c, gr_restart_time);
	NUM(b, c, gr_stalepath_time);
	NUM(b, c, graceful_restart);
	NUM(b, c, listen_limit);
	TEXT(b, c, hostname);
	NUM(b, c, listen_port);
	strbuf_put(b, "\n");
	for (size_t i = 0; i < c->npeers; i++)
		put_peer(b, &c->peers[i]);
	for (size_t i = 0; i < c->nranges; i++) {
		strbuf_put(b, " range");
		put_prefix(b, c->ranges[i].range);
		put_peer(b, &c->templates[c->ranges[i].template_idx]);
	}
}

/* ---- EVPN ---- */

static void
put_rts(struct strbuf *b, const struct rt_match *in, size_t nin, const struct ecom *out,
    size_t nout)
{
	char text[RT_STRLEN];

	for (size_t i = 0; i < nin; i++)
		if (in[i].wildcard)
			strbuf_printf(b, " import=*:%u", in[i].local);
		else
			strbuf_printf(b, " import=%s", rt_format(in[i].rt, text));
	for (size_t i = 0; i < nout; i++)
		strbuf_printf(b, " export=%s", rt_format(out[i], text));
}

static void
put_vni(struct strbuf *b, const struct vni_conf *c)
{
	strbuf_put(b, " vni");
	NUM(b, c, vni);
	NUM(b, c, rd_set);
	put_bytes(b, "rd", c->rd.b, sizeof c->rd.b);
	put_rts(b, c->imports, c->nimports, c->exports, c->nexports);
	NUM(b, c, auto_import);
	NUM(b, c, auto_export);
	NUM(b, c, advertise_svi_ip);
	NUM(b, c, advertise_default_gw);
	NUM(b, c, flooding);
	NUM(b, c, auto_import);
	NUM(b, c, auto_export);
	strbuf_put(b, "\n");
}

static void
put_policy(struct strbuf *b, const struct vrf_policy *c)
{
	NUM(b, c, has_metric);
	NUM(b, c, metric);
	put_rmap(b, "map", c->map);
}

static void
put_vrf_prefixes(struct strbuf *b, const struct vrf_af_conf *c)
{
	for (size_t i = 0; i < c->nnetworks; i++) {
		put_prefix(b, c->networks[i].prefix);
		put_rmap(b, "map", c->networks[i].map);
	}
	for (size_t i = 0; i < c->naggregates; i++) {
		put_prefix(b, c->aggregates[i].prefix);
		NUM(b, &c->aggregates[i], summary_only);
		put_rmap(b, "map", c->aggregates[i].map);
	}
}

static void
put_vrf_af(struct strbuf *b, const struct vrf_af_conf *c)
{
	strbuf_put(b, "\n  family");
	NUM(b, c, advertise);
	NUM(b, c, advertise_gateway);
	put_rmap(b, "advertise", c->advertise_map);
	NUM(b, c, default_originate);
	NUM(b, c, redistribute);
	for (size_t i = 0; i < REDIST_BITS; i++)
		put_policy(b, &c->redist[i]);
	for (size_t i = 0; i < c->ntables; i++) {
		NUM(b, &c->tables[i], table);
		put_policy(b, &c->tables[i].policy);
	}
	put_vrf_prefixes(b, c);
	for (size_t i = 0; i < c->nimport_vrfs; i++)
		TEXT(b, c, import_vrfs[i]);
	put_rmap(b, "import", c->import_map);
	NUM(b, c, maps);
	NUM(b, c, maximum_paths);
}

static void
put_vrf(struct strbuf *b, const struct vrf_conf *c)
{
	strbuf_put(b, " vrf");
	TEXT(b, c, name);
	NUM(b, c, l3vni);
	NUM(b, c, prefix_routes_only);
	NUM(b, c, bgp);
	NUM(b, c, router_id);
	NUM(b, c, rd_set);
	put_bytes(b, "rd", c->rd.b, sizeof c->rd.b);
	put_rts(b, c->imports, c->nimports, c->exports, c->nexports);
	NUM(b, c, auto_import);
	NUM(b, c, auto_export);
	NUM(b, c, unreachable_default);
	put_vrf_af(b, &c->af[0]);
	put_vrf_af(b, &c->af[1]);
	strbuf_put(b, "\n");
}

static void
put_evpn(struct strbuf *b, const struct evpn_conf *c)
{
	strbuf_put(b, "evpn");
	NUM(b, c, as);
	NUM(b, c, advertise_all_vni);
	NUM(b, c, advertise_svi_ip);
	NUM(b, c, advertise_default_gw);
	NUM(b, c, flooding);
	NUM(b, c, autort_as);
	NUM(b, c, autort_rfc8365);
	NUM(b, c, dad_max_moves);
	NUM(b, c, dad_time);
	NUM(b, c, dad_enabled);
	NUM(b, c, dad_freeze);
	NUM(b, c, dad_freeze_time);
	NUM(b, c, resolve_overlay_index);
	NUM(b, c, probe);
	NUM(b, c, probe_rate);
	strbuf_put(b, "\n");
	for (size_t i = 0; i < c->nvnis; i++)
		put_vni(b, &c->vnis[i]);
	for (size_t i = 0; i < c->nvrfs; i++)
		put_vrf(b, &c->vrfs[i]);
}

/* ---- unicast and devices ---- */

static void
put_underlay(struct strbuf *b, const struct underlay_af_conf *c)
{
	strbuf_put(b, "unicast");
	NUM(b, c, paths_ebgp);
	NUM(b, c, paths_ibgp);
	for (size_t i = 0; i < UL_SOURCES; i++) {
		NUM(b, &c->redist[i], on);
		NUM(b, &c->redist[i], has_metric);
		NUM(b, &c->redist[i], metric);
		put_rmap(b, "map", c->redist[i].map);
	}
	for (size_t i = 0; i < c->nnetworks; i++) {
		put_prefix(b, c->networks[i].prefix);
		put_rmap(b, "map", c->networks[i].map);
	}
	strbuf_put(b, "\n");
}

static void
put_network(struct strbuf *b, const struct prov_network *c)
{
	strbuf_put(b, " network");
	TEXT(b, c, tenant);
	TEXT(b, c, name);
	NUM(b, c, vni);
	NUM(b, c, vlan);
	NUM(b, c, routed);
	NUM(b, c, suppress);
	for (unsigned i = 0; i < c->ngw; i++) {
		put_ip(b, "gw", c->gw[i].ip);
		NUM(b, c, gw[i].plen);
	}
	strbuf_put(b, "\n");
}

static void
put_devices(struct strbuf *b, const struct prov_conf *c)
{
	strbuf_put(b, "devices");
	NUM(b, c, fabric);
	NUM(b, c, per_vni);
	NUM(b, c, adopt);
	NUM(b, c, suppress);
	TEXT(b, c, bridge);
	TEXT(b, c, vtep_if);
	put_ip(b, "vtep", c->vtep);
	put_bytes(b, "anycast", c->anycast.b, sizeof c->anycast.b);
	NUM(b, c, udp_port);
	NUM(b, c, mtu);
	strbuf_put(b, "\n");
	for (size_t i = 0; i < c->ntenants; i++) {
		strbuf_put(b, " tenant");
		TEXT(b, &c->tenants[i], name);
		NUM(b, &c->tenants[i], l3vni);
		NUM(b, &c->tenants[i], vrf);
		NUM(b, &c->tenants[i], adopt);
		strbuf_put(b, "\n");
	}
	for (size_t i = 0; i < c->nnetworks; i++)
		put_network(b, &c->networks[i]);
	for (size_t i = 0; i < c->nexternals; i++) {
		const struct prov_external *x = &c->externals[i];

		strbuf_put(b, " external");
		TEXT(b, x, name);
		TEXT(b, x, tenant);
		for (unsigned k = 0; k < x->naddrs; k++) {
			put_ip(b, "address", x->addr[k].ip);
			NUM(b, x, addr[k].plen);
		}
		strbuf_put(b, "\n");
	}
	for (size_t i = 0; i < c->nports; i++) {
		strbuf_put(b, " port");
		TEXT(b, &c->ports[i], name);
		NUM(b, &c->ports[i], vni);
		for (size_t k = 0; k < c->ports[i].ntagged; k++)
			NUM(b, &c->ports[i], tagged[k]);
		strbuf_put(b, "\n");
	}
}

void
conf_dump(const struct conf *c, struct strbuf *b)
{
	strbuf_put(b, "conf");
	TEXT(b, c, hostname);
	TEXT(b, c, log_file);
	NUM(b, c, log_level);
	NUM(b, c, log_syslog);
	NUM(b, c, fdb_nexthop_ids);
	strbuf_put(b, "\n");
	put_bgp(b, &c->bgp);
	put_evpn(b, &c->evpn);
	put_underlay(b, &c->underlay.af[0]);
	put_underlay(b, &c->underlay.af[1]);
	put_devices(b, &c->prov);
}
