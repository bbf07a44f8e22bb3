/* SPDX-License-Identifier: ISC */
/* mgmt/cli_stmt.h: the `set` column of the command table, compiled.
 *
 * What    Each statement is a path with holes and a source for its value; a scope
 *         (names and values) fills the holes.  Language: see cli_table.h.
 */
#ifndef EVPND_MGMT_CLI_STMT_H
#define EVPND_MGMT_CLI_STMT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "mgmt/nb.h"

enum stmt_op {
	STMT_EXISTS, /* path */
	STMT_SET,    /* path=value */
	STMT_ADD,    /* path+=values */
	STMT_WHOLE,  /* path*=values */
};

enum stmt_from { FROM_LITERAL, FROM_CAPTURE, FROM_FLAG };

struct stmt_step {
	char *name; /* of the node; owned */
	char *key;  /* capture with the list's key, NULL: no list; owned */
	bool peer;  /* {peer}: the name depends on the capture */
};

struct cli_stmt {
	struct stmt_step step[NB_STEPS_MAX]; /* the path */
	unsigned n;			     /* steps */
	enum stmt_op op;		     /* what it does */
	enum stmt_from from;		     /* where the value comes from */
	char *text;			     /* literal, or name of the capture; owned */
	char *dflt; /* value when none was typed, or NULL; owned */
	bool keep;  /* none typed: nothing is done */
};

struct cli_stmts {
	struct cli_stmt *s; /* owned */
	size_t n;	    /* of them */
};

#define SCOPE_MAX 32

/* Names and values; a later one hides an earlier one of the same name. */
struct cli_scope {
	struct {
		const char *name, *value; /* borrowed */
	} v[SCOPE_MAX];
	size_t n; /* of them */
};

void cli_scope_add(struct cli_scope *s, const char *name, const char *value);
const char *cli_scope_get(const struct cli_scope *s, const char *name); /* NULL unknown */

bool cli_stmts_parse(const char *set, struct cli_stmts *out, struct err *e);
void cli_stmts_free(struct cli_stmts *s);

/* False if a key's capture has no value.  Values are borrowed from the scope. */
bool cli_stmt_path(
    const struct cli_stmt *s, const struct cli_scope *scope, struct nb_path *out);
/* The first step whose key is not in the scope, or -1. */
int cli_stmt_open_step(const struct cli_stmt *s, const struct cli_scope *scope);

#endif
