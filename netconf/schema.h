/* SPDX-License-Identifier: ISC */
/* netconf/schema.h: the YANG modules that the server speaks.
 *
 * What    One libyang context: our own module, and the IETF's modules of NETCONF, which
 *         are read from a directory of the system and are no part of this program.
 * Search  ours: $EVPND_YANG_PATH, else the installed place; theirs:
 *         $EVPND_IETF_YANG_PATH, else what configure found.
 */
#ifndef EVPND_NETCONF_SCHEMA_H
#define EVPND_NETCONF_SCHEMA_H

#include "lib/err.h"

struct ly_ctx;
struct lysc_node;

/* NULL and *e, naming the module that is not there. */
struct ly_ctx *schema_new(struct err *e);

#endif
