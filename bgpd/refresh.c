/* SPDX-License-Identifier: ISC */
/* ROUTE-REFRESH messages. */
#include "config.h"

#include "bgpd/refresh.h"

bool
refresh_decode(const struct bgp_msg *m, struct refresh *r, struct bgp_fault *f)
{
	struct rbuf b = m->body;

	r->afi = rb_u16(&b);
	r->type = rb_u8(&b);
	r->safi = rb_u8(&b);
	/* RFC 7313 5: the Data field holds the message (bgp_fault keeps its first octets). */
	if (!rb_done(&b))
		return bgp_fault_set(f, BGP_ERR_REFRESH, BGP_REFRESH_LENGTH, m->start,
		    m->len, "ROUTE-REFRESH is not 23 octets");
	return true;
}

void
refresh_encode(struct wbuf *w, const struct refresh *r)
{
	size_t m = msg_begin(w, MSG_ROUTE_REFRESH);

	wb_u16(w, r->afi);
	wb_u8(w, r->type);
	wb_u8(w, r->safi);
	msg_end(w, m);
}
