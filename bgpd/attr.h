/* SPDX-License-Identifier: ISC */
/* bgpd/attr.h: BGP path attributes: bytes <-> struct attrs, by one table.
 *
 * What    struct attrs is the decoded view of all path attributes but the NLRI.
 *         Each attribute is a row of a table (attr.c): code, name, required flags,
 *         decode, encode, and what RFC 7606 says when it is wrong.
 * Pure    attr_decode() allocates only from the caller's arena; pointers in the
 *         result borrow the arena or the message.
 * Verdict The worst fault of an UPDATE wins (RFC 7606 2, 3).  All attributes
 *         are still read when one is bad, unless the framing is lost.
 * Rules   RFC 4271 5, 6.3; 4456; 4760; 6793; 7606; 1997; 4360; 8092; 6514 (PMSI).
 */
#ifndef EVPND_BGPD_ATTR_H
#define EVPND_BGPD_ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/arena.h"
#include "lib/wire.h"

enum attr_code {
	ATTR_ORIGIN = 1,
	ATTR_AS_PATH = 2,
	ATTR_NEXT_HOP = 3,
	ATTR_MED = 4,
	ATTR_LOCAL_PREF = 5,
	ATTR_ATOMIC_AGGREGATE = 6,
	ATTR_AGGREGATOR = 7,
	ATTR_COMMUNITIES = 8,
	ATTR_ORIGINATOR_ID = 9,
	ATTR_CLUSTER_LIST = 10,
	ATTR_MP_REACH = 14,
	ATTR_MP_UNREACH = 15,
	ATTR_EXT_COMMUNITIES = 16,
	ATTR_AS4_PATH = 17,
	ATTR_AS4_AGGREGATOR = 18,
	ATTR_PMSI_TUNNEL = 22,
	ATTR_IPV6_EXT_COMMUNITIES = 25,
	ATTR_LARGE_COMMUNITIES = 32,
};

/* Attribute Flags, RFC 4271 4.3. */
enum {
	ATTR_OPTIONAL = 0x80,
	ATTR_TRANSITIVE = 0x40,
	ATTR_PARTIAL = 0x20,
	ATTR_EXTENDED = 0x10,
};

/* RFC 7606 outcomes, ordered: the worst one seen in an UPDATE wins. */
enum upd_verdict { UPD_OK, UPD_ATTR_DISCARD, UPD_WITHDRAW, UPD_AFI_DISABLE, UPD_RESET };

struct upd_fault {
	enum upd_verdict verdict;
	uint8_t code, subcode; /* of the NOTIFICATION when the verdict is UPD_RESET */
	uint8_t attr;	       /* attribute code, 0 if none */
	const char *why;       /* static text */
	const uint8_t *data;   /* attribute as received, for the NOTIFICATION; borrowed */
	uint16_t datalen;
	uint16_t afi; /* with UPD_AFI_DISABLE: the family */
	uint8_t safi;
	uint16_t discarded; /* attributes dropped, whatever the verdict is */
};

enum { ORIGIN_IGP = 0, ORIGIN_EGP = 1, ORIGIN_INCOMPLETE = 2 };

/* Presence bits of struct attrs. */
enum {
	HAS_ORIGIN = 1 << 0,
	HAS_AS_PATH = 1 << 1,
	HAS_NEXT_HOP = 1 << 2,
	HAS_MED = 1 << 3,
	HAS_LOCAL_PREF = 1 << 4,
	HAS_ATOMIC = 1 << 5,
	HAS_AGGREGATOR = 1 << 6,
	HAS_ORIGINATOR = 1 << 7,
	HAS_PMSI = 1 << 8,
	HAS_AS_SET =
	    1
	    << 9, /* the path has a set, which RFC 9774 deprecates: accepted, to be counted */
	HAS_WEIGHT = 1 << 10, /* of this router alone: never sent, never received */
	/* The Partial bit, which once set stays (RFC 4271 5). */
	PARTIAL_AGGREGATOR = 1 << 16,
	PARTIAL_COMMS = 1 << 17,
	PARTIAL_ECOMS = 1 << 18,
	PARTIAL_PMSI = 1 << 19,
	PARTIAL_LCOMMS = 1 << 20,
};

struct attrs {
	uint32_t has;	/* HAS_* */
	uint8_t origin; /* ORIGIN_* */
	struct ip
	    nexthop; /* of NEXT_HOP; of MP_REACH where the UPDATE's user puts it (update.h) */
	uint32_t med;
	uint32_t local_pref;
	uint32_t weight;	   /* what a route-map gave it (HAS_WEIGHT) */
	uint32_t originator;	   /* ORIGINATOR_ID, host order */
	uint32_t aggr_as, aggr_ip; /* AGGREGATOR, host order */
	uint16_t aspath_len;	   /* bytes */
	uint16_t nclusters;	   /* CLUSTER_LIST */
	uint16_t ncomms;	   /* COMMUNITIES */
	uint16_t necoms;	   /* EXTENDED COMMUNITIES */
	uint16_t nlcomms;	   /* LARGE COMMUNITIES */
	uint16_t unknown_len;	   /* bytes */
	const uint8_t *aspath;	   /* segments with 4-octet ASes, wire order (aspath.h) */
	const uint32_t *clusters;  /* host order */
	const uint32_t *comms;	   /* host order, sorted by attrset */
	const struct ecom *ecoms;  /* sorted by attrset */
	const uint8_t (*lcomms)[12]; /* wire order, sorted by attrset */
	const uint8_t *
	    unknown; /* unknown transitive attributes, whole, Partial bit set; sorted by attrset */
	uint8_t pmsi_flags;  /* PMSI tunnel, RFC 6514 5 */
	uint8_t pmsi_type;   /* 6 = ingress replication */
	uint32_t pmsi_label; /* 24-bit field: VNI for VXLAN */
	uint8_t pmsi_id_len; /* bytes of pmsi_id */
	uint8_t pmsi_id[17]; /* tunnel identifier; longer ones are kept as unknown */
};

#define PMSI_INGRESS_REPLICATION 6

/* What the session knows that decoding depends on. */
struct attr_ctx {
	bool as4;	   /* both sides speak 4-octet AS numbers (RFC 6793) */
	bool ibgp;	   /* LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST are legal */
	uint32_t local_as; /* own AS */
	uint32_t
	    first_as; /* received eBGP paths must begin with this AS (RFC 4271 6.3); 0 = any */
	unsigned
	    deaf; /* families of bgpd/afi.h not agreed on, as bits: nobody reads them */
};

/* MP_REACH_NLRI or MP_UNREACH_NLRI as found; nlri borrows the message. */
struct mp_nlri {
	bool present;
	uint16_t afi;
	uint8_t safi;
	struct ip nexthop; /* MP_REACH */
	struct rbuf nlri;  /* bytes of the NLRI field */
};

/* Reads a whole path attribute field of an UPDATE.  What depends on the NLRI (mandatory attributes,
 * RFC 7606 5.2) is update.c's.  True if there was any attribute but MP_UNREACH_NLRI. */
bool attr_decode(struct rbuf *r, const struct attr_ctx *ctx, struct arena *arena,
    struct attrs *a, struct mp_nlri *reach, struct mp_nlri *unreach,
    struct upd_fault *fault);

/* Writes every attribute but MP_REACH/MP_UNREACH and NEXT_HOP (which the UPDATE writer places),
 * in ascending order of code.  LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST and non-transitive extended
 * communities only if ctx->ibgp. */
void attr_encode(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);

/* "AS_PATH"; "unknown". */
const char *attr_name(uint8_t code);

#endif
