/* SPDX-License-Identifier: ISC */
/* UPDATE taken apart: the three fields, what RFC 7606 says of their combination. */
#include "config.h"

#include "bgpd/update.h"

#include <string.h>

#include "bgpd/attr_table.h"
#include "lib/util.h"

const char *
update_verdict_name(enum upd_verdict v)
{
	static const char *const names[] = {
		[UPD_OK] = "ok",
		[UPD_ATTR_DISCARD] = "attribute-discard",
		[UPD_WITHDRAW] = "treat-as-withdraw",
		[UPD_AFI_DISABLE] = "afi-disable",
		[UPD_RESET] = "session-reset",
	};

	return (size_t)v < ARRAY_LEN(names) ? names[v] : "unknown";
}

static void
add_field(struct update_field *fields, uint8_t *n, uint16_t afi, uint8_t safi,
    struct ip nexthop, struct rbuf nlri)
{
	fields[*n] =
	    (struct update_field){ afi_find(afi, safi), afi, safi, nexthop, nlri };
	(*n)++;
}

/* RFC 7606 5.3: is the field of an MP attribute syntactically correct? */
static void
check_mp(
    struct update *u, const struct attr_ctx *ctx, const struct mp_nlri *m, uint8_t attr)
{
	const struct afi_safi *f = m->present ? attr_family(ctx, m->afi, m->safi) : NULL;
	bool worst = u->fault.verdict < UPD_AFI_DISABLE;

	if (!f || f->walk(m->nlri))
		return;
	/* RFC 7606 2, RFC 4760 7: the family can be given up in place of the session. */
	attr_fault(&u->fault, UPD_AFI_DISABLE, BGP_UPDATE_OPTIONAL, attr,
	    "NLRI run past the end of an MP attribute", NULL, 0);
	if (worst) {
		u->fault.afi = m->afi;
		u->fault.safi = m->safi;
	}
}

static void
check_classic(struct update *u, struct rbuf nlri)
{
	if (!afi_table[AFI_SAFI_IPV4].walk(nlri))
		attr_fault(&u->fault, UPD_RESET, BGP_UPDATE_NETWORK, 0,
		    "malformed prefix", NULL, 0);
}

static bool
nexthop_usable(struct ip nh)
{
	/* RFC 4271 6.3: it must be an address that a host can have. */
	return !ip_is_zero(nh) && !ip_is_multicast(nh) &&
	       !(nh.len == 4 && nh.b[0] >= 240);
}

static void
check_nexthop(struct update *u, struct ip nh, uint8_t attr)
{
	if (!nexthop_usable(nh))
		attr_fault(&u->fault, UPD_WITHDRAW, BGP_UPDATE_NEXT_HOP, attr,
		    "next hop is not an address of a host", NULL, 0);
}

static void
missing(struct update *u, uint8_t attr)
{
	static const uint8_t codes[] = { 0, ATTR_ORIGIN, ATTR_AS_PATH, ATTR_NEXT_HOP };

	/* The Data field names the attribute (RFC 4271 6.3), should the fault become a reset. */
	attr_fault(&u->fault, UPD_WITHDRAW, BGP_UPDATE_MISSING, attr,
	    "mandatory attribute is missing", codes + attr, 1);
}

/* RFC 7606 3d: what an announcement must have.  LOCAL_PREF on internal sessions is not asked for:
 * its default will do. */
static void
check_mandatory(struct update *u, bool classic)
{
	const struct attrs *a = &u->attrs;

	if (!(a->has & HAS_ORIGIN))
		missing(u, ATTR_ORIGIN);
	if (!(a->has & HAS_AS_PATH))
		missing(u, ATTR_AS_PATH);
	if (!classic)
		return;
	if (!(a->has & HAS_NEXT_HOP))
		missing(u, ATTR_NEXT_HOP);
	else
		check_nexthop(u, a->nexthop, ATTR_NEXT_HOP);
}

/* RFC 7606 5.2: an error in an UPDATE that has attributes and announces nothing that we could find
 * leaves open what should be withdrawn. */
static void
check_found(struct update *u, bool others)
{
	if (u->nreach == 0 && others && u->fault.verdict == UPD_WITHDRAW) {
		u->fault.verdict = UPD_RESET;
		u->fault.why = "attribute error in an UPDATE without reachable NLRI";
	}
}

/* RFC 4724 2: nothing at all, or nothing but an empty MP_UNREACH_NLRI. */
static void
check_eor(struct update *u, size_t attrlen, const struct mp_nlri *unreach, bool others)
{
	if (u->nreach > 0 || u->nwithdraw > 0 || u->fault.verdict != UPD_OK)
		return;
	if (attrlen == 0) {
		u->eor = true;
		u->eor_afi = AFI_IPV4;
		u->eor_safi = SAFI_UNICAST;
	} else if (unreach->present && !others) {
		u->eor = true;
		u->eor_afi = unreach->afi;
		u->eor_safi = unreach->safi;
	}
}

static bool
split(struct rbuf *body, struct rbuf *withdrawn, struct rbuf *attrs)
{
	*withdrawn = rb_sub(body, rb_u16(body));
	*attrs = rb_sub(body, rb_u16(body));
	return !body->failed;
}

void
update_decode(
    struct rbuf body, const struct attr_ctx *ctx, struct arena *arena, struct update *u)
{
	struct rbuf withdrawn, attrs;
	struct mp_nlri reach, unreach;
	size_t attrlen;
	bool others;

	memset(u, 0, sizeof *u);
	if (!split(&body, &withdrawn, &attrs)) {
		/* RFC 4271 6.3, RFC 7606 3a: the lengths do not fit the message. */
		attr_fault(&u->fault, UPD_RESET, BGP_UPDATE_ATTR_LIST, 0,
		    "lengths in UPDATE go past its end", NULL, 0);
		return;
	}
	attrlen = rb_left(&attrs);
	others = attr_decode(&attrs, ctx, arena, &u->attrs, &reach, &unreach, &u->fault);
	check_classic(u, withdrawn);
	check_classic(u, body);
	check_mp(u, ctx, &reach, ATTR_MP_REACH);
	check_mp(u, ctx, &unreach, ATTR_MP_UNREACH);
	if (rb_left(&withdrawn) > 0)
		add_field(u->withdraw, &u->nwithdraw, AFI_IPV4, SAFI_UNICAST,
		    (struct ip){ 0 }, withdrawn);
	if (unreach.present && rb_left(&unreach.nlri) > 0)
		add_field(u->withdraw, &u->nwithdraw, unreach.afi, unreach.safi,
		    (struct ip){ 0 }, unreach.nlri);
	if (rb_left(&body) > 0)
		add_field(
		    u->reach, &u->nreach, AFI_IPV4, SAFI_UNICAST, u->attrs.nexthop, body);
	if (reach.present && rb_left(&reach.nlri) > 0)
		add_field(u->reach, &u->nreach, reach.afi, reach.safi, reach.nexthop,
		    reach.nlri);
	if (u->nreach > 0)
		check_mandatory(u, rb_left(&body) > 0);
	if (reach.present && u->nreach > 0 && attr_family(ctx, reach.afi, reach.safi))
		check_nexthop(u, reach.nexthop, ATTR_MP_REACH);
	check_found(u, others);
	check_eor(u, attrlen, &unreach, others);
}
