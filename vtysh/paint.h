/* SPDX-License-Identifier: ISC */
/* vtysh/paint.h: the last step of an answer before the eye: colours, and nothing that a terminal would obey.
 *
 * What    The engine marks what is good or bad (CTL_TONE_*) if it was asked to by
 *         `terminal color on`.  On a terminal a mark becomes a colour, elsewhere it goes.
 *         Other control characters, which a stranger may have put into a name, are
 *         shown as '?' on a terminal.
 * Asked   By paint_wanted() at the start: standard output is a terminal, TERM is one
 *         with colours, and NO_COLOR is not set (https://no-color.org).
 */
#ifndef EVPND_VTYSH_PAINT_H
#define EVPND_VTYSH_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "vtysh/progress.h"

struct paint {
	bool terminal;		   /* of colours */
	struct progress *progress; /* ends at the first byte; borrowed */
	bool (*out)(void *arg, const char *text, size_t len); /* what follows */
	void *arg;					      /* its own */
};

bool paint_wanted(void);
/* A piece of an answer; p is a struct paint.  False when nobody reads any more. */
bool paint_write(void *p, const char *text, size_t len);

#endif
