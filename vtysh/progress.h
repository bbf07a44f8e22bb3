/* SPDX-License-Identifier: ISC */
/* vtysh/progress.h: a line that says that something is still going on.
 *
 * What    Where both standard output and standard error are terminals, a request that
 *         shows nothing for a second has a line of its own until its first output:
 *         what is done, for how long, and how many lines have been read.
 *         It is erased then, and nothing of it stays.
 */
#ifndef EVPND_VTYSH_PROGRESS_H
#define EVPND_VTYSH_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_TICK_MS 250 /* how often it is to be told of */

struct progress {
	const char *what;    /* "Loading x.conf"; NULL: nothing is to be shown */
	int64_t begun;	     /* milliseconds */
	unsigned long lines; /* of the answer, read so far */
	bool there;	     /* it stands on the screen */
};

/* what is borrowed until the end. */
void progress_begin(struct progress *p, const char *what);
/* Time has passed. */
void progress_tick(struct progress *p);
void progress_end(struct progress *p);

#endif
