/* SPDX-License-Identifier: ISC */
/* mgmt/dp_counters.h: counters of the process that reads and writes the kernel, as it told them last.
 *
 * What    Name and count, for `show counters` and the state.  The other process tells
 *         all of them from time to time; mgmt/app_dp.c brings them here.
 * Bounds  DP_COUNTERS_MAX of them; more are left out.
 * Owns    The names.
 */
#ifndef EVPND_MGMT_DP_COUNTERS_H
#define EVPND_MGMT_DP_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#define DP_COUNTERS_MAX 512

struct dp_counter {
	char *name; /* owned */
	uint64_t n; /* the count */
};

struct dp_counters {
	struct dp_counter *a; /* owned; in order of name */
	size_t n;	      /* of them */
};

void dp_counters_fini(struct dp_counters *t);
void dp_counters_set(struct dp_counters *t, const char *name, uint64_t n);
/* The first whose name comes after this one ("" to begin); NULL at the end; good until the next
 * dp_counters_set(). */
const struct dp_counter *dp_counters_after(const struct dp_counters *t, const char *name);

#endif
