/* SPDX-License-Identifier: ISC */
/* Text from peers, made safe to print. */
#include "config.h"

#include "bgpd/text.h"

#include <string.h>

/* Octets of the valid UTF-8 character at p, 0 if there is none (RFC 3629 4). */
static size_t
utf8_len(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80	 ? 1
		   : p[0] < 0xc2 ? 0
		   : p[0] < 0xe0 ? 2
		   : p[0] < 0xf0 ? 3
		   : p[0] < 0xf5 ? 4
				 : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates and what lies above U+10FFFF. */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

/* C0, DEL and C1. */
static int
is_control(const uint8_t *p)
{
	return p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);
}

void
text_sanitize(char *dst, size_t size, const uint8_t *src, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_len(src + i, len - i);
		int bad = n == 0 || is_control(src + i);

		if (at + (bad ? 1 : n) >= size)
			break;
		if (bad) {
			dst[at++] = '?';
		} else {
			memcpy(dst + at, src + i, n);
			at += n;
		}
		i += n ? n : 1;
	}
	dst[at] = '\0';
}

size_t
text_utf8_cut(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	for (n = max; n > 0 && ((uint8_t)s[n] & 0xc0) == 0x80; n--)
		;
	return n;
}
