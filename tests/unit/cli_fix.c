/* SPDX-License-Identifier: ISC */
/* The schema and the grammar for tests. */
#include "config.h"

#include "tests/unit/cli_fix.h"

#include <stdio.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "tests/unit/run.h"

struct nb *nb;
struct cli *cli;

int
cli_tests(const char *name, const struct show_table *const *tables,
    const struct unit_test *tests)
{
	static const struct show_table *const none[] = { NULL };
	struct err e = { 0 };
	int rc = EXIT_FAILURE;

	nb = nb_new(NULL, &e);
	cli = nb ? cli_new(tables ? tables : none, &e) : NULL;
	if (cli)
		rc = run_tests(name, tests);
	else
		fprintf(stderr, "%s\n", e.text);
	cli_free(cli);
	nb_free(nb);
	return rc;
}

char *
tree_text(const struct lyd_node *tree)
{
	struct strbuf b;

	strbuf_init(&b);
	cli_text_render(cli, nb, tree, &b);
	strbuf_put(&b, "");
	return strbuf_take(&b);
}

char *
tree_json(const struct lyd_node *tree)
{
	struct strbuf b;
	struct err e = { 0 };

	strbuf_init(&b);
	ck_assert_msg(nb_print(tree, NB_JSON, &b, &e), "%s", e.text);
	strbuf_put(&b, "");
	return strbuf_take(&b);
}
