/* SPDX-License-Identifier: ISC */
/* bgpd/nlri.h: EVPN NLRI: bytes <-> struct <-> key.
 *
 * What    One EVPN route as RFC 7432 7, RFC 9136 3 and RFC 9572 write it.  Types
 *         1 to 5 are understood; any other type is opaque: kept as bytes, shown,
 *         reflected untouched, never imported.
 * Key     Exactly the RFC's key.  Type 1: RD, ESI, tag.  2: RD, tag, MAC, IP.
 *         3: RD, tag, originator.  4: RD, ESI, originator.  5: RD, tag, prefix.
 *         The ESI of types 2 and 5, labels and the gateway belong to the path.
 *         A key has a head (RD and tag: 12 bytes that many routes share, interned
 *         by the RIB) and a tail (type octet first).
 * Pure    No allocation, no log, no lookup.  `raw` borrows the reader's bytes.
 * Cost    About 15 ns a type-2 decode; the way of bgpd/afi.h to a key takes a third.
 */
#ifndef EVPND_BGPD_NLRI_H
#define EVPND_BGPD_NLRI_H

#include "bgpd/rib_key.h"
#include "lib/addr.h"
#include "lib/wire.h"

enum evpn_type {
	EVPN_EAD = 1,	 /* Ethernet auto-discovery */
	EVPN_MACIP = 2,	 /* MAC/IP advertisement */
	EVPN_IMET = 3,	 /* inclusive multicast Ethernet tag */
	EVPN_ES = 4,	 /* Ethernet segment */
	EVPN_PREFIX = 5, /* IP prefix */
};

#define EVPN_TAG_MAX_ET 0xffffffffu /* MAX-ET, RFC 7432 8.2.1 */

struct evpn_nlri {
	uint8_t type;	    /* enum evpn_type or any other octet (opaque) */
	struct rd rd;	    /* types 1 to 5 */
	uint32_t tag;	    /* Ethernet tag: 1, 2, 3, 5 */
	struct esi esi;	    /* 1, 4 (key); 2, 5 (path) */
	struct mac mac;	    /* 2 */
	struct ip ip;	    /* 2: host or none; 3, 4: originator; 5: prefix address */
	uint8_t plen;	    /* 5: prefix length, bits */
	struct ip gw;	    /* 5: gateway, len 0 when all zero */
	uint32_t label[2];  /* 24-bit label fields; VNI for VXLAN */
	uint8_t nlabels;    /* 0 (3, 4), 1, or 2 (type 2 with an L3 label) */
	const uint8_t *raw; /* opaque: body after the length octet; borrowed */
	uint8_t rawlen;	    /* opaque: its bytes */
};

/* Verdict on one NLRI whose length octet could be framed. */
enum nlri_result {
	NLRI_OK,	/* decoded (opaque ones too) */
	NLRI_MALFORMED, /* framed, but its body is not what its type says: skip this one */
	NLRI_TRUNCATED, /* the length goes past the field: nothing after it can be read */
};

/* Reads one NLRI; on MALFORMED the reader stands at the next one. */
enum nlri_result evpn_nlri_decode(struct rbuf *r, struct evpn_nlri *n);
/* Writes one NLRI with type and length; fails w when it does not fit. */
void evpn_nlri_encode(struct wbuf *w, const struct evpn_nlri *n);

void evpn_nlri_key(const struct evpn_nlri *n, struct rib_key *k);
/* The key's fields; labels, gateway and the ESI of types 2 and 5 stay zero.
 * `tail` is borrowed by an opaque result. */
void evpn_nlri_from_key(const struct rib_key_head *head, const uint8_t *tail, size_t len,
    struct evpn_nlri *n);

/* "[2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.0.0.1]", without the RD; the text of
 * the FRR dialect.  Returns buf. */
#define EVPN_NLRI_STRLEN 600
char *evpn_nlri_format(const struct evpn_nlri *n, char buf[EVPN_NLRI_STRLEN]);

#endif
