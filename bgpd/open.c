/* SPDX-License-Identifier: ISC */
/* OPEN: the fixed part, the optional parameters and the checks of RFC 4271 6.2. */
#include "config.h"

#include "bgpd/open.h"

#include <string.h>

#include "bgpd/open_caps.h"
#include "lib/util.h"

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };

static const uint8_t bgp_version[2] = { 0, 4 };

static bool
malformed(struct bgp_fault *f, const char *why)
{
	/* RFC 4271 6.2: recognised but malformed is Unspecific. */
	return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_UNSPECIFIC, NULL, 0, why);
}

/* The capabilities of one parameter (RFC 5492 4). */
static bool
capabilities_decode(struct rbuf p, struct open_msg *o, struct bgp_fault *f)
{
	while (rb_left(&p) > 0) {
		uint8_t code = rb_u8(&p);
		struct rbuf v = rb_sub(&p, rb_u8(&p));

		if (v.failed)
			return malformed(f, "capability is cut short");
		if (!open_cap_decode(code, v, o))
			return malformed(f, "capability has a wrong length");
	}
	return true;
}

static bool
parameters_decode(struct rbuf r, struct open_msg *o, struct bgp_fault *f)
{
	while (rb_left(&r) > 0) {
		uint8_t type = rb_u8(&r);
		struct rbuf v = rb_sub(&r, o->extended ? rb_u16(&r) : rb_u8(&r));

		if (v.failed)
			return malformed(f, "optional parameter is cut short");
		if (type != PARAM_CAPABILITIES)
			return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_PARAMETER, NULL, 0,
			    "unknown optional parameter");
		if (!capabilities_decode(v, o, f))
			return false;
	}
	return true;
}

/* RFC 9072 2: the type octet 255 where the first parameter would begin, then two octets of length.
 * The one-octet length before it should be 255 too, but any value other than 0 is accepted. */
static bool
parameters_split(struct rbuf *r, struct open_msg *o)
{
	size_t len = rb_u8(r);

	if (len != 0 && rb_left(r) >= 3 && r->pos[0] == PARAM_EXTENDED) {
		o->extended = true;
		rb_u8(r);
		len = rb_u16(r);
	}
	return !r->failed && rb_left(r) == len;
}

static bool
hold_check(uint16_t hold, struct bgp_fault *f)
{
	const uint8_t data[2] = { (uint8_t)(hold >> 8), (uint8_t)hold };

	/* RFC 4271 6.2: one or two seconds MUST be rejected. */
	if (hold == 1 || hold == 2)
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_HOLD_TIME, data, 2,
		    "hold time of less than 3 seconds");
	return true;
}

static bool
as_check(const struct open_msg *o, struct bgp_fault *f)
{
	/* RFC 7607 2: zero is nobody's; RFC 6793 9: neither is AS_TRANS in four octets. */
	if (o->as == 0 || o->as2 == 0)
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_PEER_AS, NULL, 0, "AS 0");
	if (o->as == AS_TRANS)
		return bgp_fault_set(
		    f, BGP_ERR_OPEN, BGP_OPEN_PEER_AS, NULL, 0, "AS_TRANS as own AS");
	/* RFC 6793 3, 4.1: an AS that fits two octets stands in both places. */
	if (o->as2 != AS_TRANS && o->as2 != o->as)
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_PEER_AS, NULL, 0,
		    "AS of the capability is another than that of the header");
	return true;
}

bool
open_decode(struct rbuf r, struct open_msg *o, struct bgp_fault *f)
{
	memset(o, 0, sizeof *o);
	o->version = rb_u8(&r);
	o->as2 = rb_u16(&r);
	o->hold = rb_u16(&r);
	o->id = rb_u32(&r);
	if (r.failed)
		return malformed(f, "OPEN is too short");
	if (o->version != bgp_version[1])
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_VERSION, bgp_version, 2,
		    "BGP version is not 4");
	o->as = o->as2;
	if (!parameters_split(&r, o))
		return malformed(f, "length of the optional parameters is wrong");
	if (!parameters_decode(r, o, f) || !as_check(o, f) || !hold_check(o->hold, f))
		return false;
	/* RFC 6286 2.1: any identifier but zero. */
	if (o->id == 0)
		return bgp_fault_set(
		    f, BGP_ERR_OPEN, BGP_OPEN_ID, NULL, 0, "BGP identifier is 0");
	return true;
}

/* Optional parameters as RFC 4271 has them; false, and nothing is written, when they do not fit. */
static bool
parameters_short(struct wbuf *w, const struct open_msg *o)
{
	size_t mark = wb_mark(w), params = wb_len8_begin(w), caps;

	wb_u8(w, PARAM_CAPABILITIES);
	caps = wb_len8_begin(w);
	open_caps_encode(w, o);
	if (wb_len(w) == caps + 1)
		wb_rewind(w, params + 1); /* no capability, no parameter */
	else
		wb_len8_end(w, caps);
	wb_len8_end(w, params);
	if (!w->failed)
		return true;
	wb_rewind(w, mark);
	return false;
}

/* RFC 9072 2 */
static void
parameters_long(struct wbuf *w, const struct open_msg *o)
{
	size_t params, caps;

	wb_u8(w, PARAM_EXTENDED);
	wb_u8(w, PARAM_EXTENDED);
	params = wb_len16_begin(w);
	wb_u8(w, PARAM_CAPABILITIES);
	caps = wb_len16_begin(w);
	open_caps_encode(w, o);
	wb_len16_end(w, caps);
	wb_len16_end(w, params);
}

void
open_encode(struct wbuf *w, const struct open_msg *o)
{
	size_t m = msg_begin(w, MSG_OPEN);

	wb_u8(w, bgp_version[1]);
	wb_u16(w, o->as > UINT16_MAX ? AS_TRANS : (uint16_t)o->as);
	wb_u16(w, o->hold);
	wb_u32(w, o->id);
	if (o->extended || !parameters_short(w, o))
		parameters_long(w, o);
	msg_end(w, m);
}

static bool
bad_as(struct bgp_fault *f, uint32_t as, const char *why)
{
	bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_PEER_AS, NULL, 0, why);
	f->as = as;
	return false;
}

bool
open_check(const struct open_msg *o, const struct open_expect *e, struct bgp_fault *f)
{
	bool internal = o->as == e->local_as;

	if (e->rule == OPEN_AS_NUMBER && o->as != e->remote_as)
		return bad_as(f, o->as, "another AS than configured");
	if (e->rule == OPEN_AS_INTERNAL && !internal)
		return bad_as(
		    f, o->as, "remote-as internal, but the peer has another AS");
	if (e->rule == OPEN_AS_EXTERNAL && internal)
		return bad_as(f, o->as, "remote-as external, but the peer has our AS");
	/* RFC 6286 2.3: within an AS the identifier is unique. */
	if (internal && o->id == e->local_id)
		return bgp_fault_set(f, BGP_ERR_OPEN, BGP_OPEN_ID, NULL, 0,
		    "internal peer has our BGP identifier");
	return true;
}
