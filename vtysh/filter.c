/* SPDX-License-Identifier: ISC */
/* Filters behind a command; the contract is in the header. */
#include "config.h"

#include "vtysh/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/ctl_proto.h"

/* What a word does, in the order of filter_words. */
enum word {
	WORD_BEGIN,
	WORD_COUNT,
	WORD_EXCLUDE,
	WORD_INCLUDE,
	WORD_JSON,
	WORD_NO_MORE,
	WORDS
};

const struct filter_word filter_words[] = {
	[WORD_BEGIN] = { "begin", "From the first line that matches on" },
	[WORD_COUNT] = { "count", "How many lines there are" },
	[WORD_EXCLUDE] = { "exclude", "Lines that do not match" },
	[WORD_INCLUDE] = { "include", "Lines that match" },
	[WORD_JSON] = { "json", "The same as JSON" },
	[WORD_NO_MORE] = { "no-more", "All at once, without a pager" },
	[WORDS] = { NULL, NULL },
};

/* ---- cutting ---- */

/* The filter word at s, in full or shortened beyond doubt; *len is what was typed of it. */
static enum word
word_at(const char *s, size_t *len)
{
	enum word found = WORDS;
	unsigned fits = 0;

	*len = strcspn(s, " \t|");
	if (*len == 0)
		return WORDS;
	for (enum word w = 0; w < WORDS; w++) {
		if (strncmp(filter_words[w].word, s, *len) == 0) {
			found = w;
			fits++;
		}
	}
	return fits == 1 ? found : WORDS;
}

static const char *
skip_space(const char *s)
{
	return s + strspn(s, " \t");
}

/* The next bar that a filter word follows; NULL if there is none. */
static const char *
next_bar(const char *s)
{
	size_t len;

	for (s = strchr(s, '|'); s; s = strchr(s + 1, '|'))
		if (word_at(skip_space(s + 1), &len) != WORDS)
			return s;
	return NULL;
}

/* Commands that answer: a bar in another line (a description) is the line's own. */
static bool
answers(const char *typed)
{
	static const char *const words[] = { "do", "list", "monitor", "show" };
	const char *s = skip_space(typed);
	size_t len = strcspn(s, " \t|");

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (len >= 2 && strncmp(words[i], s, len) == 0)
			return true;
	return false;
}

const char *
filter_cursor(const char *typed)
{
	const char *bar = answers(typed) ? strrchr(typed, '|') : NULL;
	const char *word = bar ? skip_space(bar + 1) : NULL;

	/* Not in the expression of a filter before it, and not behind the word. */
	if (!word || bar == typed || (bar[-1] != ' ' && bar[-1] != '\t') ||
	    word[strcspn(word, " \t")])
		return NULL;
	return word;
}

/* Without the spaces around it; the caller frees. */
static char *
trimmed(const char *from, const char *to)
{
	char *s;

	from = skip_space(from);
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	if (to < from)
		to = from;
	s = xmalloc((size_t)(to - from) + 1);
	memcpy(s, from, (size_t)(to - from));
	s[to - from] = '\0';
	return s;
}

static bool
add_regex(struct filter *f, enum filter_kind kind, const char *text, const char *word,
    struct err *e)
{
	struct filter_stage *st = &f->stage[f->n];
	char why[128];
	int rc;

	if (!text[0])
		return err_set(e, "| %s: the expression is missing", word);
	rc = regcomp(&st->re, text, REG_EXTENDED | REG_NOSUB);
	if (rc != 0) {
		regerror(rc, &st->re, why, sizeof why);
		return err_set(e, "| %s %s: %s", word, text, why);
	}
	st->kind = kind;
	f->n++;
	return true;
}

/* One filter, of which the text behind its word is `rest`. */
static bool
add(struct filter *f, enum word w, const char *rest, bool *json, struct err *e)
{
	static const enum filter_kind kinds[WORDS] = {
		[WORD_BEGIN] = FILTER_BEGIN,
		[WORD_EXCLUDE] = FILTER_EXCLUDE,
		[WORD_INCLUDE] = FILTER_INCLUDE,
	};
	const char *word = filter_words[w].word;

	if (f->n == FILTERS_MAX)
		return err_set(e, "| %s: more than %d filters", word, FILTERS_MAX);
	if (w == WORD_BEGIN || w == WORD_EXCLUDE || w == WORD_INCLUDE)
		return add_regex(f, kinds[w], rest, word, e);
	if (rest[0])
		return err_set(e, "| %s: nothing may follow (%s)", word, rest);
	if (w == WORD_JSON)
		*json = true;
	else if (w == WORD_NO_MORE)
		f->no_more = true;
	else
		f->stage[f->n++].kind = FILTER_COUNT;
	return true;
}

