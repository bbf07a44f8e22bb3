/* SPDX-License-Identifier: ISC */
/* What configurations mean: defaults, profiles, inheritance, and trees that mean nothing; own addresses. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/routemap.h"
#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/addrs.h"
#include "mgmt/cli_text.h"
#include "mgmt/conf.h"
#include "tests/unit/cli_fix.h"
#include "tests/unit/run.h"

static struct lyd_node *
load(const char *text)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;

	cli_text_load(cli, nb, &tree, text, NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	return tree;
}

/* NULL and *e when the tree is not valid. */
static struct conf *
compile(const struct lyd_node *tree, struct err *e)
{
	struct lyd_node *full = NULL;
	struct conf *c = NULL;

	if (nb_validate(nb, tree, &full, e))
		c = conf_compile(full, e);
	nb_tree_free(full);
	return c;
}

static struct conf *
conf_of(const char *text)
{
	struct lyd_node *tree = load(text);
	struct err e = { 0 };
	struct conf *c = compile(tree, &e);

	ck_assert_msg(c != NULL, "%s %s", e.path, e.text);
	nb_tree_free(tree);
	return c;
}

static struct conf *
conf_of_file(const char *name)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/tests/conf/%s", dir ? dir : ".", name);
	FILE *f = fopen(path, "r");
	char buf[8192];
	size_t n;

	ck_assert_msg(f != NULL, "%s", path);
	n = fread(buf, 1, sizeof buf - 1, f);
	buf[n] = '\0';
	fclose(f);
	free(path);
	return conf_of(buf);
}

START_TEST(leaf)
{
	struct conf *c = conf_of_file("leaf.conf");

	ck_assert_uint_eq(c->bgp.as, 65011);
	ck_assert_uint_eq(c->bgp.hold, 9);
	ck_assert(c->bgp.multipath_relax && !c->bgp.default_ipv4_unicast);
	ck_assert(c->evpn.advertise_all_vni && c->evpn.advertise_svi_ip);
	ck_assert_uint_eq(c->evpn.nvnis, 1);
	ck_assert(c->evpn.vnis[0].imports[0].wildcard &&
		  c->evpn.vnis[0].imports[0].local == 110);
	ck_assert(c->evpn.vnis[0].rd_set && c->evpn.vnis[0].advertise_svi_ip);
	conf_free(c);
}
END_TEST

START_TEST(reflector)
{
	struct conf *c = conf_of_file("reflector.conf");

	ck_assert_uint_eq(c->bgp.npeers, 2);
	ck_assert_uint_eq(c->bgp.nranges, 2);
	ck_assert_uint_eq(c->bgp.ranges[0].range.plen, 64);
	ck_assert_uint_eq(c->bgp.ntemplates, 1);
	ck_assert(
	    c->bgp.templates[0].evpn.rr_client && c->bgp.templates[0].evpn.activate);
	ck_assert_str_eq(c->bgp.templates[0].password, "s3cr3t!");
	ck_assert_str_eq(c->bgp.peers[1].update_source_if, "lo");
	ck_assert(c->bgp.peers[1].evpn.rr_client);
	ck_assert_uint_eq(c->bgp.peers[0].hold, 15);
	ck_assert_uint_eq(c->bgp.peers[0].evpn.route_types, 1 << 2 | 1 << 3);
	conf_free(c);
}
END_TEST

START_TEST(nothing)
{
	struct conf *c = conf_of("");

	ck_assert(!c->bgp.enabled);
	ck_assert_ptr_null(c->hostname);
	ck_assert(!c->fdb_nexthop_ids);
	ck_assert_int_eq(c->log_level, LOG_LVL_INFO);
	ck_assert_uint_eq(c->evpn.dad_max_moves, 5);
	conf_free(c);
}
END_TEST

