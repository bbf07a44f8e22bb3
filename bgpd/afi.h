/* SPDX-License-Identifier: ISC */
/* bgpd/afi.h: address families as rows of one table.
 *
 * What    How the NLRI of a family are framed, decoded into a RIB key with labels
 *         and the path's other parts, written again, compared and shown.  The
 *         session, the adj-out and `show` use this table and never a family by
 *         name.
 * Rows    L2VPN EVPN (RFC 7432) first, then IPv4 and IPv6 unicast (RFC 4760).
 * Keys    EVPN: head = RD and Ethernet tag, tail = type octet and the rest of the
 *         RFC's key.  Unicast: no head; tail = prefix length and its bytes, the
 *         host bits cleared.
 * Pure    No allocation, no log.  A decoded key is a copy, nothing borrows.
 * Cost    About 5 ns a type-2 NLRI, each way (tests/bench/bench_codec).
 */
#ifndef EVPND_BGPD_AFI_H
#define EVPND_BGPD_AFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/family.h"
#include "bgpd/nlri.h"
#include "bgpd/rib_key.h"
#include "bgpd/rib_path.h"
#include "lib/wire.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, AFI_L2VPN = 25 };
enum { SAFI_UNICAST = 1, SAFI_EVPN = 70 };

/* One NLRI as the RIB takes it (struct rib_path_in has the same parts). */
struct afi_nlri {
	struct rib_key key;  /* what names the route */
	struct path_aux aux; /* what of the path is in the NLRI: ESI, gateway */
	uint32_t label[2];   /* 24-bit label fields */
	uint8_t nlabels;     /* labels present */
};

struct afi_safi {
	uint16_t afi;	  /* AFI_* */
	uint8_t safi;	  /* SAFI_* */
	const char *name; /* in `show`: "L2VPN EVPN", "IPv4 Unicast" */
	const char *json; /* "l2VpnEvpn", "ipv4Unicast" */
	const char *cli;  /* after address-family: "l2vpn evpn", "ipv4 unicast" */
	uint64_t
	    nh_lens; /* bit n: a next hop field of n octets is legal (RFC 4760 3, 8950) */

	/* Steps over a whole NLRI field: false when one goes past its end or is longer than the
	 * family allows (RFC 7606 5.3).  What is inside a typed NLRI is not looked at. */
	bool (*walk)(struct rbuf r);
	/* Reads the next NLRI; the reader stands behind it unless the result is NLRI_TRUNCATED. */
	enum nlri_result (*decode)(struct rbuf *r, struct afi_nlri *n);
	/* Writes one NLRI whole, or fails w.  path and aux may be NULL: as for a withdrawal,
	 * labels and the ESI are then zero. */
	void (*encode)(struct wbuf *w, const struct rib_key_head *head,
	    const uint8_t *tail, size_t len, const struct rib_path *path,
	    const struct path_aux *aux);
	/* Text of the prefix without the RD, as the FRR dialect has it.  Returns buf. */
	char *(*format)(const struct rib_key_head *head, const uint8_t *tail, size_t len,
	    char buf[EVPN_NLRI_STRLEN]);
};

extern const struct afi_safi afi_table[AFI_SAFI_COUNT];

/* The family's row, NULL if we do not know it. */
const struct afi_safi *afi_find(uint16_t afi, uint8_t safi);

/* AFI_SAFI_* of a row. */
static inline unsigned
afi_number(const struct afi_safi *f)
{
	return (unsigned)(f - afi_table);
}

static inline const struct afi_safi *
afi_evpn(void)
{
	return &afi_table[AFI_SAFI_EVPN];
}

/* As ->encode(), for a whole key. */
static inline void
afi_encode(const struct afi_safi *f, struct wbuf *w, const struct rib_key *k,
    const struct rib_path *path, const struct path_aux *aux)
{
	f->encode(w, &k->head, k->tail, k->len, path, aux);
}

/* Order for `show`: by head, then by tail; negative, 0, positive. */
int rib_key_cmp(const struct rib_key *a, const struct rib_key *b);

#endif
