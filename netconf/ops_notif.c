/* SPDX-License-Identifier: ISC */
/* Notifications (RFC 5277): the engine's events, filtered, to a client that subscribed. */
#include "config.h"

#include <libnetconf2/messages_server.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

#define TIME_MAX 40   /* of a time as text */
#define SEND_MS 10000 /* a client that takes nothing for so long loses the notification */

static char *
time_text(int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	char buf[TIME_MAX];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, sizeof buf, "%Y-%m-%dT%H:%M:%S", &tm);
	return xasprintf("%s.%03dZ", buf, (int)(ms % 1000));
}

/* A time of YANG as milliseconds; -1 if it is none. */
static int64_t
time_parse(const char *text)
{
	struct timespec t;

	if (ly_time_str2ts(text, &t) != LY_SUCCESS)
		return -1;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sends one, and frees it. */
static void
send_tree(struct netconf *s, struct lyd_node *tree, int64_t ms)
{
	struct nc_server_notif *n =
	    nc_server_notif_new(tree, time_text(ms), NC_PARAMTYPE_FREE);

	if (n && nc_server_notif_send(s->nc, n, SEND_MS) == NC_MSG_NOTIF)
		s->out_notifs++;
	nc_server_notif_free(n);
}

/* replayComplete or notificationComplete: no filter applies (RFC 5277 2.1.1). */
static void
send_mark(struct netconf *s, const char *name)
{
	const struct lys_module *mod =
	    ly_ctx_get_module_implemented(s->ly, "nc-notifications");
	struct lyd_node *n = NULL;

	if (mod && lyd_new_inner(NULL, mod, name, 0, &n) == LY_SUCCESS)
		send_tree(s, n, session_now());
}

/* True if the client wants it; the tree may lose what the filter does not select. */
static bool
selected(struct netconf *s, struct lyd_node **tree)
{
	struct err e = { 0 };

	if (!nacm_notification(s->nacm, (*tree)->schema))
		return false;
	return filter_apply(tree, &s->sub.filter, 0, &e) && *tree;
}

static void
end_subscription(struct netconf *s)
{
	send_mark(s, "notificationComplete");
	notif_fini(s);
	nc_session_dec_notif_status(s->nc);
}

static void
send_event(struct netconf *s, const struct engine_event *ev)
{
	struct lyd_node *tree = NULL;
	struct ly_in *in = NULL;

	if (!s->sub.is)
		return;
	if (ev->head.number == 0) {
		if (s->sub.replaying)
			send_mark(s, "replayComplete");
		s->sub.replaying = false;
		return;
	}
	if (s->sub.stop_ms && ev->head.ms > s->sub.stop_ms)
		return;
	if (!ev->json || ly_in_new_memory(ev->json, &in) != LY_SUCCESS)
		return;
	if (lyd_parse_op(s->ly, NULL, in, LYD_JSON, LYD_TYPE_NOTIF_YANG, &tree, NULL) ==
		LY_SUCCESS &&
	    tree && selected(s, &tree)) {
		send_tree(s, tree, ev->head.ms);
		tree = NULL;
	}
	ly_err_clean(s->ly, NULL);
	lyd_free_all(tree);
	ly_in_free(in, 0);
}

void
notif_send_waiting(struct netconf *s)
{
	struct engine_event *ev;

	while ((ev = engine_event(&s->eng))) {
		send_event(s, ev);
		free(ev->json);
		free(ev);
	}
	if (s->sub.is && s->sub.stop_ms && !s->sub.replaying &&
	    session_now() >= s->sub.stop_ms)
		end_subscription(s);
}

int
notif_timeout(const struct netconf *s)
{
	int64_t left;

	if (!s->sub.is || !s->sub.stop_ms)
		return -1;
	left = s->sub.stop_ms - session_now();
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left + 1;
}

void
notif_fini(struct netconf *s)
{
	lyd_free_all(s->sub.rpc);
	s->sub = (struct subscription){ 0 };
}

/* RFC 5277 2.1.1: which times go together.  NULL if they do not fail. */
static const struct ctl_rpc_error *
times_wrong(int64_t start, int64_t stop, bool has_start, bool has_stop)
{
	static const struct ctl_rpc_error
	    invalid = { .tag = "bad-element",
		    .element = "startTime",
		    .text = "a time is not valid" },
	    future = { .tag = "bad-element",
		    .element = "startTime",
		    .text = "startTime is in the future" },
	    alone = { .tag = "missing-element",
		    .element = "startTime",
		    .text = "stopTime goes with startTime alone" },
	    before = { .tag = "bad-element",
		    .element = "stopTime",
		    .text = "stopTime is before startTime" };

	if ((has_start && start < 0) || (has_stop && stop < 0))
		return &invalid;
	if (has_start && start > session_now())
		return &future;
	if (has_stop && !has_start)
		return &alone;
	return has_stop && stop <= start ? &before : NULL;
}

static struct nc_server_reply *
op_subscribe(struct netconf *s, const struct lyd_node *rpc)
{
	const char *stream = op_leaf(rpc, "stream");
	const char *start = op_leaf(rpc, "startTime"), *stop = op_leaf(rpc, "stopTime");
	struct ctl_rpc m = { .op = CTL_OP_SUBSCRIBE };
	int64_t stop_ms = stop ? time_parse(stop) : 0;
	const struct ctl_rpc_error *wrong;

	m.time = start ? time_parse(start) : session_now();
	m.flags = start ? CTL_RPC_REPLAY : 0;
	wrong = times_wrong(m.time, stop_ms, start, stop);
	if (wrong)
		return reply_error(s->ly, wrong);
	if (stream && strcmp(stream, "NETCONF") != 0)
		return reply_fail(
		    s->ly, "invalid-value", NULL, "there is no stream %s", stream);
	if (s->sub.is)
		return reply_fail(s->ly, "operation-failed", NULL,
		    "this session has a subscription already");
	if (!engine_ask(&s->eng, &m, NULL, NULL))
		return op_engine_error(s);
	s->sub =
	    (struct subscription){ .is = true, .replaying = start, .stop_ms = stop_ms };
	lyd_dup_single(rpc, NULL, LYD_DUP_RECURSIVE, &s->sub.rpc);
	s->sub.filter = op_filter(op_child(s->sub.rpc, "filter"));
	nc_session_inc_notif_status(s->nc);
	return nc_server_reply_ok();
}

const struct op ops_notif[] = {
	{ "notifications", "create-subscription", op_subscribe },
	{ NULL, NULL, NULL },
};
