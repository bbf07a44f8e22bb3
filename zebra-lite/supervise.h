/* SPDX-License-Identifier: ISC */
/* zebra-lite/supervise.h: starts the engine, watches it, and starts it again.
 *
 * What    The engine is a program of its own, run over a socket pair (its end is
 *         descriptor 3) under the same user id and with no capability: its exec
 *         gives up what this process keeps.
 * States  down -> starting (running, not ready) -> ready -> down; stopping ends.
 * Death   The kernel's tables stay; the next engine comes after a delay of 0.1 s,
 *         doubled up to 10 s while they die young (under 30 s).  An engine that ends
 *         by itself before any was ever ready has refused to start (a wrong
 *         configuration): the whole program ends with its exit status.
 * Signals SIGTERM, SIGINT: the engine is asked to end, killed after 10 s.  SIGHUP:
 *         passed on.
 * End     Entries of ours stay in the kernel, unless the operator says otherwise
 *         (flush).
 * Owns    The engine's process and the listening sockets.
 */
#ifndef EVPND_ZEBRA_LITE_SUPERVISE_H
#define EVPND_ZEBRA_LITE_SUPERVISE_H

#include <sys/types.h>

#include "lib/loop.h"
#include "zebra-lite/listen.h"
#include "zebra-lite/zl.h"

enum sup_state { SUP_DOWN, SUP_STARTING, SUP_READY, SUP_STOPPING };

struct supervise {
	struct loop *loop;	    /* borrowed */
	struct zl *zl;		    /* borrowed */
	char *const *argv;	    /* borrowed: the engine's path and arguments */
	char *const *argv_again;    /* borrowed: the same for one that follows another */
	struct listeners listeners; /* passed to each engine */
	enum sup_state state;	    /* see above */
	pid_t pid;		    /* of the engine, 0 none */
	bool was_ready;		    /* some engine was ready once */
	struct mono started;	    /* when the engine was */
	int64_t delay;		    /* before the next start, microseconds */
	struct loop_timer timer;    /* start again, or kill */
	bool flush;	 /* take our entries out of the kernel at a clean end */
	int exit_status; /* for the whole program */
};

/* The data plane's callbacks; their argument is the struct supervise. */
extern const struct zl_ops supervise_zl_ops;

void supervise_init(struct supervise *s, struct loop *l, struct zl *zl, char *const *argv,
    char *const *argv_again);
void supervise_fini(struct supervise *s);
/* Starts the engine and takes the signals; the loop is stopped when all is over. */
void supervise_start(struct supervise *s);

#endif
