/* SPDX-License-Identifier: ISC */
/* Fuzz target: configuration text.  What was taken is rendered and taken again: the same tree. */
#include "config.h"

#include <stdlib.h>

#include "mgmt/cli_text.h"
#include "mgmt/conf.h"
#include "tests/fuzz/fuzz.h"

static struct nb *nb;
static struct cli *cli;
static const struct show_table *const no_exec[] = { NULL };

static void
setup(void)
{
	struct err e = { 0 };

	if (nb)
		return;
	nb = nb_new(NULL, &e);
	cli = nb ? cli_new(no_exec, &e) : NULL;
	oracle(cli != NULL);
}

static void
check_identity(const struct lyd_node *tree)
{
	struct cli_report rep = { 0 };
	struct lyd_node *again = NULL;
	struct strbuf text;

	strbuf_init(&text);
	cli_text_render(cli, nb, tree, &text);
	strbuf_put(&text, "");
	cli_text_load(cli, nb, &again, text.s, NULL, &rep);
	oracle(rep.errors == 0 && nb_equal(tree, again));
	nb_tree_free(again);
	strbuf_fini(&text);
}

/* Errors of the whole tree lead to something that can be taken out, until none is left. */
static void
check_compile(struct lyd_node **tree)
{
	for (;;) {
		struct lyd_node *full = NULL;
		struct err e = { 0 };
		struct conf *c = NULL;

		if (nb_validate(nb, *tree, &full, &e))
			c = conf_compile(full, &e);
		nb_tree_free(full);
		conf_free(c);
		if (c)
			return;
		oracle(e.text[0] && nb_prune(nb, tree, e.path));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cli_report rep = { 0 };
	struct cli_where where = { NULL, 0, 0 };
	struct lyd_node *tree = NULL;
	char *text = fuzz_text(data, size);

	setup();
	cli_text_load(cli, nb, &tree, text, &where, &rep);
	check_identity(tree);
	check_compile(&tree);
	nb_tree_free(tree);
	cli_where_fini(&where);
	free(text);
	return 0;
}
