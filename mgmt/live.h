/* SPDX-License-Identifier: ISC */
/* mgmt/live.h: words for completion that the grammar cannot know: what there is now.
 *
 * What    For a value that may come next (its kind and the name of its capture) the
 *         neighbours, VNIs, VRFs, MACs, addresses, peer-groups, route-maps or
 *         prefix-lists that begin with what is typed.
 * Bounds  Of more than LIVE_MAX words none is given: who completes shall type more.
 *         A VNI with more than LIVE_WALK_MAX MACs or neighbours is not walked.
 */
#ifndef EVPND_MGMT_LIVE_H
#define EVPND_MGMT_LIVE_H

#include "mgmt/cli_grammar.h"
#include "mgmt/engine.h"

#define LIVE_MAX 128	    /* words of one answer */
#define LIVE_WALK_MAX 20000 /* records looked at */

/* Words for a value of this kind and name at the end of the line. */
void live_values(const struct engine *eng, const struct cli_line *l, enum cli_type type,
    const char *name, void (*fn)(void *arg, const char *word), void *arg);

#endif
