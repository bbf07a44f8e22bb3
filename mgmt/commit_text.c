/* SPDX-License-Identifier: ISC */
/* Configuration text through the commit pipeline. */
#include "config.h"

#include "mgmt/commit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"

#define CONF_FILE_MAX (64 << 20) /* bytes of a configuration file */

static void
report_error(struct cli_report *rep, const struct cli_where *where, struct err *e)
{
	if (e->line == 0)
		e->line = cli_where_find(where, e->path);
	rep->errors++;
	if (rep->fn)
		rep->fn(rep->arg, e, true);
}

/* Takes out what is to blame, and tells it, until the rest is good. */
static struct conf *
mend(struct engine *eng, struct lyd_node **tree, const struct cli_where *where,
    struct cli_report *rep)
{
	for (;;) {
		struct err e = { 0 };
		struct conf *c = commit_check_tree(eng, *tree, &e);

		if (c)
			return c;
		report_error(rep, where, &e);
		if (!nb_prune(eng->ds->nb, tree, e.path)) {
			nb_tree_free(*tree);
			*tree = NULL;
		}
	}
}

/* Makes tree (owned) the running one; c (owned) is what it compiled to. */
static bool
install(struct engine *eng, struct lyd_node *tree, struct conf *c,
    const struct ds_user *by, struct cli_report *rep)
{
	struct err e = { 0 };

	if (ds_may(eng->ds, DS_RUNNING, by, &e)) {
		commit_switch(eng, ds_tree_new(tree), c, by);
		return true;
	}
	rep->errors++;
	if (rep->fn)
		rep->fn(rep->arg, &e, true);
	conf_free(c);
	nb_tree_free(tree);
	return false;
}

bool
commit_text(struct engine *eng, const char *text, enum commit_load how,
    const struct ds_user *by, struct cli_report *rep)
{
	struct lyd_node *tree = how == LOAD_MERGE ? nb_dup(eng->ds->running) : NULL;
	struct cli_where where = { NULL, 0, 0 };
	struct conf *c;

	cli_text_load(eng->cli, eng->ds->nb, &tree, text, &where, rep);
	c = mend(eng, &tree, &where, rep);
	cli_where_fini(&where);
	if (how == LOAD_GOOD_LINES || (how != LOAD_CHECK && rep->errors == 0)) {
		size_t errors = rep->errors;

		return install(eng, tree, c, by, rep) && errors == 0;
	}
	conf_free(c);
	nb_tree_free(tree);
	return rep->errors == 0;
}

/* The file's text, or NULL and *e. */
static char *
read_file(const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct strbuf b;
	char buf[8192];
	size_t n;

	if (!f) {
		err_set(e, "cannot open %s: %s", path, strerror(errno));
		return NULL;
	}
	strbuf_init(&b);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0 && b.len < CONF_FILE_MAX)
		strbuf_putn(&b, buf, n);
	if (ferror(f))
		err_set(e, "cannot read %s: %s", path, strerror(errno));
	else if (b.len >= CONF_FILE_MAX)
		err_set(e, "%s is too large", path);
	else if (b.len && memchr(b.s, '\0', b.len))
		err_set(e, "%s is not a text file", path);
	fclose(f);
	if (e->text[0]) {
		strbuf_fini(&b);
		return NULL;
	}
	strbuf_put(&b, "");
	return strbuf_take(&b);
}

bool
commit_file(struct engine *eng, const char *path, enum commit_load how,
    const struct ds_user *by, struct cli_report *rep)
{
	struct err e = { 0 };
	char *text = read_file(path, &e);
	bool ok;

	if (!text) {
		rep->errors++;
		if (rep->fn)
			rep->fn(rep->arg, &e, true);
		return false;
	}
	ok = commit_text(eng, text, how, by, rep);
	free(text);
	return ok;
}
