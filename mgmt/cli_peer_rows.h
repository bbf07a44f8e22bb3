/* SPDX-License-Identifier: ISC */
/* mgmt/cli_peer_rows.h: rows that neighbours have in every family; for the tables of families.
 *
 * What    Macros that stand for rows of struct cli_row: node and flags as there, `af` is the path of the
 *         family below a neighbour ("bgp/{peer}/ipv4-unicast/").
 */
#ifndef EVPND_MGMT_CLI_PEER_ROWS_H
#define EVPND_MGMT_CLI_PEER_ROWS_H

#define CLI_PEER "<A.B.C.D|X:X::X:X|WORD>$peer"
#define CLI_PEER_ROW(node, flags, pattern, set, help)                                    \
	{                                                                                \
		node, NODE_NONE, flags, "neighbor " CLI_PEER " " pattern, set, help,     \
		    NULL                                                                 \
	}
#define CLI_PEER_PATHS(node, flags, af)                                                  \
	CLI_PEER_ROW(node, flags, "as-override", af "as-override=true",                  \
	    "Its own AS in paths becomes ours"),                                         \
	    CLI_PEER_ROW(node, flags, "remove-private-AS [all$all] [replace-AS$own]",    \
		af "remove-private-as " af "remove-private-as/all=?all " af              \
		   "remove-private-as/replace-as=?own",                                  \
		"Private AS numbers go from paths"),                                     \
	    CLI_PEER_ROW(node, flags, "weight (0-65535)$weight", af "weight=$weight",    \
		"Weight of its routes, in this router alone"),                           \
	    CLI_PEER_ROW(node, flags, "filter-list WORD$list in",                        \
		af "filter-list-in=$list", "AS paths of routes from this neighbour"),    \
	    CLI_PEER_ROW(node, flags, "filter-list WORD$list out",                       \
		af "filter-list-out=$list", "AS paths of routes to this neighbour")
/* What is not done, and why. */
#define CLI_PEER_REFUSE(node, pattern, help)                                             \
	CLI_PEER_ROW(node, CLI_REFUSE, pattern " [LINE...]", NULL, help)
#define CLI_PEER_REFUSED(node)                                                           \
	CLI_PEER_REFUSE(node, "distribute-list",                                         \
	    "Access lists of prefixes are not read; say it with a prefix-list"),         \
	    CLI_PEER_REFUSE(node, "<unsuppress-map|advertise-map>",                      \
		"Routes are told by what they are, not by what else there is; a "        \
		"route-map says which"),                                                 \
	    CLI_PEER_REFUSE(node, "route-server-client",                                 \
		"A route server is not made: our AS would be in the paths"),             \
	    CLI_PEER_REFUSE(node, "soo",                                                 \
		"Sites of origin are set by a route-map: set extcommunity soo"),         \
	    CLI_PEER_REFUSE(node, "maximum-prefix-out",                                  \
		"What is sent is bounded by a route-map out, not by a number"),          \
	    CLI_PEER_REFUSE(node, "accept-own",                                          \
		"Routes of this router are not taken back from a neighbour"),            \
	    CLI_PEER_REFUSE(node, "allowas-in route-map",                                \
		"The own AS is allowed for all routes of a neighbour or for none"),      \
	    CLI_PEER_REFUSE(node, "maximum-prefix (1-4294967295) [(1-100)] force",       \
		"What a policy denies is not kept, so it is not counted"),               \
	    CLI_PEER_ROW(node, CLI_NOEFFECT,                                             \
		"<addpath-tx-best-selected|addpath-rx-paths-limit> LINE...", NULL,       \
		"One path of a route is told: add-path is not spoken")

#endif
