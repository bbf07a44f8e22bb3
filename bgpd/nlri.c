/* SPDX-License-Identifier: ISC */
/* EVPN NLRI: decode, encode and key of each route type, by one table. */
#include "config.h"

#include "bgpd/nlri.h"

#include "lib/util.h"

/* What is the same for every route type is written once below; a row says the rest. */
struct nlri_type {
	uint64_t lens; /* bit n: a body of n octets is legal */
	bool (*decode)(struct rbuf *r, struct evpn_nlri *n);
	void (*encode)(struct wbuf *w, const struct evpn_nlri *n);
	uint8_t *(*tail)(uint8_t *t, const struct evpn_nlri *n); /* returns its end */
	void (*from_tail)(struct rbuf *t, struct evpn_nlri *n);
	bool tagged; /* the Ethernet tag is part of it */
};

#define LEN(n) (UINT64_C(1) << (n))
#define IPV4_BITS 32
#define IPV6_BITS 128

/* Reads an address of `bits`, which must be 0, 32 or 128. */
static inline bool
get_ip(struct rbuf *r, unsigned bits, struct ip *ip)
{
	const uint8_t *p;

	if (bits != 0 && bits != IPV4_BITS && bits != IPV6_BITS)
		return false;
	p = rb_take(r, bits / 8);
	if (!p)
		return false;
	ip->len = (uint8_t)(bits / 8);
	if (bits == IPV4_BITS)
		memcpy(ip->b, p, 4);
	else if (bits == IPV6_BITS)
		memcpy(ip->b, p, 16);
	return true;
}

static inline uint8_t *
put_ip(uint8_t *t, const struct ip *ip)
{
	if (ip->len == 4)
		memcpy(t, ip->b, 4);
	else if (ip->len == 16)
		memcpy(t, ip->b, 16);
	return t + ip->len;
}

/* The address that fills the rest of a tail. */
static inline void
rest_ip(struct rbuf *t, struct ip *ip)
{
	ip->len = (uint8_t)rb_left(t);
	ensure(ip->len == 0 || ip->len == 4 || ip->len == 16);
	if (ip->len == 4)
		memcpy(ip->b, t->pos, 4);
	else if (ip->len == 16)
		memcpy(ip->b, t->pos, 16);
	t->pos = t->end;
}

/* RFC 7432 7.1: Ethernet auto-discovery. */
static bool
ead_decode(struct rbuf *r, struct evpn_nlri *n)
{
	rb_copy(r, n->esi.b, 10);
	n->tag = rb_u32(r);
	n->label[0] = rb_u24(r);
	n->nlabels = 1;
	return true;
}

static void
ead_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	wb_bytes(w, n->esi.b, 10);
	wb_u32(w, n->tag);
	wb_u24(w, n->label[0]);
}

static uint8_t *
ead_tail(uint8_t *t, const struct evpn_nlri *n)
{
	memcpy(t, n->esi.b, 10);
	return t + 10;
}

static void
ead_from_tail(struct rbuf *t, struct evpn_nlri *n)
{
	rb_copy(t, n->esi.b, 10);
	n->nlabels = 1;
}

/* RFC 7432 7.2: MAC/IP advertisement.  The length says whether a second label follows. */
static bool
macip_decode(struct rbuf *r, struct evpn_nlri *n)
{
	rb_copy(r, n->esi.b, 10);
	n->tag = rb_u32(r);
	if (rb_u8(r) != 48)
		return false;
	rb_copy(r, n->mac.b, 6);
	if (!get_ip(r, rb_u8(r), &n->ip))
		return false;
	n->label[0] = rb_u24(r);
	n->nlabels = 1;
	if (rb_left(r) > 0) {
		n->label[1] = rb_u24(r);
		n->nlabels = 2;
	}
	return true;
}

static void
macip_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	wb_bytes(w, n->esi.b, 10);
	wb_u32(w, n->tag);
	wb_u8(w, 48);
	wb_bytes(w, n->mac.b, 6);
	wb_u8(w, (uint8_t)(n->ip.len * 8));
	wb_bytes(w, n->ip.b, n->ip.len);
	wb_u24(w, n->label[0]);
	if (n->nlabels > 1)
		wb_u24(w, n->label[1]);
}

