/* SPDX-License-Identifier: ISC */
/* bgpd/refresh.h: ROUTE-REFRESH (RFC 2918) and its enhanced form (RFC 7313).
 */
#ifndef EVPND_BGPD_REFRESH_H
#define EVPND_BGPD_REFRESH_H

#include "bgpd/msg.h"

enum refresh_type {
	REFRESH_REQUEST = 0, /* send it all again, please */
	REFRESH_BORR = 1,    /* beginning of route refresh */
	REFRESH_EORR = 2,    /* end of route refresh */
};

struct refresh {
	uint16_t afi;
	uint8_t safi;
	uint8_t type; /* enum refresh_type; others are to be ignored (RFC 7313 5) */
};

/* A framed ROUTE-REFRESH.  False: f says what to answer (RFC 7313 5). */
bool refresh_decode(const struct bgp_msg *m, struct refresh *r, struct bgp_fault *f);
void refresh_encode(struct wbuf *w, const struct refresh *r); /* a whole message */

#endif
