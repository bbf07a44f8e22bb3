/* SPDX-License-Identifier: ISC */
/* Writes the list of all commands (doc/commands.md) from the tables that the program itself reads. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/cli_table.h"
#include "mgmt/show.h"

/* How a node is entered, as its title. */
static const char *
title(enum cli_node node)
{
	if (node == NODE_CONFIG)
		return "configure";
	for (size_t t = 0; cli_tables[t]; t++)
		for (size_t i = 0; i < cli_tables[t]->n; i++)
			if (cli_tables[t]->rows[i].enter == node &&
			    !(cli_tables[t]->rows[i].flags & CLI_HIDDEN))
				return cli_tables[t]->rows[i].pattern;
	return NULL;
}

static void
put(const char *prefix, const char *pattern, const char *help)
{
	struct strbuf b;

	strbuf_init(&b);
	cli_pattern_read(pattern, &b);
	printf("- `%s%s`", prefix, b.s);
	if (help && help[0])
		printf("  \n  %s.", help);
	printf("\n");
	strbuf_fini(&b);
}

/* The commands of all modes but this one. */
static void
put_commands(const char *head, enum show_where other)
{
	printf("%s\n\n", head);
	for (size_t t = 0; show_tables[t]; t++)
		for (size_t i = 0; i < show_tables[t]->n; i++)
			if (show_tables[t]->where != other)
				put("", show_tables[t]->cmds[i].pattern,
				    show_tables[t]->cmds[i].help);
}

/* What a row's flags say to its reader. */
static const char *
prefix_of(unsigned flags)
{
	return flags & CLI_NO_ONLY ? "no " : "[no] ";
}

static void
put_node(enum cli_node node)
{
	const unsigned other = CLI_HIDDEN | CLI_NOEFFECT | CLI_SILENT | CLI_REFUSE;
	const char *name = title(node);
	struct strbuf head;
	size_t n = 0;

	if (!name)
		return;
	strbuf_init(&head);
	cli_pattern_read(name, &head);
	for (size_t t = 0; cli_tables[t]; t++) {
		for (size_t i = 0; i < cli_tables[t]->n; i++) {
			const struct cli_row *r = &cli_tables[t]->rows[i];

			if (r->node != node || (r->flags & other))
				continue;
			if (n++ == 0)
				printf("\n### `%s`\n\n", head.s);
			put(prefix_of(r->flags), r->pattern, r->help);
		}
	}
	strbuf_fini(&head);
}

/* What other programs of the dialect say, and what becomes of it here. */
static void
put_others(const char *head, unsigned flag)
{
	printf("\n## %s\n\n", head);
	for (size_t t = 0; cli_tables[t]; t++)
		for (size_t i = 0; i < cli_tables[t]->n; i++)
			if (cli_tables[t]->rows[i].flags & flag)
				put("", cli_tables[t]->rows[i].pattern,
				    cli_tables[t]->rows[i].help);
}

int
main(void)
{
	printf("# All commands\n\nWritten by the build from the tables that evpnd itself "
	       "reads. "
	       "Words may be shortened; `[a]` may be left\nout, `<a|b>` is one of "
	       "these.\n\n");
	put_commands("## At the prompt", SHOW_CONFIG);
	put_commands("\n## In the configuration, besides its statements", SHOW_EXEC);
	printf("\n## Configuration\n");
	for (int node = NODE_CONFIG; node < NODE_MAX; node++)
		put_node((enum cli_node)node);
	put_others("Kept, without effect here", CLI_NOEFFECT);
	put_others("Refused", CLI_REFUSE);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
