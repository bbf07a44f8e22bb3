/* SPDX-License-Identifier: ISC */
/* evpn/fib.h: wanted objects on their way to the data plane, and what became of them.
 *
 * What    An object whose wanted content changed stands in the queue once.  Frames
 *         of up to ZL_WANT_MAX records leave while fewer than FIB_WINDOW are
 *         unanswered; each object is in at most one of them.  A result moves the
 *         object on: installed, failed (kept, shown, tried again later), or gone.
 * States  NONE -> PENDING -> INSTALLED | FAILED -> PENDING ...; any -> DELETING ->
 *         NONE.  An object is freed by its owner only in NONE (fib_idle()).
 * Late    What was refused since it was decided without knowing of a local host (ESTALE) is no
 *         failure: that host has been heard of meanwhile, so what is wanted now is sent.
 * First   Nothing leaves before the data plane has said all that it found: local hosts and
 *         others' routes win over what BGP says of the same.
 * Parked  An object whose VNI is not up (a neighbour: has no SVI) is not sent; it
 *         stays PENDING or DELETING until its owner's job RESEND.  One that leads over
 *         another object which was not sent, or failed, waits for that (evpn/hop.h).
 * Sync    fib_sync() asks for the sweep; ZL_SYNC_END leaves once the owner allows it,
 *         the import cursor has seen the whole RIB and the queue is empty, so nothing
 *         from before a restart is swept before what replaces it is wanted.
 * Owns    Frames in flight and the table of failures; objects belong to their tables.
 */
#ifndef EVPND_EVPN_FIB_H
#define EVPND_EVPN_FIB_H

#include "evpn/obj.h"
#include "lib/hidx.h"
#include "lib/loop.h"
#include "lib/slab.h"

enum fib_state {
	FIB_NONE,      /* not wanted and, as far as we know, not there */
	FIB_PENDING,   /* wanted, not confirmed */
	FIB_INSTALLED, /* wanted and confirmed */
	FIB_FAILED,    /* wanted or not, the last write failed; tried again later */
	FIB_DELETING,  /* not wanted, removal not confirmed */
};

enum {
	FIB_WANTED = 1,	  /* the owner wants it installed */
	FIB_QUEUED = 2,	  /* in the queue */
	FIB_INFLIGHT = 4, /* in an unanswered frame */
	FIB_CHANGED = 8,  /* changed since that frame */
	FIB_SET = 16,	  /* the record in flight is a SET */
	FIB_ERROR = 32,	  /* has a record in the table of failures */
	FIB_THERE = 64,	  /* a SET was sent since it was last known to be absent */
};

#define FIB_WINDOW 16

/* A write that failed, until it succeeds or is not wanted any more. */
struct fib_failure {
	uint32_t ref;	     /* object */
	uint32_t next, prev; /* list of failures */
	int32_t error;	     /* errno */
	uint32_t attempts;   /* failed in a row */
	struct mono due;     /* next attempt */
	char text[48];	     /* the kernel's words, cut */
};

struct fib_frame {
	uint32_t seq;		    /* of the ZL_WANT */
	uint16_t n;		    /* records */
	uint32_t refs[ZL_WANT_MAX]; /* objects */
};

/* For `show`; of this engine, unlike lib/stats.h's. */
struct fib_counters {
	uint64_t sent;	  /* records */
	uint64_t ok;	  /* that succeeded */
	uint64_t failed;  /* that failed */
	uint64_t retries; /* sent again after a failure */
	uint64_t drift;	  /* entries that somebody else removed or changed */
	uint64_t syncs;	  /* sweeps asked for */
	uint64_t late;	  /* records refused as decided too early */
};

struct fib {
	uint32_t head, tail;	  /* queue: refs */
	uint32_t queued;	  /* objects in it */
	struct fib_frame *frames; /* owned ring of FIB_WINDOW */
	uint32_t first, nframes;  /* oldest unanswered one, and how many */
	uint32_t seq;		  /* of the next frame */
	uint32_t heard;		  /* ZL_MAC and ZL_NEIGH frames of this channel */
	uint8_t *buf;		  /* owned: the frame being written, or held back */
	size_t held;		  /* bytes of a frame that the channel did not take */
	bool blocked;		  /* the channel is full: wait for fib_ready() */
	bool sync_due;		  /* a ZL_SYNC_END is owed */
	uint32_t sync_epoch;	  /* of the last ZL_OBSERVED_BEGIN, for the ZL_SYNC_END */
	bool sync_held;		  /* evpn_hold_sweep() */
	bool sync_allowed;	  /* the RIB has been filled (End-of-RIB or timer) */
	bool resync_due;	  /* a ZL_RESYNC is owed */
	struct loop_work work;	  /* sends */
	struct loop_timer retry;  /* looks for failures that are due */
	struct slab fails;	  /* struct fib_failure */
	struct hidx fail_idx;	  /* ref -> failure */
	uint32_t fail_head;	  /* list of failures, latest first */
	struct fib_counters n;	  /* for show */
};

void fib_init(struct evpn *e);
void fib_fini(struct evpn *e);

/* The object is wanted, or its wanted content has changed. */
void fib_want(struct evpn *e, uint32_t ref);
/* It is not wanted any more; its owner is told by X_settled() when it is gone for sure. */
void fib_unwant(struct evpn *e, uint32_t ref);
/* Nothing of it is in the kernel or on the way: it may be freed. */
static inline bool
fib_idle(const struct obj *o)
{
	return o->fib == FIB_NONE &&
	       !(o->bits & (FIB_QUEUED | FIB_INFLIGHT | FIB_WANTED));
}

/* Sends the object again (a walk over all of an owner's calls it for each). */
void fib_again(struct evpn *e, uint32_t ref);
/* The owner's devices are gone, and our entries with them; a VRF's that of its L3VNI at least. */
void fib_evi_gone(struct evpn *e, struct evi *evi);
void fib_vrf_gone(struct evpn *e, struct vrf *v);

bool fib_result(struct evpn *e, const uint8_t *body, size_t len);
bool fib_lost(struct evpn *e, const uint8_t *body, size_t len);
void fib_ready(struct evpn *e);	  /* the channel can take more */
void fib_restart(struct evpn *e); /* a new channel: nothing is in flight */
void fib_sync(struct evpn *e);
void fib_sync_allow(struct evpn *e);
void fib_sync_hold(struct evpn *e, bool hold);
void fib_resync(struct evpn *e); /* ask the data plane to say all again */
/* Looks again whether the sweep may be asked for. */
void fib_kick(struct evpn *e);
/* Another message on the channel; false if it takes no more now (fib.blocked until it does). */
bool fib_transmit(struct evpn *e, uint16_t type, const void *body, size_t len);
const struct fib_failure *fib_failure(
    const struct evpn *e, uint32_t ref); /* NULL if none */
/* Failures, latest first: *at 0 to begin; then the ref of the one given last, 0xffffffff at the end.
 * One that was mended meanwhile ends the walk. */
const struct fib_failure *fib_failure_next(const struct evpn *e, uint32_t *at);
/* fib_fail.c: the record of a failure, made if missing; and its end. */
struct fib_failure *fib_fail_get(struct fib *f, struct obj *o, uint32_t ref);
void fib_fail_drop(struct fib *f, struct obj *o, uint32_t ref);
/* Key and content as they would be sent. */
void fib_describe(const struct evpn *e, uint32_t ref, struct zl_want *w);

#endif
