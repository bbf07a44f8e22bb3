/* SPDX-License-Identifier: ISC */
/* tests/bench/phase.h: what is measured.
 *
 * What    A phase acts, waits for its end and fills a report; the program's arguments name
 *         the phases, in order.  phase.c has those of a reflector, phase_leaf.c those of a leaf,
 *         phase_l3.c those of a leaf with VRFs.
 * Clock   From the first byte that is written, or the first act, to the last that is read.
 */
#ifndef EVPND_TESTS_BENCH_PHASE_H
#define EVPND_TESTS_BENCH_PHASE_H

#include "tests/bench/kernel.h"
#include "tests/bench/load.h"

#define SINGLE_MAX 1000 /* routes beside the load, for `single` */

/* What a phase measured; printed as one JSON object. */
struct report {
	const char *name;
	double seconds; /* first byte written (or first act) to last route read */
	double first;	/* the same to the first route read; 0: not known */
	double median;	/* of many, where there are many */
	double p99;	/* of those */
	double act;	/* what the tool's own part took, where it has one */
	bool timeout;
	struct usage before, after;
	struct kcount kernel; /* events */
	uint32_t least, held; /* entries at worst and in the end, where checked */
	uint32_t away;	      /* MACs at the second VTEP in the end */
	bool checked;
	double gap; /* longest silence of the daemon towards a sender */
};

struct phase {
	const char *name;
	void (*run)(struct load *l, struct report *r, unsigned int arg);
	const char *help;
};

/* Those of each file; the last has no name. */
extern const struct phase phases_reflector[], phases_leaf[], phases_l3[];

/* "NAME" or "NAME=NUMBER": runs it and prints its report, a JSON object.  False if it did not end well. */
bool phase_run(struct load *l, const char *word, bool first);
void phase_help(void);

/* --- for phases ---------------------------------------------------------------------- */

struct goal {
	uint32_t routes;     /* each receiver holds so many */
	uint32_t imet;	     /* and so many type 3 routes */
	uint32_t fdb, neigh; /* kernel entries made, or removed */
	bool removed;
};

bool none_lost(struct load *l);
/* All senders say their bytes; when the first was written. */
double send_all(struct load *l, struct bytes *b);
/* From start to what the receivers read last and first. */
void times(struct load *l, double start, struct report *r);
/* The middle and the 99th of n values, which are sorted. */
void quantiles(struct report *r, double *t, uint32_t n);
/* Done when the first sender has said it all. */
bool sent(struct load *l, void *arg);
/* Opens the watch or clears its counts.  It is read every millisecond: to be woken by each event costs
 * whoever writes a third of the time. */
void watch_kernel(struct load *l, bool l3);
/* Never done: reads the kernel's events, so that they don't wake anybody twice. */
bool rest(struct load *l, void *arg);
/* A writer in a process of its own, while this one hears of what it writes, until done(). */
void heard(struct load *l, struct report *r,
    int (*write)(const struct load_conf *c, unsigned int arg), unsigned int arg,
    bool (*done)(struct load *l, void *arg), void *done_arg);

#endif
