/* SPDX-License-Identifier: ISC */
/* mgmt/show_route_view.h: the narrow views of a route: its labels, its overlay index.
 *
 * What    `show bgp l2vpn evpn all tags` and `... all overlay` of the FRR dialect: the
 *         lines and JSON of the table with other columns behind the next hop.
 */
#ifndef EVPND_MGMT_SHOW_ROUTE_VIEW_H
#define EVPND_MGMT_SHOW_ROUTE_VIEW_H

#include "mgmt/show_route.h"

struct show_path;

struct show_view {
	const char *title; /* of the columns behind "Network" and "Next Hop" */
	/* Writes the columns of a path, as text or as members of its object. */
	void (*text)(
	    struct out *o, const struct show_route *s, const struct show_path *sp);
	void (*json)(
	    struct out *o, const struct show_route *s, const struct show_path *sp);
};

extern const struct show_view show_view_tags, show_view_overlay;

/* Both return the paths written. */
unsigned show_view_lines(
    const struct show_ctx *c, const struct show_route *s, const struct show_view *v);
unsigned show_view_json_paths(
    const struct show_ctx *c, const struct show_route *s, const struct show_view *v);

#endif
