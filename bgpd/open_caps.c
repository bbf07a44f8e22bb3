/* SPDX-License-Identifier: ISC */
/* Capabilities: a row each for decode and encode. */
#include "config.h"

#include "bgpd/open_caps.h"

#include <string.h>

#include "bgpd/text.h"
#include "lib/util.h"

struct cap {
	uint8_t code; /* enum open_cap_code */
	uint32_t has; /* OPEN_* */
	/* The value; NULL: empty. */
	void (*decode)(struct rbuf *v, struct open_msg *o);
	void (*encode)(struct wbuf *w, const struct open_msg *o);
	/* For show only: a malformed or longer value is no reason to refuse the session. */
	bool cosmetic;
};

bool
open_has_family(const struct open_families *fs, uint16_t afi, uint8_t safi)
{
	for (unsigned i = 0; i < fs->n; i++)
		if (fs->v[i].afi == afi && fs->v[i].safi == safi)
			return true;
	return false;
}

void
open_add_family(struct open_families *fs, uint16_t afi, uint8_t safi, uint32_t arg)
{
	if (fs->n < OPEN_FAMILIES)
		fs->v[fs->n++] =
		    (struct open_family){ .afi = afi, .safi = safi, .arg = arg };
}

/* RFC 4760 8: AFI, reserved, SAFI. */
static void
mp_decode(struct rbuf *v, struct open_msg *o)
{
	uint16_t afi = rb_u16(v);
	uint8_t safi;

	rb_u8(v);
	safi = rb_u8(v);
	/* RFC 5492 4: more instances of a capability; the same family twice adds nothing. */
	if (!v->failed && !open_has_family(&o->mp, afi, safi))
		open_add_family(&o->mp, afi, safi, 0);
}

/* RFC 8950 4: AFI, SAFI (16 bits), next hop AFI. */
static void
ext_next_hop_decode(struct rbuf *v, struct open_msg *o)
{
	while (rb_left(v) > 0) {
		uint16_t afi = rb_u16(v), safi = rb_u16(v), nh = rb_u16(v);

		if (!v->failed && safi <= UINT8_MAX)
			open_add_family(&o->ext_next_hop, afi, (uint8_t)safi, nh);
	}
}

static void
ext_next_hop_encode(struct wbuf *w, const struct open_msg *o)
{
	for (unsigned i = 0; i < o->ext_next_hop.n; i++) {
		wb_u16(w, o->ext_next_hop.v[i].afi);
		wb_u16(w, o->ext_next_hop.v[i].safi);
		wb_u16(w, (uint16_t)o->ext_next_hop.v[i].arg);
	}
}

/* RFC 4724 3; the N bit is RFC 8538 2. */
#define GR_RESTARTING 0x8000
#define GR_NOTIFICATION 0x4000

static void
gr_decode(struct rbuf *v, struct open_msg *o)
{
	uint16_t head = rb_u16(v);

	/* RFC 4724 3: of several instances the last one counts. */
	o->gr.n = 0;
	o->gr_restarting = head & GR_RESTARTING;
	o->gr_notification = head & GR_NOTIFICATION;
	o->gr_time = head & 0xfff;
	while (rb_left(v) > 0) {
		uint16_t afi = rb_u16(v);
		uint8_t safi = rb_u8(v), flags = rb_u8(v);

		if (!v->failed)
			open_add_family(&o->gr, afi, safi, flags);
	}
}

static void
gr_encode(struct wbuf *w, const struct open_msg *o)
{
	wb_u16(w, (uint16_t)((o->gr_restarting ? GR_RESTARTING : 0) |
			     (o->gr_notification ? GR_NOTIFICATION : 0) |
			     (o->gr_time & 0xfff)));
	for (unsigned i = 0; i < o->gr.n; i++) {
		wb_u16(w, o->gr.v[i].afi);
		wb_u8(w, o->gr.v[i].safi);
		wb_u8(w, (uint8_t)o->gr.v[i].arg);
	}
}

/* RFC 6793 3 */
static void
as4_decode(struct rbuf *v, struct open_msg *o)
{
	o->as = rb_u32(v);
}

static void
as4_encode(struct wbuf *w, const struct open_msg *o)
{
	wb_u32(w, o->as);
}

/* RFC 7911 4: other values of Send/Receive are to be ignored. */
static void
add_path_decode(struct rbuf *v, struct open_msg *o)
{
	while (rb_left(v) > 0) {
		uint16_t afi = rb_u16(v);
		uint8_t safi = rb_u8(v), mode = rb_u8(v);

		if (!v->failed && mode >= 1 && mode <= 3)
			open_add_family(&o->add_path, afi, safi, mode);
	}
}

static void
add_path_encode(struct wbuf *w, const struct open_msg *o)
{
	for (unsigned i = 0; i < o->add_path.n; i++) {
		wb_u16(w, o->add_path.v[i].afi);
		wb_u8(w, o->add_path.v[i].safi);
		wb_u8(w, (uint8_t)o->add_path.v[i].arg);
	}
}

