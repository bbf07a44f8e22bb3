/* SPDX-License-Identifier: ISC */
/* Order, text and conversions of MAC, IP, prefix, ESI, RD and route target. */
#include "config.h"

#include "lib/addr.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "lib/hash.h"
#include "lib/util.h"

static int
hexval(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* n pairs of hex digits with `sep` between them, 0 for none. */
static bool
hex_parse(const char *s, char sep, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int hi, lo;

		if (i > 0 && sep && *s++ != sep)
			return false;
		hi = hexval(s[0]);
		lo = hi < 0 ? -1 : hexval(s[1]);
		if (lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
		s += 2;
	}
	return *s == '\0';
}

static char *
hex_format(const uint8_t *b, size_t n, char sep, char *buf)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buf;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && sep)
			*p++ = sep;
		*p++ = digits[b[i] >> 4];
		*p++ = digits[b[i] & 15];
	}
	*p = '\0';
	return buf;
}

static uint16_t
get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static uint32_t
get32(const uint8_t *b)
{
	return (uint32_t)get16(b) << 16 | get16(b + 2);
}

static void
put16(uint8_t *b, uint32_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

static void
put32(uint8_t *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b + 2, v);
}

int
mac_cmp(struct mac a, struct mac b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

char *
mac_format(struct mac m, char buf[MAC_STRLEN])
{
	return hex_format(m.b, sizeof(m.b), ':', buf);
}

bool
mac_parse(const char *s, struct mac *out)
{
	struct mac m;

	if (!hex_parse(s, ':', m.b, sizeof(m.b)))
		return false;
	*out = m;
	return true;
}

int
ip_cmp(struct ip a, struct ip b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.b, b.b, sizeof(a.b));
}

uint32_t
ip_hash(struct ip a)
{
	return hash32(a.b, a.len);
}

struct ip
ip_v4(uint32_t host_order)
{
	struct ip a = { .len = 4 };

	put32(a.b, host_order);
	return a;
}

struct ip
ip_v6(const uint8_t b[16])
{
	struct ip a = { .len = 16 };

	memcpy(a.b, b, 16);
	return a;
}

uint32_t
ip_v4_host(struct ip a)
{
	return a.len == 4 ? get32(a.b) : 0;
}

bool
ip_is_zero(struct ip a)
{
	return ip_equal(a, (struct ip){ .len = a.len });
}

bool
ip_is_multicast(struct ip a)
{
	return a.len == 4 ? (a.b[0] & 0xf0) == 0xe0 : a.len == 16 && a.b[0] == 0xff;
}

bool
ip_is_linklocal(struct ip a)
{
	if (a.len == 4)
		return a.b[0] == 169 && a.b[1] == 254;
	return a.len == 16 && a.b[0] == 0xfe && (a.b[1] & 0xc0) == 0x80;
}

bool
ip_is_loopback(struct ip a)
{
	static const uint8_t one[16] = { [15] = 1 };

	return a.len == 4 ? a.b[0] == 127 : a.len == 16 && memcmp(a.b, one, 16) == 0;
}

char *
ip_format(struct ip a, char buf[IP_STRLEN])
{
	if (a.len == 0 ||
	    !inet_ntop(a.len == 4 ? AF_INET : AF_INET6, a.b, buf, IP_STRLEN))
		strcpy(buf, "-");
	return buf;
}

bool
ip_parse(const char *s, struct ip *out)
{
	struct ip a = { .len = 0 };

	if (inet_pton(AF_INET, s, a.b) == 1)
		a.len = 4;
	else if (inet_pton(AF_INET6, s, a.b) == 1)
		a.len = 16;
	else
		return false;
	*out = a;
	return true;
}

socklen_t
ip_to_sockaddr(struct ip a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	memset(ss, 0, sizeof(*ss));
	if (a.len == 4) {
		memcpy(&sin.sin_addr, a.b, 4);
		memcpy(ss, &sin, sizeof(sin));
		return sizeof(sin);
	}
	if (a.len == 16) {
		memcpy(&sin6.sin6_addr, a.b, 16);
		memcpy(ss, &sin6, sizeof(sin6));
		return sizeof(sin6);
	}
	return 0;
}