START_TEST(profiles)
{
	struct conf *c = conf_of("router bgp 1\n");

	ck_assert(
	    c->bgp.hold == 180 && c->bgp.keepalive == 60 && c->bgp.connect_retry == 120);
	ck_assert(c->bgp.ebgp_requires_policy && !c->bgp.log_neighbor_changes);
	ck_assert(c->bgp.client_to_client && c->bgp.graceful_restart);
	conf_free(c);
	c = conf_of(
	    "frr defaults datacenter\nrouter bgp 1\nbgp graceful-restart-disable\n");
	ck_assert(
	    c->bgp.hold == 9 && c->bgp.keepalive == 3 && c->bgp.connect_retry == 10);
	ck_assert(!c->bgp.ebgp_requires_policy && c->bgp.log_neighbor_changes);
	ck_assert(!c->bgp.graceful_restart);
	conf_free(c);
}
END_TEST

/* What a member does not say its peer-group says, pair by pair and group by group. */
START_TEST(inheritance)
{
	struct conf *c = conf_of("router bgp 1\n"
				 "bgp default l2vpn-evpn\n"
				 "neighbor G peer-group\n"
				 "neighbor G remote-as 7\n"
				 "neighbor G timers 4 12\n"
				 "neighbor G timers connect 3\n"
				 "neighbor G passive\n"
				 "neighbor G description of the group\n"
				 "neighbor 10.0.0.1 peer-group G\n"
				 "neighbor 10.0.0.2 peer-group G\n"
				 "neighbor 10.0.0.2 timers 5 15\n"
				 "no neighbor 10.0.0.2 passive\n"
				 "neighbor 10.0.0.2 description own\n"
				 "address-family l2vpn evpn\n"
				 "neighbor G maximum-prefix 100 50 warning-only\n"
				 "neighbor G evpn route-types 2 3\n"
				 "neighbor 10.0.0.2 maximum-prefix 200\n"
				 "neighbor 10.0.0.2 evpn route-types 5\n"
				 "no neighbor 10.0.0.2 activate\n");
	const struct peer_conf *a = &c->bgp.peers[0], *b = &c->bgp.peers[1];

	ck_assert_uint_eq(a->remote_as, 7);
	ck_assert(
	    a->keepalive == 4 && a->hold == 12 && a->connect_retry == 3 && a->passive);
	ck_assert(
	    b->keepalive == 5 && b->hold == 15 && b->connect_retry == 3 && !b->passive);
	ck_assert_str_eq(a->description, "of the group");
	ck_assert_str_eq(b->description, "own");
	ck_assert(a->evpn.activate && !b->evpn.activate);
	ck_assert(a->evpn.max_prefix == 100 && a->evpn.max_prefix_threshold == 50);
	ck_assert(a->evpn.max_prefix_warn_only);
	ck_assert(b->evpn.max_prefix == 200 && b->evpn.max_prefix_threshold == 75);
	ck_assert(!b->evpn.max_prefix_warn_only);
	ck_assert_uint_eq(a->evpn.route_types, 1 << 2 | 1 << 3);
	ck_assert_uint_eq(b->evpn.route_types, 1 << 5);
	ck_assert_uint_eq(a->port, 179);
	conf_free(c);
}
END_TEST

START_TEST(vnis)
{
	struct conf *c =
	    conf_of("router bgp 1\naddress-family l2vpn evpn\n"
		    "advertise-svi-ip\nflooding disable\n"
		    "dup-addr-detection freeze 60\n"
		    "vni 20\nno advertise-svi-ip\nflooding head-end-replication\n"
		    "vni 10\nroute-target both 70000:1\nadvertise-default-gw\n");

	ck_assert_uint_eq(c->evpn.nvnis, 2);
	ck_assert(c->evpn.vnis[0].vni == 10 && c->evpn.vnis[1].vni == 20);
	ck_assert(c->evpn.vnis[0].advertise_svi_ip && !c->evpn.vnis[1].advertise_svi_ip);
	ck_assert(c->evpn.vnis[0].advertise_default_gw &&
		  !c->evpn.vnis[1].advertise_default_gw);
	ck_assert(c->evpn.vnis[0].flooding == FLOOD_DISABLED);
	ck_assert(c->evpn.vnis[1].flooding == FLOOD_HER);
	ck_assert(c->evpn.vnis[0].nimports == 1 && c->evpn.vnis[0].nexports == 1);
	ck_assert(ecom_equal(c->evpn.vnis[0].imports[0].rt, c->evpn.vnis[0].exports[0]));
	ck_assert(c->evpn.dad_freeze && c->evpn.dad_freeze_time == 60);
	ck_assert_uint_eq(c->evpn.as, 1);
	conf_free(c);
}
END_TEST

