/* SPDX-License-Identifier: ISC */
/* Text of an EVPN route, in the form that the FRR dialect prints. */
#include "config.h"

#include "bgpd/nlri.h"

#include <stdio.h>

static void
opaque_format(const struct evpn_nlri *n, char *buf, size_t size)
{
	int at = snprintf(buf, size, "[%u]:[0x", n->type);

	for (unsigned i = 0; i < n->rawlen; i++)
		at += snprintf(buf + at, size - (size_t)at, "%02x", n->raw[i]);
	snprintf(buf + at, size - (size_t)at, "]");
}

char *
evpn_nlri_format(const struct evpn_nlri *n, char buf[EVPN_NLRI_STRLEN])
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], esi[ESI_STRLEN];
	const unsigned bits = n->ip.len * 8u;

	ip_format(n->ip, ip);
	switch (n->type) {
	case EVPN_EAD:
		/* The dialect shows a VTEP and a fragment here that are not in the RFC's key. */
		snprintf(buf, EVPN_NLRI_STRLEN, "[1]:[%u]:[%s]:[32]:[0.0.0.0]:[0]",
		    n->tag, esi_format(n->esi, esi));
		break;
	case EVPN_MACIP:
		mac_format(n->mac, mac);
		if (n->ip.len)
			snprintf(buf, EVPN_NLRI_STRLEN, "[2]:[%u]:[48]:[%s]:[%u]:[%s]",
			    n->tag, mac, bits, ip);
		else
			snprintf(
			    buf, EVPN_NLRI_STRLEN, "[2]:[%u]:[48]:[%s]", n->tag, mac);
		break;
	case EVPN_IMET:
		snprintf(buf, EVPN_NLRI_STRLEN, "[3]:[%u]:[%u]:[%s]", n->tag, bits, ip);
		break;
	case EVPN_ES:
		snprintf(buf, EVPN_NLRI_STRLEN, "[4]:[%s]:[%u]:[%s]",
		    esi_format(n->esi, esi), bits, ip);
		break;
	case EVPN_PREFIX:
		snprintf(
		    buf, EVPN_NLRI_STRLEN, "[5]:[%u]:[%u]:[%s]", n->tag, n->plen, ip);
		break;
	default:
		opaque_format(n, buf, EVPN_NLRI_STRLEN);
		break;
	}
	return buf;
}
