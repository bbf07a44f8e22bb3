/* SPDX-License-Identifier: ISC */
/* mgmt/action.h: the operations of our YANG module: rpcs and actions, by name.
 *
 * What    One row an operation.  The caller (NETCONF) has checked the input against the
 *         schema; the values are checked again here, as the caller is another program.
 * Input   Leaves by name, as canonical text; for an action the keys of the entries on the
 *         way are among them: "address" of a session, "id" and "address" of a MAC.
 * Output  The output's leaves as one RFC 7951 value, {"evpnd:cleared":3}; {} for none.
 * Time    Everything here is done within one slice: nothing is larger than a trace.
 */
#ifndef EVPND_MGMT_ACTION_H
#define EVPND_MGMT_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "mgmt/engine.h"
#include "mgmt/out.h"

struct ds_user;

struct action_arg {
	const char *name, *value; /* leaf, text; borrowed */
};

struct action_call {
	/* Schema path: "/evpnd:resync", "/evpnd:state/sessions/session/clear". */
	const char *path;
	const struct action_arg *args; /* borrowed */
	size_t n;		       /* of them */
	const struct ds_user *by;      /* who; NULL unknown; borrowed */
};

/* False and *e, and nothing done, if there is no such operation or what it is about is not there. */
bool action_run(
    struct engine *eng, const struct action_call *call, struct out *reply, struct err *e);

#endif
