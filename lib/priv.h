/* SPDX-License-Identifier: ISC */
/* lib/priv.h: giving privileges away, for good.
 *
 * What    priv_drop() turns to another user, drops every capability but those
 *         listed, and sets no_new_privs.  priv_seccomp_engine() loads the
 *         engine's filter: a call that is not listed kills the process (SIGSYS).
 * Errors  0 or negative errno; a caller that gets an error must not go on.
 */
#ifndef EVPND_LIB_PRIV_H
#define EVPND_LIB_PRIV_H

#include <stdbool.h>
#include <sys/types.h>

/* user NULL keeps the ids.  keep: capability numbers to keep (-1 ends), NULL = none. */
int priv_drop(const char *user, const int *keep);
/* The same with numeric ids; (uid_t)-1 keeps them. */
int priv_drop_ids(uid_t uid, gid_t gid, const int *keep);
int priv_seccomp_engine(void);

#endif
