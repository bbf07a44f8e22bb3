/* SPDX-License-Identifier: ISC */
/* Requests of machines: which is done where, and those that are not about configuration. */
#include "config.h"

#include "mgmt/rpc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/util.h"
#include "mgmt/action.h"
#include "mgmt/rpc_priv.h"
#include "mgmt/state.h"

#define ARGS_MAX 32 /* of an action */

int64_t
rpc_wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool
rpc_fail(struct rpc *r, const char *tag, const char *fmt, ...)
{
	va_list ap;

	snprintf(r->err.tag, sizeof r->err.tag, "%s", tag);
	va_start(ap, fmt);
	vsnprintf(r->err.text, sizeof r->err.text, fmt, ap);
	va_end(ap);
	return false;
}

bool
rpc_fail_err(struct rpc *r, const char *tag, const struct err *e)
{
	snprintf(r->err.path, sizeof r->err.path, "%s", e->path);
	return rpc_fail(r, tag, "%s", e->text);
}

struct rpc *
rpc_new(struct session *s, struct rpc_host *h)
{
	struct rpc *r = xcalloc(1, sizeof *r);

	r->s = s;
	r->host = h;
	strbuf_init(&r->payload);
	return r;
}

/* A large one is not kept for the next request. */
static void
payload_drop(struct rpc *r)
{
	if (r->host)
		r->host->payloads -= r->payload.len;
	r->crowded = false;
	strbuf_fini(&r->payload);
	strbuf_init(&r->payload);
}

void
rpc_free(struct rpc *r)
{
	if (!r)
		return;
	rpc_cancel(r);
	event_unsubscribe(&r->sub);
	payload_drop(r);
	strbuf_fini(&r->payload);
	free(r);
}

bool
rpc_payload(struct rpc *r, const uint8_t *p, size_t n)
{
	if (r->payload.len + n > CTL_RPC_PAYLOAD_MAX || (n && memchr(p, '\0', n)))
		return false;
	if (r->host && r->host->payloads + n > CTL_RPC_PAYLOADS_MAX)
		r->crowded = true;
	if (r->crowded)
		return true; /* rpc_start() tells */
	strbuf_putn(&r->payload, (const char *)p, n);
	if (r->host)
		r->host->payloads += n;
	return true;
}

/* ---- sessions ---- */

static bool
op_who(struct rpc *r)
{
	unsigned max = r->m.number && r->m.number < CTL_RPC_SESSIONS_MAX
			   ? r->m.number
			   : CTL_RPC_SESSIONS_MAX;

	out_printf(&r->s->out, "%u\n", r->s->by.id);
	if (!r->counted && r->host && !r->host->admit(r->host, max))
		return rpc_fail(r, "resource-denied",
		    "there are %u NETCONF sessions already, and no more are allowed",
		    max);
	r->counted = true;
	session_set_user(r->s, r->s->by.name, "netconf");
	return true;
}

bool
rpc_admitted(const struct rpc *r)
{
	return r->counted;
}

static bool
op_kill(struct rpc *r)
{
	/* RFC 6241 7.9: a session that is not there, or one's own, is an invalid value. */
	if (r->m.number == r->s->by.id || !r->host ||
	    !r->host->kill(r->host, r->m.number))
		return rpc_fail(
		    r, "invalid-value", "there is no session %u", r->m.number);
	return true;
}

static bool
op_sessions(struct rpc *r)
{
	static const char *const names[DS_NAMES] = { [DS_RUNNING] = "running",
		[DS_CANDIDATE] = "candidate",
		[DS_STARTUP] = "startup" };

	if (r->host)
		r->host->list(r->host, &r->s->out);
	for (int d = 0; d < DS_NAMES; d++) {
		const struct ds_user *u = ds_locked_by(r->s->eng->ds, (enum ds_name)d);

		if (u)
			out_printf(&r->s->out, "lock %s %u %lld\n", names[d], u->id,
			    r->host ? (long long)r->host->lock_ms[d] : 0);
	}
	return true;
}

/* ---- state and actions ---- */

static bool
op_state(struct rpc *r)
{
	struct err e = { 0 };

	out_json_compact(&r->s->out);
	r->walk = state_open(r->s->eng, r->m.text, r->m.number, &e);
	return r->walk || rpc_fail_err(r, "invalid-value", &e);
}

