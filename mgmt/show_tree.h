/* SPDX-License-Identifier: ISC */
/* mgmt/show_tree.h: a configuration as the answer, in RFC 7951 JSON.
 *
 * What    For commands that show a configuration: their answer with `json`.  They are
 *         those of mgmt/show_text.h and say `return show_tree_json(..)`.
 */
#ifndef EVPND_MGMT_SHOW_TREE_H
#define EVPND_MGMT_SHOW_TREE_H

#include "mgmt/show.h"

struct lyd_node;

/* NULL is the empty configuration. */
bool show_tree_json(struct show_ctx *c, const struct lyd_node *tree);
/* Of a text of the dialect; a text with lines that are none is an error. */
bool show_tree_json_of(struct show_ctx *c, const char *text);

#endif
