/* SPDX-License-Identifier: ISC */
/* Keys of EVPN routes: what is in them and what is not; families by table. */
#include "config.h"

#include <stddef.h>

#include "bgpd/afi.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static const struct esi esi1 = { { 3, 0x44, 0x38, 0x39, 0xff, 0xff, 1, 0, 0, 1 } };
static const struct mac mac1 = { { 2, 0, 0, 0, 0, 1 } };

static struct evpn_nlri
sample(uint8_t type)
{
	struct evpn_nlri n = { .type = type,
		.rd = rd_from_ip(0x0a000001, 5),
		.tag = 7,
		.esi = esi1,
		.nlabels = type == EVPN_IMET || type == EVPN_ES ? 0 : 1 };

	if (type == EVPN_MACIP)
		n.mac = mac1;
	if (type == EVPN_PREFIX)
		n.plen = 24;
	if (type == EVPN_ES)
		n.tag = 0;
	if (type == EVPN_IMET)
		n.esi = (struct esi){ { 0 } };
	if (type != EVPN_EAD)
		n.ip = ip_v4(0xc0a80100);
	return n;
}

static bool
same_key(const struct evpn_nlri *a, const struct evpn_nlri *b)
{
	struct rib_key ka, kb;

	evpn_nlri_key(a, &ka);
	evpn_nlri_key(b, &kb);
	return rib_key_cmp(&ka, &kb) == 0;
}

/* RFC 7432 7.1 to 7.4, RFC 9136 3.1: which fields name the route. */
enum field { RD, TAG, ESI, MAC, IP, PLEN, GW, LABEL, NLABELS, FIELDS };
static const uint8_t in_key[][FIELDS] = {
	[EVPN_EAD] = { [RD] = 1, [TAG] = 1, [ESI] = 1 },
	[EVPN_MACIP] = { [RD] = 1, [TAG] = 1, [MAC] = 1, [IP] = 1 },
	[EVPN_IMET] = { [RD] = 1, [TAG] = 1, [IP] = 1 },
	[EVPN_ES] = { [RD] = 1, [ESI] = 1, [IP] = 1 },
	[EVPN_PREFIX] = { [RD] = 1, [TAG] = 1, [IP] = 1, [PLEN] = 1 },
};

static void
change(struct evpn_nlri *n, enum field f)
{
	switch (f) {
	case RD:
		n->rd.b[7]++;
		break;
	case TAG:
		n->tag++;
		break;
	case ESI:
		n->esi.b[9]++;
		break;
	case MAC:
		n->mac.b[5]++;
		break;
	case IP:
		n->ip.b[2]++;
		break;
	case PLEN:
		n->plen++;
		break;
	case GW:
		n->gw = ip_v4(1);
		break;
	case LABEL:
		n->label[0]++;
		break;
	default:
		n->nlabels = 2;
		n->label[1] = 5000;
	}
}

START_TEST(key_is_the_rfcs)
{
	struct evpn_nlri a = sample((uint8_t)_i), b;

	if (_i < EVPN_EAD)
		return;
	for (unsigned f = 0; f < FIELDS; f++) {
		b = a;
		change(&b, f);
		ck_assert_msg(
		    same_key(&a, &b) == !in_key[_i][f], "type %d field %u", _i, f);
	}
	b = sample((uint8_t)(_i % EVPN_PREFIX + 1));
	ck_assert(!same_key(&a, &b));
}
END_TEST

START_TEST(key_and_back)
{
	struct evpn_nlri a = sample((uint8_t)_i), b;
	struct rib_key k, again;
	char text[2][EVPN_NLRI_STRLEN];

	if (_i < EVPN_EAD)
		return;
	evpn_nlri_key(&a, &k);
	ck_assert_uint_eq(k.head.len, RIB_HEAD_MAX);
	ck_assert_uint_eq(k.tail[0], _i);
	evpn_nlri_from_key(&k.head, k.tail, k.len, &b);
	evpn_nlri_key(&b, &again);
	ck_assert_int_eq(rib_key_cmp(&k, &again), 0);
	ck_assert_str_eq(evpn_nlri_format(&a, text[0]), evpn_nlri_format(&b, text[1]));
	/* What is no part of the key comes back as nothing. */
	ck_assert_uint_eq(b.label[0], 0);
	ck_assert_uint_eq(b.gw.len, 0);
	if (!in_key[_i][ESI])
		ck_assert(esi_is_zero(b.esi));
}
END_TEST

START_TEST(key_with_ipv6_and_without_ip)
{
	struct evpn_nlri a = sample(EVPN_MACIP), b = a, c = a;

	b.ip = ip_v6((const uint8_t[16]){ 0xc0, 0xa8, 1, 0 });
	c.ip = (struct ip){ 0 };
	ck_assert(!same_key(&a, &b) && !same_key(&a, &c) && !same_key(&b, &c));
}
END_TEST

