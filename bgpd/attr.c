/* SPDX-License-Identifier: ISC */
/* The table of path attributes and the reader that it drives. */
#include "config.h"

#include "bgpd/attr.h"

#include <string.h>

#include "bgpd/attr_table.h"
#include "lib/util.h"

#define WELL_KNOWN ATTR_TRANSITIVE
#define NON_TRANSITIVE ATTR_OPTIONAL
#define OPT_TRANSITIVE (ATTR_OPTIONAL | ATTR_TRANSITIVE)

/* Name, flags, and the verdict on a wrong value or length (RFC 7606 7). */
#define ROW(nm, fl, verdict) .name = nm, .flags = fl, .bad = verdict
#define EXACT(n) .rule = LEN_EXACT, .len = n
#define MULTIPLE(n) .rule = LEN_MULTIPLE, .len = n
#define CODEC(x) .decode = attr_decode_##x, .encode = attr_encode_##x

/* clang-format off */
const struct attr_row attr_rows[ATTR_ROWS] = {
	[ATTR_ORIGIN] = { ROW("ORIGIN", WELL_KNOWN, UPD_WITHDRAW), EXACT(1),
	    .subcode = BGP_UPDATE_ORIGIN, CODEC(origin) },
	[ATTR_AS_PATH] = { ROW("AS_PATH", WELL_KNOWN, UPD_WITHDRAW),
	    .subcode = BGP_UPDATE_AS_PATH, CODEC(as_path) },
	[ATTR_NEXT_HOP] = { ROW("NEXT_HOP", WELL_KNOWN, UPD_WITHDRAW), EXACT(4),
	    .subcode = BGP_UPDATE_NEXT_HOP, .decode = attr_decode_next_hop },
	[ATTR_MED] = { ROW("MULTI_EXIT_DISC", NON_TRANSITIVE, UPD_WITHDRAW), EXACT(4), CODEC(med) },
	[ATTR_LOCAL_PREF] = { ROW("LOCAL_PREF", WELL_KNOWN, UPD_WITHDRAW), EXACT(4),
	    .ibgp_only = true, CODEC(local_pref) },
	/* RFC 7606 7.6, 7.7 */
	[ATTR_ATOMIC_AGGREGATE] = { ROW("ATOMIC_AGGREGATE", WELL_KNOWN, UPD_ATTR_DISCARD), EXACT(0),
	    CODEC(atomic) },
	[ATTR_AGGREGATOR] = { ROW("AGGREGATOR", OPT_TRANSITIVE, UPD_ATTR_DISCARD),
	    .subcode = BGP_UPDATE_OPTIONAL, .partial = PARTIAL_AGGREGATOR, CODEC(aggregator) },
	[ATTR_COMMUNITIES] = { ROW("COMMUNITIES", OPT_TRANSITIVE, UPD_WITHDRAW), MULTIPLE(4),
	    .partial = PARTIAL_COMMS, CODEC(comms) },
	[ATTR_ORIGINATOR_ID] = { ROW("ORIGINATOR_ID", NON_TRANSITIVE, UPD_WITHDRAW), EXACT(4),
	    .ibgp_only = true, CODEC(originator) },
	[ATTR_CLUSTER_LIST] = { ROW("CLUSTER_LIST", NON_TRANSITIVE, UPD_WITHDRAW), MULTIPLE(4),
	    .ibgp_only = true, CODEC(clusters) },
	/* RFC 7606 5.3: one that is malformed loses its NLRI. */
	[ATTR_MP_REACH] = { ROW("MP_REACH_NLRI", NON_TRANSITIVE, UPD_RESET),
	    .subcode = BGP_UPDATE_OPTIONAL, .decode = attr_decode_mp_reach },
	[ATTR_MP_UNREACH] = { ROW("MP_UNREACH_NLRI", NON_TRANSITIVE, UPD_RESET),
	    .subcode = BGP_UPDATE_OPTIONAL, .decode = attr_decode_mp_unreach },
	[ATTR_EXT_COMMUNITIES] = { ROW("EXTENDED_COMMUNITIES", OPT_TRANSITIVE, UPD_WITHDRAW),
	    MULTIPLE(8), .partial = PARTIAL_ECOMS, CODEC(ecoms) },
	/* RFC 6793 6 */
	[ATTR_AS4_PATH] = { ROW("AS4_PATH", OPT_TRANSITIVE, UPD_ATTR_DISCARD),
	    .subcode = BGP_UPDATE_OPTIONAL, CODEC(as4_path) },
	[ATTR_AS4_AGGREGATOR] = { ROW("AS4_AGGREGATOR", OPT_TRANSITIVE, UPD_ATTR_DISCARD), EXACT(8),
	    .subcode = BGP_UPDATE_OPTIONAL, CODEC(as4_aggregator) },
	[ATTR_PMSI_TUNNEL] = { ROW("PMSI_TUNNEL", OPT_TRANSITIVE, UPD_WITHDRAW),
	    .subcode = BGP_UPDATE_OPTIONAL, .partial = PARTIAL_PMSI, CODEC(pmsi) },
	/* RFC 7606 7.15; nothing here reads them. */
	[ATTR_IPV6_EXT_COMMUNITIES] = { ROW("IPV6_EXTENDED_COMMUNITIES", OPT_TRANSITIVE, UPD_WITHDRAW),
	    MULTIPLE(20) },
	/* RFC 8092 6 */
	[ATTR_LARGE_COMMUNITIES] = { ROW("LARGE_COMMUNITIES", OPT_TRANSITIVE, UPD_WITHDRAW),
	    MULTIPLE(12), .partial = PARTIAL_LCOMMS, CODEC(lcomms) },
};
/* clang-format on */

