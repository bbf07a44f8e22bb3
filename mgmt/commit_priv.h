/* SPDX-License-Identifier: ISC */
/* mgmt/commit_priv.h: what mgmt/commit*.c share. */
#ifndef EVPND_MGMT_COMMIT_PRIV_H
#define EVPND_MGMT_COMMIT_PRIV_H

#include "mgmt/commit.h"

struct conf;

struct commits {
	struct engine *eng;   /* borrowed */
	struct commit *first; /* those that wait for the kernel; each its own */
};

/* Schema and semantics; NULL and *e.  The caller frees. */
struct conf *commit_check_tree(
    struct engine *eng, const struct lyd_node *tree, struct err *e);
/* The last step: from here nothing fails.  Takes tree (a reference) and c. */
void commit_switch(
    struct engine *eng, struct ds_tree *tree, struct conf *c, const struct ds_user *by);

#endif
