/* SPDX-License-Identifier: ISC */
/* lib/strbuf.h: a growing text buffer.
 *
 * Owns    Its memory.  `s` is always NUL-terminated after the first append and
 *         after strbuf_init(); strbuf_take() hands the memory to the caller.
 */
#ifndef EVPND_LIB_STRBUF_H
#define EVPND_LIB_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

struct strbuf {
	char *s;    /* owned, NUL-terminated */
	size_t len; /* bytes without the NUL */
	size_t cap; /* bytes allocated */
};

void strbuf_init(struct strbuf *b);
void strbuf_fini(struct strbuf *b);
void strbuf_reset(struct strbuf *b);
void strbuf_put(struct strbuf *b, const char *s);
void strbuf_putn(struct strbuf *b, const char *s, size_t n);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_printf(struct strbuf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
char *strbuf_take(struct strbuf *b); /* caller frees; b is empty again */

#endif
