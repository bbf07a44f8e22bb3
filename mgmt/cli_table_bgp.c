/* SPDX-License-Identifier: ISC */
/* Commands of `router bgp` that concern the speaker as a whole. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>
#include <string.h>

#include "mgmt/nb.h"

/* The AS of a running speaker is not changed by the way: that would reset every session. */
static bool
check_same_as(const struct lyd_node *tree, const struct cli_args *args, struct err *e)
{
	const char *now = nb_get(tree, NB_PATH({ "bgp", NULL }, { "as", NULL }));

	if (!now || strcmp(now, cli_arg(args, "as")) == 0)
		return true;
	return err_set(
	    e, "BGP is already configured with AS %s; \"no router bgp\" first", now);
}

#define ROW(flags, pattern, set, help)                                                   \
	{                                                                                \
		NODE_BGP, NODE_NONE, flags, pattern, set, help, NULL                     \
	}

static const struct cli_row rows[] = {
	{ NODE_CONFIG, NODE_BGP, 0, "router bgp ASNUM$as", "bgp bgp/as=$as",
	    "The BGP speaker", check_same_as },
	{ NODE_CONFIG, NODE_BGP, CLI_HIDDEN, "router bgp ASNUM$as as-notation WORD",
	    "bgp bgp/as=$as", "The BGP speaker", check_same_as },
	ROW(0, "bgp router-id A.B.C.D$id", "bgp/router-id=$id",
	    "BGP identifier of this router"),
	ROW(0, "bgp log-neighbor-changes", "bgp/log-neighbor-changes=true",
	    "Log when sessions come up and go down"),
	ROW(0, "bgp always-compare-med", "bgp/always-compare-med=true",
	    "Compare MED between different neighbouring AS"),
	ROW(0, "bgp ebgp-requires-policy", "bgp/ebgp-requires-policy=true",
	    "No routes to or from external neighbours without a policy"),
	ROW(0, "bgp default ipv4-unicast", "bgp/default/ipv4-unicast=true",
	    "Activate neighbours for IPv4 unicast"),
	ROW(0, "bgp default ipv6-unicast", "bgp/default/ipv6-unicast=true",
	    "Activate neighbours for IPv6 unicast"),
	ROW(0, "bgp default l2vpn-evpn", "bgp/default/l2vpn-evpn=true",
	    "Activate neighbours for L2VPN EVPN"),
	ROW(0, "bgp default local-preference (0-4294967295)$pref",
	    "bgp/default/local-preference=$pref",
	    "Local preference of routes that have none"),
	ROW(0, "bgp client-to-client reflection", "bgp/client-to-client-reflection=true",
	    "Reflect routes of clients to clients"),
	ROW(0, "bgp cluster-id <A.B.C.D|(1-4294967295)>$id", "bgp/cluster-id=$id",
	    "Cluster of this route reflector"),
	ROW(0, "bgp deterministic-med", "bgp/deterministic-med=true",
	    "Compare paths of one neighbouring AS first"),
	ROW(0, "bgp graceful-restart-disable", "bgp/graceful-restart/mode=disabled",
	    "No graceful restart"),
	ROW(CLI_HIDDEN, "bgp graceful-restart", "bgp/graceful-restart/mode=enabled",
	    "Graceful restart"),
	ROW(0, "bgp graceful-restart stalepath-time (1-4095)$sec",
	    "bgp/graceful-restart/stalepath-time=$sec",
	    "How long routes of a restarting neighbour are kept, seconds"),
	ROW(0, "bgp graceful-restart restart-time (1-4095)$sec",
	    "bgp/graceful-restart/restart-time=$sec",
	    "How long neighbours are asked to wait for this router, seconds"),
	ROW(CLI_NOEFFECT,
	    "bgp graceful-restart "
	    "<preserve-fw-state|notification|disable-eor|select-defer-time"
	    "|rib-stale-time> [LINE...]",
	    NULL, "Details of graceful restart"),
	ROW(0, "bgp bestpath as-path multipath-relax",
	    "bgp/bestpath/as-path-multipath-relax=true",
	    "Paths through different AS of the same number are equal"),
	ROW(0, "bgp bestpath compare-routerid", "bgp/bestpath/compare-routerid=true",
	    "Compare router identifiers of external paths that are equal so far"),
	ROW(0, "timers bgp (0-65535)$keepalive (0-65535)$hold",
	    "bgp/timers/keepalive=$keepalive bgp/timers/hold=$hold",
	    "Keepalive and hold time of all sessions, seconds"),
	ROW(CLI_NOEFFECT,
	    "bgp "
	    "<suppress-fib-pending|fast-external-failover|fast-convergence|update-delay"
	    "|advertisement-delay|coalesce-time|suppress-duplicates|tcp-keepalive|"
	    "session-dscp"
	    "|input-queue-limit|output-queue-limit|hard-administrative-reset|minimum-"
	    "holdtime"
	    "|route-map|network|disable-ebgp-connected-route-check|reject-as-sets|retain>"
	    " [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(CLI_NOEFFECT, "<coalesce-time|update-delay> LINE...", NULL, CLI_NOT_DONE),
	ROW(CLI_NOEFFECT,
	    "bgp default <show-hostname|show-nexthop-hostname|ipv4-multicast|ipv4-vpn"
	    "|ipv4-labeled-unicast|ipv4-flowspec|ipv6-multicast|ipv6-vpn"
	    "|ipv6-labeled-unicast|ipv6-flowspec|subgroup-pkt-queue-max> [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(CLI_NOEFFECT,
	    "bgp bestpath <med|peer-type|bandwidth|aigp|prefix-validate> [LINE...]", NULL,
	    CLI_NOT_DONE),
	ROW(CLI_NOEFFECT, "bgp bestpath as-path <confed|ignore> [LINE...]", NULL,
	    CLI_NOT_DONE),
	ROW(CLI_NOEFFECT,
	    "<aggregate-address|distance|write-quanta|read-quanta|table-map> [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(CLI_REFUSE, "bgp confederation LINE...", NULL,
	    "Confederations are not supported"),
	ROW(CLI_HIDDEN, "bgp bestpath as-path multipath-relax no-as-set",
	    "bgp/bestpath/as-path-multipath-relax=true",
	    "Paths through different AS of the same number are equal"),
	ROW(CLI_REFUSE, "bgp bestpath as-path multipath-relax as-set", NULL,
	    "Paths that share the traffic are not told as one with an AS_SET (RFC 9774)"),
	ROW(CLI_NOEFFECT, "bgp <ipv6-auto-ra|labeled-unicast> [LINE...]", NULL,
	    CLI_NOT_DONE),
	ROW(CLI_REFUSE, "bgp dampening [LINE...]", NULL, "Routes are not dampened"),
	ROW(CLI_REFUSE, "bgp graceful-shutdown", NULL,
	    "Say it with a route-map out: set community graceful-shutdown"),
	ROW(CLI_REFUSE, "bgp shutdown [LINE...]", NULL,
	    "Sessions are ended one by one: neighbor PEER shutdown, of a peer-group too"),
	ROW(CLI_REFUSE, "bgp default shutdown", NULL,
	    "Sessions are ended one by one: neighbor PEER shutdown, of a peer-group too"),
	ROW(CLI_REFUSE, "bgp long-lived-graceful-restart LINE...", NULL,
	    "Routes are kept for stalepath-time, not for hours"),
	ROW(CLI_REFUSE, "bgp max-med LINE...", NULL,
	    "MED is set by a route-map out: set metric"),
	ROW(CLI_REFUSE, "bgp enforce-first-as", NULL,
	    "It is said of neighbours: neighbor PEER enforce-first-as"),
	ROW(CLI_REFUSE, "bgp route-reflector allow-outbound-policy", NULL,
	    "Policies of neighbours change what is reflected in any case"),
	ROW(CLI_REFUSE, "bmp LINE...", NULL,
	    "BMP is not spoken; see show yang and monitor events"),
	ROW(CLI_REFUSE, "segment-routing LINE...", NULL, "SRv6 is not spoken"),
};

const struct cli_table cli_table_bgp = CLI_TABLE(rows);
