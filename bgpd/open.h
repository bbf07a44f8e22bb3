/* SPDX-License-Identifier: ISC */
/* bgpd/open.h: the OPEN message and its capabilities.
 *
 * What    struct open_msg <-> bytes.  open_decode() checks what needs no context,
 *         open_check() the rest against what is configured; both say exactly what
 *         the NOTIFICATION must say.
 * Limits  OPEN_FAMILIES families a capability are remembered, more are skipped.
 * Text    Hostname and software version come with control octets replaced.
 * Rules   RFC 4271 4.2, 6.2; 5492; 9072 (long parameters, both ways); 4760; 2918;
 *         7313; 6793; 8654; 4724; 8538; 9494; 7911; 8950; 6286 (identifier);
 *         7607 (AS 0).  FQDN and software version as their drafts have them.
 */
#ifndef EVPND_BGPD_OPEN_H
#define EVPND_BGPD_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/msg.h"
#include "bgpd/notification.h"

enum open_cap_code {
	CAP_MULTIPROTOCOL = 1,
	CAP_ROUTE_REFRESH = 2,
	CAP_EXT_NEXT_HOP = 5,
	CAP_EXT_MESSAGE = 6,
	CAP_GRACEFUL_RESTART = 64,
	CAP_AS4 = 65,
	CAP_ADD_PATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_LLGR = 71,
	CAP_FQDN = 73,
	CAP_SOFTWARE_VERSION = 75,
	CAP_ROUTE_REFRESH_OLD = 128,
};

/* Presence bits of struct open_msg. */
enum {
	OPEN_MP = 1 << 0,
	OPEN_REFRESH = 1 << 1,
	OPEN_EXT_NEXT_HOP = 1 << 2,
	OPEN_EXT_MESSAGE = 1 << 3,
	OPEN_GR = 1 << 4,
	OPEN_AS4 = 1 << 5,
	OPEN_ADD_PATH = 1 << 6,
	OPEN_ENHANCED_REFRESH = 1 << 7,
	OPEN_LLGR = 1 << 8,
	OPEN_FQDN = 1 << 9,
	OPEN_SOFTWARE = 1 << 10,
};

#define OPEN_FAMILIES 16
#define OPEN_TEXT_MAX 256
#define AS_TRANS 23456

/* One family of one capability; what arg means is the capability's. */
struct open_family {
	uint16_t afi; /* address family */
	uint8_t safi; /* subsequent address family */
	uint32_t
	    arg; /* GR: flags (OPEN_GR_FORWARDING); LLGR: flags in the top octet, seconds
	                  below; ADD-PATH: 1 receive, 2 send, 3 both; extended next hop: AFI of the
	                  next hop; MP: 0 */
};

struct open_families {
	uint8_t n;			     /* families in v */
	struct open_family v[OPEN_FAMILIES]; /* in order of the message */
};

#define OPEN_GR_FORWARDING 0x80 /* RFC 4724 3: forwarding state kept for the family */

struct open_msg {
	uint8_t version;	   /* 4 */
	uint16_t as2;		   /* My Autonomous System as in the fixed part */
	uint32_t as;		   /* the sender's AS: of the AS4 capability, else as2 */
	uint16_t hold;		   /* seconds, 0 or >= 3 */
	uint32_t id;		   /* BGP identifier, host order */
	uint32_t has;		   /* OPEN_* */
	bool extended;		   /* optional parameters in the form of RFC 9072 */
	struct open_families mp;   /* multiprotocol */
	struct open_families gr;   /* graceful restart */
	struct open_families llgr; /* long-lived graceful restart */
	struct open_families add_path;
	struct open_families ext_next_hop;
	uint16_t gr_time;     /* restart time, seconds, 12 bits */
	bool gr_restarting;   /* R bit: the sender has restarted */
	bool gr_notification; /* N bit (RFC 8538) */
	char hostname[OPEN_TEXT_MAX], domain[OPEN_TEXT_MAX]; /* FQDN; "" none */
	char software[OPEN_TEXT_MAX]; /* software version; "" none */
};

/* Body of an OPEN.  False: f says what to answer. */
bool open_decode(struct rbuf body, struct open_msg *o, struct bgp_fault *f);
/* A whole message, header included.  as2 is worked out from as; the form of RFC 9072 is used if
 * o->extended or if the parameters need it. */
void open_encode(struct wbuf *w, const struct open_msg *o);

enum open_as_rule { OPEN_AS_ANY, OPEN_AS_NUMBER, OPEN_AS_INTERNAL, OPEN_AS_EXTERNAL };

struct open_expect {
	enum open_as_rule rule; /* what remote-as says */
	uint32_t remote_as;	/* with OPEN_AS_NUMBER */
	uint32_t local_as;	/* own AS */
	uint32_t local_id;	/* own BGP identifier */
};

/* Against the configuration.  False: f says what to answer. */
bool open_check(
    const struct open_msg *o, const struct open_expect *e, struct bgp_fault *f);

bool open_has_family(const struct open_families *fs, uint16_t afi, uint8_t safi);
void open_add_family(struct open_families *fs, uint16_t afi, uint8_t safi, uint32_t arg);

#endif
