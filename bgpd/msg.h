/* SPDX-License-Identifier: ISC */
/* bgpd/msg.h: BGP message framing: the 19-octet header, both ways.
 *
 * What    msg_frame() looks at what a stream has delivered and says: a whole
 *         message, more needed, or what the peer did wrong.
 * Limits  Length by type (RFC 4271 4.1, 6.1); up to 4096 octets, or 65535 for
 *         UPDATE, NOTIFICATION and ROUTE-REFRESH where extended messages were
 *         agreed (RFC 8654).
 * Owns    Nothing: a message borrows the caller's bytes.
 */
#ifndef EVPND_BGPD_MSG_H
#define EVPND_BGPD_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/notification.h"
#include "lib/wire.h"

enum bgp_msg_type {
	MSG_OPEN = 1,
	MSG_UPDATE = 2,
	MSG_NOTIFICATION = 3,
	MSG_KEEPALIVE = 4,
	MSG_ROUTE_REFRESH = 5,
};

#define MSG_HEADER_LEN 19
#define MSG_MAX 4096
#define MSG_MAX_EXTENDED 65535 /* RFC 8654 */

struct bgp_msg {
	uint8_t type;	      /* enum bgp_msg_type */
	uint16_t len;	      /* octets of the whole message */
	const uint8_t *start; /* its first octet; borrowed */
	struct rbuf body;     /* what follows the header */
};

enum msg_result { MSG_NEED_MORE, MSG_WHOLE, MSG_FAULT };

/* max is MSG_MAX or MSG_MAX_EXTENDED.  A fault is found as soon as the header is there. */
enum msg_result msg_frame(
    const uint8_t *p, size_t n, size_t max, struct bgp_msg *m, struct bgp_fault *f);

/* Header with room for the length, which msg_end() fills; returns the mark for it. */
size_t msg_begin(struct wbuf *w, enum bgp_msg_type type);
void msg_end(struct wbuf *w, size_t mark);
void msg_keepalive(struct wbuf *w); /* a whole KEEPALIVE */

const char *msg_type_name(uint8_t type); /* "OPEN"; "Unknown" */

#endif
