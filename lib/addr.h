/* SPDX-License-Identifier: ISC */
/* lib/addr.h: the value types of the field: MAC, IP, prefix, ESI, RD, route target.
 *
 * What    Small plain values, passed by value, comparable by *_equal and *_cmp.
 * Shapes  Byte arrays in network order; numbers inside an RD or a route target
 *         are read by rd_* and rt_* helpers.
 * Text    X_format() writes into the caller's buffer of X_STRLEN bytes and
 *         returns it; X_parse() takes a whole string, false if it is not one.
 *         RD and route target texts are FRR's: the 4-octet AS forms (type 2) of an
 *         AS below 65536 print like type 0, and such a text parses as type 0.
 * Rules   RD: RFC 4364 4.2 (types 0 AS2:N4, 1 IP:N2, 2 AS4:N2).  Route target:
 *         RFC 4360 4, 5668.  ESI: RFC 7432 5.
 */
#ifndef EVPND_LIB_ADDR_H
#define EVPND_LIB_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct mac {
	uint8_t b[6];
};

struct ip {
	uint8_t len;   /* bytes used: 0 none, 4 IPv4, 16 IPv6 */
	uint8_t b[16]; /* network order; bytes past len are 0 */
};

struct prefix {
	struct ip ip; /* host bits are 0 */
	uint8_t plen; /* bits */
};

struct esi {
	uint8_t b[10]; /* b[0] is the type; all zero = single-homed */
};

struct rd {
	uint8_t b[8];
};

/* An 8-octet extended community; as a route target, byte 1 is 0x02. */
struct ecom {
	uint8_t b[8];
};

#define MAC_STRLEN 18
#define IP_STRLEN 46
#define PREFIX_STRLEN 50
#define ESI_STRLEN 30
#define RD_STRLEN 32
#define RT_STRLEN 32

static inline bool
mac_equal(struct mac a, struct mac b)
{
	return memcmp(a.b, b.b, 6) == 0;
}
static inline bool
mac_is_zero(struct mac m)
{
	return !(m.b[0] | m.b[1] | m.b[2] | m.b[3] | m.b[4] | m.b[5]);
}
static inline bool
mac_is_multicast(struct mac m)
{
	return m.b[0] & 1;
}
int mac_cmp(struct mac a, struct mac b);
char *mac_format(struct mac m, char buf[MAC_STRLEN]);
bool mac_parse(
    const char *s, struct mac *out); /* six pairs of hex digits, colons between */

static inline bool
ip_equal(struct ip a, struct ip b)
{
	return a.len == b.len && memcmp(a.b, b.b, 16) == 0;
}
/* IPv4 before IPv6, then by address. */
int ip_cmp(struct ip a, struct ip b);
uint32_t ip_hash(struct ip a); /* keyed (lib/hash.h) */
struct ip ip_v4(uint32_t host_order);
struct ip ip_v6(const uint8_t b[16]);
uint32_t ip_v4_host(struct ip a); /* 0 if not IPv4 */
bool ip_is_zero(struct ip a);
bool ip_is_multicast(struct ip a);
bool ip_is_linklocal(struct ip a);
bool ip_is_loopback(struct ip a);
char *ip_format(struct ip a, char buf[IP_STRLEN]); /* "-" for none */
bool ip_parse(const char *s, struct ip *out);
socklen_t ip_to_sockaddr(struct ip a, uint16_t port, struct sockaddr_storage *ss);
/* IPv4-mapped IPv6 addresses come back as IPv4. */
struct ip ip_from_sockaddr(const struct sockaddr_storage *ss, uint16_t *port);

bool prefix_contains(struct prefix p, struct ip a);
struct prefix prefix_mask(struct prefix p);
char *prefix_format(struct prefix p, char buf[PREFIX_STRLEN]);
/* Host bits are cleared; an address alone is a host prefix. */
bool prefix_parse(const char *s, struct prefix *out);

bool esi_is_zero(struct esi e);
static inline bool
esi_equal(struct esi a, struct esi b)
{
	return memcmp(a.b, b.b, 10) == 0;
}
int esi_cmp(struct esi a, struct esi b);
char *esi_format(struct esi e, char buf[ESI_STRLEN]);
bool esi_parse(const char *s, struct esi *out);

static inline bool
rd_equal(struct rd a, struct rd b)
{
	return memcmp(a.b, b.b, 8) == 0;
}
int rd_cmp(struct rd a, struct rd b);
struct rd rd_from_ip(uint32_t ip_host_order, uint16_t n);
/* "65000:100", "10.0.0.1:100", "70000:5"; other types as 0x hex. */
char *rd_format(struct rd r, char buf[RD_STRLEN]);
bool rd_parse(const char *s, struct rd *out);

static inline bool
ecom_equal(struct ecom a, struct ecom b)
{
	return memcmp(a.b, b.b, 8) == 0;
}
int ecom_cmp(struct ecom a, struct ecom b);
bool ecom_is_rt(struct ecom e); /* transitive AS2, IPv4 or AS4 with subtype 0x02 */
/* AS2 form when as < 65536, else AS4 form (then value must be < 65536). */
struct ecom rt_from_as(uint32_t as, uint32_t value);
uint32_t rt_local(struct ecom rt); /* the local administrator: 4 octets for AS2, else 2 */
char *rt_format(struct ecom rt, char buf[RT_STRLEN]); /* "a:b" without the RT: */
bool rt_parse(const char *s, struct ecom *out);

#endif
