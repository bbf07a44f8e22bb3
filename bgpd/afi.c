/* SPDX-License-Identifier: ISC */
/* The table of address families; unicast right here, EVPN in afi_evpn.c. */
#include "config.h"

#include "bgpd/afi.h"

#include <string.h>

#include "bgpd/afi_evpn.h"
#include "lib/util.h"

static bool
unicast_walk(struct rbuf r, unsigned maxbits)
{
	while (rb_left(&r) > 0) {
		unsigned plen = rb_u8(&r);

		/* RFC 7606 5.3: a length above the family's makes the field incorrect. */
		if (plen > maxbits)
			return false;
		rb_take(&r, (plen + 7) / 8);
	}
	return !r.failed;
}

static enum nlri_result
unicast_decode(struct rbuf *r, struct afi_nlri *out, unsigned maxbits)
{
	unsigned plen = rb_u8(r);
	unsigned bytes = (plen + 7) / 8;
	const uint8_t *p = rb_take(r, bytes);

	if (!p || plen > maxbits)
		return NLRI_TRUNCATED;
	memset(&out->key.head, 0, sizeof out->key.head);
	memset(&out->aux, 0, sizeof out->aux);
	out->key.tail[0] = (uint8_t)plen;
	memcpy(out->key.tail + 1, p, bytes);
	/* RFC 4271 4.3: the value of trailing bits is irrelevant. */
	if (plen % 8)
		out->key.tail[bytes] =
		    (uint8_t)(out->key.tail[bytes] & ~(0xffu >> (plen % 8)));
	out->key.len = (uint16_t)(1 + bytes);
	out->label[0] = out->label[1] = 0;
	out->nlabels = 0;
	return NLRI_OK;
}

static void
unicast_encode(struct wbuf *w, const struct rib_key_head *head, const uint8_t *tail,
    size_t len, const struct rib_path *path, const struct path_aux *aux)
{
	(void)head;
	(void)path;
	(void)aux;
	wb_bytes(w, tail, len);
}

static char *
unicast_format(const uint8_t *tail, size_t len, uint8_t iplen, char buf[EVPN_NLRI_STRLEN])
{
	struct prefix p = { .ip.len = iplen, .plen = tail[0] };

	ensure(len >= 1 && len - 1 <= iplen);
	memcpy(p.ip.b, tail + 1, len - 1);
	return prefix_format(p, buf);
}

static bool
ipv4_walk(struct rbuf r)
{
	return unicast_walk(r, 32);
}

static enum nlri_result
ipv4_decode(struct rbuf *r, struct afi_nlri *n)
{
	return unicast_decode(r, n, 32);
}

static char *
ipv4_format(const struct rib_key_head *head, const uint8_t *tail, size_t len,
    char buf[EVPN_NLRI_STRLEN])
{
	(void)head;
	return unicast_format(tail, len, 4, buf);
}

static bool
ipv6_walk(struct rbuf r)
{
	return unicast_walk(r, 128);
}

static enum nlri_result
ipv6_decode(struct rbuf *r, struct afi_nlri *n)
{
	return unicast_decode(r, n, 128);
}

static char *
ipv6_format(const struct rib_key_head *head, const uint8_t *tail, size_t len,
    char buf[EVPN_NLRI_STRLEN])
{
	(void)head;
	return unicast_format(tail, len, 16, buf);
}

#define NH(n) (UINT64_C(1) << (n))

const struct afi_safi afi_table[AFI_SAFI_COUNT] = {
	[AFI_SAFI_EVPN] = { AFI_L2VPN, SAFI_EVPN, "L2VPN EVPN", "l2VpnEvpn", "l2vpn evpn",
	    NH(4) | NH(16), afi_evpn_walk, afi_evpn_decode, afi_evpn_encode,
	    afi_evpn_format },
	/* RFC 8950 3: IPv4 routes may have an IPv6 next hop, with or without a link-local one. */
	[AFI_SAFI_IPV4] = { AFI_IPV4, SAFI_UNICAST, "IPv4 Unicast", "ipv4Unicast",
	    "ipv4 unicast", NH(4) | NH(16) | NH(32), ipv4_walk, ipv4_decode,
	    unicast_encode, ipv4_format },
	[AFI_SAFI_IPV6] = { AFI_IPV6, SAFI_UNICAST, "IPv6 Unicast", "ipv6Unicast",
	    "ipv6 unicast", NH(16) | NH(32), ipv6_walk, ipv6_decode, unicast_encode,
	    ipv6_format },
};

const struct afi_safi *
afi_find(uint16_t afi, uint8_t safi)
{
	for (size_t i = 0; i < ARRAY_LEN(afi_table); i++)
		if (afi_table[i].afi == afi && afi_table[i].safi == safi)
			return &afi_table[i];
	return NULL;
}

int
rib_key_cmp(const struct rib_key *a, const struct rib_key *b)
{
	int c = a->head.len - b->head.len;

	if (c == 0)
		c = memcmp(a->head.b, b->head.b, a->head.len);
	if (c == 0)
		c = memcmp(a->tail, b->tail, MIN(a->len, b->len));
	return c ? c : a->len - b->len;
}
