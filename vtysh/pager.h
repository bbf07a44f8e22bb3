/* SPDX-License-Identifier: ISC */
/* vtysh/pager.h: output of one command, through a pager when it is long.
 *
 * What    On a terminal, what does not fit a page goes to $VTYSH_PAGER, less or more.
 *         Elsewhere it is written as it comes.
 */
#ifndef EVPND_VTYSH_PAGER_H
#define EVPND_VTYSH_PAGER_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/strbuf.h"

struct pager {
	int page;	    /* lines of a page, 0: no pager */
	int lines;	    /* kept so far */
	struct strbuf kept; /* less than a page */
	FILE *pipe;	    /* running pager, NULL none; owned */
};

void pager_begin(struct pager *p, int page);
/* False when the pager was left. */
bool pager_write(struct pager *p, const char *text, size_t len);
void pager_end(struct pager *p);
/* Lines of the terminal, 0 if standard output is none. */
int pager_terminal_lines(void);

#endif
