/* SPDX-License-Identifier: ISC */
/* mgmt/show_route.h: one BGP route as text and JSON.
 *
 * What    The three forms of the FRR dialect: a line of the table, an object of the
 *         table's JSON, and the detail of one route in both.  Which routes are shown,
 *         and in what frame, is mgmt/show_bgp_evpn.c's.
 */
#ifndef EVPND_MGMT_SHOW_ROUTE_H
#define EVPND_MGMT_SHOW_ROUTE_H

#include "bgpd/nlri.h"
#include "bgpd/rib.h"
#include "mgmt/show.h"

/* What the dialect calls the length of every EVPN prefix. */
#define SHOW_ROUTE_PREFIX_LEN 352

/* A route with what every form needs of it. */
struct show_route {
	struct rib *rib; /* borrowed */
	bool beaten;	 /* a route of another RD wins: none of its paths is best */
	uint32_t handle; /* of the route */
	const struct rib_route *rt;  /* borrowed for the call */
	struct rib_key key;	     /* its key */
	struct evpn_nlri nlri;	     /* the key's fields; raw borrows key */
	char text[EVPN_NLRI_STRLEN]; /* "[2]:[0]:..." */
	char rd[RD_STRLEN];	     /* "10.0.0.1:2" */
};

void show_route_init(struct show_route *s, struct rib *r, uint32_t route);
/* The codes, and "Network  Next Hop ..."; communities: with a line for those. */
void show_route_table_head(const struct show_ctx *c, bool communities);

unsigned show_route_paths(const struct show_route *s); /* how many it has */

/* A table's lines: the prefix, then each path.  Returns the paths written. */
unsigned show_route_lines(const struct show_ctx *c, const struct show_route *s);
/* "paths":[...]; nested: each in an array of its own.  Returns the paths written. */
unsigned show_route_json_paths(
    const struct show_ctx *c, const struct show_route *s, bool nested);
/* The members of that array alone. */
unsigned show_route_json_members(
    const struct show_ctx *c, const struct show_route *s, bool nested);
/* What a neighbour is sent: the best path alone, its members beside the key's. */
void show_route_json_sent(
    const struct show_ctx *c, const struct show_route *s, const char *key);
/* routeType, ethTag and the other parts of the key as members. */
void show_route_json_key(struct out *o, const struct evpn_nlri *n);

/* The long form. */
unsigned show_route_detail(const struct show_ctx *c, const struct show_route *s);
/* An array (key NULL: unnamed) of paths in the long form. */
unsigned show_route_json_detail(
    const struct show_ctx *c, const struct show_route *s, const char *key);
unsigned show_route_json_detail_members(
    const struct show_ctx *c, const struct show_route *s);
/* "advertisedTo":{...} */
void show_route_json_advertised(const struct show_ctx *c, const struct show_route *s);

#endif
