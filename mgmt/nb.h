/* SPDX-License-Identifier: ISC */
/* mgmt/nb.h: trees of configuration data, checked against our YANG module.
 *
 * What    The only door to libyang: a schema, and trees (struct lyd_node *, NULL is
 *         the empty tree) that are made, read, edited by path, validated, compared,
 *         parsed and printed.
 * Paths   Steps from the root of the module, all in our namespace; a list step
 *         carries the value of the list's one key.  A path never needs quoting.
 * Trees   hold only what was said: no default values and no empty containers, so
 *         equal configurations are equal trees.  nb_set() with the default value
 *         removes the node.  nb_validate() gives a second tree with all defaults.
 * Reading nb_get() and friends read either kind of tree.
 * Errors  struct err with the sentence and the YANG path.
 * Owns    struct nb owns the schema; trees belong to the caller and must be freed
 *         before it.
 */
#ifndef EVPND_MGMT_NB_H
#define EVPND_MGMT_NB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/strbuf.h"

struct lyd_node;
struct nb;

#define NB_STEPS_MAX 8
#define NB_MODULE "evpnd"

struct nb_step {
	const char *name; /* of the node; borrowed */
	const char *key;  /* of a list entry, else NULL; borrowed */
};

struct nb_path {
	struct nb_step s[NB_STEPS_MAX];
	unsigned n; /* steps used */
};

/* The schema, from dir, or NULL: $EVPND_YANG_PATH, then the installed place. */
struct nb *nb_new(const char *dir, struct err *e);
void nb_free(struct nb *nb);

struct lyd_node *nb_dup(const struct lyd_node *tree);
void nb_tree_free(struct lyd_node *tree);

/* "bgp/neighbor[KEY]/remote-as" from literal steps; a convenience for tests and compiled code. */
#define NB_PATH(...)                                                                     \
	(&(struct nb_path){ .s = { __VA_ARGS__ },                                        \
	    .n = sizeof((struct nb_step[]){ __VA_ARGS__ }) / sizeof(struct nb_step) })

/* Editing.  value NULL: a container or list entry.  Parents are made as needed. */
bool nb_set(struct nb *nb, struct lyd_node **tree, const struct nb_path *p,
    const char *value, struct err *e);
/* The same in a tree that is not empty, which knows its schema; a leaf-list gets one value more. */
bool nb_put(
    struct lyd_node **tree, const struct nb_path *p, const char *value, struct err *e);
/* Whether nb_set() or nb_add() of this value would do, with keys on the way; changes nothing. */
bool nb_check(struct nb *nb, const struct nb_path *p, const char *value, struct err *e);
/* "/evpnd:bgp/neighbor[address='10.0.0.1']", as errors name it; the caller frees. */
char *nb_path_format(const struct nb *nb, const struct nb_path *p);
char *nb_node_path(const struct lyd_node *node);
/* Adds one value to a leaf-list; there already is fine. */
bool nb_add(struct nb *nb, struct lyd_node **tree, const struct nb_path *p,
    const char *value, struct err *e);
/* Removes a node, or every value of a leaf-list.  Nothing there is fine. */
void nb_del(struct nb *nb, struct lyd_node **tree, const struct nb_path *p);
void nb_del_value(
    struct nb *nb, struct lyd_node **tree, const struct nb_path *p, const char *value);

/* Reading. */
struct lyd_node *nb_find(const struct lyd_node *tree, const struct nb_path *p);
/* Value of the leaf, NULL when it is not there. */
const char *nb_get(const struct lyd_node *tree, const struct nb_path *p);
/* The default of the schema for this leaf, NULL when it has none. */
const char *nb_default(const struct nb *nb, const struct nb_path *p);
/* There is something in a container. */
bool nb_has_children(const struct lyd_node *parent);
/* A child of an entry or container by name, and a leaf's value; NULL-safe. */
struct lyd_node *nb_child(const struct lyd_node *parent, const char *name);
const char *nb_value(const struct lyd_node *node);
const char *nb_leaf(const struct lyd_node *parent, const char *name);
const char *nb_key(const struct lyd_node *entry);
/* An entry that says nothing but its key. */
bool nb_is_bare(const struct lyd_node *entry);

/* Each leaf and leaf-list of the configuration but keys, as a path without keys. */
void nb_schema_leaves(
    const struct nb *nb, void (*fn)(void *arg, const struct nb_path *p), void *arg);

/* Instances of a list or leaf-list in the tree's order: for (n = nb_first(..); n; n = nb_next(n)) */
struct lyd_node *nb_first(const struct lyd_node *tree, const struct nb_path *p);
struct lyd_node *nb_child_first(const struct lyd_node *parent, const char *name);
struct lyd_node *nb_next(const struct lyd_node *node);

/* A tree with all defaults, valid by the schema, in *full (NULL for an empty one). */
bool nb_validate(
    struct nb *nb, const struct lyd_node *tree, struct lyd_node **full, struct err *e);
bool nb_equal(const struct lyd_node *a, const struct lyd_node *b);
/* Removes the nearest thing to the XPath of an error that can go; false if there is none. */
bool nb_prune(struct nb *nb, struct lyd_node **tree, const char *xpath);

enum nb_change { NB_CREATED, NB_CHANGED, NB_DELETED };
/* Each leaf and entry that differs, with its YANG path. */
void nb_diff(const struct lyd_node *from, const struct lyd_node *to,
    void (*fn)(void *arg, enum nb_change c, const char *path, const char *value),
    void *arg);

/* A new tree in *out: theirs, with what differs between base and mine done to it.  False and *e with
 * the path where both differ from base and from each other, unless mine_wins. */
bool nb_merge(struct nb *nb, const struct lyd_node *base, const struct lyd_node *mine,
    const struct lyd_node *theirs, bool mine_wins, struct lyd_node **out, struct err *e);

/* A list of which some entries alone are wanted. */
struct nb_keep {
	struct nb_path list;	 /* which */
	const char *const *keys; /* of those entries; borrowed */
	size_t n;		 /* of them */
};
/* A copy of the tree without the other entries of these lists. */
struct lyd_node *nb_part(const struct nb *nb, const struct lyd_node *tree,
    const struct nb_keep *keep, size_t n);
/* What differs between `from`, a part of tree, and `to` is done to tree. */
void nb_patch(
    struct lyd_node **tree, const struct lyd_node *from, const struct lyd_node *to);

enum nb_format { NB_JSON, NB_XML };
bool nb_print(
    const struct lyd_node *tree, enum nb_format f, struct strbuf *out, struct err *e);
/* What an XPath finds, with the way down to it, as JSON; {} if it finds nothing. */
bool nb_print_part(const struct nb *nb, const struct lyd_node *tree, const char *xpath,
    struct strbuf *out, struct err *e);
/* Checks names and types; nb_validate() checks the rest. */
bool nb_parse(struct nb *nb, const char *text, enum nb_format f, struct lyd_node **tree,
    struct err *e);

/* Whether JSON of the state, or of one notification, is valid by the schema; for tests. */
bool nb_state_check(struct nb *nb, const char *json, struct err *e);
bool nb_event_check(struct nb *nb, const char *json, struct err *e);

#endif
