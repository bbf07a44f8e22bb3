/* SPDX-License-Identifier: ISC */
/* mgmt/cli_keep.h: statements without effect, kept where they were said.
 *
 * What    A configuration made for another program of the dialect says things that
 *         mean nothing here.  They are kept in the tree as they were typed (`kept`,
 *         `kept-section`) and printed at the end of their section, so writing the
 *         configuration loses nothing.
 * no      `no X` takes back X, and what begins with it; where nothing does, `no X`
 *         is kept itself: it may say something to that other program.
 */
#ifndef EVPND_MGMT_CLI_KEEP_H
#define EVPND_MGMT_CLI_KEEP_H

#include "mgmt/cli.h"

/* The line's words with one space between them; the caller frees. */
char *cli_line_text(const struct cli_line *l);

/* l: without its `no`; level: of the position in which the row was found. */
void cli_keep(const struct cli *c, struct nb *nb, struct lyd_node **tree,
    const struct cli_pos *pos, size_t level, const struct cli_row *row,
    const struct cli_line *l, bool no);

/* What is kept in a node, behind so many spaces; only what would be kept there again. */
void cli_keep_render(const struct cli *c, const struct lyd_node *tree, enum cli_node node,
    const struct cli_scope *scope, unsigned depth, struct strbuf *out);

#endif
