/* SPDX-License-Identifier: ISC */
/* A growing text buffer; it owns nothing until the first append. */
#include "config.h"

#include "lib/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static char empty[1]; /* never written: what `s` of an empty buffer points to */

void
strbuf_init(struct strbuf *b)
{
	b->s = empty;
	b->len = b->cap = 0;
}

void
strbuf_fini(struct strbuf *b)
{
	if (b->cap)
		free(b->s);
	strbuf_init(b);
}

void
strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	if (b->cap)
		b->s[0] = '\0';
}

/* Makes room for n bytes and a NUL. */
static void
reserve(struct strbuf *b, size_t n)
{
	if (b->cap - b->len > n)
		return;
	size_t cap = MAX(b->len + n + 1, b->cap * 2);

	cap = MAX(cap, 64);
	b->s = xrealloc(b->cap ? b->s : NULL, cap);
	b->cap = cap;
}

void
strbuf_putn(struct strbuf *b, const char *s, size_t n)
{
	reserve(b, n);
	if (n)
		memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
strbuf_put(struct strbuf *b, const char *s)
{
	strbuf_putn(b, s, strlen(s));
}

void
strbuf_putc(struct strbuf *b, char c)
{
	strbuf_putn(b, &c, 1);
}

void
strbuf_vprintf(struct strbuf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(b->cap ? b->s + b->len : NULL, b->cap - b->len, fmt, ap);
	ensure(n >= 0);
	if ((size_t)n >= b->cap - b->len) {
		reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, b->cap - b->len, fmt, again);
	}
	va_end(again);
	b->len += (size_t)n;
}

void
strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vprintf(b, fmt, ap);
	va_end(ap);
}

char *
strbuf_take(struct strbuf *b)
{
	char *s = b->cap ? b->s : xstrdup("");

	strbuf_init(b);
	return s;
}
