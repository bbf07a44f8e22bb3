/* SPDX-License-Identifier: ISC */
/* mgmt/live.h: words for completion that the grammar cannot know: what there is now.
 *
 * What    For a value that may come next (its kind and the name of its capture) what is
 *         there and begins with what is typed: neighbours, VNIs, VRFs, MACs, addresses,
 *         ESIs, route distinguishers and targets, next hops, interfaces, names of the
 *         configuration as this session sees it, commits, modules of the log.
 *         The words typed before it narrow it: `vni 10010 mac` gives MACs of that VNI.
 * Bounds  At most LIVE_MAX words, from LIVE_WALK_MAX records looked at: some milliseconds.
 *         When there are more, or may be, live_values() says so and gives LIVE_SOME of
 *         them as examples: who completes shall type more.
 */
#ifndef EVPND_MGMT_LIVE_H
#define EVPND_MGMT_LIVE_H

#include <stdbool.h>

#include "mgmt/engine.h"

struct lyd_node;

#define LIVE_MAX 128	    /* words of one answer */
#define LIVE_SOME 16	    /* of too many */
#define LIVE_WALK_MAX 50000 /* records looked at */

/* A value that may stand at the end of a line. */
struct live_ask {
	enum cli_type type;	     /* its kind */
	const char *name;	     /* of its capture */
	const char *typed;	     /* the word so far; borrowed */
	size_t len;		     /* bytes of it */
	const struct cli_args *args; /* the words before it; borrowed */
	const struct cli_args
	    *node; /* those that entered the node, NULL none; borrowed */
	const struct lyd_node *tree; /* the configuration that is seen; borrowed */
};

/* Each word and perhaps a sentence about it; true if there are or may be more. */
bool live_values(const struct engine *eng, const struct live_ask *ask,
    void (*fn)(void *arg, const char *word, const char *text), void *arg);

#endif
