/* SPDX-License-Identifier: ISC */
/* The attribute table as a whole: every attribute under every flag and length.  Values have vectors. */
#include "config.h"

#include <stddef.h>

#include "bgpd/attr.h"
#include "bgpd/attr_table.h"
#include "tests/unit/run.h"

static struct upd_fault fault;

/* One attribute of `code` with `len` octets of 1. */
static bool
decode_one(uint8_t flags, uint8_t code, size_t len, bool ibgp)
{
	const struct attr_ctx ctx = { .as4 = true, .ibgp = ibgp };
	struct mp_nlri reach, unreach;
	uint8_t mem[300];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct arena arena;
	struct attrs a;
	struct rbuf r;
	bool others;

	wb_u8(&w, flags);
	wb_u8(&w, code);
	wb_u8(&w, (uint8_t)len);
	memset(wb_put(&w, len), 1, len);
	r = rb_init(mem, wb_len(&w));
	arena_init(&arena);
	others = attr_decode(&r, &ctx, &arena, &a, &reach, &unreach, &fault);
	arena_fini(&arena);
	return others;
}

/* RFC 7606 3c, 5.3: wrong Optional or Transitive bits. */
START_TEST(every_flag)
{
	const struct attr_row *row = &attr_rows[_i];

	if (!row->name)
		return;
	for (unsigned flags = 0; flags < 256; flags += 0x20) {
		bool wrong =
		    ((flags ^ row->flags) & (ATTR_OPTIONAL | ATTR_TRANSITIVE)) != 0;

		decode_one((uint8_t)flags, (uint8_t)_i, 4, true);
		ck_assert((fault.subcode == BGP_UPDATE_FLAGS) == wrong);
		if (!wrong)
			continue;
		ck_assert_int_eq(fault.verdict,
		    _i == ATTR_MP_REACH || _i == ATTR_MP_UNREACH ? UPD_RESET
								 : UPD_WITHDRAW);
		ck_assert_uint_eq(fault.attr, _i);
		ck_assert_uint_eq(fault.datalen, 7);
	}
}
END_TEST

/* RFC 7606 7: the lengths that each attribute may have. */
START_TEST(every_length)
{
	const struct attr_row *row = &attr_rows[_i];

	if (!row->name || row->rule == LEN_ANY)
		return;
	for (size_t len = 0; len < 256; len++) {
		bool right = row->rule == LEN_EXACT ? len == row->len
						    : len > 0 && len % row->len == 0;

		decode_one(row->flags, (uint8_t)_i, len, true);
		ck_assert((fault.subcode == BGP_UPDATE_LENGTH &&
			      fault.verdict >= UPD_WITHDRAW) ==
			  (!right && row->bad != UPD_ATTR_DISCARD));
		if (!right)
			ck_assert_int_eq(fault.verdict, row->bad);
	}
}
END_TEST

/* RFC 7606 7.5, 7.9, 7.10 */
START_TEST(internal_only)
{
	static const uint8_t codes[] = { ATTR_LOCAL_PREF, ATTR_ORIGINATOR_ID,
		ATTR_CLUSTER_LIST };

	for (size_t i = 0; i < sizeof codes; i++) {
		for (size_t len = 0; len < 9; len++) {
			decode_one(attr_rows[codes[i]].flags, codes[i], len, false);
			ck_assert_int_eq(fault.verdict, UPD_ATTR_DISCARD);
			ck_assert_uint_eq(fault.discarded, 1);
		}
	}
}
END_TEST

START_TEST(others_than_mp_unreach)
{
	ck_assert(!decode_one(0x80, ATTR_MP_UNREACH, 3, true));
	ck_assert(decode_one(0x40, ATTR_ORIGIN, 1, true));
	ck_assert(decode_one(0xc0, 200, 1, true));
	ck_assert(
	    decode_one(0x80, 79, 1, true)); /* 79 = 64 + 15: another word of the bits */
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(attr_name(ATTR_MP_REACH), "MP_REACH_NLRI");
	ck_assert_str_eq(attr_name(0), "unknown");
	ck_assert_str_eq(attr_name(11), "unknown");
	ck_assert_str_eq(attr_name(255), "unknown");
}
END_TEST

/* A set that needs every length octet: a list of the longest that 16 bits count. */
START_TEST(encode_bounds)
{
	static const uint8_t path[2 + 255 * 4] = { AS_SEQUENCE, 255 };
	const struct attr_ctx ctx = { .as4 = true, .ibgp = true };
	struct attrs a = { .has = HAS_AS_PATH, .aspath = path };
	uint8_t mem[2048];

	for (unsigned room = 0; room < 4 + 6; room++) {
		struct wbuf w = wb_init(mem, room);

		a.aspath_len = 0;
		attr_encode(&w, &a, &ctx);
		ck_assert(w.failed == (room < 3));
	}
	for (unsigned room = 1000; room < 1040; room++) {
		struct wbuf w = wb_init(mem, room);

		a.aspath_len = sizeof path;
		attr_encode(&w, &a, &ctx);
		ck_assert(w.failed == (room < 4 + sizeof path));
	}
}
END_TEST

int
main(void)
{
	return run_tests(
	    "attr", (const struct unit_test[]){ { every_flag, ATTR_ROWS, 0 },
			{ every_length, ATTR_ROWS, 0 }, { internal_only, 0, 0 },
			{ others_than_mp_unreach, 0, 0 }, { names, 0, 0 },
			{ encode_bounds, 0, 0 }, { NULL, 0, 0 } });
}
