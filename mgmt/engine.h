/* SPDX-License-Identifier: ISC */
/* mgmt/engine.h: the engine as a whole, as commands and commits see it.
 *
 * What    The one struct from which everything of a running engine is reached.
 *         mgmt/main.c makes it; tests make one with what they need.
 * Owns    Nothing by itself: mgmt/main.c makes and frees each member.
 */
#ifndef EVPND_MGMT_ENGINE_H
#define EVPND_MGMT_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/loop.h"
#include "mgmt/cli_grammar.h"
#include "mgmt/plan.h"

struct addrs;
struct bgp;
struct cli;
struct commits;
struct conf;
struct datastore;
struct dp_counters;
struct events;
struct evpn;
struct findings;
struct live_ask;
struct underlay;

/* The kernel's word on a configuration; e is good for this call alone. */
typedef void preflight_done(void *arg, bool ok, const struct err *e);

struct engine {
	struct loop *loop;		 /* borrowed */
	struct bgp *bgp;		 /* NULL in tests of configuration alone */
	struct evpn *evpn;		 /* NULL the same */
	struct underlay *underlay;	 /* NULL the same */
	const struct findings *findings; /* of the machine's settings; NULL the same */
	const struct addrs *addrs;	 /* of the machine's interfaces; NULL the same */
	const struct conf *conf; /* applied configuration; owned by mgmt/commit.c */
	struct datastore *ds;	 /* running and candidate trees */
	struct commits *commits; /* commits under way, and those that were */
	struct events *events;	 /* what happened lately; NULL in tests */
	const struct dp_counters *dp_counters; /* of evpnd; NULL without it */
	const struct cli *cli;		       /* the grammar */
	const char *conf_file; /* path of the configuration file, NULL none */
	const char *rundir;    /* run directory, NULL none */
	uint16_t listen_port;  /* -p, goes into bgp_conf.listen_port */
	bool kernel;	       /* false with --no-kernel */
	bool dp_up;	       /* the channel to zebra-lite is open */
	struct mono started;   /* when the engine started */
	/* Words for completion (mgmt/live.h); NULL none. */
	bool (*live)(const struct engine *eng, const struct live_ask *ask,
	    void (*fn)(void *arg, const char *word, const char *text), void *arg);
	/* A new configuration was committed: converge to it (never fails). */
	void (*apply)(struct engine *eng, const struct conf *conf);
	/* Whether the kernel could have it: done is called exactly once, perhaps before this
	 * returns.  conf is borrowed for the call.  NULL: nobody is asked. */
	void (*preflight)(
	    struct engine *eng, const struct conf *conf, preflight_done *done, void *arg);
	/* What the devices of a configuration would take (mgmt/plan.h).  NULL: nobody is asked. */
	void (*plan)(struct engine *eng, const struct conf *conf, plan_fn *fn, void *arg);
	void (*plan_forget)(struct engine *eng, void *arg);
	void *priv; /* struct app */
};

#endif
