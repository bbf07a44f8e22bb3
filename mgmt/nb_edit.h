/* SPDX-License-Identifier: ISC */
/* mgmt/nb_edit.h: the operations of NETCONF's edit-config on a tree of mgmt/nb.h.
 *
 * What    nb_edit() does what the payload of an edit says: merge, replace, create,
 *         delete and remove, by the attribute `operation` or the default operation,
 *         and the places of `insert` in lists that users order (RFC 6241 7.2, RFC
 *         7950 7.5.8 to 7.8.6).
 * Payload XML of our module's nodes, side by side.  Its text is checked for depth and
 *         document types before libyang sees it (lib/xmlscan.h).
 * Errors  One, the first, with the tag of RFC 6241 appendix A and the path of the
 *         node.  After an error the tree may be changed in part: edit a copy.
 * Trees   stay in the form of mgmt/nb.h: a leaf set to its default value is gone.
 */
#ifndef EVPND_MGMT_NB_EDIT_H
#define EVPND_MGMT_NB_EDIT_H

#include <stdbool.h>

#include "mgmt/nb.h"

enum nb_edit_op {
	NB_EDIT_MERGE,
	NB_EDIT_REPLACE,
	NB_EDIT_NONE,
	NB_EDIT_CREATE,
	NB_EDIT_DELETE,
	NB_EDIT_REMOVE,
};

struct nb_edit_error {
	const char *tag;    /* error-tag of RFC 6241; static */
	char element[128];  /* bad-element, "" none */
	char attribute[64]; /* bad-attribute, "" none */
	char ns[128];	    /* bad-namespace, "" none */
	char path[512];	    /* of the node, "" unknown */
	char text[512];	    /* one sentence */
};

/* op: MERGE, REPLACE or NONE, for nodes without an operation of their own. */
bool nb_edit(struct nb *nb, struct lyd_node **tree, const char *xml, enum nb_edit_op op,
    struct nb_edit_error *e);

#endif
