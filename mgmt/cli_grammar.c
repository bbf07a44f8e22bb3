/* SPDX-License-Identifier: ISC */
/* Lines against patterns: cutting, matching, completing. */
#include "config.h"

#include "mgmt/cli_grammar.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_pattern.h"

/* ---- lines ---- */

void
cli_line_split(struct cli_line *l, const char *text)
{
	const char *s = text;

	l->text = text;
	l->n = 0;
	l->open = false;
	l->more = false;
	for (;;) {
		size_t len;

		s += strspn(s, " \t");
		len = strcspn(s, " \t");
		if (len == 0)
			return;
		l->open = s[len] == '\0';
		if (l->n == CLI_WORDS_MAX) {
			l->more = true;
			return;
		}
		l->w[l->n++] = (struct cli_word){ s, len };
		s += len;
	}
}

void
cli_line_shift(struct cli_line *l, size_t n)
{
	n = MIN(n, l->n);
	memmove(l->w, l->w + n, (l->n - n) * sizeof l->w[0]);
	l->n -= n;
	if (l->n == 0)
		l->open = false;
}

/* ---- matching ---- */

/* The automata of many patterns side by side. */
struct matcher {
	struct cli_pattern *const *pats; /* borrowed */
	size_t n;			 /* patterns */
	size_t words;			 /* words eaten so far */
	uint64_t *live; /* [words of the line + 1][n]: items that ate the word; owned */
	bool line;	/* LINE... has eaten the rest */
};

static uint64_t *
live_at(const struct matcher *m, size_t word)
{
	return m->live + word * m->n;
}

static void
matcher_init(struct matcher *m, struct cli_pattern *const *pats, size_t n,
    const struct cli_line *l)
{
	*m = (struct matcher){ pats, n, 0, xcalloc((l->n + 1) * n + 1, sizeof(uint64_t)),
		false };
}

/* Items of pattern k that may come next. */
static uint64_t
next_items(const struct matcher *m, size_t k)
{
	const struct cli_pattern *p = m->pats[k];
	uint64_t now = live_at(m, m->words)[k], next = 0;

	if (!p || m->line)
		return 0;
	if (m->words == 0)
		return p->first;
	for (unsigned i = 0; i < p->n; i++)
		if (now & item_bit(i))
			next |= p->it[i].follow;
	return next;
}

struct step {
	enum cli_fit best;   /* best fit so far */
	const char *keyword; /* the keyword of that fit */
	bool ambiguous;	     /* another keyword fits as an abbreviation */
};

static void
step_try(
    struct matcher *m, struct step *st, size_t k, unsigned i, const struct cli_word *w)
{
	const struct item *it = &m->pats[k]->it[i];
	enum cli_fit fit = item_fit(it, w);
	uint64_t *to = live_at(m, m->words + 1);

	if (fit == FIT_NONE || fit < st->best)
		return;
	if (fit > st->best) {
		memset(to, 0, m->n * sizeof *to);
		*st = (struct step){ fit, it->text, false };
	}
	if (fit == FIT_ABBREVIATION && strcmp(it->text, st->keyword) != 0)
		st->ambiguous = true;
	to[k] |= item_bit(i);
}

/* Eats one word. */
static enum cli_verdict
matcher_step(struct matcher *m, const struct cli_word *w)
{
	struct step st = { FIT_NONE, NULL, false };

	for (size_t k = 0; k < m->n; k++) {
		uint64_t next = next_items(m, k);

		for (unsigned i = 0; next; i++, next >>= 1)
			if (next & 1)
				step_try(m, &st, k, i, w);
	}
	if (st.best == FIT_NONE)
		return CLI_UNKNOWN;
	if (st.ambiguous)
		return CLI_AMBIGUOUS;
	m->words++;
	m->line = st.best == FIT_LINE;
	return CLI_OK;
}

static unsigned
lowest(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask);
}

static void
arg_add(struct cli_args *args, const struct item *it, const struct cli_word *w, bool rest)
{
	const char *name = it->name ? it->name : it->text;
	char *value;

	if (it->type == CLI_KEYWORD) {
		value = xstrdup(it->text);
	} else {
		size_t len = rest ? strlen(w->s) : w->len;
		char *typed;

		while (rest && len > 0 && strchr(" \t\r\n", w->s[len - 1]))
			len--;
		typed = xmalloc(len + 1);
		memcpy(typed, w->s, len);
		typed[len] = '\0';
		value = cli_type_canonical(it->type, typed);
		free(typed);
	}
	args->a = xrealloc(args->a, (args->n + 1) * sizeof args->a[0]);
	args->a[args->n++] = (struct cli_arg){ name, value, it->type };
}

