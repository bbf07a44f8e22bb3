/* SPDX-License-Identifier: ISC */
/* What the dialect knows and this program does not do: accepted without effect, or refused. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#define IGNORE(node, enter, pattern, help)                                               \
	{                                                                                \
		node, enter, CLI_NOEFFECT, pattern, NULL, help, NULL                     \
	}
#define REFUSE(pattern, help)                                                            \
	{                                                                                \
		NODE_CONFIG, NODE_NONE, CLI_REFUSE, pattern, NULL, help, NULL            \
	}
#define AF_PATTERN "address-family <ipv4|ipv6> <multicast|vpn|labeled-unicast|flowspec>"

static const struct cli_row rows[] = {
	IGNORE(NODE_CONFIG, NODE_IGN_IF, "interface IFNAME [vrf WORD]",
	    "Interfaces are configured in the kernel"),
	IGNORE(NODE_CONFIG, NODE_IGN_BFD, "bfd", "BFD is not spoken"),
	IGNORE(NODE_CONFIG, NODE_IGN_VTY, "line vty", "There is one kind of terminal"),
	IGNORE(NODE_CONFIG, NODE_NONE,
	    "<ip|ipv6> "
	    "<access-list|forwarding|nht|protocol|router-id|import-table> "
	    "[LINE...]",
	    CLI_NOT_DONE),
	IGNORE(NODE_CONFIG, NODE_NONE,
	    "<access-list|debug|agentx|zebra|banner|domainname|allow-reserved-ranges|"
	    "router-id> "
	    "LINE...",
	    CLI_NOT_DONE),
	IGNORE(NODE_CONFIG, NODE_NONE,
	    "bgp "
	    "<no-rib|route-map|send-extra-data|session-dscp|input-queue-limit|output-"
	    "queue-"
	    "limit> [LINE...]",
	    CLI_NOT_DONE),
	IGNORE(NODE_CONFIG, NODE_NONE, "agentx", "SNMP is not spoken"),
	IGNORE(NODE_CONFIG, NODE_NONE, "route-map WORD optimization",
	    "Policies are read from the top"),
	IGNORE(NODE_CONFIG, NODE_NONE, "bgp suppress-fib-pending", CLI_NOT_DONE),
	REFUSE("bgp community alias LINE...", "Communities have no other names"),
	REFUSE("rpki", "Origins are not validated"),
	REFUSE("key chain LINE...", "Keys are of neighbours: neighbor PEER password"),
	REFUSE("<nexthop-group|pbr-map> LINE...",
	    "Policy routing is the kernel's: ip rule, ip nexthop"),
	REFUSE("<segment-routing|fpm|srv6|mpls> [LINE...]",
	    "Routes are written into the kernel as they are, with VXLAN alone"),
	IGNORE(NODE_CONFIG, NODE_NONE, "vni (1-16777215) [prefix-routes-only]",
	    "The default VRF has no layer-3 VNI here"),
	IGNORE(NODE_CONFIG, NODE_NONE, "evpn mh LINE...", "Multihoming is not done yet"),
	REFUSE("<ip|ipv6> route LINE...", "Static routes are not this program's"),
	REFUSE("router bgp ASNUM view WORD", "Views are not supported"),
	REFUSE("router <ospf|ospf6|isis|rip|ripng|babel|eigrp|openfabric> [LINE...]",
	    "Only BGP is spoken"),

	IGNORE(
	    NODE_BGP, NODE_IGN_AF, AF_PATTERN, "Only unicast and L2VPN EVPN are spoken"),
	IGNORE(NODE_BGP_VRF, NODE_IGN_AF,
	    "address-family <ipv4|ipv6> <multicast|vpn|labeled-unicast|flowspec>",
	    "Only unicast routes of a VRF are told"),
	IGNORE(NODE_IGN_AF, NODE_NONE,
	    "<neighbor|redistribute|network|maximum-paths|aggregate-address|import|"
	    "export|label|rd"
	    "|rt|route-target|auto-route-target|table-map|distance|advertise|nexthop|sid>"
	    " LINE...",
	    "Not done yet"),
	IGNORE(NODE_IGN_AF, NODE_NONE, "route-map vpn LINE...", "Not done yet"),
	IGNORE(NODE_IGN_AF, NODE_NONE,
	    "<advertise-pip|default-originate|advertise-all-vni|advertise-svi-ip"
	    "|advertise-default-gw> [LINE...]",
	    "Not done yet"),
	IGNORE(NODE_IGN_IF, NODE_NONE,
	    "<ip|ipv6|description|evpn|link-detect|bandwidth|shutdown|multicast|mpls|"
	    "vrrp>"
	    " [LINE...]",
	    "Interfaces are configured in the kernel"),
	IGNORE(NODE_IGN_BFD, NODE_IGN_BFD_SUB, "<profile|peer> LINE...",
	    "BFD is not spoken"),
	IGNORE(NODE_IGN_BFD_SUB, NODE_NONE,
	    "<detect-multiplier|receive-interval|transmit-interval|echo-mode|echo|echo-"
	    "interval"
	    "|shutdown|passive-mode|minimum-ttl|label|log-session-changes> [LINE...]",
	    "BFD is not spoken"),
	IGNORE(NODE_IGN_VTY, NODE_NONE, "<exec-timeout|access-class|login> [LINE...]",
	    "There is one kind of terminal"),
};

const struct cli_table cli_table_ignored = CLI_TABLE(rows);
