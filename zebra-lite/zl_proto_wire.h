/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto_wire.h: pieces that several messages of the data-plane contract share.
 *
 * What    Addresses, prefixes and names, as they are in frames: a length, then that many
 *         octets.
 * Rules   What is read has a length that it may have, and names have no NUL inside; else
 *         the reader fails, and the value is empty.
 * Who     The codecs of zl_proto*.c alone.
 */
#ifndef EVPND_ZEBRA_LITE_ZL_PROTO_WIRE_H
#define EVPND_ZEBRA_LITE_ZL_PROTO_WIRE_H

#include <string.h>

#include "lib/addr.h"
#include "lib/wire.h"

static inline void
put_ip(struct wbuf *w, const struct ip *ip)
{
	wb_u8(w, ip->len);
	wb_bytes(w, ip->b, ip->len);
}

static inline void
get_ip(struct rbuf *r, struct ip *ip)
{
	memset(ip, 0, sizeof *ip);
	ip->len = rb_u8(r);
	if (ip->len != 0 && ip->len != 4 && ip->len != 16) {
		ip->len = 0;
		rb_fail(r);
		return;
	}
	rb_copy(r, ip->b, ip->len);
}

static inline void
put_prefix(struct wbuf *w, const struct prefix *p)
{
	put_ip(w, &p->ip);
	wb_u8(w, p->plen);
}

static inline void
get_prefix(struct rbuf *r, struct prefix *p)
{
	memset(p, 0, sizeof *p);
	get_ip(r, &p->ip);
	p->plen = rb_u8(r);
	if (p->plen > p->ip.len * 8)
		rb_fail(r);
}

static inline void
put_str(struct wbuf *w, const char *s, size_t size)
{
	size_t n = strnlen(s, size - 1);

	wb_u8(w, (uint8_t)n);
	wb_bytes(w, s, n);
}

static inline void
get_str(struct rbuf *r, char *s, size_t size)
{
	size_t n = rb_u8(r);

	memset(s, 0, size);
	if (n >= size) {
		rb_fail(r);
		return;
	}
	rb_copy(r, s, n);
	if (memchr(s, 0, n))
		rb_fail(r);
}

#endif
