/* SPDX-License-Identifier: ISC */
/* A configuration as JSON; the contract is in the header. */
#include "config.h"

#include "mgmt/show_tree.h"

#include <stdlib.h>

#include "mgmt/cli_text.h"
#include "mgmt/datastore.h"
#include "mgmt/nb.h"
#include "mgmt/show_text.h"

bool
show_tree_json(struct show_ctx *c, const struct lyd_node *tree)
{
	struct strbuf *text = show_text_new(c);
	struct err e = { 0 };

	if (!nb_print(tree, NB_JSON, text, &e))
		return show_fail(c, "%s", e.text);
	if (!text->len)
		strbuf_put(text, "{}\n");
	return show_text_slice(c);
}

static bool
json_of(struct show_ctx *c, const char *text)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;
	bool more;

	cli_text_load(c->eng->cli, c->eng->ds->nb, &tree, text, NULL, &rep);
	if (rep.errors)
		more = show_fail(c,
		    "%zu of its lines are no configuration; without json it is shown as "
		    "it is",
		    rep.errors);
	else
		more = show_tree_json(c, tree);
	nb_tree_free(tree);
	return more;
}

bool
show_tree_text(struct show_ctx *c, char *text)
{
	bool more;

	if (c->json) {
		more = json_of(c, text);
	} else {
		strbuf_put(show_text_new(c), text);
		more = show_text_slice(c);
	}
	free(text);
	return more;
}
