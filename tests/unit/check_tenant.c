/* SPDX-License-Identifier: ISC */
/* The short form: what it means, said in the words of the rest of the tree; and what makes no sense. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "mgmt/conf.h"
#include "tests/unit/cli_fix.h"
#include "tests/unit/run.h"

#define FABRIC "fabric\n asn 65001\n vtep lo\n peer spine1 10.0.0.11\n"
#define RED                                                                              \
	"tenant red vni 4001\n"                                                          \
	" network web vni 10010 vlan 10 gateway 10.1.10.1/24 2001:db8:10::1/64\n"        \
	" network app vni 10020 gateway 10.1.20.1/24\n"

/* NULL and *e when the text does not mean anything; the tree is the caller's. */
static struct conf *
compile(const char *text, struct lyd_node **tree, struct err *e)
{
	struct cli_report rep = { 0 };
	struct lyd_node *full = NULL;
	struct conf *c = NULL;

	*tree = NULL;
	cli_text_load(cli, nb, tree, text, NULL, &rep);
	ck_assert_uint_eq(rep.errors, 0);
	if (nb_validate(nb, *tree, &full, e))
		c = conf_compile(full, e);
	nb_tree_free(full);
	return c;
}

static struct conf *
good(const char *text)
{
	struct lyd_node *tree;
	struct err e = { 0 };
	struct conf *c = compile(text, &tree, &e);

	ck_assert_msg(c != NULL, "%s %s", e.path, e.text);
	nb_tree_free(tree);
	return c;
}

START_TEST(meaning)
{
	struct conf *c = good(FABRIC RED "port tap17 network web\n");

	ck_assert(c->bgp.enabled && c->bgp.as == 65001);
	ck_assert_uint_eq(c->bgp.npeers, 1);
	ck_assert(c->bgp.peers[0].remote_as == 65001 && c->bgp.peers[0].evpn.activate);
	ck_assert(!c->bgp.peers[0].ipv4.activate);
	ck_assert_str_eq(c->bgp.peers[0].update_source_if, "lo");
	ck_assert_uint_eq(c->evpn.nvnis, 2);
	ck_assert_uint_eq(c->evpn.vnis[1].vni, 10020);
	ck_assert(!c->evpn.advertise_all_vni);
	ck_assert_uint_eq(c->evpn.nvrfs, 1);
	ck_assert(c->evpn.vrfs[0].l3vni == 4001 && c->evpn.vrfs[0].bgp);
	for (unsigned af = 0; af < 2; af++)
		ck_assert(c->evpn.vrfs[0].af[af].advertise &&
			  c->evpn.vrfs[0].af[af].redistribute == REDIST_CONNECTED);
	ck_assert(c->prov.fabric && !c->prov.per_vni && c->prov.suppress);
	ck_assert_str_eq(c->prov.vtep_if, "lo");
	ck_assert_str_eq(c->prov.bridge, "br-fabric");
	ck_assert_uint_eq(c->prov.nnetworks, 2);
	ck_assert_uint_eq(c->prov.networks[0].ngw, 2);
	ck_assert_uint_eq(c->prov.networks[0].gw[1].plen, 64);
	ck_assert(c->prov.networks[0].routed && c->prov.networks[0].vlan == 10);
	ck_assert_uint_eq(c->prov.nports, 1);
	ck_assert_uint_eq(c->prov.ports[0].vni, 10010);
	conf_free(c);
}
END_TEST

/* The other words refine; an external peer needs no policy; without an AS there is no BGP. */
START_TEST(beside_the_rest)
{
	struct conf *c = good(FABRIC " peer s2 10.0.0.12 as 65100\n" RED
				     "router bgp 65001\n address-family l2vpn evpn\n"
				     "  vni 10010\n   rd 1:7\n");

	ck_assert_uint_eq(c->evpn.nvnis, 2);
	ck_assert(c->evpn.vnis[0].rd_set && !c->evpn.vnis[1].rd_set);
	ck_assert(!c->bgp.ebgp_requires_policy);
	ck_assert_uint_eq(c->bgp.peers[1].remote_as, 65100);
	ck_assert_ptr_null(c->bgp.peers[1].update_source_if);
	conf_free(c);
	c = good("fabric\n vtep 10.0.0.1\n" RED);
	ck_assert(!c->bgp.enabled && c->prov.fabric);
	ck_assert_uint_eq(c->evpn.nvrfs, 1);
	conf_free(c);
}
END_TEST

