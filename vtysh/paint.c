/* SPDX-License-Identifier: ISC */
/* Marks become colours; the contract is in the header. */
#include "config.h"

#include "vtysh/paint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/strbuf.h"
#include "mgmt/ctl_proto.h"

bool
paint_wanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && no[0]) && term && term[0] &&
	       strcmp(term, "dumb") != 0;
}

/* The 8 colours that every terminal has, by what they mean; none changes the background. */
static const char *
colour(char mark)
{
	switch (mark) {
	case CTL_TONE_GOOD:
		return "\033[32m";
	case CTL_TONE_WARN:
		return "\033[33m";
	case CTL_TONE_BAD:
		return "\033[31m";
	default:
		return "\033[m";
	}
}

static bool
is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\n' && c != '\t' && c != '\r') ||
	       c == 0x7f;
}

static void
put(struct strbuf *b, const struct paint *p, char c)
{
	if (ctl_is_tone(c)) {
		if (p->terminal)
			strbuf_put(b, colour(c));
	} else if (p->terminal && is_control(c)) {
		strbuf_putc(b, '?');
	} else {
		strbuf_putc(b, c);
	}
}

bool
paint_write(void *arg, const char *text, size_t len)
{
	struct paint *p = arg;
	struct strbuf b;
	bool ok;

	if (len > 0)
		progress_end(p->progress);
	strbuf_init(&b);
	for (size_t i = 0; i < len; i++)
		put(&b, p, text[i]);
	ok = p->out(p->arg, b.s, b.len);
	strbuf_fini(&b);
	return ok;
}
