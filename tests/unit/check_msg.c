/* SPDX-License-Identifier: ISC */
/* Framing: every length of every type, and streams cut at every octet. */
#include "config.h"

#include <stddef.h>

#include "bgpd/msg.h"
#include "bgpd/refresh.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static uint8_t mem[MSG_MAX_EXTENDED];

static void
header(unsigned len, uint8_t type)
{
	memset(mem, 0xff, 16);
	mem[16] = (uint8_t)(len >> 8);
	mem[17] = (uint8_t)len;
	mem[18] = type;
}

/* RFC 4271 4.1 to 4.5, RFC 8654 4 */
static bool
legal(uint8_t type, unsigned len, unsigned max)
{
	switch (type) {
	case MSG_OPEN:
		return len >= 29 && len <= 4096;
	case MSG_UPDATE:
		return len >= 23 && len <= max;
	case MSG_NOTIFICATION:
		return len >= 21 && len <= max;
	case MSG_KEEPALIVE:
		return len == 19;
	case MSG_ROUTE_REFRESH:
		return len >= 19 && len <= max;
	default:
		return false;
	}
}

START_TEST(every_length)
{
	const unsigned max = _i ? MSG_MAX_EXTENDED : MSG_MAX;
	struct bgp_fault f;
	struct bgp_msg m;

	for (unsigned type = 0; type < 8; type++) {
		for (unsigned len = 0; len <= 65535; len++) {
			enum msg_result r;

			header(len, (uint8_t)type);
			r = msg_frame(mem, sizeof mem, max, &m, &f);
			if (legal((uint8_t)type, len, max)) {
				must(r == MSG_WHOLE && m.len == len && m.type == type);
				must(rb_left(&m.body) == len - MSG_HEADER_LEN);
				must(msg_frame(mem, len - 1, max, &m, &f) ==
				     MSG_NEED_MORE);
			} else {
				must(r == MSG_FAULT && f.code == BGP_ERR_HEADER);
				must(f.subcode == BGP_HEADER_LENGTH ||
				     f.subcode == BGP_HEADER_TYPE);
			}
		}
	}
}
END_TEST

START_TEST(every_marker_octet)
{
	struct bgp_fault f;
	struct bgp_msg m;

	for (size_t n = 1; n <= MSG_HEADER_LEN; n++) {
		for (size_t i = 0; i < 16 && i < n; i++) {
			header(19, MSG_KEEPALIVE);
			mem[i] = 0xfe;
			must(msg_frame(mem, n, MSG_MAX, &m, &f) == MSG_FAULT);
			must(f.subcode == BGP_HEADER_SYNC && f.datalen == 0);
		}
	}
}
END_TEST

START_TEST(writing)
{
	struct wbuf w = wb_init(mem, 64);
	struct bgp_fault f;
	struct bgp_msg m;
	size_t mark;

	msg_keepalive(&w);
	ck_assert_uint_eq(wb_len(&w), 19);
	ck_assert_int_eq(msg_frame(mem, 19, MSG_MAX, &m, &f), MSG_WHOLE);
	ck_assert_uint_eq(m.type, MSG_KEEPALIVE);
	/* A second one behind the first. */
	refresh_encode(
	    &w, &(struct refresh){ .afi = 25, .safi = 70, .type = REFRESH_BORR });
	ck_assert_uint_eq(wb_len(&w), 19 + 23);
	ck_assert_int_eq(msg_frame(mem + 19, 23, MSG_MAX, &m, &f), MSG_WHOLE);
	ck_assert_uint_eq(m.type, MSG_ROUTE_REFRESH);
	/* No room. */
	w = wb_init(mem, 18);
	mark = msg_begin(&w, MSG_KEEPALIVE);
	msg_end(&w, mark);
	ck_assert(w.failed);
}
END_TEST

START_TEST(longer_than_any_message)
{
	static uint8_t big[MSG_MAX_EXTENDED + 2];
	struct wbuf w = wb_init(big, sizeof big);
	size_t mark = msg_begin(&w, MSG_UPDATE);

	wb_put(&w, MSG_MAX_EXTENDED + 1 - MSG_HEADER_LEN);
	ck_assert(!w.failed);
	msg_end(&w, mark);
	ck_assert(w.failed);
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(msg_type_name(MSG_OPEN), "OPEN");
	ck_assert_str_eq(msg_type_name(MSG_ROUTE_REFRESH), "ROUTE-REFRESH");
	ck_assert_str_eq(msg_type_name(0), "Unknown");
	ck_assert_str_eq(msg_type_name(6), "Unknown");
}
END_TEST

int
main(void)
{
	return run_tests("msg",
	    (const struct unit_test[]){ { every_length, 2, 0 },
		{ every_marker_octet, 0, 0 }, { writing, 0, 0 },
		{ longer_than_any_message, 0, 0 }, { names, 0, 0 }, { NULL, 0, 0 } });
}
