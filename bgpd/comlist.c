/* SPDX-License-Identifier: ISC */
/* Sets and lists of communities, and lists of AS paths. */
#include "config.h"

#include "bgpd/comlist.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "lib/strbuf.h"
#include "lib/util.h"

static const size_t sizes[COM_KINDS] = { [COM_STANDARD] = sizeof(uint32_t),
	[COM_LARGE] = 12,
	[COM_EXTENDED] = sizeof(struct ecom) };

/* --- sets --- */

static bool
member_of(const struct comset *s, size_t size, const uint8_t *member)
{
	for (unsigned i = 0; i < s->n; i++)
		if (memcmp(s->v + i * size, member, size) == 0)
			return true;
	return false;
}

/* What a route has, seen as a set. */
static struct comset
of_route(enum comkind kind, const struct attrs *a)
{
	const void *v = NULL;
	uint16_t n = 0;

	switch (kind) {
	case COM_STANDARD:
		v = a->comms;
		n = a->ncomms;
		break;
	case COM_LARGE:
		v = a->lcomms;
		n = a->nlcomms;
		break;
	case COM_EXTENDED:
		v = a->ecoms;
		n = a->necoms;
		break;
	default:
		break;
	}
	return (struct comset){ (uint8_t *)(uintptr_t)v, n };
}

static void
to_route(enum comkind kind, const struct comset *s, struct attrs *a)
{
	if (kind == COM_STANDARD) {
		a->comms = (const void *)s->v;
		a->ncomms = s->n;
	} else if (kind == COM_LARGE) {
		a->lcomms = (const void *)s->v;
		a->nlcomms = s->n;
	} else if (kind == COM_EXTENDED) {
		a->ecoms = (const void *)s->v;
		a->necoms = s->n;
	}
}

static void
add(struct comset *s, size_t size, const void *member)
{
	s->v = xrealloc(s->v, (s->n + 1u) * size);
	memcpy(s->v + s->n * size, member, size);
	s->n++;
}

static bool
parse_standard(const char *word, struct comset *s)
{
	uint32_t c;

	if (!comm_parse(word, &c))
		return false;
	add(s, sizeof c, &c);
	return true;
}

static bool
parse_large(const char *word, struct comset *s)
{
	uint8_t c[12];

	if (!lcomm_parse(word, c))
		return false;
	add(s, sizeof c, c);
	return true;
}

/* *soo: which kind the words before said. */
static bool
parse_extended(const char *word, struct comset *s, int *kind)
{
	struct ecom c;

	if (strcmp(word, "rt") == 0 || strcmp(word, "soo") == 0) {
		*kind = word[0] == 'r' ? ECOM_SUB_RT : ECOM_SUB_SOO;
		return true;
	}
	/* An origin is written, and coded, as a target is (RFC 4360 4, 5). */
	if (*kind == 0 || !rt_parse(word, &c))
		return false;
	c.b[1] = (uint8_t)*kind;
	add(s, sizeof c, &c);
	return true;
}

bool
comset_parse(enum comkind kind, const char *text, struct comset *s)
{
	char *copy = xstrdup(text), *rest = NULL, *word;
	bool ok = true;
	int sub = 0;

	*s = (struct comset){ NULL, 0 };
	for (word = strtok_r(copy, " ", &rest); word && ok && s->n < 255;
	     word = strtok_r(NULL, " ", &rest))
		ok = kind == COM_STANDARD ? parse_standard(word, s)
		     : kind == COM_LARGE  ? parse_large(word, s)
					  : parse_extended(word, s, &sub);
	free(copy);
	return ok && !word && s->n > 0;
}

void
comset_fini(struct comset *s)
{
	free(s->v);
	*s = (struct comset){ NULL, 0 };
}

bool
comset_equal(const struct comset *a, const struct comset *b, enum comkind kind)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->v, b->v, a->n * sizes[kind]) == 0);
}

bool
comset_fits(const struct comset *s, enum comkind kind, const struct attrs *a, bool exact)
{
	const struct comset has = of_route(kind, a);

	if (exact && has.n != s->n)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		if (!member_of(&has, sizes[kind], s->v + i * sizes[kind]))
			return false;
	return true;
}

