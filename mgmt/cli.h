/* SPDX-License-Identifier: ISC */
/* mgmt/cli.h: the dialect compiled: what a line means in the node where it stands.
 *
 * What    struct cli holds the compiled tables (constant after cli_new); struct
 *         cli_pos is where a reader of lines is: a stack of nodes with the words that
 *         entered them.  cli_line() applies one configuration line to a tree.
 * Nodes   A line is looked for in the innermost node, then in those around it, and
 *         finding it there leaves the inner ones: `exit` lines may be missing.
 * Errors  A line that fails changes nothing in the tree, and in the position only
 *         if a whole text is read.
 */
#ifndef EVPND_MGMT_CLI_H
#define EVPND_MGMT_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "mgmt/cli_stmt.h"
#include "mgmt/cli_table.h"
#include "mgmt/show.h"

#define CLI_DEPTH_MAX 6

/* The rows of one node, side by side. */
struct cli_rowset {
	struct cli_pattern **pat; /* owned array; patterns owned by cli_crow */
	struct cli_pattern *
	    *pat_yes; /* the same with NULL for rows that have a `no` form alone */
	struct cli_crow **row; /* owned array; borrowed from cli->rows */
	size_t n;	       /* rows */
};

/* A row with what was compiled from it. */
struct cli_crow {
	const struct cli_row *row; /* borrowed, static */
	struct cli_pattern *pat;   /* owned */
	struct cli_stmts set;	   /* owned */
};

/* Commands of one mode, side by side. */
struct cli_cmdset {
	struct cli_pattern **pat;    /* owned, with what is in it */
	const struct show_cmd **cmd; /* their rows; owned array */
	size_t n;		     /* of them */
};

struct cli {
	struct cli_crow *rows;		  /* all rows in order of the tables; owned */
	size_t nrows;			  /* of them */
	struct cli_rowset node[NODE_MAX]; /* by node */
	struct cli_stmts place[NODE_MAX]; /* by node: one statement, or none; owned */
	struct cli_pattern **exec_pat;	  /* commands of exec mode; owned */
	const struct show_cmd **exec;	  /* their rows; owned array */
	size_t nexec;			  /* of them */
	struct cli_cmdset verbs;	  /* commands of the configuration mode */
};

struct cli_level {
	enum cli_node node;   /* which node */
	struct cli_args args; /* words of the line that entered it; owned */
	char *line;	      /* that line; owned, NULL at the top */
	bool refused;	      /* that line failed: nothing in the node is applied */
};

struct cli_pos {
	struct cli_level level[CLI_DEPTH_MAX]; /* level[0] is NODE_CONFIG */
	size_t n;			       /* levels; 0: exec mode */
	/* A whole text is read: a section whose first line fails is entered none the less,
	 * so that what is in it does not land in the section before. */
	bool reading;
};

/* exec: tables of exec commands, NULL at the end (show_tables; less in tests).
 * NULL and *e if a table has a mistake (tests see to it that none has). */
struct cli *cli_new(const struct show_table *const *exec, struct err *e);
void cli_free(struct cli *c);

void cli_pos_init(struct cli_pos *p); /* at the top of the configuration */
void cli_pos_fini(struct cli_pos *p);
void cli_pos_copy(
    struct cli_pos *to, const struct cli_pos *from); /* to: to be finished */
void cli_pos_pop(struct cli_pos *p);		     /* leaves the innermost node */
enum cli_node cli_pos_node(const struct cli_pos *p); /* NODE_NONE in exec mode */

enum cli_result {
	CLI_DONE,   /* applied, or nothing to do */
	CLI_NOTED,  /* accepted without effect: *e says what */
	CLI_FAILED, /* not applied: *e says why */
};

/* Applies one line of configuration to *tree.  touched (if not NULL): the YANG path of what
 * the line is about, for later errors; the caller frees, NULL if there is none. */
enum cli_result cli_line(const struct cli *c, struct nb *nb, struct cli_pos *pos,
    struct lyd_node **tree, const char *line, char **touched, struct err *e);

/* The text of a verdict that is not CLI_OK. */
bool cli_verdict_error(
    enum cli_verdict v, const struct cli_line *l, size_t bad, struct err *e);

/* Removes explicit `false` where the value would be false anyway. */
void cli_normalise(struct nb *nb, struct lyd_node **tree);

#endif
