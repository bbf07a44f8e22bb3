/* SPDX-License-Identifier: ISC */
/* NACM: the rules that concern one user, in order; the contract is in the header. */
#include "config.h"

#include "netconf/nacm.h"

#include <errno.h>
#include <grp.h>
#include <libyang/libyang.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "netconf/nacm_path.h"

#define GROUP "evpnd"	   /* of the system: may do everything when there are no rules */
#define FILE_MAX (4 << 20) /* bytes of rules */
#define ACCESS_ALL (NACM_CREATE | NACM_READ | NACM_UPDATE | NACM_DELETE | NACM_EXEC)

enum rule_kind { RULE_ANY, RULE_RPC, RULE_NOTIFICATION, RULE_DATA };

struct rule {
	const char *module;  /* "*" any; borrowed from the tree */
	enum rule_kind kind; /* what it is about */
	const char *what;    /* name or path, NULL any; borrowed from the tree */
	unsigned access;     /* enum nacm_access */
	bool permit;	     /* else deny */
};

struct nacm {
	struct lyd_node *tree;	/* the file, NULL none; owned */
	bool off;		/* enable-nacm false, or root */
	bool read, write, exec; /* what is permitted that no rule names */
	char **groups;		/* of the user; owned */
	size_t ngroups;		/* of them */
	struct rule *rules;	/* those of the user's rule-lists; owned */
	size_t nrules;		/* of them */
	uint32_t denied_ops, denied_writes, denied_notifs; /* RFC 8341 3.3.5 */
};

/* ---- the user's groups ---- */

static void
group_add(struct nacm *n, const char *name)
{
	n->groups = xrealloc(n->groups, (n->ngroups + 1) * sizeof *n->groups);
	n->groups[n->ngroups++] = xstrdup(name);
}

static bool
group_has(const struct nacm *n, const char *name)
{
	for (size_t i = 0; i < n->ngroups; i++)
		if (strcmp(n->groups[i], name) == 0)
			return true;
	return false;
}

static void
groups_of_system(struct nacm *n, const char *user)
{
	const struct passwd *pw = getpwnam(user);
	gid_t ids[64];
	int count = ARRAY_LEN(ids);

	if (!pw || getgrouplist(user, pw->pw_gid, ids, &count) < 0)
		return;
	for (int i = 0; i < count; i++) {
		const struct group *g = getgrgid(ids[i]);

		if (g)
			group_add(n, g->gr_name);
	}
}

/* ---- the file ---- */

static struct lyd_node *
child(const struct lyd_node *parent, const char *name)
{
	struct lyd_node *c = parent ? lyd_child(parent) : NULL;

	while (c && strcmp(LYD_NAME(c), name) != 0)
		c = c->next;
	return c;
}

static const char *
leaf(const struct lyd_node *parent, const char *name)
{
	return lyd_get_value(child(parent, name));
}

static bool
leaf_is(const struct lyd_node *parent, const char *name, const char *value)
{
	const char *v = leaf(parent, name);

	return v && strcmp(v, value) == 0;
}

static void
groups_of_file(struct nacm *n, const char *user)
{
	struct lyd_node *g = child(child(n->tree, "groups"), "group"), *m;

	for (; g; g = g->next)
		for (m = lyd_child(g); m; m = m->next)
			if (strcmp(LYD_NAME(m), "user-name") == 0 &&
			    strcmp(lyd_get_value(m), user) == 0)
				group_add(n, leaf(g, "name"));
}

static unsigned
access_bits(const char *text)
{
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {
		{ "create", NACM_CREATE },
		{ "read", NACM_READ },
		{ "update", NACM_UPDATE },
		{ "delete", NACM_DELETE },
		{ "exec", NACM_EXEC },
	};
	unsigned bits = 0;

	if (!text || strcmp(text, "*") == 0)
		return ACCESS_ALL;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(text, words[i].word))
			bits |= words[i].bit;
	return bits;
}

static void
rule_add(struct nacm *n, const struct lyd_node *r)
{
	struct rule rule = { .module = "*", .permit = leaf_is(r, "action", "permit") };
	static const struct {
		const char *leaf;
		enum rule_kind kind;
	} kinds[] = {
		{ "rpc-name", RULE_RPC },
		{ "notification-name", RULE_NOTIFICATION },
		{ "path", RULE_DATA },
	};

	if (leaf(r, "module-name"))
		rule.module = leaf(r, "module-name");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (leaf(r, kinds[i].leaf)) {
			rule.kind = kinds[i].kind;
			rule.what = leaf(r, kinds[i].leaf);
		}
	}
	if (rule.what && strcmp(rule.what, "*") == 0)
		rule.what = NULL;
	rule.access = access_bits(leaf(r, "access-operations"));
	n->rules = xrealloc(n->rules, (n->nrules + 1) * sizeof *n->rules);
	n->rules[n->nrules++] = rule;
}

