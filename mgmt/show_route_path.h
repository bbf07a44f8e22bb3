/* SPDX-License-Identifier: ISC */
/* mgmt/show_route_path.h: pieces of a path that the short and the long form share.
 *
 * What    Private to mgmt/show_route*.c.
 */
#ifndef EVPND_MGMT_SHOW_ROUTE_PATH_H
#define EVPND_MGMT_SHOW_ROUTE_PATH_H

#include "mgmt/show_route.h"

/* A path with what both forms look up; all borrowed for the call. */
struct show_path {
	const struct rib_path *p;
	const struct attrset *set;  /* its attributes, interned */
	const struct attrs *a;	    /* and decoded */
	const struct rib_peer *src; /* where it came from */
	const char *hostname;	    /* of it, "" unknown */
	const struct nht_hop *hop;  /* its next hop, NULL if it is not tracked */
	bool best;
	bool usable; /* may be best */
};

/* "10010", or with a second label "10010/5000"; false without any.  The VNI of a type 3 is in its
 * tunnel attribute (RFC 8365 5.1.3). */
#define LABELS_STRLEN 24
bool show_path_labels(const struct show_path *sp, char buf[LABELS_STRLEN]);
void show_path_init(struct show_path *sp, const struct show_ctx *c,
    const struct show_route *s, const struct rib_path *p);
const char *show_path_from(const struct show_path *sp); /* "internal" or "external" */
const char *show_origin_name(uint8_t origin);
/* "*>i[2]:..." and the end of the line */
void show_path_prefix_line(
    struct out *o, const struct show_route *s, const struct show_path *sp);
/* valid, bestpath with its reason, stale, pathFrom */
void show_path_json_status(
    struct out *o, const struct show_route *s, const struct show_path *sp);
/* metric, locPrf, weight, extendedCommunity */
void show_path_json_attrs(struct out *o, const struct show_path *sp);
void show_path_json_nexthops(struct out *o, const struct show_path *sp, bool detail);

#endif
