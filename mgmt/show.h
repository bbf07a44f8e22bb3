/* SPDX-License-Identifier: ISC */
/* mgmt/show.h: commands of exec mode: show, clear, and what else asks the engine.
 *
 * What    A row per command: a pattern of cli_grammar.h and a function that
 *         answers in slices.  Each mgmt/show_*.c has one table of rows and is
 *         named once in show_tables[] (mgmt/show_tables.c); there is no other
 *         registration.  Keywords new to the dialect get a line in mgmt/cli_words.c.
 * Slices  fn is called until it returns false.  It returns true when out_full() or
 *         loop_slice_over() say so and there is more; where it was is kept in
 *         c->state.  Between two calls anything may have changed: keep cursors and
 *         keys, not pointers (rib.h, slab.h).
 * Client  The runner sends what was written and calls again once the client has
 *         taken it: a slow reader holds back its own command and nothing else.
 *         A client that goes away, or presses ^C, ends the command: `done` is
 *         called exactly once in every case.
 * Waiting A command that needs somebody else's answer sets c->waiting and returns true:
 *         it is called again after show_wake(), and done() comes even if that
 *         never does.
 * JSON    c->json is set when the pattern's [json] was typed; write exactly one value.
 * Errors  show_fail() says why and sets the exit status of the command.
 */
#ifndef EVPND_MGMT_SHOW_H
#define EVPND_MGMT_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "mgmt/cli_grammar.h"
#include "mgmt/engine.h"
#include "mgmt/out.h"

struct session;

struct show_ctx {
	struct session *session;     /* who asks; NULL in tests; borrowed */
	struct engine *eng;	     /* borrowed */
	const struct cli_args *args; /* what was typed; borrowed */
	struct out *out;	     /* where the answer goes; borrowed */
	bool json;		     /* `json` was typed */
	bool failed;		     /* the command's exit status is 1 */
	bool waiting;		     /* fn is not called before show_wake() */
	void *state;		     /* fn's own between slices; NULL at first */
};

/* Where commands are understood. */
enum show_where {
	SHOW_EXEC, /* in exec mode; in the configuration behind `do`, `show` and the like */
	SHOW_CONFIG, /* in the configuration alone */
	SHOW_BOTH,
};

struct show_cmd {
	const char *pattern;		  /* whole, from the first word */
	const char *help;		  /* one sentence about the command */
	bool (*fn)(struct show_ctx *c);	  /* one slice; true = more is left */
	void (*done)(struct show_ctx *c); /* frees c->state; NULL: free(c->state) */
};

struct show_table {
	const struct show_cmd *cmds; /* rows; borrowed, static */
	size_t n;		     /* of them */
	enum show_where where;	     /* they are commands */
};

/* In a show_*.c:  const struct show_table show_xxx = SHOW_TABLE(rows); */
#define SHOW_TABLE_IN(rows, where)                                                       \
	{                                                                                \
		(rows), sizeof(rows) / sizeof((rows)[0]), (where)                        \
	}
#define SHOW_TABLE(rows) SHOW_TABLE_IN(rows, SHOW_EXEC)

/* All tables, NULL at the end (mgmt/show_tables.c). */
extern const struct show_table *const show_tables[];

/* What a waiting command waited for has come. */
void show_wake(struct show_ctx *c);
/* Writes "% text" and sets the exit status; returns false, for `return show_fail(..)`. */
bool show_fail(struct show_ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
