/* SPDX-License-Identifier: ISC */
/* evpn/findings.h: what evpnd found wrong with the machine's settings.
 *
 * What    A sorted table of struct zl_finding, kept up to date by the data plane's
 *         word; `show evpn doctor` prints it.
 * Owns    Its entries.
 */
#ifndef EVPND_EVPN_FINDINGS_H
#define EVPND_EVPN_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zebra-lite/zl_proto.h"

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

#endif
