/* SPDX-License-Identifier: ISC */
/* lib/priv.h: giving privileges away, for good.
 *
 * What    priv_drop() turns to another user, drops every capability but those
 *         listed, and sets no_new_privs.  priv_seccomp_engine() and _session() load
 *         filters: a call that is not listed kills the process (SIGSYS).
 * Errors  0 or negative errno; a caller that gets an error must not go on.
 * Note    Sanitizer builds allow the few more calls that the leak checker makes
 *         at exit; it starts a thread and traces, so those builds are for tests.
 */
#ifndef EVPND_LIB_PRIV_H
#define EVPND_LIB_PRIV_H

#include <stdbool.h>
#include <sys/types.h>

/* user NULL keeps the ids.  keep: capability numbers to keep (-1 ends), NULL = none.  -ENOENT: no
 * such user.  A capability that the process does not have is not an error. */
int priv_drop(const char *user, const int *keep);
/* The same with numeric ids; (uid_t)-1 keeps them.  Supplementary groups are dropped. */
int priv_drop_ids(uid_t uid, gid_t gid, const int *keep);
/* After every privilege is dropped; sets no_new_privs, which the kernel wants first. */
int priv_seccomp_engine(void);
/* The filter of one NETCONF session, whose descriptors are open: no new connections, processes or files
 * (opening one is refused, as libraries try to). */
int priv_seccomp_session(void);

#endif
