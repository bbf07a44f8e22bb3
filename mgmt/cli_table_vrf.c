/* SPDX-License-Identifier: ISC */
/* Commands of `vrf NAME` and of `router bgp AS vrf NAME`. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#define VRF "vrf[$instance]/"
#define BGP "bgp/vrf[$instance]/"
#define EVPN BGP "l2vpn-evpn/"
#define AUTORT "<add-always|add-never|add-if-no-manual>$mode"
#define MAP "[route-map WORD$map]"
#define METRIC "[metric (0-4294967295)$metric]"
#define ROW(node, flags, pattern, set, help)                                             \
	{                                                                                \
		node, NODE_NONE, flags, pattern, set, help, NULL                         \
	}
#define IGNORE(node, pattern, help) ROW(node, CLI_NOEFFECT, pattern, NULL, help)

static const struct cli_row vrf_rows[] = {
	{ NODE_CONFIG, NODE_VRF, 0, "vrf IFNAME$instance", "vrf[$instance]", "A VRF",
	    NULL },
	ROW(NODE_VRF, 0, "vni (1-16777215)$l3vni [prefix-routes-only$only]",
	    VRF "prefix-routes-only=?only " VRF "l3vni=$l3vni", "Layer-3 VNI of the VRF"),
	ROW(NODE_VRF, 0, "unreachable-default", VRF "unreachable-default=true",
	    "Refuse packets without a route instead of asking the main table"),
	IGNORE(
	    NODE_VRF, "<ip|ipv6|description|netns|evpn> LINE...", "Not configured here"),
};

const struct cli_table cli_table_vrf = CLI_TABLE(vrf_rows);

#define AGGREGATE(name)                                                                  \
	BGP name "-unicast/aggregate-address[$aggregate] " BGP name                      \
		 "-unicast/aggregate-address[$aggregate]/summary-only=?only " BGP name   \
		 "-unicast/aggregate-address[$aggregate]/route-map=$map"
#define TABLE(name)                                                                      \
	BGP name "-unicast/redistribute-table[$table] " BGP name                         \
		 "-unicast/redistribute-table[$table]/metric=$metric " BGP name          \
		 "-unicast/redistribute-table[$table]/route-map=$map"
/* The same statements for both families. */
#define FAMILY(node, name, prefix)                                                       \
	{ NODE_BGP_VRF, node, 0, "address-family " name " unicast", NULL,                \
		"Unicast routes of the VRF", NULL },                                     \
	    { NODE_BGP_VRF, node, CLI_HIDDEN, "address-family " name, NULL,              \
		    "Unicast routes of the VRF", NULL },                                 \
	    ROW(node, 0, "network " prefix "$network " MAP,                              \
		BGP name "-unicast/network[$network] " BGP name                          \
			 "-unicast/network[$network]/route-map=$map",                    \
		"A prefix that is told when the VRF has such a route"),                  \
	    ROW(node, 0,                                                                 \
		"aggregate-address " prefix "$aggregate [summary-only$only] " MAP,       \
		AGGREGATE(name), "A prefix that is told when one inside it is"),         \
	    ROW(node, CLI_HIDDEN,                                                        \
		"aggregate-address " prefix                                              \
		"$aggregate route-map WORD$map summary-only$only",                       \
		AGGREGATE(name), "A prefix that is told when one inside it is"),         \
	    IGNORE(node,                                                                 \
		"aggregate-address " prefix                                              \
		" <as-set|origin|matching-MED-only|suppress-map> [LINE...]",             \
		"This form of aggregate is not made"),                                   \
	    ROW(node, 0,                                                                 \
		"redistribute <connected|static|kernel|ospf|ospf6|bgp>$source " METRIC   \
		" " MAP,                                                                 \
		BGP name "-unicast/redistribute[$source] " BGP name                      \
			 "-unicast/redistribute[$source]/metric=$metric " BGP name       \
			 "-unicast/redistribute[$source]/route-map=$map",                \
		"Routes of the VRF that are told, by their maker"),                      \
	    ROW(node, CLI_HIDDEN,                                                        \
		"redistribute <connected|static|kernel|ospf|ospf6|bgp>$source "          \
		"route-map WORD$map metric (0-4294967295)$metric",                       \
		BGP name "-unicast/redistribute[$source] " BGP name                      \
			 "-unicast/redistribute[$source]/metric=$metric " BGP name       \
			 "-unicast/redistribute[$source]/route-map=$map",                \
		"Routes of the VRF that are told, by their maker"),                      \
	    ROW(node, 0, "redistribute table (1-65535)$table " METRIC " " MAP,           \
		TABLE(name),                                                             \
		"Routes of another kernel table that are told as the VRF's"),            \
	    ROW(node, CLI_HIDDEN,                                                        \
		"redistribute table-direct (1-65535)$table " METRIC " " MAP,             \
		TABLE(name),                                                             \
		"Routes of another kernel table that are told as the VRF's"),            \
	    ROW(node, CLI_HIDDEN,                                                        \
		"redistribute <table|table-direct> (1-65535)$table route-map WORD$map "  \
		"metric (0-4294967295)$metric",                                          \
		TABLE(name),                                                             \
		"Routes of another kernel table that are told as the VRF's"),            \
	    IGNORE(node, "import vrf default",                                           \
		"The main table's prefixes do not come into VRFs: ip route PREFIX vrf "  \
		"NAME, and redistribute static"),                                        \
	    ROW(node, 0, "import vrf IFNAME$from",                                       \
		BGP name "-unicast/import-vrf+=$from",                                   \
		"A VRF whose local prefixes come into this one"),                        \
	    ROW(node, 0, "maximum-paths (1-256)$paths",                                  \
		BGP name "-unicast/maximum-paths=$paths",                                \
		"Leaves that share the traffic for a prefix"),                           \
	    ROW(node, CLI_HIDDEN,                                                        \
		"maximum-paths ibgp (1-256)$paths [equal-cluster-length]",               \
		BGP name "-unicast/maximum-paths=$paths",                                \
		"Leaves that share the traffic for a prefix"),                           \
	    ROW(node, 0, "import vrf route-map WORD$map",                                \
		BGP name "-unicast/import-vrf-route-map=$map",                           \
		"Which of their prefixes come in"),                                      \
	    IGNORE(node,                                                                 \
		"redistribute "                                                          \
		"<babel|eigrp|isis|nhrp|openfabric|rip|ripng|sharp|vnc> [LINE...]",      \
		"Not told apart from the kernel's"),                                     \
	    IGNORE(node,                                                                 \
		"<neighbor|export|label|rd|rt|route-target|table-map|distance|nexthop|"  \
		"sid> LINE...",                                                          \
		"There are no BGP sessions in VRFs"),                                    \
	    IGNORE(node, "<import|export> vpn",                                          \
		"Prefixes go between VRFs by import vrf and route targets"),             \
	    IGNORE(node, "route-map vpn LINE...", "Policies are not applied")

