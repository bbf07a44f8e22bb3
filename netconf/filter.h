/* SPDX-License-Identifier: ISC */
/* netconf/filter.h: what of a tree a client asked for.
 *
 * What    Subtree filters (RFC 6241 6) and XPath, done in place: what is not selected is
 *         freed.  A NULL filter selects everything, an empty subtree filter nothing.
 * Keys    of an entry that is selected in part stay (RFC 6241 6.2.5).
 * Hints   filter_state_paths() reads from a filter which part of our state it can
 *         select at all, so that the engine is asked for that alone.
 */
#ifndef EVPND_NETCONF_FILTER_H
#define EVPND_NETCONF_FILTER_H

#include <stdbool.h>

#include "lib/err.h"

struct ly_ctx;
struct lyd_node;

struct filter {
	bool is;			/* false: none, everything is selected */
	const struct lyd_node *subtree; /* first of its top level, NULL none; borrowed */
	const char *xpath;		/* NULL none; borrowed */
};

/* depth: so many levels of each node that is selected stay, itself the first (RFC 8526 3.1.1, max-depth);
 * 0: all.  False and *e if the XPath is none. */
bool filter_apply(
    struct lyd_node **tree, const struct filter *f, unsigned depth, struct err *e);
/* fn for each path in the state that has to be read; "/evpnd:state" for all of it. */
void filter_state_paths(
    const struct filter *f, void (*fn)(void *arg, const char *path), void *arg);
/* Can it select something of this module? */
bool filter_may(const struct filter *f, const char *module, const char *ns);

#endif