/* Words of a list item are one value. */
static void
args_join(struct cli_args *args)
{
	size_t to = 0;

	for (size_t i = 0; i < args->n; i++) {
		struct cli_arg *a = &args->a[i], *prev = to ? &args->a[to - 1] : NULL;

		if (prev && cli_types[a->type].list && strcmp(prev->name, a->name) == 0) {
			char *both = xasprintf("%s %s", prev->value, a->value);

			free(prev->value);
			free(a->value);
			prev->value = both;
		} else {
			args->a[to++] = *a;
		}
	}
	args->n = to;
}

/* Walks back from an item that may end the line, to learn which item ate which word. */
static void
collect_args(const struct matcher *m, size_t k, uint64_t ends, const struct cli_line *l,
    struct cli_args *args)
{
	const struct cli_pattern *p = m->pats[k];
	unsigned path[CLI_WORDS_MAX];
	unsigned at = lowest(ends);

	for (size_t w = m->words; w > 0; w--) {
		uint64_t from = w > 1 ? live_at(m, w - 1)[k] : 0;

		path[w - 1] = at;
		for (unsigned i = 0; i < p->n; i++)
			if ((from & item_bit(i)) && (p->it[i].follow & item_bit(at))) {
				at = i;
				break;
			}
	}
	*args = (struct cli_args){ NULL, 0 };
	for (size_t w = 0; w < m->words; w++)
		arg_add(args, &p->it[path[w]], &l->w[w], m->line && w + 1 == m->words);
	args_join(args);
}

static uint64_t
ends_of(const struct matcher *m, size_t k, bool shorter)
{
	const struct cli_pattern *p = m->pats[k];

	return p ? live_at(m, m->words)[k] & (shorter ? p->last_no : p->last) : 0;
}

/* Whole forms first, so that `no` with the full line finds its own command. */
static enum cli_verdict
find_end(const struct matcher *m, const struct cli_line *l, bool shorter, size_t *which,
    struct cli_args *args)
{
	size_t hits = 0, hit = 0;

	for (size_t k = 0; k < m->n; k++)
		if (ends_of(m, k, shorter)) {
			hit = k;
			hits++;
		}
	if (hits == 0)
		return CLI_INCOMPLETE;
	if (hits > 1)
		return CLI_AMBIGUOUS;
	*which = hit;
	collect_args(m, hit, ends_of(m, hit, shorter), l, args);
	return CLI_OK;
}

enum cli_verdict
cli_match(struct cli_pattern *const *pats, size_t n, const struct cli_line *l,
    bool shorter, size_t *which, struct cli_args *args, size_t *bad)
{
	enum cli_verdict v = CLI_OK;
	struct matcher m;

	*args = (struct cli_args){ NULL, 0 };
	matcher_init(&m, pats, n, l);
	while (v == CLI_OK && m.words < l->n && !m.line)
		v = matcher_step(&m, &l->w[m.words]);
	*bad = m.words;
	if (v == CLI_OK && l->more && !m.line)
		v = CLI_UNKNOWN;
	if (v == CLI_OK && m.words == 0)
		v = CLI_INCOMPLETE;
	if (v == CLI_OK)
		v = find_end(&m, l, false, which, args);
	if (v == CLI_INCOMPLETE && shorter && m.words > 0)
		v = find_end(&m, l, true, which, args);
	free(m.live);
	return v;
}

/* ---- help and completion ---- */

struct choice {
	const char *word; /* borrowed from the pattern, or "<cr>" */
	bool is_value;	  /* not to be typed as it stands */
	size_t which;	  /* first pattern with it */
};

static int
choice_cmp(const void *pa, const void *pb)
{
	const struct choice *a = pa, *b = pb;

	if (a->is_value != b->is_value)
		return a->is_value - b->is_value;
	return strcmp(a->word, b->word);
}

static size_t
choices_of(const struct matcher *m, const struct cli_word *open, bool shorter,
    struct choice *out)
{
	size_t n = 0;

