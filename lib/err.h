/* SPDX-License-Identifier: ISC */
/* lib/err.h: an error for the operator: a text and where it belongs.
 *
 * What    Filled by functions that return false; says what is wrong and, where
 *         known, the YANG path or the line.  One error, the first one.
 */
#ifndef EVPND_LIB_ERR_H
#define EVPND_LIB_ERR_H

struct err {
	int line;	/* of the input text, 0 unknown */
	char path[256]; /* YANG path, "" unknown */
	char text[512]; /* one sentence, no newline */
};

/* Sets the text unless one is set already; always returns false.  e may be NULL. */
_Bool err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
