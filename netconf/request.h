/* SPDX-License-Identifier: ISC */
/* netconf/request.h: is a message a request that the schema allows, and if not, what is the error?
 *
 * What    libnetconf2 answers whatever libyang finds wrong with operation-failed; RFC 6241
 *         appendix A has a tag for each.  So a message is parsed and validated here first,
 *         and what is wrong is told by the tag that the words of libyang's error mean.
 * Cost    A message is parsed twice; session.c bounds its size before.
 */
#ifndef EVPND_NETCONF_REQUEST_H
#define EVPND_NETCONF_REQUEST_H

#include <stdbool.h>

#include "lib/strbuf.h"
#include "mgmt/ctl_rpc.h"

struct ly_ctx;

enum request {
	REQUEST_FINE,
	REQUEST_NONE,  /* no <rpc> at all */
	REQUEST_WRONG, /* *e says how */
};

/* attrs: the attributes of <rpc>, which the reply has to have too (RFC 6241 4.2), as XML. */
enum request request_check(
    struct ly_ctx *ly, const char *msg, struct ctl_rpc_error *e, struct strbuf *attrs);

#endif
