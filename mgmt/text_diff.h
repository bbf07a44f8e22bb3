/* SPDX-License-Identifier: ISC */
/* mgmt/text_diff.h: two configurations of the dialect as lines that came and went.
 *
 * What    Sections are told by their indentation.  A line that both have says nothing,
 *         except that the lines which lead to a difference are printed before it; what
 *         is new begins with "+", what is gone with "-".
 *         "!" and the lines that end a section are left out of a section that both
 *         have, and belong to one that came or went as a whole.
 * Order   In a section two lines are the same if they read the same; the order in which
 *         the dialect prints them is its own, so it is no difference.
 * Cost    Linear in the lines.
 */
#ifndef EVPND_MGMT_TEXT_DIFF_H
#define EVPND_MGMT_TEXT_DIFF_H

#include <stdbool.h>

#include "lib/strbuf.h"

/* True if there is a difference. */
bool text_diff(const char *from, const char *to, struct strbuf *out);

#endif
