/* SPDX-License-Identifier: ISC */
/* zebra-lite/arpnd.c: ARP and neighbour discovery packets. */
#include "config.h"

#include "zebra-lite/arpnd.h"

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>

#include "lib/wire.h"

#define HOP_LIMIT 255 /* of all ND: it was never forwarded (RFC 4861 7.1) */
#define ND_HEAD 24    /* type to target */

static bool
plausible(const struct arpnd *a)
{
	return !ip_is_zero(a->ip) && !ip_is_multicast(a->ip) && !ip_is_loopback(a->ip) &&
	       ip_v4_host(a->ip) != UINT32_MAX && !mac_is_zero(a->mac) &&
	       !mac_is_multicast(a->mac);
}

bool
arpnd_read_arp(const uint8_t *data, size_t len, struct arpnd *out)
{
	struct rbuf r = rb_init(data, len);
	bool known = rb_u16(&r) == ARPHRD_ETHER && rb_u16(&r) == ETH_P_IP;
	uint16_t op;

	known = known && rb_u8(&r) == 6 && rb_u8(&r) == 4;
	op = rb_u16(&r);
	*out = (struct arpnd){ .ip.len = 4 };
	rb_copy(&r, out->mac.b, sizeof out->mac.b);
	rb_copy(&r, out->ip.b, 4);
	/* Who is asked is of no interest, but must be there. */
	rb_take(&r, 10);
	return known && !r.failed && (op == ARPOP_REQUEST || op == ARPOP_REPLY) &&
	       plausible(out);
}

/* The link-layer address in the options of this type, unchanged if there is none; false if an
 * option is malformed (RFC 4861 7.1: then all is discarded). */
static bool
option_mac(struct rbuf *r, uint8_t type, struct mac *mac)
{
	while (rb_left(r) > 0) {
		uint8_t t = rb_u8(r), units = rb_u8(r);
		struct rbuf o = rb_sub(r, units * 8u - (units ? 2u : 0u));

		if (units == 0 || o.failed)
			return false;
		if (t == type)
			rb_copy(&o, mac->b, sizeof mac->b);
	}
	return !r->failed;
}

static bool
read_solicitation(struct rbuf *r, struct ip src, struct arpnd *out)
{
	out->ip = src;
	return option_mac(r, ND_OPT_SOURCE_LINKADDR, &out->mac);
}

/* One that neither answers a question nor may override tells nothing new (RFC 4861 7.2.5). */
static bool
read_advertisement(struct rbuf *r, struct ip dst, uint32_t flags, struct ip target,
    struct mac from, struct arpnd *out)
{
	out->ip = target;
	out->mac = from;
	if (ip_is_multicast(dst) && flags & ND_NA_FLAG_SOLICITED)
		return false;
	return flags & (ND_NA_FLAG_SOLICITED | ND_NA_FLAG_OVERRIDE) &&
	       option_mac(r, ND_OPT_TARGET_LINKADDR, &out->mac);
}

static struct ip
take_v6(struct rbuf *r)
{
	uint8_t b[16];

	rb_copy(r, b, sizeof b);
	return ip_v6(b);
}

bool
arpnd_read_nd(const uint8_t *data, size_t len, struct mac from, struct arpnd *out)
{
	struct rbuf r = rb_init(data, len), body;
	struct ip src, dst, target;
	uint32_t flags;
	uint8_t type, code;

	*out = (struct arpnd){ 0 };
	if (rb_u32(&r) >> 28 != 6)
		return false;
	body = r;
	rb_take(&r, 4);
	src = take_v6(&r);
	dst = take_v6(&r);
	r = rb_sub(&r, rb_u16(&body)); /* padding of the frame may follow */
	if (rb_u8(&body) != IPPROTO_ICMPV6 || rb_u8(&body) != HOP_LIMIT ||
	    rb_left(&r) < ND_HEAD)
		return false;
	type = rb_u8(&r);
	code = rb_u8(&r);
	rb_take(&r, 2);
	flags = rb_u32(&r);
	target = take_v6(&r);
	if (code != 0 || r.failed || ip_is_multicast(target))
		return false;
	flags = htonl(flags); /* the constants are as on the wire */
	if (type == ND_NEIGHBOR_SOLICIT)
		return read_solicitation(&r, src, out) && plausible(out);
	return type == ND_NEIGHBOR_ADVERT &&
	       read_advertisement(&r, dst, flags, target, from, out) && plausible(out);
}