static uint8_t *
macip_tail(uint8_t *t, const struct evpn_nlri *n)
{
	memcpy(t, n->mac.b, 6);
	return put_ip(t + 6, &n->ip);
}

static void
macip_from_tail(struct rbuf *t, struct evpn_nlri *n)
{
	rb_copy(t, n->mac.b, 6);
	rest_ip(t, &n->ip);
	n->nlabels = 1;
}

/* RFC 7432 7.3: inclusive multicast Ethernet tag. */
static bool
imet_decode(struct rbuf *r, struct evpn_nlri *n)
{
	unsigned bits;

	n->tag = rb_u32(r);
	bits = rb_u8(r);
	return bits != 0 && get_ip(r, bits, &n->ip);
}

static void
imet_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	wb_u32(w, n->tag);
	wb_u8(w, (uint8_t)(n->ip.len * 8));
	wb_bytes(w, n->ip.b, n->ip.len);
}

static uint8_t *
imet_tail(uint8_t *t, const struct evpn_nlri *n)
{
	return put_ip(t, &n->ip);
}

static void
imet_from_tail(struct rbuf *t, struct evpn_nlri *n)
{
	rest_ip(t, &n->ip);
}

/* RFC 7432 7.4: Ethernet segment. */
static bool
es_decode(struct rbuf *r, struct evpn_nlri *n)
{
	unsigned bits;

	rb_copy(r, n->esi.b, 10);
	bits = rb_u8(r);
	return bits != 0 && get_ip(r, bits, &n->ip);
}

static void
es_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	wb_bytes(w, n->esi.b, 10);
	wb_u8(w, (uint8_t)(n->ip.len * 8));
	wb_bytes(w, n->ip.b, n->ip.len);
}

static uint8_t *
es_tail(uint8_t *t, const struct evpn_nlri *n)
{
	memcpy(t, n->esi.b, 10);
	return put_ip(t + 10, &n->ip);
}

static void
es_from_tail(struct rbuf *t, struct evpn_nlri *n)
{
	rb_copy(t, n->esi.b, 10);
	rest_ip(t, &n->ip);
}

/* Clears the bits of ip behind plen, so that equal prefixes have equal bytes. */
static void
clear_host_bits(struct ip *ip, unsigned plen)
{
	unsigned i = plen / 8;

	if (plen % 8) {
		ip->b[i] = (uint8_t)(ip->b[i] & ~(0xffu >> (plen % 8)));
		i++;
	}
	for (; i < ip->len; i++)
		ip->b[i] = 0;
}

/* RFC 9136 3.1: IP prefix.  The address family follows from the length of the whole. */
static bool
prefix_decode(struct rbuf *r, struct evpn_nlri *n)
{
	unsigned bits;

	rb_copy(r, n->esi.b, 10);
	n->tag = rb_u32(r);
	n->plen = rb_u8(r);
	bits = rb_left(r) == 4 + 4 + 3 ? IPV4_BITS : IPV6_BITS;
	if (n->plen > bits || !get_ip(r, bits, &n->ip) || !get_ip(r, bits, &n->gw))
		return false;
	clear_host_bits(&n->ip, n->plen);
	if (ip_is_zero(n->gw))
		n->gw.len = 0;
	n->label[0] = rb_u24(r);
	n->nlabels = 1;
	return true;
}

static void
prefix_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	static const uint8_t no_gw[16];

	wb_bytes(w, n->esi.b, 10);
	wb_u32(w, n->tag);
	wb_u8(w, n->plen);
	wb_bytes(w, n->ip.b, n->ip.len);
	/* A gateway of the other family cannot be written: it becomes none. */
	wb_bytes(w, n->gw.len == n->ip.len ? n->gw.b : no_gw, n->ip.len);
	wb_u24(w, n->label[0]);
}

static uint8_t *
prefix_tail(uint8_t *t, const struct evpn_nlri *n)
{
	*t = n->plen;
	return put_ip(t + 1, &n->ip);
}

static void
prefix_from_tail(struct rbuf *t, struct evpn_nlri *n)
{
	n->plen = rb_u8(t);
	rest_ip(t, &n->ip);
	n->nlabels = 1;
}

