/* SPDX-License-Identifier: ISC */
/* Parts of a tree by XPath, and whether what is said of the state is valid; see mgmt/nb.h. */
#include "config.h"

#include "mgmt/nb.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/nb_priv.h"

/* Copies one node, what is below it and the way down to it, into *to. */
static bool
part_add(struct lyd_node **to, const struct lyd_node *n)
{
	struct lyd_node *copy = NULL, *root;

	if (lyd_dup_single(n, NULL, LYD_DUP_RECURSIVE | LYD_DUP_WITH_PARENTS, &copy))
		return false;
	for (root = copy; lyd_parent(root);)
		root = lyd_parent(root);
	return lyd_merge_tree(to, root, LYD_MERGE_DESTRUCT) == LY_SUCCESS;
}

/* Some node of the schema is meant; libyang finds nothing in data just as readily. */
static bool
is_somewhere(const struct nb *nb, const char *xpath, struct err *e)
{
	struct ly_set *set = NULL;
	bool found;

	if (lys_find_xpath(nb->ly, NULL, xpath, 0, &set) != LY_SUCCESS)
		return nb_failed(nb->ly, e);
	found = set->count > 0;
	ly_set_free(set, NULL);
	return found || err_set(e, "there is no node %s", xpath);
}

bool
nb_print_part(const struct nb *nb, const struct lyd_node *tree, const char *xpath,
    struct strbuf *out, struct err *e)
{
	struct lyd_node *part = NULL;
	struct ly_set *set = NULL;
	bool ok = true;

	if (!is_somewhere(nb, xpath, e))
		return false;
	if (!tree) {
		strbuf_put(out, "{}");
		return true;
	}
	if (lyd_find_xpath(tree, xpath, &set) != LY_SUCCESS)
		return nb_failed(nb->ly, e);
	for (uint32_t i = 0; ok && i < set->count; i++)
		ok = part_add(&part, set->dnodes[i]);
	ly_set_free(set, NULL);
	if (ok && part)
		ok = nb_print(part, NB_JSON, out, e);
	else if (ok)
		strbuf_put(out, "{}");
	nb_tree_free(part);
	return ok || err_set(e, "cannot print %s", xpath);
}

bool
nb_state_check(struct nb *nb, const char *json, struct err *e)
{
	struct lyd_node *tree = NULL;
	const LY_ERR rc = lyd_parse_data_mem(
	    nb->ly, json, LYD_JSON, LYD_PARSE_STRICT, LYD_VALIDATE_PRESENT, &tree);

	if (rc != LY_SUCCESS)
		nb_failed(nb->ly, e);
	nb_tree_free(tree);
	return rc == LY_SUCCESS;
}

bool
nb_event_check(struct nb *nb, const char *json, struct err *e)
{
	struct lyd_node *tree = NULL, *op = NULL;
	struct ly_in *in = NULL;
	LY_ERR rc = ly_in_new_memory(json, &in);

	if (rc == LY_SUCCESS)
		rc = lyd_parse_op(
		    nb->ly, NULL, in, LYD_JSON, LYD_TYPE_NOTIF_YANG, &tree, &op);
	ly_in_free(in, 0);
	if (rc != LY_SUCCESS)
		nb_failed(nb->ly, e);
	nb_tree_free(tree);
	return rc == LY_SUCCESS;
}