/* What deviates, said of tenant and network. */
START_TEST(deviations)
{
	struct conf *c =
	    good(FABRIC " duplicate-detection max-moves 3 time 60\n"
			" duplicate-detection freeze permanent\n" RED
			" rd 1:1\n rt import 65002:4001 *:7\n rt both 65001:1\n"
			" advertise default ipv4\n advertise aggregate 10.1.0.0/16 "
			"summary-only\n"
			" leak from shared prefix-list P\n leak from other\n"
			" external wan interface eth3 address 192.0.2.2/24\n"
			" network web rd 1:2\n network web rt import 65002:10010\n"
			" network web flood none\n"
			"tenant shared vni 4002\ntenant other vni 4003\n"
			"ip prefix-list P seq 5 permit 10.9.0.0/16\n");
	const struct vrf_conf *red = &c->evpn.vrfs[1];

	ck_assert(
	    c->evpn.dad_max_moves == 3 && c->evpn.dad_time == 60 && c->evpn.dad_freeze);
	ck_assert_str_eq(red->name, "red");
	ck_assert(red->rd_set && red->nimports == 3 && red->nexports == 1);
	ck_assert(red->af[0].default_originate && !red->af[1].default_originate);
	ck_assert(red->af[0].naggregates == 1 && red->af[0].aggregates[0].summary_only);
	/* The list is of IPv4: of IPv6 nothing of shared comes. */
	ck_assert_uint_eq(red->af[0].nimport_vrfs, 2);
	ck_assert_ptr_nonnull(red->af[0].import_map);
	ck_assert_uint_eq(red->af[1].nimport_vrfs, 1);
	ck_assert_str_eq(red->af[1].import_vrfs[0], "other");
	ck_assert(c->evpn.vnis[0].rd_set && c->evpn.vnis[0].nimports == 1);
	ck_assert(c->evpn.vnis[0].flooding == FLOOD_DISABLED);
	ck_assert(c->evpn.vnis[1].flooding == FLOOD_HER);
	ck_assert_uint_eq(c->prov.nexternals, 1);
	ck_assert(
	    c->prov.externals[0].naddrs == 1 && c->prov.externals[0].addr[0].plen == 24);
	conf_free(c);
}
END_TEST

/* Without a layer-3 VNI there is a VRF for the gateways all the same. */
START_TEST(who_routes)
{
	struct conf *c = good(FABRIC "tenant red\n irb asymmetric\n"
				     " network web vni 10010 gateway 10.1.10.1/24\n"
				     "tenant blue\n irb centralised\n"
				     " network shop vni 10020 gateway 10.1.10.1/24\n"
				     " network store vni 10030\n");

	ck_assert(c->prov.tenants[0].vrf && c->prov.tenants[0].l3vni == 0);
	ck_assert(c->prov.networks[0].routed && c->evpn.nvrfs == 0);
	ck_assert(!c->evpn.vnis[0].advertise_default_gw);
	ck_assert(c->evpn.vnis[1].advertise_default_gw);
	ck_assert(!c->evpn.vnis[2].advertise_default_gw);
	conf_free(c);
}
END_TEST

/* A tenant is entered again without its VNI, and keeps it. */
START_TEST(entered_again)
{
	struct conf *c = good(RED "tenant red\n network db vni 10030\n");

	ck_assert_uint_eq(c->prov.tenants[0].l3vni, 4001);
	ck_assert_uint_eq(c->prov.nnetworks, 3);
	conf_free(c);
	c = good("tenant flat vni 5\n no vni\n network a vni 7\n");
	ck_assert_uint_eq(c->prov.tenants[0].l3vni, 0);
	conf_free(c);
}
END_TEST

