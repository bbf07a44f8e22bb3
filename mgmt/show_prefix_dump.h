/* SPDX-License-Identifier: ISC */
/* mgmt/show_prefix_dump.h: prefixes of a VRF, sorted, in slices.
 *
 * What    First the prefixes that a filter lets through are collected, then given back
 *         in order, each as it is at that moment; what went meanwhile is left out.
 * Owns    The collected keys, until prefix_dump_end().
 */
#ifndef EVPND_MGMT_SHOW_PREFIX_DUMP_H
#define EVPND_MGMT_SHOW_PREFIX_DUMP_H

#include "evpn/evpn_show_l3.h"
#include "mgmt/show.h"

struct show_sort;

struct prefix_dump {
	struct evpn *evpn;	   /* borrowed */
	char vrf[ZL_IFNAME];	   /* whose */
	struct evpn_vrf_walk walk; /* while keys are collected */
	struct show_sort *keys;	   /* owned */
	bool collected;		   /* all of them */
};

/* Of a VRF that is not there: an empty one. */
void prefix_dump_begin(struct prefix_dump *d, struct evpn *e, const char *vrf);
/* One slice; true when all are there. */
bool prefix_dump_collect(const struct show_ctx *c, struct prefix_dump *d,
    bool (*keep)(void *arg, const struct evpn_show_prefix *p), void *arg);
uint32_t prefix_dump_count(const struct prefix_dump *d); /* collected */
bool prefix_dump_next(struct prefix_dump *d, struct evpn_show_prefix *out);
void prefix_dump_end(struct prefix_dump *d);

#endif
