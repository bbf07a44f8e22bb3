/* SPDX-License-Identifier: ISC */
/* bgpd/extcomm.h: extended communities: builders, readers, text.
 *
 * What    An extended community is eight octets (struct ecom of lib/addr.h); route
 *         targets are built and parsed there, everything else that EVPN uses here.
 * Shape   ecom_X(...) builds; ecom_is_X() tells; ecom_X_get() reads and is false
 *         for another kind.
 * Text    That of the FRR dialect: "RT:65000:100", "ET:8", "MM:3, sticky MAC".
 * Rules   RFC 4360, 5668, 7153; 7432 7.5 to 7.8, 10.1; 8584 2.2, 9785; 9012 4.1;
 *         9047; 9135 8.1.
 */
#ifndef EVPND_BGPD_EXTCOMM_H
#define EVPND_BGPD_EXTCOMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/strbuf.h"

/* First octet: type with its two flags (RFC 4360 2). */
enum ecom_type {
	ECOM_AS2 = 0x00,
	ECOM_IPV4 = 0x01,
	ECOM_AS4 = 0x02,
	ECOM_OPAQUE = 0x03,
	ECOM_EVPN = 0x06,
	ECOM_NON_TRANSITIVE = 0x40, /* flag */
};

/* Second octet. */
enum { /* of AS2, IPv4, AS4 */
	ECOM_SUB_RT = 0x02,
	ECOM_SUB_SOO = 0x03,
	ECOM_SUB_LINK_BANDWIDTH = 0x04,
};
enum { /* of the opaque type */
	ECOM_SUB_ENCAP = 0x0c,
	ECOM_SUB_DEFAULT_GW = 0x0d,
};
enum { /* of the EVPN type */
	ECOM_SUB_MAC_MOBILITY = 0x00,
	ECOM_SUB_ESI_LABEL = 0x01,
	ECOM_SUB_ES_IMPORT = 0x02,
	ECOM_SUB_ROUTER_MAC = 0x03,
	ECOM_SUB_L2_ATTR = 0x04,
	ECOM_SUB_DF_ELECTION = 0x06,
	ECOM_SUB_ND = 0x08,
};

#define ENCAP_VXLAN 8 /* RFC 9012 4.1, IANA tunnel types */

enum { /* ARP/ND flags, RFC 9047 2 */
	ECOM_ND_ROUTER = 0x01,
	ECOM_ND_OVERRIDE = 0x02,
	ECOM_ND_IMMUTABLE = 0x08,
	ECOM_ND_PROXY = 0x04, /* not in the RFC: FRR's bit for a proxied neighbour */
};

struct ecom_mobility {
	bool sticky;  /* RFC 7432 15.2: the MAC is static */
	uint32_t seq; /* RFC 7432 7.7 */
};

struct ecom_esi_label {
	bool single_active; /* RFC 7432 7.5 */
	uint32_t label;	    /* 24 bits */
};

struct ecom_df {
	uint8_t alg;	 /* 5 bits: 0 modulo, 1 HRW, 2 preference */
	uint16_t bitmap; /* capabilities, RFC 8584 2.2 */
	uint16_t pref;	 /* RFC 9785 3 */
};

static inline bool
ecom_is(const struct ecom *e, uint8_t type, uint8_t sub)
{
	return e->b[0] == type && e->b[1] == sub;
}
/* False when it must not cross the border of an AS (RFC 4360 2). */
static inline bool
ecom_is_transitive(const struct ecom *e)
{
	return !(e->b[0] & ECOM_NON_TRANSITIVE);
}

struct ecom ecom_soo(uint32_t as, uint32_t value); /* AS2 form if it fits, else AS4 */
bool ecom_is_soo(const struct ecom *e);
struct ecom ecom_mobility(const struct ecom_mobility *m);
bool ecom_mobility_get(const struct ecom *e, struct ecom_mobility *m);
struct ecom ecom_esi_label(const struct ecom_esi_label *l);
bool ecom_esi_label_get(const struct ecom *e, struct ecom_esi_label *l);
/* The six octets after the ESI's type (RFC 7432 7.6). */
struct ecom ecom_es_import(struct esi esi);
bool ecom_es_import_get(const struct ecom *e, struct mac *m);
struct ecom ecom_router_mac(struct mac m);
bool ecom_router_mac_get(const struct ecom *e, struct mac *m);
struct ecom ecom_encap(uint16_t tunnel_type);
bool ecom_encap_get(const struct ecom *e, uint16_t *tunnel_type);
struct ecom ecom_default_gw(void);
bool ecom_is_default_gw(const struct ecom *e);
struct ecom ecom_nd(uint8_t flags);
bool ecom_nd_get(const struct ecom *e, uint8_t *flags);
struct ecom ecom_df(const struct ecom_df *d);
bool ecom_df_get(const struct ecom *e, struct ecom_df *d);

/* One community; appends. */
void ecom_format(struct strbuf *s, const struct ecom *e);
/* All, with a blank between; appends. */
void ecoms_format(struct strbuf *s, const struct ecom *e, size_t n);

#endif
