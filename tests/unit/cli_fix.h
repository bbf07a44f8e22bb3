/* SPDX-License-Identifier: ISC */
/* tests/unit/cli_fix.h: the schema and the grammar, for tests that need no engine. */
#ifndef EVPND_TESTS_UNIT_CLI_FIX_H
#define EVPND_TESTS_UNIT_CLI_FIX_H

#include "mgmt/cli.h"
#include "mgmt/nb.h"

extern struct nb *nb;	/* the schema */
extern struct cli *cli; /* the grammar */

struct unit_test; /* tests/unit/run.h */

/* run_tests() with both.  tables: the commands beside the configuration, NULL none. */
int cli_tests(const char *name, const struct show_table *const *tables,
    const struct unit_test *tests);

/* A tree as text of the dialect and as JSON; the caller's. */
char *tree_text(const struct lyd_node *tree);
char *tree_json(const struct lyd_node *tree);

#endif
