/* SPDX-License-Identifier: ISC */
/* Events as lines: those that were, and those that come. */
#include "config.h"

#include "mgmt/show_events.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/event.h"
#include "mgmt/state_node.h"

/* Where the command is; subscribed while it monitors. */
struct reader {
	struct event_sub sub; /* first */
	struct show_ctx *ctx; /* to wake; borrowed */
	uint64_t number;      /* of the event that was written last */
};

/* {"evpnd:x":{"a":"b","c":1}} -> "a b, c 1": the leaves without JSON's marks. */
static void
put_leaves(struct out *o, const char *json)
{
	bool quoted = false;

	json = strchr(json, ':'); /* of the prefix */
	json = json ? strchr(json + 1, ':') : NULL;
	for (const char *p = json ? json + 1 : ""; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1])
			out_printf(o, "%c", *++p);
		else if (quoted || !strchr("{}:,", *p))
			out_printf(o, "%c", *p);
		else if (*p == ':')
			out_puts(o, " ");
		else if (*p == ',')
			out_puts(o, ", ");
	}
}

static enum out_tone
tone_of(enum event_kind kind)
{
	static const enum out_tone tones[EVENT_KINDS] = {
		[EVENT_SESSION_UP] = OUT_GOOD,
		[EVENT_SESSION_DOWN] = OUT_BAD,
		[EVENT_DUPLICATE] = OUT_BAD,
		[EVENT_KERNEL_DRIFT] = OUT_WARN,
		[EVENT_INSTALL_FAILURE] = OUT_BAD,
	};

	return tones[kind];
}

static void
put_event(const struct show_ctx *c, const struct event *ev)
{
	char when[STATE_TIME_STRLEN];
	struct out *o = c->out;

	state_time_format(ev->ms, when);
	if (!c->json) {
		out_printf(o, "%s ", when);
		out_toned(o, tone_of(ev->kind), "%-15s", event_name(ev->kind));
		out_puts(o, " ");
		put_leaves(o, ev->text);
		out_puts(o, "\n");
		return;
	}
	out_obj_begin(o, NULL);
	out_strf(o, "number", "%llu", (unsigned long long)ev->number);
	out_str(o, "time", when);
	out_raw(o, "event", ev->text);
	out_obj_end(o);
}

/* Writes what there is after the last one; false when that is all. */
static bool
go_on(const struct show_ctx *c, struct reader *r)
{
	const struct event *ev;

	while ((ev = event_after(c->eng->events, r->number)) != NULL) {
		put_event(c, ev);
		r->number = ev->number;
		if (out_full(c->out))
			return true;
	}
	return false;
}

static bool
show_events(struct show_ctx *c)
{
	if (!c->eng->events)
		return show_fail(c, "No events are kept");
	if (!c->state) {
		c->state = xcalloc(1, sizeof(struct reader));
		out_json_compact(c->out);
		if (c->json)
			out_arr_begin(c->out, NULL);
	}
	if (go_on(c, c->state))
		return true;
	if (c->json)
		out_arr_end(c->out);
	return false;
}

static void
on_event(struct event_sub *s)
{
	struct reader *r = (struct reader *)s;

	show_wake(r->ctx);
}

static bool
monitor_events(struct show_ctx *c)
{
	struct reader *r = c->state;

	if (!c->eng->events)
		return show_fail(c, "No events are kept");
	if (!r) {
		c->state = r = xcalloc(1, sizeof *r);
		r->ctx = c;
		r->number = event_last(c->eng->events);
		event_subscribe(c->eng->events, &r->sub, on_event);
		out_json_compact(c->out);
	}
	if (!go_on(c, r))
		c->waiting = true;
	return true;
}

static void
monitor_done(struct show_ctx *c)
{
	struct reader *r = c->state;

	if (r)
		event_unsubscribe(&r->sub);
	free(r);
}

static const struct show_cmd rows[] = {
	{ "show evpn events [json]", "What happened lately", show_events, NULL },
	{ "monitor events [json]", "What happens, as it happens, until it is interrupted",
	    monitor_events, monitor_done },
};

const struct show_table show_events_table = SHOW_TABLE(rows);
