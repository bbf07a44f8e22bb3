/* SPDX-License-Identifier: ISC */
/* What all show commands share. */
#include "config.h"

#include "mgmt/show.h"

#include <stdarg.h>

#include "mgmt/session.h"

bool
show_fail(struct show_ctx *c, const char *fmt, ...)
{
	va_list ap;

	out_tone(c->out, OUT_BAD);
	out_puts(c->out, "% ");
	va_start(ap, fmt);
	strbuf_vprintf(&c->out->buf, fmt, ap);
	va_end(ap);
	out_tone(c->out, OUT_PLAIN);
	out_puts(c->out, "\n");
	c->failed = true;
	return false;
}

void
show_wake(struct show_ctx *c)
{
	c->waiting = false;
	if (c->session)
		session_wake(c->session);
}
