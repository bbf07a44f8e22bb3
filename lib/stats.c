/* SPDX-License-Identifier: ISC */
/* The list of named counters. */
#include "config.h"

#include "lib/stats.h"

#include <stddef.h>
#include <string.h>

static struct counter *counters;

void
stats_register(struct counter *c)
{
	struct counter **p = &counters;

	while (*p && strcmp((*p)->name, c->name) < 0)
		p = &(*p)->next;
	c->next = *p;
	*p = c;
}

void
stats_foreach(void (*fn)(const char *name, uint64_t n, void *arg), void *arg)
{
	for (const struct counter *c = counters; c; c = c->next)
		fn(c->name, c->n, arg);
}

const struct counter *
stats_after(const char *name)
{
	const struct counter *c = counters;

	while (c && strcmp(c->name, name) <= 0)
		c = c->next;
	return c;
}