static const struct attr_row *
attr_row(uint8_t code)
{
	return code < ATTR_ROWS && attr_rows[code].name ? &attr_rows[code] : NULL;
}

const char *
attr_name(uint8_t code)
{
	const struct attr_row *row = attr_row(code);

	return row ? row->name : "unknown";
}

void
attr_fault(struct upd_fault *f, enum upd_verdict v, uint8_t subcode, uint8_t attr,
    const char *why, const uint8_t *data, size_t datalen)
{
	if (v == UPD_ATTR_DISCARD)
		f->discarded++;
	/* RFC 7606 3h: the strongest action, and of equal ones the first. */
	if (v <= f->verdict)
		return;
	f->verdict = v;
	f->code = BGP_ERR_UPDATE;
	f->subcode = subcode;
	f->attr = attr;
	f->why = why;
	f->data = data;
	f->datalen = (uint16_t)datalen;
}

/* An attribute as framed. */
struct tlv {
	uint8_t flags, code;
	const uint8_t *start; /* of the whole */
	size_t len;	      /* of the whole */
	struct rbuf value;
};

static bool
tlv_read(struct rbuf *r, struct tlv *t)
{
	t->start = r->pos;
	t->flags = rb_u8(r);
	t->code = rb_u8(r);
	t->value = rb_sub(r, t->flags & ATTR_EXTENDED ? rb_u16(r) : rb_u8(r));
	t->len = (size_t)(t->value.end - t->start);
	return !t->value.failed;
}

/* Appends the whole attribute to the ones that are passed on unread. */
static void
keep(struct attr_reader *d, const struct tlv *t, uint8_t set_flags, size_t room)
{
	struct attrs *a = d->a;
	uint8_t *to;

	if (!a->unknown)
		a->unknown = arena_alloc(d->arena, t->len + room);
	to = (uint8_t *)a->unknown + a->unknown_len;
	memcpy(to, t->start, t->len);
	to[0] |= set_flags;
	a->unknown_len = (uint16_t)(a->unknown_len + t->len);
}

static void
unknown(struct attr_reader *d, const struct tlv *t, size_t room)
{
	/* RFC 4271 6.3: an unrecognised well-known attribute ends the session; RFC 7606 leaves
	 * that as it is. */
	if (!(t->flags & ATTR_OPTIONAL))
		attr_fault(d->fault, UPD_RESET, BGP_UPDATE_UNKNOWN_WELL_KNOWN, t->code,
		    "unrecognised well-known attribute", t->start, t->len);
	else if (t->flags &
		 ATTR_TRANSITIVE) /* RFC 4271 5: passed on with the Partial bit */
		keep(d, t, ATTR_PARTIAL, room);
	/* RFC 4271 5: unrecognised non-transitive ones are quietly ignored. */
}

static bool
length_ok(const struct attr_row *row, size_t n)
{
	switch (row->rule) {
	case LEN_EXACT:
		return n == row->len;
	case LEN_MULTIPLE: /* RFC 7606 7.8, 7.10, 7.14: an empty list is malformed too */
		return n > 0 && n % row->len == 0;
	default:
		return true;
	}
}

