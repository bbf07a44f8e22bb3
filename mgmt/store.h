/* SPDX-License-Identifier: ISC */
/* mgmt/store.h: texts on the disk that a crash leaves old or new, never torn.
 *
 * What    A text is written beside its file (FILE.new), synced, and renamed into its
 *         place; the rename is synced, too.  With keep_old what was in FILE before stays
 *         as FILE.sav.
 * Errors  0 or negative errno; FILE is as it was after an error.
 */
#ifndef EVPND_MGMT_STORE_H
#define EVPND_MGMT_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

int store_write(const char *path, const char *text, size_t len, bool keep_old);
/* The text of a file, for the caller to free; NULL and *e, also for what is no text. */
char *store_read(const char *path, struct err *e);

#endif
