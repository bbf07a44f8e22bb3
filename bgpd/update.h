/* SPDX-License-Identifier: ISC */
/* bgpd/update.h: UPDATE messages taken apart, with the verdict of RFC 7606.
 *
 * What    update_decode() splits a body into what is withdrawn, what is announced
 *         (each field with its family and next hop) and the attributes.
 * Verdict u->fault.verdict tells the session what to do with the whole:
 *           UPD_OK            take it
 *           UPD_ATTR_DISCARD  take it; an attribute was dropped (count it)
 *           UPD_WITHDRAW      withdraw what u->reach announces, and u->withdraw
 *           UPD_AFI_DISABLE   the MP attribute of fault.afi/safi cannot be read:
 *                             stop that family, or reset if there is no other
 *           UPD_RESET         send NOTIFICATION fault.code/subcode/data, close
 *         NLRI fields are walked before a verdict is given (RFC 7606 3j), so that
 *         decoding them afterwards cannot lose the frame.
 * Use     For each u->withdraw[i] and u->reach[i]: loop family->decode() while
 *         rb_left() > 0.  For each reach, attrs.nexthop = reach.nexthop before
 *         interning.  Fields of families that are not in bgpd/afi.h have no family
 *         and are to be ignored, as are families not negotiated (RFC 4760 6).
 * Pure    Allocates from the caller's arena only; the result borrows arena and body.
 * Rules   RFC 4271 4.3, 6.3; 4760; 7606; 4724 2 (End-of-RIB).
 */
#ifndef EVPND_BGPD_UPDATE_H
#define EVPND_BGPD_UPDATE_H

#include "bgpd/afi.h"
#include "bgpd/attr.h"
#include "bgpd/msg.h"

/* One NLRI field. */
struct update_field {
	const struct afi_safi *family; /* NULL: not one of ours */
	uint16_t afi;		       /* as on the wire */
	uint8_t safi;
	struct ip nexthop; /* of a field that announces */
	struct rbuf nlri;  /* its bytes; borrowed */
};

struct update {
	struct update_field
	    withdraw[2]; /* Withdrawn Routes and MP_UNREACH_NLRI, where not empty */
	struct update_field reach[2]; /* NLRI and MP_REACH_NLRI, where not empty */
	uint8_t nwithdraw, nreach;    /* fields of each */
	bool eor; /* End-of-RIB of eor_afi/eor_safi; nothing else in it */
	uint16_t eor_afi;
	uint8_t eor_safi;
	struct attrs attrs;	/* valid with UPD_OK and UPD_ATTR_DISCARD */
	struct upd_fault fault; /* the worst that was found */
};

void update_decode(
    struct rbuf body, const struct attr_ctx *ctx, struct arena *arena, struct update *u);

const char *update_verdict_name(enum upd_verdict v); /* "ok", "treat-as-withdraw", ... */

#endif