static void
count_unknown(void *arg, const struct vrf_conf *v, const char *import)
{
	unsigned *n = arg;

	ck_assert_str_eq(v->name, "red");
	ck_assert_str_eq(import, "nix");
	(*n)++;
}

START_TEST(policies)
{
	struct conf *c =
	    conf_of("bgp extcommunity-list standard T permit rt 65000:1\n"
		    "bgp as-path access-list P permit ^65000_\n"
		    "route-map M permit 10\n match extcommunity T\n match as-path P\n"
		    " match evpn rd 1:2\n set community 65000:1 no-export additive\n"
		    " set extcommunity soo 1:1\n set as-path prepend 65000 65001\n"
		    "route-map M permit 20\n set community none\n set extcommunity none\n"
		    "router bgp 1\n neighbor 10.0.0.1 remote-as 1\n"
		    " address-family l2vpn evpn\n  neighbor 10.0.0.1 route-map M out\n");
	const struct rmap *m = c->bgp.peers[0].af[AFI_SAFI_EVPN].map_out;
	const struct rmap_entry *e = m->e;

	ck_assert_uint_eq(m->n, 2);
	ck_assert_uint_eq(
	    e->match, RMAP_RD | RMAP_LIST << COM_EXTENDED | RMAP_LIST << COM_PATH);
	ck_assert(e->lists[COM_EXTENDED].n == 1 && e->lists[COM_PATH].e[0].expanded);
	ck_assert_uint_eq(e->set, RMAP_SET_COM << COM_STANDARD |
				      RMAP_SET_COM << COM_EXTENDED | RMAP_SET_PREPEND);
	ck_assert(e->com[COM_STANDARD].n == 2 && e->additive[COM_STANDARD]);
	ck_assert(e->com[COM_EXTENDED].n == 1 && e->additive[COM_EXTENDED]);
	ck_assert(e->nprepend == 2 && e->prepend[1] == 65001);
	ck_assert(e[1].com[COM_STANDARD].n == 0 && !e[1].additive[COM_STANDARD]);
	ck_assert(!e[1].additive[COM_EXTENDED]);
	conf_free(c);
}
END_TEST

static unsigned
says(const struct rmap *m, const char *prefix)
{
	struct attrs a = { 0 };
	struct rmap_route r = { .family = AFI_SAFI_IPV4, .attrs = &a };

	ck_assert(prefix_parse(prefix, &r.prefix));
	return m ? rmap_permits(m, &r) : 0;
}

