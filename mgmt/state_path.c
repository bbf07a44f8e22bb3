/* SPDX-License-Identifier: ISC */
/* Paths into the state: steps, predicates, and whether there are such nodes. */
#include "config.h"

#include "mgmt/state_priv.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static bool
malformed(const char *at, struct err *e)
{
	return err_set(e, "the path is not understood at \"%.40s\"", at);
}

static bool
name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       (c >= 'A' && c <= 'Z') || c == '.';
}

/* A name with or without our prefix; *at is behind it, and the byte there is untouched. */
static const char *
take_name(char **at, size_t *len)
{
	const size_t prefix = strlen("evpnd:");
	char *start = *at;

	if (strncmp(start, "evpnd:", prefix) == 0)
		start += prefix;
	for (*at = start; name_char(**at);)
		++*at;
	*len = (size_t)(*at - start);
	return start;
}

/* "[leaf='value']"; quotes may be missing.  Cuts the text. */
static bool
take_pred(struct state_step *s, char **at, struct err *e)
{
	struct state_pred *p = &s->pred[s->npreds];
	char *here = *at, *end, quote;
	size_t len;

	if (s->npreds == STATE_PREDS_MAX)
		return err_set(e, "too many predicates at \"%.40s\"", here);
	++*at; /* the bracket */
	p->leaf = take_name(at, &len);
	if (len == 0 || **at != '=')
		return malformed(here, e);
	*(*at)++ = '\0';
	quote = **at;
	if (quote == '\'' || quote == '"')
		++*at;
	else
		quote = ']';
	p->value = *at;
	end = strchr(*at, quote);
	if (!end || (quote != ']' && end[1] != ']'))
		return malformed(here, e);
	*end = '\0';
	*at = end + (quote == ']' ? 1 : 2);
	s->npreds++;
	return true;
}

static bool
take_step(struct state_walk *w, char **at, struct err *e)
{
	struct state_step *s = &w->step[w->nsteps];
	char *here = *at, *name_end;
	size_t len;

	if (w->nsteps == STATE_DEPTH_MAX)
		return err_set(e, "the path is too long");
	s->name = take_name(at, &len);
	if (len == 0 || (**at && **at != '/' && **at != '['))
		return malformed(here, e);
	name_end = *at;
	while (**at == '[') {
		if (!take_pred(s, at, e))
			return false;
	}
	if (**at && **at != '/')
		return malformed(*at, e);
	if (**at == '/')
		++*at;
	*name_end = '\0'; /* last: it may be the bracket or the slash */
	w->nsteps++;
	return true;
}

static const struct state_node *
kid_find(const struct state_node *n, const char *name)
{
	for (unsigned i = 0; n->kids && n->kids[i]; i++)
		if (strcmp(n->kids[i]->name, name) == 0)
			return n->kids[i];
	return NULL;
}

static bool
is_one_of(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool
preds_check(const struct state_node *n, const struct state_step *s, struct err *e)
{
	for (unsigned i = 0; i < s->npreds; i++)
		if (!is_one_of(n->keys, s->pred[i].leaf) &&
		    !is_one_of(n->filters, s->pred[i].leaf))
			return err_set(
			    e, "%s cannot be asked for by %s", n->name, s->pred[i].leaf);
	return true;
}

/* Every step but the last is a node; the last one may be a leaf of the node before it. */
static bool
steps_check(struct state_walk *w, struct err *e)
{
	const struct state_node *n = &state_root;

	if (w->nsteps == 0 || strcmp(w->step[0].name, n->name) != 0)
		return err_set(e, "the path does not begin with /evpnd:state");
	for (unsigned i = 1; i < w->nsteps; i++) {
		const struct state_node *kid = kid_find(n, w->step[i].name);

		if (!kid && i + 1 == w->nsteps && n->leaves && w->step[i].npreds == 0) {
			w->leaf = w->step[i].name;
			w->nsteps--;
			break;
		}
		if (!kid)
			return err_set(e, "%s has no child %s", n->name, w->step[i].name);
		if (!preds_check(kid, &w->step[i], e))
			return false;
		n = kid;
	}
	return true;
}

bool
state_path_parse(struct state_walk *w, const char *path, struct err *e)
{
	char *at;

	w->path = xstrdup(path[0] == '/' ? path + 1 : path);
	for (at = w->path; *at;)
		if (!take_step(w, &at, e))
			return false;
	return steps_check(w, e);
}

bool
state_path_is(const char *path)
{
	size_t len;

	path += path[0] == '/';
	path += strncmp(path, "evpnd:", 6) == 0 ? 6 : 0;
	len = strcspn(path, "/[");
	return len == 5 && strncmp(path, "state", 5) == 0;
}

/* The node that the steps lead to; NULL if they do not. */
static const struct state_node *
node_of(const struct state_walk *w)
{
	const struct state_node *n = &state_root;

	for (unsigned i = 0; n && i < w->nsteps; i++)
		n = i == 0 ? (strcmp(w->step[0].name, n->name) == 0 ? n : NULL)
			   : kid_find(n, w->step[i].name);
	return n;
}

void
state_path_next(const char *typed, void (*fn)(void *arg, const char *path), void *arg)
{
	const char *slash = strrchr(typed, '/');
	const size_t len = slash ? (size_t)(slash - typed) + 1 : 0;
	struct state_walk w = { .nsteps = 0 };
	const struct state_node *n;
	struct err e = { 0 };
	char *at, *path;

	if (len <= 1) {
		fn(arg, "/evpnd:state");
		return;
	}
	w.path = xasprintf("%.*s", (int)len - 1, typed + 1);
	for (at = w.path; *at;)
		if (!take_step(&w, &at, &e))
			break;
	n = *at ? NULL : node_of(&w);
	for (unsigned i = 0; n && n->kids && n->kids[i]; i++) {
		path = xasprintf("%.*s%s", (int)len, typed, n->kids[i]->name);
		fn(arg, path);
		free(path);
	}
	free(w.path);
}
