/* SPDX-License-Identifier: ISC */
/* Commands of `address-family l2vpn evpn` and of its VNIs. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#include "mgmt/cli_peer_rows.h"

#define PEER "<A.B.C.D|X:X::X:X|WORD>$peer"
#define AF "bgp/{peer}/l2vpn-evpn/"
#define EVPN "bgp/l2vpn-evpn/"
#define VNI "bgp/l2vpn-evpn/vni[$vni]/"
#define AUTORT "<add-always|add-never|add-if-no-manual>$mode"
#define ROW(node, flags, pattern, set, help)                                             \
	{                                                                                \
		node, NODE_NONE, flags, pattern, set, help, NULL                         \
	}

static const struct cli_row rows[] = {
	{ NODE_BGP, NODE_EVPN, 0, "address-family l2vpn evpn", NULL,
	    "The family L2VPN EVPN", NULL },

	ROW(NODE_EVPN, 0, "neighbor " PEER " activate", AF "activate=true",
	    "Exchange EVPN routes with this neighbour"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " route-reflector-client",
	    AF "route-reflector-client=true",
	    "The neighbour is a client of this route reflector"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " next-hop-self", AF "next-hop-self=true",
	    "Advertise this router as next hop"),
	ROW(NODE_EVPN, CLI_HIDDEN, "neighbor " PEER " next-hop-self force",
	    AF "next-hop-self=true", "Advertise this router as next hop"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " soft-reconfiguration inbound",
	    AF "soft-reconfiguration-inbound=true", "Keep what the neighbour sent"),
	ROW(NODE_EVPN, 0,
	    "neighbor " PEER " maximum-prefix (1-4294967295)$limit [(1-100)$percent]"
	    " [warning-only$warn|restart (1-65535)$minutes]",
	    AF "maximum-prefix/limit=$limit " AF "maximum-prefix/threshold=$percent " AF
	       "maximum-prefix/warning-only=?warn " AF "maximum-prefix/restart=$minutes",
	    "The most routes accepted from this neighbour"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " allowas-in [(1-10)$times]",
	    AF "allowas-in=$times:3", "The own AS may be so many times in the AS path"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " allowas-in origin",
	    AF "allowas-in-origin=true",
	    "The own AS may be in the AS path of what began in it"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " evpn route-types WORDLIST...$types",
	    AF "route-type*=$types", "EVPN route types, by number, that may be sent"),
	ROW(NODE_EVPN, CLI_NOEFFECT,
	    "neighbor " PEER " <send-community|attribute-unchanged|addpath-tx-all-paths|"
	    "addpath-tx-bestpath-per-AS"
	    "|disable-addpath-rx|nexthop-local|capability> [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(NODE_EVPN, 0, "neighbor " PEER " route-map WORD$map in",
	    AF "route-map-in=$map", "Policy for routes from this neighbour"),
	ROW(NODE_EVPN, 0, "neighbor " PEER " route-map WORD$map out",
	    AF "route-map-out=$map", "Policy for routes to this neighbour"),
	CLI_PEER_ROW(NODE_EVPN, CLI_NOEFFECT, "next-hop-unchanged", NULL,
	    "The next hop of EVPN is kept in any case"),
	CLI_PEER_PATHS(NODE_EVPN, 0, AF),
	CLI_PEER_REFUSE(NODE_EVPN, "prefix-list",
	    "EVPN routes are no prefixes; a route-map says match ip address prefix-list "
	    "of type 5"),
	CLI_PEER_REFUSE(NODE_EVPN, "default-originate",
	    "Default routes are told by VRFs: default-originate ipv4"),
	CLI_PEER_REFUSED(NODE_EVPN),

	ROW(NODE_EVPN, 0, "advertise-all-vni", EVPN "advertise-all-vni=true",
	    "Every VNI of the kernel is an EVPN instance"),
	{ NODE_EVPN, NODE_VNI, 0, "vni (1-16777215)$vni", "bgp/l2vpn-evpn/vni[$vni]",
	    "An EVPN instance", NULL },
	ROW(NODE_EVPN, 0, "autort as ASNUM$as", EVPN "autort-as=$as",
	    "The AS in automatic route targets, if not our own"),
	ROW(NODE_EVPN, 0, "autort rfc8365-compatible", EVPN "autort-rfc8365=true",
	    "Automatic route targets with the type bits of VXLAN"),
	ROW(NODE_EVPN, CLI_HIDDEN,
	    "auto-route-target [import|export|both] rfc8365-compatible",
	    EVPN "autort-rfc8365=true",
	    "Automatic route targets with the type bits of VXLAN"),
	ROW(NODE_EVPN, 0, "advertise-default-gw", EVPN "advertise-default-gw=true",
	    "Advertise MAC and address of gateways as default gateway"),
	ROW(NODE_EVPN, 0, "advertise-svi-ip", EVPN "advertise-svi-ip=true",
	    "Advertise MAC and addresses of SVIs"),
	ROW(NODE_EVPN, 0, "dup-addr-detection", EVPN "dup-addr-detection/enabled=true",
	    "Watch for MACs that move too often"),
	ROW(NODE_EVPN, 0, "dup-addr-detection max-moves (2-1000)$moves time (2-1800)$sec",
	    EVPN "dup-addr-detection/max-moves=$moves " EVPN
		 "dup-addr-detection/time=$sec",
	    "So many moves within so many seconds make a duplicate"),
	ROW(NODE_EVPN, 0, "dup-addr-detection freeze <permanent|(30-3600)>$freeze",
	    EVPN "dup-addr-detection/freeze=$freeze",
	    "Duplicates are frozen for this time, seconds"),
	ROW(NODE_EVPN, 0, "enable-resolve-overlay-index",
	    EVPN "enable-resolve-overlay-index=true",
	    "Resolve the gateway of type-5 routes by type-2 routes"),
	ROW(NODE_EVPN, 0, "evpn probe", EVPN "probe/enabled=true",
	    "Ask hosts that are silent before they are withdrawn"),
	ROW(NODE_EVPN, 0, "evpn probe rate (1-100000)$rate", EVPN "probe/rate=$rate",
	    "So many are asked each second at most"),
	ROW(NODE_EVPN, 0, "flooding <disable|head-end-replication>$mode",
	    EVPN "flooding=$mode",
	    "How broadcast, unknown unicast and multicast are sent"),
	ROW(NODE_EVPN, CLI_NOEFFECT, "advertise <ipv4|ipv6> unicast [LINE...]", NULL,
	    "Type 5 is sent of VRFs, not of the main table"),
	ROW(NODE_EVPN, CLI_NOEFFECT,
	    "<advertise-pip|use-es-l3nhg|disable-ead-evi-rx|disable-ead-evi-tx|ead-es-"
	    "frag"
	    "|ead-es-route-target> [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(NODE_EVPN, CLI_REFUSE, "default-originate LINE...", NULL,
	    "Default routes are told by VRFs: router bgp AS vrf NAME"),
	ROW(NODE_EVPN, CLI_REFUSE, "mac-vrf LINE...", NULL,
	    "Sites of origin are not kept apart: one VTEP is one address"),
	ROW(NODE_EVPN, CLI_REFUSE, "network LINE...", NULL,
	    "Type 5 is told by VRFs: network PREFIX in router bgp AS vrf NAME"),
	ROW(NODE_EVPN, CLI_REFUSE, "<rd|route-target> LINE...", NULL,
	    "The main table has no type 5; vni N and VRFs have these"),
	ROW(NODE_EVPN, CLI_REFUSE,
	    "auto-route-target <import|export|both> <add-always|add-never|"
	    "add-if-no-manual> [LINE...]",
	    NULL, "It is said in vni N and in VRFs; here rfc8365-compatible alone"),
	ROW(NODE_EVPN, CLI_REFUSE, "auto-route-target LINE...", NULL,
	    "It is said in vni N and in VRFs; here rfc8365-compatible alone"),

	ROW(NODE_VNI, 0, "flooding <disable|head-end-replication>$mode",
	    VNI "flooding=$mode",
	    "How broadcast, unknown unicast and multicast are sent"),
	ROW(NODE_VNI, 0, "rd RD$rd", VNI "rd=$rd", "Route distinguisher"),
	ROW(NODE_VNI, 0, "route-target import RTLIST...$rt",
	    VNI "route-target-import+=$rt", "Routes with one of these are imported"),
	ROW(NODE_VNI, 0, "route-target export RTLIST...$rt",
	    VNI "route-target-export+=$rt", "Routes are sent with these"),
	ROW(NODE_VNI, CLI_HIDDEN, "route-target both RTLIST...$rt",
	    VNI "route-target-import+=$rt " VNI "route-target-export+=$rt",
	    "Routes are imported and sent with these"),
	ROW(NODE_VNI, 0, "auto-route-target import " AUTORT,
	    VNI "auto-route-target-import=$mode", "When *:VNI is imported"),
	ROW(NODE_VNI, 0, "auto-route-target export " AUTORT,
	    VNI "auto-route-target-export=$mode", "When AS:VNI is sent"),
	ROW(NODE_VNI, CLI_HIDDEN, "auto-route-target both " AUTORT,
	    VNI "auto-route-target-import=$mode " VNI "auto-route-target-export=$mode",
	    "When automatic route targets are in force"),
	ROW(NODE_VNI, CLI_HIDDEN, "route-target import auto",
	    VNI "auto-route-target-import=add-always", "*:VNI is imported, too"),
	ROW(NODE_VNI, CLI_HIDDEN, "route-target export auto",
	    VNI "auto-route-target-export=add-always", "AS:VNI is sent, too"),
	ROW(NODE_VNI, CLI_HIDDEN, "route-target both auto",
	    VNI "auto-route-target-import=add-always " VNI
		"auto-route-target-export=add-always",
	    "Automatic route targets are in force, too"),
	ROW(NODE_VNI, 0, "advertise-default-gw", VNI "advertise-default-gw=true",
	    "Advertise MAC and address of the gateway as default gateway"),
	ROW(NODE_VNI, 0, "advertise-svi-ip", VNI "advertise-svi-ip=true",
	    "Advertise MAC and addresses of the SVI"),
	ROW(NODE_VNI, CLI_NOEFFECT, "advertise-subnet", NULL,
	    "The VRF tells its prefixes: advertise ipv4 unicast"),
};

const struct cli_table cli_table_evpn = CLI_TABLE(rows);
