/* SPDX-License-Identifier: ISC */
/* The nodes of the configuration, and the list of tables of commands. */
#include "config.h"

#include "mgmt/cli_table.h"

const struct cli_node_row cli_nodes[NODE_MAX] = {
	[NODE_CONFIG] = { "config", NULL, NODE_NONE, "system" },
	[NODE_BGP] = { "config-router", "exit", NODE_CONFIG, "bgp" },
	[NODE_EVPN] = { "config-router-af", "exit-address-family", NODE_BGP,
	    "bgp/l2vpn-evpn" },
	[NODE_VNI] = { "config-router-af-vni", "exit-vni", NODE_EVPN,
	    "bgp/l2vpn-evpn/vni[$vni]" },
	[NODE_VRF] = { "config-vrf", "exit-vrf", NODE_CONFIG, "vrf[$instance]" },
	[NODE_BGP_VRF] = { "config-router", "exit", NODE_CONFIG, "bgp/vrf[$instance]" },
	[NODE_VRF_IPV4] = { "config-router-af", "exit-address-family", NODE_BGP_VRF,
	    "bgp/vrf[$instance]/ipv4-unicast" },
	[NODE_VRF_IPV6] = { "config-router-af", "exit-address-family", NODE_BGP_VRF,
	    "bgp/vrf[$instance]/ipv6-unicast" },
	[NODE_VRF_EVPN] = { "config-router-af", "exit-address-family", NODE_BGP_VRF,
	    "bgp/vrf[$instance]/l2vpn-evpn" },
	[NODE_IPV4] = { "config-router-af", "exit-address-family", NODE_BGP,
	    "bgp/ipv4-unicast" },
	[NODE_IPV6] = { "config-router-af", "exit-address-family", NODE_BGP,
	    "bgp/ipv6-unicast" },
	[NODE_FABRIC] = { "config-fabric", "exit", NODE_CONFIG, NULL },
	[NODE_TENANT] = { "config-tenant", "exit", NODE_CONFIG, NULL },
	[NODE_RMAP] = { "config-route-map", "exit", NODE_CONFIG, NULL },
	[NODE_IGN_AF] = { "config-router-af", "exit-address-family", NODE_BGP, NULL },
	[NODE_IGN_IF] = { "config-if", "exit", NODE_CONFIG, NULL },
	[NODE_IGN_BFD] = { "config-bfd", "exit", NODE_CONFIG, NULL },
	[NODE_IGN_BFD_SUB] = { "config-bfd-peer", "exit", NODE_IGN_BFD, NULL },
	[NODE_IGN_VTY] = { "config-line", "exit", NODE_CONFIG, NULL },
};

const struct cli_table *const cli_tables[] = {
	&cli_table_system,
	&cli_table_tenant,
	&cli_table_vrf,
	&cli_table_bgp,
	&cli_table_neighbor,
	&cli_table_listen,
	&cli_table_unicast,
	&cli_table_evpn,
	&cli_table_bgp_vrf,
	&cli_table_policy,
	&cli_table_ignored,
	NULL,
};
