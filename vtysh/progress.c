/* SPDX-License-Identifier: ISC */
/* A line of progress on the terminal; the contract is in the header. */
#include "config.h"

#include "vtysh/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 1000 /* before it is shown at all */

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
can_show(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) && term && term[0] &&
	       strcmp(term, "dumb") != 0;
}

void
progress_begin(struct progress *p, const char *what)
{
	*p = (struct progress){ .what = can_show() ? what : NULL };
	p->begun = now_ms();
}

void
progress_tick(struct progress *p)
{
	const int64_t ms = now_ms() - p->begun;

	if (!p->what || ms < PATIENCE_MS)
		return;
	fprintf(stderr, "\r\033[K%s: %lld s", p->what, (long long)(ms / 1000));
	if (p->lines)
		fprintf(stderr, ", %lu lines", p->lines);
	fflush(stderr);
	p->there = true;
}

void
progress_end(struct progress *p)
{
	if (p->there)
		fputs("\r\033[K", stderr);
	p->what = NULL;
	p->there = false;
}