START_TEST(opaque_keys)
{
	static const uint8_t body[RIB_TAIL_MAX] = { 1, 2, 3 };
	struct evpn_nlri a = { .type = 7, .raw = body, .rawlen = 3 }, b = a, out;
	struct rib_key k;

	b.type = 8;
	ck_assert(!same_key(&a, &b));
	b = a;
	b.rawlen = 4;
	ck_assert(!same_key(&a, &b));
	a.rawlen = RIB_TAIL_MAX - 1;
	evpn_nlri_key(&a, &k);
	ck_assert_uint_eq(k.len, RIB_TAIL_MAX);
	ck_assert_uint_eq(k.head.len, 0);
	evpn_nlri_from_key(&k.head, k.tail, k.len, &out);
	ck_assert(out.type == 7 && out.rawlen == a.rawlen);
	ck_assert_mem_eq(out.raw, body, out.rawlen);
}
END_TEST

START_TEST(families)
{
	for (size_t i = 0; i < AFI_SAFI_COUNT; i++) {
		const struct afi_safi *f = &afi_table[i];

		ck_assert_ptr_eq(afi_find(f->afi, f->safi), f);
		ck_assert(f->name && f->json && f->cli && f->nh_lens);
	}
	ck_assert_ptr_eq(afi_evpn(), afi_find(25, 70));
	ck_assert_str_eq(afi_evpn()->json, "l2VpnEvpn");
	ck_assert_ptr_null(afi_find(25, 65));
	ck_assert_ptr_null(afi_find(1, 128));
}
END_TEST

/* The labels and ESI of a path come out in the NLRI; a withdrawal has zeros. */
START_TEST(path_parts)
{
	struct evpn_nlri a = sample(EVPN_MACIP);
	struct rib_path p = { .flags = PATH_LABEL1 | PATH_LABEL2,
		.label1 = { 0, 0, 100 },
		.label2 = { 0, 0x13, 0x88 } };
	struct path_aux aux = { .esi = esi1 };
	struct afi_nlri out;
	struct rib_key k;
	uint8_t mem[64];

	evpn_nlri_key(&a, &k);
	for (unsigned withdraw = 0; withdraw < 2; withdraw++) {
		struct wbuf w = wb_init(mem, sizeof mem);
		struct rbuf r;

		afi_encode(
		    afi_evpn(), &w, &k, withdraw ? NULL : &p, withdraw ? NULL : &aux);
		r = rb_init(mem, wb_len(&w));
		ck_assert_int_eq(afi_evpn()->decode(&r, &out), NLRI_OK);
		ck_assert_int_eq(rib_key_cmp(&k, &out.key), 0);
		ck_assert_uint_eq(out.nlabels, withdraw ? 1 : 2);
		ck_assert_uint_eq(out.label[0], withdraw ? 0 : 100);
		ck_assert_uint_eq(out.label[1], withdraw ? 0 : 5000);
		ck_assert(esi_equal(out.aux.esi, esi1) == !withdraw);
	}
}
END_TEST

/* Whole or not at all. */
START_TEST(encode_without_room)
{
	struct evpn_nlri a = sample(EVPN_MACIP);
	struct rib_key k;
	uint8_t mem[64];

	evpn_nlri_key(&a, &k);
	for (size_t room = 0; room <= 2 + 37; room++) {
		struct wbuf w = wb_init(mem, room), v = wb_init(mem, room);

		afi_encode(afi_evpn(), &w, &k, NULL, NULL);
		evpn_nlri_encode(&v, &a);
		ck_assert(w.failed == (room < 2 + 37));
		ck_assert(v.failed == (room < 2 + 37));
	}
}
END_TEST

START_TEST(order)
{
	struct rib_key a = { .len = 2, .tail = { 2, 1 } }, b = a, c = a, d = a;

	b.tail[1] = 2;
	c.len = 3;
	d.head.len = RIB_HEAD_MAX;
	ck_assert_int_lt(rib_key_cmp(&a, &b), 0);
	ck_assert_int_gt(rib_key_cmp(&b, &a), 0);
	ck_assert_int_lt(rib_key_cmp(&a, &c), 0);
	ck_assert_int_lt(rib_key_cmp(&b, &d), 0);
	ck_assert_int_eq(rib_key_cmp(&a, &a), 0);
}
END_TEST

int
main(void)
{
	return run_tests(
	    "nlri", (const struct unit_test[]){ { key_is_the_rfcs, EVPN_PREFIX + 1, 0 },
			{ key_and_back, EVPN_PREFIX + 1, 0 },
			{ key_with_ipv6_and_without_ip, 0, 0 }, { opaque_keys, 0, 0 },
			{ families, 0, 0 }, { path_parts, 0, 0 },
			{ encode_without_room, 0, 0 }, { order, 0, 0 }, { NULL, 0, 0 } });
}
