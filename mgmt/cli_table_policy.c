/* SPDX-License-Identifier: ISC */
/* Commands of route-maps and of the lists that they name. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#define ACTION "<permit|deny>$action"
#define ENTRY "route-map[$rmap]/entry[$seq]"
#define MACLIST                                                                          \
	"mac-access-list[$maclist]/entry[$place] "                                       \
	"mac-access-list[$maclist]/entry[$place]/action=$action "                        \
	"mac-access-list[$maclist]/entry[$place]/mac=$mac"
#define ROW(node, flags, pattern, set, help)                                             \
	{                                                                                \
		node, NODE_NONE, flags, pattern, set, help, NULL                         \
	}
#define PLIST(word, list, prefix, bits, all)                                             \
	ROW(NODE_CONFIG, 0,                                                              \
	    word " prefix-list WORD$" list " seq (1-4294967295)$place " ACTION           \
		 " " prefix "$prefix [ge (0-" bits ")$ge] [le (0-" bits ")$le]",         \
	    word "-prefix-list[$" list "]/entry[$place] " word "-prefix-list[$" list     \
		 "]/entry[$place]/action=$action " word "-prefix-list[$" list            \
		 "]/entry[$place]/prefix=$prefix " word "-prefix-list[$" list            \
		 "]/entry[$place]/ge=$ge " word "-prefix-list[$" list                    \
		 "]/entry[$place]/le=$le",                                               \
	    "A prefix that passes or does not"),                                         \
	    ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,                                  \
		word " prefix-list WORD$" list " " ACTION " " prefix                     \
		     "$prefix [ge (0-" bits ")$ge] [le (0-" bits ")$le]",                \
		word "-prefix-list[$" list "]/entry[$place] " word "-prefix-list[$" list \
		     "]/entry[$place]/action=$action " word "-prefix-list[$" list        \
		     "]/entry[$place]/prefix=$prefix " word "-prefix-list[$" list        \
		     "]/entry[$place]/ge=$ge " word "-prefix-list[$" list                \
		     "]/entry[$place]/le=$le",                                           \
		"A prefix that passes or does not"),                                     \
	    ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,                                  \
		word " prefix-list WORD$" list " [seq (1-4294967295)$place] " ACTION     \
		     " any",                                                             \
		word "-prefix-list[$" list "]/entry[$place] " word "-prefix-list[$" list \
		     "]/entry[$place]/action=$action " word "-prefix-list[$" list        \
		     "]/entry[$place]/prefix=" all " " word "-prefix-list[$" list        \
		     "]/entry[$place]/le=" bits,                                         \
		"Every prefix"),                                                         \
	    ROW(NODE_CONFIG, CLI_NO_ONLY, word " prefix-list WORD$" list "",             \
		word "-prefix-list[$" list "]", "Remove a list"),                        \
	    ROW(NODE_CONFIG, CLI_NOEFFECT, word " prefix-list WORD description LINE...", \
		NULL, "Text for people"),                                                \
	    ROW(NODE_CONFIG, CLI_NOEFFECT, word " prefix-list sequence-number", NULL,    \
		"Numbers are always shown")

/* A list of one kind: its word, node, capture, and the leaf of an entry.  Names that are numbers
 * say of which sort the entries are. */
#define CLIST_SET(list, name, leaf)                                                      \
	list "[$" name "]/entry[$place] " list "[$" name                                 \
	     "]/entry[$place]/action=$action " list "[$" name "]/entry[$place]/" leaf    \
	     "=$value"
#define CLIST(word, list, name, leaf, help)                                              \
	ROW(NODE_CONFIG, 0,                                                              \
	    "bgp " word " WORD$" name " seq (1-4294967295)$place " ACTION                \
	    " LINE...$value",                                                            \
	    CLIST_SET(list, name, leaf), help),                                          \
	    ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,                                  \
		"bgp " word " WORD$" name " " ACTION " LINE...$value",                   \
		CLIST_SET(list, name, leaf), help),                                      \
	    ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,                                  \
		"ip " word " WORD$" name " [seq (1-4294967295)$place] " ACTION           \
		" LINE...$value",                                                        \
		CLIST_SET(list, name, leaf), help),                                      \
	    ROW(NODE_CONFIG, CLI_NO_ONLY, "bgp " word " WORD$" name "",                  \
		list "[$" name "]", "Remove a list")
#define CLIST_NUMBERED(word, list, name, numbers, leaf, help)                            \
	ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,                                      \
	    "<bgp|ip> " word " (" numbers ")$" name                                      \
	    " [seq (1-4294967295)$place] " ACTION " LINE...$value",                      \
	    CLIST_SET(list, name, leaf), help)
