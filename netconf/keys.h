/* SPDX-License-Identifier: ISC */
/* netconf/keys.h: which keys a user may come with.
 *
 * What    A file per user (or one for all) in the form of OpenSSH's authorized_keys, read
 *         at each login.  In its name %u is the user.
 * Refused Lines with options, because their restrictions would not be kept; files that
 *         others than their owner may write; names that are no names.
 */
#ifndef EVPND_NETCONF_KEYS_H
#define EVPND_NETCONF_KEYS_H

#include <stdbool.h>

struct ssh_key_struct;

/* May be used in a path and in a log line. */
bool keys_user_ok(const char *user);
bool keys_permit(const char *pattern, const char *user, struct ssh_key_struct *key);

#endif