struct ip
ip_from_sockaddr(const struct sockaddr_storage *ss, uint16_t *port)
{
	struct ip a = { .len = 0 };
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;

	if (port)
		*port = 0;
	if (ss->ss_family == AF_INET) {
		memcpy(&sin, ss, sizeof(sin));
		a.len = 4;
		memcpy(a.b, &sin.sin_addr, 4);
		if (port)
			*port = ntohs(sin.sin_port);
	} else if (ss->ss_family == AF_INET6) {
		memcpy(&sin6, ss, sizeof(sin6));
		if (IN6_IS_ADDR_V4MAPPED(&sin6.sin6_addr)) {
			a.len = 4;
			memcpy(a.b, &sin6.sin6_addr.s6_addr[12], 4);
		} else {
			a.len = 16;
			memcpy(a.b, &sin6.sin6_addr, 16);
		}
		if (port)
			*port = ntohs(sin6.sin6_port);
	}
	return a;
}

/* The bits of byte i that belong to a prefix of plen bits. */
static uint8_t
mask_byte(unsigned plen, unsigned i)
{
	if (plen >= 8 * (i + 1))
		return 0xff;
	if (plen <= 8 * i)
		return 0;
	return (uint8_t)(0xff00 >> (plen - 8 * i));
}

bool
prefix_contains(struct prefix p, struct ip a)
{
	if (p.ip.len != a.len)
		return false;
	for (unsigned i = 0; i < a.len; i++)
		if ((p.ip.b[i] ^ a.b[i]) & mask_byte(p.plen, i))
			return false;
	return true;
}

struct prefix
prefix_mask(struct prefix p)
{
	for (unsigned i = 0; i < p.ip.len; i++)
		p.ip.b[i] &= mask_byte(p.plen, i);
	return p;
}

char *
prefix_format(struct prefix p, char buf[PREFIX_STRLEN])
{
	char ip[IP_STRLEN];

	snprintf(buf, PREFIX_STRLEN, "%s/%u", ip_format(p.ip, ip), p.plen);
	return buf;
}

bool
prefix_parse(const char *s, struct prefix *out)
{
	const char *slash = strchr(s, '/');
	unsigned long long plen;
	struct prefix p;
	char ip[IP_STRLEN];
	size_t n = slash ? (size_t)(slash - s) : strlen(s);

	if (n >= sizeof(ip))
		return false;
	memcpy(ip, s, n);
	ip[n] = '\0';
	if (!ip_parse(ip, &p.ip))
		return false;
	plen = p.ip.len * 8u;
	if (slash && !parse_u64(slash + 1, 0, plen, &plen))
		return false;
	p.plen = (uint8_t)plen;
	*out = prefix_mask(p);
	return true;
}

bool
esi_is_zero(struct esi e)
{
	return esi_equal(e, (struct esi){ { 0 } });
}

