/* SPDX-License-Identifier: ISC */
/* Commands of route-maps and prefix-lists. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#define ACTION "<permit|deny>$action"
#define ENTRY "route-map[$rmap]/entry[$seq]"
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

static const struct cli_row rows[] = {
	PLIST("ip", "list4", "A.B.C.D/M", "32", "0.0.0.0/0"),
	PLIST("ipv6", "list6", "X:X::X:X/M", "128", "::/0"),
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
	ROW(NODE_RMAP, 0, "set local-preference (0-4294967295)$pref",
	    ENTRY "/set-local-preference=$pref", "LOCAL_PREF of the route"),
	ROW(NODE_RMAP, 0, "set metric (0-4294967295)$metric", ENTRY "/set-metric=$metric",
	    "MED of the route"),
	ROW(NODE_RMAP, CLI_REFUSE, "match LINE...", NULL,
	    "This is not looked at, so the policy would say something else"),
	ROW(NODE_RMAP, CLI_REFUSE, "set LINE...", NULL,
	    "This is not done, so the policy would say something else"),
	ROW(NODE_RMAP, CLI_REFUSE, "<call|on-match|continue> [LINE...]", NULL,
	    "Entries are not joined"),
};

const struct cli_table cli_table_policy = CLI_TABLE(rows);
