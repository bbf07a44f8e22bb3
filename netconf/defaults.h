/* SPDX-License-Identifier: ISC */
/* netconf/defaults.h: the parameter with-defaults (RFC 6243).
 *
 * What    The basic mode is trim: a leaf that a client sets to its default value is a
 *         leaf that is not there, in every datastore and in the dialects.  So explicit,
 *         which has to give back exactly what was set, is not offered: it is refused.
 * Tags    report-all-tagged marks default values with the attribute of RFC 6243 6, in
 *         its namespace; libyang's own is in the YANG module's.
 */
#ifndef EVPND_NETCONF_DEFAULTS_H
#define EVPND_NETCONF_DEFAULTS_H

#include <stdbool.h>

#include "lib/err.h"

struct lyd_node;
struct ly_ctx;
struct nc_server_reply;
struct netconf;

enum wd_mode { WD_TRIM, WD_ALL, WD_TAGGED };

/* What the client asked for, trim if it did not; false: a mode that is not offered. */
bool wd_asked(const struct lyd_node *rpc, enum wd_mode *mode);
/* The reply to that. */
struct nc_server_reply *wd_refuse(struct netconf *s, const struct lyd_node *rpc);
/* Default values belong into the answer. */
bool wd_all(enum wd_mode mode);
/* The attribute's definition, for a new context. */
bool wd_load(struct ly_ctx *ly, struct err *e);
/* Marks each default value. */
void wd_tag(struct ly_ctx *ly, struct lyd_node *tree);
/* Tells libnetconf2 what its hello has to say. */
void wd_announce(void);

#endif
