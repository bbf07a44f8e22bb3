/* SPDX-License-Identifier: ISC */
/* NOTIFICATION messages and the names of what they say. */
#include "config.h"

#include "bgpd/notification.h"

#include <string.h>

#include "bgpd/msg.h"
#include "bgpd/text.h"
#include "lib/util.h"

struct error_names {
	const char *name;	     /* of the code */
	const char *const *subcodes; /* by number; NULL where there is none */
	size_t nsubcodes;	     /* entries of subcodes */
};

static const char *const header_names[] = { "Unspecific", "Connection Not Synchronized",
	"Bad Message Length", "Bad Message Type" };
static const char *const open_names[] = { "Unspecific", "Unsupported Version Number",
	"Bad Peer AS", "Bad BGP Identifier", "Unsupported Optional Parameter", NULL,
	"Unacceptable Hold Time", "Unsupported Capability", NULL, NULL, NULL,
	"Role Mismatch" };
static const char *const update_names[] = { "Unspecific", "Malformed Attribute List",
	"Unrecognized Well-known Attribute", "Missing Well-known Attribute",
	"Attribute Flags Error", "Attribute Length Error", "Invalid ORIGIN Attribute",
	NULL, "Invalid NEXT_HOP Attribute", "Optional Attribute Error",
	"Invalid Network Field", "Malformed AS_PATH" };
static const char *const fsm_names[] = { "Unspecific",
	"Unexpected Message in OpenSent State", "Unexpected Message in OpenConfirm State",
	"Unexpected Message in Established State" };
static const char *const cease_names[] = { "Unspecific",
	"Maximum Number of Prefixes Reached", "Administrative Shutdown",
	"Peer De-configured", "Administrative Reset", "Connection Rejected",
	"Other Configuration Change", "Connection Collision Resolution",
	"Out of Resources", "Hard Reset", "BFD Down" };
static const char *const refresh_names[] = { "Unspecific", "Invalid Message Length" };
static const char *const plain_names[] = { "Unspecific" };

#define NAMES(text, list)                                                                \
	{                                                                                \
		text, list, ARRAY_LEN(list)                                              \
	}

static const struct error_names errors[] = {
	[BGP_ERR_HEADER] = NAMES("Message Header Error", header_names),
	[BGP_ERR_OPEN] = NAMES("OPEN Message Error", open_names),
	[BGP_ERR_UPDATE] = NAMES("UPDATE Message Error", update_names),
	[BGP_ERR_HOLD_TIMER] = NAMES("Hold Timer Expired", plain_names),
	[BGP_ERR_FSM] = NAMES("Finite State Machine Error", fsm_names),
	[BGP_ERR_CEASE] = NAMES("Cease", cease_names),
	[BGP_ERR_REFRESH] = NAMES("ROUTE-REFRESH Message Error", refresh_names),
	[BGP_ERR_SEND_HOLD_TIMER] = NAMES("Send Hold Timer Expired", plain_names),
};

bool
bgp_fault_set(struct bgp_fault *f, uint8_t code, uint8_t subcode, const void *data,
    size_t len, const char *why)
{
	f->code = code;
	f->subcode = subcode;
	f->datalen = (uint8_t)MIN(len, sizeof f->data);
	if (f->datalen)
		memcpy(f->data, data, f->datalen);
	f->why = why;
	f->as = 0;
	return false;
}

bool
notification_decode(struct rbuf body, struct notification *n)
{
	n->code = rb_u8(&body);
	n->subcode = rb_u8(&body);
	n->hard = false;
	if (body.failed)
		return false;
	/* RFC 8538 3.1: the Data field of a Hard Reset holds the code, subcode and data that it
	 * is about.  One that holds nothing stays what it is. */
	if (n->code == BGP_ERR_CEASE && n->subcode == BGP_CEASE_HARD_RESET &&
	    rb_left(&body) >= 2) {
		n->code = rb_u8(&body);
		n->subcode = rb_u8(&body);
		n->hard = true;
	}
	n->data = body.pos;
	n->datalen = rb_left(&body);
	return true;
}

void
notification_encode(struct wbuf *w, const struct notification *n)
{
	size_t m = msg_begin(w, MSG_NOTIFICATION);

	if (n->hard) {
		wb_u8(w, BGP_ERR_CEASE);
		wb_u8(w, BGP_CEASE_HARD_RESET);
	}
	wb_u8(w, n->code);
	wb_u8(w, n->subcode);
	wb_bytes(w, n->data, n->datalen);
	msg_end(w, m);
}

char *
notification_shutdown_text(const struct notification *n, char buf[NOTIFICATION_TEXT_MAX])
{
	struct rbuf d = rb_init(n->data, n->datalen);
	size_t len;

	buf[0] = '\0';
	if (n->code != BGP_ERR_CEASE ||
	    (n->subcode != BGP_CEASE_SHUTDOWN && n->subcode != BGP_CEASE_RESET))
		return buf;
	len = rb_u8(&d);
	/* RFC 9003 3: a length that does not fit the message makes the text invalid. */
	if (len <= rb_left(&d))
		text_sanitize(buf, NOTIFICATION_TEXT_MAX, d.pos, len);
	return buf;
}

size_t
notification_shutdown_data(const char *text, uint8_t buf[NOTIFICATION_TEXT_MAX])
{
	size_t len = text_utf8_cut(text, 255);

	buf[0] = (uint8_t)len;
	memcpy(buf + 1, text, len);
	return len + 1;
}

const char *
notification_code_name(uint8_t code)
{
	return code < ARRAY_LEN(errors) && errors[code].name ? errors[code].name
							     : "Unknown";
}

const char *
notification_subcode_name(uint8_t code, uint8_t subcode)
{
	const struct error_names *e;

	if (code >= ARRAY_LEN(errors))
		return "Unknown";
	e = &errors[code];
	return subcode < e->nsubcodes && e->subcodes[subcode] ? e->subcodes[subcode]
							      : "Unknown";
}
