/* SPDX-License-Identifier: ISC */
/* mgmt/cli_text.h: the text dialect: whole trees from text, and text from trees.
 *
 * What    cli_text_load() reads many lines into a tree and reports each line that it
 *         could not use; cli_text_render() prints a tree in the order of the table.
 *         Rendering and loading again gives an equal tree.
 * Where   struct cli_where remembers which line touched which YANG node, so that an
 *         error found later in the whole tree is still told with its line.
 */
#ifndef EVPND_MGMT_CLI_TEXT_H
#define EVPND_MGMT_CLI_TEXT_H

#include "mgmt/cli.h"

/* Lines and what they are about; grows. */
struct cli_where {
	struct cli_mark {
		char *path; /* YANG path; owned */
		int line;   /* of the text, from 1 */
	} * mark;	    /* owned */
	size_t n;	    /* of them */
	size_t cap;	    /* room */
};

void cli_where_fini(struct cli_where *w);
/* The line that is to blame for an error at this path, 0 unknown. */
int cli_where_find(const struct cli_where *w, const char *path);

struct cli_report {
	/* error: the line was not applied; else it was accepted without effect. */
	void (*fn)(void *arg, const struct err *e, bool error);
	void *arg;     /* for fn */
	size_t errors; /* lines that were not applied */
	size_t notes;  /* lines without effect */
};

/* Applies all lines that can be applied; the tree is normalised afterwards.  where may be NULL. */
void cli_text_load(const struct cli *c, struct nb *nb, struct lyd_node **tree,
    const char *text, struct cli_where *where, struct cli_report *rep);

/* The statements of the tree, with "!" between blocks; nothing before or after. */
void cli_text_render(
    const struct cli *c, struct nb *nb, const struct lyd_node *tree, struct strbuf *out);

#endif
