/* SPDX-License-Identifier: ISC */
/* Every word of the dialect is in its manual page, and every word of a command has its help. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "mgmt/cli_table.h"
#include "mgmt/show.h"
#include "tests/unit/run.h"

struct page {
	const char *name;    /* for messages */
	char *text;	     /* owned */
	const char *pattern; /* being looked at */
	unsigned missing;    /* words */
};

static void
page_read(struct page *p, const char *name)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/doc/%s", dir ? dir : ".", name);
	FILE *f = fopen(path, "r");
	struct strbuf b;
	int c;

	ck_assert_msg(f != NULL, "%s", path);
	strbuf_init(&b);
	while ((c = getc(f)) != EOF)
		strbuf_putc(&b, (char)c);
	fclose(f);
	free(path);
	*p = (struct page){ .name = name, .text = strbuf_take(&b) };
}

static bool
word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '*';
}

/* The page has the word by itself. */
static bool
page_has(const struct page *p, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = strstr(p->text, word); at; at = strstr(at + 1, word))
		if ((at == p->text || !word_char(at[-1])) && !word_char(at[len]))
			return true;
	return false;
}

static void
need_word(void *arg, const char *word)
{
	struct page *p = arg;

	if (page_has(p, word))
		return;
	fprintf(stderr, "doc/%s: no \"%s\" of \"%s\"\n", p->name, word, p->pattern);
	p->missing++;
}

static void
each_word(const char *pattern, void (*fn)(void *arg, const char *word), void *arg)
{
	struct err e = { 0 };
	struct cli_pattern *p = cli_pattern_new(pattern, &e);

	ck_assert_msg(p != NULL, "%s: %s", pattern, e.text);
	cli_pattern_words(p, fn, arg);
	cli_pattern_free(p);
}

START_TEST(configuration)
{
	struct page page;

	page_read(&page, "evpnd.conf.5");
	for (size_t t = 0; cli_tables[t]; t++)
		for (size_t i = 0; i < cli_tables[t]->n; i++) {
			const struct cli_row *row = &cli_tables[t]->rows[i];

			/* What has no effect is told by its kind, not word by word. */
			if (row->flags & (CLI_HIDDEN | CLI_NOEFFECT | CLI_SILENT))
				continue;
			page.pattern = row->pattern;
			each_word(row->pattern, need_word, &page);
		}
	ck_assert_uint_eq(page.missing, 0);
	free(page.text);
}
END_TEST

static void
need_help(void *arg, const char *word)
{
	unsigned *missing = arg;

	if (isdigit((unsigned char)word[0]) || cli_word_help(word))
		return;
	fprintf(stderr, "mgmt/cli_words.c: no help for \"%s\"\n", word);
	(*missing)++;
}

START_TEST(commands)
{
	struct page page;
	unsigned missing = 0;

	page_read(&page, "vtysh.1");
	for (size_t t = 0; show_tables[t]; t++)
		for (size_t i = 0; i < show_tables[t]->n; i++) {
			const struct show_cmd *cmd = &show_tables[t]->cmds[i];

			page.pattern = cmd->pattern;
			ck_assert(cmd->help && cmd->help[0]);
			each_word(cmd->pattern, need_word, &page);
			each_word(cmd->pattern, need_help, &missing);
		}
	ck_assert_uint_eq(page.missing, 0);
	ck_assert_uint_eq(missing, 0);
	free(page.text);
}
END_TEST

/* The keywords of a pattern, each between spaces. */
static void
note_word(void *arg, const char *word)
{
	strbuf_printf(arg, "%s ", word);
}

/* Machines ask what people ask: whatever shows has JSON. */
START_TEST(json_for_everything)
{
	unsigned missing = 0;

	for (size_t t = 0; show_tables[t]; t++)
		for (size_t i = 0; i < show_tables[t]->n; i++) {
			const char *pattern = show_tables[t]->cmds[i].pattern;
			struct strbuf words;

			strbuf_init(&words);
			strbuf_put(&words, " ");
			each_word(pattern, note_word, &words);
			if (strncmp(words.s, " show ", 6) == 0 &&
			    !strstr(words.s, " json ")) {
				fprintf(stderr, "no json: %s\n", pattern);
				missing++;
			}
			strbuf_fini(&words);
		}
	ck_assert_uint_eq(missing, 0);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ configuration, 0, 0 },
		{ commands, 0, 0 },
		{ json_for_everything, 0, 0 },
		{ 0 },
	};

	return run_tests("doc", tests);
}
