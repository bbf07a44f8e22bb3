/* SPDX-License-Identifier: ISC */
/* mgmt/plan.h: what the devices of a configuration would take.
 *
 * What    engine->plan() asks evpnd, which compares them with the kernel (mgmt/app_prov.c);
 *         `show plan` prints the answer, and the preflight of a commit looks for errors
 *         in it.
 * Rules   fn is called for each step and each thing in the way, and with NULL at the end:
 *         exactly once, perhaps before plan() returns, unless plan_forget()
 *         was called with its arg.
 */
#ifndef EVPND_MGMT_PLAN_H
#define EVPND_MGMT_PLAN_H

#include <stdint.h>

enum plan_level {
	PLAN_DO,    /* a step */
	PLAN_NOTE,  /* something is in the way, and was before */
	PLAN_ERROR, /* something is in the way of what is new */
};

struct plan_item {
	enum plan_level level; /* what it is */
	const char *subject;   /* the device */
	const char *text;      /* a sentence about it */
	unsigned kind;	  /* what of the configuration it is about: enum zl_prov_kind */
	uint32_t vni;	  /* of that tenant or network, 0: the subject is its name */
	const char *leaf; /* of that, "" all of it */
};

/* NULL at the end. */
typedef void plan_fn(void *arg, const struct plan_item *item);

#endif
