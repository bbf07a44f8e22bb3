/* SPDX-License-Identifier: ISC */
/* Lines of `configure terminal`: each a commit by itself, done to the part that it is about. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"
#include "mgmt/part.h"

static bool
may_commit(const struct engine *eng, const struct ds_user *by, struct err *e)
{
	return ds_may(eng->ds, DS_RUNNING, by, e) &&
	       commit_waiting_allows(eng->commits, NULL, e);
}

static bool
put_tree(
    struct engine *eng, struct lyd_node *tree, const struct ds_user *by, struct err *e)
{
	struct conf *c = NULL;

	if (nb_equal(eng->ds->running, tree)) {
		nb_tree_free(tree);
		return true;
	}
	if (may_commit(eng, by, e))
		c = commit_check_tree(eng, tree, e);
	if (!c) {
		nb_tree_free(tree);
		return false;
	}
	commit_switch(eng, ds_tree_new(tree), c, by, NULL);
	return true;
}

bool
commit_tree(
    struct engine *eng, struct lyd_node *tree, const struct ds_user *by, struct err *e)
{
	const bool ok = put_tree(eng, tree, by, e);

	if (ok)
		commit_snapshot(eng->commits);
	return ok;
}

/* ---- a line on the whole tree ---- */

static enum cli_result
whole_line(struct engine *eng, struct cli_pos *pos, const char *line,
    const struct ds_user *by, struct err *e)
{
	struct nb *nb = eng->ds->nb;
	struct lyd_node *tree = nb_dup(eng->ds->running);
	struct err note = { 0 };
	enum cli_result res = cli_line(eng->cli, nb, pos, &tree, line, NULL, &note);

	if (res == CLI_FAILED) {
		nb_tree_free(tree);
		*e = note;
		return res;
	}
	cli_normalise(nb, &tree);
	if (!put_tree(eng, tree, by, e))
		return CLI_FAILED;
	*e = note;
	return res;
}

/* ---- on a part ---- */

/* What the part is to become, compiled and checked; NULL if that says nothing of the whole. */
static struct conf *
check_part(struct engine *eng, const struct part *p, const struct lyd_node *to)
{
	struct lyd_node *full = NULL;
	struct err e = { 0 };
	struct conf *c;

	if (!nb_validate(eng->ds->nb, to, &full, &e))
		return NULL;
	c = conf_compile_part(eng->conf, p->tree, full, &e);
	nb_tree_free(full);
	if (c)
		commit_complete(eng, c);
	return c;
}

enum on_part { PART_DONE, PART_REFUSED, PART_IS_NOT_ENOUGH };

static enum on_part
commit_part(struct engine *eng, const struct part *p, const struct lyd_node *to,
    const struct ds_user *by, struct err *e)
{
	size_t changes;
	struct conf *c;

	if (!part_covers(p, to, &changes))
		return PART_IS_NOT_ENOUGH;
	if (changes == 0)
		return PART_DONE;
	if (!may_commit(eng, by, e))
		return PART_REFUSED;
	c = check_part(eng, p, to);
	/* What is wrong is found, and said, where everything is seen. */
	if (!c)
		return PART_IS_NOT_ENOUGH;
	datastore_patch(eng->ds, p->tree, to, by);
	commit_put_in_force(eng, c, changes, NULL);
	return PART_DONE;
}

static enum on_part
part_line(struct engine *eng, struct cli_pos *pos, const char *line,
    const struct ds_user *by, enum cli_result *res, struct err *e)
{
	struct nb *nb = eng->ds->nb;
	enum on_part did = PART_REFUSED;
	struct err note = { 0 };
	struct lyd_node *to;
	struct part p;

	part_init(&p, nb, eng->ds->running, eng->conf, pos, line);
	to = nb_dup(p.tree);
	*res = cli_line(eng->cli, nb, pos, &to, line, NULL, &note);
	if (*res == CLI_FAILED) {
		*e = note;
	} else {
		cli_normalise(nb, &to);
		did = commit_part(eng, &p, to, by, e);
		if (did == PART_REFUSED)
			*res = CLI_FAILED;
		else
			*e = note;
	}
	nb_tree_free(to);
	part_fini(&p);
	return did;
}

/* On the part, and if that does not tell all, on the whole. */
static enum cli_result
do_line(struct engine *eng, struct cli_pos *pos, const char *line,
    const struct ds_user *by, struct err *e)
{
	enum cli_result res = CLI_FAILED;
	struct cli_pos before;

	if (!eng->conf)
		return whole_line(eng, pos, line, by, e);
	cli_pos_copy(&before, pos);
	if (part_line(eng, pos, line, by, &res, e) != PART_IS_NOT_ENOUGH) {
		cli_pos_fini(&before);
		return res;
	}
	cli_pos_fini(pos);
	*pos = before;
	*e = (struct err){ 0 };
	return whole_line(eng, pos, line, by, e);
}

/* Nobody is told that a line is in before it is where a death of the engine leaves it. */
enum cli_result
commit_line(struct engine *eng, struct cli_pos *pos, const char *line,
    const struct ds_user *by, struct err *e)
{
	const uint64_t changes = eng->ds->changes;
	enum cli_result res;
	struct cli_pos before;

	cli_pos_copy(&before, pos);
	res = do_line(eng, pos, line, by, e);
	if (eng->ds->changes != changes)
		commit_journal_line(eng->commits, &before, line);
	cli_pos_fini(&before);
	return res;
}
