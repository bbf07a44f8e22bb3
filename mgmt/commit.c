/* SPDX-License-Identifier: ISC */
/* The commit pipeline, and configuration text through it. */
#include "config.h"

#include "mgmt/commit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/datastore.h"

LOG_MODULE("mgmt.commit");

#define CONF_FILE_MAX (64 << 20) /* bytes of a configuration file */

/* What the tree does not say: the command line's port and the machine's name. */
static void
complete_conf(const struct engine *eng, struct conf *c)
{
	char name[65] = "";

	if (eng->listen_port)
		c->bgp.listen_port = eng->listen_port;
	if (c->bgp.hostname)
		return;
	if (gethostname(name, sizeof name - 1) != 0 || !name[0])
		strcpy(name, "localhost");
	name[strcspn(name, ".")] = '\0';
	c->bgp.hostname = xstrdup(name);
}

static struct conf *
check_tree(struct engine *eng, const struct lyd_node *tree, struct err *e)
{
	struct lyd_node *full = NULL;
	struct conf *c;

	if (!nb_validate(eng->ds->nb, tree, &full, e))
		return NULL;
	c = conf_compile(full, e);
	nb_tree_free(full);
	if (c)
		complete_conf(eng, c);
	return c;
}

static void
count_change(void *arg, enum nb_change change, const char *path, const char *value)
{
	size_t *n = arg;

	(void)change;
	(void)value;
	log_debug("commit: %s", path); /* no values: one may be a password */
	(*n)++;
}

static void
warn_unknown_vrf(void *arg, const struct vrf_conf *v, const char *import)
{
	(void)arg;
	log_warn("configuration: VRF %s imports VRF %s, which is not configured", v->name,
	    import);
}

/* The last step: from here nothing fails. */
static void
switch_to(struct engine *eng, struct conf *c)
{
	const struct conf *old = eng->conf;
	size_t changes = 0;

	nb_diff(eng->ds->running, eng->ds->candidate, count_change, &changes);
	log_info("configuration: commit %llu, %zu changes",
	    (unsigned long long)eng->ds->commits + 1, changes);

	conf_unknown_vrfs(&c->evpn, warn_unknown_vrf, NULL);
	datastore_accept(eng->ds);
	eng->conf = c;
	if (eng->apply)
		eng->apply(eng, c);
	conf_free((struct conf *)old);
}

bool
commit(struct engine *eng, struct err *e)
{
	struct conf *c = check_tree(eng, eng->ds->candidate, e);

	if (!c)
		return false;
	switch_to(eng, c);
	return true;
}

/* ---- text ---- */

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
		struct conf *c = check_tree(eng, *tree, &e);

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
install(struct engine *eng, struct lyd_node *tree, struct conf *c, struct cli_report *rep)
{
	struct err e = { 0 };

	if (!datastore_replace(eng->ds, rep, tree, &e)) {
		rep->errors++;
		if (rep->fn)
			rep->fn(rep->arg, &e, true);
		conf_free(c);
		return false;
	}
	switch_to(eng, c);
	return true;
}

bool
commit_text(
    struct engine *eng, const char *text, enum commit_load how, struct cli_report *rep)
{
	struct lyd_node *tree = how == LOAD_MERGE ? nb_dup(eng->ds->running) : NULL;
	struct cli_where where = { NULL, 0, 0 };
	struct conf *c;

	cli_text_load(eng->cli, eng->ds->nb, &tree, text, &where, rep);
	c = mend(eng, &tree, &where, rep);
	cli_where_fini(&where);
	if (how == LOAD_GOOD_LINES || (how != LOAD_CHECK && rep->errors == 0)) {
		size_t errors = rep->errors;

		return install(eng, tree, c, rep) && errors == 0;
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
commit_file(
    struct engine *eng, const char *path, enum commit_load how, struct cli_report *rep)
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
	ok = commit_text(eng, text, how, rep);
	free(text);
	return ok;
}