static const struct cli_row bgp_rows[] = {
	{ NODE_CONFIG, NODE_BGP_VRF, 0, "router bgp ASNUM$as vrf IFNAME$instance",
	    "bgp/vrf[$instance] bgp/vrf[$instance]/as=$as", "BGP of a VRF", NULL },
	{ NODE_CONFIG, NODE_BGP_VRF, CLI_HIDDEN,
	    "router bgp ASNUM$as vrf IFNAME$instance as-notation WORD",
	    "bgp/vrf[$instance] bgp/vrf[$instance]/as=$as", "BGP of a VRF", NULL },
	ROW(NODE_BGP_VRF, 0, "bgp router-id A.B.C.D$id", BGP "router-id=$id",
	    "In the VRF's automatic route distinguisher"),
	IGNORE(NODE_BGP_VRF,
	    "bgp "
	    "<hard-administrative-reset|always-compare-med|bestpath|client-to-client|"
	    "cluster-id|default"
	    "|deterministic-med|ebgp-requires-policy|graceful-restart"
	    "|graceful-restart-disable|listen|log-neighbor-changes|network|route-map"
	    "|suppress-duplicates|suppress-fib-pending|update-delay> [LINE...]",
	    "There are no BGP sessions in VRFs"),
	IGNORE(NODE_BGP_VRF, "<neighbor|timers|distance|sid|coalesce-time> LINE...",
	    "There are no BGP sessions in VRFs"),

	FAMILY(NODE_VRF_IPV4, "ipv4", "A.B.C.D/M"),
	FAMILY(NODE_VRF_IPV6, "ipv6", "X:X::X:X/M"),

	{ NODE_BGP_VRF, NODE_VRF_EVPN, 0, "address-family l2vpn evpn", NULL,
	    "The VRF in the fabric", NULL },
	ROW(NODE_VRF_EVPN, 0,
	    "advertise <ipv4|ipv6>$family unicast [gateway-ip$gateway] " MAP,
	    EVPN "advertise[$family] " EVPN "advertise[$family]/gateway-ip=?gateway " EVPN
		 "advertise[$family]/route-map=$map",
	    "Tell the VRF's routes as type-5 routes"),
	/* What has come by EVPN is never told again by EVPN. */
	ROW(NODE_VRF_EVPN, CLI_HIDDEN,
	    "advertise <ipv4|ipv6>$family unicast [gateway-ip$gateway] " MAP
	    " skip-evpn-imported",
	    EVPN "advertise[$family] " EVPN "advertise[$family]/gateway-ip=?gateway " EVPN
		 "advertise[$family]/route-map=$map",
	    "Tell the VRF's routes as type-5 routes"),
	ROW(NODE_VRF_EVPN, 0, "default-originate <ipv4|ipv6>$family",
	    EVPN "default-originate+=$family", "Tell a default route"),
	ROW(NODE_VRF_EVPN, 0, "rd RD$rd", EVPN "rd=$rd", "Route distinguisher"),
	ROW(NODE_VRF_EVPN, 0, "route-target import RTLIST...$rt",
	    EVPN "route-target-import+=$rt", "Routes with one of these are imported"),
	ROW(NODE_VRF_EVPN, 0, "route-target export RTLIST...$rt",
	    EVPN "route-target-export+=$rt", "Routes are sent with these"),
	ROW(NODE_VRF_EVPN, CLI_HIDDEN, "route-target both RTLIST...$rt",
	    EVPN "route-target-import+=$rt " EVPN "route-target-export+=$rt",
	    "Routes are imported and sent with these"),
	ROW(NODE_VRF_EVPN, 0, "auto-route-target import " AUTORT,
	    EVPN "auto-route-target-import=$mode", "When *:L3VNI is imported"),
	ROW(NODE_VRF_EVPN, 0, "auto-route-target export " AUTORT,
	    EVPN "auto-route-target-export=$mode", "When AS:L3VNI is sent"),
	ROW(NODE_VRF_EVPN, CLI_HIDDEN, "auto-route-target both " AUTORT,
	    EVPN "auto-route-target-import=$mode " EVPN "auto-route-target-export=$mode",
	    "When automatic route targets are in force"),
	ROW(NODE_VRF_EVPN, CLI_HIDDEN, "route-target import auto",
	    EVPN "auto-route-target-import=add-always", "*:L3VNI is imported, too"),
	ROW(NODE_VRF_EVPN, CLI_HIDDEN, "route-target export auto",
	    EVPN "auto-route-target-export=add-always", "AS:L3VNI is sent, too"),
	ROW(NODE_VRF_EVPN, CLI_HIDDEN, "route-target both auto",
	    EVPN "auto-route-target-import=add-always " EVPN
		 "auto-route-target-export=add-always",
	    "Automatic route targets are in force, too"),
	IGNORE(NODE_VRF_EVPN,
	    "<advertise-pip|advertise-all-vni|advertise-svi-ip|advertise-default-gw"
	    "|neighbor|flooding|dup-addr-detection|use-es-l3nhg> [LINE...]",
	    "Without effect in a VRF"),
};

const struct cli_table cli_table_bgp_vrf = CLI_TABLE(bgp_rows);
