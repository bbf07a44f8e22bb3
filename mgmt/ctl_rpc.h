/* SPDX-License-Identifier: ISC */
/* mgmt/ctl_rpc.h: the part of the control protocol by which machines edit and read.
 *
 * What    evpnd-netconf asks with CTL_RPC_END (struct ctl_rpc), after any number of
 *         CTL_RPC with pieces of the payload; the engine answers with any number of
 *         CTL_OUT (XML, JSON or lines: as each operation says) and of CTL_ERROR (struct
 *         ctl_rpc_error), and one CTL_DONE, status 1 if there was an error.
 * Events  After CTL_OP_SUBSCRIBE the engine sends a CTL_EVENT (struct ctl_event) for
 *         each, at any time, also inside the answer to another request.
 * Rights  The engine does what it is asked by whoever may open its socket; NACM is the
 *         business of evpnd-netconf.
 */
#ifndef EVPND_MGMT_CTL_RPC_H
#define EVPND_MGMT_CTL_RPC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/wire.h"

#define CTL_RPC_PAYLOAD_MAX (16 << 20)	/* bytes of one payload */
#define CTL_RPC_PAYLOADS_MAX (64 << 20) /* bytes of all that are on their way at once */
#define CTL_RPC_ITEMS_MAX (1 << 20)	/* elements and attributes in one payload */
#define CTL_RPC_SESSIONS_MAX 512	/* clients that are NETCONF sessions */

enum ctl_rpc_op {
	/* the number of this session, as a line, also if it is refused; it counts as NETCONF's; number: so
	 * many of these may be there, 0: CTL_RPC_SESSIONS_MAX */
	CTL_OP_WHO,
	CTL_OP_GET,	  /* source: its configuration as XML */
	CTL_OP_EDIT,	  /* the candidate by the payload; edit, test, flags */
	CTL_OP_COPY,	  /* source (payload too) to target */
	CTL_OP_DELETE,	  /* target: startup */
	CTL_OP_LOCK,	  /* target */
	CTL_OP_UNLOCK,	  /* target */
	CTL_OP_VALIDATE,  /* source (payload too), the kernel's word included */
	CTL_OP_COMMIT,	  /* flags, number: seconds, text: persist, text2: persist-id */
	CTL_OP_CANCEL,	  /* text2: persist-id */
	CTL_OP_DISCARD,	  /* the candidate's changes */
	CTL_OP_KILL,	  /* number: of the session */
	CTL_OP_DIFF,	  /* from target to source: lines "+", "~" or "-" and a path */
	CTL_OP_STATE,	  /* text: path below /evpnd:state; number: limit: JSON */
	CTL_OP_ACTION,	  /* text: schema path; payload: lines NAME=VALUE: JSON */
	CTL_OP_SUBSCRIBE, /* time: replay from there; flags */
	CTL_OP_SESSIONS,  /* lines: id, name, door, seconds; and the locks */
	CTL_OPS,
};

enum ctl_store {
	CTL_STORE_NONE,
	CTL_STORE_RUNNING,
	CTL_STORE_CANDIDATE,
	CTL_STORE_STARTUP,
	CTL_STORE_PAYLOAD,
	CTL_STORES,
};

enum ctl_rpc_flags {
	CTL_RPC_CONFIRMED = 1, /* commit: taken back unless confirmed */
	CTL_RPC_DRY =
	    2, /* edit: answer with the differences, as CTL_OP_DIFF, change nothing */
	CTL_RPC_TEST = 4,      /* edit: the result must be valid */
	CTL_RPC_TEST_ONLY = 8, /* edit: that alone, change nothing */
	CTL_RPC_REPLAY = 16,   /* subscribe: from the time on */
	CTL_RPC_GENERATION =
	    32, /* edit: only if number is still the candidate's count of edits */
};

#define CTL_RPC_TEXT_MAX 1024
#define CTL_RPC_WORD_MAX 256

struct ctl_rpc {
	uint8_t op;		      /* enum ctl_rpc_op */
	uint8_t source;		      /* enum ctl_store */
	uint8_t target;		      /* enum ctl_store */
	uint8_t edit;		      /* default operation: 0 merge, 1 replace, 2 none */
	uint32_t flags;		      /* enum ctl_rpc_flags */
	uint32_t number;	      /* as the operation says */
	int64_t time;		      /* milliseconds since 1970 */
	char text[CTL_RPC_TEXT_MAX];  /* as the operation says */
	char text2[CTL_RPC_WORD_MAX]; /* as the operation says */
};

/* RFC 6241 4.3.  Type and severity follow from the tag: the client knows. */
struct ctl_rpc_error {
	char tag[32];	    /* "data-exists" */
	char app_tag[64];   /* "" none */
	char path[512];	    /* "" none */
	char text[512];	    /* one sentence */
	char element[128];  /* bad-element, "" none */
	char attribute[64]; /* bad-attribute, "" none */
	char ns[128];	    /* bad-namespace, "" none */
	uint32_t session;   /* who holds a lock, 0 nobody */
};

#define CTL_RPC_BODY_MAX (2 * CTL_RPC_TEXT_MAX + 64) /* bytes of either message at most */

/* Text follows as the rest of the body. */
struct ctl_event {
	uint64_t number; /* of the event, 0: no event: all that was kept has been sent */
	int64_t ms;	 /* since 1970 */
};

void ctl_rpc_encode(struct wbuf *w, const struct ctl_rpc *m);
bool ctl_rpc_decode(struct rbuf *r, struct ctl_rpc *m);
void ctl_rpc_error_encode(struct wbuf *w, const struct ctl_rpc_error *m);
bool ctl_rpc_error_decode(struct rbuf *r, struct ctl_rpc_error *m);
void ctl_event_encode(struct wbuf *w, const struct ctl_event *m);
/* What follows is left in r. */
bool ctl_event_decode(struct rbuf *r, struct ctl_event *m);

#endif
