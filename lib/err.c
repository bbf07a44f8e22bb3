/* SPDX-License-Identifier: ISC */
/* Filling in an operator's error. */
#include "config.h"

#include "lib/err.h"

#include <stdarg.h>
#include <stdio.h>

_Bool
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e || e->text[0] != '\0')
		return 0;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return 0;
}
