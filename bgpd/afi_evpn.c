/* SPDX-License-Identifier: ISC */
/* L2VPN EVPN as a row of the table of families. */
#include "config.h"

#include "bgpd/afi_evpn.h"

#include <string.h>

#include "lib/util.h"

/* Type 2 is nearly all that a fabric carries, and its parts lie in the NLRI as they lie in the key:
 * it is copied from one to the other here, without the way through struct evpn_nlri that all other
 * types take.  Offsets within the NLRI (RFC 7432 7.2), then within the key's tail: */
enum {
	AT_LEN = 1,
	AT_RD = 2,
	AT_ESI = 10,
	AT_TAG = 20,
	AT_MACLEN = 24,
	AT_MAC = 25,
	AT_IPLEN = 31,
	AT_IP = 32, /* labels follow the address */
	TAIL_MAC = 1,
	TAIL_IP = 7,
};
#define MACIP_BODY 33 /* octets without an address, with one label */

/* Copies an address of 0, 4 or 16 octets; constant sizes are what makes it quick. */
static inline void
copy_ip(uint8_t *to, const uint8_t *from, size_t len)
{
	if (len == 4)
		memcpy(to, from, 4);
	else if (len == 16)
		memcpy(to, from, 16);
}

/* True, and r stands behind it, if the next NLRI is a well-formed type 2; else r is untouched. */
static bool
macip_decode(struct rbuf *r, struct afi_nlri *out)
{
	const uint8_t *p = r->pos;
	size_t body, iplen;

	if (rb_left(r) < 2 + MACIP_BODY || p[0] != EVPN_MACIP)
		return false;
	body = p[AT_LEN];
	iplen = p[AT_IPLEN] / 8u;
	if (p[AT_MACLEN] != 48 ||
	    (p[AT_IPLEN] != 0 && p[AT_IPLEN] != 32 && p[AT_IPLEN] != 128) ||
	    (body != MACIP_BODY + iplen && body != MACIP_BODY + iplen + 3) ||
	    rb_left(r) < 2 + body)
		return false;
	out->key.head.len = RIB_HEAD_MAX;
	memcpy(out->key.head.b, p + AT_RD, 8);
	memcpy(out->key.head.b + 8, p + AT_TAG, 4);
	out->key.len = (uint16_t)(TAIL_IP + iplen);
	out->key.tail[0] = EVPN_MACIP;
	memcpy(out->key.tail + TAIL_MAC, p + AT_MAC, 6);
	copy_ip(out->key.tail + TAIL_IP, p + AT_IP, iplen);
	memset(&out->aux, 0, sizeof out->aux);
	memcpy(out->aux.esi.b, p + AT_ESI, 10);
	out->nlabels = body == MACIP_BODY + iplen ? 1 : 2;
	out->label[0] = rib_label(p + AT_IP + iplen);
	out->label[1] = out->nlabels == 2 ? rib_label(p + AT_IP + iplen + 3) : 0;
	r->pos += 2 + body;
	return true;
}

static void
macip_encode(struct wbuf *w, const struct rib_key_head *head, const uint8_t *tail,
    size_t len, const struct rib_path *path, const struct path_aux *aux)
{
	static const uint8_t zero[10];
	const size_t iplen = len - TAIL_IP,
		     two = path && path->flags & PATH_LABEL2 ? 3 : 0;
	uint8_t *p = wb_put(w, 2 + MACIP_BODY + iplen + two);

	ensure(iplen == 0 || iplen == 4 || iplen == 16);
	if (!p)
		return;
	p[0] = EVPN_MACIP;
	p[AT_LEN] = (uint8_t)(MACIP_BODY + iplen + two);
	memcpy(p + AT_RD, head->b, 8);
	memcpy(p + AT_ESI, aux ? aux->esi.b : zero, 10);
	memcpy(p + AT_TAG, head->b + 8, 4);
	p[AT_MACLEN] = 48;
	memcpy(p + AT_MAC, tail + TAIL_MAC, 6);
	p[AT_IPLEN] = (uint8_t)(iplen * 8);
	copy_ip(p + AT_IP, tail + TAIL_IP, iplen);
	memcpy(p + AT_IP + iplen, path ? path->label1 : zero, 3);
	if (two)
		memcpy(p + AT_IP + iplen + 3, path->label2, 3);
}

bool
afi_evpn_walk(struct rbuf r)
{
	while (rb_left(&r) > 0) {
		rb_u8(&r);
		rb_take(&r, rb_u8(&r));
	}
	return !r.failed;
}

enum nlri_result
afi_evpn_decode(struct rbuf *r, struct afi_nlri *out)
{
	struct evpn_nlri n;
	enum nlri_result res;

	if (macip_decode(r, out))
		return NLRI_OK;
	res = evpn_nlri_decode(r, &n);
	if (res != NLRI_OK)
		return res;
	evpn_nlri_key(&n, &out->key);
	out->label[0] = n.label[0];
	out->label[1] = n.label[1];
	out->nlabels = n.nlabels;
	/* In types 1 and 4 the ESI is part of the key. */
	memset(&out->aux, 0, sizeof out->aux);
	if (n.type == EVPN_PREFIX) {
		out->aux.esi = n.esi;
		out->aux.gw = n.gw;
	}
	return NLRI_OK;
}

void
afi_evpn_encode(struct wbuf *w, const struct rib_key_head *head, const uint8_t *tail,
    size_t len, const struct rib_path *path, const struct path_aux *aux)
{
	struct evpn_nlri n;

	if (tail[0] == EVPN_MACIP) {
		macip_encode(w, head, tail, len, path, aux);
		return;
	}
	evpn_nlri_from_key(head, tail, len, &n);
	if (path)
		n.label[0] = rib_label(path->label1);
	if (aux && n.type == EVPN_PREFIX) {
		n.esi = aux->esi;
		n.gw = aux->gw;
	}
	evpn_nlri_encode(w, &n);
}

char *
afi_evpn_format(const struct rib_key_head *head, const uint8_t *tail, size_t len,
    char buf[EVPN_NLRI_STRLEN])
{
	struct evpn_nlri n;

	evpn_nlri_from_key(head, tail, len, &n);
	return evpn_nlri_format(&n, buf);
}
