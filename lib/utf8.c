/* SPDX-License-Identifier: ISC */
/* Sequences of RFC 3629, section 4. */
#include "config.h"

#include "lib/utf8.h"

size_t
utf8_len(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] < 0x80	 ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

bool
utf8_is_line(const char *s)
{
	while (*s) {
		size_t n = utf8_len(s);

		if (n == 0 ||
		    (n == 1 && *s != '\t' && ((unsigned char)*s < 0x20 || *s == 0x7f)))
			return false;
		s += n;
	}
	return true;
}