/* Questions. */

static void
write_arp(struct wbuf *w, const struct arpnd *from, struct ip target)
{
	static const struct mac none;

	wb_u16(w, ARPHRD_ETHER);
	wb_u16(w, ETH_P_IP);
	wb_u8(w, 6);
	wb_u8(w, 4);
	wb_u16(w, ARPOP_REQUEST);
	wb_bytes(w, from->mac.b, 6);
	wb_bytes(w, from->ip.b, 4);
	wb_bytes(w, none.b, 6);
	wb_bytes(w, target.b, 4);
}

/* RFC 1071 over the pseudo header (RFC 8200 8.1) and the message: an even number of bytes. */
static uint16_t
checksum(const uint8_t *addrs, const uint8_t *msg, size_t len)
{
	uint32_t sum = (uint32_t)len + IPPROTO_ICMPV6;

	for (unsigned i = 0; i < 32; i += 2)
		sum += (uint32_t)addrs[i] << 8 | addrs[i + 1];
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)msg[i] << 8 | msg[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* To one host, as in unreachability detection (RFC 4861 7.3.3), or an advertisement to all. */
static void
write_nd(struct wbuf *w, uint8_t type, struct ip src, struct ip dst, uint32_t flags,
    struct ip target, struct mac mac)
{
	size_t body, addrs;

	wb_u32(w, 6u << 28);
	wb_u16(w, ND_HEAD + 8);
	wb_u8(w, IPPROTO_ICMPV6);
	wb_u8(w, HOP_LIMIT);
	addrs = wb_len(w);
	wb_bytes(w, src.b, 16);
	wb_bytes(w, dst.b, 16);
	body = wb_len(w);
	wb_u8(w, type);
	wb_u8(w, 0);
	wb_u16(w, 0);
	wb_u32(w, ntohl(flags));
	wb_bytes(w, target.b, 16);
	wb_u8(w, type == ND_NEIGHBOR_SOLICIT ? ND_OPT_SOURCE_LINKADDR
					     : ND_OPT_TARGET_LINKADDR);
	wb_u8(w, 1);
	wb_bytes(w, mac.b, 6);
	wb_set16(
	    w, body + 2, checksum(w->start + addrs, w->start + body, wb_len(w) - body));
}

size_t
arpnd_ask(uint8_t out[ARPND_MAX], const struct arpnd *from, struct ip target)
{
	struct wbuf w = wb_init(out, ARPND_MAX);

	if (from->ip.len != target.len || target.len == 0)
		return 0;
	if (target.len == 4)
		write_arp(&w, from, target);
	else
		write_nd(&w, ND_NEIGHBOR_SOLICIT, from->ip, target, 0, target, from->mac);
	return wb_len(&w);
}

size_t
arpnd_announce(uint8_t out[ARPND_MAX], const struct arpnd *who, bool router)
{
	static const struct ip all_nodes = { 16, { 0xff, 0x02, [15] = 1 } };
	struct wbuf w = wb_init(out, ARPND_MAX);

	if (who->ip.len == 4)
		write_arp(&w, who, who->ip);
	else if (who->ip.len == 16)
		write_nd(&w, ND_NEIGHBOR_ADVERT, who->ip, all_nodes,
		    ND_NA_FLAG_OVERRIDE | (router ? ND_NA_FLAG_ROUTER : 0), who->ip,
		    who->mac);
	return wb_len(&w);
}
