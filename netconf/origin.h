/* SPDX-License-Identifier: ISC */
/* netconf/origin.h: the datastore operational, and where its values come from (RFC 8342 5.3).
 *
 * What    origin_complete() makes operational of what runs: values that the daemon chose
 *         are added (router id, names, RDs and route targets, VNIs that it found: system),
 *         neighbors that came by themselves (learned), and default values (default); all
 *         else is intended.
 * Kept    As metadata on what was added, and libyang's flag on default values: what has
 *         neither is of its parent's origin.
 * Filters of RFC 8526 3.1.1, done in place; the way to what stays, with its keys, stays.
 */
#ifndef EVPND_NETCONF_ORIGIN_H
#define EVPND_NETCONF_ORIGIN_H

#include <stdbool.h>

struct lyd_node;
struct ly_ctx;
struct reading;

/* The configuration that runs has been read. */
void origin_complete(struct reading *r);
/* Leaves what origin-filter and negated-origin-filter of the request select. */
void origin_filter(struct lyd_node **tree, const struct lyd_node *rpc);
/* Leaves nodes that are configuration, or those that are not. */
void config_filter(struct lyd_node **tree, bool config);
/* Says the origin where it is not the parent's, or nowhere. */
void origin_show(struct ly_ctx *ly, struct lyd_node *tree, bool show);

#endif
