/* SPDX-License-Identifier: ISC */
/* mgmt/commit_priv.h: what mgmt/commit*.c share. */
#ifndef EVPND_MGMT_COMMIT_PRIV_H
#define EVPND_MGMT_COMMIT_PRIV_H

#include "lib/loop.h"
#include "mgmt/commit.h"
#include "mgmt/history.h"

struct conf;

/* A commit that waits for its confirmation. */
struct waiting {
	struct ds_tree *before;	 /* what ran before it; ref, NULL: there is none */
	struct ds_user by;	 /* whose it is */
	char *persist;		 /* the word that confirms it; owned, NULL: its session */
	char *comment;		 /* owned or NULL */
	struct loop_timer timer; /* until it is taken back */
};

struct commits {
	struct engine *eng;	 /* borrowed */
	struct commit *first;	 /* those that wait for the kernel; each its own */
	struct history *history; /* NULL until it is asked for; owned */
	struct waiting waiting;	 /* for a confirmation */
	int journal;	     /* lines since the snapshot of what runs; owned, -1: none */
	size_t journal_size; /* bytes of them */
	bool replaying;	     /* lines of another engine are said again */
};

/* Schema and semantics; NULL and *e.  The caller frees. */
struct conf *commit_check_tree(
    struct engine *eng, const struct lyd_node *tree, struct err *e);
/* What the tree does not say: the command line's port and the machine's name. */
void commit_complete(const struct engine *eng, struct conf *c);
/* The tree is in its place already: c (owned from here) comes into force. */
void commit_put_in_force(
    struct engine *eng, struct conf *c, size_t changes, const char *comment);
/* The last step: from here nothing fails.  Takes tree (a reference) and c; comment NULL: none. */
void commit_switch(struct engine *eng, struct ds_tree *tree, struct conf *c,
    const struct ds_user *by, const char *comment);

/* ---- waiting for a confirmation (mgmt/commit_confirm.c) ---- */

void commit_waiting_init(struct commits *c);
void commit_waiting_fini(struct commits *c);
/* False and *e unless this one may change what runs: nothing waits, or it is the one that confirms.
 * o NULL: a line, which never does. */
bool commit_waiting_allows(
    const struct commits *c, const struct commit_opts *o, struct err *e);
/* From here what runs waits; before is borrowed. */
void commit_waiting_begin(struct commits *c, struct ds_tree *before, uint32_t seconds,
    const char *persist, const char *comment, const struct ds_user *by);
void commit_waiting_end(struct commits *c); /* it stays */

/* ---- the disk (mgmt/commit_disk.c) ---- */

/* One commit on its way to the disk. */
struct commit_record {
	struct history_entry entry; /* who and when */
	struct strbuf text;	    /* header and configuration; owned */
};

void commit_record_init(struct commit_record *r, struct engine *eng,
    const struct lyd_node *tree, const struct ds_user *by, const char *comment);
void commit_record_fini(struct commit_record *r);
/* Makes it the startup configuration. */
bool commit_record_save(const struct commit_record *r, struct engine *eng, struct err *e);
/* Into the history; what fails is logged.  before: what ran until now, kept too if there is no
 * history at all. */
void commit_record_keep(
    const struct commit_record *r, struct engine *eng, const struct lyd_node *before);

/* ---- for an engine that comes after one that died (mgmt/commit_journal.c) ---- */

void commit_journal_init(struct commits *c);
void commit_journal_fini(struct commits *c);
/* Text with its header: this runs. */
void commit_snapshot_text(struct commits *c, const char *text, size_t len);
/* The same, of what runs now; not while a commit waits for its confirmation. */
void commit_snapshot(struct commits *c);
/* A line at this position is in. */
void commit_journal_line(struct commits *c, const struct cli_pos *pos, const char *line);

#endif
