/* SPDX-License-Identifier: ISC */
/* bgpd/rib_path.h: one path of a route, as the RIB stores it.
 *
 * What    Plain values that the codecs (bgpd/afi.h) read when they write a route
 *         to the wire; bgpd/rib.h says who owns them.
 */
#ifndef EVPND_BGPD_RIB_PATH_H
#define EVPND_BGPD_RIB_PATH_H

#include <stdint.h>

#include "lib/addr.h"

enum {
	PATH_STALE = 1,	     /* kept over a graceful restart (RFC 4724) */
	PATH_LABEL2 = 2,     /* label2 is present */
	PATH_INELIGIBLE = 4, /* loop: kept and shown, never best */
	PATH_LABEL1 = 8,     /* label1 is present */
	PATH_LOOP_AS = 16,
	PATH_LOOP_ORIGINATOR = 32,
	PATH_LOOP_CLUSTER = 64, /* why ineligible */
};

/* What of a path is neither key nor attribute set nor label: interned, 0 = all zero. */
struct path_aux {
	struct esi esi; /* types 2 and 5 */
	struct ip gw;	/* type 5 gateway */
};

struct rib_path {
	uint32_t next;	   /* slab handle of the next path, 0 none */
	uint32_t attrs;	   /* attribute set; ref */
	uint32_t aux;	   /* interned struct path_aux; ref */
	uint32_t when;	   /* seconds of the loop's clock at the last change */
	uint16_t peer;	   /* index into rib->peers; 0 = local */
	uint16_t flags;	   /* PATH_* */
	uint8_t label1[3]; /* 24-bit label fields, network order */
	uint8_t label2[3];
};

static inline uint32_t
rib_label(const uint8_t b[3])
{
	return (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
}

#endif
