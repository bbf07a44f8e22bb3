/* SPDX-License-Identifier: ISC */
/* mgmt/nb_priv.h: what mgmt/nb*.c share: libyang itself.
 *
 * Rules   No other file includes this one or libyang.
 */
#ifndef EVPND_MGMT_NB_PRIV_H
#define EVPND_MGMT_NB_PRIV_H

#include <libyang/libyang.h>

#include "mgmt/nb.h"

struct nb {
	struct ly_ctx *ly;	      /* owned */
	const struct lys_module *mod; /* ours; borrowed from ly */
	struct ly_ctx
	    *raw; /* without modules, for payloads; NULL until one came; owned */
};

/* Copies the location that follows `what` in libyang's text: Schema location "/a:b", data location
 * "/a:b".  False if there is none. */
bool nb_location(const char *text, const char *what, char *to, size_t size);
/* Fills *e from libyang's last error; always false. */
bool nb_failed(const struct ly_ctx *ly, struct err *e);
/* The schema of the path's first n steps; NULL if there is none. */
const struct lysc_node *nb_schema_find(
    const struct nb *nb, const struct nb_path *p, unsigned n);
/* The same node among other siblings, whatever its value; NULL if there is none. */
struct lyd_node *nb_counterpart(const struct lyd_node *first, const struct lyd_node *n);
/* Frees n and then its parents while they are containers that say nothing. */
void nb_node_free(struct lyd_node **tree, struct lyd_node *n);

/* The entry of a list with this key, in whatever spelling, among `first` and its siblings; NULL also for
 * a key that is none. */
struct lyd_node *nb_entry_find(
    const struct lyd_node *first, const struct lysc_node *schema, const char *key);

#endif