char *
filter_split(struct filter *f, const char *typed, struct err *e)
{
	const char *bar = answers(typed) ? next_bar(typed) : NULL;
	char *command = trimmed(typed, bar ? bar : typed + strlen(typed));
	bool json = false, ok = true;

	*f = (struct filter){ .n = 0 };
	strbuf_init(&f->line);
	strbuf_init(&f->plain);
	while (ok && bar) {
		const char *word = skip_space(bar + 1), *next;
		size_t len;
		enum word w = word_at(word, &len);
		char *rest;

		next = next_bar(word + len);
		rest = trimmed(word + len, next ? next : word + strlen(word));
		ok = add(f, w, rest, &json, e);
		free(rest);
		bar = next;
	}
	if (ok && json) {
		char *with = xasprintf("%s json", command);

		free(command);
		command = with;
	}
	if (!ok) {
		free(command);
		return NULL;
	}
	return command;
}

void
filter_fini(struct filter *f)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->stage[i].kind != FILTER_COUNT)
			regfree(&f->stage[i].re);
	f->n = 0;
	strbuf_fini(&f->line);
	strbuf_fini(&f->plain);
}

void
filter_to(
    struct filter *f, bool (*out)(void *arg, const char *text, size_t len), void *arg)
{
	f->out = out;
	f->arg = arg;
}

/* ---- lines ---- */

/* Whether this stage lets the line through. */
static bool
passes(struct filter_stage *st, const char *line)
{
	bool hit = st->kind != FILTER_COUNT && !st->begun &&
		   regexec(&st->re, line, 0, NULL, 0) == 0;

	switch (st->kind) {
	case FILTER_INCLUDE:
		return hit;
	case FILTER_EXCLUDE:
		return !hit;
	case FILTER_BEGIN:
		st->begun |= hit;
		return st->begun;
	case FILTER_COUNT:
		st->lines++;
		return false;
	}
	return true;
}

/* The kept line as it is read: without marks and newline. */
static const char *
plain_line(struct filter *f)
{
	strbuf_reset(&f->plain);
	strbuf_put(&f->plain, "");
	for (size_t i = 0; i < f->line.len; i++)
		if (!ctl_is_tone(f->line.s[i]) && f->line.s[i] != '\n')
			strbuf_putc(&f->plain, f->line.s[i]);
	return f->plain.s;
}

/* The kept line from stage `from` on. */
static bool
take_line(struct filter *f, unsigned from)
{
	const char *s = plain_line(f);
	bool pass = true, ok = true;

	for (unsigned i = from; pass && i < f->n && strncmp(s, "% ", 2) != 0; i++)
		pass = passes(&f->stage[i], s);
	if (pass)
		ok = f->out(f->arg, f->line.s, f->line.len);
	strbuf_reset(&f->line);
	return ok;
}

bool
filter_write(void *arg, const char *text, size_t len)
{
	struct filter *f = arg;

	if (f->n == 0)
		return f->out(f->arg, text, len);
	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		size_t n = nl ? (size_t)(nl - text) + 1 : len;

		strbuf_putn(&f->line, text, n);
		if ((nl || f->line.len >= FILTER_LINE_MAX) && !take_line(f, 0))
			return false;
		text += n;
		len -= n;
	}
	return true;
}

bool
filter_end(struct filter *f)
{
	bool ok = true;

	if (f->line.len > 0)
		ok = take_line(f, 0);
	/* A count is a line for the filters behind it. */
	for (unsigned i = 0; ok && i < f->n; i++) {
		if (f->stage[i].kind != FILTER_COUNT)
			continue;
		strbuf_printf(&f->line, "%lu lines\n", f->stage[i].lines);
		ok = take_line(f, i + 1);
	}
	return ok;
}
