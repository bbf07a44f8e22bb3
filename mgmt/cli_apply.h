/* SPDX-License-Identifier: ISC */
/* mgmt/cli_apply.h: a matched configuration command becomes edits of a tree. */
#ifndef EVPND_MGMT_CLI_APPLY_H
#define EVPND_MGMT_CLI_APPLY_H

#include "mgmt/cli.h"

/* All edits of the row or, with an error, none.  level: of the position in which the row was
 * found. */
bool cli_apply(struct nb *nb, struct lyd_node **tree, const struct cli_crow *row,
    const struct cli_pos *pos, size_t level, const struct cli_args *args, bool no,
    char **touched, struct err *e);

#endif
