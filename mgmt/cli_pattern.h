/* SPDX-License-Identifier: ISC */
/* mgmt/cli_pattern.h: a compiled pattern from inside; for cli_pattern.c and cli_grammar.c alone.
 *
 * How     A pattern becomes the position automaton of Glushkov: each item is a state,
 *         `follow` says which items may come next, and no state is silent.  Sets of
 *         items are 64-bit masks.
 */
#ifndef EVPND_MGMT_CLI_PATTERN_H
#define EVPND_MGMT_CLI_PATTERN_H

#include "mgmt/cli_grammar.h"
#include "mgmt/cli_types.h"

struct item {
	enum cli_type type;	   /* what fits */
	char *text;		   /* keyword, or the type as written; owned */
	char *name;		   /* of the capture, NULL: its text; owned */
	unsigned long long lo, hi; /* of a range */
	uint64_t follow;	   /* items that may come next */
};

struct cli_pattern {
	struct item it[CLI_POS_MAX]; /* in order of the text */
	unsigned n;		     /* of them */
	uint64_t first;		     /* items that may come first */
	uint64_t last;		     /* items after which the line may end */
	uint64_t last_no;	     /* the same for `no` forms */
};

static inline uint64_t
item_bit(unsigned i)
{
	return (uint64_t)1 << i;
}

/* How well one word fits one item. */
enum cli_fit item_fit(const struct item *it, const struct cli_word *w);

#endif