/* Lists of neighbours are a map with theirs; match peer is decided for each. */
START_TEST(filters)
{
	struct conf *c = conf_of(
	    "ip prefix-list P permit 10.0.0.0/8 le 32\n"
	    "bgp as-path access-list EMPTY permit ^$\n"
	    "bgp as-path access-list LONG permit _1_2_\n"
	    "route-map M deny 10\n match ip address prefix-len 24\n"
	    "route-map M permit 20\n match peer 10.0.0.1\n"
	    "route-map M permit 30\n match peer G\n match ip address prefix-len 16\n"
	    "router bgp 1\n no bgp default ipv4-unicast\n neighbor G peer-group\n"
	    " neighbor G remote-as 2\n neighbor 10.0.0.1 remote-as 2\n"
	    " neighbor 10.0.0.2 peer-group G\n"
	    " address-family ipv4 unicast\n"
	    "  neighbor 10.0.0.1 prefix-list P in\n  neighbor 10.0.0.1 filter-list EMPTY "
	    "in\n"
	    "  neighbor 10.0.0.1 route-map M in\n"
	    "  neighbor 10.0.0.1 filter-list LONG out\n"
	    "  neighbor 10.0.0.2 route-map M in\n"
	    "  neighbor 10.0.0.2 prefix-list NONE out\n"
	    "  neighbor 10.0.0.2 weight 9\n"
	    "  neighbor G remove-private-AS all\n");
	const struct peer_af_conf *a = &c->bgp.peers[0].ipv4, *b = &c->bgp.peers[1].ipv4;

	ck_assert_uint_ne(says(a->map_in, "10.0.0.0/8"), 0);
	ck_assert_uint_eq(says(a->map_in, "10.1.1.0/24"), 0); /* by the map */
	ck_assert_uint_eq(says(a->map_in, "11.0.0.0/8"), 0);  /* by the list */
	ck_assert_uint_eq(says(a->map_out, "10.0.0.0/8"), 0);
	ck_assert_uint_eq(says(b->map_in, "10.0.0.0/8"), 0);
	ck_assert_uint_ne(says(b->map_in, "11.1.0.0/16"), 0);
	ck_assert_uint_eq(says(b->map_out, "10.0.0.0/8"), 0); /* there is no such list */
	ck_assert(b->weight == 9 && b->remove_private && b->remove_private_all);
	ck_assert(!a->remove_private && !b->replace_private);
	conf_free(c);
}
END_TEST

START_TEST(vrfs)
{
	struct conf *c = conf_of_file("tenant.conf");
	const struct vrf_conf *blue = &c->evpn.vrfs[0], *red = &c->evpn.vrfs[1];
	unsigned unknown = 0;

	ck_assert_uint_eq(c->evpn.nvrfs, 3);
	ck_assert_str_eq(blue->name, "blue");
	ck_assert(blue->l3vni == 5002 && blue->prefix_routes_only && blue->bgp);
	ck_assert(!blue->unreachable_default && red->unreachable_default);
	ck_assert_str_eq(red->name, "red");
	ck_assert(red->l3vni == 5001 && !red->prefix_routes_only && red->rd_set);
	ck_assert_uint_eq(red->router_id, 0x0a00000c);
	ck_assert(red->nimports == 3 && red->nexports == 1);
	ck_assert(red->auto_import == AUTORT_ALWAYS && red->auto_export == AUTORT_ALWAYS);
	ck_assert(
	    blue->auto_import == AUTORT_NEVER && blue->auto_export == AUTORT_ALWAYS);
	ck_assert(red->af[0].advertise && red->af[0].advertise_gateway);
	ck_assert(red->af[1].advertise && !red->af[1].advertise_gateway);
	ck_assert(red->af[0].default_originate && !blue->af[0].default_originate);
	ck_assert_uint_eq(red->af[0].redistribute,
	    REDIST_CONNECTED | REDIST_STATIC | REDIST_KERNEL | REDIST_OSPF | REDIST_BGP);
	ck_assert_uint_eq(red->af[1].redistribute, REDIST_OSPF);
	ck_assert(red->af[0].nnetworks == 2 && red->af[0].networks[1].prefix.plen == 16);
	ck_assert(red->af[0].naggregates == 2 && red->af[1].aggregates[0].summary_only);
	ck_assert_uint_eq(red->af[0].nimport_vrfs, 2);
	ck_assert_str_eq(red->af[0].import_vrfs[0], "shared");
	/* A map that is not there denies, but for `advertise`. */
	ck_assert(!red->af[0].networks[0].map && red->af[0].networks[1].map->n == 0);
	ck_assert(!red->af[0].aggregates[0].map && red->af[0].aggregates[1].map->n == 1);
	ck_assert(red->af[0].redist[0].metric == 5 && red->af[0].redist[0].map->n == 1);
	ck_assert(red->af[0].redist[3].metric == 7 && red->af[0].redist[3].map->n == 0);
	ck_assert(red->af[0].ntables == 2 && red->af[1].ntables == 0);
	ck_assert(
	    red->af[0].tables[0].table == 6001 && red->af[0].tables[1].table == 7001);
	ck_assert(red->af[0].tables[0].policy.map->n == 1 &&
		  red->af[0].tables[1].policy.metric == 9);
	ck_assert(red->af[0].import_map->n == 0 && !red->af[1].advertise_map);
	ck_assert(red->af[0].maximum_paths == 16 && red->af[1].maximum_paths == 32);
	ck_assert_str_eq(c->evpn.vrfs[2].name, "shared");
	ck_assert(c->evpn.vrfs[2].l3vni == 0 && c->evpn.vrfs[2].bgp);
	ck_assert(!c->evpn.probe && c->evpn.probe_rate == 20);
	ck_assert(c->evpn.resolve_overlay_index && c->evpn.dad_max_moves == 3);
	conf_unknown_vrfs(&c->evpn, count_unknown, &unknown);
	ck_assert_uint_eq(unknown, 0);
	conf_free(c);
	c = conf_of("router bgp 1\nrouter bgp 1 vrf red\naddress-family ipv4\n"
		    "import vrf nix\n");
	conf_unknown_vrfs(&c->evpn, count_unknown, &unknown);
	ck_assert_uint_eq(unknown, 1);
	conf_free(c);
}
END_TEST

