/* SPDX-License-Identifier: ISC */
/* Counters that another process told; the contract is in the header. */
#include "config.h"

#include "mgmt/dp_counters.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

void
dp_counters_fini(struct dp_counters *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->a[i].name);
	free(t->a);
	*t = (struct dp_counters){ 0 };
}

/* Where the first name is that is not below this one. */
static size_t
place(const struct dp_counters *t, const char *name)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (strcmp(t->a[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
dp_counters_set(struct dp_counters *t, const char *name, uint64_t n)
{
	const size_t i = place(t, name);

	if (i < t->n && strcmp(t->a[i].name, name) == 0) {
		t->a[i].n = n;
		return;
	}
	if (t->n == DP_COUNTERS_MAX)
		return;
	t->a = xrealloc(t->a, (t->n + 1) * sizeof *t->a);
	memmove(t->a + i + 1, t->a + i, (t->n - i) * sizeof *t->a);
	t->a[i] = (struct dp_counter){ xstrdup(name), n };
	t->n++;
}

const struct dp_counter *
dp_counters_after(const struct dp_counters *t, const char *name)
{
	size_t i = place(t, name);

	if (i < t->n && strcmp(t->a[i].name, name) == 0)
		i++;
	return i < t->n ? &t->a[i] : NULL;
}