int
esi_cmp(struct esi a, struct esi b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

char *
esi_format(struct esi e, char buf[ESI_STRLEN])
{
	return hex_format(e.b, sizeof(e.b), ':', buf);
}

bool
esi_parse(const char *s, struct esi *out)
{
	struct esi e;

	if (!hex_parse(s, ':', e.b, sizeof(e.b)))
		return false;
	*out = e;
	return true;
}

/* The administrator and number that an RD and a route target share: bytes 2 to 7 of
 * both, in one of three layouts (RFC 4364 4.2, RFC 4360 3.1 and 3.2, RFC 5668 2). */
enum admin_type { ADMIN_AS2 = 0, ADMIN_IP = 1, ADMIN_AS4 = 2 };

static void
admin_format(unsigned type, const uint8_t v[6], char *buf, size_t size)
{
	char ip[IP_STRLEN];

	if (type == ADMIN_AS2)
		snprintf(buf, size, "%u:%u", get16(v), get32(v + 2));
	else if (type == ADMIN_AS4)
		snprintf(buf, size, "%u:%u", get32(v), get16(v + 4));
	else
		snprintf(
		    buf, size, "%s:%u", ip_format(ip_v4(get32(v)), ip), get16(v + 4));
}

static bool
admin_parse(const char *s, uint8_t *type, uint8_t v[6])
{
	const char *colon = strchr(s, ':');
	unsigned long long as, n;
	char left[16];
	struct ip ip;

	if (!colon || (size_t)(colon - s) >= sizeof(left))
		return false;
	memcpy(left, s, (size_t)(colon - s));
	left[colon - s] = '\0';
	if (parse_u64(left, 0, UINT32_MAX, &as)) {
		*type = as > UINT16_MAX ? ADMIN_AS4 : ADMIN_AS2;
	} else {
		if (!ip_parse(left, &ip) || ip.len != 4)
			return false;
		*type = ADMIN_IP;
		as = ip_v4_host(ip);
	}
	if (!parse_u64(colon + 1, 0, *type == ADMIN_AS2 ? UINT32_MAX : UINT16_MAX, &n))
		return false;
	if (*type == ADMIN_AS2) {
		put16(v, (uint32_t)as);
		put32(v + 2, (uint32_t)n);
	} else {
		put32(v, (uint32_t)as);
		put16(v + 4, (uint32_t)n);
	}
	return true;
}

int
rd_cmp(struct rd a, struct rd b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

struct rd
rd_from_ip(uint32_t ip_host_order, uint16_t n)
{
	struct rd r = { { 0, ADMIN_IP } };

	put32(r.b + 2, ip_host_order);
	put16(r.b + 6, n);
	return r;
}

char *
rd_format(struct rd r, char buf[RD_STRLEN])
{
	if (get16(r.b) <= ADMIN_AS4) {
		admin_format(r.b[1], r.b + 2, buf, RD_STRLEN);
	} else {
		strcpy(buf, "0x");
		hex_format(r.b, sizeof(r.b), 0, buf + 2);
	}
	return buf;
}

bool
rd_parse(const char *s, struct rd *out)
{
	struct rd r = { { 0 } };
	bool ok;

	if (strncmp(s, "0x", 2) == 0)
		ok = hex_parse(s + 2, 0, r.b, sizeof(r.b));
	else
		ok = admin_parse(s, &r.b[1], r.b + 2);
	if (ok)
		*out = r;
	return ok;
}

int
ecom_cmp(struct ecom a, struct ecom b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

bool
ecom_is_rt(struct ecom e)
{
	/* RFC 4360 4: subtype 0x02 of the transitive types 0x00, 0x01 (and RFC 5668: 0x02). */
	return e.b[0] <= ADMIN_AS4 && e.b[1] == 0x02;
}

struct ecom
rt_from_as(uint32_t as, uint32_t value)
{
	struct ecom e = { { as > UINT16_MAX ? ADMIN_AS4 : ADMIN_AS2, 0x02 } };

	if (as > UINT16_MAX) {
		put32(e.b + 2, as);
		put16(e.b + 6, value);
	} else {
		put16(e.b + 2, as);
		put32(e.b + 4, value);
	}
	return e;
}

uint32_t
rt_local(struct ecom rt)
{
	return rt.b[0] == ADMIN_AS2 ? get32(rt.b + 4) : get16(rt.b + 6);
}

char *
rt_format(struct ecom rt, char buf[RT_STRLEN])
{
	if (rt.b[0] <= ADMIN_AS4) {
		admin_format(rt.b[0], rt.b + 2, buf, RT_STRLEN);
	} else {
		strcpy(buf, "0x");
		hex_format(rt.b, sizeof(rt.b), 0, buf + 2);
	}
	return buf;
}

bool
rt_parse(const char *s, struct ecom *out)
{
	struct ecom e = { { 0, 0x02 } };

	if (!admin_parse(s, &e.b[0], e.b + 2))
		return false;
	*out = e;
	return true;
}
