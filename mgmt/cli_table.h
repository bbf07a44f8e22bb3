/* SPDX-License-Identifier: ISC */
/* mgmt/cli_table.h: the one table of configuration commands.
 *
 * What    A row per command: the node it is typed in, its pattern, and the YANG nodes
 *         that it stands for.  Parsing, `no` forms, help, completion and the text of
 *         the configuration all come from the row.  Rows stand in the order in which
 *         the dialect prints them.
 * set     Statements separated by spaces, from the root of the module:
 *           path=$name       the leaf has the capture's value; none typed: no leaf
 *           path=$name:5     ... none typed: 5
 *           path=&name       ... none typed: the leaf stays as it is
 *           path=?name       true if the capture was typed, else no leaf
 *           path=word        the leaf has this value
 *           path+=$name      each word of the capture is one value of a leaf-list;
 *                            printed one a line
 *           path*=$name      the words are all the values; printed in one line
 *           path             the container or list entry exists
 *         Steps: name, name[$capture] for a list entry, {peer} for the capture `peer`:
 *         neighbor[..] when it is an address, else peer-group[..].
 *         A capture that the line does not have comes from the node it is in.
 * no      Leaves and entries are removed.  A leaf with the value `true` becomes false
 *         where it would be true without being said (peer-group, instance, profile).
 * Runs    Rows whose first statement goes through the same list are printed
 *         together for each entry.
 */
#ifndef EVPND_MGMT_CLI_TABLE_H
#define EVPND_MGMT_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "mgmt/cli_grammar.h"

struct lyd_node;

enum cli_node {
	NODE_NONE,
	NODE_CONFIG,	  /* top of the configuration */
	NODE_BGP,	  /* router bgp */
	NODE_EVPN,	  /* address-family l2vpn evpn */
	NODE_VNI,	  /* vni N */
	NODE_VRF,	  /* vrf NAME */
	NODE_BGP_VRF,	  /* router bgp AS vrf NAME */
	NODE_VRF_IPV4,	  /* in it: address-family ipv4 unicast */
	NODE_VRF_IPV6,	  /* in it: address-family ipv6 unicast */
	NODE_VRF_EVPN,	  /* in it: address-family l2vpn evpn */
	NODE_IPV4,	  /* address-family ipv4 unicast */
	NODE_IPV6,	  /* address-family ipv6 unicast */
	NODE_RMAP,	  /* route-map NAME permit|deny N */
	NODE_FABRIC,	  /* fabric */
	NODE_TENANT,	  /* tenant NAME */
	NODE_IGN_AF,	  /* address-family of something else */
	NODE_IGN_IF,	  /* interface NAME */
	NODE_IGN_BFD,	  /* bfd */
	NODE_IGN_BFD_SUB, /* bfd profile or peer */
	NODE_IGN_VTY,	  /* line vty */
	NODE_MAX,
};

struct cli_node_row {
	const char *prompt; /* "config-router" */
	const char *exit;   /* word that ends the node in text; NULL: not printed */
	enum cli_node
	    parent; /* where `exit` goes; with several possible ones: the first */
	/* Where in the tree what has no effect is kept, as `set` has it; NULL: in a section
	 * of the node around it. */
	const char *place;
};

extern const struct cli_node_row cli_nodes[NODE_MAX];

/* The help of a row with CLI_NOEFFECT that has no better reason. */
#define CLI_NOT_DONE "Not done here; kept as it is"

enum {
	CLI_HIDDEN = 1,	  /* another spelling: accepted, not printed, not offered */
	CLI_NOEFFECT = 2, /* accepted, kept and said to be without effect (cli_keep.h) */
	CLI_SILENT = 4,	  /* accepted without a word; nothing is kept */
	CLI_REFUSE =
	    8, /* known to the dialect, not done here: an error with the row's help */
	CLI_NO_ONLY = 32, /* there is a `no` form alone */
	CLI_DROPS = 16,	  /* `no`: a neighbour left without AS and peer-group goes, too */
	CLI_SEQUENCE =
	    128, /* the capture `place`, if not typed, is 5 more than the last */
};

struct cli_row {
	enum cli_node node;  /* where it is typed */
	enum cli_node enter; /* node that follows, NODE_NONE: stay */
	unsigned flags;	     /* CLI_* */
	const char *pattern; /* see cli_grammar.h */
	const char *set;     /* see above; NULL: nothing */
	const char *help;    /* one sentence */
	/* More than types can say, before the row is applied; NULL: nothing. */
	bool (*check)(
	    const struct lyd_node *tree, const struct cli_args *args, struct err *e);
};

struct cli_table {
	const struct cli_row *rows; /* borrowed, static */
	size_t n;		    /* of them */
};

#define CLI_TABLE(r)                                                                     \
	{                                                                                \
		(r), sizeof(r) / sizeof((r)[0])                                          \
	}

extern const struct cli_table cli_table_system, cli_table_bgp, cli_table_neighbor,
    cli_table_listen, cli_table_evpn, cli_table_unicast, cli_table_policy, cli_table_vrf,
    cli_table_bgp_vrf, cli_table_tenant, cli_table_ignored;
/* All of them in order of printing, NULL at the end (mgmt/cli_nodes.c). */
extern const struct cli_table *const cli_tables[];

/* One sentence about a keyword, NULL if there is none (mgmt/cli_words.c). */
const char *cli_word_help(const char *word);

#endif
