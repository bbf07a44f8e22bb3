/* SPDX-License-Identifier: ISC */
/* mgmt/datastore.h: the running configuration and the candidate that may replace it.
 *
 * What    running is what is applied.  The candidate is a copy of it that is being
 *         edited, by one owner at a time; there is none until somebody edits.
 *         mgmt/commit.h turns the candidate into running.
 * Owns    Both trees.  Borrows the schema.
 */
#ifndef EVPND_MGMT_DATASTORE_H
#define EVPND_MGMT_DATASTORE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "mgmt/nb.h"

struct datastore {
	struct nb *nb;		    /* borrowed */
	struct lyd_node *running;   /* owned; NULL: empty */
	struct lyd_node *candidate; /* owned; NULL: empty or not edited */
	const void *owner;	    /* who edits; NULL: nobody */
	uint64_t commits;	    /* done so far */
};

struct datastore *datastore_new(struct nb *nb);
void datastore_free(struct datastore *ds);

/* The candidate to edit, made from running at the first call; NULL and *e while somebody else
 * edits. */
struct lyd_node **datastore_edit(struct datastore *ds, const void *owner, struct err *e);
/* Takes this tree (owned from here) as the candidate. */
bool datastore_replace(
    struct datastore *ds, const void *owner, struct lyd_node *tree, struct err *e);
void datastore_discard(struct datastore *ds, const void *owner);
bool datastore_changed(const struct datastore *ds); /* candidate and running differ */
/* The candidate becomes running; nobody edits any more.  For mgmt/commit.c. */
void datastore_accept(struct datastore *ds);

#endif
