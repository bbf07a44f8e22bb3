/* SPDX-License-Identifier: ISC */
/* mgmt/show_tree.h: a configuration as the answer, in RFC 7951 JSON.
 *
 * What    For commands that show a configuration: their answer with `json`.  They are
 *         those of mgmt/show_text.h and say `return show_tree_json(..)`, or have a text
 *         of the dialect and say `return show_tree_text(..)` for both.
 */
#ifndef EVPND_MGMT_SHOW_TREE_H
#define EVPND_MGMT_SHOW_TREE_H

#include "mgmt/show.h"

struct lyd_node;

/* NULL is the empty configuration. */
bool show_tree_json(struct show_ctx *c, const struct lyd_node *tree);
/* A text of the dialect, as it is or, if `json` was typed, as its tree: there a text with lines that are none is
 * an error.  Takes the text. */
bool show_tree_text(struct show_ctx *c, char *text);

#endif
