/* SPDX-License-Identifier: ISC */
/* Answers that are one text. */
#include "config.h"

#include "mgmt/show_text.h"

#include <stdlib.h>

#include "lib/util.h"

/* A text that is given out in slices. */
struct text_job {
	struct strbuf text; /* all of it; owned */
	size_t pos;	    /* given out so far */
};

void
show_text_done(struct show_ctx *c)
{
	struct text_job *j = c->state;

	if (j)
		strbuf_fini(&j->text);
	free(j);
}

struct strbuf *
show_text_new(struct show_ctx *c)
{
	struct text_job *j = xcalloc(1, sizeof *j);

	strbuf_init(&j->text);
	c->state = j;
	return &j->text;
}

bool
show_text_slice(struct show_ctx *c)
{
	struct text_job *j = c->state;
	size_t n = MIN(j->text.len - j->pos, (size_t)OUT_SOFT_LIMIT);

	strbuf_putn(&c->out->buf, j->text.s + j->pos, n);
	j->pos += n;
	return j->pos < j->text.len;
}
