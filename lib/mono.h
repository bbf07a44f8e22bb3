/* SPDX-License-Identifier: ISC */
/* lib/mono.h: monotonic time as a type of its own.
 *
 * What    A point in monotonic time, in microseconds.  A struct, so that
 *         seconds cannot be added to it by accident.
 * Rules   Pure state machines take `struct mono now` as an argument and never
 *         read a clock; only lib/loop.h does.
 */
#ifndef EVPND_LIB_MONO_H
#define EVPND_LIB_MONO_H

#include <stdbool.h>
#include <stdint.h>

struct mono {
	int64_t us; /* microseconds since an arbitrary start; 0 = never */
};

#define MONO_SEC(n) ((int64_t)(n)*1000000)
#define MONO_MS(n) ((int64_t)(n)*1000)

static inline struct mono
mono_add(struct mono t, int64_t us)
{
	return (struct mono){ t.us + us };
}

/* Microseconds from `earlier` to `later`. */
static inline int64_t
mono_diff(struct mono later, struct mono earlier)
{
	return later.us - earlier.us;
}

static inline bool
mono_before(struct mono a, struct mono b)
{
	return a.us < b.us;
}

#endif
