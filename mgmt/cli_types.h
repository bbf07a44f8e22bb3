/* SPDX-License-Identifier: ISC */
/* mgmt/cli_types.h: the kinds of words that a pattern can ask for.
 *
 * What    A row per enum cli_type: how it is written in patterns, what fits it, how
 *         well, and one sentence of help.
 */
#ifndef EVPND_MGMT_CLI_TYPES_H
#define EVPND_MGMT_CLI_TYPES_H

#include "mgmt/cli_grammar.h"

/* How well a word fits; the best one wins. */
enum cli_fit {
	FIT_NONE,
	FIT_LINE,
	FIT_WORDS,
	FIT_WORD,
	FIT_ABBREVIATION,
	FIT_TYPED,
	FIT_KEYWORD
};

struct cli_type_row {
	const char *text;	      /* in patterns; NULL for keywords and ranges */
	const char *help;	      /* one sentence */
	enum cli_fit fit;	      /* when ok() */
	bool list;		      /* may be repeated */
	bool (*ok)(const char *word); /* the whole word */
};

extern const struct cli_type_row cli_types[];

/* False when text is no type's. */
bool cli_type_find(const char *text, size_t len, enum cli_type *out);
/* The canonical spelling of a value; the caller frees. */
char *cli_type_canonical(enum cli_type t, const char *value);

#endif
