/* SPDX-License-Identifier: ISC */
/* mgmt/plan.h: what the devices of a configuration would take.
 *
 * What    engine->plan() asks evpnd, which compares them with the kernel (mgmt/app_prov.c);
 *         `show plan` prints the answer, and the preflight of a commit looks for errors
 *         in it.
 * Rules   fn is called for each step and each thing in the way, and with a subject of NULL
 *         at the end: exactly once, perhaps before plan() returns, unless plan_forget()
 *         was called with its arg.
 */
#ifndef EVPND_MGMT_PLAN_H
#define EVPND_MGMT_PLAN_H

enum plan_level {
	PLAN_DO,    /* a step */
	PLAN_NOTE,  /* something is in the way, and was before */
	PLAN_ERROR, /* something is in the way of what is new */
};

/* subject: the device; text: a sentence about it. */
typedef void plan_fn(
    void *arg, enum plan_level level, const char *subject, const char *text);

#endif
