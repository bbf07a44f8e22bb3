/* SPDX-License-Identifier: ISC */
/* bgpd/rib_key.h: the key of a route, as the RIB of any family sees it.
 *
 * What    Two byte strings: a head that many routes share (RD and Ethernet tag
 *         for EVPN, empty for unicast) and a tail.  Equal keys have equal bytes.
 *         The family (bgpd/afi.h) makes and reads them; the RIB only compares.
 */
#ifndef EVPND_BGPD_RIB_KEY_H
#define EVPND_BGPD_RIB_KEY_H

#include <stdint.h>

#define RIB_HEAD_MAX 12
#define RIB_TAIL_MAX 255 /* a route keeps its tail's length in one octet */

struct rib_key_head {
	uint8_t len;		 /* bytes used, 0 or RIB_HEAD_MAX */
	uint8_t b[RIB_HEAD_MAX]; /* RD (8), Ethernet tag (4, big-endian) */
};

struct rib_key {
	struct rib_key_head head;
	uint16_t len;		    /* bytes of the tail used */
	uint8_t tail[RIB_TAIL_MAX]; /* type octet first for EVPN */
};

#endif