#define FIT "Routes whose communities fit a regular expression"
#define HAVE "Routes with all of these communities"
#define CLISTS(list, name)                                                               \
	CLIST(list " standard", list, name, "communities", HAVE),                        \
	    CLIST(list " expanded", list, name, "regex", FIT),                           \
	    CLIST_NUMBERED(list, list, name, "1-99", "communities", HAVE),               \
	    CLIST_NUMBERED(list, list, name, "100-500", "regex", FIT)

static const struct cli_row rows[] = {
	PLIST("ip", "list4", "A.B.C.D/M", "32", "0.0.0.0/0"),
	PLIST("ipv6", "list6", "X:X::X:X/M", "128", "::/0"),
	ROW(NODE_CONFIG, 0,
	    "mac access-list WORD$maclist seq (1-4294967295)$place " ACTION
	    " <X:X:X:X:X:X|any>$mac",
	    MACLIST, "A MAC that passes or does not"),
	ROW(NODE_CONFIG, CLI_HIDDEN | CLI_SEQUENCE,
	    "mac access-list WORD$maclist " ACTION " <X:X:X:X:X:X|any>$mac", MACLIST,
	    "A MAC that passes or does not"),
	ROW(NODE_CONFIG, CLI_NO_ONLY, "mac access-list WORD$maclist",
	    "mac-access-list[$maclist]", "Remove a list"),
	CLIST("as-path access-list", "as-path-list", "aspaths", "regex",
	    "Routes whose AS path fits a regular expression"),
	CLISTS("community-list", "comms"),
	CLISTS("large-community-list", "lcomms"),
	CLISTS("extcommunity-list", "ecoms"),
	{ NODE_CONFIG, NODE_RMAP, 0, "route-map WORD$rmap " ACTION " (1-65535)$seq",
	    ENTRY " " ENTRY "/action=$action", "A policy", NULL },
	ROW(NODE_CONFIG, CLI_NO_ONLY, "route-map WORD$rmap", "route-map[$rmap]",
	    "Remove a policy"),
	ROW(NODE_RMAP, 0, "description LINE...$text", ENTRY "/description=$text",
	    "Text for people"),
	ROW(NODE_RMAP, 0, "match interface IFNAME$ifname",
	    ENTRY "/match-interface=$ifname",
	    "The kernel's route leads to this interface"),
	ROW(NODE_RMAP, 0, "match ip address prefix-list WORD$plist",
	    ENTRY "/match-ip-prefix-list=$plist",
	    "An IPv4 prefix that this list permits"),
	ROW(NODE_RMAP, 0, "match ipv6 address prefix-list WORD$plist",
	    ENTRY "/match-ipv6-prefix-list=$plist",
	    "An IPv6 prefix that this list permits"),
	ROW(NODE_RMAP, 0, "match evpn route-type (1-5)$type",
	    ENTRY "/match-evpn-route-type=$type", "An EVPN route of this type"),
	ROW(NODE_RMAP, CLI_HIDDEN, "match evpn route-type ead",
	    ENTRY "/match-evpn-route-type=1", "An EVPN route of this type"),
	ROW(NODE_RMAP, CLI_HIDDEN, "match evpn route-type macip",
	    ENTRY "/match-evpn-route-type=2", "An EVPN route of this type"),
	ROW(NODE_RMAP, CLI_HIDDEN, "match evpn route-type multicast",
	    ENTRY "/match-evpn-route-type=3", "An EVPN route of this type"),
	ROW(NODE_RMAP, CLI_HIDDEN, "match evpn route-type es",
	    ENTRY "/match-evpn-route-type=4", "An EVPN route of this type"),
	ROW(NODE_RMAP, CLI_HIDDEN, "match evpn route-type prefix",
	    ENTRY "/match-evpn-route-type=5", "An EVPN route of this type"),
	ROW(NODE_RMAP, 0, "match evpn vni (1-16777215)$vni", ENTRY "/match-evpn-vni=$vni",
	    "An EVPN route of this VNI"),
	ROW(NODE_RMAP, 0, "match evpn rd RD$rd", ENTRY "/match-evpn-rd=$rd",
	    "An EVPN route with this route distinguisher"),
	ROW(NODE_RMAP, 0, "match evpn default-route",
	    ENTRY "/match-evpn-default-route=true", "A default route of type 5"),
	ROW(NODE_RMAP, 0, "match ip address prefix-len (0-32)$len",
	    ENTRY "/match-ip-prefix-len=$len", "An IPv4 prefix of this length"),
	ROW(NODE_RMAP, 0, "match ipv6 address prefix-len (0-128)$len",
	    ENTRY "/match-ipv6-prefix-len=$len", "An IPv6 prefix of this length"),
	ROW(NODE_RMAP, 0, "match community WORD$list [exact-match$exact]",
	    ENTRY "/match-community=$list " ENTRY "/match-community-exact=?exact",
	    "Communities that this list permits"),
	ROW(NODE_RMAP, 0, "match large-community WORD$list [exact-match$exact]",
	    ENTRY "/match-large-community=$list " ENTRY
		  "/match-large-community-exact=?exact",
	    "Large communities that this list permits"),
	ROW(NODE_RMAP, 0, "match extcommunity WORD$list [exact-match$exact]",
	    ENTRY "/match-extcommunity=$list " ENTRY "/match-extcommunity-exact=?exact",
	    "Extended communities that this list permits"),
	ROW(NODE_RMAP, 0, "match community-limit (0-65535)$limit",
	    ENTRY "/match-community-limit=$limit", "So many communities at most"),
	ROW(NODE_RMAP, 0, "match large-community-limit (0-65535)$limit",
	    ENTRY "/match-large-community-limit=$limit",
	    "So many large communities at most"),
	ROW(NODE_RMAP, 0, "match extcommunity-limit (0-65535)$limit",
	    ENTRY "/match-extcommunity-limit=$limit",
	    "So many extended communities at most"),
	ROW(NODE_RMAP, 0, "match as-path WORD$list", ENTRY "/match-as-path=$list",
	    "An AS path that this list permits"),
	ROW(NODE_RMAP, 0, "match metric (0-4294967295)$metric",
	    ENTRY "/match-metric=$metric", "A route with this MED"),
	ROW(NODE_RMAP, 0, "match local-preference (0-4294967295)$pref",
	    ENTRY "/match-local-preference=$pref", "A route with this LOCAL_PREF"),
	ROW(NODE_RMAP, 0, "match origin <egp|igp|incomplete>$origin",
	    ENTRY "/match-origin=$origin", "A route of this origin"),
	ROW(NODE_RMAP, 0, "match source-vrf IFNAME$vrf", ENTRY "/match-source-vrf=$vrf",
	    "A route that is imported from this VRF"),
	ROW(NODE_RMAP, 0, "match peer <A.B.C.D|X:X::X:X|local|WORD>$peer",
	    ENTRY "/match-peer=$peer",
	    "The policy is used for this neighbour or peer-group, or for our own routes"),
	ROW(NODE_RMAP, 0, "match src-peer <A.B.C.D|X:X::X:X>$peer",
	    ENTRY "/match-src-peer=$peer", "A route that this neighbour told"),
	ROW(NODE_RMAP, 0, "match mac address WORD$list", ENTRY "/match-mac-address=$list",
	    "A type-2 route with a MAC that this list permits"),
	ROW(NODE_RMAP, 0, "set as-path exclude LINE...$path",
	    ENTRY "/set-as-path-exclude=$path", "AS numbers out of the path"),
	ROW(NODE_RMAP, 0, "set as-path replace <any|ASNUM>$from [ASNUM$to]",
	    ENTRY "/set-as-path-replace=$from " ENTRY "/set-as-path-replace-with=$to",
	    "An AS number of the path becomes another one, or ours"),
	ROW(NODE_RMAP, 0, "set as-path prepend LINE...$path",
	    ENTRY "/set-as-path-prepend=$path", "AS numbers in front of the path"),
	ROW(NODE_RMAP, 0, "set as-path prepend last-as (1-10)$times",
	    ENTRY "/set-as-path-prepend-last-as=$times",
	    "The path's first AS number so many times more"),
	ROW(NODE_RMAP, 0, "set comm-list WORD$list delete",
	    ENTRY "/set-comm-list-delete=$list", "Communities that this list permits go"),
	ROW(NODE_RMAP, 0, "set community LINE...$communities",
	    ENTRY "/set-community=$communities",
	    "Communities in place of the route's, or with additive beside them; or none"),
	ROW(NODE_RMAP, 0, "set extended-comm-list WORD$list delete",
	    ENTRY "/set-extended-comm-list-delete=$list",
	    "Extended communities that this list permits go"),
	ROW(NODE_RMAP, 0, "set extcommunity none", ENTRY "/set-extcommunity-none=true",
	    "The route's extended communities go"),
	ROW(NODE_RMAP, 0, "set extcommunity rt LINE...$rt",
	    ENTRY "/set-extcommunity-rt=$rt", "Route targets beside the route's"),
	ROW(NODE_RMAP, 0, "set extcommunity soo LINE...$soo",
	    ENTRY "/set-extcommunity-soo=$soo", "Sites of origin beside the route's"),
	ROW(NODE_RMAP, 0, "set extcommunity evpn rmac X:X:X:X:X:X$mac",
	    ENTRY "/set-extcommunity-rmac=$mac", "The router's MAC of a type-5 route"),
	ROW(NODE_RMAP, 0, "set evpn gateway-ip ipv4 A.B.C.D$gateway",
	    ENTRY "/set-evpn-gateway-ip-ipv4=$gateway",
	    "The gateway of an IPv4 type-5 route"),
	ROW(NODE_RMAP, 0, "set evpn gateway-ip ipv6 X:X::X:X$gateway",
	    ENTRY "/set-evpn-gateway-ip-ipv6=$gateway",
	    "The gateway of an IPv6 type-5 route"),
	ROW(NODE_RMAP, 0, "set large-comm-list WORD$list delete",
	    ENTRY "/set-large-comm-list-delete=$list",
	    "Large communities that this list permits go"),
	ROW(NODE_RMAP, 0, "set large-community LINE...$communities",
	    ENTRY "/set-large-community=$communities",
	    "Large communities in place of the route's, or with additive beside them; or "
	    "none"),
	ROW(NODE_RMAP, 0, "set local-preference (0-4294967295)$pref",
	    ENTRY "/set-local-preference=$pref", "LOCAL_PREF of the route"),
	ROW(NODE_RMAP, 0, "set metric (0-4294967295)$metric", ENTRY "/set-metric=$metric",
	    "MED of the route"),
	ROW(NODE_RMAP, 0, "set origin <egp|igp|incomplete>$origin",
	    ENTRY "/set-origin=$origin", "Origin of the route"),
	ROW(NODE_RMAP, 0, "set weight (0-4294967295)$weight", ENTRY "/set-weight=$weight",
	    "Weight of the route, in this router alone"),
	ROW(NODE_RMAP, 0, "call WORD$called", ENTRY "/call=$called",
	    "Another policy, which may deny the route or set more"),
	ROW(NODE_RMAP, 0, "on-match next", ENTRY "/on-match=next",
	    "Go on with the next entry"),
	ROW(NODE_RMAP, 0, "on-match goto (1-65535)$go", ENTRY "/on-match=$go",
	    "Go on with a later entry"),
	ROW(NODE_RMAP, CLI_HIDDEN, "continue", ENTRY "/on-match=next",
	    "Go on with the next entry"),
	ROW(NODE_RMAP, CLI_HIDDEN, "continue (1-65535)$go", ENTRY "/on-match=$go",
	    "Go on with a later entry"),
	ROW(NODE_RMAP, CLI_REFUSE, "match <ip|ipv6> address WORD", NULL,
	    "Access lists of prefixes are not read; say it with a prefix-list"),
	ROW(NODE_RMAP, CLI_REFUSE,
	    "match <community|large-community|extcommunity> WORD any", NULL,
	    "A list's entry fits routes that have all of its communities; make entries "
	    "of one each"),
	ROW(NODE_RMAP, CLI_REFUSE, "set <metric|local-preference> WORD", NULL,
	    "It is set to a number, not changed by one"),
	ROW(NODE_RMAP, CLI_REFUSE, "set as-path exclude as-path-access-list WORD", NULL,
	    "AS numbers are named one by one"),
	ROW(NODE_RMAP, CLI_REFUSE, "set extcommunity <bandwidth|color|nt> LINE...", NULL,
	    "Extended communities of this kind are not made"),
	ROW(NODE_RMAP, CLI_REFUSE, "match tag LINE...", NULL,
	    "Routes have no tags here: the kernel knows none"),
	ROW(NODE_RMAP, CLI_REFUSE, "set tag LINE...", NULL,
	    "Routes have no tags here: the kernel knows none"),
	ROW(NODE_RMAP, CLI_REFUSE, "match <ip|ipv6> <next-hop|route-source> LINE...",
	    NULL, "The next hop is not looked at; match peer or src-peer"),
	ROW(NODE_RMAP, CLI_REFUSE, "set <ip|ipv6> next-hop LINE...", NULL,
	    "A policy does not change the next hop; neighbor next-hop-self does"),
	ROW(NODE_RMAP, CLI_REFUSE, "set src LINE...", NULL,
	    "Routes of the kernel get no source address"),
	ROW(NODE_RMAP, CLI_REFUSE, "match LINE...", NULL,
	    "This is not looked at, so the policy would say something else"),
	ROW(NODE_RMAP, CLI_REFUSE, "set LINE...", NULL,
	    "This is not done, so the policy would say something else"),
};

const struct cli_table cli_table_policy = CLI_TABLE(rows);