	for (size_t k = 0; k < m->n; k++) {
		uint64_t next = next_items(m, k);

		for (unsigned i = 0; next; i++, next >>= 1) {
			const struct item *it = &m->pats[k]->it[i];

			if (!(next & 1) ||
			    (open && item_fit(it, open) == FIT_NONE &&
				!(it->type != CLI_KEYWORD && open->len == 0)))
				continue;
			out[n++] =
			    (struct choice){ it->text, it->type != CLI_KEYWORD, k };
		}
		if (!open && ends_of(m, k, shorter))
			out[n++] = (struct choice){ "<cr>", true, k };
	}
	return n;
}

/* Eats the words that are whole; false if no pattern goes this way. */
static bool
eat_whole(struct matcher *m, const struct cli_line *l)
{
	size_t eat = l->n - (l->open ? 1 : 0);

	while (m->words < eat && !m->line)
		if (matcher_step(m, &l->w[m->words]) != CLI_OK)
			return false;
	return true;
}

/* The words that pattern k has eaten so far; to be freed. */
static struct cli_args
args_so_far(const struct matcher *m, size_t k, const struct cli_line *l)
{
	struct cli_args args = { NULL, 0 };

	if (m->words > 0)
		collect_args(m, k, live_at(m, m->words)[k], l, &args);
	return args;
}

void
cli_next_values(struct cli_pattern *const *pats, size_t n, const struct cli_line *l,
    void (*fn)(
	void *arg, enum cli_type type, const char *name, const struct cli_args *args),
    void *arg)
{
	struct matcher m;

	matcher_init(&m, pats, n, l);
	for (size_t k = 0, ok = eat_whole(&m, l); ok && k < n; k++) {
		uint64_t next = next_items(&m, k);
		struct cli_args args;

		if (!next)
			continue;
		args = args_so_far(&m, k, l);
		for (unsigned i = 0; next; i++, next >>= 1) {
			const struct item *it = &m.pats[k]->it[i];

			if ((next & 1) && it->type != CLI_KEYWORD)
				fn(arg, it->type, it->name ? it->name : it->text, &args);
		}
		cli_args_free(&args);
	}
	free(m.live);
}

void
cli_next(struct cli_pattern *const *pats, size_t n, const struct cli_line *l,
    bool shorter, void (*fn)(void *arg, const char *word, bool is_value, size_t which),
    void *arg)
{
	size_t eat = l->n - (l->open ? 1 : 0), found = 0;
	struct choice *c;
	struct matcher m;

	matcher_init(&m, pats, n, l);
	if (eat_whole(&m, l)) {
		c = xcalloc(n * (CLI_POS_MAX + 1) + 1, sizeof *c);
		found =
		    choices_of(&m, l->open && !m.line ? &l->w[eat] : NULL, shorter, c);
		qsort(c, found, sizeof *c, choice_cmp);
		for (size_t i = 0; i < found; i++)
			if (i == 0 || choice_cmp(&c[i - 1], &c[i]) != 0)
				fn(arg, c[i].word, c[i].is_value, c[i].which);
		free(c);
	}
	free(m.live);
}

void
cli_pattern_read(const char *pattern, struct strbuf *out)
{
	while (*pattern) {
		size_t n = strcspn(pattern, "$");

		strbuf_putn(out, pattern, n);
		pattern += n;
		if (*pattern)
			pattern += 1 + strcspn(pattern + 1, " <>[]|$");
	}
}

/* ---- arguments ---- */

const struct cli_arg *
cli_arg_find(const struct cli_args *args, const char *name)
{
	for (size_t i = args->n; i-- > 0;)
		if (strcmp(args->a[i].name, name) == 0)
			return &args->a[i];
	return NULL;
}

const char *
cli_arg(const struct cli_args *args, const char *name)
{
	const struct cli_arg *a = cli_arg_find(args, name);

	return a ? a->value : NULL;
}

uint64_t
cli_arg_num(const struct cli_args *args, const char *name, uint64_t dflt)
{
	const char *s = cli_arg(args, name);
	unsigned long long v;

	return s && parse_u64(s, 0, UINT64_MAX, &v) ? v : dflt;
}

struct cli_args
cli_args_dup(const struct cli_args *args)
{
	struct cli_args copy = { xcalloc(args->n + 1, sizeof copy.a[0]), args->n };

	for (size_t i = 0; i < args->n; i++) {
		copy.a[i] = args->a[i];
		copy.a[i].value = xstrdup(args->a[i].value);
	}
	return copy;
}

void
cli_args_free(struct cli_args *args)
{
	for (size_t i = 0; i < args->n; i++)
		free(args->a[i].value);
	free(args->a);
	*args = (struct cli_args){ NULL, 0 };
}
