/* SPDX-License-Identifier: ISC */
/* zebra-lite/apply_priv.h: what apply.c and apply_l3.c share.
 *
 * What    A record's result, room in the batch, and the way from apply.c to the records of
 *         routing and their messages' results.
 */
#ifndef EVPND_ZEBRA_LITE_APPLY_PRIV_H
#define EVPND_ZEBRA_LITE_APPLY_PRIV_H

#include "zebra-lite/apply.h"

/* The record's first failure is its result. */
void apply_fail(struct apply *a, unsigned rec, int err, const char *text);
/* Room for one more message, which this is about. */
struct nl_batch *apply_room(struct apply *a, struct apply_op op);
/* What is needed of a VNI for a SET, NULL (and the record has failed) if it is not there. */
const struct iface_vni *apply_vni_up(struct apply *a, unsigned rec);

/* apply_l3.c. */
void apply_l3_record(struct apply *a, unsigned rec);
void apply_l3_result(struct apply *a, unsigned i);

#endif
