/* SPDX-License-Identifier: ISC */
/* Text of the dialect into a tree, line by line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_text.h"

static void
where_add(struct cli_where *w, char *path, int line)
{
	if (!w || !path) {
		free(path);
		return;
	}
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		w->mark = xrealloc(w->mark, w->cap * sizeof w->mark[0]);
	}
	w->mark[w->n++] = (struct cli_mark){ path, line };
}

void
cli_where_fini(struct cli_where *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->mark[i].path);
	free(w->mark);
	*w = (struct cli_where){ NULL, 0, 0 };
}

/* path is prefix, or below it. */
static bool
is_below(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(path, prefix, n) == 0 &&
	       (path[n] == '\0' || path[n] == '/' || path[n] == '[');
}

int
cli_where_find(const struct cli_where *w, const char *path)
{
	size_t best = 0;
	int line = 0;

	if (!path[0])
		return 0;
	for (size_t i = w->n; i-- > 0;)
		if (strcmp(w->mark[i].path, path) == 0)
			return w->mark[i].line;
	for (size_t i = 0; i < w->n; i++)
		if (is_below(w->mark[i].path, path))
			return w->mark[i].line;
	for (size_t i = 0; i < w->n; i++)
		if (is_below(path, w->mark[i].path) && strlen(w->mark[i].path) > best) {
			best = strlen(w->mark[i].path);
			line = w->mark[i].line;
		}
	return line;
}

static void
load_line(const struct cli *c, struct nb *nb, struct cli_pos *pos, struct lyd_node **tree,
    const char *line, int number, struct cli_where *where, struct cli_report *rep)
{
	struct err e = { .line = number };
	char *touched = NULL;
	enum cli_result res = cli_line(c, nb, pos, tree, line, &touched, &e);

	e.line = number;
	where_add(where, touched, number);
	if (res == CLI_DONE)
		return;
	*(res == CLI_FAILED ? &rep->errors : &rep->notes) += 1;
	if (rep->fn)
		rep->fn(rep->arg, &e, res == CLI_FAILED);
}

void
cli_text_load(const struct cli *c, struct nb *nb, struct lyd_node **tree,
    const char *text, struct cli_where *where, struct cli_report *rep)
{
	struct cli_pos pos;
	struct strbuf line;

	strbuf_init(&line);
	cli_pos_init(&pos);
	pos.reading = true;
	for (int number = 1; *text; number++) {
		size_t len = strcspn(text, "\n"), keep = len;

		while (keep > 0 && strchr(" \t\r", text[keep - 1]))
			keep--;
		strbuf_reset(&line);
		strbuf_putn(&line, text, keep);
		load_line(c, nb, &pos, tree, line.s ? line.s : "", number, where, rep);
		text += len + (text[len] == '\n');
	}
	cli_normalise(nb, tree);
	cli_pos_fini(&pos);
	strbuf_fini(&line);
}
