/* SPDX-License-Identifier: ISC */
/* bgpd/notification.h: NOTIFICATION: what went wrong, as bytes and as text.
 *
 * What    struct bgp_fault is what the codecs of header, OPEN and ROUTE-REFRESH
 *         return for what a peer got wrong: just what the NOTIFICATION says.
 *         struct notification is a received one.
 * Text    Names of all codes and subcodes that IANA lists; the shutdown
 *         communication (RFC 9003) made safe to print.
 * Rules   RFC 4271 4.5, 6; 4486; 6608; 7313 5; 8538; 9003; 9384; 9687.
 */
#ifndef EVPND_BGPD_NOTIFICATION_H
#define EVPND_BGPD_NOTIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/wire.h"

enum bgp_error {
	BGP_ERR_HEADER = 1,
	BGP_ERR_OPEN = 2,
	BGP_ERR_UPDATE = 3,
	BGP_ERR_HOLD_TIMER = 4,
	BGP_ERR_FSM = 5,
	BGP_ERR_CEASE = 6,
	BGP_ERR_REFRESH = 7,
	BGP_ERR_SEND_HOLD_TIMER = 8, /* RFC 9687 */
};

enum { /* subcodes of BGP_ERR_HEADER */
	BGP_HEADER_SYNC = 1,
	BGP_HEADER_LENGTH = 2,
	BGP_HEADER_TYPE = 3,
};
enum { /* of BGP_ERR_OPEN */
	BGP_OPEN_UNSPECIFIC = 0,
	BGP_OPEN_VERSION = 1,
	BGP_OPEN_PEER_AS = 2,
	BGP_OPEN_ID = 3,
	BGP_OPEN_PARAMETER = 4,
	BGP_OPEN_HOLD_TIME = 6,
	BGP_OPEN_CAPABILITY = 7,
	BGP_OPEN_ROLE = 11,
};
enum { /* of BGP_ERR_UPDATE */
	BGP_UPDATE_ATTR_LIST = 1,
	BGP_UPDATE_UNKNOWN_WELL_KNOWN = 2,
	BGP_UPDATE_MISSING = 3,
	BGP_UPDATE_FLAGS = 4,
	BGP_UPDATE_LENGTH = 5,
	BGP_UPDATE_ORIGIN = 6,
	BGP_UPDATE_NEXT_HOP = 8,
	BGP_UPDATE_OPTIONAL = 9,
	BGP_UPDATE_NETWORK = 10,
	BGP_UPDATE_AS_PATH = 11,
};
enum { /* of BGP_ERR_FSM: the state it was unexpected in (RFC 6608) */
	BGP_FSM_UNSPECIFIC = 0,
	BGP_FSM_OPENSENT = 1,
	BGP_FSM_OPENCONFIRM = 2,
	BGP_FSM_ESTABLISHED = 3,
};
enum { /* of BGP_ERR_CEASE */
	BGP_CEASE_MAX_PREFIX = 1,
	BGP_CEASE_SHUTDOWN = 2,
	BGP_CEASE_DECONFIGURED = 3,
	BGP_CEASE_RESET = 4,
	BGP_CEASE_REJECTED = 5,
	BGP_CEASE_CONFIG = 6,
	BGP_CEASE_COLLISION = 7,
	BGP_CEASE_RESOURCES = 8,
	BGP_CEASE_HARD_RESET = 9,
	BGP_CEASE_BFD_DOWN = 10,
};
enum { BGP_REFRESH_LENGTH = 1 }; /* of BGP_ERR_REFRESH (RFC 7313 5) */

#define BGP_FAULT_DATA_MAX 64

/* What a peer's message is answered with.  why is static text for our log. */
struct bgp_fault {
	uint8_t code, subcode;		  /* enum bgp_error and its subcode */
	uint8_t datalen;		  /* bytes of data */
	uint8_t data[BGP_FAULT_DATA_MAX]; /* Data field of the NOTIFICATION */
	const char *why;		  /* for the log; static */
	uint32_t as; /* said by the peer, with BGP_OPEN_PEER_AS; else 0 */
};

/* Fills f; data longer than BGP_FAULT_DATA_MAX is cut.  Returns false, for `return`. */
bool bgp_fault_set(struct bgp_fault *f, uint8_t code, uint8_t subcode, const void *data,
    size_t len, const char *why);

struct notification {
	uint8_t code, subcode; /* enum bgp_error and its subcode; unknown ones too */
	bool hard;	       /* it came inside a Hard Reset (RFC 8538 3) */
	const uint8_t *data;   /* borrowed from the message */
	size_t datalen;	       /* bytes of data */
};

/* Body of a NOTIFICATION.  A Hard Reset is opened: code, subcode and data are the inner ones.
 * False if it is too short to be one. */
bool notification_decode(struct rbuf body, struct notification *n);
/* A whole message, header included.  hard: wrapped into a Hard Reset. */
void notification_encode(struct wbuf *w, const struct notification *n);

#define NOTIFICATION_TEXT_MAX 256
/* The shutdown communication of a Cease (RFC 9003 2), control octets and broken UTF-8 replaced by
 * '?'; "" when there is none. */
char *notification_shutdown_text(
    const struct notification *n, char buf[NOTIFICATION_TEXT_MAX]);
/* The Data field for one: length octet and text, cut at 255 octets; returns its bytes. */
size_t notification_shutdown_data(const char *text, uint8_t buf[NOTIFICATION_TEXT_MAX]);

/* "Cease", "Administrative Shutdown"; never NULL ("Unknown"). */
const char *notification_code_name(uint8_t code);
const char *notification_subcode_name(uint8_t code, uint8_t subcode);

#endif
