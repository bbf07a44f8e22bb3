/* SPDX-License-Identifier: ISC */
/* lib/utf8.h: is it text? (RFC 3629) */
#ifndef EVPND_LIB_UTF8_H
#define EVPND_LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length of the sequence at s, 1 to 4; 0 if it is none.  s ends with a NUL. */
size_t utf8_len(const char *s);
/* One line of text: sequences only, and no control character but tabs. */
bool utf8_is_line(const char *s);

#endif