static const struct nlri_type types[] = {
	[EVPN_EAD] = { LEN(25), ead_decode, ead_encode, ead_tail, ead_from_tail, true },
	[EVPN_MACIP] = { LEN(33) | LEN(36) | LEN(37) | LEN(40) | LEN(49) | LEN(52),
	    macip_decode, macip_encode, macip_tail, macip_from_tail, true },
	[EVPN_IMET] = { LEN(17) | LEN(29), imet_decode, imet_encode, imet_tail,
	    imet_from_tail, true },
	[EVPN_ES] = { LEN(23) | LEN(35), es_decode, es_encode, es_tail, es_from_tail,
	    false },
	[EVPN_PREFIX] = { LEN(34) | LEN(58), prefix_decode, prefix_encode, prefix_tail,
	    prefix_from_tail, true },
};

static inline const struct nlri_type *
nlri_type(uint8_t type)
{
	return type >= EVPN_EAD && type <= EVPN_PREFIX ? &types[type] : NULL;
}

enum nlri_result
evpn_nlri_decode(struct rbuf *r, struct evpn_nlri *n)
{
	const struct nlri_type *t;
	struct rbuf body;
	uint8_t len;

	memset(n, 0, sizeof *n);
	n->type = rb_u8(r);
	len = rb_u8(r);
	body = rb_sub(r, len);
	if (body.failed)
		return NLRI_TRUNCATED;
	t = nlri_type(n->type);
	if (!t) {
		n->raw = body.pos;
		n->rawlen = len;
		/* Deviation: the longest possible opaque NLRI is skipped, not reflected, so
		 * that a route keeps its length in one octet. */
		return len < RIB_TAIL_MAX ? NLRI_OK : NLRI_MALFORMED;
	}
	if (len > 63 || !(t->lens >> len & 1))
		return NLRI_MALFORMED;
	rb_copy(&body, n->rd.b, 8);
	return t->decode(&body, n) && rb_done(&body) ? NLRI_OK : NLRI_MALFORMED;
}

void
evpn_nlri_encode(struct wbuf *w, const struct evpn_nlri *n)
{
	const struct nlri_type *t = nlri_type(n->type);
	size_t at;

	wb_u8(w, n->type);
	at = wb_len8_begin(w);
	if (t) {
		wb_bytes(w, n->rd.b, 8);
		t->encode(w, n);
	} else {
		wb_bytes(w, n->raw, n->rawlen);
	}
	wb_len8_end(w, at);
}

void
evpn_nlri_key(const struct evpn_nlri *n, struct rib_key *k)
{
	const struct nlri_type *t = nlri_type(n->type);
	uint32_t tag;

	k->tail[0] = n->type;
	if (!t) {
		ensure(n->rawlen < RIB_TAIL_MAX);
		memset(&k->head, 0, sizeof k->head);
		if (n->rawlen)
			memcpy(k->tail + 1, n->raw, n->rawlen);
		k->len = (uint16_t)(1 + n->rawlen);
		return;
	}
	k->head.len = RIB_HEAD_MAX;
	memcpy(k->head.b, n->rd.b, 8);
	tag = t->tagged ? n->tag : 0;
	k->head.b[8] = (uint8_t)(tag >> 24);
	k->head.b[9] = (uint8_t)(tag >> 16);
	k->head.b[10] = (uint8_t)(tag >> 8);
	k->head.b[11] = (uint8_t)tag;
	k->len = (uint16_t)(t->tail(k->tail + 1, n) - k->tail);
}

void
evpn_nlri_from_key(
    const struct rib_key_head *head, const uint8_t *tail, size_t len, struct evpn_nlri *n)
{
	struct rbuf t = rb_init(tail, len);
	struct rbuf h = rb_init(head->b, RIB_HEAD_MAX);
	const struct nlri_type *type;

	memset(n, 0, sizeof *n);
	n->type = rb_u8(&t);
	type = nlri_type(n->type);
	if (!type) {
		n->raw = t.pos;
		n->rawlen = (uint8_t)rb_left(&t);
		return;
	}
	rb_copy(&h, n->rd.b, 8);
	if (type->tagged)
		n->tag = rb_u32(&h);
	type->from_tail(&t, n);
	ensure(rb_done(&t));
}