static const struct {
	const char *text, *path, *error;
} bad_trees[] = {
	{ "router bgp 1\n neighbor 10.0.0.1 description x\n",
	    "/evpnd:bgp/neighbor[address='10.0.0.1']", "no remote-as" },
	{ "router bgp 1\n neighbor 10.0.0.1 peer-group X\n",
	    "/evpnd:bgp/neighbor[address='10.0.0.1']/peer-group", "peer-group" },
	{ "router bgp 1\n neighbor 10.0.0.1 remote-as 1\n neighbor 10.0.0.1 ttl-security "
	  "hops 1\n"
	  " neighbor 10.0.0.1 ebgp-multihop 3\n",
	    "/evpnd:bgp/neighbor[address='10.0.0.1']/ttl-security", "exclude" },
	{ "router bgp 1\n address-family l2vpn evpn\n vni 1\n rd 1:1\n vni 2\n rd 1:1\n",
	    "/evpnd:bgp/l2vpn-evpn/vni[id='2']", "rd" },
	{ "vrf a\n vni 7\nvrf b\n vni 7\n", "/evpnd:vrf[name='b']", "l3vni" },
	{ "vrf a\n vni 7\nrouter bgp 1\n address-family l2vpn evpn\n  vni 7\n",
	    "/evpnd:vrf[name='a']/l3vni", "of layer 2" },
	{ "router bgp 2 vrf a\nrouter bgp 1\n", "/evpnd:bgp/vrf[name='a']",
	    "is the router's" },
	{ "router bgp 2 vrf a\n", "/evpnd:bgp/vrf[name='a']", "is the router's" },
	{ "router bgp 1\n address-family l2vpn evpn\n vni 1\n rd 1:1\n"
	  "router bgp 1 vrf a\n address-family l2vpn evpn\n rd 1:1\n",
	    "/evpnd:bgp/vrf[name='a']/l2vpn-evpn/rd", "of VNI 1" },
	{ "router bgp 1\nrouter bgp 1 vrf a\n address-family l2vpn evpn\n rd 1:1\n"
	  "router bgp 1 vrf b\n address-family l2vpn evpn\n rd 1:1\n",
	    "/evpnd:bgp/vrf[name='b']", "rd" },
	{ "router bgp 1\nrouter bgp 1 vrf a\n address-family ipv6\n import vrf a\n",
	    "/evpnd:bgp/vrf[name='a']/ipv6-unicast/import-vrf[.='a']", "itself" },
	{ "bgp community-list standard X seq 5 permit 65000:1:2\n",
	    "/evpnd:community-list[name='X']/entry[seq='5']", "no list of communities" },
	{ "bgp extcommunity-list expanded X seq 5 permit (\n",
	    "/evpnd:extcommunity-list[name='X']/entry[seq='5']", "no regular" },
	{ "route-map X permit 10\n set community 1\n",
	    "/evpnd:route-map[name='X']/entry[seq='10']", "no communities" },
	{ "route-map X permit 10\n set as-path prepend 65000 x\n",
	    "/evpnd:route-map[name='X']/entry[seq='10']", "no AS numbers" },
	{ "route-map X permit 20\n on-match goto 20\n",
	    "/evpnd:route-map[name='X']/entry[seq='20']", "a later one" },
	{ "route-map X permit 10\n call Y\nroute-map Y permit 5\n call X\n",
	    "/evpnd:route-map[name='X']", "in a circle" },
};

