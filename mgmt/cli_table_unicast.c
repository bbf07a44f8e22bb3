/* SPDX-License-Identifier: ISC */
/* Commands of `address-family ipv4|ipv6 unicast` of the main table. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#include "mgmt/cli_peer_rows.h"

#define PEER "<A.B.C.D|X:X::X:X|WORD>$peer"
#define MAP "[route-map WORD$map]"
#define METRIC "[metric (0-4294967295)$metric]"
#define ROW(node, flags, pattern, set, help)                                             \
	{                                                                                \
		node, NODE_NONE, flags, pattern, set, help, NULL                         \
	}
#define REDISTRIBUTE(af)                                                                 \
	af "redistribute[$source] " af "redistribute[$source]/metric=$metric " af        \
	   "redistribute[$source]/route-map=$map"

/* The same statements for both families.  IPv4 is meant where none is named, so that node
 * may be `router bgp` itself, with flags CLI_HIDDEN. */
#define FAMILY(node, flags, name, prefix, plist)                                         \
	ROW(node, flags, "neighbor " PEER " activate",                                   \
	    "bgp/{peer}/" name "/activate=true",                                         \
	    "Exchange routes of this family with this neighbour"),                       \
	    ROW(node, flags, "neighbor " PEER " route-reflector-client",                 \
		"bgp/{peer}/" name "/route-reflector-client=true",                       \
		"The neighbour is a client of this route reflector"),                    \
	    ROW(node, flags, "neighbor " PEER " next-hop-self",                          \
		"bgp/{peer}/" name "/next-hop-self=true",                                \
		"Advertise this router as next hop"),                                    \
	    ROW(node, CLI_HIDDEN, "neighbor " PEER " next-hop-self force",               \
		"bgp/{peer}/" name "/next-hop-self=true",                                \
		"Advertise this router as next hop"),                                    \
	    ROW(node, flags, "neighbor " PEER " soft-reconfiguration inbound",           \
		"bgp/{peer}/" name "/soft-reconfiguration-inbound=true",                 \
		"Keep what the neighbour sent"),                                         \
	    ROW(node, flags,                                                             \
		"neighbor " PEER                                                         \
		" maximum-prefix (1-4294967295)$limit [(1-100)$percent]"                 \
		" [warning-only$warn|restart (1-65535)$minutes]",                        \
		"bgp/{peer}/" name "/maximum-prefix/limit=$limit "                       \
		"bgp/{peer}/" name "/maximum-prefix/threshold=$percent "                 \
		"bgp/{peer}/" name "/maximum-prefix/warning-only=?warn "                 \
		"bgp/{peer}/" name "/maximum-prefix/restart=$minutes",                   \
		"The most routes accepted from this neighbour"),                         \
	    ROW(node, flags, "neighbor " PEER " allowas-in [(1-10)$times]",              \
		"bgp/{peer}/" name "/allowas-in=$times:3",                               \
		"The own AS may be so many times in the AS path"),                       \
	    ROW(node, flags, "neighbor " PEER " allowas-in origin",                      \
		"bgp/{peer}/" name "/allowas-in-origin=true",                            \
		"The own AS may be in the AS path of what began in it"),                 \
	    ROW(node, flags, "neighbor " PEER " route-map WORD$map in",                  \
		"bgp/{peer}/" name "/route-map-in=$map",                                 \
		"Policy for routes from this neighbour"),                                \
	    ROW(node, flags, "neighbor " PEER " route-map WORD$map out",                 \
		"bgp/{peer}/" name "/route-map-out=$map",                                \
		"Policy for routes to this neighbour"),                                  \
	    CLI_PEER_PATHS(node, flags, "bgp/{peer}/" name "/"),                         \
	    CLI_PEER_ROW(node, flags, "prefix-list WORD$" plist " in",                   \
		"bgp/{peer}/" name "/prefix-list-in=$" plist,                            \
		"Prefixes of routes from this neighbour"),                               \
	    CLI_PEER_ROW(node, flags, "prefix-list WORD$" plist " out",                  \
		"bgp/{peer}/" name "/prefix-list-out=$" plist,                           \
		"Prefixes of routes to this neighbour"),                                 \
	    ROW(node, flags, "network " prefix "$network " MAP,                          \
		"bgp/" name "/network[$network] "                                        \
		"bgp/" name "/network[$network]/route-map=$map",                         \
		"A prefix that is told while the main table has it"),                    \
	    ROW(node, flags,                                                             \
		"redistribute <connected|static|kernel>$source " METRIC " " MAP,         \
		REDISTRIBUTE("bgp/" name "/"),                                           \
		"Routes of the main table that are told, by their maker"),               \
	    ROW(node, CLI_HIDDEN,                                                        \
		"redistribute <connected|static|kernel>$source route-map WORD$map "      \
		"metric (0-4294967295)$metric",                                          \
		REDISTRIBUTE("bgp/" name "/"),                                           \
		"Routes of the main table that are told, by their maker"),               \
	    ROW(node, flags, "maximum-paths (1-256)$paths",                              \
		"bgp/" name "/maximum-paths=$paths",                                     \
		"Next hops of external neighbours that share the traffic"),              \
	    ROW(node, flags, "maximum-paths ibgp (1-256)$paths",                         \
		"bgp/" name "/maximum-paths-ibgp=$paths",                                \
		"Next hops of internal neighbours that share the traffic"),              \
	    ROW(node, CLI_HIDDEN,                                                        \
		"maximum-paths ibgp (1-256)$paths equal-cluster-length",                 \
		"bgp/" name "/maximum-paths-ibgp=$paths",                                \
		"Next hops of internal neighbours that share the traffic")

