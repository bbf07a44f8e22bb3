/* SPDX-License-Identifier: ISC */
/* Compiling statements of the command table, and filling their holes. */
#include "config.h"

#include "mgmt/cli_stmt.h"

#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/util.h"

void
cli_scope_add(struct cli_scope *s, const char *name, const char *value)
{
	if (s->n < SCOPE_MAX) {
		s->v[s->n].name = name;
		s->v[s->n].value = value;
		s->n++;
	}
}

const char *
cli_scope_get(const struct cli_scope *s, const char *name)
{
	for (size_t i = s->n; i-- > 0;)
		if (strcmp(s->v[i].name, name) == 0)
			return s->v[i].value;
	return NULL;
}

static char *
cut(const char *s, size_t len)
{
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

/* One step: name, name[$capture] or {peer}; returns what follows, NULL if it is none of these. */
static const char *
step_parse(const char *s, struct stmt_step *st)
{
	size_t len;

	*st = (struct stmt_step){ NULL, NULL, false };
	if (strncmp(s, "{peer}", 6) == 0) {
		st->peer = true;
		st->key = xstrdup("peer");
		return s + 6;
	}
	len = strcspn(s, "/[=+* ");
	if (len == 0)
		return NULL;
	st->name = cut(s, len);
	s += len;
	if (s[0] != '[')
		return s;
	len = strcspn(s, "]");
	if (s[1] != '$' || len < 3 || s[len] != ']')
		return NULL;
	st->key = cut(s + 2, len - 2);
	return s + len + 1;
}

static void
stmt_free(struct cli_stmt *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		free(s->step[i].name);
		free(s->step[i].key);
	}
	free(s->text);
	free(s->dflt);
}

/* What follows the path: "=$name:5", "+=$name", "". */
static const char *
source_parse(const char *s, struct cli_stmt *st)
{
	size_t len;

	if (s[0] == '\0' || s[0] == ' ') {
		st->op = STMT_EXISTS;
		return s;
	}
	st->op = s[0] == '+' ? STMT_ADD : s[0] == '*' ? STMT_WHOLE : STMT_SET;
	s += st->op == STMT_SET ? 1 : 2;
	st->keep = s[0] == '&';
	st->from = s[0] == '$' || st->keep ? FROM_CAPTURE
		   : s[0] == '?'	   ? FROM_FLAG
					   : FROM_LITERAL;
	if (st->from != FROM_LITERAL)
		s++;
	len = strcspn(s, st->from == FROM_CAPTURE ? " :" : " ");
	st->text = cut(s, len);
	s += len;
	if (s[0] == ':') {
		len = strcspn(++s, " ");
		st->dflt = cut(s, len);
		s += len;
	}
	return s;
}

static const char *
stmt_parse(const char *s, struct cli_stmt *st)
{
	memset(st, 0, sizeof *st);
	for (;;) {
		if (st->n == NB_STEPS_MAX)
			return NULL;
		s = step_parse(s, &st->step[st->n++]);
		if (!s)
			return NULL;
		if (s[0] != '/')
			return source_parse(s, st);
		s++;
	}
}

bool
cli_stmts_parse(const char *set, struct cli_stmts *out, struct err *e)
{
	const char *s = set ? set : "";

	*out = (struct cli_stmts){ NULL, 0 };
	while (*(s += strspn(s, " "))) {
		struct cli_stmt st;

		s = stmt_parse(s, &st);
		if (!s) {
			stmt_free(&st);
			cli_stmts_free(out);
			return err_set(e, "statement: cannot read \"%s\"", set);
		}
		out->s = xrealloc(out->s, (out->n + 1) * sizeof st);
		out->s[out->n++] = st;
	}
	return true;
}

void
cli_stmts_free(struct cli_stmts *s)
{
	for (size_t i = 0; i < s->n; i++)
		stmt_free(&s->s[i]);
	free(s->s);
	*s = (struct cli_stmts){ NULL, 0 };
}

static const char *
peer_list(const char *peer)
{
	struct ip ip;

	return ip_parse(peer, &ip) ? "neighbor" : "peer-group";
}

bool
cli_stmt_path(
    const struct cli_stmt *s, const struct cli_scope *scope, struct nb_path *out)
{
	out->n = s->n;
	for (unsigned i = 0; i < s->n; i++) {
		const struct stmt_step *st = &s->step[i];
		const char *key = st->key ? cli_scope_get(scope, st->key) : NULL;

		if (st->key && !key)
			return false;
		out->s[i].name = st->peer ? peer_list(key) : st->name;
		out->s[i].key = key;
	}
	return true;
}

int
cli_stmt_open_step(const struct cli_stmt *s, const struct cli_scope *scope)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->step[i].key && !cli_scope_get(scope, s->step[i].key))
			return (int)i;
	return -1;
}