START_TEST(bad_tree)
{
	struct lyd_node *tree = load(bad_trees[_i].text);
	struct err e = { 0 };
	struct conf *c = compile(tree, &e);

	ck_assert(c == NULL);
	ck_assert_str_eq(e.path, bad_trees[_i].path);
	ck_assert_msg(strstr(e.text, bad_trees[_i].error) != NULL, "%s", e.text);
	/* What is to blame can be taken out, again and again; the rest is good at last. */
	while (!c) {
		ck_assert(nb_prune(nb, &tree, e.path));
		e = (struct err){ 0 };
		c = compile(tree, &e);
	}
	conf_free(c);
	nb_tree_free(tree);
}
END_TEST

/* ---- addresses of this machine ---- */

static struct ip
ip(const char *s)
{
	struct ip a;

	ck_assert(ip_parse(s, &a));
	return a;
}

START_TEST(own_addresses)
{
	struct addrs t;

	addrs_init(&t);
	ck_assert_uint_eq(addrs_router_id(&t), 0);
	addrs_set(&t, "lo", ip("127.0.0.1"), true);
	addrs_set(&t, "eth0", ip("fe80::1"), false);
	ck_assert_uint_eq(addrs_router_id(&t), 0);
	addrs_set(&t, "eth0", ip("192.0.2.9"), false);
	ck_assert_uint_eq(addrs_router_id(&t), 0xc0000209);
	addrs_set(&t, "lo", ip("10.0.0.1"), true);
	addrs_set(&t, "lo", ip("10.0.0.7"), true);
	ck_assert_uint_eq(addrs_router_id(&t), 0x0a000007);
	ck_assert(ip_equal(addrs_of(&t, "lo", 4), ip("10.0.0.1")));
	ck_assert_uint_eq(addrs_of(&t, "lo", 16).len, 0);
	ck_assert_uint_eq(addrs_of(&t, "eth0", 16).len, 0);
	addrs_del(&t, "lo", ip("10.0.0.7"));
	ck_assert_uint_eq(addrs_router_id(&t), 0x0a000001);
	addrs_begin(&t);
	addrs_set(&t, "eth0", ip("192.0.2.9"), false);
	addrs_end(&t);
	ck_assert_uint_eq(t.n, 1);
	ck_assert_uint_eq(addrs_router_id(&t), 0xc0000209);
	addrs_fini(&t);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ leaf, 0, 0 },
		{ reflector, 0, 0 },
		{ nothing, 0, 0 },
		{ profiles, 0, 0 },
		{ inheritance, 0, 0 },
		{ vnis, 0, 0 },
		{ vrfs, 0, 0 },
		{ filters, 0, 0 },
		{ policies, 0, 0 },
		{ bad_tree, ARRAY_LEN(bad_trees), 0 },
		{ own_addresses, 0, 0 },
		{ NULL, 0, 0 },
	};

	return cli_tests("conf", NULL, tests);
}
