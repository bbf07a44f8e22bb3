/* SPDX-License-Identifier: ISC */
/* mgmt/session.h: one operator at the prompt, without any socket.
 *
 * What    Where the operator is (exec mode or a node of the configuration), and the
 *         one command that runs.  session_start() begins a line, session_step() does a
 *         slice of it; what it writes collects in session->out.
 * Config  In `configure terminal` each line is a commit of its own: it is applied, or
 *         says why not and changes nothing, the place in the configuration included.
 *         In `configure private` and `configure exclusive` lines gather in a draft until
 *         `commit`; the latter's draft is the candidate that NETCONF edits too, locked.
 * Owns    The position, the arguments of the running command, the output.
 */
#ifndef EVPND_MGMT_SESSION_H
#define EVPND_MGMT_SESSION_H

#include <stdbool.h>

#include "mgmt/cli.h"
#include "mgmt/commit.h"
#include "mgmt/engine.h"
#include "mgmt/out.h"
#include "mgmt/show.h"

enum session_mode { SESSION_TERMINAL, SESSION_PRIVATE, SESSION_EXCLUSIVE };

struct session {
	struct engine *eng;	/* borrowed */
	struct ds_user by;	/* the operator, and the number of the session */
	struct cli_pos pos;	/* n == 0: exec mode */
	enum session_mode mode; /* of the configuration */
	struct draft
	    *draft;	/* what lines gather in, NULL in `configure terminal`; owned if
				private */
	struct out out; /* of the running command */
	const struct show_cmd *cmd; /* running, NULL none; static */
	struct cli_args args;	    /* its arguments; owned */
	struct show_ctx ctx;	    /* its context */
	bool failed;		    /* exit status of the last command */
	bool closing;		    /* `exit` in exec mode */
	/* A command that waited goes on: run session_step() soon.  NULL: whoever runs it
	 * asks again anyway. */
	void (*wake)(void *arg);
	void *wake_arg; /* for wake */
};

/* name, door: as in struct ds_user. */
void session_init(
    struct session *s, struct engine *eng, const char *name, const char *door);
void session_set_user(struct session *s, const char *name, const char *door);
void session_fini(struct session *s); /* cancels */

/* Begins a line; no command may be running. */
void session_start(struct session *s, const char *line);
/* One slice; false when the command has ended (s->failed tells how). */
bool session_step(struct session *s);
void session_cancel(struct session *s);
/* The running command waits for somebody else: session_step() does nothing. */
bool session_waiting(const struct session *s);
void session_wake(struct session *s);

/* A text as one transaction; all errors are in the output, with their lines. */
void session_load(struct session *s, const char *text, enum commit_load how);

/* "leaf1(config)# " */
void session_prompt(const struct session *s, char *buf, size_t size);

/* What can stand at the end of the line.  help: also values and what they mean.  A last one that
 * is the value SESSION_MORE says that there are more words than these. */
#define SESSION_MORE "..."
void session_choices(const struct session *s, const char *line, bool help,
    void (*fn)(void *arg, const char *word, bool is_value, const char *text), void *arg);

/* What would have been right where the grammar does not go on with this line: into the output. */
void session_expected(struct session *s, const char *line);

/* For commands of exec mode that change the session. */
bool session_configure(struct session *s, enum session_mode mode, struct err *e);
/* Leaves the configuration and gives up what was not committed. */
void session_abandon(struct session *s);
void session_list(struct session *s); /* every command of the present mode */

#endif
