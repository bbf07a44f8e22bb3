/* SPDX-License-Identifier: ISC */
/* Patterns of commands: compiling and printing them; what fits an item. */
#include "config.h"

#include "mgmt/cli_pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

/* ---- compiling ---- */

/* A part of a pattern: with which items it begins and ends, and whether it may be empty. */
struct part {
	uint64_t first, last;
	bool empty;
};

struct compiler {
	struct cli_pattern *p; /* being made */
	const char *s;	       /* next character */
	struct err *e;	       /* first error */
	bool failed;	       /* one was seen */
};

static struct part
compile_failed(struct compiler *c, const char *why)
{
	if (!c->failed)
		err_set(c->e, "pattern: %s at \"%s\"", why, c->s);
	c->failed = true;
	return (struct part){ 0, 0, true };
}

static bool
range_parse(const char *text, struct item *it)
{
	char buf[48];
	char *dash, *end;

	if (strlen(text) >= sizeof buf || text[0] != '(')
		return false;
	strcpy(buf, text + 1);
	end = strchr(buf, ')');
	dash = strchr(buf, '-');
	if (!end || end[1] || !dash)
		return false;
	*end = *dash = '\0';
	return parse_u64(buf, 0, UINT64_MAX, &it->lo) &&
	       parse_u64(dash + 1, it->lo, UINT64_MAX, &it->hi);
}

static bool
item_type(struct item *it)
{
	if (range_parse(it->text, it)) {
		it->type = CLI_RANGE;
		return true;
	}
	if (cli_type_find(it->text, strlen(it->text), &it->type))
		return true;
	it->type = CLI_KEYWORD;
	return islower((unsigned char)it->text[0]) ||
	       isdigit((unsigned char)it->text[0]) || it->text[0] == '*';
}

static size_t
span_word(const char *s)
{
	return strcspn(s, " <>[]|$");
}

static struct part
compile_word(struct compiler *c)
{
	size_t len = span_word(c->s);
	struct item *it;
	uint64_t me;

	if (len == 0)
		return compile_failed(c, "a word is missing");
	if (c->p->n == CLI_POS_MAX)
		return compile_failed(c, "too many items");
	it = &c->p->it[c->p->n];
	it->text = xmalloc(len + 1);
	memcpy(it->text, c->s, len);
	it->text[len] = '\0';
	me = item_bit(c->p->n++);
	if (!item_type(it))
		return compile_failed(c, "not a keyword or type");
	if (cli_types[it->type].list)
		it->follow = me;
	c->s += len;
	return (struct part){ me, me, false };
}

static void
connect_items(struct cli_pattern *p, uint64_t from, uint64_t to)
{
	for (unsigned i = 0; i < p->n; i++)
		if (from & item_bit(i))
			p->it[i].follow |= to;
}

static struct part compile_alternatives(struct compiler *c);

/* `<...>`, `[...]` or a word, and a name for what is in it. */
static struct part
compile_item(struct compiler *c)
{
	unsigned from = c->p->n;
	char close = c->s[0] == '<' ? '>' : c->s[0] == '[' ? ']' : '\0';
	struct part part;
	size_t len;

	if (close) {
		c->s++;
		part = compile_alternatives(c);
		if (c->s[0] != close)
			return compile_failed(c, "a bracket is not closed");
		c->s++;
		part.empty |= close == ']';
	} else {
		part = compile_word(c);
	}
	if (c->s[0] != '$')
		return part;
	len = span_word(++c->s);
	for (unsigned i = from; i < c->p->n; i++)
		if (!c->p->it[i].name) {
			c->p->it[i].name = xmalloc(len + 1);
			memcpy(c->p->it[i].name, c->s, len);
			c->p->it[i].name[len] = '\0';
		}
	c->s += len;
	return part;
}

static struct part
compile_sequence(struct compiler *c)
{
	struct part all = { 0, 0, true };

	for (;;) {
		struct part next;

		while (c->s[0] == ' ')
			c->s++;
		if (c->failed || c->s[0] == '\0' || strchr("|>]", c->s[0]))
			return all;
		next = compile_item(c);
		connect_items(c->p, all.last, next.first);
		if (all.empty)
			all.first |= next.first;
		all.last = next.empty ? all.last | next.last : next.last;
		all.empty &= next.empty;
	}
}

static struct part
compile_alternatives(struct compiler *c)
{
	struct part all = compile_sequence(c);

	while (!c->failed && c->s[0] == '|') {
		struct part next;

		c->s++;
		next = compile_sequence(c);
		all.first |= next.first;
		all.last |= next.last;
		all.empty |= next.empty;
	}
	return all;
}

/* A keyword without a $name only leads on; everything else is a value. */
static bool
is_plain_keyword(const struct item *it)
{
	return it->type == CLI_KEYWORD && !it->name;
}

/* Where a `no` form may end: no plain keyword is left that must come. */
static void
find_last_no(struct cli_pattern *p)
{
	uint64_t value_first = 0;

	p->last_no = p->last;
	for (unsigned i = p->n; i-- > 0;) {
		if (p->it[i].follow & value_first & ~item_bit(i))
			p->last_no |= item_bit(i);
		if ((p->last_no & item_bit(i)) && !is_plain_keyword(&p->it[i]))
			value_first |= item_bit(i);
	}
}