/* The rules of each list that names a group of the user (RFC 8341 3.4.4, steps 5 and 6). */
static void
take_lists(struct nacm *n)
{
	const struct lyd_node *l, *c;

	for (l = child(n->tree, "rule-list"); l; l = l->next) {
		bool ours = false;

		if (strcmp(LYD_NAME(l), "rule-list") != 0)
			continue;
		for (c = lyd_child(l); c; c = c->next)
			if (strcmp(LYD_NAME(c), "group") == 0)
				ours = ours || strcmp(lyd_get_value(c), "*") == 0 ||
				       group_has(n, lyd_get_value(c));
		for (c = lyd_child(l); ours && c; c = c->next)
			if (strcmp(LYD_NAME(c), "rule") == 0)
				rule_add(n, c);
	}
}

/* The text, read whole: libyang would map the file, and one that is written anew meanwhile kills who reads on.
 * NULL and *e if it cannot be read. */
static char *
file_text(const char *file, struct err *e)
{
	FILE *f = fopen(file, "re");
	struct strbuf b;
	char buf[8192];
	size_t got;

	if (!f) {
		err_set(e, "%s: %s", file, strerror(errno));
		return NULL;
	}
	strbuf_init(&b);
	while ((got = fread(buf, 1, sizeof buf, f)) > 0 && b.len < FILE_MAX)
		strbuf_putn(&b, buf, got);
	fclose(f);
	strbuf_put(&b, "");
	return strbuf_take(&b);
}

static bool
read_file(struct nacm *n, struct ly_ctx *ly, const char *file, struct err *e)
{
	char *text = file_text(file, e);
	LY_ERR rc;

	if (!text)
		return false;
	rc = lyd_parse_data_mem(ly, text, LYD_XML, LYD_PARSE_STRICT | LYD_PARSE_NO_STATE,
	    LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT, &n->tree);
	free(text);
	if (rc != LY_SUCCESS) {
		err_set(e, "%s: %s", file, ly_errmsg(ly) ? ly_errmsg(ly) : "not valid");
		ly_err_clean(ly, NULL);
		return false;
	}
	while (n->tree && strcmp(LYD_NAME(n->tree), "nacm") != 0)
		n->tree = n->tree->next;
	return true;
}

static void
take_file(struct nacm *n, const char *user)
{
	n->off = n->off || leaf_is(n->tree, "enable-nacm", "false");
	n->read = !leaf_is(n->tree, "read-default", "deny");
	n->write = leaf_is(n->tree, "write-default", "permit");
	n->exec = !leaf_is(n->tree, "exec-default", "deny");
	if (!leaf_is(n->tree, "enable-external-groups", "false"))
		groups_of_system(n, user);
	groups_of_file(n, user);
	take_lists(n);
}

struct nacm *
nacm_new(struct ly_ctx *ly, const char *file, const char *user, struct err *e)
{
	struct nacm *n = xcalloc(1, sizeof *n);

	n->off = strcmp(user, "root") == 0;
	n->read = n->exec = true;
	if (file && access(file, F_OK) == 0 && !read_file(n, ly, file, e)) {
		nacm_free(n);
		return NULL;
	}
	if (n->tree) {
		take_file(n, user);
	} else {
		groups_of_system(n, user);
		n->off = n->off || group_has(n, GROUP);
	}
	return n;
}

void
nacm_free(struct nacm *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->ngroups; i++)
		free(n->groups[i]);
	free(n->groups);
	free(n->rules);
	lyd_free_all(n->tree);
	free(n);
}

/* ---- asking ---- */

/* RFC 8341's extensions default-deny-write and default-deny-all, on the node or above it. */
static bool
schema_denies(const struct lysc_node *s, bool write)
{
	for (; s; s = s->parent) {
		LY_ARRAY_COUNT_TYPE u;

		LY_ARRAY_FOR(s->exts, u)
		{
			const char *name = s->exts[u].def->name;

			if (strcmp(name, "default-deny-all") == 0 ||
			    (write && strcmp(name, "default-deny-write") == 0))
				return true;
		}
	}
	return false;
}

/* The first rule that fits: 1 permits, 0 denies, -1 none. */
static int
ask_rules(const struct nacm *n, enum rule_kind kind, unsigned access, const char *what,
    const struct lysc_node *s)
{
	for (size_t i = 0; i < n->nrules; i++) {
		const struct rule *r = &n->rules[i];

		if (!(r->access & access) || (r->kind != RULE_ANY && r->kind != kind))
			continue;
		if (strcmp(r->module, "*") != 0 &&
		    strcmp(r->module, s->module->name) != 0)
			continue;
		if (r->what && (kind == RULE_DATA ? !nacm_path_covers(r->what, what)
						  : strcmp(r->what, what) != 0))
			continue;
		return r->permit;
	}
	return -1;
}

