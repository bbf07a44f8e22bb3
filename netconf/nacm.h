/* SPDX-License-Identifier: ISC */
/* netconf/nacm.h: who may do what (RFC 8341).
 *
 * What    Rules from a file of ietf-netconf-acm data, asked for operations, for nodes
 *         that are read or changed, and for notifications.
 * Absent  Without the file: root and members of the group evpnd may do everything,
 *         others may read and use the operations that change nothing.
 * Root    is RFC 8341's recovery session: nothing is refused to it.
 * Groups  A user's groups are those of the file, and those of the system if the file
 *         has enable-external-groups.
 * Paths   of rules are compared as text, step by step: a step without predicate means
 *         every entry.
 * Owns    The rules, and the tree that is shown as /nacm.
 */
#ifndef EVPND_NETCONF_NACM_H
#define EVPND_NETCONF_NACM_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

struct ly_ctx;
struct lyd_node;
struct lysc_node;
struct nacm;

enum nacm_access {
	NACM_CREATE = 1,
	NACM_READ = 2,
	NACM_UPDATE = 4,
	NACM_DELETE = 8,
	NACM_EXEC = 16,
};

/* The rules for this user; file NULL or not there: the defaults.  NULL and *e if it is not valid. */
struct nacm *nacm_new(
    struct ly_ctx *ly, const char *file, const char *user, struct err *e);
void nacm_free(struct nacm *n);

/* May the operation be used at all?  op: as it was sent; an action with what it is in. */
bool nacm_exec(struct nacm *n, const struct lyd_node *op);
/* May the node be touched?  path as of lyd_path(), s its schema. */
bool nacm_data(
    struct nacm *n, enum nacm_access a, const char *path, const struct lysc_node *s);
bool nacm_notification(struct nacm *n, const struct lysc_node *s);
/* Nothing of any data is refused: needs no look at each node. */
bool nacm_all(const struct nacm *n, unsigned access);
/* Takes out what may not be read. */
void nacm_prune(struct nacm *n, struct lyd_node **tree);
/* /nacm with its counters, a tree of the caller's; NULL if there are no rules, or none to be read. */
struct lyd_node *nacm_tree(struct nacm *n);

#endif
