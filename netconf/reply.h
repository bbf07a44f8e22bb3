/* SPDX-License-Identifier: ISC */
/* netconf/reply.h: answers, in libnetconf2's form.
 *
 * Owns    Nothing: a reply belongs to the library as soon as the operation returns it.
 */
#ifndef EVPND_NETCONF_REPLY_H
#define EVPND_NETCONF_REPLY_H

#include <stdbool.h>

#include "mgmt/ctl_rpc.h"

struct ly_ctx;
struct lyd_node;
struct nc_server_reply;

/* <rpc-error> alone, for the caller to free; protocol: it is about the request itself (RFC 6241 4.3, error-type). */
struct lyd_node *reply_error_tree(
    const struct ly_ctx *ly, const struct ctl_rpc_error *e, bool protocol);
struct nc_server_reply *reply_error(
    const struct ly_ctx *ly, const struct ctl_rpc_error *e);
/* One with a tag, a path (NULL none) and a sentence. */
struct nc_server_reply *reply_fail(const struct ly_ctx *ly, const char *tag,
    const char *path, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
