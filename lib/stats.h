/* SPDX-License-Identifier: ISC */
/* lib/stats.h: named counters, cheap enough for production.
 *
 * What    COUNT(name) adds one to a counter that the linker collects; every drop
 *         has a counter of its own.  stats_foreach() lists them for `show counters`.
 * Use     At file scope COUNTER(mac_moved); then COUNT(mac_moved) or COUNT_ADD(.., n).
 */
#ifndef EVPND_LIB_STATS_H
#define EVPND_LIB_STATS_H

#include <stdint.h>

struct counter {
	const char *name;     /* as shown */
	uint64_t n;	      /* the count */
	struct counter *next; /* list of all counters */
};

#define COUNTER(nm)                                                                      \
	static struct counter counter_##nm = { #nm, 0, 0 };                              \
	__attribute__((constructor)) static void counter_register_##nm(void)             \
	{                                                                                \
		stats_register(&counter_##nm);                                           \
	}                                                                                \
	_Static_assert(1, "")
#define COUNT(nm) (counter_##nm.n++)
#define COUNT_ADD(nm, k) (counter_##nm.n += (uint64_t)(k))

void stats_register(struct counter *c);
/* The first one whose name comes after this one ("" to begin); NULL at the end. */
const struct counter *stats_after(const char *name);
/* In order of name. */
void stats_foreach(void (*fn)(const char *name, uint64_t n, void *arg), void *arg);

#endif
