/* SPDX-License-Identifier: ISC */
/* Decoders of communities of all kinds and of the PMSI tunnel. */
#include "config.h"

#include "bgpd/attr_table.h"

#include <string.h>

const char *
attr_decode_comms(struct attr_reader *d, struct rbuf *v)
{
	uint16_t n = (uint16_t)(rb_left(v) / 4);
	uint32_t *to = arena_alloc(d->arena, n * sizeof *to);

	d->a->comms = to;
	d->a->ncomms = n;
	while (rb_left(v) > 0)
		*to++ = rb_u32(v);
	return NULL;
}

const char *
attr_decode_ecoms(struct attr_reader *d, struct rbuf *v)
{
	/* Octets only, so that the message's can be borrowed. */
	_Static_assert(sizeof(struct ecom) == 8 && _Alignof(struct ecom) == 1, "octets");

	d->a->necoms = (uint16_t)(rb_left(v) / 8);
	d->a->ecoms = (const struct ecom *)rb_take(v, rb_left(v));
	return NULL;
}

const char *
attr_decode_lcomms(struct attr_reader *d, struct rbuf *v)
{
	d->a->nlcomms = (uint16_t)(rb_left(v) / 12);
	d->a->lcomms = (const uint8_t(*)[12])rb_take(v, rb_left(v));
	return NULL;
}

/* RFC 6514 5: flags, type, label, identifier.  Identifiers of tunnel types that EVPN does not use
 * here are not looked into, so that new types pass through a reflector. */
const char *
attr_decode_pmsi(struct attr_reader *d, struct rbuf *v)
{
	struct attrs *a = d->a;
	struct rbuf whole = *v;
	size_t idlen;

	a->pmsi_flags = rb_u8(v);
	a->pmsi_type = rb_u8(v);
	a->pmsi_label = rb_u24(v);
	if (v->failed) {
		d->subcode = BGP_UPDATE_LENGTH;
		return "PMSI_TUNNEL is too short";
	}
	idlen = rb_left(v);
	/* RFC 6514 5: the unicast tunnel endpoint address of ingress replication. */
	if (a->pmsi_type == PMSI_INGRESS_REPLICATION && idlen != 4 && idlen != 16)
		return "ingress replication without an address";
	if (idlen > sizeof a->pmsi_id) {
		*v = whole;
		return NULL;
	}
	a->pmsi_id_len = (uint8_t)idlen;
	rb_copy(v, a->pmsi_id, idlen);
	a->has |= HAS_PMSI;
	return NULL;
}
