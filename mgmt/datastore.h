/* SPDX-License-Identifier: ISC */
/* mgmt/datastore.h: what runs, who may change it, and the candidate that all share.
 *
 * What    running is a tree that nobody who holds it sees edited: a commit puts another
 *         in its place, and who still needs the old one (a draft, a confirmed commit)
 *         has a reference.  Edits are made in drafts (mgmt/draft.h); one of them, the
 *         candidate of RFC 6241, is shared by all sessions.
 * Locks   RFC 6241 7.5: one per datastore, held by a session, ended with it.  While
 *         running is locked nobody else's line or commit is applied.
 * Owns    Its reference to running, the candidate.  Borrows the schema.
 */
#ifndef EVPND_MGMT_DATASTORE_H
#define EVPND_MGMT_DATASTORE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "mgmt/nb.h"

struct draft;

/* Who edits, locks and commits. */
struct ds_user {
	uint32_t id;   /* of the session; 0: none (the engine itself) */
	char name[33]; /* of the operator */
	char door[12]; /* by which he came: "vtysh", "netconf", "file", "signal" */
};

/* A tree that is not edited any more, held by reference. */
struct ds_tree {
	struct lyd_node *root; /* owned; NULL: empty */
	unsigned refs;	       /* holders */
};

enum ds_name { DS_RUNNING, DS_CANDIDATE, DS_STARTUP, DS_NAMES };

struct datastore {
	struct nb *nb;			/* borrowed */
	struct ds_tree *now;		/* what runs; ref */
	const struct lyd_node *running; /* its tree, for those who read; NULL: empty */
	struct draft *candidate; /* the shared draft, NULL until it is asked for; owned */
	struct ds_user lock[DS_NAMES]; /* who holds it; id 0: nobody */
	struct ds_user last;	       /* who changed running last */
	uint64_t changes;	       /* of running, so far */
	uint32_t last_id;	       /* given to a session */
};

struct datastore *datastore_new(struct nb *nb);
void datastore_free(struct datastore *ds);

struct ds_tree *ds_tree_new(struct lyd_node *root); /* takes root; one reference */
struct ds_tree *ds_tree_ref(struct ds_tree *t);
void ds_tree_unref(struct ds_tree *t); /* NULL: nothing */

/* Puts next (a reference of it is taken over) in the place of running. */
void datastore_switch(
    struct datastore *ds, struct ds_tree *next, const struct ds_user *by);

/* What differs between `from`, a part of running, and `to` is done to running: in place, if
 * nobody else holds it. */
void datastore_patch(struct datastore *ds, const struct lyd_node *from,
    const struct lyd_node *to, const struct ds_user *by);

/* A number for a new session, never 0. */
uint32_t datastore_new_id(struct datastore *ds);
/* "vtysh admin, session 3" */
const char *ds_user_format(const struct ds_user *u, char *buf, size_t size);
#define DS_USER_TEXT_MAX 80

/* False and *e, which says who holds it, if it is held, by this session too; for the candidate
 * also while it has changes (RFC 6241 7.5). */
bool ds_lock(
    struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e);
/* False and *e if this session does not hold it.  The candidate's changes go with its lock
 * (RFC 6241 8.3.5.2). */
bool ds_unlock(
    struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e);
/* The holder, NULL: nobody. */
const struct ds_user *ds_locked_by(const struct datastore *ds, enum ds_name d);
/* False and *e if somebody else holds the lock.  by NULL is nobody's session. */
bool ds_may(
    const struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e);
/* A session has ended: so have its locks. */
void datastore_forget(struct datastore *ds, const struct ds_user *by);

#endif
