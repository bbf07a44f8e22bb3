/* SPDX-License-Identifier: ISC */
/* mgmt/rpc_priv.h: what mgmt/rpc*.c share. */
#ifndef EVPND_MGMT_RPC_PRIV_H
#define EVPND_MGMT_RPC_PRIV_H

#include "lib/strbuf.h"
#include "mgmt/commit.h"
#include "mgmt/engine.h"
#include "mgmt/rpc.h"
#include "mgmt/session.h"

struct nb_edit_error;
struct state_walk;

struct rpc {
	struct session *s;	  /* borrowed */
	struct rpc_host *host;	  /* borrowed */
	struct strbuf payload;	  /* of the next or the running request */
	bool crowded;		  /* there was no room for all of the payload */
	struct ctl_rpc m;	  /* the running request */
	struct ctl_rpc_error err; /* of it; tag "" none */
	bool running;		  /* rpc_step() has something to do */
	bool was_waiting;	  /* the commit has ended */
	struct commit *commit;	  /* waits for the kernel; NULL none */
	struct draft *draft;	  /* made for a validation; owned, NULL none */
	struct state_walk *walk;  /* being written; owned, NULL none */
	struct event_sub sub;	  /* link NULL: not subscribed */
	uint64_t sent;		  /* number of the last event that was sent */
	uint64_t replay_end;	  /* the last one of the replay */
	bool replaying;		  /* its end has not been told */
	bool counted;		  /* is a session of NETCONF */
};

/* Always false, so that an operation can end with it. */
bool rpc_fail(struct rpc *r, const char *tag, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool rpc_fail_err(struct rpc *r, const char *tag, const struct err *e);

/* ---- rpc_store.c: operations on configuration.  False: r->err is filled. ---- */

bool rpc_get(struct rpc *r);
bool rpc_edit(struct rpc *r);
bool rpc_copy(struct rpc *r);
bool rpc_delete(struct rpc *r);
bool rpc_lock(struct rpc *r);
bool rpc_unlock(struct rpc *r);
bool rpc_diff(struct rpc *r);
bool rpc_discard(struct rpc *r);
/* A new tree of what m->source means, in *tree; the payload is checked for its names and types. */
bool rpc_source(struct rpc *r, enum ctl_store store, struct lyd_node **tree);

/* ---- rpc_commit.c ---- */

bool rpc_validate(struct rpc *r);
bool rpc_commit(struct rpc *r);
bool rpc_cancel_commit(struct rpc *r);
/* Nobody waits for the running commit any more. */
void rpc_commit_end(struct rpc *r);

#endif
