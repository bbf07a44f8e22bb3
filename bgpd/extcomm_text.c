/* SPDX-License-Identifier: ISC */
/* Text of extended communities, by one table of kinds. */
#include "config.h"

#include "bgpd/extcomm.h"

#include <stdio.h>

#include "lib/util.h"

struct ecom_text {
	uint8_t type, sub; /* first two octets */
	void (*format)(struct strbuf *s, const struct ecom *e);
};

/* "a:b", whatever the subtype is. */
static void
put_admin(struct strbuf *s, const char *prefix, const struct ecom *e)
{
	struct ecom rt = *e;
	char buf[RT_STRLEN];

	rt.b[0] &= (uint8_t)~ECOM_NON_TRANSITIVE;
	rt.b[1] = ECOM_SUB_RT;
	strbuf_put(s, prefix);
	strbuf_put(s, rt_format(rt, buf));
}

static void
rt_text(struct strbuf *s, const struct ecom *e)
{
	put_admin(s, "RT:", e);
}

static void
soo_text(struct strbuf *s, const struct ecom *e)
{
	put_admin(s, "SoO:", e);
}

/* draft-ietf-idr-link-bandwidth 2: octets a second as an IEEE float. */
static void
bandwidth_text(struct strbuf *s, const struct ecom *e)
{
	union {
		uint32_t u;
		float f;
	} v = { (uint32_t)e->b[4] << 24 | (uint32_t)e->b[5] << 16 |
		(uint32_t)e->b[6] << 8 | e->b[7] };
	double bytes = v.f >= 0 && v.f < 1e18f ? (double)v.f : 0;

	strbuf_printf(s, "LB:%u:%.0f (%.3f Mbps)", (unsigned)(e->b[2] << 8 | e->b[3]),
	    bytes, bytes * 8 / 1e6);
}

static void
mobility_text(struct strbuf *s, const struct ecom *e)
{
	struct ecom_mobility m;

	ecom_mobility_get(e, &m);
	strbuf_printf(s, "MM:%u%s", m.seq, m.sticky ? ", sticky MAC" : "");
}

static void
esi_label_text(struct strbuf *s, const struct ecom *e)
{
	struct ecom_esi_label l;

	ecom_esi_label_get(e, &l);
	strbuf_put(s, l.single_active ? "ESI-label-Rt:SA" : "ESI-label-Rt:AA");
}

static void
mac_text(struct strbuf *s, const char *prefix, const struct ecom *e)
{
	char buf[MAC_STRLEN];
	struct mac m;

	memcpy(m.b, e->b + 2, 6);
	strbuf_put(s, prefix);
	strbuf_put(s, mac_format(m, buf));
}

static void
es_import_text(struct strbuf *s, const struct ecom *e)
{
	mac_text(s, "ES-Import-Rt:", e);
}

static void
router_mac_text(struct strbuf *s, const struct ecom *e)
{
	mac_text(s, "Rmac:", e);
}

static void
df_text(struct strbuf *s, const struct ecom *e)
{
	struct ecom_df d;

	ecom_df_get(e, &d);
	strbuf_printf(s, "DF: (alg: %u, pref: %u)", d.alg, d.pref);
}

static void
nd_text(struct strbuf *s, const struct ecom *e)
{
	static const struct {
		uint8_t flag;
		const char *text;
	} flags[] = {
		{ ECOM_ND_ROUTER, "ND:Router Flag" },
		{ ECOM_ND_OVERRIDE, "ND:Override Flag" },
		{ ECOM_ND_IMMUTABLE, "ND:Immutable Flag" },
		{ ECOM_ND_PROXY, "ND:Proxy" },
	};
	const char *sep = "";

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (!(e->b[2] & flags[i].flag))
			continue;
		strbuf_put(s, sep);
		strbuf_put(s, flags[i].text);
		sep = " ";
	}
	if (!*sep)
		strbuf_put(s, "ND:-");
}

static void
encap_text(struct strbuf *s, const struct ecom *e)
{
	uint16_t type;

	ecom_encap_get(e, &type);
	strbuf_printf(s, "ET:%u", type);
}

static void
default_gw_text(struct strbuf *s, const struct ecom *e)
{
	(void)e;
	strbuf_put(s, "Default Gateway");
}

static const struct ecom_text kinds[] = {
	{ ECOM_AS2, ECOM_SUB_RT, rt_text },
	{ ECOM_IPV4, ECOM_SUB_RT, rt_text },
	{ ECOM_AS4, ECOM_SUB_RT, rt_text },
	{ ECOM_AS2, ECOM_SUB_SOO, soo_text },
	{ ECOM_IPV4, ECOM_SUB_SOO, soo_text },
	{ ECOM_AS4, ECOM_SUB_SOO, soo_text },
	{ ECOM_AS2 | ECOM_NON_TRANSITIVE, ECOM_SUB_LINK_BANDWIDTH, bandwidth_text },
	{ ECOM_AS2, ECOM_SUB_LINK_BANDWIDTH, bandwidth_text },
	{ ECOM_OPAQUE, ECOM_SUB_ENCAP, encap_text },
	{ ECOM_OPAQUE, ECOM_SUB_DEFAULT_GW, default_gw_text },
	{ ECOM_EVPN, ECOM_SUB_MAC_MOBILITY, mobility_text },
	{ ECOM_EVPN, ECOM_SUB_ESI_LABEL, esi_label_text },
	{ ECOM_EVPN, ECOM_SUB_ES_IMPORT, es_import_text },
	{ ECOM_EVPN, ECOM_SUB_ROUTER_MAC, router_mac_text },
	{ ECOM_EVPN, ECOM_SUB_DF_ELECTION, df_text },
	{ ECOM_EVPN, ECOM_SUB_ND, nd_text },
};

void
ecom_format(struct strbuf *s, const struct ecom *e)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (ecom_is(e, kinds[i].type, kinds[i].sub)) {
			kinds[i].format(s, e);
			return;
		}
	}
	strbuf_printf(s, "UNK:%u, %u", e->b[0], e->b[1]);
}

void
ecoms_format(struct strbuf *s, const struct ecom *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			strbuf_putc(s, ' ');
		ecom_format(s, &e[i]);
	}
}