/* RFC 7606 3c: treat-as-withdraw; but an MP attribute with wrong flags is malformed as a whole (5.3). */
static enum upd_verdict
flags_verdict(const struct attr_row *row)
{
	return row->bad == UPD_RESET ? UPD_RESET : UPD_WITHDRAW;
}

static void
known(struct attr_reader *d, const struct attr_row *row, struct tlv *t, size_t room)
{
	const char *why;

	if (row->ibgp_only && !d->ctx->ibgp) {
		attr_fault(d->fault, UPD_ATTR_DISCARD, 0, t->code,
		    "attribute of internal sessions from an external peer", t->start,
		    t->len);
		return;
	}
	if ((t->flags & (ATTR_OPTIONAL | ATTR_TRANSITIVE)) != row->flags) {
		attr_fault(d->fault, flags_verdict(row), BGP_UPDATE_FLAGS, t->code,
		    "wrong flags", t->start, t->len);
		return;
	}
	if (!length_ok(row, rb_left(&t->value))) {
		attr_fault(d->fault, row->bad, BGP_UPDATE_LENGTH, t->code, "wrong length",
		    t->start, t->len);
		return;
	}
	if (!row->decode) {
		keep(d, t, 0, room);
		return;
	}
	d->subcode = row->subcode;
	d->bad = row->bad;
	why = row->decode(d, &t->value);
	if (why)
		attr_fault(d->fault, d->bad, d->subcode, t->code, why, t->start, t->len);
	else if (rb_left(&t->value) > 0)
		keep(d, t, 0, room); /* the decoder wants it whole */
	else if (t->flags & ATTR_PARTIAL)
		d->a->has |= row->partial;
}

/* True if the attribute was there before. */
static bool
seen_before(struct attr_reader *d, uint8_t code)
{
	uint64_t bit = UINT64_C(1) << (code & 63), *word = &d->seen[code >> 6];
	bool before = *word & bit;

	*word |= bit;
	return before;
}

static void
repeated(struct attr_reader *d, const struct tlv *t)
{
	/* RFC 7606 3g: twice an MP attribute ends the session, of others the first one counts. */
	if (t->code == ATTR_MP_REACH || t->code == ATTR_MP_UNREACH)
		attr_fault(d->fault, UPD_RESET, BGP_UPDATE_ATTR_LIST, t->code,
		    "more than one MP_REACH_NLRI or MP_UNREACH_NLRI", NULL, 0);
	else
		attr_fault(d->fault, UPD_ATTR_DISCARD, BGP_UPDATE_ATTR_LIST, t->code,
		    "attribute appears twice", t->start, t->len);
}

/* The frame is lost.  RFC 7606 4: the NLRI field behind the attributes is not, so what it announces is
 * withdrawn; but what an MP attribute would have said nobody knows (5.3), and this one or
 * what is behind it may have announced something (5.2). */
static void
overrun(struct attr_reader *d, const struct tlv *t)
{
	bool mp = t->code == ATTR_MP_REACH || t->code == ATTR_MP_UNREACH;

	attr_fault(d->fault, mp ? UPD_RESET : UPD_WITHDRAW, BGP_UPDATE_ATTR_LIST, t->code,
	    "attribute runs past the attribute field", NULL, 0);
	seen_before(d, t->code);
}

bool
attr_decode(struct rbuf *r, const struct attr_ctx *ctx, struct arena *arena,
    struct attrs *a, struct mp_nlri *reach, struct mp_nlri *unreach,
    struct upd_fault *fault)
{
	struct attr_reader d = { .ctx = ctx,
		.arena = arena,
		.a = a,
		.reach = reach,
		.unreach = unreach,
		.fault = fault };

	memset(a, 0, sizeof *a);
	memset(reach, 0, sizeof *reach);
	memset(unreach, 0, sizeof *unreach);
	memset(fault, 0, sizeof *fault);
	while (rb_left(r) > 0) {
		const struct attr_row *row;
		struct tlv t;

		if (!tlv_read(r, &t)) {
			overrun(&d, &t);
			break;
		}
		row = attr_row(t.code);
		if (seen_before(&d, t.code))
			repeated(&d, &t);
		else if (row)
			known(&d, row, &t, rb_left(r));
		else
			unknown(&d, &t, rb_left(r));
	}
	attr_finish_as4(&d);
	d.seen[0] &= ~(UINT64_C(1) << ATTR_MP_UNREACH);
	return d.seen[0] | d.seen[1] | d.seen[2] | d.seen[3];
}