static const struct {
	const char *text, *path, *says;
} bad[] = {
	{ RED "tenant blue vni 5\n network x vni 10010\n",
	    "/evpnd:tenant[name='blue']/network[name='x']/vni", "network web of red" },
	{ RED "tenant blue vni 5\n network x vni 4001\n",
	    "/evpnd:tenant[name='blue']/network[name='x']/vni", "layer-3 VNI of red" },
	{ RED "tenant blue vni 4001\n", "/evpnd:tenant", "" },
	{ RED "tenant blue\n network x vni 20000 vlan 10\n",
	    "/evpnd:tenant[name='blue']/network[name='x']/vlan", "VLAN 10" },
	{ RED " network c vni 5 gateway 10.1.0.1/16\n",
	    "/evpnd:tenant[name='red']/network[name='web']", "overlaps with network c" },
	{ "tenant flat\n network a vni 5 gateway 10.0.0.1/24\n",
	    "/evpnd:tenant[name='flat']/network[name='a']/gateway", "layer-3 VNI" },
	{ RED " network c vni 5 gateway 10.7.0.1/32\n",
	    "/evpnd:tenant[name='red']/network[name='c']/gateway", "no address" },
	{ RED "port p network db\n", "/evpnd:port[name='p']/network", "no network db" },
	{ RED "tenant blue\n network web vni 7\nport p network web\n",
	    "/evpnd:port[name='p']/network", "say blue/web" },
	{ RED "port p tagged app\n", "/evpnd:port[name='p']/tagged", "has no VLAN" },
	{ RED "port p network web\nport p tagged red/web\n",
	    "/evpnd:port[name='p']/tagged", "both tagged and untagged" },
	{ FABRIC "router bgp 65002\n", "/evpnd:fabric/asn", "router bgp" },
	{ FABRIC "router bgp 65001\n neighbor 10.0.0.11 remote-as 65001\n",
	    "/evpnd:fabric/peer[name='spine1']", "as well" },
	{ RED "vrf red\n vni 9\n", "/evpnd:tenant[name='red']", "another" },
	{ FABRIC RED "router bgp 65001\n address-family l2vpn evpn\n vni 4001\n",
	    "/evpnd:tenant[name='red']", "layer 2" },
	{ "tenant red vni 1\n irb asymmetric\n", "/evpnd:tenant[name='red']/irb",
	    "symmetric" },
	{ "tenant red\n advertise default ipv4\n", "/evpnd:tenant[name='red']/default",
	    "layer-3 VNI" },
	{ RED " leak from red\n", "/evpnd:tenant[name='red']/leak", "already" },
	{ RED " leak from x prefix-list Q\n",
	    "/evpnd:tenant[name='red']/leak[tenant='x']/prefix-list",
	    "no prefix-list Q" },
	{ RED " network web arp-suppression off\n",
	    "/evpnd:tenant[name='red']/network[name='web']/arp", "per-vni" },
	{ RED " external a interface e\nport e network web\n", "/evpnd:port[name='e']",
	    "routed for tenant red" },
	{ RED " external a interface e\ntenant blue vni 2\n external b interface e\n",
	    "/evpnd:tenant[", "as well" },
	{ "tenant red vni 5\n network x vni 5\n", "/evpnd:tenant[name='red']/vni",
	    "not both" },
	{ "vrf a\n vni 5\nexit-vrf\nvrf b\n vni 5\n", "/evpnd:vrf", "" },
	{ "fabric\n bridge red\ntenant red\n", "/evpnd:tenant[name='red']/name",
	    "bridge" },
	{ "fabric\ntenant br-fabric\n", "/evpnd:tenant[name='br-fabric']", "name of" },
};

START_TEST(nonsense)
{
	struct lyd_node *tree;
	struct err e = { 0 };

	ck_assert_ptr_null(compile(bad[_i].text, &tree, &e));
	ck_assert_msg(strncmp(e.path, bad[_i].path, strlen(bad[_i].path)) == 0, "%s: %s",
	    e.path, e.text);
	ck_assert_msg(strstr(e.text, bad[_i].says) != NULL, "%s", e.text);
	nb_tree_free(tree);
}
END_TEST

/* The second line about a port is refused where it stands. */
START_TEST(port_twice)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;

	cli_text_load(
	    cli, nb, &tree, RED "port p network web\nport p network app\n", NULL, &rep);
	ck_assert_uint_eq(rep.errors, 1);
	nb_tree_free(tree);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ meaning, 0, 0 },
		{ beside_the_rest, 0, 0 },
		{ deviations, 0, 0 },
		{ who_routes, 0, 0 },
		{ entered_again, 0, 0 },
		{ nonsense, ARRAY_LEN(bad), 0 },
		{ port_twice, 0, 0 },
		{ 0 },
	};

	return cli_tests("tenant", NULL, tests);
}
