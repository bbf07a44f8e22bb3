/* SPDX-License-Identifier: ISC */
/* mgmt/commit.h: from a draft to what runs, whole or not at all.
 *
 * Steps   The draft comes on top of what runs now (mgmt/draft.h); the schema (types,
 *         references, must); the semantics (conf_compile()); the kernel
 *         (engine->preflight(), which may take a while); the disk; then the switch and
 *         engine->apply(), which cannot fail.  An error before the switch changes
 *         nothing, and says where by path or line.
 * Disk    A commit is also the startup configuration, unless it is `unsaved` or waits
 *         for its confirmation.  The rename of the file is the moment from which a
 *         crash leaves the new one.  The last commits are kept (mgmt/history.h).
 * Confirm With confirm_s the commit is taken back after that time unless another one
 *         confirms it; without `persist` also when its session ends.  A restart of
 *         the engine or the machine takes it back, too (RFC 6241 8.4).
 * Death   What runs is in the run directory, too, for the engine that comes after one that
 *         has died: a snapshot, and each line since, before anybody is told that it is
 *         in (commit_rescued()).  A commit that waits for its confirmation is not.
 * Lines   A line of `configure terminal` is a commit by itself, at once, unsaved, and
 *         not asked of the kernel.  It costs what it is about (mgmt/part.h), not what
 *         there is.
 * Files   A configuration file is text of the dialect.  At start every line that can
 *         be applied is, and what cannot is told with its line, loudly; a reload is a
 *         transaction.
 */
#ifndef EVPND_MGMT_COMMIT_H
#define EVPND_MGMT_COMMIT_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/strbuf.h"
#include "mgmt/cli_text.h"
#include "mgmt/datastore.h"
#include "mgmt/draft.h"
#include "mgmt/engine.h"

struct commit_opts {
	const struct ds_user *by; /* who; copied */
	const char *comment;	  /* NULL: none; copied, cut at COMMIT_COMMENT_MAX */
	bool check_only;	  /* whether it could be done; nothing is changed */
	bool unsaved;		  /* the startup configuration stays as it is */
	uint32_t
	    confirm_s; /* seconds until it is taken back unless confirmed; 0: for good */
	/* With confirm_s: it outlives the session, and who says this word may confirm. */
	const char *persist;
	const char
	    *persist_id; /* that word, of the commit that this one confirms or prolongs */
};

#define COMMIT_COMMENT_MAX 256
#define COMMIT_PERSIST_MAX 128
#define COMMIT_CONFIRM_MAX (86400 * 7) /* seconds */

/* What of commits lives as long as the engine; made after ds and loop, freed before them. */
struct commits *commits_new(struct engine *eng);
void commits_free(struct commits *c);

/* Called once, perhaps before commit_start() returns.  e is good for this call alone. */
typedef void commit_done(void *arg, bool ok, const struct err *e);

/* Commits d, which is as running afterwards; after an error it is as it was.  NULL if it is over
 * already, else a handle that is good until done. */
struct commit *commit_start(struct engine *eng, struct draft *d,
    const struct commit_opts *o, commit_done *done, void *arg);
/* Nobody waits any more: done is not called, and nothing is changed by it. */
void commit_forget(struct commit *c);

/* Confirms what waits for it, as a commit without changes does. */
bool commit_confirm(struct engine *eng, const struct commit_opts *o, struct err *e);
/* Takes it back at once. */
bool commit_cancel(
    struct engine *eng, const struct ds_user *by, const char *persist_id, struct err *e);
/* A session has ended: its locks go, and a commit that it did not confirm. */
void commit_session_ended(struct engine *eng, const struct ds_user *by);

/* A commit that waits for its confirmation. */
struct commit_pending {
	struct ds_user by; /* whose it is */
	bool persist;	   /* it outlives the session */
	int64_t left_us;   /* until it is taken back */
	bool is;	   /* false: there is none */
};
struct commit_pending commit_pending(const struct engine *eng);

/* A line of `configure terminal` at pos, which moves with it.  After an error nothing has changed;
 * CLI_NOTED: it is in, and *e says why it is without effect. */
enum cli_result commit_line(struct engine *eng, struct cli_pos *pos, const char *line,
    const struct ds_user *by, struct err *e);
/* Commits a tree (owned from here) at once, as such a line does. */
bool commit_tree(
    struct engine *eng, struct lyd_node *tree, const struct ds_user *by, struct err *e);

/* ---- text ---- */

enum commit_load {
	LOAD_GOOD_LINES, /* replace by what is good of it */
	LOAD_CHECK,	 /* as if replacing; nothing is applied */
	LOAD_REPLACE,	 /* replace by all of it, or nothing */
	LOAD_MERGE,	 /* add all of it to what runs, or nothing */
};

/* A text as one transaction (LOAD_CHECK, LOAD_REPLACE or LOAD_MERGE), asked of the kernel too.
 * Every error and note goes to rep, with its line; rep is borrowed until done, which is called
 * with the same answers as of commit_start(). */
struct commit_text *commit_text_start(struct engine *eng, const char *text,
    enum commit_load how, const struct commit_opts *o, struct cli_report *rep,
    commit_done *done, void *arg);
void commit_text_forget(struct commit_text *t); /* as commit_forget() */

/* Reads text at once, at the start or to check it without an engine that runs (LOAD_GOOD_LINES or
 * LOAD_CHECK); not asked of the kernel.  True if there was no error. */
bool commit_text(struct engine *eng, const char *text, enum commit_load how,
    const struct ds_user *by, struct cli_report *rep);

/* The running configuration as a whole file's text. */
void commit_running_text(struct engine *eng, struct strbuf *out);
/* Makes it the startup configuration. */
bool commit_write(struct engine *eng, const struct ds_user *by, struct err *e);

/* ---- the disk ---- */

struct history *commit_history(const struct engine *eng);
/* What ran when another engine died but for its last lines, for the caller to free; NULL: the
 * startup file is what there is. */
char *commit_rescued(struct engine *eng);
/* Those lines, once that text has been read. */
void commit_rescue_lines(struct engine *eng, const char *text);
void commit_forget_rescued(struct engine *eng);
/* What there is at the start has been read: from here on nothing of what runs is lost. */
void commit_loaded(struct engine *eng);

#endif
