/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov.h: devices that evpnd makes and keeps.
 *
 * What    The engine says fabric, tenants, networks and ports (zl_proto_prov.h); prov_want.c
 *         makes a table of devices of them, prov_diff.c compares it with the kernel,
 *         and the steps that come out are written here, or told as a plan.
 * Rounds  A comparison, its steps in slices, then the kernel's events, then again, until
 *         there are no steps: what needs a device that the round before has made comes
 *         in the next one.  Whatever changes behind our back starts a round too: that is
 *         how it is healed.  What the kernel refuses is tried again, at longer and longer
 *         intervals (1 s to 30 s), and said once.
 * When    Once interfaces are known, and the engine has said what it wants; not while dumping.
 * Owns    The sets, the table, the steps.  Borrows netlink and interfaces.
 */
#ifndef EVPND_ZEBRA_LITE_PROV_H
#define EVPND_ZEBRA_LITE_PROV_H

#include "lib/loop.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/prov_diff.h"

/* Records as they come in frames. */
struct prov_set {
	struct zl_prov *recs; /* owned */
	size_t n, cap;	      /* of them, and room */
	uint32_t req;	      /* its request */
};

struct prov_ops {
	/* Reads the events that our writes made. */
	void (*drain)(void *arg);
	/* The answer to a question about a link. */
	void (*link)(void *arg, const struct nlmsghdr *h);
	/* A frame of ZL_PLAN. */
	void (*send)(void *arg, const uint8_t *body, size_t len);
};

struct prov {
	struct loop *loop;	    /* borrowed */
	struct nl *nl;		    /* borrowed */
	const struct iface *f;	    /* borrowed */
	const struct prov_ops *ops; /* borrowed */
	void *arg;		    /* for ops */
	bool known;		    /* interfaces are: no dump is under way */
	struct prov_set in;	    /* being received */
	struct prov_set *asked;	    /* owned: questions that wait for the end of a dump */
	uint32_t nasked;	    /* of them */
	struct prov_set set;	    /* to be had; n 0 until the first one */
	bool said;		    /* the engine has said what is to be had */
	struct prov_want before;    /* that of the round before */
	struct prov_want want;	    /* the table of the running round */
	struct prov_left *left;	    /* owned: ports that were ours to place */
	uint32_t nleft;		    /* of them */
	struct prov_found found;    /* at the adopted bridge */
	struct prov_steps steps;    /* of the running round */
	uint32_t at;		    /* next of them */
	unsigned done, failed;	    /* steps of the running round */
	unsigned rounds;	    /* in a row, without anything new */
	bool again;		    /* something changed during the round */
	bool conf;		    /* sysctls are due */
	uint32_t complaint;	    /* hash of what was complained about last */
	int64_t backoff;	    /* next delay after a failure, microseconds */
	struct nl_batch batch;	    /* what is written */
	struct loop_work work;	    /* a slice of a round */
	struct loop_timer later;    /* after a failure, and for sysctls */
};

void prov_init(struct prov *p, struct loop *l, struct nl *nl, const struct iface *f,
    const struct prov_ops *ops, void *arg);
void prov_fini(struct prov *p);
/* A ZL_PROV body; false if it is malformed. */
bool prov_frame(struct prov *p, struct rbuf *r);
/* Interfaces have changed, and are known. */
void prov_changed(struct prov *p);
/* A dump begins: nothing is known until prov_changed(). */
void prov_pause(struct prov *p);
/* The engine is gone: devices stay, questions are forgotten. */
void prov_forget(struct prov *p);

/* prov_apply.c: puts a step into the batch; false if there is nothing to write. */
bool prov_put(struct nl_batch *b, const struct prov_step *s, const struct iface *f);
/* Writes a step that netlink cannot: 0 or errno; -1 if it is not one. */
int prov_write_file(const struct prov_step *s);

#endif
