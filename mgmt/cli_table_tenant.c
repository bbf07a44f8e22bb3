/* SPDX-License-Identifier: ISC */
/* Commands of the short form: `fabric`, `tenant NAME`, and the ports of this machine. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>
#include <string.h>

#include "mgmt/nb.h"

#define TENANT "tenant[$tenant]"
#define NETWORK TENANT "/network[$net]"
#define WAY TENANT "/external[$way]"
#define MOVES "fabric/duplicate-detection/"
#define PEER "fabric/peer[$session]"
#define ROW(node, flags, pattern, set, help)                                             \
	{                                                                                \
		node, NODE_NONE, flags, pattern, set, help, NULL                         \
	}

/* A second line about one port is more likely a slip than a move. */
static bool
check_one_network(const struct lyd_node *tree, const struct cli_args *args, struct err *e)
{
	const char *port = cli_arg(args, "port");
	const char *now = nb_get(tree, NB_PATH({ "port", port }, { "network", NULL }));

	if (!now || strcmp(now, cli_arg(args, "network")) == 0)
		return true;
	return err_set(e, "port %s is in network %s: \"no port %s network %s\" first",
	    port, now, port, now);
}

static const struct cli_row rows[] = {
	{ NODE_CONFIG, NODE_FABRIC, 0, "fabric", "fabric",
	    "The fabric, and how this machine takes part in it", NULL },
	ROW(NODE_FABRIC, 0, "asn ASNUM$asn", "fabric/asn=$asn",
	    "AS of this machine in the fabric"),
	ROW(NODE_FABRIC, 0, "vtep <A.B.C.D|X:X::X:X|IFNAME>$vtep", "fabric/vtep=$vtep",
	    "Address of this VTEP, or the interface that has it"),
	ROW(NODE_FABRIC, 0, "anycast-mac X:X:X:X:X:X$mac", "fabric/anycast-mac=$mac",
	    "MAC of all gateways"),
	ROW(NODE_FABRIC, 0, "bridge IFNAME$bridge [adopt$adopt]",
	    "fabric/bridge=$bridge fabric/bridge-adopt=?adopt",
	    "Name of the bridge, which may be there already"),
	ROW(NODE_FABRIC, 0, "vxlan <single|per-vni>$shape", "fabric/vxlan=$shape",
	    "One VXLAN device for all VNIs, or one for each"),
	ROW(NODE_FABRIC, 0, "udp-port (1-65535)$udp", "fabric/udp-port=$udp",
	    "UDP port of VXLAN"),
	ROW(NODE_FABRIC, 0, "mtu (1280-65535)$mtu", "fabric/mtu=$mtu",
	    "MTU of the tenants' devices"),
	ROW(NODE_FABRIC, 0, "arp-suppression", "fabric/arp-suppression=true",
	    "Answer requests for hosts that are known"),
	ROW(NODE_FABRIC, CLI_HIDDEN, "arp-suppression off",
	    "fabric/arp-suppression=false",
	    "Flood requests for hosts that are known, too"),
	ROW(NODE_FABRIC, 0, "duplicate-detection", MOVES "enabled=true",
	    "Watch for MACs that move too often"),
	ROW(NODE_FABRIC, CLI_HIDDEN, "duplicate-detection off", MOVES "enabled=false",
	    "Let MACs move as often as they do"),
	ROW(NODE_FABRIC, 0,
	    "duplicate-detection max-moves (2-1000)$moves time (2-1800)$sec",
	    MOVES "max-moves=$moves " MOVES "time=$sec",
	    "So many moves within so many seconds make a duplicate"),
	ROW(NODE_FABRIC, 0, "duplicate-detection freeze <permanent|(30-3600)>$freeze",
	    MOVES "freeze=$freeze", "Duplicates are frozen for this time, seconds"),
	ROW(NODE_FABRIC, CLI_REFUSE, "peer interface IFNAME [LINE...]", NULL,
	    "Sessions without addresses are not made: \"peer NAME ADDRESS\""),
	ROW(NODE_FABRIC, 0, "peer WORD$session <A.B.C.D|X:X::X:X>$address [as ASNUM$as]",
	    PEER " " PEER "/address=$address " PEER "/as=$as",
	    "A route reflector or spine, with which EVPN routes are exchanged"),
	ROW(NODE_FABRIC, CLI_NO_ONLY, "peer WORD$session", PEER, "Remove a neighbour"),

	{ NODE_CONFIG, NODE_TENANT, 0,
	    "tenant IFNAME$tenant [vni (1-16777215)$l3vni] [adopt$adopt]",
	    TENANT " " TENANT "/vni=&l3vni " TENANT "/adopt=?adopt",
	    "A tenant, with its layer-3 VNI if its networks are routed", NULL },
	ROW(NODE_TENANT, CLI_HIDDEN, "vni (1-16777215)$l3vni", TENANT "/vni=$l3vni",
	    "Layer-3 VNI of the tenant"),
	ROW(NODE_TENANT, 0, "irb <symmetric|asymmetric|centralised>$irb",
	    TENANT "/irb=$irb", "Who routes between the networks"),
	ROW(NODE_TENANT, 0, "rd RD$rd", TENANT "/rd=$rd",
	    "Route distinguisher of the VRF"),
	ROW(NODE_TENANT, 0, "rt import RTLIST...$rt", TENANT "/route-target-import+=$rt",
	    "Routes with one of these are imported into the VRF"),
	ROW(NODE_TENANT, 0, "rt export RTLIST...$rt", TENANT "/route-target-export+=$rt",
	    "Routes of the VRF are sent with these"),
	ROW(NODE_TENANT, CLI_HIDDEN, "rt both RTLIST...$rt",
	    TENANT "/route-target-import+=$rt " TENANT "/route-target-export+=$rt",
	    "Routes of the VRF are imported and sent with these"),
	ROW(NODE_TENANT, 0, "advertise default <ipv4|ipv6>$family",
	    TENANT "/default-originate+=$family", "Tell the fabric a default route"),
	ROW(NODE_TENANT, 0,
	    "advertise aggregate <A.B.C.D/M|X:X::X:X/M>$prefix [summary-only$only]",
	    TENANT "/aggregate[$prefix] " TENANT "/aggregate[$prefix]/summary-only=?only",
	    "Tell the fabric a prefix for all inside it"),
	ROW(NODE_TENANT, 0, "leak from IFNAME$from [prefix-list WORD$list]",
	    TENANT "/leak[$from] " TENANT "/leak[$from]/prefix-list=$list",
	    "A tenant whose local prefixes this one has, too"),
	ROW(NODE_TENANT, CLI_REFUSE, "external WORD interface IFNAME peer LINE...", NULL,
	    "Sessions in a VRF are not made: another speaker's routes come in by "
	    "\"redistribute bgp\""),
	ROW(NODE_TENANT, 0,
	    "external WORD$way interface IFNAME$dev [address WORDLIST...$addresses]",
	    WAY " " WAY "/interface=$dev " WAY "/address*=$addresses",
	    "An interface that is routed for the tenant, out of the fabric"),
	ROW(NODE_TENANT, CLI_NO_ONLY, "external WORD$way", WAY, "Remove a way out"),
	ROW(NODE_TENANT, 0,
	    "network WORD$net vni (1-16777215)$vni [vlan (1-4094)$vlan]"
	    " [gateway WORDLIST...$addresses]",
	    NETWORK " " NETWORK "/vni=$vni " NETWORK "/vlan=$vlan " NETWORK
		    "/gateway*=$addresses",
	    "A network of the tenant, with the addresses of its gateway"),
	ROW(NODE_TENANT, 0, "network WORD$net rd RD$rd", NETWORK "/rd=$rd",
	    "Route distinguisher of the network"),
	ROW(NODE_TENANT, 0, "network WORD$net rt import RTLIST...$rt",
	    NETWORK "/route-target-import+=$rt", "Routes with one of these are imported"),
	ROW(NODE_TENANT, 0, "network WORD$net rt export RTLIST...$rt",
	    NETWORK "/route-target-export+=$rt", "Routes are sent with these"),
	ROW(NODE_TENANT, CLI_HIDDEN, "network WORD$net rt both RTLIST...$rt",
	    NETWORK "/route-target-import+=$rt " NETWORK "/route-target-export+=$rt",
	    "Routes are imported and sent with these"),
	ROW(NODE_TENANT, 0, "network WORD$net flood <none|list>$flood",
	    NETWORK "/flood=$flood", "Where broadcast and unknown unicast go"),
	ROW(NODE_TENANT, 0, "network WORD$net arp-suppression off",
	    NETWORK "/arp-suppression=false",
	    "Flood requests for hosts that are known, too"),
	ROW(NODE_TENANT, CLI_REFUSE, "network WORD flood multicast LINE...", NULL,
	    "There is no multicast underlay: \"flood list\" sends to each VTEP"),
	ROW(NODE_TENANT, CLI_REFUSE, "network WORD <leaf|root> [LINE...]", NULL,
	    "E-Tree (RFC 8317) is not done"),
	ROW(NODE_TENANT, CLI_NO_ONLY, "network WORD$net", NETWORK, "Remove a network"),

	{ NODE_CONFIG, NODE_NONE, 0, "port IFNAME$port network WORD$network",
	    "port[$port]/network=$network", "A port of this machine in a network",
	    check_one_network },
	ROW(NODE_CONFIG, 0, "port IFNAME$port tagged WORDLIST...$networks",
	    "port[$port]/tagged*=$networks",
	    "A port of this machine with the VLANs of these networks"),
	ROW(NODE_CONFIG, CLI_REFUSE, "port IFNAME segment LINE...", NULL,
	    "Multihoming (Ethernet segments) is not done yet"),
	ROW(NODE_CONFIG, CLI_NO_ONLY, "port IFNAME$port", "port[$port]",
	    "A port in no network any more"),
};

const struct cli_table cli_table_tenant = CLI_TABLE(rows);
