/* SPDX-License-Identifier: ISC */
/* Extended communities: builders and readers. */
#include "config.h"

#include "bgpd/extcomm.h"

#include <string.h>

#include "lib/wire.h"

/* A writer over the six octets behind type and subtype. */
static struct wbuf
begin(struct ecom *e, uint8_t type, uint8_t sub)
{
	memset(e, 0, sizeof *e);
	e->b[0] = type;
	e->b[1] = sub;
	return wb_init(e->b + 2, 6);
}

/* A reader over them, failed when e is of another kind. */
static bool
open_value(const struct ecom *e, uint8_t type, uint8_t sub, struct rbuf *r)
{
	*r = rb_init(e->b + 2, 6);
	return ecom_is(e, type, sub);
}

struct ecom
ecom_soo(uint32_t as, uint32_t value)
{
	struct ecom e = rt_from_as(as, value);

	e.b[1] = ECOM_SUB_SOO;
	return e;
}

bool
ecom_is_soo(const struct ecom *e)
{
	return e->b[0] <= ECOM_AS4 && e->b[1] == ECOM_SUB_SOO;
}

#define MM_STICKY 0x01 /* RFC 7432 7.7 */

struct ecom
ecom_mobility(const struct ecom_mobility *m)
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_EVPN, ECOM_SUB_MAC_MOBILITY);

	wb_u8(&w, m->sticky ? MM_STICKY : 0);
	wb_u8(&w, 0);
	wb_u32(&w, m->seq);
	return e;
}

bool
ecom_mobility_get(const struct ecom *e, struct ecom_mobility *m)
{
	struct rbuf r;

	if (!open_value(e, ECOM_EVPN, ECOM_SUB_MAC_MOBILITY, &r))
		return false;
	m->sticky = rb_u8(&r) & MM_STICKY;
	rb_u8(&r);
	m->seq = rb_u32(&r);
	return true;
}

#define ESI_SINGLE_ACTIVE 0x01 /* RFC 7432 7.5 */

struct ecom
ecom_esi_label(const struct ecom_esi_label *l)
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_EVPN, ECOM_SUB_ESI_LABEL);

	wb_u8(&w, l->single_active ? ESI_SINGLE_ACTIVE : 0);
	wb_u16(&w, 0);
	wb_u24(&w, l->label);
	return e;
}

bool
ecom_esi_label_get(const struct ecom *e, struct ecom_esi_label *l)
{
	struct rbuf r;

	if (!open_value(e, ECOM_EVPN, ECOM_SUB_ESI_LABEL, &r))
		return false;
	l->single_active = rb_u8(&r) & ESI_SINGLE_ACTIVE;
	rb_u16(&r);
	l->label = rb_u24(&r);
	return true;
}

static struct ecom
with_mac(uint8_t sub, const uint8_t mac[6])
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_EVPN, sub);

	wb_bytes(&w, mac, 6);
	return e;
}

static bool
mac_get(const struct ecom *e, uint8_t sub, struct mac *m)
{
	struct rbuf r;

	if (!open_value(e, ECOM_EVPN, sub, &r))
		return false;
	rb_copy(&r, m->b, 6);
	return true;
}

struct ecom
ecom_es_import(struct esi esi)
{
	return with_mac(ECOM_SUB_ES_IMPORT, esi.b + 1);
}

bool
ecom_es_import_get(const struct ecom *e, struct mac *m)
{
	return mac_get(e, ECOM_SUB_ES_IMPORT, m);
}

struct ecom
ecom_router_mac(struct mac m)
{
	return with_mac(ECOM_SUB_ROUTER_MAC, m.b);
}

bool
ecom_router_mac_get(const struct ecom *e, struct mac *m)
{
	return mac_get(e, ECOM_SUB_ROUTER_MAC, m);
}

struct ecom
ecom_encap(uint16_t tunnel_type)
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_OPAQUE, ECOM_SUB_ENCAP);

	wb_u32(&w, 0);
	wb_u16(&w, tunnel_type);
	return e;
}

bool
ecom_encap_get(const struct ecom *e, uint16_t *tunnel_type)
{
	struct rbuf r;

	if (!open_value(e, ECOM_OPAQUE, ECOM_SUB_ENCAP, &r))
		return false;
	rb_u32(&r);
	*tunnel_type = rb_u16(&r);
	return true;
}

struct ecom
ecom_default_gw(void)
{
	struct ecom e;

	begin(&e, ECOM_OPAQUE, ECOM_SUB_DEFAULT_GW);
	return e;
}

bool
ecom_is_default_gw(const struct ecom *e)
{
	return ecom_is(e, ECOM_OPAQUE, ECOM_SUB_DEFAULT_GW);
}

struct ecom
ecom_nd(uint8_t flags)
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_EVPN, ECOM_SUB_ND);

	wb_u8(&w, flags);
	return e;
}

bool
ecom_nd_get(const struct ecom *e, uint8_t *flags)
{
	struct rbuf r;

	if (!open_value(e, ECOM_EVPN, ECOM_SUB_ND, &r))
		return false;
	*flags = rb_u8(&r);
	return true;
}

struct ecom
ecom_df(const struct ecom_df *d)
{
	struct ecom e;
	struct wbuf w = begin(&e, ECOM_EVPN, ECOM_SUB_DF_ELECTION);

	wb_u8(&w, d->alg & 0x1f);
	wb_u16(&w, d->bitmap);
	wb_u8(&w, 0);
	wb_u16(&w, d->pref);
	return e;
}

bool
ecom_df_get(const struct ecom *e, struct ecom_df *d)
{
	struct rbuf r;

	if (!open_value(e, ECOM_EVPN, ECOM_SUB_DF_ELECTION, &r))
		return false;
	d->alg = rb_u8(&r) & 0x1f;
	d->bitmap = rb_u16(&r);
	rb_u8(&r);
	d->pref = rb_u16(&r);
	return true;
}
