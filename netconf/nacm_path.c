/* SPDX-License-Identifier: ISC */
/* Comparing a rule's path with a node's. */
#include "config.h"

#include "netconf/nacm_path.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* One step: name and predicates, without the prefix. */
struct step {
	const char *name; /* borrowed */
	size_t nlen;	  /* its length */
	const char *pred; /* from the first bracket on; borrowed */
	size_t plen;	  /* up to the next slash */
};

/* The end of the step at p: a slash outside of quotes and brackets, or the end. */
static const char *
step_end(const char *p)
{
	char quote = '\0';
	int depth = 0;

	for (; *p; p++) {
		if (quote) {
			if (*p == quote)
				quote = '\0';
		} else if (*p == '\'' || *p == '"') {
			quote = *p;
		} else if (*p == '[') {
			depth++;
		} else if (*p == ']') {
			depth--;
		} else if (*p == '/' && depth <= 0) {
			break;
		}
	}
	return p;
}

/* The next step of *path; false at its end. */
static bool
step_next(const char **path, struct step *s)
{
	const char *p = *path, *end, *colon;
	size_t n;

	while (*p == '/')
		p++;
	if (!*p)
		return false;
	end = step_end(p);
	n = strcspn(p, "[");
	if (n > (size_t)(end - p))
		n = (size_t)(end - p);
	colon = memchr(p, ':', n);
	s->name = colon ? colon + 1 : p;
	s->nlen = (size_t)(p + n - s->name);
	s->pred = p + n;
	s->plen = (size_t)(end - s->pred);
	*path = end;
	return true;
}

/* The next character that counts in a predicate, '\0' at its end; quotes are one kind. */
static char
pred_char(const char **p, const char *end, char *quote)
{
	while (*p < end) {
		char c = *(*p)++;

		if (*quote) {
			if (c == *quote) {
				*quote = '\0';
				return '"';
			}
			return c;
		}
		if (c == '\'' || c == '"') {
			*quote = c;
			return '"';
		}
		if (!isspace((unsigned char)c))
			return c;
	}
	return '\0';
}

static bool
preds_equal(const struct step *a, const struct step *b)
{
	const char *p = a->pred, *q = b->pred;
	char qa = '\0', qb = '\0', x, y;

	do {
		x = pred_char(&p, a->pred + a->plen, &qa);
		y = pred_char(&q, b->pred + b->plen, &qb);
		if (x != y)
			return false;
	} while (x);
	return true;
}

bool
nacm_path_covers(const char *rule, const char *node)
{
	struct step r, n;

	while (step_next(&rule, &r)) {
		if (!step_next(&node, &n) || r.nlen != n.nlen ||
		    memcmp(r.name, n.name, n.nlen) != 0)
			return false;
		if (r.plen > 0 && !preds_equal(&r, &n))
			return false;
	}
	return true;
}