/* RFC 8341 3.4.4: these are denied unless a rule permits them. */
static bool
is_grave(const char *name)
{
	return strcmp(name, "kill-session") == 0 || strcmp(name, "delete-config") == 0;
}

/* What is left without rules to who is no operator. */
static bool
changes_nothing(const char *name)
{
	static const char *const names[] = { "get", "get-config", "get-data",
		"get-schema", "validate", "create-subscription", "trace" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool
by_default(const struct nacm *n, const struct lysc_node *op)
{
	if (!n->tree)
		return changes_nothing(op->name);
	return n->exec && !schema_denies(op, true) && !is_grave(op->name);
}

/* RFC 8341 3.4.5: an action is asked for by its path; and who uses it can read all that it is in. */
static int
ask_action(struct nacm *n, const struct lyd_node *op)
{
	char *path = lyd_path(op, LYD_PATH_STD, NULL, 0);
	int rule = path ? ask_rules(n, RULE_DATA, NACM_EXEC, path, op->schema) : 0;

	free(path);
	for (op = lyd_parent(op); op && rule != 0; op = lyd_parent(op)) {
		path = lyd_path(op, LYD_PATH_STD, NULL, 0);
		if (!path || !nacm_data(n, NACM_READ, path, op->schema))
			rule = 0;
		free(path);
	}
	return rule;
}

bool
nacm_exec(struct nacm *n, const struct lyd_node *op)
{
	const struct lysc_node *s = op->schema;
	int rule;

	/* RFC 8341 3.4.4, step 3: to close one's session is always permitted. */
	if (n->off || strcmp(s->name, "close-session") == 0)
		return true;
	rule = ask_rules(n, RULE_RPC, NACM_EXEC, s->name, s);
	if (rule != 0 && s->nodetype == LYS_ACTION) {
		int action = ask_action(n, op);

		rule = action < 0 ? rule : action;
	}
	if (rule < 0)
		rule = by_default(n, s);
	n->denied_ops += !rule;
	return rule;
}

bool
nacm_data(struct nacm *n, enum nacm_access a, const char *path, const struct lysc_node *s)
{
	int rule;

	if (n->off)
		return true;
	rule = ask_rules(n, RULE_DATA, a, path, s);
	if (rule < 0)
		rule = a == NACM_READ ? n->read && !schema_denies(s, false)
				      : n->write && !schema_denies(s, true);
	n->denied_writes += !rule && a != NACM_READ;
	return rule;
}

bool
nacm_notification(struct nacm *n, const struct lysc_node *s)
{
	int rule;

	if (n->off)
		return true;
	rule = ask_rules(n, RULE_NOTIFICATION, NACM_READ, s->name, s);
	if (rule < 0)
		rule = n->read && !schema_denies(s, false);
	n->denied_notifs += !rule;
	return rule;
}

bool
nacm_all(const struct nacm *n, unsigned access)
{
	if (n->off)
		return true;
	for (size_t i = 0; i < n->nrules; i++)
		if (!n->rules[i].permit && (n->rules[i].access & access))
			return false;
	return (!(access & NACM_READ) || n->read) &&
	       (!(access & ~(unsigned)NACM_READ) || n->write);
}

static void
prune(struct nacm *n, struct lyd_node **tree, struct lyd_node *first)
{
	struct lyd_node *c, *next;

	for (c = first; c; c = next) {
		char *path;

		next = c->next;
		if (!c->schema || lysc_is_key(c->schema))
			continue;
		path = lyd_path(c, LYD_PATH_STD, NULL, 0);
		if (path && nacm_data(n, NACM_READ, path, c->schema)) {
			prune(n, tree, lyd_child(c));
		} else {
			if (*tree == c)
				*tree = c->next;
			lyd_free_tree(c);
		}
		free(path);
	}
}

void
nacm_prune(struct nacm *n, struct lyd_node **tree)
{
	if (!n->off)
		prune(n, tree, *tree);
}

static void
show_count(struct lyd_node *t, const char *name, uint32_t v)
{
	char text[16];

	snprintf(text, sizeof text, "%u", v);
	lyd_new_term(t, NULL, name, text, 0, NULL);
}

struct lyd_node *
nacm_tree(struct nacm *n)
{
	struct lyd_node *t = NULL;

	/* RFC 8341 3.4.5: denied unless a rule permits it (default-deny-all), which nacm_all() does not
	 * look for. */
	if (!n->tree ||
	    !nacm_data(n, NACM_READ, "/ietf-netconf-acm:nacm", n->tree->schema) ||
	    lyd_dup_single(n->tree, NULL, LYD_DUP_RECURSIVE, &t) != LY_SUCCESS)
		return NULL;
	show_count(t, "denied-operations", n->denied_ops);
	show_count(t, "denied-data-writes", n->denied_writes);
	show_count(t, "denied-notifications", n->denied_notifs);
	return t;
}
