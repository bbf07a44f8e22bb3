/* SPDX-License-Identifier: ISC */
/* mgmt/show_bgp_neighbor.h: what the texts and the JSON of a neighbour share.
 *
 * What    Private to mgmt/show_bgp_neighbor*.c.
 */
#ifndef EVPND_MGMT_SHOW_BGP_NEIGHBOR_H
#define EVPND_MGMT_SHOW_BGP_NEIGHBOR_H

#include "bgpd/peer.h"
#include "mgmt/show.h"

/* A capability: how it is called, and where it stands whether it was agreed on. */
struct neighbor_cap {
	const char *text, *json;
	size_t agreed; /* offset of a bool in struct peer_nego */
};

/* A counter of messages, both ways. */
struct neighbor_msg {
	const char *text, *json;
	size_t out, in; /* offsets in struct peer_counters */
};

enum { NEIGHBOR_CAPS = 4, NEIGHBOR_MSGS = 5 };
extern const struct neighbor_cap neighbor_caps[NEIGHBOR_CAPS];
extern const struct neighbor_msg neighbor_msgs[NEIGHBOR_MSGS];

bool neighbor_agreed(const struct peer *p, const struct neighbor_cap *cap);
uint64_t neighbor_count(const struct peer *p, size_t offset);
/* What it offers: to restart with its routes kept, to keep ours, or nothing. */
const char *neighbor_remote_gr(const struct peer_nego *n);
const char *neighbor_local_gr(const struct bgp_conf *c);
/* Milliseconds since the last message; it is up, with a hold time. */
int64_t neighbor_last_read_ms(const struct show_ctx *c, const struct peer *p);
/* The kernel's estimate, -1 if there is none. */
int neighbor_rtt_ms(const struct peer *p);

void neighbor_json(const struct show_ctx *c, const struct peer *p);
void neighbor_text(const struct show_ctx *c, const struct peer *p);

#endif