/* RFC 9494 4.1: AFI, SAFI, flags, 24 bits of seconds.  The forwarding bit sits above the time. */
static void
llgr_decode(struct rbuf *v, struct open_msg *o)
{
	o->llgr.n = 0;
	while (rb_left(v) > 0) {
		uint16_t afi = rb_u16(v);
		uint8_t safi = rb_u8(v);
		uint32_t arg = rb_u32(v);

		if (!v->failed)
			open_add_family(&o->llgr, afi, safi, arg);
	}
}

static void
llgr_encode(struct wbuf *w, const struct open_msg *o)
{
	for (unsigned i = 0; i < o->llgr.n; i++) {
		wb_u16(w, o->llgr.v[i].afi);
		wb_u8(w, o->llgr.v[i].safi);
		wb_u32(w, o->llgr.v[i].arg);
	}
}

static void
text_decode(struct rbuf *v, char dst[OPEN_TEXT_MAX])
{
	size_t n = rb_u8(v);
	const uint8_t *p = rb_take(v, n);

	text_sanitize(dst, OPEN_TEXT_MAX, p, p ? n : 0);
}

/* Returns the octets of text written. */
static size_t
text_encode(struct wbuf *w, const char *s, size_t max)
{
	size_t n = text_utf8_cut(s, max);

	wb_u8(w, (uint8_t)n);
	wb_bytes(w, s, n);
	return n;
}

/* draft-walton-bgp-hostname-capability 2: hostname, then domain name, each with its length. */
static void
fqdn_decode(struct rbuf *v, struct open_msg *o)
{
	text_decode(v, o->hostname);
	text_decode(v, o->domain);
}

static void
fqdn_encode(struct wbuf *w, const struct open_msg *o)
{
	/* A capability has 255 octets, two of which are lengths. */
	size_t n = text_encode(w, o->hostname, 253);

	text_encode(w, o->domain, 253 - n);
}

/* draft-abraitis-bgp-version-capability 3: text with its length. */
static void
software_decode(struct rbuf *v, struct open_msg *o)
{
	text_decode(v, o->software);
}

static void
software_encode(struct wbuf *w, const struct open_msg *o)
{
	text_encode(w, o->software, 254);
}

/* Ascending by code, as written.  The multiprotocol capability has an instance for each family and
 * is written by open_caps_encode(). */
static const struct cap caps[] = {
	{ CAP_MULTIPROTOCOL, OPEN_MP, mp_decode, NULL, false },
	{ CAP_ROUTE_REFRESH, OPEN_REFRESH, NULL, NULL, false },
	{ CAP_EXT_NEXT_HOP, OPEN_EXT_NEXT_HOP, ext_next_hop_decode, ext_next_hop_encode,
	    false },
	{ CAP_EXT_MESSAGE, OPEN_EXT_MESSAGE, NULL, NULL, false },
	{ CAP_GRACEFUL_RESTART, OPEN_GR, gr_decode, gr_encode, false },
	{ CAP_AS4, OPEN_AS4, as4_decode, as4_encode, false },
	{ CAP_ADD_PATH, OPEN_ADD_PATH, add_path_decode, add_path_encode, false },
	{ CAP_ENHANCED_REFRESH, OPEN_ENHANCED_REFRESH, NULL, NULL, false },
	{ CAP_LLGR, OPEN_LLGR, llgr_decode, llgr_encode, false },
	{ CAP_FQDN, OPEN_FQDN, fqdn_decode, fqdn_encode, true },
	{ CAP_SOFTWARE_VERSION, OPEN_SOFTWARE, software_decode, software_encode, true },
};

bool
open_cap_decode(uint8_t code, struct rbuf v, struct open_msg *o)
{
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		if (caps[i].code != code)
			continue;
		if (caps[i].decode)
			caps[i].decode(&v, o);
		if (v.failed || (!rb_done(&v) && !caps[i].cosmetic))
			return caps[i].cosmetic;
		o->has |= caps[i].has;
		return true;
	}
	return true;
}

static void
mp_encode(struct wbuf *w, const struct open_msg *o)
{
	for (unsigned i = 0; i < o->mp.n; i++) {
		wb_u8(w, CAP_MULTIPROTOCOL);
		wb_u8(w, 4);
		wb_u16(w, o->mp.v[i].afi);
		wb_u8(w, 0);
		wb_u8(w, o->mp.v[i].safi);
	}
}

void
open_caps_encode(struct wbuf *w, const struct open_msg *o)
{
	mp_encode(w, o);
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		size_t m;

		if (!(o->has & caps[i].has) || caps[i].code == CAP_MULTIPROTOCOL)
			continue;
		wb_u8(w, caps[i].code);
		m = wb_len8_begin(w);
		if (caps[i].encode)
			caps[i].encode(w, o);
		wb_len8_end(w, m);
	}
}