void
comset_store(const struct comset *s, enum comkind kind, bool additive,
    struct arena *arena, struct attrs *a)
{
	struct comset had = { NULL, 0 }, now;

	if (additive)
		had = of_route(kind, a);
	now.v = arena_alloc(arena, ((size_t)had.n + s->n + 1) * sizes[kind]);
	now.n = had.n;
	if (had.n)
		memcpy(now.v, had.v, had.n * sizes[kind]);
	for (unsigned i = 0; i < s->n; i++) {
		const uint8_t *m = s->v + i * sizes[kind];

		if (now.n < UINT16_MAX && !member_of(&now, sizes[kind], m))
			memcpy(now.v + now.n++ * sizes[kind], m, sizes[kind]);
	}
	to_route(kind, &now, a);
}

/* --- lists --- */

/* `_` stands for either end, a blank, or what encloses and separates the members of a set. */
static bool
compile(regex_t *re, const char *text)
{
	struct strbuf s;
	int rc;

	strbuf_init(&s);
	for (; *text; text++)
		if (*text == '_')
			strbuf_put(&s, "(^|[,{}() ]|$)");
		else
			strbuf_putc(&s, *text);
	rc = regcomp(re, s.s, REG_EXTENDED | REG_NOSUB);
	strbuf_fini(&s);
	return rc == 0;
}

bool
comlist_entry_parse(
    struct comlist_entry *e, enum comkind kind, const char *text, bool expanded)
{
	if (expanded) {
		if (!compile(&e->re, text))
			return false;
		e->expanded = true;
	} else if (kind == COM_STANDARD && strcmp(text, "internet") == 0) {
		e->any = true;
	} else if (!comset_parse(kind, text, &e->set)) {
		comset_fini(&e->set);
		return false;
	}
	e->text = xstrdup(text);
	return true;
}

void
comlist_fini(struct comlist *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct comlist_entry *e = &l->e[i];

		if (e->expanded)
			regfree(&e->re);
		comset_fini(&e->set);
		free(e->text);
	}
	free(l->e);
}

bool
comlist_equal(const struct comlist *a, const struct comlist *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->e[i].permit != b->e[i].permit ||
		    a->e[i].expanded != b->e[i].expanded ||
		    strcmp(a->e[i].text, b->e[i].text) != 0)
			return false;
	return true;
}

static bool
fits_text(const struct comlist_entry *e, enum comkind kind, const struct attrs *a)
{
	struct strbuf s;
	bool fits;

	strbuf_init(&s);
	switch (kind) {
	case COM_STANDARD:
		comms_format(&s, a->comms, a->ncomms);
		break;
	case COM_LARGE:
		lcomms_format(&s, a->lcomms, a->nlcomms);
		break;
	case COM_EXTENDED:
		ecoms_format(&s, a->ecoms, a->necoms);
		break;
	default:
		aspath_format(&s, a->aspath, a->aspath_len);
	}
	fits = regexec(&e->re, s.s ? s.s : "", 0, NULL, 0) == 0;
	strbuf_fini(&s);
	return fits;
}

static bool
fits(const struct comlist_entry *e, enum comkind kind, const struct attrs *a, bool exact)
{
	if (e->any)
		return true;
	if (e->expanded)
		return fits_text(e, kind, a);
	return comset_fits(&e->set, kind, a, exact);
}

bool
comlist_permits(
    const struct comlist *l, enum comkind kind, const struct attrs *a, bool exact)
{
	for (size_t i = 0; i < l->n; i++)
		if (fits(&l->e[i], kind, a, exact))
			return l->e[i].permit;
	return false;
}

void
comlist_delete(
    const struct comlist *l, enum comkind kind, struct arena *arena, struct attrs *a)
{
	const struct comset has = of_route(kind, a);
	struct comset left = { arena_alloc(arena, (has.n + 1u) * sizes[kind]), 0 };

	for (unsigned i = 0; i < has.n; i++) {
		struct comset one = { has.v + i * sizes[kind], 1 };
		struct attrs alone = { 0 };

		to_route(kind, &one, &alone);
		if (!comlist_permits(l, kind, &alone, false))
			memcpy(left.v + left.n++ * sizes[kind], one.v, sizes[kind]);
	}
	to_route(kind, &left, a);
}
