/* SPDX-License-Identifier: ISC */
/* mgmt/show_text.h: an answer that is one text, given out in slices.
 *
 * What    A command that finds c->state set says `return show_text_slice(c)`; else it
 *         fills show_text_new() and says the same.  Its done is show_text_done.
 */
#ifndef EVPND_MGMT_SHOW_TEXT_H
#define EVPND_MGMT_SHOW_TEXT_H

#include "lib/strbuf.h"
#include "mgmt/show.h"

struct strbuf *show_text_new(struct show_ctx *c); /* to be filled */
bool show_text_slice(struct show_ctx *c);
void show_text_done(struct show_ctx *c);

#endif
