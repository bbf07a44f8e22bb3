/* SPDX-License-Identifier: ISC */
/* netconf/nacm_path.h: does a rule's path mean a node?
 *
 * What    The rule's path is one without predicates or with some: "/evpnd:bgp/vrf" or
 *         "/evpnd:bgp/vrf[name='red']"; the node's has a predicate for each entry.  The
 *         rule means the node and everything below it (RFC 8341 3.5.2, path).
 * Text    Prefixes are left out of the comparison: every module of ours has names of its
 *         own at the top.  Quotes of both kinds and spaces in predicates are alike.
 */
#ifndef EVPND_NETCONF_NACM_PATH_H
#define EVPND_NETCONF_NACM_PATH_H

#include <stdbool.h>

bool nacm_path_covers(const char *rule, const char *node);

#endif
