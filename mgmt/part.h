/* SPDX-License-Identifier: ISC */
/* mgmt/part.h: the part of the configuration that one line is about.
 *
 * What    Everything but the long lists (VNIs, VRFs, tenants, ports), and of these the
 *         entries that the line names.  A line is tried on the part, checked and
 *         compiled there, and done to the whole afterwards: it costs what it changes,
 *         not what there is.
 * Whole   part_covers() tells whether a change of the part is all that the line means.
 *         If not (it removes a list, or is inherited by what was left out) the line is
 *         done to the whole tree.
 * Owns    Its tree and its copies of words.
 */
#ifndef EVPND_MGMT_PART_H
#define EVPND_MGMT_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "mgmt/cli.h"
#include "mgmt/conf.h"
#include "mgmt/nb.h"

enum part_list {
	PART_VNIS,
	PART_VRFS,
	PART_BGP_VRFS,
	PART_TENANTS,
	PART_PORTS,
	PART_LISTS
};

struct part_words {
	char **s; /* owned */
	size_t n; /* of them */
};

struct part {
	struct lyd_node *tree;	 /* owned */
	struct part_words named; /* by the line */
	/* Keys of the entries that are in: those that are named, one more of each list, so that
	 * none is emptied by mistake, and what is compiled together with these. */
	struct part_words vnis, names;
	const struct conf *conf; /* what the whole compiles to; borrowed */
};

/* Of running, which compiles to conf, what this line is about in its place. */
void part_init(struct part *p, const struct nb *nb, const struct lyd_node *running,
    const struct conf *conf, const struct cli_pos *pos, const char *line);
void part_fini(struct part *p);
/* The part is to become `to`: nothing else changes in the whole.  *changes: what differs. */
bool part_covers(const struct part *p, const struct lyd_node *to, size_t *changes);

#endif