struct cli_pattern *
cli_pattern_new(const char *text, struct err *e)
{
	struct cli_pattern *p = xcalloc(1, sizeof *p);
	struct compiler c = { p, text, e, false };
	struct part all = compile_sequence(&c);

	if (!c.failed && c.s[0])
		compile_failed(&c, "a bracket too many");
	if (!c.failed && all.empty)
		compile_failed(&c, "it fits an empty line");
	if (c.failed) {
		cli_pattern_free(p);
		return NULL;
	}
	p->first = all.first;
	p->last = all.last;
	find_last_no(p);
	return p;
}

void
cli_pattern_free(struct cli_pattern *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++) {
		free(p->it[i].text);
		free(p->it[i].name);
	}
	free(p);
}

void
cli_pattern_words(
    const struct cli_pattern *p, void (*fn)(void *arg, const char *word), void *arg)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->it[i].type == CLI_KEYWORD)
			fn(arg, p->it[i].text);
}

static bool
range_ok(const struct item *it, const char *word)
{
	unsigned long long v;

	return parse_u64(word, it->lo, it->hi, &v);
}

static enum cli_fit
keyword_fit(const struct item *it, const struct cli_word *w)
{
	if (strncmp(it->text, w->s, w->len) != 0)
		return FIT_NONE;
	return it->text[w->len] == '\0' ? FIT_KEYWORD : FIT_ABBREVIATION;
}

enum cli_fit
item_fit(const struct item *it, const struct cli_word *w)
{
	char word[CLI_LINE_MAX];

	if (it->type == CLI_KEYWORD)
		return keyword_fit(it, w);
	if (w->len >= sizeof word)
		return it->type == CLI_LINE ? FIT_LINE : FIT_NONE;
	memcpy(word, w->s, w->len);
	word[w->len] = '\0';
	if (it->type == CLI_RANGE)
		return range_ok(it, word) ? FIT_TYPED : FIT_NONE;
	return cli_types[it->type].ok(word) ? cli_types[it->type].fit : FIT_NONE;
}

/* ---- printing ---- */

struct printer {
	const struct cli_pattern *p;	/* what is printed */
	const char *value[CLI_POS_MAX]; /* per item, NULL none; borrowed */
	unsigned path[CLI_POS_MAX];	/* items on the way */
};

static bool
name_same(const struct cli_pattern *p, unsigned a, unsigned b)
{
	return p->it[a].name && p->it[b].name &&
	       strcmp(p->it[a].name, p->it[b].name) == 0;
}

/* Every value has its item on the path. */
static bool
all_said(const struct printer *pr, size_t len)
{
	for (unsigned i = 0; i < pr->p->n; i++) {
		bool said = !pr->value[i];

		for (size_t k = 0; k < len && !said; k++)
			said = pr->path[k] == i || name_same(pr->p, pr->path[k], i);
		if (!said)
			return false;
	}
	return true;
}

static bool
value_fits(const struct item *it, const char *value)
{
	struct cli_line l;

	if (it->type == CLI_LINE)
		return true;
	if (it->type == CLI_KEYWORD)
		return strcmp(it->text, value) == 0;
	cli_line_split(&l, value);
	if (l.n == 0 || (l.n > 1 && !cli_types[it->type].list))
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (item_fit(it, &l.w[i]) == FIT_NONE)
			return false;
	return true;
}

static bool
may_say(const struct printer *pr, unsigned i)
{
	const struct item *it = &pr->p->it[i];

	if (!it->name)
		return it->type == CLI_KEYWORD;
	return pr->value[i] && value_fits(it, pr->value[i]);
}

/* Depth first over the few ways through a pattern; items only go forward. */
static size_t
find_way(struct printer *pr, uint64_t next, size_t len)
{
	uint64_t here = len ? item_bit(pr->path[len - 1]) : 0;

	if ((pr->p->last & here) && all_said(pr, len))
		return len;
	for (unsigned i = 0; i < pr->p->n; i++) {
		size_t way;

		if (!(next & ~here & item_bit(i)) || !may_say(pr, i))
			continue;
		pr->path[len] = i;
		way = find_way(pr, pr->p->it[i].follow, len + 1);
		if (way)
			return way;
	}
	return 0;
}

bool
cli_pattern_print(const struct cli_pattern *p,
    const char *(*get)(void *arg, const char *name), void *arg, struct strbuf *out)
{
	struct printer pr = { .p = p };
	size_t len;

	for (unsigned i = 0; i < p->n; i++)
		pr.value[i] = p->it[i].name ? get(arg, p->it[i].name) : NULL;
	len = find_way(&pr, p->first, 0);
	for (size_t k = 0; k < len; k++) {
		const struct item *it = &p->it[pr.path[k]];

		if (k)
			strbuf_putc(out, ' ');
		strbuf_put(out, it->name ? pr.value[pr.path[k]] : it->text);
	}
	return len > 0;
}

const char *
cli_pattern_keyword(const struct cli_pattern *p, const char *name)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->it[i].type == CLI_KEYWORD && p->it[i].name &&
		    strcmp(p->it[i].name, name) == 0)
			return p->it[i].text;
	return NULL;
}
