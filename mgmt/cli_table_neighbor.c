/* SPDX-License-Identifier: ISC */
/* Commands of `router bgp` that concern a neighbour or peer-group. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#include "mgmt/cli_peer_rows.h"

#define ADDR "<A.B.C.D|X:X::X:X>$peer"
#define PEER "<A.B.C.D|X:X::X:X|WORD>$peer"
#define ROW(flags, pattern, set, help)                                                   \
	{                                                                                \
		NODE_BGP, NODE_NONE, flags, pattern, set, help, NULL                     \
	}

static const struct cli_row rows[] = {
	ROW(0, "neighbor WORD$peer peer-group", "bgp/peer-group[$peer]",
	    "Common settings of several neighbours"),
	ROW(CLI_DROPS, "neighbor " PEER " remote-as <ASNUM|internal|external>$as",
	    "bgp/{peer}/remote-as=$as", "AS of the neighbour"),
	ROW(CLI_DROPS, "neighbor " ADDR " peer-group WORD$group",
	    "bgp/neighbor[$peer]/peer-group=$group",
	    "The neighbour is one of a peer-group"),
	ROW(0, "neighbor " PEER " description LINE...$text",
	    "bgp/{peer}/description=$text", "Text for people"),
	ROW(0, "neighbor " PEER " shutdown [message LINE...$text]",
	    "bgp/{peer}/shutdown=true bgp/{peer}/shutdown-message=$text",
	    "No session with this neighbour"),
	ROW(0, "neighbor " PEER " password LINE...$key", "bgp/{peer}/password=$key",
	    "Key of the TCP MD5 signature option"),
	ROW(0, "neighbor " PEER " port (1-65535)$port", "bgp/{peer}/port=$port",
	    "TCP port to connect to"),
	ROW(0, "neighbor " PEER " passive", "bgp/{peer}/passive=true",
	    "Wait for the neighbour to connect"),
	ROW(0, "neighbor " PEER " ebgp-multihop [(1-255)$ttl]",
	    "bgp/{peer}/ebgp-multihop=$ttl:255",
	    "An external neighbour may be so many hops away"),
	ROW(0, "neighbor " PEER " ttl-security hops (1-254)$hops",
	    "bgp/{peer}/ttl-security=$hops",
	    "Packets must have come at most so many hops"),
	ROW(0, "neighbor " PEER " disable-connected-check",
	    "bgp/{peer}/disable-connected-check=true",
	    "An external neighbour need not be on a connected network"),
	ROW(0, "neighbor " PEER " enforce-first-as", "bgp/{peer}/enforce-first-as=true",
	    "The first AS of an external neighbour's paths must be its own"),
	ROW(0, "neighbor " PEER " update-source <A.B.C.D|X:X::X:X|IFNAME>$source",
	    "bgp/{peer}/update-source=$source",
	    "Address or interface that sessions start from"),
	ROW(0, "neighbor " PEER " timers (0-65535)$keepalive (0-65535)$hold",
	    "bgp/{peer}/timers/keepalive=$keepalive bgp/{peer}/timers/hold=$hold",
	    "Keepalive and hold time, seconds"),
	ROW(0, "neighbor " PEER " timers connect (1-65535)$sec",
	    "bgp/{peer}/timers/connect=$sec",
	    "Time between attempts to connect, seconds"),
	ROW(CLI_NO_ONLY, "neighbor " PEER, "bgp/{peer}",
	    "Remove a neighbour or peer-group"),
	ROW(CLI_NOEFFECT, "neighbor WORD interface [LINE...]", NULL,
	    "Neighbours without an address are not spoken to"),
	ROW(CLI_NOEFFECT, "neighbor " PEER " bfd [LINE...]", NULL, "BFD is not spoken"),
	ROW(CLI_NOEFFECT,
	    "neighbor " PEER " <capability|advertisement-interval|dont-capability-"
	    "negotiate|override-capability"
	    "|strict-capability-match|extended-optional-parameters|tcp-mss"
	    "|sender-as-path-loop-detection|graceful-restart|graceful-restart-helper|solo"
	    "|enforce-multihop|aigp> [LINE...]",
	    NULL, CLI_NOT_DONE),
	ROW(CLI_NOEFFECT, "neighbor " PEER " timers delayopen (1-240)", NULL,
	    CLI_NOT_DONE),
	ROW(CLI_NOEFFECT, "neighbor " PEER " send-community [LINE...]", NULL,
	    "All communities are sent"),
	CLI_PEER_REFUSE(NODE_BGP, "<local-as|local-role>",
	    "Each neighbour sees the AS of router bgp"),
	CLI_PEER_REFUSE(NODE_BGP, "graceful-shutdown",
	    "Say it with a route-map out: set community graceful-shutdown"),
	CLI_PEER_REFUSE(NODE_BGP, "graceful-restart-disable",
	    "Graceful restart is for all neighbours: bgp graceful-restart-disable"),
	CLI_PEER_REFUSE(
	    NODE_BGP, "ip-transparent", "Sessions start from addresses of this machine"),
	CLI_PEER_REFUSE(NODE_BGP, "<oad|path-attribute>",
	    "Attributes are treated as the standards say, for all neighbours"),
	CLI_PEER_REFUSE(NODE_BGP, "default-originate",
	    "A default route is told by network or redistribute"),
	CLI_PEER_REFUSED(NODE_BGP),
	CLI_PEER_REFUSE(NODE_BGP, "remote-as auto",
	    "Say internal or external: the next neighbour may be of either"),
	CLI_PEER_REFUSE(NODE_BGP, "shutdown rtt", "The round trip time is not measured"),
	ROW(CLI_REFUSE, "neighbor " ADDR " interface LINE...", NULL,
	    "Link-local addresses are not spoken to; give both ends another one"),
};

const struct cli_table cli_table_neighbor = CLI_TABLE(rows);

static const struct cli_row listen_rows[] = {
	ROW(0, "bgp listen limit (1-65535)$limit", "bgp/listen/limit=$limit",
	    "The most neighbours that come from ranges"),
	ROW(0, "bgp listen range <A.B.C.D/M|X:X::X:X/M>$range peer-group WORD$group",
	    "bgp/listen/range[$range] bgp/listen/range[$range]/peer-group=$group",
	    "Neighbours from these addresses are accepted"),
};

const struct cli_table cli_table_listen = CLI_TABLE(listen_rows);
