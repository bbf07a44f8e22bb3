/* SPDX-License-Identifier: ISC */
/* mgmt/state_priv.h: a walk over the state from inside; for mgmt/state*.c that make it go.
 *
 * How     A stack of levels, one a node on the way down.  Each turn does one thing: opens a
 *         level, writes an entry with its leaves, goes to a child, or closes the level.
 */
#ifndef EVPND_MGMT_STATE_PRIV_H
#define EVPND_MGMT_STATE_PRIV_H

#include "mgmt/state.h"
#include "mgmt/state_node.h"

#define STATE_DEPTH_MAX 12 /* nodes on the way down */
#define STATE_PREDS_MAX 6  /* predicates of one step */

/* One step of the path; its texts are in the walk's copy of it. */
struct state_step {
	const char *name; /* of the node or leaf */
	struct state_pred {
		const char *leaf, *value; /* [leaf='value'] */
	} pred[STATE_PREDS_MAX];	  /* predicates */
	unsigned npreds;		  /* of them */
};

struct state_level {
	const struct state_node *node; /* static */
	const struct state_step *step; /* of the path, NULL below its end; borrowed */
	void *mem;		       /* a list's; owned */
	bool opened;		       /* its bracket is written */
	bool entry;		       /* a list: an entry is open */
	bool once;    /* a list: all keys were asked for, and looked up */
	unsigned kid; /* the next child */
	uint32_t n;   /* entries written */
};

struct state_walk {
	struct engine *eng;			 /* borrowed */
	struct out *out;			 /* of this slice; borrowed */
	char *path;				 /* cut into pieces; owned */
	struct state_step step[STATE_DEPTH_MAX]; /* of the path */
	unsigned nsteps;			 /* of them, the root included */
	const char *leaf;			 /* the path ends in this one; or NULL */
	uint32_t limit;				 /* entries of a long list, 0: all */
	struct state_level lv[STATE_DEPTH_MAX];	 /* the way down */
	unsigned depth;				 /* levels in use */
	bool begun, ended;			 /* the outermost brackets */
	bool skipped;				 /* this turn gave nothing */
};

/* Cuts the path into w->step and w->leaf, holding it against the nodes. */
bool state_path_parse(struct state_walk *w, const char *path, struct err *e);

#endif
