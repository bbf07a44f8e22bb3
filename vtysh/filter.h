/* SPDX-License-Identifier: ISC */
/* vtysh/filter.h: `show X | include Y`: what is done with an answer on its way to the eye.
 *
 * What    filter_split() cuts a typed line into the command and the filters behind it;
 *         filter_write() takes the answer in any pieces and passes lines on.
 *         include, exclude and begin want a regular expression (POSIX extended, to the
 *         end of the filter); count says how many lines there are; json asks the engine
 *         for JSON; no-more shows all without a pager.
 * Chain   Filters stand one behind the other: `| include up | count`.  A bar that none
 *         of these words follows belongs to the command or the expression, and so does one
 *         in a line that does not begin with show, do, list or monitor.
 * Errors  Lines of the engine that begin with "% " (it says what is wrong) pass every
 *         filter.  A filter that is none is said, and the command is not run.
 * Bounds  One line is kept at a time, and of it FILTER_LINE_MAX bytes: the rest of a longer
 *         line counts as another.
 */
#ifndef EVPND_VTYSH_FILTER_H
#define EVPND_VTYSH_FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/strbuf.h"

#define FILTERS_MAX 8
#define FILTER_LINE_MAX (1 << 20)

enum filter_kind { FILTER_INCLUDE, FILTER_EXCLUDE, FILTER_BEGIN, FILTER_COUNT };

struct filter_stage {
	enum filter_kind kind; /* what it does */
	regex_t re;	       /* not of FILTER_COUNT; owned */
	bool begun;	       /* FILTER_BEGIN has seen its line */
	unsigned long lines;   /* FILTER_COUNT: so far */
};

struct filter {
	struct filter_stage stage[FILTERS_MAX]; /* in order */
	unsigned n;				/* of them; 0: all passes */
	bool no_more;				/* no pager */
	struct strbuf line;			/* not yet ended; owned */
	struct strbuf plain; /* the same without marks, for the expressions; owned */
	bool (*out)(void *arg, const char *text, size_t len); /* what follows */
	void *arg;					      /* its own */
};

/* The command (with ` json` where asked for) without its filters, for the caller to free; NULL and
 * *e when a filter is wrong.  filter_fini() in both cases. */
char *filter_split(struct filter *f, const char *typed, struct err *e);
void filter_fini(struct filter *f);

/* Where the answer goes from here. */
void filter_to(
    struct filter *f, bool (*out)(void *arg, const char *text, size_t len), void *arg);
/* A piece of the answer; f is a struct filter.  False when nobody reads any more. */
bool filter_write(void *f, const char *text, size_t len);
/* The answer is whole: the last line, the counts. */
bool filter_end(struct filter *f);

/* The filter words, for completion: NULL at the end; help is their sentence. */
struct filter_word {
	const char *word; /* as typed */
	const char *help; /* one sentence */
};
extern const struct filter_word filter_words[];
/* Where the last filter's word begins, "" or more of it typed; NULL when the cursor is not there. */
const char *filter_cursor(const char *typed);

#endif
