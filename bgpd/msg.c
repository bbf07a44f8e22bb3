/* SPDX-License-Identifier: ISC */
/* Message framing: header checks of RFC 4271 6.1 and lengths by type. */
#include "config.h"

#include "bgpd/msg.h"

#include <string.h>

#include "lib/util.h"

struct msg_type {
	const char *name;
	uint16_t min; /* octets, header included */
	uint16_t max; /* without RFC 8654 */
	bool extends; /* may be longer with RFC 8654 */
};

static const struct msg_type types[] = {
	[MSG_OPEN] = { "OPEN", 29, MSG_MAX, false },
	[MSG_UPDATE] = { "UPDATE", 23, MSG_MAX, true },
	[MSG_NOTIFICATION] = { "NOTIFICATION", 21, MSG_MAX, true },
	[MSG_KEEPALIVE] = { "KEEPALIVE", MSG_HEADER_LEN, MSG_HEADER_LEN, false },
	/* Its exact length has an error code of its own (RFC 7313 5): see refresh.c. */
	[MSG_ROUTE_REFRESH] = { "ROUTE-REFRESH", MSG_HEADER_LEN, MSG_MAX, true },
};

static const uint8_t marker[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static bool
length_ok(uint8_t type, size_t len, size_t max)
{
	const struct msg_type *t = &types[type];

	return len >= t->min && len <= (t->extends ? max : MIN(max, t->max));
}

enum msg_result
msg_frame(const uint8_t *p, size_t n, size_t max, struct bgp_msg *m, struct bgp_fault *f)
{
	size_t len;

	/* RFC 4271 6.1 in its order: marker, length, type. */
	if (memcmp(p, marker, MIN(n, sizeof marker)) != 0) {
		bgp_fault_set(f, BGP_ERR_HEADER, BGP_HEADER_SYNC, NULL, 0,
		    "marker is not all ones");
		return MSG_FAULT;
	}
	if (n < MSG_HEADER_LEN)
		return MSG_NEED_MORE;
	len = (size_t)p[16] << 8 | p[17];
	if (len < MSG_HEADER_LEN || len > max) {
		bgp_fault_set(f, BGP_ERR_HEADER, BGP_HEADER_LENGTH, p + 16, 2,
		    "bad message length");
		return MSG_FAULT;
	}
	if (p[18] < MSG_OPEN || p[18] > MSG_ROUTE_REFRESH) {
		bgp_fault_set(f, BGP_ERR_HEADER, BGP_HEADER_TYPE, p + 18, 1,
		    "unknown message type");
		return MSG_FAULT;
	}
	if (!length_ok(p[18], len, max)) {
		bgp_fault_set(f, BGP_ERR_HEADER, BGP_HEADER_LENGTH, p + 16, 2,
		    "bad message length for its type");
		return MSG_FAULT;
	}
	if (n < len)
		return MSG_NEED_MORE;
	m->type = p[18];
	m->len = (uint16_t)len;
	m->start = p;
	m->body = rb_init(p + MSG_HEADER_LEN, len - MSG_HEADER_LEN);
	return MSG_WHOLE;
}

size_t
msg_begin(struct wbuf *w, enum bgp_msg_type type)
{
	size_t mark = wb_mark(w);

	wb_bytes(w, marker, sizeof marker);
	wb_u16(w, 0);
	wb_u8(w, (uint8_t)type);
	return mark;
}

void
msg_end(struct wbuf *w, size_t mark)
{
	size_t len = wb_len(w) - mark;

	if (len > MSG_MAX_EXTENDED)
		w->failed = true;
	else if (!w->failed)
		wb_set16(w, mark + sizeof marker, (uint16_t)len);
}

void
msg_keepalive(struct wbuf *w)
{
	msg_end(w, msg_begin(w, MSG_KEEPALIVE));
}

const char *
msg_type_name(uint8_t type)
{
	return type >= MSG_OPEN && type <= MSG_ROUTE_REFRESH ? types[type].name
							     : "Unknown";
}
