/* SPDX-License-Identifier: ISC */
/* evpn/news.h: what happens in EVPN, for whoever tells operators.
 *
 * What    One listener hears of each change of an instance or a VRF, of hosts that
 *         move or move too often, of entries that somebody else took out of the
 *         kernel, and of the first refusal of a write.
 * Rules   Called from the middle of whatever happens: the listener may read by
 *         evpn_show.h and take notes, no more.  Texts are good for the call.
 */
#ifndef EVPND_EVPN_NEWS_H
#define EVPND_EVPN_NEWS_H

#include "evpn/evpn_show.h"

enum evpn_news_kind {
	EVPN_NEWS_VNI,	     /* vni, up, why */
	EVPN_NEWS_VRF,	     /* vrf, vni (of layer 3, 0 none), up, why */
	EVPN_NEWS_MOVED,     /* vni, mac, where, vtep, seq */
	EVPN_NEWS_DUPLICATE, /* vni, mac, ip (none: the MAC), frozen, moves */
	EVPN_NEWS_DRIFT,     /* obj: its key */
	EVPN_NEWS_FAILURE,   /* obj */
};

struct evpn_news {
	enum evpn_news_kind kind;
	uint32_t vni;
	const char *vrf;
	bool up;
	const char *why; /* "" when up */
	struct mac mac;
	struct ip ip;
	enum evpn_where where;
	struct ip vtep; /* when it is remote */
	uint32_t seq;	/* of the side that has it */
	bool frozen;
	uint32_t moves;
	struct evpn_show_failure obj;
};

/* NULL: nobody listens. */
void evpn_on_news(
    struct evpn *e, void (*fn)(void *arg, const struct evpn_news *n), void *arg);

/* ---- for evpn/ alone ---- */

struct evi;
struct vrf;

void news_vni(struct evpn *e, const struct evi *evi, bool up, const char *why);
void news_vrf(struct evpn *e, const struct vrf *v, bool up, const char *why);
void news_moved(struct evpn *e, uint32_t mac);	   /* its handle */
void news_duplicate(struct evpn *e, uint32_t mac); /* the same */
/* An address that several MACs claim. */
void news_duplicate_ip(
    struct evpn *e, uint32_t vni, struct ip ip, struct mac mac, bool frozen);
void news_drift(struct evpn *e, uint32_t ref);
void news_failure(struct evpn *e, uint32_t ref);

#endif
