/* SPDX-License-Identifier: ISC */
/* mgmt/draft.h: an edit of the configuration in progress.
 *
 * What    A private copy of running, made at the first edit; running itself goes on.
 *         The candidate (draft_candidate()) is the same, shared by all sessions.
 * Rebase  When others have changed running meanwhile, what the draft changed is done
 *         again on top of it.  What both changed, and not to the same, is a conflict,
 *         told with its path; nothing is changed then.
 * Owns    Its tree and a reference to the running that it was made from.
 */
#ifndef EVPND_MGMT_DRAFT_H
#define EVPND_MGMT_DRAFT_H

#include "mgmt/datastore.h"

struct draft;

struct draft *draft_open(struct datastore *ds);
void draft_close(struct draft *d); /* NULL: nothing */
/* The one that all share; lives as long as ds. */
struct draft *draft_candidate(struct datastore *ds);

/* The tree, to be edited now: the pointer does not outlive the caller's turn. */
struct lyd_node **draft_edit(struct draft *d);
/* Takes tree (owned from here) in its place. */
void draft_replace(struct draft *d, struct lyd_node *tree);
/* The tree, to be read; what runs if nothing was edited. */
const struct lyd_node *draft_read(const struct draft *d);
/* It differs from the running that it was made from. */
bool draft_changed(const struct draft *d);
/* Counts edits: the same number means the same tree. */
uint64_t draft_edits(const struct draft *d);
/* Back to what runs. */
void draft_discard(struct draft *d);
/* What it was at that count of edits has become running. */
void draft_committed(struct draft *d, uint64_t edits);
/* On top of what runs now.  mine_wins: what both changed stays as it is in the draft. */
bool draft_rebase(struct draft *d, bool mine_wins, struct err *e);

#endif
