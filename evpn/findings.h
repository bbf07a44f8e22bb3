/* SPDX-License-Identifier: ISC */
/* evpn/findings.h: what was found wrong with the machine's settings, and with what the fabric says.
 *
 * What    A sorted table of struct zl_finding, kept up to date by the data plane's
 *         word; `show evpn doctor` prints it.  After these, findings_vrf.c: what the engine
 *         itself knows of VRFs, worked out when it is asked for, with codes of its own.
 * Owns    Its entries.
 */
#ifndef EVPND_EVPN_FINDINGS_H
#define EVPND_EVPN_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zebra-lite/zl_proto.h"

/* Codes beyond those of the data plane; the subject is a VRF, the VNI its L3VNI. */
enum {
	FIND_VRF_DOWN = ZL_FIND_END, /* a VRF with an L3VNI is not up; text says why */
	FIND_RMAC_SHARED, /* a router MAC is said by several VTEPs, or is our own */
	FIND_HOP_FAILED,  /* next hops are not in the kernel */
	FIND_VNI_OTHER,	  /* routes ask for a VNI that the device cannot send */
	FIND_GATEWAY,	  /* routes with an overlay index that is not resolved */
	FIND_ROUTES,	  /* routes that cannot be used for another reason */
	FIND_CODES,
};

struct finding {
	struct zl_finding f; /* op is ZL_SET */
	bool seen;	     /* said since findings_begin() */
};

struct findings {
	struct finding *a; /* owned; by code, VNI, subject */
	size_t n, cap;	   /* used and allocated */
};

void findings_init(struct findings *t);
void findings_fini(struct findings *t);
/* A body of ZL_FINDING; false if it is malformed. */
bool findings_message(struct findings *t, const uint8_t *body, size_t len);
/* Between both, all is said again; findings_end() forgets what was not. */
void findings_begin(struct findings *t);
void findings_end(struct findings *t);
/* The first finding behind this one in order (all zero: the first of all); NULL at the end. */
const struct zl_finding *findings_after(
    const struct findings *t, const struct zl_finding *last);

struct evpn;

/* Where a walk over the engine's own findings is; all zero: at the start. */
struct findings_walk {
	char vrf[ZL_IFNAME]; /* looked at last, "" none */
	unsigned check;	     /* of its checks the next one, 0 none is left */
};
/* The next one, VRF by VRF; false at the end. */
bool findings_vrf_next(struct evpn *e, struct findings_walk *w, struct zl_finding *out);

#endif
