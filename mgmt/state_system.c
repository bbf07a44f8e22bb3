/* SPDX-License-Identifier: ISC */
/* State of the program itself. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "lib/stats.h"
#include "mgmt/dp_counters.h"
#include "mgmt/event.h"

static void
system_leaves(struct state_walk *w)
{
	const struct engine *eng = state_engine(w);
	const struct bgp_conf *conf = eng->bgp ? bgp_conf(eng->bgp) : NULL;

	if (conf && conf->hostname)
		state_str(w, "name", conf->hostname);
	state_str(w, "version", PACKAGE_VERSION);
	state_time(w, "started", eng->started);
	if (eng->bgp)
		state_ip(w, "router-id", ip_v4(bgp_router_id(eng->bgp)));
	if (conf && conf->enabled)
		state_u32(w, "as", conf->as);
	if (state_wants(w, "heap-in-use")) {
		const struct mallinfo2 mi = mallinfo2();

		state_u64(w, "heap-in-use", mi.uordblks + mi.hblkhd);
	}
	state_u64(w, "longest-turn", (uint64_t)loop_stats(eng->loop)->longest_us);
}

const struct state_node state_system = { .name = "system", .leaves = system_leaves };

/* ---- counters ---- */

struct counter_at {
	const char *process; /* of the open entry, NULL at first; static */
	const char *name;    /* of it; static, or borrowed from the counters */
	uint64_t value;	     /* its count */
};

/* Those of the engine, then those that the other process told. */
static bool
counter_step(const struct engine *eng, struct counter_at *at)
{
	const struct counter *own = NULL;
	const struct dp_counter *theirs;

	if (!at->process || strcmp(at->process, "engine") == 0) {
		own = stats_after(at->process ? at->name : "");
		if (own) {
			*at = (struct counter_at){ "engine", own->name, own->n };
			return true;
		}
		at->name = "";
	}
	theirs = eng->dp_counters ? dp_counters_after(eng->dp_counters, at->name) : NULL;
	if (!theirs)
		return false;
	*at = (struct counter_at){ "kernel", theirs->name, theirs->n };
	return true;
}

static enum state_got
counter_next(struct state_walk *w)
{
	struct counter_at *at = state_mem(w, 0);
	const char *process = state_asked(w, "process"), *name = state_asked(w, "name");

	if (!counter_step(state_engine(w), at))
		return STATE_END;
	if ((process && strcmp(process, at->process) != 0) ||
	    (name && strcmp(name, at->name) != 0))
		return STATE_SKIP;
	return STATE_ENTRY;
}

static void
counter_leaves(struct state_walk *w)
{
	const struct counter_at *at = state_mem(w, 0);

	state_str(w, "process", at->process);
	state_str(w, "name", at->name);
	state_u64(w, "value", at->value);
}

static const struct state_node counter = { .name = "counter",
	.keys = { "process", "name" },
	.size = sizeof(struct counter_at),
	.next = counter_next,
	.leaves = counter_leaves };
static const struct state_node *const counter_kids[] = { &counter, NULL };

const struct state_node state_counters = { .name = "counters", .kids = counter_kids };

/* ---- events ---- */

struct event_at {
	uint64_t number; /* of the open entry, 0 at first */
};

static enum state_got
event_next(struct state_walk *w)
{
	const struct events *v = state_engine(w)->events;
	struct event_at *at = state_mem(w, 0);
	const char *asked = state_asked(w, "number");
	const struct event *ev = v ? event_after(v, at->number) : NULL;
	char text[24];

	if (!ev)
		return STATE_END;
	at->number = ev->number;
	snprintf(text, sizeof text, "%llu", (unsigned long long)ev->number);
	return !asked || strcmp(asked, text) == 0 ? STATE_ENTRY : STATE_SKIP;
}

static void
event_leaves(struct state_walk *w)
{
	const struct event_at *at = state_mem(w, 0);
	const struct event *ev = event_after(state_engine(w)->events, at->number - 1);
	char text[STATE_TIME_STRLEN];

	state_u64(w, "number", ev->number);
	state_str(w, "time", state_time_format(ev->ms, text));
	state_str(w, "name", event_name(ev->kind));
	state_str(w, "text", ev->text);
}

static void
events_leaves(struct state_walk *w)
{
	const struct events *v = state_engine(w)->events;

	if (!v)
		return;
	state_u64(w, "count", event_last(v));
	state_u64(w, "suppressed", event_suppressed(v));
}

static const struct state_node event = { .name = "event",
	.keys = { "number" },
	.size = sizeof(struct event_at),
	.next = event_next,
	.leaves = event_leaves };
static const struct state_node *const event_kids[] = { &event, NULL };

const struct state_node state_events = {
	.name = "events", .leaves = events_leaves, .kids = event_kids
};
