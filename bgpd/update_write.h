/* SPDX-License-Identifier: ISC */
/* bgpd/update_write.h: UPDATE messages put together, as full as they get.
 *
 * What    A writer is set up once for an attribute set, a next hop and a family
 *         (or for withdrawals of a family) and then yields message after message:
 *
 *           update_writer_init(&uw, family, nexthop, attrs, attrlen, max);
 *           update_writer_start(&uw, buf);
 *           while (more) {
 *                   if (!update_writer_add(&uw, head, tail, len, path, aux)) {
 *                           n = update_writer_finish(&uw);       buf holds a message
 *                           update_writer_start(&uw, next buf);  and add it again
 *                   }
 *           }
 *           n = update_writer_finish(&uw);                       0 if nothing was added
 *
 * How     MP_REACH_NLRI and MP_UNREACH_NLRI stand first (RFC 7606 5.1), the attribute
 *         block is copied behind them when the message is finished.  IPv4 unicast
 *         with an IPv4 next hop uses the fields of RFC 4271.
 * Owns    Nothing: family, attribute block and buffers are borrowed.
 */
#ifndef EVPND_BGPD_UPDATE_WRITE_H
#define EVPND_BGPD_UPDATE_WRITE_H

#include "bgpd/afi.h"
#include "bgpd/msg.h"

struct update_writer {
	struct wbuf w; /* the message; its end leaves room for the attributes */
	const struct afi_safi *family; /* what is written */
	const uint8_t *attrs; /* encoded by attr_encode(); NULL for withdrawals */
	size_t attrlen;	      /* its bytes */
	size_t max;	      /* octets of the longest message */
	struct ip nexthop;    /* announced with it */
	bool withdraw;	      /* MP_UNREACH_NLRI or Withdrawn Routes */
	bool classic;	      /* the fields of RFC 4271, not an MP attribute */
	size_t attr_at; /* where the length field around NLRI or attributes stands */
	size_t mp_at;	/* where that of the MP attribute stands */
	unsigned count; /* NLRI in the message so far */
};

/* False when attributes and one longest NLRI of 257 octets cannot share a message: such a route
 * cannot be sent (RFC 4271 9.2). */
bool update_writer_init(struct update_writer *uw, const struct afi_safi *family,
    struct ip nexthop, const uint8_t *attrs, size_t attrlen, size_t max);
void update_writer_init_withdraw(
    struct update_writer *uw, const struct afi_safi *family, size_t max);

/* buf has room for max octets. */
void update_writer_start(struct update_writer *uw, uint8_t *buf);
/* False when the message is full: the NLRI is not in it. */
bool update_writer_add(struct update_writer *uw, const struct rib_key_head *head,
    const uint8_t *tail, size_t len, const struct rib_path *path,
    const struct path_aux *aux);
/* Octets of the finished message, 0 if it has no NLRI. */
size_t update_writer_finish(struct update_writer *uw);

/* End-of-RIB of a family (RFC 4724 2): a whole message. */
void update_encode_eor(struct wbuf *w, const struct afi_safi *family);

#endif
