/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_count.c: tells the engine this process's counters, while they change. */
#include "config.h"

#include <stdio.h>

#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/zl.h"

#define COUNT_EVERY_US MONO_SEC(3)

static void
add(const char *name, uint64_t n, void *sum)
{
	(void)name;
	*(uint64_t *)sum += n;
}

/* All of them, in as many frames as it takes. */
static void
tell(struct zl *z)
{
	struct wbuf w = wb_init(z->out, ZL_MSG_MAX);
	const struct counter *c;
	struct zl_counter m;
	unsigned n = 0;

	for (c = stats_after(""); c; c = stats_after(c->name)) {
		snprintf(m.name, sizeof m.name, "%s", c->name);
		m.n = c->n;
		zl_counter_encode(&w, &m);
		if (++n % ZL_OBS_MAX)
			continue;
		chan_send(&z->chan, ZL_COUNTERS, w.start, wb_len(&w), -1);
		w = wb_init(z->out, ZL_MSG_MAX);
	}
	if (wb_len(&w) > 0)
		chan_send(&z->chan, ZL_COUNTERS, w.start, wb_len(&w), -1);
}

static void
on_tick(struct loop_timer *t)
{
	struct zl *z = container_of(t, struct zl, count_tick);
	uint64_t sum = 0;

	if (!z->attached)
		return;
	loop_timer_start(z->loop, t, COUNT_EVERY_US);
	stats_foreach(add, &sum);
	/* The first word comes after the engine's, with everything else. */
	if (!z->configured || chan_full(&z->chan) || sum == z->counted)
		return;
	z->counted = sum;
	tell(z);
}

void
zl_count_init(struct zl *z)
{
	loop_timer_init(&z->count_tick, on_tick);
}

void
zl_count_start(struct zl *z)
{
	z->counted = 0;
	loop_timer_start(z->loop, &z->count_tick, MONO_SEC(1));
}

void
zl_count_stop(struct zl *z)
{
	loop_timer_stop(&z->count_tick);
}