#define OTHERS(node)                                                                     \
	ROW(node, CLI_NOEFFECT,                                                          \
	    "neighbor " PEER " <send-community|attribute-unchanged|addpath-tx-all-paths" \
	    "|addpath-tx-bestpath-per-AS|disable-addpath-rx|nexthop-local|capability"    \
	    "|advertisement-interval> [LINE...]",                                        \
	    NULL, CLI_NOT_DONE),                                                         \
	    CLI_PEER_REFUSE(node, "default-originate",                                   \
		"A default route is told by network or redistribute"),                   \
	    CLI_PEER_REFUSED(node),                                                      \
	    ROW(node, CLI_REFUSE,                                                        \
		"redistribute <ospf|ospf6|isis|rip|ripng|babel|eigrp|openfabric|bgp>"    \
		" [LINE...]",                                                            \
		NULL, "Routes of other routing daemons are not told"),                   \
	    ROW(node, CLI_REFUSE, "redistribute <table|table-direct> LINE...", NULL,     \
		"Routes of other tables are told by VRFs; the main table tells its "     \
		"own"),                                                                  \
	    ROW(node, CLI_NOEFFECT, "import vrf LINE...", NULL,                          \
		"Prefixes of VRFs do not come into the main table: ip route PREFIX dev " \
		"VRF, and redistribute static"),                                         \
	    ROW(node, CLI_REFUSE, "aggregate-address LINE...", NULL,                     \
		"Aggregates are made in VRFs alone"),                                    \
	    ROW(node, CLI_NOEFFECT,                                                      \
		"<import|export|label|rd|rt|route-target|table-map|distance|nexthop|"    \
		"sid> "                                                                  \
		"LINE...",                                                               \
		NULL, CLI_NOT_DONE)

static const struct cli_row rows[] = {
	{ NODE_BGP, NODE_IPV4, 0, "address-family ipv4 unicast", NULL,
	    "IPv4 routes of the main table", NULL },
	{ NODE_BGP, NODE_IPV4, CLI_HIDDEN, "address-family ipv4", NULL,
	    "IPv4 routes of the main table", NULL },
	{ NODE_BGP, NODE_IPV6, 0, "address-family ipv6 unicast", NULL,
	    "IPv6 routes of the main table", NULL },
	{ NODE_BGP, NODE_IPV6, CLI_HIDDEN, "address-family ipv6", NULL,
	    "IPv6 routes of the main table", NULL },
	FAMILY(NODE_IPV4, 0, "ipv4-unicast", "A.B.C.D/M", "plist"),
	OTHERS(NODE_IPV4),
	FAMILY(NODE_IPV6, 0, "ipv6-unicast", "X:X::X:X/M", "plist"),
	OTHERS(NODE_IPV6),
	FAMILY(NODE_BGP, CLI_HIDDEN, "ipv4-unicast", "A.B.C.D/M", "plist"),
};

const struct cli_table cli_table_unicast = CLI_TABLE(rows);