/* Cuts "NAME=VALUE\n" lines, in place. */
static size_t
cut_args(char *text, struct action_arg *args, size_t max)
{
	size_t n = 0;

	while (text && *text && n < max) {
		char *end = strchr(text, '\n'), *eq = strchr(text, '=');

		if (end)
			*end++ = '\0';
		if (eq && (!end || eq < end)) {
			*eq = '\0';
			args[n++] = (struct action_arg){ text, eq + 1 };
		}
		text = end;
	}
	return n;
}

static bool
op_action(struct rpc *r)
{
	struct action_arg args[ARGS_MAX];
	struct action_call call = { r->m.text, args, 0, &r->s->by };
	struct err e = { 0 };

	call.n = cut_args(r->payload.s, args, ARGS_MAX);
	out_json_compact(&r->s->out);
	return action_run(r->s->eng, &call, &r->s->out, &e) ||
	       rpc_fail_err(r, "operation-failed", &e);
}

/* ---- events ---- */

static void
on_event(struct event_sub *sub)
{
	struct rpc *r = container_of(sub, struct rpc, sub);

	if (r->s->wake)
		r->s->wake(r->s->wake_arg);
}

static bool
op_subscribe(struct rpc *r)
{
	struct events *v = r->s->eng->events;

	if (!v)
		return rpc_fail(r, "operation-not-supported", "there are no events");
	r->replay_end = event_last(v);
	r->replaying = (r->m.flags & CTL_RPC_REPLAY) != 0;
	r->sent = r->replaying ? event_before_time(v, r->m.time) : r->replay_end;
	event_unsubscribe(&r->sub);
	event_subscribe(v, &r->sub, on_event);
	return true;
}

bool
rpc_event(struct rpc *r, struct ctl_event *m, const char **json)
{
	const struct event *ev;

	if (!r->sub.link)
		return false;
	ev = event_after(r->s->eng->events, r->sent);
	if (r->replaying && (!ev || ev->number > r->replay_end)) {
		r->replaying = false;
		*m = (struct ctl_event){ 0, 0 };
		*json = "";
		return true;
	}
	if (!ev)
		return false;
	r->sent = ev->number;
	*m = (struct ctl_event){ ev->number, ev->ms };
	*json = ev->text;
	return true;
}

/* ---- running ---- */

static bool (*const ops[CTL_OPS])(struct rpc *r) = {
	[CTL_OP_WHO] = op_who,
	[CTL_OP_GET] = rpc_get,
	[CTL_OP_EDIT] = rpc_edit,
	[CTL_OP_COPY] = rpc_copy,
	[CTL_OP_DELETE] = rpc_delete,
	[CTL_OP_LOCK] = rpc_lock,
	[CTL_OP_UNLOCK] = rpc_unlock,
	[CTL_OP_VALIDATE] = rpc_validate,
	[CTL_OP_COMMIT] = rpc_commit,
	[CTL_OP_CANCEL] = rpc_cancel_commit,
	[CTL_OP_DISCARD] = rpc_discard,
	[CTL_OP_KILL] = op_kill,
	[CTL_OP_DIFF] = rpc_diff,
	[CTL_OP_STATE] = op_state,
	[CTL_OP_ACTION] = op_action,
	[CTL_OP_SUBSCRIBE] = op_subscribe,
	[CTL_OP_SESSIONS] = op_sessions,
};

void
rpc_start(struct rpc *r, const struct ctl_rpc *m)
{
	r->m = *m;
	r->err = (struct ctl_rpc_error){ 0 };
	r->running = true;
	strbuf_put(&r->payload, "");
	if (r->crowded)
		rpc_fail(r, "resource-denied",
		    "the requests of all sessions together are too large at the moment");
	else
		ops[m->op](r);
	payload_drop(r);
}

bool
rpc_step(struct rpc *r)
{
	if (r->walk && state_step(r->walk, &r->s->out))
		return true;
	state_close(r->walk);
	r->walk = NULL;
	if (r->commit)
		return true;
	r->running = false;
	return false;
}

bool
rpc_waiting(const struct rpc *r)
{
	return r->running && r->commit;
}

void
rpc_cancel(struct rpc *r)
{
	state_close(r->walk);
	r->walk = NULL;
	if (r->commit)
		rpc_fail(r, "operation-failed", "cancelled");
	rpc_commit_end(r);
}

const struct ctl_rpc_error *
rpc_error(const struct rpc *r)
{
	return r->err.tag[0] ? &r->err : NULL;
}
